//! The object store of a run: memory, with a gate before each write. The scheduler opens
//! the gates, and decides what fails.

use std::fmt;
use std::future::Future;
use std::sync::{Arc, Mutex};

use futures::stream::BoxStream;
use futures::{StreamExt, TryStreamExt};
use object_store::memory::InMemory;
use object_store::path::Path;
use object_store::{
    CopyOptions, GetOptions, GetResult, ListResult, MultipartUpload, ObjectMeta, ObjectStore,
    PutMultipartOptions, PutOptions, PutPayload, PutResult, Result,
};
use tokio::sync::Notify;
use tokio::task::futures::TaskLocalFuture;

/// What happens to the step behind a gate.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum Fault {
    #[default]
    None,
    /// It fails and has no effect.
    Failed,
    /// It has its effect, and the answer is lost.
    AnswerLost,
}

tokio::task_local! {
    /// The gate of the task that is running.
    static OWN: Gate;
}

/// Where a task waits until the scheduler lets it go on. Cloning gives the same gate.
#[derive(Debug, Clone, Default)]
pub(super) struct Gate(Arc<GateState>);

#[derive(Debug, Default)]
struct GateState {
    parked: Notify,
    open: Notify,
    fault: Mutex<Fault>,
}

impl Gate {
    /// The gate of the task that is running, if one is.
    pub(super) fn of_task() -> Option<Self> {
        OWN.try_with(Clone::clone).ok()
    }

    /// Waits at the gate of the task that is running; returns what is to happen.
    pub(super) async fn pass_own() -> Fault {
        let gate = Self::of_task().expect("only tasks of the simulation come here");
        gate.pass().await
    }

    /// The work with this gate as its own.
    pub(super) fn around<F: Future>(&self, work: F) -> TaskLocalFuture<Self, F> {
        OWN.scope(self.clone(), work)
    }

    /// Waits; returns what is to happen.
    pub(super) async fn pass(&self) -> Fault {
        self.0.parked.notify_one();
        self.0.open.notified().await;
        *self.0.fault.lock().unwrap()
    }

    /// Returns when a task waits.
    pub(super) async fn parked(&self) {
        self.0.parked.notified().await;
    }

    /// Lets the waiting task go on.
    pub(super) fn open(&self, fault: Fault) {
        *self.0.fault.lock().unwrap() = fault;
        self.0.open.notify_one();
    }
}

/// The store. Each write waits at the gate of its task.
#[derive(Debug)]
pub(super) struct GatedStore {
    pub(super) memory: Arc<InMemory>,
    pub(super) written: Arc<Mutex<Written>>,
}

/// What stores were asked for.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Written {
    pub(super) packs: u64,
    pub(super) archives: u64,
    pub(super) archive_bytes: u64,
    /// Not counting the checks after writes.
    pub(super) reads: u64,
}

impl GatedStore {
    fn count_write(&self, at: &Path, bytes: u64) {
        let mut written = self.written.lock().unwrap();
        if at.as_ref().starts_with("packs/") {
            written.packs += 1;
        } else {
            written.archives += 1;
            written.archive_bytes += bytes;
        }
    }
}

impl fmt::Display for GatedStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("gated memory")
    }
}

fn failed() -> object_store::Error {
    object_store::Error::Generic {
        store: "sim",
        source: "a fault of the simulation".into(),
    }
}

#[async_trait::async_trait]
impl ObjectStore for GatedStore {
    async fn put_opts(&self, at: &Path, bytes: PutPayload, how: PutOptions) -> Result<PutResult> {
        let fault = Gate::pass_own().await;
        if fault == Fault::Failed {
            return Err(failed());
        }
        self.count_write(at, bytes.content_length() as u64);
        let outcome = self.memory.put_opts(at, bytes, how).await?;
        if fault == Fault::AnswerLost {
            return Err(failed());
        }
        Ok(outcome)
    }

    async fn put_multipart_opts(
        &self,
        at: &Path,
        how: PutMultipartOptions,
    ) -> Result<Box<dyn MultipartUpload>> {
        self.memory.put_multipart_opts(at, how).await
    }

    async fn get_opts(&self, at: &Path, how: GetOptions) -> Result<GetResult> {
        if !how.head {
            self.written.lock().unwrap().reads += 1;
        }
        self.memory.get_opts(at, how).await
    }

    fn delete_stream(
        &self,
        paths: BoxStream<'static, Result<Path>>,
    ) -> BoxStream<'static, Result<Path>> {
        let memory = Arc::clone(&self.memory);
        let deleted = paths.and_then(move |at| {
            let memory = Arc::clone(&memory);
            async move {
                let fault = Gate::pass_own().await;
                if fault == Fault::Failed {
                    return Err(failed());
                }
                let one = futures::stream::iter([Ok(at.clone())]).boxed();
                memory.delete_stream(one).try_collect::<Vec<_>>().await?;
                if fault == Fault::AnswerLost {
                    return Err(failed());
                }
                Ok(at)
            }
        });
        deleted.boxed()
    }

    fn list(&self, prefix: Option<&Path>) -> BoxStream<'static, Result<ObjectMeta>> {
        self.memory.list(prefix)
    }

    async fn list_with_delimiter(&self, prefix: Option<&Path>) -> Result<ListResult> {
        self.memory.list_with_delimiter(prefix).await
    }

    async fn copy_opts(&self, from: &Path, to: &Path, how: CopyOptions) -> Result<()> {
        self.memory.copy_opts(from, to, how).await
    }
}
