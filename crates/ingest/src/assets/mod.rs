//! Pictures and fonts of recorded pages, so that replays still work after the site has changed.
//!
//! A batch names the addresses that its window has shown ([`reported`]). Once the batch is durable,
//! the addresses are looked up in memory, else in SQL. The reports of many batches share one
//! transaction ([`recorder`]). The receipt lists the addresses that are wanted. An SDK uploads an
//! asset to `/asset`. Its bytes are recognised ([`sniff`]) and stored ([`upload`]).
//! Acknowledgements of events do not depend on this: if the look-up takes too long, the receipt
//! lists none.

mod recorder;
mod reported;
mod sniff;
pub(crate) mod upload;

use std::num::NonZeroU32;
use std::time::Duration;

use governor::{DefaultKeyedRateLimiter, Quota};
use moka::ops::compute::{CompResult, Op};
use moka::sync::Cache;

use crow_db::Db;
use crow_db::assets::report::{Report, Shown, Standing};
use crow_types::{OrganizationId, SessionId, Timestamp, UrlHash};

use crate::config::AssetsConfig;
use recorder::count_reports;
pub(crate) use recorder::{Reports, record};
use reported::Reported;

/// The maximum number of addresses in one receipt.
const MAX_WANTED: usize = 16;
/// A receipt waits for SQL at most this long.
const LOOK_UP: Duration = Duration::from_millis(300);
/// The maximum number of addresses in memory, for all organizations.
const MAX_KNOWN: u64 = 200_000;
/// After this time a stored address is looked up again, in milliseconds, because another gateway
/// may have changed it.
const LOOK_AGAIN: i64 = 600_000;
/// Pause before another client is asked for the same address, in milliseconds. It doubles each
/// time, because an address that one client could not read is unreadable for most others.
const ASK_AGAIN: i64 = 60_000;
/// No pause is longer, in milliseconds.
const LONGEST_PAUSE: i64 = 86_400_000;
/// Maximum number of addresses of an organization that are looked up in SQL per minute. Further
/// ones are not counted.
const LOOK_UPS_PER_MINUTE: NonZeroU32 = NonZeroU32::new(12_000).expect("not zero");
/// How long an organization that has used up its space gets no upload requests.
const FULL: Duration = Duration::from_secs(600);

/// What this process knows about an address. There is nothing to do before `until`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Known {
    until: Timestamp,
    /// How often clients were asked for it without success.
    asked: u32,
}

/// Which addresses are wanted.
pub(crate) struct Assets {
    pub(crate) config: AssetsConfig,
    db: Db,
    reports: Reports,
    known: Cache<UrlHash, Known>,
    /// Organizations that have used up their space.
    full: Cache<OrganizationId, ()>,
    look_ups: DefaultKeyedRateLimiter<OrganizationId>,
    uploads: Option<DefaultKeyedRateLimiter<OrganizationId>>,
}

impl Assets {
    /// `reports` go to [`record`].
    pub(crate) fn new(config: &AssetsConfig, db: &Db, reports: Reports) -> Self {
        let per_minute = NonZeroU32::new(config.uploads_per_minute);
        Self {
            config: config.clone(),
            db: db.clone(),
            reports,
            known: Cache::builder()
                .max_capacity(MAX_KNOWN)
                .time_to_live(Duration::from_millis(LONGEST_PAUSE.unsigned_abs()))
                .build(),
            full: Cache::builder()
                .max_capacity(10_000)
                .time_to_live(FULL)
                .build(),
            look_ups: DefaultKeyedRateLimiter::dashmap(Quota::per_minute(LOOK_UPS_PER_MINUTE)),
            uploads: per_minute
                .map(|limit| DefaultKeyedRateLimiter::dashmap(Quota::per_minute(limit))),
        }
    }

