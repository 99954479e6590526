//! The keeper as a whole, on a real nats-server, SQLite and a folder of objects.

use std::path::Path;
use std::thread::JoinHandle;
use std::time::Duration;

use bytes::Bytes;
use tempfile::TempDir;
use tokio_util::sync::CancellationToken;

use crow_bus::publisher::{EncodedMessage, EventPublisher};
use crow_bus::reader::{StreamState, stream_state};
use crow_bus::{Bus, streams};
use crow_db::archive::chunks_of;
use crow_db::{Db, installation, sessions as rows};
use crow_keyring::{Keyring, new_master_key};
use crow_proto::events::{Batch, Event, Kind};
use crow_runtime::Shutdown;
use crow_storage::events::Events;
use crow_storage::{ListedChunks, Store};
use crow_testkit::nats::{NatsOptions, NatsServer};
use crow_testkit::wait::eventually;
use crow_types::{EventRecord, OrganizationId, Partition, SessionId, SessionRecord, Timestamp};

use crate::Config;

mod archive;
mod assets;
mod compaction;
mod erasing;
mod fencing;
mod garbage;
mod introduction;
mod issues;
mod known_events;
mod outage;
mod timers;
mod went_back;

const P0: Partition = Partition(0);

/// How long anything may take to become visible, also after a restart.
const DEADLINE: Duration = Duration::from_secs(30);

struct Fixture {
    nats: NatsServer,
    config: Config,
    bus: Bus,
    publisher: EventPublisher,
    db: Db,
    _folder: TempDir,
}

impl Fixture {
    /// Servers with the streams of one partition, and no keeper yet.
    async fn start() -> Self {
        Self::with(1, |_config| ()).await
    }

    async fn with(partitions: u16, change: impl FnOnce(&mut Config)) -> Self {
        Self::on(NatsOptions::default(), partitions, change).await
    }

    async fn on(options: NatsOptions, partitions: u16, change: impl FnOnce(&mut Config)) -> Self {
        let nats = NatsServer::start(options).await.unwrap();
        let folder = tempfile::tempdir().unwrap();
        let mut config = config(&nats, folder.path(), partitions);
        change(&mut config);
        let db = Db::connect(&config.database).await.unwrap();
        let partitions = installation::ensure(&db, Some(partitions)).await.unwrap();
        let bus = Bus::connect("test", &config.bus, partitions).await.unwrap();
        eventually("the streams", DEADLINE, async || {
            streams::ensure_with_notifications(&bus).await.ok()
        })
        .await;
        Self {
            nats,
            config,
            publisher: EventPublisher::start(&bus),
            bus,
            db,
            _folder: folder,
        }
    }

    fn store(&self) -> Store {
        Store::open(&self.config.storage).unwrap()
    }

    fn keyring(&self) -> Keyring {
        Keyring::open(&self.db, &self.config.keyring, self.config.storage.seal).unwrap()
    }

    /// Tries as the SDK does.
    async fn publish(&self, message: EncodedMessage) {
        eventually("a publish to be acknowledged", DEADLINE, async || {
            self.publisher.publish(P0, message.clone()).await.ok()
        })
        .await;
    }

    /// Publishes batches of one event each, one message a batch.
    async fn publish_clicks(&self, session: &str, numbers: std::ops::Range<u64>) {
        for number in numbers {
            let batch = clicks(session, number);
            self.publish(EncodedMessage::of_batch(batch)).await;
        }
    }

    /// All visits of a session id.
    async fn visits(&self, session: &str) -> Vec<SessionRecord> {
        let key = (
            OrganizationId::new("acme").unwrap(),
            SessionId::new(session).unwrap(),
        );
        rows::load(&self.db, &[key], 100).await.unwrap()
    }

