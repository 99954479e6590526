//! Erasing sessions.
//!
//! [`erase`] is one transaction: it takes over the partitions of the sessions, destroys their keys
//! and rows, and writes tombstones. Taking over works as it does between keepers: the epoch grows,
//! so a keeper that holds something of these sessions cannot commit it. The next owner loads the
//! tombstones before it reads, and drops what they refuse.
//!
//! What is left in other stores is removed afterwards, in steps that may run twice. Each store has a
//! receipt.

use std::collections::{BTreeMap, BTreeSet};
use std::str::FromStr;

use sea_orm::sea_query::{Expr, ExprTrait, OnConflict};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, Condition, ConnectionTrait, DatabaseTransaction, DbBackend,
    EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect,
};

use crow_types::stores::Store;
use crow_types::{OrganizationId, Partition, SessionId, Timestamp};

use crate::archive::insert_garbage;
use crate::audit_log::{self, Actor, Entry, Outcome};
use crate::connection::Db;
use crate::entity::{
    erased_objects, erased_sessions, erasure_receipts, erasures, partitions, replay_chunks,
    sessions, tombstones,
};
use crate::error::{Error, Result};
use crate::installation;
use crate::tombstones::{self as graves, Digests, Kind};

mod matching;
mod mode;
mod pages;
mod progress;
mod rows;
#[cfg(test)]
mod tests;

pub use matching::{Found, Named, Subject, find, named};
pub use mode::Mode;
pub use progress::{
    Erasure, ErasureKey, Receipt, announced, complete, get, incomplete, list, note, objects_of,
    reopen, since, unannounced,
};
pub use rows::{Remaining, remaining};

use matching::{Matched, matched};

/// Attempts of one erasure.
const ATTEMPTS: u32 = 3;
/// A session is not longer than a day, in milliseconds.
const RECENT_MS: i64 = 86_400_000;
/// A tombstone that lasts longer is not cut short.
const LATER_EXPIRY: &str = "case when excluded.expires_at > tombstones.expires_at \
    then excluded.expires_at else tombstones.expires_at end";
/// Rows written in one statement.
const PER_STATEMENT: usize = 500;

/// Who asks to erase what.
#[derive(Debug, Clone, Copy)]
pub struct Request<'a> {
    /// The tenant.
    pub organization: &'a OrganizationId,
    /// Which sessions.
    pub subject: &'a Subject,
    /// What becomes of them.
    pub mode: Mode,
    /// Who asks.
    pub requested_by: &'a Actor,
}

/// Erases or anonymizes; returns the record of it. When this returns, keys and rows are gone.
///
/// # Errors
/// When the database fails; then nothing was erased.
pub async fn erase(db: &Db, request: &Request<'_>) -> Result<Erasure> {
    let mut attempts = 0;
    loop {
        attempts += 1;
        match attempt(db, request).await {
            // A deadlock with a keeper that renews its leases, for example.
            Err(error) if error.is_retryable() && attempts < ATTEMPTS => {}
            outcome => return outcome,
        }
    }
}

async fn attempt(db: &Db, request: &Request<'_>) -> Result<Erasure> {
    let digests = graves::digests(db).await?;
    let count = installation::partitions(db).await?;
    let organization = request.organization.as_str();
    let now = Timestamp::now();
    let id = ulid::Ulid::new().to_string();
    let transaction = begin(db).await?;
    let affected = affected(&transaction, request, count).await?;
    take_over(&transaction, affected.as_deref()).await?;
    let matched = matched(&transaction, organization, request.subject, request.mode).await?;
    let objects = note_objects(&transaction, &id, &matched).await?;
    let mut removed = rows::remove(&transaction, request, &matched, now).await?;
    bury(&transaction, &digests, request, &matched, now).await?;
    progress::add_record(&transaction, &id, request, &matched, now).await?;
    removed.rows += rows::remove_decisions(&transaction, request).await?;
    progress::add_receipts(&transaction, &id, request.subject, &removed, objects).await?;
    transaction
        .commit()
        .await
        .map_err(Error::sql("committing an erasure"))?;
    let erasure = get(db, organization, &id).await?;
    erasure.ok_or_else(|| Error::Unreadable("the erasure that was just written".to_owned()))
}

/// It may take long, and must not be given up halfway for that.
async fn begin(db: &Db) -> Result<DatabaseTransaction> {
    let transaction = db.begin("beginning an erasure").await?;
    if !db.is_sqlite() {
        transaction
            .execute_unprepared("set local statement_timeout = 0")
            .await
            .map_err(Error::sql("beginning an erasure"))?;
    }
    Ok(transaction)
}

