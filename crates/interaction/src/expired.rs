//! Answers and calls of language models that are old.

use std::convert::Infallible;
use std::time::Duration;

use crow_db::{Db, Result, ai};
use crow_runtime::retry::keep_running;
use crow_types::Timestamp;

/// Between two looks.
const PAUSE: Duration = Duration::from_secs(600);
/// Calls are kept for bills of a year, in milliseconds.
const CALLS_MS: i64 = 400 * 86_400_000;

/// For ever, also when no model is left in the settings.
pub(crate) async fn keep_removing(db: &Db) {
    keep_running("old calls of language models", || remove(db)).await;
}

async fn remove(db: &Db) -> Result<Infallible> {
    loop {
        let now = Timestamp::now();
        ai::expire(db, now, now.plus(-CALLS_MS)).await?;
        tokio::time::sleep(PAUSE).await;
    }
}
