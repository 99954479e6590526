//! The requests to the object store that a replay of one hour costs.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use bytes::Bytes;
use futures::stream::BoxStream;
use object_store::memory::InMemory;
use object_store::path::Path;
use object_store::{
    CopyOptions, GetOptions, GetResult, ListResult, MultipartUpload, ObjectMeta, ObjectStore,
    PutMultipartOptions, PutOptions, PutPayload, PutResult, Result,
};

use crow_storage::Store;
use crow_storage::archive::ArchiveWriter;
use crow_storage::pack::{Line, LineKind};
use crow_types::{ChunkRecord, OrganizationId};

use super::fixture::{World, session};
use crate::ask::replay::GetReplay;
use crate::ask::values::Name;
use crate::use_cases::UseCases;

/// A memory store that counts reads.
#[derive(Debug, Default)]
struct Counting {
    memory: InMemory,
    reads: AtomicUsize,
}

impl fmt::Display for Counting {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("counting memory")
    }
}

#[async_trait::async_trait]
impl ObjectStore for Counting {
    async fn put_opts(&self, at: &Path, bytes: PutPayload, how: PutOptions) -> Result<PutResult> {
        self.memory.put_opts(at, bytes, how).await
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
            self.reads.fetch_add(1, Ordering::Relaxed);
        }
        self.memory.get_opts(at, how).await
    }

    fn delete_stream(
        &self,
        paths: BoxStream<'static, Result<Path>>,
    ) -> BoxStream<'static, Result<Path>> {
        self.memory.delete_stream(paths)
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

const KEY: &str = "sessions/acme/a";

/// One visitor's recording, repeated for an hour.
fn hour() -> Vec<Line> {
    let events = crow_testkit::recording::rrweb_recording();
    let first = events[0]["timestamp"].as_i64().unwrap();
    let length = events[events.len() - 1]["timestamp"].as_i64().unwrap() - first + 1_000;
    let rounds = 3_600_000 / length;
    let line_of = |round: i64, event: &serde_json::Value| {
        let mut event = event.clone();
        let at = event["timestamp"].as_i64().unwrap() + round * length;
        event["timestamp"] = at.into();
        Line {
            window: "w".to_owned(),
            kind: LineKind::Replay,
            seq: Some(0),
            index: 0,
            at,
            data: Bytes::from(event.to_string()),
        }
    };
    let round = |round| events.iter().map(move |event| line_of(round, event));
    (0..rounds).flat_map(round).collect()
}

async fn archived(store: &Store, lines: &[Line]) -> Vec<ChunkRecord> {
    let mut writer = ArchiveWriter::new(KEY.to_owned(), None).unwrap();
    for line in lines {
        writer.add(line).unwrap();
    }
    let (object, frames) = writer.finish().unwrap();
    store.put(KEY, object).await.unwrap();
    let count = i64::try_from(frames.len()).unwrap();
    let rows = (-count..0)
        .zip(frames)
        .map(|(chunk_index, frame)| ChunkRecord {
            id: format!("a{chunk_index}"),
            session_id: "a".to_owned(),
            chunk_index,
            r2_key: KEY.to_owned(),
            byte_offset: i64::try_from(frame.extent.offset).unwrap(),
            byte_length: i64::try_from(frame.extent.length).unwrap(),
            window_id: frame.window,
            event_count: i64::try_from(frame.lines).unwrap(),
            replay_event_count: i64::try_from(frame.replay_lines).unwrap(),
            size_bytes: i64::try_from(frame.extent.raw).unwrap(),
            first_at: frame.first_at,
            last_at: frame.last_at,
            has_full_snapshot: frame.has_full_snapshot,
            event_ids: Vec::new(),
            created_at: 0,
        });
    rows.collect()
}

#[actix_web::test]
async fn an_hour_is_played_with_four_reads_and_begins_with_one() {
    let world = World::new().await;
    let counting = Arc::new(Counting::default());
    let store = Store::with(Arc::clone(&counting) as Arc<dyn ObjectStore>);
    let lines = hour();
    let rows = archived(&store, &lines).await;
    world.add(vec![session("acme", "a", 1)], vec![], rows).await;
    let use_cases = UseCases::new(
        world.db.clone(),
        store,
        World::keyring(&world.db),
        world.api.use_cases.scheduler.clone(),
        World::bus().await,
    );
    let organization = OrganizationId::new("acme").unwrap();
    let whole = GetReplay {
        session: Name("a".to_owned()),
        format: None,
        from: None,
        to: None,
    };
    let reads = || counting.reads.load(Ordering::Relaxed);

    let mut found = use_cases.replay(&organization, &whole).await.unwrap();
    assert!(found.replay.next().await.unwrap().is_some());
    let of_first = reads();
    let mut played = 1;
    while found.replay.next().await.unwrap().is_some() {
        played += 1;
    }
    assert_eq!(played, lines.len());
    let raw: usize = lines.iter().map(|line| line.data.len()).sum();
    println!(
        "an hour of {raw} bytes: {of_first} reads to the first line, {} for all",
        reads()
    );
    assert!((1..=2).contains(&of_first), "{of_first} reads to begin");
    assert!(reads() <= 4, "{} reads for an hour", reads());
}
