//! How far the keepers are behind: a gauge for each partition that this process owns.

use std::collections::BTreeSet;
use std::time::Duration;

use metrics::gauge;
use tracing::debug;

use crow_bus::{Bus, backlog};
use crow_runtime::Shutdown;
use crow_types::{Partition, Timestamp, log_chain};

use crate::keeper::Owned;

/// Time between two measurements.
const INTERVAL: Duration = Duration::from_secs(5);

/// Measures until the shutdown starts.
pub(crate) async fn run(bus: Bus, owned: Owned, shutdown: Shutdown) -> anyhow::Result<()> {
    let mut measured = BTreeSet::new();
    loop {
        tokio::select! {
            () = shutdown.started() => return Ok(()),
            () = tokio::time::sleep(INTERVAL) => {}
        }
        let partitions: BTreeSet<Partition> = owned.list().into_iter().collect();
        for lost in measured.difference(&partitions) {
            // Its new owner measures it.
            show(*lost, 0, 0);
        }
        for partition in &partitions {
            measure(&bus, *partition).await;
        }
        measured = partitions;
    }
}

async fn measure(bus: &Bus, partition: Partition) {
    match backlog::of_partition(bus, partition).await {
        Ok(backlog) => {
            let waits = |oldest| Timestamp::now().since(oldest).max(0);
            show(partition, backlog.messages, backlog.oldest.map_or(0, waits));
        }
        // The driver of the partition reports a bus that does not answer.
        Err(error) => debug!(
            partition = partition.0,
            error = log_chain(&error),
            "cannot measure the lag"
        ),
    }
}

fn show(partition: Partition, messages: u64, waits_ms: i64) {
    let label = partition.0.to_string();
    gauge!("crow_session_lag_messages", "partition" => label.clone()).set(messages as f64);
    gauge!("crow_session_lag_seconds", "partition" => label).set(waits_ms as f64 / 1e3);
}
