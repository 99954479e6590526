//! Erasing sessions.
//!
//! [`erase`] is one transaction: it takes over the partitions of the sessions, destroys their keys
//! and rows, and writes tombstones. Taking over works as it does between keepers: the epoch grows,
//! so a keeper that holds something of these sessions cannot commit it. The next owner loads the
//! tombstones before it reads, and drops what they refuse.
//!
//! What is left in other stores is removed afterwards, in steps that may run twice. Each store has a
//! receipt.

use sea_orm::sea_query::{Expr, ExprTrait};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, Condition, DatabaseTransaction, EntityTrait, PaginatorTrait,
    QueryFilter, QueryOrder, QuerySelect,
};

use crow_types::{OrganizationId, Partition, SessionId, Timestamp};

use crate::archive::insert_garbage;
use crate::connection::Db;
use crate::entity::{
    audit_log, erased_objects, erased_sessions, erasure_receipts, erasures, partitions,
    replay_chunks, sessions, tombstones,
};
use crate::error::{Error, Result};
use crate::installation;
use crate::tombstones::{self as graves, Digests, Kind};

mod matching;
mod pages;
mod progress;
mod rows;
#[cfg(test)]
mod tests;

pub use matching::{Found, Subject, find};
pub use progress::{
    Erasure, ErasureKey, Receipt, announced, complete, get, incomplete, list, note, objects_of,
    since, unannounced,
};
pub use rows::{NOT_ERASED, Remaining, TABLES, remaining};

use matching::{Matched, matched};

/// Rows written in one statement.
const PER_STATEMENT: usize = 500;

/// Where something of a session can be. Each store has a receipt in every erasure.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Store {
    /// Keys of sessions. Without its key, nothing of a session in an object can be read.
    Keys,
    /// All other rows in SQL.
    Rows,
    /// Packs and archives.
    Objects,
    /// Messages that wait for a flush, with the objects that they point to.
    EventStreams,
    /// What could not be processed.
    DeadLetters,
    /// Announcements that wait for a consumer.
    Announcements,
}

impl Store {
    /// All of them, in the order of receipts.
    pub const ALL: [Self; 6] = [
        Self::Keys,
        Self::Rows,
        Self::Objects,
        Self::EventStreams,
        Self::DeadLetters,
        Self::Announcements,
    ];

    /// The name in receipts.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Keys => "keys",
            Self::Rows => "rows",
            Self::Objects => "objects",
            Self::EventStreams => "event_streams",
            Self::DeadLetters => "dead_letters",
            Self::Announcements => "announcements",
        }
    }
}

/// Who asks to erase what.
#[derive(Debug, Clone, Copy)]
pub struct Request<'a> {
    /// The tenant.
    pub organization: &'a OrganizationId,
    /// What is to be erased.
    pub subject: &'a Subject,
    /// Id of the key, or the name of the command.
    pub requested_by: &'a str,
}

/// Erases; returns the record of it. When this returns, nothing of it can be read any more.
///
/// # Errors
/// When the database fails; then nothing was erased.
pub async fn erase(db: &Db, request: &Request<'_>) -> Result<Erasure> {
    let digests = graves::digests(db).await?;
    let count = installation::partitions(db).await?;
    let organization = request.organization.as_str();
    let now = Timestamp::now();
    let id = ulid::Ulid::new().to_string();
    let transaction = db.begin("beginning an erasure").await?;
    let asked = request.subject.sessions();
    take_over(&transaction, &affected(request, asked, count)).await?;
    let matched = matched(&transaction, organization, request.subject).await?;
    let keys = note_objects(&transaction, &id, &matched).await?;
    let removed = rows::remove(&transaction, organization, request.subject, &matched).await?;
    bury(&transaction, &digests, request, &matched, now).await?;
    add_record(&transaction, &id, request, &matched, now).await?;
    progress::add_receipts(&transaction, &id, &removed, keys, now).await?;
    transaction
        .commit()
        .await
        .map_err(Error::sql("committing an erasure"))?;
    let erasure = get(db, organization, &id).await?;
    erasure.ok_or_else(|| Error::Unreadable("the erasure that was just written".to_owned()))
}

/// Partitions whose keepers may hold something of the subject. Sessions that are not named may be in
/// any.
fn affected(
    request: &Request<'_>,
    asked: Option<&[String]>,
    count: crow_types::PartitionCount,
) -> Option<Vec<Partition>> {
    let partitions = asked?.iter().map(|session| {
        let session = SessionId::new(session.as_str()).ok()?;
        Some(Partition::of(request.organization, &session, count))
    });
    // A row id names a session that is found later, in any partition.
    partitions.collect()
}

/// Ends the leases of keepers. `None`: of all.
async fn take_over(
    transaction: &DatabaseTransaction,
    affected: &Option<Vec<Partition>>,
) -> Result<()> {
    use partitions::Column;
    let of_affected = affected
        .as_ref()
        .map(|affected| Column::Id.is_in(affected.iter().map(|partition| i64::from(partition.0))));
    partitions::Entity::update_many()
        .col_expr(Column::Epoch, Expr::col(Column::Epoch).add(1))
        .col_expr(Column::Owner, Expr::value(None::<String>))
        .col_expr(Column::LeaseUntil, Expr::value(0_i64))
        .filter(Condition::all().add_option(of_affected))
        .exec(transaction)
        .await
        .map(drop)
        .map_err(Error::sql("taking over partitions"))
}

