//! A message becomes a row, or the row goes.

use std::sync::Arc;

use tokio::sync::Semaphore;

use crow_ai::{Ai, Embedder};
use crow_bus::reported::Report;
use crow_bus::streams::WorkQueue;
use crow_db::interactions::{self, Interaction, Put, Putting, reported};
use crow_db::{Db, sessions};
use crow_story::reported::Told;
use crow_types::{SessionRecord, Timestamp};

use crate::announcement::{Announcement, Finished};
use crate::chosen::choose;
use crate::embedded::Embeddings;
use crate::failure::Failure;
use crate::report::row_of_report;
use crate::stories::Stories;
use crate::together::Together;
use crate::told::row_of;
use crate::worded::word;

/// Sessions of one statement.
const AT_ONCE: usize = 64;
/// Rows that are stored in a transaction of their own at the same time. Each may wait for an erasure and has a
/// connection, and others need the rest of them.
const ALONE: usize = 4;

/// Makes rows. Cloning is cheap.
#[derive(Debug, Clone)]
pub(crate) struct Worker {
    pub(crate) db: Db,
    pub(crate) stories: Stories,
    asked: Arc<Asked>,
    pub(crate) ai: Ai,
    pub(crate) embeddings: Embeddings,
}

/// What messages ask of the database at the same time. A statement costs more than a row of it.
#[derive(Debug)]
struct Asked {
    sessions: Together<String, Option<SessionRecord>>,
    puts: Together<Arc<Putting>, Put>,
    alone: Semaphore,
}

impl Asked {
    fn new() -> Self {
        Self {
            sessions: Together::new(AT_ONCE),
            puts: Together::new(AT_ONCE),
            alone: Semaphore::new(ALONE),
        }
    }
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

impl Worker {
    pub(crate) fn new(db: Db, stories: Stories, ai: Ai) -> Self {
        Self {
            db,
            stories,
            asked: Arc::new(Asked::new()),
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
        let report = Arc::new(report);
        let told = self.stories.of_report(&report).await?;
        let row = self.row_of(&report, told, published_at).await?;
        let embedding = self.embeddings.at_once(&row.words);
        let put = {
            let _turn = self.asked.alone.acquire().await;
            reported::put_with(&self.db, &row, embedding.as_ref(), published_at).await?
        };
        self.embeddings.add_later(&row, put);
        Ok(outcome_of(put))
    }

    /// A report as a row, with the product that a model has chosen if the rules leave one open. No model is
    /// asked about a report that is already stored, or that an erasure refuses.
    async fn row_of(
        &self,
        report: &Report,
        told: Told,
        published_at: Timestamp,
    ) -> Result<Interaction, Failure> {
        let now = Timestamp::now();
        let row = row_of_report(report, &told, now).map_err(Failure::Encoding)?;
        let (organization, id) = (&row.organization_id, &row.id);
        if !told.choice.is_open()
            || !self.ai.serves(organization)
            || !reported::is_awaited(&self.db, &row, published_at).await?
        {
            return Ok(row);
        }
        match choose(&self.ai, organization, id, &told).await {
            Some(chosen) => {
                let told = told.with_chosen(chosen);
                row_of_report(report, &told, now).map_err(Failure::Encoding)
            }
            None => Ok(row),
        }
    }

    async fn tell(&self, finished: &Finished) -> Result<Outcome, Failure> {
        let (organization, session_row) = (&finished.organization, &finished.session_row);
        let Some(session) = self.session(organization, session_row).await? else {
            return Ok(Outcome::Gone);
        };
        if i64::from(session.revision) > finished.revision {
            return Ok(Outcome::Outdated);
        }
        let story = match self.stories.of_session(&session).await {
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
        let putting = Arc::new(Putting {
            interaction: row,
            embedding,
            next,
        });
        let put = self.put(&putting).await?;
        self.embeddings.add_later(&putting.interaction, put);
        Ok(outcome_of(put))
    }

    async fn put(&self, putting: &Arc<Putting>) -> Result<Put, Failure> {
        let all = |all: Vec<Arc<Putting>>| async move {
            let all: Vec<&Putting> = all.iter().map(Arc::as_ref).collect();
            interactions::put_all(&self.db, &all).await.ok()
        };
        if let Some(put) = self.asked.puts.run(Arc::clone(putting), all).await {
            return Ok(put);
        }
        // One of them may be why all failed.
        let _turn = self.asked.alone.acquire().await;
        Ok(interactions::put(&self.db, Putting::clone(putting)).await?)
    }

    /// `None`: it is not there, or of another organization.
    pub(crate) async fn session(
        &self,
        organization: &str,
        row: &str,
    ) -> Result<Option<SessionRecord>, Failure> {
        let all = |rows: Vec<String>| async move { self.sessions(&rows).await.ok() };
        let found = match self.asked.sessions.run(row.to_owned(), all).await {
            Some(found) => found,
            None => self.sessions(&[row.to_owned()]).await?.pop().flatten(),
        };
        Ok(found.filter(|session| session.organization_id == organization))
    }

    async fn sessions(&self, rows: &[String]) -> Result<Vec<Option<SessionRecord>>, Failure> {
        let ids: Vec<&str> = rows.iter().map(String::as_str).collect();
        let (found, unreadable) = sessions::by_row_ids(&self.db, &ids).await?;
        // A newer release has written it, so it is not gone.
        if let Some(row) = unreadable.first() {
            let what = format!("session {row}");
            return Err(crow_db::Error::Unreadable(what).into());
        }
        let of = |row: &String| found.iter().find(|it| it.id == *row).cloned();
        Ok(rows.iter().map(of).collect())
    }
}

fn outcome_of(put: Put) -> Outcome {
    match put {
        Put::Stored => Outcome::Stored,
        Put::Outdated => Outcome::Outdated,
        Put::Erased => Outcome::Gone,
    }
}
