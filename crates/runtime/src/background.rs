//! Threads for work that others must not wait for.

use std::future::Future;
use std::io;

use tokio::runtime::{Builder, Runtime};
use tokio::task::JoinHandle;

/// The niceness of the threads: beside a busy thread of the usual priority, one of them gets a tenth of a
/// core.
const NICENESS: i32 = 10;

/// Threads of low priority, which run tasks. Dropping it stops the tasks where they wait.
///
/// Such a thread may wait for a core for seconds. So a task here must hold nothing that others wait for, such
/// as a transaction that writes.
#[derive(Debug)]
pub struct Background(Option<Runtime>);

impl Background {
    /// At most `most` threads, and at most as many as there are cores.
    ///
    /// # Errors
    /// When the operating system gives no thread.
    pub fn start(name: &str, most: usize) -> io::Result<Self> {
        let cores = std::thread::available_parallelism().map_or(2, usize::from);
        let runtime = Builder::new_multi_thread()
            .worker_threads(most.min(cores))
            .thread_name(name)
            .on_thread_start(step_back)
            .enable_all()
            .build()?;
        Ok(Self(Some(runtime)))
    }

    /// Runs a task. It ends also when nobody awaits it.
    pub fn spawn<T: Send + 'static>(
        &self,
        work: impl Future<Output = T> + Send + 'static,
    ) -> JoinHandle<T> {
        self.runtime().spawn(work)
    }

    /// Runs what may block its thread for long.
    pub fn spawn_blocking<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> JoinHandle<T> {
        self.runtime().spawn_blocking(work)
    }

    fn runtime(&self) -> &Runtime {
        self.0.as_ref().expect("it is there until it is dropped")
    }
}

impl Drop for Background {
    fn drop(&mut self) {
        if let Some(runtime) = self.0.take() {
            runtime.shutdown_background();
        }
    }
}

/// Lowers the priority of this thread. On Linux priority is per thread, and SQLite's threads
/// inherit it from the thread that opens the connection. So do blocking threads, which call this as well.
fn step_back() {
    #[cfg(target_os = "linux")]
    if let Err(error) = rustix::process::setpriority_process(None, NICENESS) {
        tracing::debug!(
            error = crow_types::log_chain(&error),
            "cannot lower the thread priority"
        );
    }
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use rustix::process::getpriority_process;

    use super::*;

    #[tokio::test]
    async fn all_of_its_threads_have_one_priority() {
        let background = Background::start("background", 2).unwrap();
        let work = async { getpriority_process(None) };
        let blocking = background.spawn_blocking(|| getpriority_process(None));
        assert_eq!(background.spawn(work).await.unwrap(), Ok(NICENESS));
        assert_eq!(blocking.await.unwrap(), Ok(NICENESS));
    }
}
