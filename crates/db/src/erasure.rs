//! Erasing sessions.
//!
//! [`erase`] is one transaction: it takes over the partitions of the sessions, destroys their keys
//! and rows, and writes tombstones. Taking over works as it does between keepers: the epoch grows,
//! so a keeper that holds something of these sessions cannot commit it. The next owner loads the
//! tombstones before it reads, and drops what they refuse.
//!
//! What is left in other stores is removed afterwards, in steps that may run twice. Each store has a
//! receipt.

use std::collections::BTreeSet;
use std::str::FromStr;
use std::time::Duration;

use backon::{ExponentialBuilder, Retryable};
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
    sessions,
};
use crate::error::{Error, Result};
use crate::installation;
use crate::tombstones as graves;

mod burial;
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

use burial::Burial;
use matching::{Matched, matched};
use rows::Removed;

/// How often an erasure is tried again.
const RETRIES: usize = 2;
/// About how long it waits before that, the first time.
const FIRST_PAUSE: Duration = Duration::from_millis(50);
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
    let pauses = ExponentialBuilder::default()
        .with_min_delay(FIRST_PAUSE)
        .with_max_times(RETRIES)
        .with_jitter();
    // After a deadlock with a keeper that renews its leases, for example.
    (|| attempt(db, request))
        .retry(pauses)
        .when(Error::is_retryable)
        .await
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
    let burial = Burial {
        digests: &digests,
        request,
        at: now,
    };
    burial.of_sessions(&transaction, &matched).await?;
    burial.of_subject(&transaction).await?;
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
    let mut removed = Removed::default();
    let burial = Burial {
        digests: &digests,
        request: &request,
        at,
    };
    let lacks_tombstone = burial.lacks_range(&transaction).await?;
    if lacks_tombstone {
        // A report that is being stored is either removed here or refused.
        take_over(&transaction, None).await?;
        burial.of_subject(&transaction).await?;
    }
    // Of a range, the erasure removed all reports, and its tombstone refuses those that were published
    // before. If it has one, what is there now was published afterwards.
    if lacks_tombstone || !matches!(subject, Subject::Time { .. }) {
        removed.rows +=
            rows::remove_reported(&transaction, organization, &subject, &late, at).await?;
    }
    if !late.is_empty() {
        take_over(&transaction, None).await?;
        late = matched(&transaction, organization, &subject, mode).await?;
        late.retain(|session| session.started_at <= erasure.requested_at);
        note_objects(&transaction, &erasure.id, &late).await?;
        let gone = rows::remove_sessions(&transaction, organization, mode, &late, at).await?;
        removed.keys += gone.keys;
        removed.rows += gone.rows;
        burial.of_sessions(&transaction, &late).await?;
        progress::add_sessions(&transaction, &erasure.id, &late).await?;
    }
    progress::add_removed(&transaction, &erasure.id, &removed).await?;
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
