//! What outlives every process of a run: streams, rows, objects, and the clock.

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::sync::{Arc, Mutex};

use object_store::memory::InMemory;

use crow_bus::interactions::{InteractionMessage, Named};
use crow_db::{DatabaseConfig, Db, installation};
use crow_keyring::{Keyring, KeyringConfig, new_master_key};
use crow_session_core::Config;
use crow_storage::{Seal, Store};
use crow_types::{EndReason, Partition, Sequence, SessionRecord, Timestamp};
use tempfile::TempDir;

use super::store::{GatedStore, Written};
use super::tasks::Killer;
use super::traffic::{PARTITIONS, Stored, Stream};

/// When a run begins: a time in the past.
const BEGIN: i64 = 1_700_000_000_000;

/// Cloning gives the same.
#[derive(Clone)]
pub(super) struct Shared {
    pub(super) db: Db,
    pub(super) keyring: Keyring,
    pub(super) memory: Arc<InMemory>,
    pub(super) killer: Killer,
    pub(super) config: Config,
    written: Arc<Mutex<Written>>,
    state: Arc<State>,
}

struct State {
    now: AtomicI64,
    streams: Mutex<Vec<Stream>>,
    checkpoints: Mutex<Vec<Sequence>>,
    commits: AtomicU64,
    merges: AtomicU64,
    letters: Mutex<BTreeSet<(Partition, Sequence)>>,
    /// What waits for a consumer, with the completion ids.
    announced: Mutex<Vec<(String, Named)>>,
    _folder: TempDir,
}

impl Shared {
    /// Keepers that flush at every step, and cache only two sessions.
    pub(super) async fn restless() -> Self {
        Self::new(Config {
            max_cached_sessions: 2,
            flush_bytes: 2_000,
            ..Config::default()
        })
        .await
    }

    pub(super) async fn new(core: Config) -> Self {
        let folder = folder();
        let config = DatabaseConfig {
            url: format!("sqlite://{}/crow.db", folder.path().display()).into(),
            max_connections: 2,
            ..DatabaseConfig::default()
        };
        let killer = Killer::default();
        let count = Some(PARTITIONS);
        let db = Db::connect(&config).await.unwrap();
        installation::ensure(&db, count).await.unwrap();
        let keyring = KeyringConfig {
            master_key: new_master_key().into(),
            ..KeyringConfig::default()
        };
        let keyring = Keyring::open(&db, &keyring, Seal::On).unwrap();
        let watch = killer.clone();
        let partitions = usize::from(PARTITIONS);
        Self {
            db: db.observed(move || watch.on_statement()),
            keyring,
            memory: Arc::default(),
            killer,
            config: core,
            written: Arc::default(),
            state: Arc::new(State {
                now: AtomicI64::new(BEGIN),
                streams: Mutex::new((0..partitions).map(|_id| Stream::default()).collect()),
                checkpoints: Mutex::new(vec![Sequence(0); partitions]),
                commits: AtomicU64::default(),
                merges: AtomicU64::default(),
                letters: Mutex::default(),
                announced: Mutex::default(),
                _folder: folder,
            }),
        }
    }

    pub(super) fn now(&self) -> Timestamp {
        Timestamp(self.state.now.load(Ordering::Relaxed))
    }

    pub(super) fn wait(&self, ms: i64) {
        self.state.now.fetch_add(ms, Ordering::Relaxed);
    }

    /// The store as tasks see it.
    pub(super) fn store(&self) -> Store {
        Store::with(Arc::new(GatedStore {
            memory: Arc::clone(&self.memory),
            written: Arc::clone(&self.written),
        }))
    }

    pub(super) fn with_streams<T>(&self, change: impl FnOnce(&mut Vec<Stream>) -> T) -> T {
        change(&mut self.state.streams.lock().unwrap())
    }

    pub(super) fn last(&self, partition: Partition) -> Sequence {
        self.state.streams.lock().unwrap()[usize::from(partition.0)].last()
    }

    /// The oldest message that is not purged.
    pub(super) fn first(&self, partition: Partition) -> Sequence {
        self.state.streams.lock().unwrap()[usize::from(partition.0)].first()
    }

