//! Public links, each to the recording of one session. Only the hash of a link's secret is stored.
//! Making and revoking a link writes its entry of the audit log in the same transaction.

use sea_orm::sea_query::{Expr, ExprTrait};
use sea_orm::{
    ColumnTrait, DatabaseTransaction, EntityTrait, IntoActiveModel, PaginatorTrait, QueryFilter,
    QueryOrder, QuerySelect,
};

use crow_types::{OrganizationId, Timestamp};

use crate::audit_log::{Actor, audit};
use crate::connection::Db;
use crate::entity::replay_links::{Column, Entity};
use crate::error::{Error, Result};
use crate::kept::{Needs, hold_session};

pub use crate::entity::replay_links::Model as ReplayLinkRow;

const MAKING: &str = "making a link to a recording";
/// The most links of an organization that work at the same time.
pub const MAX_LINKS: u64 = 1_000;

/// What became of a new link.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Made {
    /// It is stored.
    Done,
    /// The organization has no such session, or the session has not ended or has no recording.
    NoRecording,
    /// The organization has [`MAX_LINKS`].
    TooMany,
}

/// Stores a link, and removes those of the organization that have expired. New links of one
/// organization wait for each other.
///
/// # Errors
/// When the database fails.
pub async fn insert(db: &Db, by: &Actor, row: ReplayLinkRow) -> Result<Made> {
    let name = format!("links of {}", row.organization_id);
    let transaction = db.begin_in_turn(MAKING, name).await?;
    let made = insert_in(&transaction, by, row).await?;
    match made {
        Made::Done => transaction.commit().await,
        Made::NoRecording | Made::TooMany => transaction.rollback().await,
    }
    .map_err(Error::sql(MAKING))?;
    Ok(made)
}

async fn insert_in(
    transaction: &DatabaseTransaction,
    by: &Actor,
    row: ReplayLinkRow,
) -> Result<Made> {
    let organization = row.organization_id.as_str();
    if !hold_session(transaction, organization, &row.session_id, Needs::Recording).await? {
        return Ok(Made::NoRecording);
    }
    Entity::delete_many()
        .filter(Column::OrganizationId.eq(organization))
        .filter(Column::ExpiresAt.lte(row.created_at))
        .exec(transaction)
        .await
        .map_err(Error::sql(MAKING))?;
    let count = Entity::find()
        .filter(Column::OrganizationId.eq(organization))
        .count(transaction)
        .await
        .map_err(Error::sql(MAKING))?;
    if count >= MAX_LINKS {
        return Ok(Made::TooMany);
    }
    let shown = if row.is_masked {
        "masked"
    } else {
        "as recorded"
    };
    let subject = format!("{} to session {}, {shown}", row.id, row.session_id);
    let at = Timestamp(row.created_at);
    audit(
        transaction,
        by,
        organization,
        "replay_link.created",
        &subject,
        at,
    )
    .await
    .map_err(Error::sql(MAKING))?;
    Entity::insert(row.into_active_model())
        .exec_without_returning(transaction)
        .await
        .map_err(Error::sql(MAKING))?;
    Ok(Made::Done)
}

/// The links of an organization that have not expired, newest first; with `session`, those to this
/// session row.
///
/// # Errors
/// When the database fails.
pub async fn list(
    db: &Db,
    organization: &OrganizationId,
    session: Option<&str>,
    now: Timestamp,
) -> Result<Vec<ReplayLinkRow>> {
    let of_session = session.map(|session| Column::SessionId.eq(session));
    Entity::find()
        .filter(Column::OrganizationId.eq(organization.as_str()))
        .filter(Column::ExpiresAt.gt(now.0))
        .filter(sea_orm::sea_query::Condition::all().add_option(of_session))
        .order_by_desc(Column::CreatedAt)
        .order_by_desc(Column::Id)
        .limit(MAX_LINKS)
        .all(&db.read)
        .await
        .map_err(Error::sql("listing links to recordings"))
}

/// The link with this id, unless it has expired. Its organization is not known before.
///
/// # Errors
/// When the database fails.
pub async fn find(db: &Db, id: &str, now: Timestamp) -> Result<Option<ReplayLinkRow>> {
    Entity::find_by_id(id.to_owned())
        .filter(Column::ExpiresAt.gt(now.0))
        .one(&db.lookups)
        .await
        .map_err(Error::sql("looking up a link to a recording"))
}

/// Counts that a link was opened.
///
/// # Errors
/// When the database fails.
pub async fn note_opened(db: &Db, link: &ReplayLinkRow, now: Timestamp) -> Result<()> {
    Entity::update_many()
        .col_expr(Column::Opened, Expr::col(Column::Opened).add(1))
        .col_expr(Column::LastOpenedAt, Expr::value(now.0))
        .filter(Column::OrganizationId.eq(&link.organization_id))
        .filter(Column::Id.eq(&link.id))
        .exec(db.quick_write())
        .await
        .map(drop)
        .map_err(Error::sql("counting that a link was opened"))
}

/// Removes a link; false when the organization has none with this id.
///
/// # Errors
/// When the database fails.
pub async fn revoke(
    db: &Db,
    by: &Actor,
    organization: &OrganizationId,
    id: &str,
    now: Timestamp,
) -> Result<bool> {
    let failed = "revoking a link to a recording";
    let transaction = db.begin(failed).await?;
    let removed = Entity::delete_many()
        .filter(Column::OrganizationId.eq(organization.as_str()))
        .filter(Column::Id.eq(id))
        .exec(&transaction)
        .await
        .map_err(Error::sql(failed))?;
    if removed.rows_affected == 0 {
        transaction.rollback().await.map_err(Error::sql(failed))?;
        return Ok(false);
    }
    audit(
        &transaction,
        by,
        organization.as_str(),
        "replay_link.revoked",
        id,
        now,
    )
    .await
    .map_err(Error::sql(failed))?;
    transaction.commit().await.map_err(Error::sql(failed))?;
    Ok(true)
}
