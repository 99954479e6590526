//! What organizations decided about their data, cached.
//!
//! The settings of an organization are read once in half a minute, not with each request. A notice
//! makes a change effective at once. If SQL fails, the last known settings still hold. A request of
//! an organization whose settings were never read is refused with 503: it could be stored against
//! the will of the organization, and the client sends it again.

use std::convert::Infallible;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use futures::StreamExt;
use moka::future::Cache;
use moka::ops::compute::{CompResult, Op};
use tracing::warn;

use crow_bus::{Bus, notices};
use crow_db::Db;
use crow_db::settings;
use crow_runtime::Shutdown;
use crow_scrub::Scrubber;
use crow_types::settings::OrganizationSettings;
use crow_types::{OrganizationId, log_chain};
use crow_web::ApiError;

use crow_runtime::retry::keep_listening;

#[cfg(test)]
mod tests;

/// Organizations in memory. The others are read again.
const MAX_KNOWN: u64 = 10_000;
/// How long settings hold without another look. A notice may be lost.
const FRESH: Duration = Duration::from_secs(30);
/// After a failed look-up, the same settings are not looked up again for this long.
const REST: Duration = Duration::from_secs(1);
/// A look-up that takes longer has failed.
const PATIENCE: Duration = Duration::from_secs(3);

/// What an organization decided, ready for use.
#[derive(Debug)]
pub(crate) struct Policy {
    pub settings: OrganizationSettings,
    /// `None`: nothing is scrubbed.
    pub scrubber: Option<Scrubber>,
}

impl Policy {
    pub(crate) fn new(settings: OrganizationSettings) -> Self {
        let scrubber = Scrubber::new(&settings.scrubbing);
        Self { settings, scrubber }
    }
}

/// A policy as it was read.
#[derive(Debug, Clone)]
struct Known {
    policy: Arc<Policy>,
    fresh_until: Instant,
}

impl Known {
    fn is_fresh(&self) -> bool {
        Instant::now() < self.fresh_until
    }
}

/// The settings of organizations.
pub(crate) struct Settings {
    db: Db,
    known: Cache<OrganizationId, Known>,
    /// Organizations whose look-up failed within the last second.
    resting: Cache<OrganizationId, ()>,
    /// Grows with each [`Settings::forget`]. A look-up that was running at that time is repeated.
    forgotten: AtomicU64,
}

/// Why settings could not be read.
#[derive(Debug, thiserror::Error)]
enum LookUpError {
    #[error("reading the settings")]
    Row(#[from] crow_db::Error),
    #[error("no answer within {} s", PATIENCE.as_secs())]
    Slow,
    #[error("settings were changed during each attempt")]
    Changing,
}

impl Settings {
    pub(crate) fn new(db: Db) -> Self {
        let resting = Cache::builder().max_capacity(MAX_KNOWN).time_to_live(REST);
        Self {
            db,
            known: Cache::new(MAX_KNOWN),
            resting: resting.build(),
            forgotten: AtomicU64::new(0),
        }
    }

    /// The settings of an organization.
    ///
    /// # Errors
    /// `unavailable` when they were never read and cannot be read now.
    pub(crate) async fn of(&self, organization: &OrganizationId) -> Result<Arc<Policy>, ApiError> {
        if let Some(known) = self.known.get(organization).await
            && known.is_fresh()
        {
            return Ok(known.policy);
        }
        // Boxed because it is rare, so that the future of a request stays small.
        Box::pin(self.look(organization)).await
    }

    /// Looks the settings up, once for all concurrent callers.
    async fn look(&self, organization: &OrganizationId) -> Result<Arc<Policy>, ApiError> {
        let entry = self.known.entry_by_ref(organization);
        let outcome = entry
            .and_try_compute_with(|known| async {
                let known = known.map(moka::Entry::into_value);
                if known.as_ref().is_some_and(Known::is_fresh) {
                    return Ok(Op::Nop);
                }
                match (self.look_up(organization).await, known) {
                    (Some(settings), _) => Ok(Op::Put(Known {
                        policy: Arc::new(Policy::new(settings)),
                        fresh_until: Instant::now() + FRESH,
                    })),
                    (None, Some(stale)) => Ok(Op::Put(Known {
                        fresh_until: Instant::now() + REST,
                        ..stale
                    })),
                    (None, None) => Err(unknown()),
                }
            })
            .await?;
        match outcome {
            CompResult::Inserted(entry)
            | CompResult::ReplacedWith(entry)
            | CompResult::Unchanged(entry)
            | CompResult::Removed(entry) => Ok(entry.into_value().policy),
            CompResult::StillNone(_) => Err(unknown()),
        }
    }

    /// `None`: they cannot be read now.
    async fn look_up(&self, organization: &OrganizationId) -> Option<OrganizationSettings> {
        if self.resting.contains_key(organization) {
            return None;
        }
        let looking = tokio::time::timeout(PATIENCE, self.look_up_now(organization));
        let failure = match looking.await {
            Ok(Ok(settings)) => return Some(settings),
            Ok(Err(failure)) => failure,
            Err(_elapsed) => LookUpError::Slow,
        };
        self.resting.insert(organization.clone(), ()).await;
        warn!(
            org.id = organization.as_str(),
            error = log_chain(&failure),
            "cannot read the settings of an organization"
        );
        None
    }

    async fn look_up_now(
        &self,
        organization: &OrganizationId,
    ) -> Result<OrganizationSettings, LookUpError> {
        for _ in 0..3 {
            let forgotten = self.forgotten.load(Ordering::SeqCst);
            let stored = settings::read(&self.db, organization).await?;
            // Otherwise settings were changed during the look-up, and these may be the old ones.
            if self.forgotten.load(Ordering::SeqCst) == forgotten {
                return Ok(stored.settings);
            }
        }
        Err(LookUpError::Changing)
    }

    /// Drops changed settings, which must not be used any longer.
    async fn forget(&self, organization: &OrganizationId) {
        self.forgotten.fetch_add(1, Ordering::SeqCst);
        self.known.invalidate(organization).await;
    }
}

fn unknown() -> ApiError {
    ApiError::unavailable(
        "the settings of the organization cannot be read at the moment; send the same request again",
    )
}

/// Follows changes until the shutdown starts.
pub(crate) async fn follow(
    bus: Bus,
    settings: Arc<Settings>,
    shutdown: Shutdown,
) -> anyhow::Result<()> {
    let listen = move || forget_changed(bus.clone(), settings.clone());
    keep_listening("changed settings", listen, &shutdown).await;
    Ok(())
}

async fn forget_changed(bus: Bus, settings: Arc<Settings>) -> crow_bus::Result<Infallible> {
    let mut changed = notices::subscribe(&bus, notices::SETTINGS_CHANGED).await?;
    while let Some(organization) = changed.next().await {
        let organization = String::from_utf8_lossy(&organization);
        if let Ok(organization) = OrganizationId::new(organization) {
            settings.forget(&organization).await;
        }
    }
    Err(crow_bus::Error::Disconnected)
}
