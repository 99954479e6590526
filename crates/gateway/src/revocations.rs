//! Revoked keys. Without the bus, a revoked key works until its cache entry expires.

use std::time::Duration;

use futures::StreamExt;
use tracing::warn;

use crow_auth::KeyVerifier;
use crow_bus::Bus;
use crow_bus::notices::{self, KEY_REVOKED, KeyNotice};
use crow_runtime::Shutdown;
use crow_types::log_chain;

/// Time between attempts to reach the bus.
const RETRY: Duration = Duration::from_secs(5);

/// Drops keys from the cache as they are revoked, until the shutdown begins.
pub(crate) async fn follow(bus: Bus, verifier: KeyVerifier, shutdown: Shutdown) {
    loop {
        tokio::select! {
            () = shutdown.started() => return,
            () = forget_each(&bus, &verifier) => {}
        }
        tokio::select! {
            () = shutdown.started() => return,
            () = tokio::time::sleep(RETRY) => {}
        }
    }
}

async fn forget_each(bus: &Bus, verifier: &KeyVerifier) {
    let mut revoked = match notices::subscribe(bus, KEY_REVOKED).await {
        Ok(revoked) => revoked,
        Err(error) => {
            warn!(
                error = log_chain(&error),
                "cannot subscribe to revoked keys"
            );
            return;
        }
    };
    while let Some(payload) = revoked.next().await {
        match KeyNotice::decode(&payload) {
            Some(notice) => verifier.forget(&notice.key_id).await,
            None => warn!("a notice of a revoked key cannot be read"),
        }
    }
}
