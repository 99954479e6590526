//! What was erased must not come back. A tombstone refuses batches that were made before an erasure
//! and arrive after it.
//!
//! A keeper loads them when it opens a partition. An erasure takes the partitions over, so every
//! keeper opens them again: no flush is committed that does not know all tombstones.
//!
//! The tombstone of a range of time is different. It names nobody, and refuses only what was published
//! before the erasure. Who publishes something of that time afterwards does it on purpose.

use std::collections::HashMap;

use data_encoding::HEXLOWER;
use ring::hmac;
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, Condition, EntityTrait, QueryFilter, QueryOrder};

use crow_proto::events::Batch;
use crow_types::{Partition, Timestamp};

use crate::connection::Db;
use crate::entity::{installation, tombstones};
use crate::error::{Error, Result};

#[cfg(test)]
mod tests;

/// How long a tombstone lasts, in milliseconds: 90 days.
pub const KEPT_MS: i64 = 90 * 86_400_000;
/// More than clocks differ, in milliseconds: what was published so soon after an erasure counts as
/// published before it.
pub(crate) const CLOCKS_MS: i64 = 5_000;
/// Bytes of a digest.
const DIGEST: usize = 16;

/// What a tombstone is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Session,
    User,
    Visitor,
    Organization,
    Time,
}

impl Kind {
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Session => "session",
            Self::User => "user",
            Self::Visitor => "visitor",
            Self::Organization => "organization",
            Self::Time => "time",
        }
    }
}

/// Makes digests.
#[derive(Debug, Clone)]
pub(crate) struct Digests(hmac::Key);

impl Digests {
    pub(crate) fn new(salt: &str) -> Self {
        Self(hmac::Key::new(hmac::HMAC_SHA256, salt.as_bytes()))
    }

    pub(crate) fn of(&self, organization: &str, kind: Kind, id: &str) -> String {
        let mut context = hmac::Context::with_key(&self.0);
        for text in [organization, kind.as_str(), id] {
            context.update(&(text.len() as u64).to_be_bytes());
            context.update(text.as_bytes());
        }
        HEXLOWER.encode(&context.sign().as_ref()[..DIGEST])
    }
}

/// A batch or a report, as far as tombstones are concerned.
#[derive(Debug, Clone, Copy, Default)]
pub struct Arriving<'a> {
    /// The tenant.
    pub organization: &'a str,
    /// The SDK's session id.
    pub session: &'a str,
    /// The user that it names; empty: none.
    pub user: &'a str,
    /// The visitor id in it; empty: none.
    pub visitor: &'a str,
    /// When the oldest thing in it happened, milliseconds since the epoch.
    pub oldest_at: i64,
    /// When the newest thing in it happened.
    pub newest_at: i64,
    /// When it reached CROW. `None`: erased ranges of time do not concern it.
    pub published_at: Option<i64>,
}

impl<'a> Arriving<'a> {
    /// Times are the client's, corrected by when it sent the batch.
    #[must_use]
    pub fn of(batch: &'a Batch) -> Self {
        let events = batch.events.iter().map(|event| event.timestamp);
        let times = events.chain(batch.replay.iter().map(|event| event.timestamp));
        let (oldest, newest) = times.fold((i64::MAX, i64::MIN), |(oldest, newest), at| {
            (oldest.min(at), newest.max(at))
        });
        // Without the client's clock, its newest item happened just now.
        let sent_at = batch.sent_at.unwrap_or(newest);
        let is_empty = oldest == i64::MAX;
        let happened_at = |at: i64| {
            let age = if is_empty {
                0
            } else {
                sent_at.saturating_sub(at).max(0)
            };
            batch.received_at.saturating_sub(age)
        };
        let context = batch.context.as_ref();
        Self {
            organization: &batch.organization_id,
            session: &batch.session_id,
            user: context.map_or("", |context| &context.user_id),
            visitor: context.map_or("", |context| &context.visitor_id),
            oldest_at: happened_at(oldest),
            newest_at: happened_at(newest),
            published_at: Some(batch.received_at),
        }
    }
}

/// An erased range of time, both ends included.
#[derive(Debug, Clone, Copy)]
struct Range {
    since: i64,
    until: i64,
    erased_at: i64,
}

/// The tombstones that are not expired.
#[derive(Debug, Clone, Default)]
pub struct Tombstones {
    digests: Option<Digests>,
    /// Until when each session, user, visitor and organization is refused.
    sessions: HashMap<String, i64>,
    users: HashMap<String, i64>,
    visitors: HashMap<String, i64>,
    organizations: HashMap<String, i64>,
    /// By organization and digest.
    ranges: HashMap<String, HashMap<String, Range>>,
    newest: i64,
}

impl Tombstones {
    /// Those that concern a partition; all without one.
    pub async fn load(db: &Db, partition: Option<Partition>) -> Result<Self> {
        let mut all = Self::default();
        all.load_since(db, partition, 0).await?;
        Ok(all)
    }

    /// Adds those that were written since it was loaded.
    pub async fn refresh(&mut self, db: &Db) -> Result<()> {
        // Erasures commit in another order than their times, if clocks differ.
        const OVERLAP: i64 = 600_000;
        let since = self.newest - OVERLAP;
        self.load_since(db, None, since).await
    }

