//! What visitors did with products, of interactions that an older release has written.
//!
//! A row gets it when it is written. The others get it beside the queue, a few at a time, as far as their
//! evidence tells. So an upgrade needs no step, and nothing waits. A release that does not know the figures may
//! also have replaced rows, beside this one or before it came back. So the first passes read all rows.

use std::convert::Infallible;
use std::time::Duration;

use crow_db::interactions::products;
use crow_db::{Db, Result};
use crow_runtime::retry::keep_running;

/// Rows that are looked at together.
const ROWS: u64 = 200;
/// Between two looks.
const PAUSE: Duration = Duration::from_millis(500);
/// After all rows. An older release may still write some.
const REST: Duration = Duration::from_secs(24 * 3_600);
/// Passes that correct all rows. During the first, a process of an older release may be running.
const CORRECTED: u32 = 2;

/// For ever.
pub(crate) async fn keep_complete(db: &Db) {
    keep_running("figures of products", || complete_again(db)).await;
}

async fn complete_again(db: &Db) -> Result<Infallible> {
    let mut passes = 0;
    loop {
        let mut after = String::new();
        loop {
            let last = match passes < CORRECTED {
                true => products::correct(db, &after, ROWS).await?,
                false => products::complete(db, &after, ROWS).await?,
            };
            let Some(last) = last else { break };
            after = last;
            tokio::time::sleep(PAUSE).await;
        }
        passes = CORRECTED.min(passes + 1);
        tokio::time::sleep(REST).await;
    }
}
