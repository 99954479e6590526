//! Indexes of large organizations, for searches by words and by meaning.

use std::time::Duration;

use tokio::time::timeout;

use crow_ai::Embedder;
use crow_db::Db;
use crow_db::search_index::{self, LARGE, Round, Vectors};

/// Between two looks, also after a failure: each counts the interactions of all organizations, and an
/// index that has failed may have taken hours.
const PAUSE: Duration = Duration::from_secs(3_600);

/// The longest round. If a connection is lost while Postgres makes an index, nobody may ever hear of it, and
/// this process would wait until it ends.
const LONGEST: Duration = Duration::from_secs(24 * 3_600);

/// For ever. Nothing waits for it.
pub(crate) async fn keep_complete(db: &Db, embedder: &Embedder) {
    let vectors = Vectors {
        model: embedder.model(),
        dimension: embedder.dimension(),
    };
    loop {
        match timeout(LONGEST, search_index::complete(db, vectors, LARGE)).await {
            Ok(Ok(None)) => {}
            Ok(Ok(Some(round))) if round == Round::default() => {}
            Ok(Ok(Some(Round { made, removed }))) => {
                tracing::info!(made, removed, "indexes for searches are complete");
            }
            Err(_elapsed) => tracing::warn!(
                seconds = LONGEST.as_secs(),
                "making indexes for searches took too long and was stopped; the next round tries again"
            ),
            Ok(Err(error)) => tracing::warn!(
                error = crow_types::log_chain(&error),
                "indexes for searches are not complete: large organizations wait longer for answers"
            ),
        }
        tokio::time::sleep(PAUSE).await;
    }
}
