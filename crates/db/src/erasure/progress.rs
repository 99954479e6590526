//! The record of an erasure, and its receipts.

use std::collections::HashMap;

use sea_orm::sea_query::OnConflict;
use sea_orm::{ConnectionTrait, DbErr};

use super::rows::Removed;
use super::*;
use crate::notifications;

use crow_types::notification::Notification;

const COMPLETING: &str = "completing an erasure";

/// The record of an erasure.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Erasure {
    /// Its id.
    pub id: String,
    /// The tenant.
    pub organization: String,
    /// `session`, `user`, `time`, `property`, `organization`, `consent` or `retention`.
    pub kind: String,
    /// Who asked.
    pub requested_by: String,
    /// When.
    pub requested_at: i64,
    /// What became of the sessions: the word of a [`Mode`].
    pub mode: String,
    /// How many sessions it was.
    pub sessions: u64,
    /// When every store was verified; `None`: not yet.
    pub completed_at: Option<i64>,
    /// One of each store, in the order of [`Store::ALL`].
    pub receipts: Vec<Receipt>,
}

/// What was found and removed in a store.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Receipt {
    /// The store, see [`Store::as_str`].
    pub store: String,
    /// Rows, objects or messages that held something.
    pub found: u64,
    /// How many of them are gone, or hold nothing that can be read.
    pub removed: u64,
    /// When nothing was found any more; `None`: not yet.
    pub verified_at: Option<i64>,
}

/// Where a page of erasures ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ErasureKey {
    /// When the last one was requested.
    pub requested_at: i64,
    /// Its id.
    pub id: String,
}

/// Writes the record and its sessions.
pub(super) async fn add_record(
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
        subject: Set(request.subject.to_text()),
        requested_by: Set(request.requested_by.id.clone()),
        requested_at: Set(now.0),
        sessions: Set(i64::try_from(matched.len()).unwrap_or(i64::MAX)),
        completed_at: Set(None),
        mode: Set(request.mode.as_str().to_owned()),
    };
    erasures::Entity::insert(record)
        .exec_without_returning(transaction)
        .await
        .map_err(Error::sql("noting an erasure"))?;
    let entry = Entry {
        organization,
        by: request.requested_by,
        action: "erasure.requested",
        subject: id,
        outcome: Outcome::Done,
        at: now,
    };
    audit_log::append(transaction, entry)
        .await
        .map_err(Error::sql("noting an erasure"))?;
    add_sessions(transaction, id, matched).await
}

/// Notes sessions of an erasure.
pub(super) async fn add_sessions(
    transaction: &DatabaseTransaction,
    id: &str,
    matched: &[Matched],
) -> Result<()> {
    for sessions in matched.chunks(PER_STATEMENT) {
        let rows = sessions.iter().map(|session| erased_sessions::ActiveModel {
            erasure_id: Set(id.to_owned()),
            session_row: Set(session.id.clone()),
            session_id: Set(session.session_id.clone()),
        });
        erased_sessions::Entity::insert_many(rows)
            .on_conflict(OnConflict::new().do_nothing().to_owned())
            .exec_without_returning(transaction)
            .await
            .map_err(Error::sql("noting erased sessions"))?;
    }
    Ok(())
}

/// Keys and rows are gone with the transaction, and are counted again like the rest. What is old has
/// left the streams long ago.
pub(super) async fn add_receipts(
    transaction: &DatabaseTransaction,
    id: &str,
    subject: &Subject,
    removed: &Removed,
    objects: u64,
) -> Result<()> {
    let stores = match subject {
        Subject::Expired { .. } => &Store::ALL[..3],
        _ => &Store::ALL,
    };
    let rows = stores.iter().copied().map(|store| {
        let (found, gone) = match store {
            Store::Keys => (removed.keys, removed.keys),
            Store::Rows => (removed.rows, removed.rows),
            Store::Objects => (objects, 0),
            Store::EventStreams | Store::DeadLetters | Store::Announcements => (0, 0),
        };
        erasure_receipts::ActiveModel {
            erasure_id: Set(id.to_owned()),
            store: Set(store.as_str().to_owned()),
            found: Set(number(found)),
            removed: Set(number(gone)),
            verified_at: Set(None),
        }
    });
    erasure_receipts::Entity::insert_many(rows)
        .exec_without_returning(transaction)
        .await
        .map(drop)
        .map_err(Error::sql("writing receipts"))
}

/// Adds keys and rows that were removed later to their receipts.
pub(super) async fn add_removed(
    transaction: &DatabaseTransaction,
    id: &str,
    removed: &Removed,
) -> Result<()> {
    use erasure_receipts::Column;
    for (store, count) in [(Store::Keys, removed.keys), (Store::Rows, removed.rows)] {
        if count == 0 {
            continue;
        }
        let more = |column: Column| Expr::col(column).add(number(count));
        erasure_receipts::Entity::update_many()
            .col_expr(Column::Found, more(Column::Found))
            .col_expr(Column::Removed, more(Column::Removed))
            .filter(Column::ErasureId.eq(id))
            .filter(Column::Store.eq(store.as_str()))
            .exec(transaction)
            .await
            .map_err(Error::sql("adding to receipts"))?;
    }
    Ok(())
}