    /// Records what a session has shown, and returns the addresses that the client should upload.
    pub(crate) async fn wanted(
        &self,
        organization: &OrganizationId,
        session: &SessionId,
        assets: &[u8],
        now: Timestamp,
    ) -> Vec<String> {
        if !self.config.enabled {
            return Vec::new();
        }
        let reported = reported::read(assets, organization);
        if reported.is_empty() {
            return Vec::new();
        }
        let unknown = self.unknown(organization, &reported, now);
        let report = Report {
            organization: organization.clone(),
            session: session.clone(),
            shown: reported.iter().map(|one| one.shown.hash).collect(),
            unknown: unknown.clone(),
        };
        if unknown.is_empty() {
            self.reports.note(report);
            return Vec::new();
        }
        let Some(standings) = self.reports.ask(report, LOOK_UP).await else {
            return Vec::new();
        };
        let is_full = self.full.contains_key(organization);
        let mut wanted = Vec::new();
        for one in &reported {
            let Some(standing) = standings.get(&one.shown.hash) else {
                continue;
            };
            let has_room = wanted.len() < MAX_WANTED && !is_full;
            if self.settle(one.shown.hash, *standing, has_room, now) {
                wanted.push(one.given.clone());
            }
        }
        wanted
    }

    /// The addresses that have to be looked up.
    fn unknown(
        &self,
        organization: &OrganizationId,
        reported: &[Reported],
        now: Timestamp,
    ) -> Vec<Shown> {
        let is_unknown = |one: &&Reported| {
            let known = self.known.get(&one.shown.hash);
            known.is_none_or(|known| known.until <= now)
        };
        let unknown: Vec<Shown> = reported
            .iter()
            .filter(is_unknown)
            .map(|one| one.shown.clone())
            .collect();
        let count = u32::try_from(unknown.len()).ok().and_then(NonZeroU32::new);
        let is_allowed = count.is_some_and(|count| {
            matches!(self.look_ups.check_key_n(organization, count), Ok(Ok(())))
        });
        if is_allowed {
            return unknown;
        }
        if count.is_some() {
            count_reports("limited");
        }
        Vec::new()
    }

    /// Caches the result from SQL. Returns true if the caller should ask for the address; no other
    /// request does for a while.
    fn settle(&self, url: UrlHash, standing: Standing, has_room: bool, now: Timestamp) -> bool {
        let fresh_until = standing
            .checked_at
            .map(|checked_at| checked_at.plus(self.config.refresh_ms()))
            .filter(|until| *until > now);
        let outcome = self.known.entry(url).and_compute_with(|entry| {
            let known = entry.map(moka::Entry::into_value);
            let asked = known.map_or(0, |known| known.asked);
            match fresh_until {
                Some(until) => Op::Put(Known {
                    until: until.min(now.plus(LOOK_AGAIN)),
                    asked: 0,
                }),
                // Another request got the result at the same time.
                None if known.is_some_and(|known| known.until > now) || !has_room => Op::Nop,
                None => Op::Put(Known {
                    until: now.plus(pause_after(asked)),
                    asked: asked.saturating_add(1),
                }),
            }
        });
        let is_put = matches!(
            outcome,
            CompResult::Inserted(_) | CompResult::ReplacedWith(_)
        );
        is_put && fresh_until.is_none()
    }

    /// Records that an address was uploaded, so that no client is asked for it.
    fn on_stored(&self, url: UrlHash, now: Timestamp) {
        let until = now.plus(self.config.refresh_ms().min(LOOK_AGAIN));
        self.known.insert(url, Known { until, asked: 0 });
    }

    /// Drops organizations that have not sent anything for a while.
    pub(crate) fn clean(&self) {
        self.look_ups.retain_recent();
        if let Some(uploads) = &self.uploads {
            uploads.retain_recent();
        }
    }
}

fn pause_after(asked: u32) -> i64 {
    ASK_AGAIN
        .saturating_mul(1 << asked.min(16))
        .min(LONGEST_PAUSE)
}
