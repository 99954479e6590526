//! Notices from the bus. Without the bus, reading continues: a revoked key then works until its
//! cache entry expires. With an auth service, a sign-in with that key works until it expires.

use std::convert::Infallible;

use futures::StreamExt;
use tracing::warn;

use crow_auth::KeyVerifier;
use crow_bus::Bus;
use crow_bus::notices::{self, KEY_REVOKED, KeyNotice};
use crow_runtime::Shutdown;
use crow_runtime::retry::keep_listening;

/// Drops keys from the cache as they are revoked, until the shutdown begins.
pub async fn follow_revocations(bus: Bus, verifier: KeyVerifier, shutdown: Shutdown) {
    let listen = || forget_each(&bus, &verifier);
    keep_listening("revoked keys", listen, &shutdown).await;
}

async fn forget_each(bus: &Bus, verifier: &KeyVerifier) -> crow_bus::Result<Infallible> {
    let mut revoked = notices::subscribe(bus, KEY_REVOKED).await?;
    while let Some(payload) = revoked.next().await {
        let Some(notice) = KeyNotice::decode(&payload) else {
            warn!("a notice of a revoked key cannot be read");
            continue;
        };
        verifier.forget(&notice.key_id).await;
        let ended = verifier.end_sign_ins(&notice.key_id, notice.until).await;
        if let Err(error) = ended {
            warn!(
                error = crow_types::log_chain(&error),
                "cannot end the sign-ins of a revoked key"
            );
        }
    }
    Err(crow_bus::Error::Disconnected)
}