fn number(count: u64) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

/// One erasure of an organization.
pub async fn get(db: &Db, organization: &str, id: &str) -> Result<Option<Erasure>> {
    let row = erasures::Entity::find_by_id(id)
        .filter(erasures::Column::OrganizationId.eq(organization))
        .one(&db.lookups)
        .await
        .map_err(Error::sql("reading an erasure"))?;
    let found = with_receipts(db, row.into_iter().collect()).await?;
    Ok(found.into_iter().next())
}

/// Erasures of an organization, newest first.
pub async fn list(
    db: &Db,
    organization: &OrganizationId,
    after: Option<&ErasureKey>,
    limit: u64,
) -> Result<Vec<Erasure>> {
    use erasures::Column;
    let older = after.map(|after| {
        Condition::any()
            .add(Column::RequestedAt.lt(after.requested_at))
            .add(
                Condition::all()
                    .add(Column::RequestedAt.eq(after.requested_at))
                    .add(Column::Id.lt(after.id.as_str())),
            )
    });
    let rows = erasures::Entity::find()
        .filter(Column::OrganizationId.eq(organization.as_str()))
        .filter(Condition::all().add_option(older))
        .order_by_desc(Column::RequestedAt)
        .order_by_desc(Column::Id)
        .limit(limit)
        .all(&db.read)
        .await
        .map_err(Error::sql("listing erasures"))?;
    with_receipts(db, rows).await
}

/// Erasures that are not complete, of all organizations: requests of people first, then the oldest.
pub async fn incomplete(db: &Db, limit: u64) -> Result<Vec<Erasure>> {
    let is_retention = Expr::col(erasures::Column::Kind).eq("retention");
    let rows = erasures::Entity::find()
        .filter(erasures::Column::CompletedAt.is_null())
        .order_by_asc(is_retention)
        .order_by_asc(erasures::Column::RequestedAt)
        .limit(limit)
        .all(&db.lookups)
        .await
        .map_err(Error::sql("looking for erasures"))?;
    with_receipts(db, rows).await
}

/// Complete erasures that were requested after this time, for the verifier.
pub async fn since(db: &Db, at: Timestamp) -> Result<Vec<Erasure>> {
    let rows = erasures::Entity::find()
        .filter(erasures::Column::CompletedAt.is_not_null())
        .filter(erasures::Column::RequestedAt.gte(at.0))
        .all(&db.lookups)
        .await
        .map_err(Error::sql("looking for erasures"))?;
    with_receipts(db, rows).await
}

async fn with_receipts(db: &Db, rows: Vec<erasures::Model>) -> Result<Vec<Erasure>> {
    let mut receipts: HashMap<String, Vec<Receipt>> = HashMap::new();
    for rows in rows.chunks(PER_STATEMENT) {
        let ids = rows.iter().map(|row| row.id.as_str());
        let found = erasure_receipts::Entity::find()
            .filter(erasure_receipts::Column::ErasureId.is_in(ids))
            .all(&db.lookups)
            .await
            .map_err(Error::sql("reading receipts"))?;
        for row in found {
            let of_erasure = receipts.entry(row.erasure_id).or_default();
            of_erasure.push(Receipt {
                store: row.store,
                found: u64::try_from(row.found).unwrap_or_default(),
                removed: u64::try_from(row.removed).unwrap_or_default(),
                verified_at: row.verified_at,
            });
        }
    }
    let place = |receipt: &Receipt| {
        let same = |store: &Store| store.as_str() == receipt.store;
        Store::ALL.iter().position(same)
    };
    let erasure = |row: erasures::Model| {
        let mut receipts = receipts.remove(&row.id).unwrap_or_default();
        receipts.sort_by_key(place);
        Erasure {
            id: row.id,
            organization: row.organization_id,
            kind: row.kind,
            requested_by: row.requested_by,
            requested_at: row.requested_at,
            mode: row.mode,
            sessions: u64::try_from(row.sessions).unwrap_or_default(),
            completed_at: row.completed_at,
            receipts,
        }
    };
    Ok(rows.into_iter().map(erasure).collect())
}

/// Replaces a receipt.
pub async fn note(db: &Db, erasure: &str, receipt: &Receipt) -> Result<()> {
    use erasure_receipts::Column;
    let row = erasure_receipts::ActiveModel {
        erasure_id: Set(erasure.to_owned()),
        store: Set(receipt.store.clone()),
        found: Set(number(receipt.found)),
        removed: Set(number(receipt.removed)),
        verified_at: Set(receipt.verified_at),
    };
    let replace = OnConflict::columns([Column::ErasureId, Column::Store])
        .update_columns([Column::Found, Column::Removed, Column::VerifiedAt])
        .to_owned();
    erasure_receipts::Entity::insert(row)
        .on_conflict(replace)
        .exec_without_returning(&db.write)
        .await
        .map(drop)
        .map_err(Error::sql("writing a receipt"))
}

