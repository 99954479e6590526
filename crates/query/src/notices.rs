//! News from the bus. Reading goes on without them: a revoked key then works until
//! the cache forgets it by itself.

use std::time::Duration;

use futures::{Stream, StreamExt};
use tracing::warn;

use crow_auth::KeyVerifier;
use crow_bus::notices::{self, KEY_REVOKED};
use crow_bus::{Bus, BusConfig};
use crow_runtime::Shutdown;
use crow_types::PartitionCount;

/// Time between attempts to reach the bus.
const RETRY: Duration = Duration::from_secs(5);

/// Forgets keys as they are revoked, until the shutdown begins.
pub async fn follow_revocations(config: BusConfig, verifier: KeyVerifier, shutdown: Shutdown) {
    loop {
        match subscribe(&config).await {
            // The connection lives as long as `_bus`.
            Ok((_bus, mut revoked)) => {
                tokio::select! {
                    () = shutdown.started() => return,
                    () = forget_each(&mut revoked, &verifier) => {}
                }
            }
            Err(error) => {
                warn!(
                    error = format!("{error:#}"),
                    "cannot listen for revoked keys"
                );
            }
        }
        tokio::select! {
            () = shutdown.started() => return,
            () = tokio::time::sleep(RETRY) => {}
        }
    }
}

/// The partitions do not matter here: nothing is published and no stream is touched.
async fn subscribe(
    config: &BusConfig,
) -> anyhow::Result<(Bus, impl Stream<Item = bytes::Bytes> + Send + Unpin + use<>)> {
    let one = PartitionCount::new(1).expect("1 is a count of partitions");
    let bus = Bus::connect("crow-query", config, one).await?;
    let revoked = notices::subscribe(&bus, KEY_REVOKED).await?;
    Ok((bus, revoked))
}

async fn forget_each(
    revoked: &mut (impl Stream<Item = bytes::Bytes> + Unpin),
    verifier: &KeyVerifier,
) {
    while let Some(payload) = revoked.next().await {
        match std::str::from_utf8(&payload) {
            Ok(key_id) => verifier.forget(key_id).await,
            Err(_) => warn!("a notice of a revoked key is not a text"),
        }
    }
}
