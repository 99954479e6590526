//! A message becomes a row, or the row goes.

use std::sync::Arc;

use crow_ai::{Ai, Embedder};
use crow_bus::reported::Report;
use crow_bus::streams::WorkQueue;
use crow_db::interactions::{self, Put, reported};
use crow_db::products::catalogues::Catalogues;
use crow_db::{Db, archive, sessions};
use crow_keyring::Keyring;
use crow_storage::events::Events;
use crow_storage::{ListedChunks, Store};
use crow_story::{Story, Teller};
use crow_types::{SessionRecord, Timestamp};

use crate::announcement::{Announcement, Finished, Unreadable};
use crate::embedded::Embeddings;
use crate::meanings::Meanings;
use crate::report::row_of_report;
use crate::told::row_of;
use crate::worded::word;

/// Products in memory, of all organizations.
const PRODUCTS: u64 = 500_000;

/// Makes rows. Cloning is cheap.
#[derive(Debug, Clone)]
pub(crate) struct Worker {
    pub(crate) db: Db,
    pub(crate) store: Store,
    pub(crate) keyring: Keyring,
    catalogues: Catalogues,
    meanings: Meanings,
    pub(crate) ai: Ai,
    pub(crate) embeddings: Embeddings,
}

/// What came of a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// The row is what the announcement says.
    Stored,
    /// A later announcement has said or will say more.
    Outdated,
    /// There is no such session any more, or what it says was erased. There is no row.
    Gone,
}

/// Why nothing came of it.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Failure {
    /// Never.
    #[error(transparent)]
    Unreadable(#[from] Unreadable),
    /// Not now.
    #[error("the database failed")]
    Database(#[from] crow_db::Error),
    /// Not now.
    #[error("the catalogue cannot be read")]
    Catalogue(#[from] Arc<crow_db::Error>),
    /// Not now.
    #[error("the session cannot be read")]
    Storage(#[from] crow_storage::Error),
    /// Not now.
    #[error("the key of the session cannot be read")]
    Keyring(#[from] crow_keyring::Error),
    /// A bug.
    #[error("the story cannot be encoded")]
    Encoding(#[source] serde_json::Error),
    /// Not now: the process stops, or a bug.
    #[error("the report was not put into words")]
    Interrupted(#[from] tokio::task::JoinError),
}

impl Worker {
    pub(crate) fn new(db: Db, store: Store, keyring: Keyring, ai: Ai) -> Self {
        let catalogues = Catalogues::new(db.clone(), PRODUCTS);
        Self {
            db,
            store,
            keyring,
            catalogues,
            meanings: Meanings::default(),
            ai,
            embeddings: Embeddings::default(),
        }
    }

    /// Makes vectors with this model instead of the table.
    pub(crate) fn with_embedder(self, embedder: Embedder) -> Self {
        Self {
            embeddings: Embeddings::of(embedder),
            ..self
        }
    }

    /// Processes a message of a queue, which was published first at this time. When this returns without an
    /// error, its effects are committed.
    pub(crate) async fn process_published(
        &self,
        queue: WorkQueue,
        payload: &[u8],
        published_at: Timestamp,
    ) -> Result<Outcome, Failure> {
        match Announcement::read(queue, payload)? {
            Announcement::Reported(report) => self.note(report, published_at).await,
            Announcement::Finished(finished) => self.tell(&finished).await,
            Announcement::Erased {
                organization,
                session_row,
            } => {
                interactions::forget(&self.db, &organization, &session_row).await?;
                Ok(Outcome::Gone)
            }
        }
    }

    async fn note(&self, report: Report, published_at: Timestamp) -> Result<Outcome, Failure> {
        let catalogue = self.catalogues.of(report.organization()).await?;
        let meanings = self.meanings.clone();
        // Comparing a report with a large catalogue takes up to a second.
        let telling = tokio::task::spawn_blocking(move || {
            let meaning = meanings.of(report.organization(), &catalogue);
            row_of_report(&report, &catalogue, &meaning, Timestamp::now())
        });
        let row = telling.await?.map_err(Failure::Encoding)?;
        let embedding = self.embeddings.at_once(&row.words);
        let put = reported::put_with(&self.db, &row, embedding.as_ref(), published_at).await?;
        self.embeddings.add_later(&row, put);
        Ok(outcome_of(put))
    }

    async fn tell(&self, finished: &Finished) -> Result<Outcome, Failure> {
        let (organization, session_row) = (&finished.organization, &finished.session_row);
        let Some(session) = self.session(organization, session_row).await? else {
            return Ok(Outcome::Gone);
        };
        if i64::from(session.revision) > finished.revision {
            return Ok(Outcome::Outdated);
        }
        let story = match self.story(&session).await {
            Ok(story) => story,
            // It may have been erased while it was read.
            Err(error) => {
                return match self.session(organization, session_row).await? {
                    Some(_) => Err(error),
                    None => Ok(Outcome::Gone),
                };
            }
        };
        let story = word(&self.ai, &session, story).await;
        let now = Timestamp::now();
        let row = row_of(finished, &session, &story, now).map_err(Failure::Encoding)?;
        let embedding = self.embeddings.at_once(&row.words);
        let next = self.first_retry(&story, now);
        let put = interactions::put_to_retry(&self.db, &row, embedding.as_ref(), next).await?;
        self.embeddings.add_later(&row, put);
        Ok(outcome_of(put))
    }

    /// `None`: it is not there, or of another organization.
    pub(crate) async fn session(
        &self,
        organization: &str,
        row: &str,
    ) -> Result<Option<SessionRecord>, Failure> {
        let (found, _unreadable) = sessions::by_row_ids(&self.db, &[row]).await?;
        let mut found = found.into_iter();
        Ok(found.find(|session| session.organization_id == organization))
    }

    /// Reads the events of the session from its objects.
    pub(crate) async fn story(&self, session: &SessionRecord) -> Result<Story, Failure> {
        let key = self.keyring.key_of(&session.id).await?;
        let chunks = archive::chunks_of(&self.db, &session.id).await?;
        let source = ListedChunks::events(&self.store, key, &chunks);
        let mut events = Events::new(session.id.clone(), source);
        let catalogue = self.catalogues.of(&session.organization_id).await?;
        let mut teller = Teller::knowing(session, catalogue);
        while let Some(event) = events.next().await? {
            teller.hear(&event);
        }
        Ok(teller.tell())
    }
}

fn outcome_of(put: Put) -> Outcome {
    match put {
        Put::Stored => Outcome::Stored,
        Put::Outdated => Outcome::Outdated,
        Put::Erased => Outcome::Gone,
    }
}