/// Partitions whose keepers may hold something of the subject; `None`: any may.
async fn affected(
    transaction: &DatabaseTransaction,
    request: &Request<'_>,
    count: crow_types::PartitionCount,
) -> Result<Option<Vec<i64>>> {
    let sessions = match request.subject {
        Subject::Sessions(sessions) | Subject::Withdrawn(sessions) => sessions,
        // They have been over for a day at least. If a keeper writes late data of one at this moment,
        // the next round erases it.
        Subject::Expired { .. } => return Ok(Some(Vec::new())),
        Subject::User(_)
        | Subject::Visitor(_)
        | Subject::Time { .. }
        | Subject::Property { .. }
        | Subject::Organization => return Ok(None),
    };
    let named = sessions.iter().filter_map(|session| {
        let session = SessionId::new(session.as_str()).ok()?;
        let partition = Partition::of(request.organization, &session, count);
        Some(i64::from(partition.0))
    });
    let mut affected: Vec<i64> = named.collect();
    // A row id looks like a session id, and its session may be in any partition.
    let are_rows = matches!(request.subject, Subject::Sessions(_));
    let rows = if are_rows { sessions.as_slice() } else { &[] };
    for rows in rows.chunks(PER_STATEMENT) {
        let of_rows: Vec<i64> = sessions::Entity::find()
            .select_only()
            .column(sessions::Column::Partition)
            .distinct()
            .filter(sessions::Column::OrganizationId.eq(request.organization.as_str()))
            .filter(sessions::Column::Id.is_in(rows))
            .into_tuple()
            .all(transaction)
            .await
            .map_err(Error::sql("looking for partitions to take over"))?;
        affected.extend(of_rows);
    }
    Ok(Some(affected))
}

/// Ends the leases of keepers. `None`: of all.
async fn take_over(transaction: &DatabaseTransaction, affected: Option<&[i64]>) -> Result<()> {
    use partitions::Column;
    let which = Condition::all()
        .add_option(affected.map(|affected| Column::Id.is_in(affected.iter().copied())));
    if transaction.get_database_backend() == DbBackend::Postgres {
        // Always in the same order, so that two erasures do not wait for each other.
        partitions::Entity::find()
            .select_only()
            .column(Column::Id)
            .filter(which.clone())
            .order_by_asc(Column::Id)
            .lock_exclusive()
            .into_tuple::<i64>()
            .all(transaction)
            .await
            .map_err(Error::sql("taking over partitions"))?;
    }
    partitions::Entity::update_many()
        .col_expr(Column::Epoch, Expr::col(Column::Epoch).add(1))
        .col_expr(Column::Owner, Expr::value(None::<String>))
        .col_expr(Column::LeaseUntil, Expr::value(0_i64))
        .filter(which)
        .exec(transaction)
        .await
        .map(drop)
        .map_err(Error::sql("taking over partitions"))
}

/// Erases sessions that match the subject of an erasure by now, because what was on its way when it
/// was committed has been stored since; returns how many. Then the record forgets the subject. What
/// began later is left alone.
pub async fn erase_rest(db: &Db, erasure: &Erasure) -> Result<u64> {
    let Some(subject) = progress::subject_of(db, &erasure.id).await? else {
        return Ok(0);
    };
    let organization = OrganizationId::new(erasure.organization.as_str())
        .map_err(|error| Error::Unreadable(format!("erasures.organization_id: {error}")))?;
    let request = Request {
        organization: &organization,
        subject: &subject,
        mode: Mode::from_str(&erasure.mode)?,
        requested_by: &Actor::system(),
    };
    let (organization, mode) = (organization.as_str(), request.mode);
    let digests = graves::digests(db).await?;
    let transaction = begin(db).await?;
    let at = Timestamp(erasure.requested_at);
    let mut late = matched(&transaction, organization, &subject, mode).await?;
    late.retain(|session| session.started_at <= erasure.requested_at);
    rows::remove_reported(&transaction, organization, &subject, &late, at).await?;
    if !late.is_empty() {
        take_over(&transaction, None).await?;
        late = matched(&transaction, organization, &subject, mode).await?;
        late.retain(|session| session.started_at <= erasure.requested_at);
        note_objects(&transaction, &erasure.id, &late).await?;
        rows::remove_sessions(&transaction, organization, mode, &late, at).await?;
        bury(&transaction, &digests, &request, &late, at).await?;
        progress::add_sessions(&transaction, &erasure.id, &late).await?;
    }
    progress::forget_subject(&transaction, &erasure.id, late.len()).await?;
    transaction
        .commit()
        .await
        .map_err(Error::sql("committing the rest of an erasure"))?;
    Ok(late.len() as u64)
}