/// Notes the objects for the sweeper and for the receipt; returns how many.
async fn note_objects(
    transaction: &DatabaseTransaction,
    id: &str,
    matched: &[Matched],
) -> Result<u64> {
    let mut keys = std::collections::BTreeSet::new();
    for sessions in matched.chunks(PER_STATEMENT) {
        let rows = sessions.iter().map(|session| session.id.as_str());
        let found: Vec<String> = replay_chunks::Entity::find()
            .select_only()
            .column(replay_chunks::Column::R2Key)
            .distinct()
            .filter(replay_chunks::Column::SessionId.is_in(rows))
            .into_tuple()
            .all(transaction)
            .await
            .map_err(Error::sql("listing objects to erase"))?;
        keys.extend(found);
    }
    let keys: Vec<&str> = keys.iter().map(String::as_str).collect();
    insert_garbage(transaction, &keys).await?;
    for keys in keys.chunks(PER_STATEMENT) {
        let rows = keys.iter().map(|key| erased_objects::ActiveModel {
            erasure_id: Set(id.to_owned()),
            r2_key: Set((*key).to_owned()),
        });
        erased_objects::Entity::insert_many(rows)
            .exec_without_returning(transaction)
            .await
            .map_err(Error::sql("noting erased objects"))?;
    }
    Ok(keys.len() as u64)
}

/// Writes tombstones. The newest erasure of a user or an organization counts.
async fn bury(
    transaction: &DatabaseTransaction,
    digests: &Digests,
    request: &Request<'_>,
    matched: &[Matched],
    now: Timestamp,
) -> Result<()> {
    let organization = request.organization.as_str();
    let tombstone = |kind: Kind, id: &str, partition: Option<i64>| tombstones::ActiveModel {
        organization_id: Set(organization.to_owned()),
        kind: Set(kind.as_str().to_owned()),
        digest: Set(digests.of(organization, kind, id)),
        partition: Set(partition),
        erased_at: Set(now.0),
        expires_at: Set(now.plus(graves::KEPT_MS).0),
    };
    let mut rows = std::collections::BTreeMap::new();
    let matched = match request.subject {
        Subject::Expired { .. } => &[],
        _ => matched,
    };
    for session in matched {
        let row = tombstone(Kind::Session, &session.session_id, Some(session.partition));
        rows.insert(session.session_id.clone(), row);
    }
    // Nothing of them may be stored yet.
    for session in request.subject.sessions().unwrap_or_default() {
        let row = || tombstone(Kind::Session, session, None);
        rows.entry(session.clone()).or_insert_with(row);
    }
    let mut rows: Vec<_> = rows.into_values().collect();
    match request.subject {
        Subject::User(user) => rows.push(tombstone(Kind::User, user, None)),
        Subject::Organization => rows.push(tombstone(Kind::Organization, "", None)),
        Subject::Sessions(_)
        | Subject::Time { .. }
        | Subject::Property { .. }
        | Subject::Expired { .. } => {}
    }
    for rows in rows.chunks(PER_STATEMENT) {
        use tombstones::Column;
        let newest = sea_orm::sea_query::OnConflict::columns([
            Column::OrganizationId,
            Column::Kind,
            Column::Digest,
        ])
        .update_columns([Column::ErasedAt, Column::ExpiresAt])
        .to_owned();
        tombstones::Entity::insert_many(rows.iter().cloned())
            .on_conflict(newest)
            .exec_without_returning(transaction)
            .await
            .map_err(Error::sql("writing tombstones"))?;
    }
    Ok(())
}

async fn add_record(
    transaction: &DatabaseTransaction,
    id: &str,
    request: &Request<'_>,
    matched: &[Matched],
    now: Timestamp,
) -> Result<()> {
    let (organization, kind) = (request.organization.as_str(), request.subject.kind());
    let record = erasures::ActiveModel {
        id: Set(id.to_owned()),
        organization_id: Set(organization.to_owned()),
        kind: Set(kind.to_owned()),
        requested_by: Set(request.requested_by.to_owned()),
        requested_at: Set(now.0),
        sessions: Set(i64::try_from(matched.len()).unwrap_or(i64::MAX)),
        completed_at: Set(None),
    };
    erasures::Entity::insert(record)
        .exec_without_returning(transaction)
        .await
        .map_err(Error::sql("noting an erasure"))?;
    let entry = audit_log::ActiveModel {
        id: Set(ulid::Ulid::new().to_string()),
        organization_id: Set(organization.to_owned()),
        at: Set(now.0),
        action: Set("erasure".to_owned()),
        subject: Set(id.to_owned()),
    };
    audit_log::Entity::insert(entry)
        .exec_without_returning(transaction)
        .await
        .map_err(Error::sql("noting an erasure"))?;
    for sessions in matched.chunks(PER_STATEMENT) {
        let rows = sessions.iter().map(|session| erased_sessions::ActiveModel {
            erasure_id: Set(id.to_owned()),
            session_row: Set(session.id.clone()),
            session_id: Set(session.session_id.clone()),
        });
        erased_sessions::Entity::insert_many(rows)
            .exec_without_returning(transaction)
            .await
            .map_err(Error::sql("noting erased sessions"))?;
    }
    Ok(())
}