/// What an erasure has to look for once more; `None`: nothing.
pub(super) async fn subject_of(db: &Db, erasure: &str) -> Result<Option<Subject>> {
    let row = erasures::Entity::find_by_id(erasure)
        .one(&db.lookups)
        .await
        .map_err(Error::sql("reading an erasure"))?;
    let text = row.map(|row| row.subject).unwrap_or_default();
    if text.is_empty() {
        return Ok(None);
    }
    let subject = serde_json::from_str(&text);
    subject
        .map(Some)
        .map_err(|error| Error::Unreadable(format!("erasures.subject: {error}")))
}

/// Forgets what an erasure looked for, and adds what it found.
pub(super) async fn forget_subject(
    transaction: &DatabaseTransaction,
    erasure: &str,
    found: usize,
) -> Result<()> {
    use erasures::Column;
    erasures::Entity::update_many()
        .col_expr(Column::Subject, Expr::value(""))
        .col_expr(
            Column::Sessions,
            Expr::col(Column::Sessions).add(found as i64),
        )
        .filter(Column::Id.eq(erasure))
        .exec(transaction)
        .await
        .map(drop)
        .map_err(Error::sql("forgetting the subject of an erasure"))
}

/// Marks an erasure and its receipts as not verified, so that the jobs look again.
pub async fn reopen(db: &Db, erasure: &str) -> Result<()> {
    erasure_receipts::Entity::update_many()
        .col_expr(
            erasure_receipts::Column::VerifiedAt,
            Expr::value(None::<i64>),
        )
        .filter(erasure_receipts::Column::ErasureId.eq(erasure))
        .exec(&db.write)
        .await
        .map_err(Error::sql("opening an erasure again"))?;
    set_completed(&db.write, erasure, None)
        .await
        .map_err(Error::sql(COMPLETING))
}

/// Marks an erasure as complete, and tells whom it concerns.
pub async fn complete(
    db: &Db,
    erasure: &str,
    at: Timestamp,
    told: Option<&Notification>,
) -> Result<()> {
    let transaction = db.begin(COMPLETING).await?;
    if let Some(told) = told {
        notifications::add_in(&transaction, told)
            .await
            .map_err(Error::sql(COMPLETING))?;
    }
    set_completed(&transaction, erasure, Some(at))
        .await
        .map_err(Error::sql(COMPLETING))?;
    transaction.commit().await.map_err(Error::sql(COMPLETING))
}

async fn set_completed(
    connection: &impl ConnectionTrait,
    erasure: &str,
    at: Option<Timestamp>,
) -> std::result::Result<(), DbErr> {
    erasures::Entity::update_many()
        .col_expr(
            erasures::Column::CompletedAt,
            Expr::value(at.map(|at| at.0)),
        )
        .filter(erasures::Column::Id.eq(erasure))
        .exec(connection)
        .await
        .map(drop)
}

/// The objects that held something of an erasure.
pub async fn objects_of(db: &Db, erasure: &str) -> Result<Vec<String>> {
    erased_objects::Entity::find()
        .select_only()
        .column(erased_objects::Column::R2Key)
        .filter(erased_objects::Column::ErasureId.eq(erasure))
        .order_by_asc(erased_objects::Column::R2Key)
        .into_tuple()
        .all(&db.lookups)
        .await
        .map_err(Error::sql("listing erased objects"))
}

/// Sessions of an erasure that consumers do not know of, at most `limit`: session row and the SDK's
/// session id.
pub async fn unannounced(db: &Db, erasure: &str, limit: u64) -> Result<Vec<(String, String)>> {
    erased_sessions::Entity::find()
        .select_only()
        .column(erased_sessions::Column::SessionRow)
        .column(erased_sessions::Column::SessionId)
        .filter(erased_sessions::Column::ErasureId.eq(erasure))
        .filter(erased_sessions::Column::SessionId.ne(""))
        .limit(limit)
        .into_tuple()
        .all(&db.lookups)
        .await
        .map_err(Error::sql("looking for erasures to announce"))
}

/// Forgets the SDK's ids of sessions that consumers know of.
pub async fn announced(db: &Db, erasure: &str, rows: &[String]) -> Result<()> {
    for rows in rows.chunks(PER_STATEMENT) {
        erased_sessions::Entity::update_many()
            .col_expr(erased_sessions::Column::SessionId, Expr::value(""))
            .filter(erased_sessions::Column::ErasureId.eq(erasure))
            .filter(erased_sessions::Column::SessionRow.is_in(rows))
            .exec(&db.write)
            .await
            .map_err(Error::sql("noting announced erasures"))?;
    }
    Ok(())
}
