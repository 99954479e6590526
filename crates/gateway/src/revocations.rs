//! Revoked keys. Without the bus, a revoked key works until its cache entry expires.

use std::convert::Infallible;

use futures::StreamExt;
use tracing::warn;

use crow_auth::KeyVerifier;
use crow_bus::Bus;
use crow_bus::notices::{self, KEY_REVOKED, KeyNotice};
use crow_runtime::Shutdown;
use crow_runtime::retry::keep_listening;

/// Drops keys from the cache as they are revoked, until the shutdown begins.
pub(crate) async fn follow(bus: Bus, verifier: KeyVerifier, shutdown: Shutdown) {
    let listen = || forget_each(&bus, &verifier);
    keep_listening("revoked keys", listen, &shutdown).await;
}

async fn forget_each(bus: &Bus, verifier: &KeyVerifier) -> crow_bus::Result<Infallible> {
    let mut revoked = notices::subscribe(bus, KEY_REVOKED).await?;
    while let Some(payload) = revoked.next().await {
        match KeyNotice::decode(&payload) {
            Some(notice) => verifier.forget(&notice.key_id).await,
            None => warn!("a notice of a revoked key cannot be read"),
        }
    }
    Err(crow_bus::Error::Disconnected)
}
