//! Notices from the bus. Without the bus, reading continues: a revoked key then works until its
//! cache entry expires. With an auth service, a sign-in with that key works until it expires.

use std::time::Duration;

use futures::{Stream, StreamExt};
use tracing::warn;

use crow_auth::KeyVerifier;
use crow_bus::Bus;
use crow_bus::notices::{self, KEY_REVOKED, KeyNotice};
use crow_runtime::Shutdown;

/// Time between attempts to reach the bus.
const RETRY: Duration = Duration::from_secs(5);

/// Drops keys from the cache as they are revoked, until the shutdown begins.
pub async fn follow_revocations(bus: Bus, verifier: KeyVerifier, shutdown: Shutdown) {
    loop {
        match notices::subscribe(&bus, KEY_REVOKED).await {
            Ok(mut revoked) => {
                tokio::select! {
                    () = shutdown.started() => return,
                    () = forget_each(&mut revoked, &verifier) => {}
                }
            }
            Err(error) => {
                warn!(
                    error = crow_types::log_chain(&error),
                    "cannot subscribe to revoked keys"
                );
            }
        }
        tokio::select! {
            () = shutdown.started() => return,
            () = tokio::time::sleep(RETRY) => {}
        }
    }
}

async fn forget_each(
    revoked: &mut (impl Stream<Item = bytes::Bytes> + Unpin),
    verifier: &KeyVerifier,
) {
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
}
