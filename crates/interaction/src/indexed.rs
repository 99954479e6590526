//! Indexes of large organizations, for searches by words and by meaning.

use std::time::Duration;

use crow_db::Db;
use crow_db::search_index::{self, LARGE, Round, Vectors};
use crow_embedding::{DIMENSION, MODEL};

/// Between two looks, also after a failure: each counts the interactions of all organizations, and an
/// index that has failed may have taken hours.
const PAUSE: Duration = Duration::from_secs(3_600);

/// For ever. Nothing waits for it.
pub(crate) async fn keep_complete(db: &Db) {
    let vectors = Vectors {
        model: MODEL,
        dimension: DIMENSION,
    };
    loop {
        match search_index::complete(db, vectors, LARGE).await {
            Ok(None) => {}
            Ok(Some(round)) if round == Round::default() => {}
            Ok(Some(Round { made, removed })) => {
                tracing::info!(made, removed, "indexes for searches are complete");
            }
            Err(error) => tracing::warn!(
                error = crow_types::log_chain(&error),
                "indexes for searches are not complete: large organizations wait longer for answers"
            ),
        }
        tokio::time::sleep(PAUSE).await;
    }
}
