//! The vector of a row, for search by meaning.
//!
//! The built-in table makes it when the row is written. A remote model is asked beside the queue, so no
//! message waits for it or fails with it: the row is stored without a vector, which follows.
//!
//! Rows of an older release, or with a vector of another model, get theirs beside the queue, too: a few
//! rows at a time, so that an upgrade or another model needs no step and nothing waits.

use std::collections::VecDeque;
use std::convert::Infallible;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::Notify;
use tokio::time::sleep;

use crow_ai::{Embedder, NoVectors};
use crow_db::embeddings::{self, Embedding, Unembedded};
use crow_db::interactions::{Interaction, Put};
use crow_db::{Db, Result};
use crow_embedding::Vector;
use crow_runtime::retry::keep_running;

/// Rows that are looked at together.
const ROWS: u64 = 200;
/// Between two looks.
const PAUSE: Duration = Duration::from_millis(500);
/// After all rows. Meanwhile an older release may still write some.
const REST: Duration = Duration::from_secs(24 * 3_600);
/// Until all rows are looked at because some were left out.
const SOON: Duration = Duration::from_secs(600);
/// Attempts for one row that may be why a remote model fails.
const ATTEMPTS: u32 = 5;
/// After a failure of a remote model. Each pause after it is twice as long.
const FIRST_PAUSE: Duration = Duration::from_secs(1);
const LONGEST_PAUSE: Duration = Duration::from_secs(300);
/// New rows that wait for a remote model. The others get their vectors when all rows are looked at.
const MOST_WAITING: usize = 20_000;

/// Makes vectors. Cloning is cheap; all clones share the rows that wait.
#[derive(Debug, Clone, Default)]
pub(crate) struct Embeddings {
    embedder: Embedder,
    waiting: Arc<Waiting>,
}

/// New rows that wait for a remote model, by their ids: what was erased meanwhile is never sent.
#[derive(Debug, Default)]
struct Waiting {
    ids: Mutex<VecDeque<String>>,
    has_some: Notify,
    has_left_out: Notify,
}

impl Waiting {
    fn ids(&self) -> MutexGuard<'_, VecDeque<String>> {
        self.ids.lock().unwrap_or_else(PoisonError::into_inner)
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
        let mut ids = self.waiting.ids();
        if ids.len() < MOST_WAITING {
            ids.push_back(row.id.clone());
            self.waiting.has_some.notify_one();
        } else {
            self.waiting.has_left_out.notify_one();
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
            let some: Vec<String> = {
                let mut ids = self.waiting.ids();
                let count = ids.len().min(self.embedder.batch());
                ids.drain(..count).collect()
            };
            if some.is_empty() {
                return Ok(());
            }
            self.ask(db, some).await?;
        }
    }

    /// Looks at all rows once.
    pub(crate) async fn complete(&self, db: &Db) -> Result<()> {
        let mut after = String::new();
        loop {
            let walked = embeddings::unembedded(db, self.embedder.model(), &after, ROWS).await?;
            let Some(last) = walked.last else {
                return Ok(());
            };
            after = last;
            if self.embedder.is_remote() {
                let ids: Vec<String> = walked.unembedded.into_iter().map(|row| row.id).collect();
                for some in ids.chunks(self.embedder.batch()) {
                    self.ask(db, some.to_vec()).await?;
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

    /// Asks a remote model for the vectors of rows, at most a batch. Waits while it cannot be used, and leaves
    /// out a row that makes it fail.
    async fn ask(&self, db: &Db, ids: Vec<String>) -> Result<()> {
        let mut pause = FIRST_PAUSE;
        let mut parts = VecDeque::from([(ids, 0)]);
        while let Some((part, failed)) = parts.pop_front() {
            // Read at each attempt: an erasure may come while the model cannot be used.
            let rows = embeddings::unembedded_among(db, self.embedder.model(), &part).await?;
            if rows.is_empty() {
                continue;
            }
            let texts: Vec<&str> = rows.iter().map(|row| row.words.as_str()).collect();
            let vectors = self.embedder.embed(&texts).await;
            match vectors {
                Ok(vectors) => {
                    let made: Vec<_> = rows
                        .into_iter()
                        .zip(vectors)
                        .filter_map(|(row, vector)| Some((row, self.embedding(&vector?))))
                        .collect();
                    add(db, &made).await?;
                    pause = FIRST_PAUSE;
                    continue;
                }
                Err(NoVectors::Unavailable) => parts.push_front((part, failed)),
                // One of them may be why.
                Err(NoVectors::Unclear | NoVectors::Refused) if rows.len() > 1 => {
                    parts.extend(rows.into_iter().map(|row| (vec![row.id], 0)));
                }
                Err(NoVectors::Unclear) if failed + 1 < ATTEMPTS => {
                    parts.push_front((part, failed + 1));
                }
                Err(NoVectors::Unclear) => self.waiting.has_left_out.notify_one(),
                Err(NoVectors::Refused) => {}
            }
            sleep(pause).await;
            pause = (pause * 2).min(LONGEST_PAUSE);
        }
        Ok(())
    }
}

async fn add(db: &Db, made: &[(Unembedded, Embedding)]) -> Result<()> {
    if !made.is_empty() {
        embeddings::add(db, made).await?;
    }
    Ok(())
}