    async fn load_since(
        &mut self,
        db: &Db,
        partition: Option<Partition>,
        since: i64,
    ) -> Result<()> {
        use tombstones::Column;
        let concerns = partition.map(|partition| {
            Condition::any()
                .add(Column::Partition.is_null())
                .add(Column::Partition.eq(i64::from(partition.0)))
        });
        let rows = tombstones::Entity::find()
            .filter(Column::ErasedAt.gte(since))
            .filter(Column::ExpiresAt.gt(Timestamp::now().0))
            .filter(Condition::all().add_option(concerns))
            .order_by_asc(Column::ErasedAt)
            .all(&db.read)
            .await
            .map_err(Error::sql("reading tombstones"))?;
        if !rows.is_empty() && self.digests.is_none() {
            self.digests = Some(Digests::new(&stored_salt(db).await?));
        }
        for row in rows {
            self.newest = self.newest.max(row.erased_at);
            match row.kind.as_str() {
                "session" => {
                    self.sessions.insert(row.digest, row.until);
                }
                "user" => {
                    self.users.insert(row.digest, row.until);
                }
                "visitor" => {
                    self.visitors.insert(row.digest, row.until);
                }
                "organization" => {
                    self.organizations.insert(row.organization_id, row.until);
                }
                "time" => {
                    let range = Range {
                        since: row.since.unwrap_or(i64::MIN),
                        until: row.until,
                        erased_at: row.erased_at,
                    };
                    let ranges = self.ranges.entry(row.organization_id).or_default();
                    ranges.insert(row.digest, range);
                }
                // A newer release knows what it means, and refuses by itself.
                _ => {}
            }
        }
        Ok(())
    }

    /// Whether the batch belongs to something that was erased. A session stays erased, unless it has a
    /// later visit that was not erased. A user, a visitor or an organization may begin again, so only
    /// what happened before the erasure is refused.
    #[must_use]
    pub fn refuse(&self, batch: &Arriving<'_>) -> bool {
        let Some(digests) = &self.digests else {
            return false;
        };
        let organization = batch.organization;
        let is_older = |erased_at: Option<&i64>| erased_at.is_some_and(|at| batch.oldest_at <= *at);
        if is_older(self.organizations.get(organization)) {
            return true;
        }
        [
            (&self.sessions, Kind::Session, batch.session),
            (&self.users, Kind::User, batch.user),
            (&self.visitors, Kind::Visitor, batch.visitor),
        ]
        .into_iter()
        .filter(|(erased, _kind, id)| !erased.is_empty() && !id.is_empty())
        .any(|(erased, kind, id)| is_older(erased.get(&digests.of(organization, kind, id))))
    }

    /// Whether something that waits in a queue or among the dead letters was erased: what
    /// [`Self::refuse`] refuses, and what was published before its time or its organization was erased.
    ///
    /// Keepers do not ask this. They store what was on its way, so that its whole session is found and
    /// erased.
    #[must_use]
    pub fn has_erased(&self, waiting: &Arriving<'_>) -> bool {
        let is_of_erased_time = |published_at| self.has_erased_time(waiting, published_at);
        self.refuse(waiting) || waiting.published_at.is_some_and(is_of_erased_time)
    }

    fn has_erased_time(&self, waiting: &Arriving<'_>, published_at: i64) -> bool {
        let organization = waiting.organization;
        let was_before = |erased_at: i64| published_at <= erased_at.saturating_add(CLOCKS_MS);
        let includes = |range: &Range| {
            was_before(range.erased_at)
                && waiting.oldest_at <= range.until
                && waiting.newest_at >= range.since
        };
        let erased_at = self.organizations.get(organization);
        let ranges = self.ranges.get(organization);
        erased_at.is_some_and(|at| was_before(*at))
            || ranges.is_some_and(|ranges| ranges.values().any(includes))
    }
}

async fn stored_salt(db: &Db) -> Result<String> {
    let row = installation::Entity::find_by_id(1)
        .one(&db.lookups)
        .await
        .map_err(Error::sql("reading the installation"))?;
    Ok(row.map(|row| row.salt).unwrap_or_default())
}

/// The digests of this installation. Makes its salt the first time.
pub(crate) async fn digests(db: &Db) -> Result<Digests> {
    let fresh = ulid::Ulid::new().to_string() + &ulid::Ulid::new().to_string();
    installation::Entity::update_many()
        .col_expr(installation::Column::Salt, Expr::value(fresh))
        .filter(installation::Column::Salt.eq(""))
        .exec(&db.write)
        .await
        .map_err(Error::sql("making the salt of tombstones"))?;
    Ok(Digests::new(&stored_salt(db).await?))
}

/// Forgets expired tombstones.
pub async fn forget_expired(db: &Db, now: Timestamp) -> Result<u64> {
    let outcome = tombstones::Entity::delete_many()
        .filter(tombstones::Column::ExpiresAt.lte(now.0))
        .exec(&db.write)
        .await
        .map_err(Error::sql("forgetting tombstones"))?;
    Ok(outcome.rows_affected)
}
