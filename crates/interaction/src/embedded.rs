//! The vector of a row, for search by meaning.
//!
//! A row gets it when it is written. Rows of an older release, or with a vector of another model, get
//! theirs beside the queue: a few rows at a time, so that an upgrade needs no step and nothing waits.

use std::convert::Infallible;
use std::time::Duration;

use crow_db::embeddings::{self, Embedding};
use crow_db::{Db, Result};
use crow_embedding::{MODEL, embed};
use crow_runtime::retry::keep_running;

/// Rows that are looked at together.
const ROWS: u64 = 200;
/// Between two looks.
const PAUSE: Duration = Duration::from_millis(500);
/// After all rows. Meanwhile an older release may still write some.
const REST: Duration = Duration::from_secs(24 * 3_600);

/// What visitors wrote only goes through arithmetic here. `None`: it has no known word.
pub(crate) fn embedding_of(words: &str) -> Option<Embedding> {
    let vector = embed(words)?;
    Some(Embedding {
        model: MODEL,
        vector: vector.to_bytes().to_vec(),
    })
}

/// For ever.
pub(crate) async fn keep_complete(db: &Db) {
    keep_running("vectors of interactions", || complete_again(db)).await;
}

async fn complete_again(db: &Db) -> Result<Infallible> {
    loop {
        complete(db).await?;
        tokio::time::sleep(REST).await;
    }
}

/// Looks at all rows once.
pub(crate) async fn complete(db: &Db) -> Result<()> {
    let mut after = String::new();
    loop {
        let walked = embeddings::unembedded(db, MODEL, &after, ROWS).await?;
        let made: Vec<_> = walked
            .unembedded
            .into_iter()
            .filter_map(|row| Some((embedding_of(&row.words)?, row)))
            .map(|(embedding, row)| (row, embedding))
            .collect();
        let Some(last) = walked.last else {
            return Ok(());
        };
        after = last;
        if !made.is_empty() {
            embeddings::add(db, &made).await?;
        }
        tokio::time::sleep(PAUSE).await;
    }
}