    pub(super) fn checkpoint(&self, partition: Partition) -> Sequence {
        self.state.checkpoints.lock().unwrap()[usize::from(partition.0)]
    }

    /// Commits until now.
    pub(super) fn commits(&self) -> u64 {
        self.state.commits.load(Ordering::Relaxed)
    }

    /// Chunks of open sessions were merged.
    pub(super) fn merged(&self) {
        self.state.merges.fetch_add(1, Ordering::Relaxed);
    }

    /// Merges until now.
    pub(super) fn merges(&self) -> u64 {
        self.state.merges.load(Ordering::Relaxed)
    }

    /// A message is in the dead letters.
    pub(super) fn keep_letter(&self, partition: Partition, sequence: Sequence) {
        self.state
            .letters
            .lock()
            .unwrap()
            .insert((partition, sequence));
    }

    pub(super) fn letters(&self) -> BTreeSet<(Partition, Sequence)> {
        self.state.letters.lock().unwrap().clone()
    }

    pub(super) fn read(&self, partition: Partition, sequence: Sequence) -> Option<Stored> {
        let streams = self.state.streams.lock().unwrap();
        streams[usize::from(partition.0)].read(sequence).cloned()
    }

    /// # Panics
    /// When something is purged that is not committed.
    pub(super) fn purge_through(&self, partition: Partition, sequence: Sequence) {
        let committed = self.checkpoint(partition);
        assert!(
            sequence <= committed,
            "purging {sequence:?}, committed is {committed:?}"
        );
        self.state.streams.lock().unwrap()[usize::from(partition.0)].purge_through(sequence);
    }

    /// A checkpoint is in SQL.
    ///
    /// # Panics
    /// When it went back.
    pub(super) fn committed(&self, partition: Partition, checkpoint: Sequence) {
        self.state.commits.fetch_add(1, Ordering::Relaxed);
        let last = &mut self.state.checkpoints.lock().unwrap()[usize::from(partition.0)];
        assert!(
            checkpoint >= *last,
            "the checkpoint of {partition} went back"
        );
        *last = checkpoint;
    }

    /// A session does not end while its events wait in the stream. Late events of an earlier
    /// generation do not reopen it, so only the newest one counts.
    ///
    /// # Panics
    /// When one ends too early.
    pub(super) fn check_ends(&self, sessions: &[SessionRecord], checkpoint: Sequence) {
        let streams = self.state.streams.lock().unwrap();
        for session in sessions {
            let is_newest = |other: &SessionRecord| {
                other.session_id != session.session_id || other.generation <= session.generation
            };
            if session.end_reason != Some(EndReason::Idle) || !sessions.iter().all(is_newest) {
                continue;
            }
            let due = session.last_activity_at + self.config.idle_timeout;
            let stream = &streams[usize::try_from(session.partition).unwrap()];
            let waits = stream.holds_after(checkpoint, &session.session_id, due);
            assert!(!waits, "{} ended while its events wait", session.id);
        }
    }

    /// What stores were asked for.
    pub(super) fn written(&self) -> Written {
        *self.written.lock().unwrap()
    }

    /// An announcement is on the wire.
    pub(super) fn announce(&self, message: InteractionMessage) {
        let named = Named {
            organization_id: message.organization_id,
            source_type: message.source_type,
            session_id: message.session_id,
            timestamp: message.timestamp,
            completion_id: message.completion_id.clone(),
        };
        let mut announced = self.state.announced.lock().unwrap();
        announced.push((message.completion_id, named));
    }

    /// The completion ids.
    pub(super) fn announced(&self) -> Vec<String> {
        let announced = self.state.announced.lock().unwrap();
        announced.iter().map(|(id, _named)| id.clone()).collect()
    }

    pub(super) fn retain_announced(&self, is_kept: impl Fn(&Named) -> bool) {
        let mut announced = self.state.announced.lock().unwrap();
        announced.retain(|(_id, named)| is_kept(named));
    }
}

/// In a memory-backed folder if there is one, because a run is short.
fn folder() -> TempDir {
    tempfile::tempdir_in("/dev/shm")
        .or_else(|_error| tempfile::tempdir())
        .unwrap()
}