    /// Waits until the session's only visit has this many events; never has it more.
    async fn session_with(&self, session: &str, events: i64) -> SessionRecord {
        let what = format!("{events} events of {session}");
        let visit = eventually(&what, DEADLINE, async || {
            let mut visits = self.visits(session).await;
            assert!(visits.len() <= 1, "{session} was split");
            visits.pop().filter(|visit| visit.event_count >= events)
        })
        .await;
        assert_eq!(visit.event_count, events, "{session} shows something twice");
        let stored = self.stored_events(&visit).await;
        assert_eq!(stored.len() as i64, events, "stored events of {session}");
        visit
    }

    async fn stored_events(&self, visit: &SessionRecord) -> Vec<EventRecord> {
        let chunks = chunks_of(&self.db, &visit.id).await.unwrap();
        let key = self.keyring().key_of(&visit.id).await.unwrap();
        let source = ListedChunks::events(&self.store(), key, &chunks);
        let mut events = Events::new(visit.id.clone(), source);
        let mut found = Vec::new();
        while let Some(event) = events.next().await.unwrap() {
            found.push(event);
        }
        found
    }

    async fn stream(&self) -> StreamState {
        eventually("the stream", DEADLINE, async || {
            stream_state(&self.bus, P0).await.ok()
        })
        .await
    }
}

fn config(nats: &NatsServer, folder: &Path, partitions: u16) -> Config {
    let mut config = Config::default();
    config.bus.url = nats.url();
    config.bus.partition_max_bytes = 64 << 20;
    config.database.url = format!("sqlite://{}/crow.db", folder.display()).into();
    config.storage.url = format!("file://{}/objects", folder.display());
    config.keyring.master_key = new_master_key().into();
    config.session.listen.set_port(0);
    config.bus.partitions = Some(partitions);
    config.session.flush_age_ms = 50;
    config.session.lease_ms = 1_000;
    config.session.lease_renew_ms = 200;
    config
}

/// A batch of one click in the window `w`.
fn clicks(session: &str, number: u64) -> Batch {
    let now = Timestamp::now().0;
    Batch {
        organization_id: "acme".to_owned(),
        session_id: session.to_owned(),
        window_id: "w".to_owned(),
        seq: Some(number),
        batch_id: format!("{session}-{number}"),
        received_at: now,
        sent_at: Some(now),
        kind: Kind::Events.into(),
        events: vec![Event {
            id: format!("e{number}"),
            r#type: "click".to_owned(),
            timestamp: now,
            data: Bytes::from_static(b"{}"),
            ..Event::default()
        }],
        ..Batch::default()
    }
}

/// `crow_session::run` with a runtime of its own, so that it can die at once as a process does.
struct RunningKeeper {
    shutdown: Shutdown,
    death: CancellationToken,
    thread: Option<JoinHandle<()>>,
}

impl RunningKeeper {
    fn start(fixture: &Fixture) -> Self {
        let (shutdown, death) = (Shutdown::new(), CancellationToken::new());
        let run = run(fixture.config.clone(), shutdown.clone(), death.clone());
        let thread = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_multi_thread()
                .worker_threads(2)
                .enable_all()
                .build()
                .unwrap();
            runtime.block_on(run);
            runtime.shutdown_background();
        });
        Self {
            shutdown,
            death,
            thread: Some(thread),
        }
    }

    /// Drains and ends.
    fn stop(mut self) {
        self.shutdown.start();
        self.thread.take().unwrap().join().unwrap();
    }

    /// Ends all tasks where they are; leases are left to expire.
    fn kill(mut self) {
        self.death.cancel();
        self.thread.take().unwrap().join().unwrap();
    }
}

impl Drop for RunningKeeper {
    fn drop(&mut self) {
        self.death.cancel();
        if let Some(thread) = self.thread.take() {
            drop(thread.join());
        }
    }
}

async fn run(config: Config, shutdown: Shutdown, death: CancellationToken) {
    let whole = async {
        crate::run(config, shutdown.clone()).await.unwrap();
        assert!(shutdown.finish(DEADLINE).await, "the keeper failed");
    };
    tokio::select! {
        () = whole => {}
        () = death.cancelled() => {}
    }
}
