//! Merges the sums of issues.

use std::time::Duration;

use tracing::{debug, warn};

use crow_db::{Db, issues};
use crow_runtime::Shutdown;
use crow_types::{Partition, log_chain};

use crate::keeper::Owned;

/// How often is merged. Until then, lists of issues read the changes one by one.
const INTERVAL: Duration = Duration::from_secs(30);

/// Merges until the shutdown starts. Only the owner of partition 0 does.
pub(crate) async fn run(db: Db, owned: Owned, shutdown: Shutdown) -> anyhow::Result<()> {
    loop {
        tokio::select! {
            () = shutdown.started() => return Ok(()),
            () = tokio::time::sleep(INTERVAL) => {}
        }
        // One transaction merges some of them. Flushes add more meanwhile, which wait for the next time.
        while !shutdown.is_started() && owned.list().contains(&Partition(0)) {
            match issues::merge_hours(&db).await {
                Ok(rows) => {
                    debug!(rows, "merged sums of issues");
                    if rows < issues::MERGED {
                        break;
                    }
                }
                Err(error) => {
                    let error = log_chain(&error);
                    warn!(error, "merging sums of issues failed, retrying");
                    break;
                }
            }
        }
    }
}
