//! Answers and calls of language models that are old, counts of what was used, visits that waited too long for a
//! model, and announcements of interactions that nobody could publish.

use std::convert::Infallible;
use std::time::Duration;

use crow_db::interactions::stored;
use crow_db::{Db, Result, ai, usage};
use crow_runtime::retry::keep_running;
use crow_types::Timestamp;

/// Between two looks.
const PAUSE: Duration = Duration::from_secs(600);
/// Calls and counts are kept for bills of a year, in milliseconds.
const CALLS_MS: i64 = 400 * 86_400_000;
/// An interaction that could not be announced for so long is no news, in milliseconds.
const ANNOUNCEMENTS_MS: i64 = 7 * 86_400_000;
/// Announcements that are removed together.
const ROWS: u64 = 1_000;

/// For ever, also when no model is left in the settings. Visits wait for `retries_ms` milliseconds.
pub(crate) async fn keep_removing(db: &Db, retries_ms: i64) {
    keep_running("what is too old", || remove(db, retries_ms)).await;
}

async fn remove(db: &Db, retries_ms: i64) -> Result<Infallible> {
    loop {
        let now = Timestamp::now();
        ai::expire(db, now, now.plus(-CALLS_MS)).await?;
        ai::retries::expire(db, now.plus(-retries_ms)).await?;
        while stored::expire(db, now.plus(-ANNOUNCEMENTS_MS), ROWS).await? == ROWS {}
        usage::expire(db, now.plus(-CALLS_MS)).await?;
        tokio::time::sleep(PAUSE).await;
    }
}
