//! The verifier's cache, keyed by the hash of the key.

use std::sync::Arc;
use std::time::Duration;

use tokio::time::Instant;

use crow_types::Timestamp;

use crate::error::AuthError;
use crate::grant::KeyGrant;

/// How long "no such key" is cached.
const UNKNOWN_FOR: Duration = Duration::from_secs(10);
/// How much longer than usual a result is used while the source of keys is not available.
pub(crate) const STALE_FOR: Duration = Duration::from_secs(300);
/// While the source of keys is not available, how long a stale result is used before the next
/// attempt.
const RETRY_AFTER: Duration = Duration::from_secs(5);

/// The time until a moment in milliseconds since the epoch.
fn until(at: i64) -> Duration {
    let left = at.saturating_sub(Timestamp::now().0);
    Duration::from_millis(u64::try_from(left).unwrap_or(0))
}

/// The result of one look-up.
#[derive(Debug, Clone)]
pub(crate) struct Entry {
    grant: Option<Arc<KeyGrant>>,
    fresh_until: Instant,
    usable_until: Instant,
}

impl Entry {
    pub(crate) fn new(grant: Option<KeyGrant>, believed_for: Duration) -> Self {
        let now = Instant::now();
        match grant {
            Some(grant) => {
                let ends = grant.expires_at.map(|at| now + until(at));
                let no_later = |moment: Instant| ends.map_or(moment, |ends| ends.min(moment));
                Self {
                    grant: Some(Arc::new(grant)),
                    fresh_until: no_later(now + believed_for),
                    usable_until: no_later(now + believed_for + STALE_FOR),
                }
            }
            None => Self {
                grant: None,
                fresh_until: now + UNKNOWN_FOR,
                usable_until: now + UNKNOWN_FOR,
            },
        }
    }

    /// So that a request with a cached key does not look at the clock for its expiry.
    pub(crate) fn is_fresh(&self) -> bool {
        Instant::now() < self.fresh_until
    }

    /// The same result for a little longer, if it may still be used.
    pub(crate) fn extended(&self) -> Option<Self> {
        let now = Instant::now();
        (now < self.usable_until).then(|| Self {
            fresh_until: self.usable_until.min(now + RETRY_AFTER),
            ..self.clone()
        })
    }

    pub(crate) fn is_of(&self, key_id: &str) -> bool {
        self.grant
            .as_ref()
            .is_some_and(|grant| grant.key_id == key_id)
    }

    pub(crate) fn answer(&self) -> Result<Arc<KeyGrant>, AuthError> {
        self.grant.clone().ok_or(AuthError::Unknown)
    }
}
