//! The tombstones of an erasure.

use std::collections::BTreeMap;

use sea_orm::sea_query::{Expr, OnConflict};
use sea_orm::{ColumnTrait, DatabaseTransaction, EntityTrait, QueryFilter, QuerySelect, Set};

use crow_types::Timestamp;

use super::matching::{Matched, Subject};
use super::{PER_STATEMENT, Request};
use crate::entity::{sessions, tombstones};
use crate::error::{Error, Result};
use crate::tombstones::{Digests, Kind};

/// A session is not longer than a day, in milliseconds.
const RECENT_MS: i64 = 86_400_000;
/// A tombstone that lasts longer is not cut short.
const LATER_EXPIRY: &str = "case when excluded.expires_at > tombstones.expires_at \
    then excluded.expires_at else tombstones.expires_at end";

/// Writes the tombstones of one erasure.
pub(super) struct Burial<'a> {
    pub(super) digests: &'a Digests,
    pub(super) request: &'a Request<'a>,
    /// When the erasure was requested.
    pub(super) at: Timestamp,
}

impl Burial<'_> {
    /// Buries sessions: those that were found, and those that the subject names.
    pub(super) async fn of_sessions(
        &self,
        transaction: &DatabaseTransaction,
        matched: &[Matched],
    ) -> Result<()> {
        let organization = self.request.organization.as_str();
        let continued = newest_left(transaction, organization, matched).await?;
        let mut rows = BTreeMap::new();
        for session in matched.iter().filter(|session| self.needs_one(session)) {
            let until = match continued.get(&session.session_id) {
                Some(started_at) if *started_at > session.started_at => session.last_event_at,
                Some(_) | None => i64::MAX,
            };
            let row = tombstones::ActiveModel {
                partition: Set(Some(session.partition)),
                ..self.tombstone(Kind::Session, &session.session_id, until)
            };
            rows.insert(session.session_id.clone(), row);
        }
        // Nothing of them may be stored yet.
        for session in self.request.subject.sessions().unwrap_or_default() {
            let row = || self.tombstone(Kind::Session, session, i64::MAX);
            rows.entry(session.clone()).or_insert_with(row);
        }
        let rows: Vec<_> = rows.into_values().collect();
        write(transaction, &rows).await
    }

    /// Buries whom or what the subject names beside sessions. Once is enough: the newest erasure of a
    /// user, a visitor, an organization or a range counts.
    pub(super) async fn of_subject(&self, transaction: &DatabaseTransaction) -> Result<()> {
        let at = self.at.0;
        let row = match self.request.subject {
            Subject::User(user) => self.tombstone(Kind::User, user, at),
            Subject::Visitor(visitor) => self.tombstone(Kind::Visitor, visitor, at),
            Subject::Organization => self.tombstone(Kind::Organization, "", at),
            Subject::Time { from, to } => tombstones::ActiveModel {
                since: Set(Some(*from)),
                ..self.tombstone(Kind::Time, &range(*from, *to), to.saturating_sub(1))
            },
            Subject::Sessions(_)
            | Subject::Withdrawn(_)
            | Subject::Property { .. }
            | Subject::Expired { .. } => return Ok(()),
        };
        write(transaction, &[row]).await
    }

    /// Whether the subject is a range without a tombstone of this erasure or a later one: a release from
    /// before the migration m0055 writes none.
    pub(super) async fn lacks_range(&self, transaction: &DatabaseTransaction) -> Result<bool> {
        use tombstones::Column;
        let Subject::Time { from, to } = self.request.subject else {
            return Ok(false);
        };
        let organization = self.request.organization.as_str();
        let digest = self
            .digests
            .of(organization, Kind::Time, &range(*from, *to));
        let found = tombstones::Entity::find()
            .filter(Column::OrganizationId.eq(organization))
            .filter(Column::Kind.eq(Kind::Time.as_str()))
            .filter(Column::Digest.eq(digest))
            .filter(Column::ErasedAt.gte(self.at.0))
            .one(transaction)
            .await
            .map_err(Error::sql("looking for the tombstone of a range"))?;
        Ok(found.is_none())
    }

    /// A keeper may still get something of it. The rest is older than the tombstone of the organization,
    /// or is no secret.
    fn needs_one(&self, session: &Matched) -> bool {
        match self.request.subject {
            Subject::Expired { .. } => false,
            Subject::Organization => session.last_event_at >= self.at.plus(-RECENT_MS).0,
            Subject::Sessions(_)
            | Subject::Withdrawn(_)
            | Subject::User(_)
            | Subject::Visitor(_)
            | Subject::Time { .. }
            | Subject::Property { .. } => true,
        }
    }

    fn tombstone(&self, kind: Kind, id: &str, until: i64) -> tombstones::ActiveModel {
        let organization = self.request.organization.as_str();
        tombstones::ActiveModel {
            organization_id: Set(organization.to_owned()),
            kind: Set(kind.as_str().to_owned()),
            digest: Set(self.digests.of(organization, kind, id)),
            partition: Set(None),
            erased_at: Set(self.at.0),
            until: Set(until),
            expires_at: Set(self.at.plus(self.request.subject.refused_for()).0),
            since: Set(None),
        }
    }
}

/// What names a range in its digest.
fn range(from: i64, to: i64) -> String {
    format!("{from}-{to}")
}

async fn write(transaction: &DatabaseTransaction, rows: &[tombstones::ActiveModel]) -> Result<()> {
    use tombstones::Column;
    for rows in rows.chunks(PER_STATEMENT) {
        let newest = OnConflict::columns([Column::OrganizationId, Column::Kind, Column::Digest])
            .update_columns([Column::ErasedAt, Column::Until])
            .value(Column::ExpiresAt, Expr::cust(LATER_EXPIRY))
            .to_owned();
        tombstones::Entity::insert_many(rows.iter().cloned())
            .on_conflict(newest)
            .exec_without_returning(transaction)
            .await
            .map_err(Error::sql("writing tombstones"))?;
    }
    Ok(())
}

/// When the newest visit that is left of each session began: its data is still welcome.
async fn newest_left(
    transaction: &DatabaseTransaction,
    organization: &str,
    matched: &[Matched],
) -> Result<BTreeMap<String, i64>> {
    use sessions::Column;
    let mut left = BTreeMap::new();
    for sessions in matched.chunks(PER_STATEMENT) {
        let ids = sessions.iter().map(|session| session.session_id.as_str());
        let some: Vec<(String, i64)> = sessions::Entity::find()
            .select_only()
            .column(Column::SessionId)
            .column_as(Column::StartedAt.max(), "started_at")
            .filter(Column::OrganizationId.eq(organization))
            .filter(Column::SessionId.is_in(ids))
            .group_by(Column::SessionId)
            .into_tuple()
            .all(transaction)
            .await
            .map_err(Error::sql("looking for other visits of erased sessions"))?;
        left.extend(some);
    }
    Ok(left)
}