/// Removes what an erasure removed of its sessions and is there after all.
pub async fn remove_again(db: &Db, erasure: &Erasure) -> Result<()> {
    let mode = Mode::from_str(&erasure.mode)?;
    let transaction = begin(db).await?;
    take_over(&transaction, None).await?;
    let rows: Vec<String> = erased_sessions::Entity::find()
        .select_only()
        .column(erased_sessions::Column::SessionRow)
        .filter(erased_sessions::Column::ErasureId.eq(erasure.id.as_str()))
        .into_tuple()
        .all(&transaction)
        .await
        .map_err(Error::sql("listing erased sessions"))?;
    let back = matching::by_rows(&transaction, &erasure.organization, &rows).await?;
    note_objects(&transaction, &erasure.id, &back).await?;
    rows::remove_rows(&transaction, mode, &rows, Timestamp::now()).await?;
    transaction
        .commit()
        .await
        .map_err(Error::sql("removing rows again"))
}

/// Notes the objects for the sweeper and for the receipt; returns how many.
async fn note_objects(
    transaction: &DatabaseTransaction,
    id: &str,
    matched: &[Matched],
) -> Result<u64> {
    let mut keys = BTreeSet::new();
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
            .on_conflict(OnConflict::new().do_nothing().to_owned())
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
    let tombstone = |kind: Kind, id: &str, partition, until| tombstones::ActiveModel {
        organization_id: Set(organization.to_owned()),
        kind: Set(kind.as_str().to_owned()),
        digest: Set(digests.of(organization, kind, id)),
        partition: Set(partition),
        erased_at: Set(now.0),
        until: Set(until),
        expires_at: Set(now.plus(request.subject.refused_for()).0),
    };
    let continued = newest_left(transaction, organization, matched).await?;
    let mut rows = BTreeMap::new();
    // A keeper may still get something of these. The rest is older than the tombstone of the
    // organization, or is no secret.
    let recent = now.plus(-RECENT_MS).0;
    let needs_one = |session: &&Matched| match request.subject {
        Subject::Expired { .. } => false,
        Subject::Organization => session.last_event_at >= recent,
        Subject::Sessions(_)
        | Subject::Withdrawn(_)
        | Subject::User(_)
        | Subject::Visitor(_)
        | Subject::Time { .. }
        | Subject::Property { .. } => true,
    };
    for session in matched.iter().filter(needs_one) {
        let until = match continued.get(&session.session_id) {
            Some(started_at) if *started_at > session.started_at => session.last_event_at,
            Some(_) | None => i64::MAX,
        };
        let partition = Some(session.partition);
        let row = tombstone(Kind::Session, &session.session_id, partition, until);
        rows.insert(session.session_id.clone(), row);
    }
    // Nothing of them may be stored yet.
    for session in request.subject.sessions().unwrap_or_default() {
        let row = || tombstone(Kind::Session, session, None, i64::MAX);
        rows.entry(session.clone()).or_insert_with(row);
    }
    let mut rows: Vec<_> = rows.into_values().collect();
    match request.subject {
        Subject::User(user) => rows.push(tombstone(Kind::User, user, None, now.0)),
        Subject::Visitor(visitor) => rows.push(tombstone(Kind::Visitor, visitor, None, now.0)),
        Subject::Organization => rows.push(tombstone(Kind::Organization, "", None, now.0)),
        Subject::Sessions(_)
        | Subject::Withdrawn(_)
        | Subject::Time { .. }
        | Subject::Property { .. }
        | Subject::Expired { .. } => {}
    }
    for rows in rows.chunks(PER_STATEMENT) {
        use tombstones::Column;
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

/// Notes in the audit log that somebody gets what is stored of a person, whom it does not name;
/// returns the id of the request.
pub async fn note_access(
    db: &Db,
    organization: &OrganizationId,
    by: &Actor,
    now: Timestamp,
) -> Result<String> {
    let id = ulid::Ulid::new().to_string();
    let entry = Entry {
        organization: organization.as_str(),
        by,
        action: "access.requested",
        subject: &id,
        outcome: Outcome::Done,
        at: now,
    };
    audit_log::note(db, entry).await?;
    Ok(id)
}
