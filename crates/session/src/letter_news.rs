//! Tells the admins of an organization that messages of theirs became dead letters.

use std::collections::BTreeMap;
use std::time::Duration;

use tracing::warn;

use crow_bus::{Bus, dead_letters, notifications};
use crow_runtime::Shutdown;
use crow_types::notification::{Audience, News, Notification};
use crow_types::{Partition, Timestamp, log_chain};

use crate::keeper::Owned;

#[cfg(test)]
mod tests;

/// Time between two looks.
const INTERVAL: Duration = Duration::from_secs(20);
/// Milliseconds that a new keeper looks back. What was told before is told again, and has no effect.
const LOOKS_BACK_MS: i64 = 86_400_000;

/// Looks until the shutdown starts, on the keeper that owns the first partition.
pub(crate) async fn run(bus: Bus, owned: Owned, shutdown: Shutdown) -> anyhow::Result<()> {
    let mut seen = 0;
    loop {
        tokio::select! {
            () = shutdown.started() => return Ok(()),
            () = tokio::time::sleep(INTERVAL) => {}
        }
        if !owned.list().contains(&Partition(0)) {
            continue;
        }
        match tell(&bus, seen, Timestamp::now()).await {
            Ok(newest) => seen = newest,
            Err(error) => warn!(
                error = log_chain(&error),
                "looking for new dead letters failed, retrying"
            ),
        }
    }
}

/// Tells of letters after the number `seen`; returns the number of the newest one.
async fn tell(bus: &Bus, seen: u64, now: Timestamp) -> crow_bus::Result<u64> {
    let recent = dead_letters::recent(bus, seen, now.plus(-LOOKS_BACK_MS)).await?;
    let mut news = BTreeMap::new();
    for (organization, at) in recent.letters {
        let (audience, what) = (Audience::Admins, News::DeadLetters);
        let told = Notification::new(organization.as_str(), audience, &what, at);
        news.insert((told.organization_id.clone(), told.id.clone()), told);
    }
    for told in news.values() {
        notifications::publish(bus, told).await?;
    }
    Ok(recent.newest)
}
