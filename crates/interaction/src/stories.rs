//! What happened, read on threads of low priority.
//!
//! Only from objects: who uses the database may hold a lock or a connection, and others would wait for a
//! thread that gets no core.

use std::sync::Arc;

use tokio::sync::Semaphore;

use crow_bus::reported::Report;
use crow_db::products::catalogues::Catalogues;
use crow_db::{Db, archive};
use crow_keyring::Keyring;
use crow_product::catalogue::Catalogue;
use crow_runtime::Background;
use crow_storage::events::Events;
use crow_storage::{DataKey, ListedChunks, Store};
use crow_story::reported::Told;
use crow_story::{Story, Teller};
use crow_types::{ChunkRecord, SessionRecord};

use crate::failure::Failure;
use crate::meanings::Meanings;
use crate::report::told_of;
use crate::together::Together;

/// Sessions of one statement.
const AT_ONCE: usize = 64;
/// Sessions whose events are read at the same time. Each takes memory.
const READ_AT_ONCE: usize = 16;
/// Products in memory, of all organizations.
const PRODUCTS: u64 = 500_000;
const THREADS: &str = "stories";
const MOST_THREADS: usize = 4;

/// Tells what happened in sessions, and what reports say. Cloning is cheap.
#[derive(Debug, Clone)]
pub(crate) struct Stories {
    sources: Arc<Sources>,
    threads: Arc<Background>,
}

/// What they are told from.
#[derive(Debug)]
struct Sources {
    db: Db,
    store: Store,
    keyring: Keyring,
    catalogues: Catalogues,
    meanings: Meanings,
    recordings: Together<String, Recording>,
    turns: Arc<Semaphore>,
}

/// Where the events of a session are.
#[derive(Debug, Default)]
struct Recording {
    /// `None`: they are not sealed, or were erased.
    key: Option<DataKey>,
    chunks: Vec<ChunkRecord>,
}

impl Stories {
    /// # Errors
    /// When the operating system gives no thread.
    pub(crate) fn new(db: Db, store: Store, keyring: Keyring) -> std::io::Result<Self> {
        let sources = Sources {
            catalogues: Catalogues::new(db.clone(), PRODUCTS),
            db,
            store,
            keyring,
            meanings: Meanings::default(),
            recordings: Together::new(AT_ONCE),
            turns: Arc::new(Semaphore::new(READ_AT_ONCE)),
        };
        Ok(Self {
            sources: Arc::new(sources),
            threads: Arc::new(Background::start(THREADS, MOST_THREADS)?),
        })
    }

    /// Reads the events of a session from its objects.
    pub(crate) async fn of_session(&self, session: &SessionRecord) -> Result<Story, Failure> {
        let recording = self.sources.recording(&session.id).await?;
        let catalogue = self.sources.catalogues.of(&session.organization_id).await?;
        let chunks = ListedChunks::events(&self.sources.store, recording.key, &recording.chunks);
        let events = Events::new(session.id.clone(), chunks);
        let teller = Teller::knowing(session, catalogue);
        let turn = Arc::clone(&self.sources.turns).acquire_owned().await;
        let reading = async move {
            let _until_it_is_read = turn;
            hear(teller, events).await
        };
        self.threads.spawn(reading).await?
    }

    /// What a report says, with the products of the organization's catalogue.
    pub(crate) async fn of_report(&self, report: &Arc<Report>) -> Result<Told, Failure> {
        let (sources, report) = (Arc::clone(&self.sources), Arc::clone(report));
        let catalogue = sources.catalogues.of(report.organization()).await?;
        let telling = move || sources.told(&report, &catalogue);
        Ok(self.threads.spawn_blocking(telling).await?)
    }
}

async fn hear(mut teller: Teller, mut events: Events<ListedChunks>) -> Result<Story, Failure> {
    while let Some(event) = events.next().await? {
        teller.hear(&event);
    }
    Ok(teller.tell())
}

impl Sources {
    async fn recording(&self, row: &str) -> Result<Recording, Failure> {
        let all = |rows: Vec<String>| async move { self.recordings_of(&rows).await.ok() };
        if let Some(recording) = self.recordings.run(row.to_owned(), all).await {
            return Ok(recording);
        }
        let mut alone = self.recordings_of(&[row.to_owned()]).await?;
        Ok(alone.pop().unwrap_or_default())
    }

    async fn recordings_of(&self, rows: &[String]) -> Result<Vec<Recording>, Failure> {
        let ids: Vec<&str> = rows.iter().map(String::as_str).collect();
        let keys = self.keyring.keys_of(&ids).await?;
        let chunks = archive::chunks_of_all(&self.db, &ids).await?;
        let of = |row: &String| Recording {
            key: keys.get(row.as_str()).cloned(),
            chunks: chunks.get(row).cloned().unwrap_or_default(),
        };
        Ok(rows.iter().map(of).collect())
    }

    /// It may take a second, when the vectors of a catalogue are made.
    fn told(&self, report: &Report, catalogue: &Arc<Catalogue>) -> Told {
        let meaning = self.meanings.of(report.organization(), catalogue);
        told_of(report, catalogue, &meaning)
    }
}
