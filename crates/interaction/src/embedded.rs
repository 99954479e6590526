//! The vector of a row, for search by meaning.
//!
//! The built-in table makes it when the row is written. A remote model is asked beside the queue, so no
//! message waits for it or fails with it: the row is stored without a vector, which follows.
//!
//! Rows of an older release, or with a vector of another model, get theirs beside the queue, too: a few
//! rows at a time, so that an upgrade or another model needs no step and nothing waits.

use std::convert::Infallible;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use tokio::sync::Notify;
use tokio::time::{sleep, sleep_until};

use crow_ai::Embedder;
use crow_db::embeddings::{self, Embedding, Unembedded};
use crow_db::interactions::{Interaction, Put};
use crow_db::{Db, Result};
use crow_embedding::Vector;
use crow_runtime::retry::keep_running;

mod turns;

use turns::{Row, Turns};

/// Rows that are looked at together.
const ROWS: u64 = 200;
/// Between two looks.
const PAUSE: Duration = Duration::from_millis(500);
/// After all rows. Meanwhile an older release may still write some.
const REST: Duration = Duration::from_secs(24 * 3_600);
/// Until all rows are looked at because some were left out.
const SOON: Duration = Duration::from_secs(600);

/// Makes vectors. Cloning is cheap; all clones share the rows that wait.
#[derive(Debug, Clone, Default)]
pub(crate) struct Embeddings {
    embedder: Embedder,
    waiting: Arc<Waiting>,
}

/// Rows that wait for a remote model. Those that are left out get their vectors when all rows are looked at.
#[derive(Debug, Default)]
struct Waiting {
    turns: Mutex<Turns>,
    has_some: Notify,
    has_left_out: Notify,
}

impl Waiting {
    fn turns(&self) -> MutexGuard<'_, Turns> {
        self.turns.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Embeddings {
    pub(crate) fn of(embedder: Embedder) -> Self {
        Self {
            embedder,
            waiting: Arc::default(),
        }
    }

    pub(crate) fn embedder(&self) -> &Embedder {
        &self.embedder
    }

    /// What visitors wrote only goes through arithmetic here. `None`: it has no known word, or a remote
    /// model makes the vector.
    pub(crate) fn at_once(&self, words: &str) -> Option<Embedding> {
        if self.embedder.is_remote() {
            return None;
        }
        Some(self.embedding(&crow_embedding::embed(words)?))
    }

    fn embedding(&self, vector: &Vector) -> Embedding {
        Embedding {
            model: self.embedder.model().to_owned(),
            vector: vector.to_bytes(),
        }
    }

    /// Lets a remote model make the vector of a row that was just stored.
    pub(crate) fn add_later(&self, row: &Interaction, put: Put) {
        if !self.embedder.is_remote() || put != Put::Stored {
            return;
        }
        if self.waiting.turns().add_new(&row.organization_id, &row.id) {
            self.waiting.has_some.notify_one();
        } else {
            self.waiting.has_left_out.notify_one();
        }
    }

    /// Lets a remote model make the vector of a row that was stored earlier. Waits for room, unless the
    /// model fails for its organization.
    async fn add_old(&self, row: &Unembedded) {
        loop {
            let is_failing = {
                let mut turns = self.waiting.turns();
                if turns.add_old(&row.organization_id, &row.id) {
                    self.waiting.has_some.notify_one();
                    return;
                }
                turns.is_failing(&row.organization_id)
            };
            if is_failing {
                self.waiting.has_left_out.notify_one();
                return;
            }
            sleep(PAUSE).await;
        }
    }

    /// For ever.
    pub(crate) async fn keep_complete(&self, db: &Db) {
        tokio::join!(
            keep_running("vectors of interactions", || self.complete_again(db)),
            keep_running("vectors of new interactions", || self.follow(db)),
        );
    }

    async fn complete_again(&self, db: &Db) -> Result<Infallible> {
        loop {
            self.complete(db).await?;
            tokio::select! {
                () = sleep(REST) => {}
                () = self.waiting.has_left_out.notified() => sleep(SOON).await,
            }
        }
    }

    async fn follow(&self, db: &Db) -> Result<Infallible> {
        loop {
            self.waiting.has_some.notified().await;
            let followed = self.add_waiting(db).await;
            if followed.is_err() {
                self.waiting.has_left_out.notify_one();
            }
            followed?;
        }
    }

    /// Until no row waits.
    pub(crate) async fn add_waiting(&self, db: &Db) -> Result<()> {
        loop {
            let (rows, next_at) = {
                let mut turns = self.waiting.turns();
                let rows = turns.take(self.embedder.batch(), Instant::now());
                (rows, turns.next_at())
            };
            if !rows.is_empty() {
                self.ask(db, rows).await?;
                continue;
            }
            let Some(next_at) = next_at else {
                return Ok(());
            };
            tokio::select! {
                () = sleep_until(next_at.into()) => {}
                () = self.waiting.has_some.notified() => {}
            }
        }
    }

    /// Looks at all rows once. Those for a remote model wait then.
    pub(crate) async fn complete(&self, db: &Db) -> Result<()> {
        let mut after = String::new();
        loop {
            let walked = embeddings::unembedded(db, self.embedder.model(), &after, ROWS).await?;
            let Some(last) = walked.last else {
                return Ok(());
            };
            after = last;
            if self.embedder.is_remote() {
                for row in &walked.unembedded {
                    self.add_old(row).await;
                }
            } else {
                let made: Vec<_> = walked
                    .unembedded
                    .into_iter()
                    .filter_map(|row| Some((self.at_once(&row.words)?, row)))
                    .map(|(embedding, row)| (row, embedding))
                    .collect();
                add(db, &made).await?;
            }
            sleep(PAUSE).await;
        }
    }

    /// Asks a remote model for the vectors of rows, at most a batch.
    async fn ask(&self, db: &Db, mut rows: Vec<Row>) -> Result<()> {
        // Read at each attempt: an erasure may come while the model cannot be used.
        let ids: Vec<String> = rows.iter().map(|row| row.id.clone()).collect();
        let found = embeddings::unembedded_among(db, self.embedder.model(), &ids).await?;
        rows.retain(|row| found.iter().any(|it| it.id == row.id));
        let Some(first) = rows.first() else {
            return Ok(());
        };
        let mut others = rows.iter().skip(1);
        let organization = others
            .all(|row| row.organization == first.organization)
            .then(|| first.organization.clone());
        let texts: Vec<&str> = found.iter().map(|row| row.words.as_str()).collect();
        let vectors = self.embedder.embed(organization.as_deref(), &texts).await;
        match vectors {
            Ok(vectors) => {
                self.waiting.turns().note_answer(&rows);
                let made: Vec<_> = found
                    .into_iter()
                    .zip(vectors)
                    .filter_map(|(row, vector)| Some((row, self.embedding(&vector?))))
                    .collect();
                add(db, &made).await
            }
            Err(why) => {
                let mut turns = self.waiting.turns();
                if turns.put_back(rows, why, Instant::now()) {
                    self.waiting.has_left_out.notify_one();
                }
                Ok(())
            }
        }
    }
}

async fn add(db: &Db, made: &[(Unembedded, Embedding)]) -> Result<()> {
    if !made.is_empty() {
        embeddings::add(db, made).await?;
    }
    Ok(())
}
