//! Messages about alerts, and who sends them.
//!
//! A message is added in the transaction that makes it necessary. A process claims it for [`CLAIM`],
//! sends it, and stores what came of it. If it dies in between, another one sends the message again with
//! the same id. What was claimed by somebody else meanwhile is not changed.

use sea_orm::sea_query::{Condition, Expr, ExprTrait};
use sea_orm::{
    ColumnTrait, DatabaseTransaction, EntityTrait, IntoActiveModel, PaginatorTrait, QueryFilter,
    QueryOrder, QuerySelect,
};

use crow_types::notification::{Audience, News, Notification};
use crow_types::{OrganizationId, Timestamp};

use super::audit::note;
use crate::audit_log::Actor;
use crate::connection::Db;
use crate::entity::webhook_deliveries::{Column, Entity};
use crate::entity::webhook_endpoints;
use crate::error::{Error, Result};
use crate::notifications;

mod claim;

pub use crate::entity::webhook_deliveries::Model as DeliveryRow;
pub use claim::{AT_ONCE, CLAIM, Way, claim};

use claim::SENDING;

const LISTING: &str = "listing messages about alerts";

/// How long every attempt must fail until an endpoint gets nothing more, in milliseconds: 5 days.
pub const PATIENCE: i64 = 5 * 86_400_000;
/// How long a message is kept, in milliseconds: 30 days.
pub const KEPT: i64 = 30 * 86_400_000;
/// Messages that wait for one target. More are cancelled when they are added.
pub const MOST_WAITING: i64 = 1_000;

const PENDING: &str = "pending";
const CANCELLED: &str = "cancelled";
const EXHAUSTED: &str = "exhausted";

/// Whom a message is for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Target {
    /// An endpoint, by id.
    Webhook(String),
    /// A user, by id: by mail.
    User(String),
}

impl Target {
    /// The word in rows.
    #[must_use]
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Webhook(_) => "webhook",
            Self::User(_) => "user",
        }
    }

    /// The id.
    #[must_use]
    pub fn id(&self) -> &str {
        match self {
            Self::Webhook(id) | Self::User(id) => id,
        }
    }
}

/// A message to add.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewDelivery {
    /// Whom it is for.
    pub target: Target,
    /// What it tells, such as `alert.firing`.
    pub event: &'static str,
    /// Ids and numbers as JSON.
    pub content: String,
}

/// What came of an attempt.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Attempt {
    /// It arrived.
    Arrived {
        /// HTTP status; `None`: a mail.
        status: Option<u16>,
    },
    /// It did not.
    Failed {
        /// HTTP status; `None`: there was no answer.
        status: Option<u16>,
        /// Why.
        why: String,
        /// When to try again, milliseconds since the epoch; `None`: this was the last attempt.
        next_at: Option<i64>,
    },
    /// There was none: this installation cannot send at the moment. It says nothing about the target.
    Prevented {
        /// Why.
        why: &'static str,
        /// When to try again, milliseconds since the epoch; `None`: this was the last attempt.
        next_at: Option<i64>,
    },
    /// It need not be sent any more.
    Dropped {
        /// Why.
        why: &'static str,
    },
}

/// What somebody asked of a message came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Replayed {
    /// It will be sent.
    Done,
    /// The endpoint has no such message.
    Unknown,
    /// The endpoint is disabled.
    Disabled,
    /// A test is waiting already.
    Waiting,
}

/// Where a page of messages ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeliveryKey {
    /// Column `created_at`.
    pub created_at: i64,
    /// Column `id`.
    pub id: String,
}

/// Adds messages in the transaction that makes them necessary, to be sent at once. If [`MOST_WAITING`] wait
/// for a target, it does not get another one, and the row says so.
pub(crate) async fn add(
    transaction: &DatabaseTransaction,
    organization: &str,
    alert: Option<&str>,
    new: &[NewDelivery],
    now: i64,
) -> Result<()> {
    for one in new {
        let waiting = waiting_for(transaction, &one.target, None).await?;
        let is_too_many = waiting >= MOST_WAITING;
        let why = || format!("{MOST_WAITING} messages were waiting already");
        let state = if is_too_many { CANCELLED } else { PENDING };
        let row = DeliveryRow {
            id: format!("msg_{}", ulid::Ulid::new()),
            organization_id: organization.to_owned(),
            target_kind: one.target.kind().to_owned(),
            target_id: one.target.id().to_owned(),
            alert_id: alert.map(str::to_owned),
            event: one.event.to_owned(),
            content: one.content.clone(),
            state: state.to_owned(),
            attempts: 0,
            next_at: now,
            claimed_until: 0,
            epoch: 0,
            status: None,
            failure: is_too_many.then(why),
            created_at: now,
            finished_at: is_too_many.then_some(now),
        };
        Entity::insert(row.into_active_model())
            .exec_without_returning(transaction)
            .await
            .map_err(Error::sql(SENDING))?;
    }
    Ok(())
}

/// How many messages wait for a target, of all kinds or of one.
async fn waiting_for(
    transaction: &DatabaseTransaction,
    target: &Target,
    event: Option<&str>,
) -> Result<i64> {
    let is_of_kind = event.map(|event| Column::Event.eq(event));
    let count = Entity::find()
        .select_only()
        .column_as(Column::Id.count(), "waiting")
        // Not as a parameter: only then the partial index is used.
        .filter(Expr::cust("state = 'pending'"))
        .filter(Column::TargetKind.eq(target.kind()))
        .filter(Column::TargetId.eq(target.id()))
        .filter(Condition::all().add_option(is_of_kind))
        .into_tuple::<i64>()
        .one(transaction)
        .await;
    Ok(count.map_err(Error::sql(SENDING))?.unwrap_or_default())
}

/// Stores what came of an attempt, and what it says of the endpoint. `false`: the claim does not hold any
/// more, and nothing changed.
///
/// # Errors
/// When the database fails.
pub async fn settle(db: &Db, claim: &DeliveryRow, attempt: &Attempt, now: i64) -> Result<bool> {
    let (state, next_at, status, failure) = match attempt {
        Attempt::Arrived { status } => ("delivered", None, *status, None),
        Attempt::Failed {
            status,
            why,
            next_at,
        } => {
            let state = next_at.map_or(EXHAUSTED, |_at| PENDING);
            (state, *next_at, *status, Some(why.clone()))
        }
        Attempt::Prevented { why, next_at } => {
            let state = next_at.map_or(EXHAUSTED, |_at| PENDING);
            (state, *next_at, None, Some((*why).to_owned()))
        }
        Attempt::Dropped { why } => (CANCELLED, None, None, Some((*why).to_owned())),
    };
    let finished_at = (state != PENDING).then_some(now);
    let transaction = db.begin(SENDING).await?;
    let settled = Entity::update_many()
        .col_expr(Column::State, Expr::value(state))
        .col_expr(Column::Attempts, Expr::value(claim.attempts + 1))
        .col_expr(
            Column::NextAt,
            Expr::value(next_at.unwrap_or(claim.next_at)),
        )
        .col_expr(Column::ClaimedUntil, Expr::value(0_i64))
        .col_expr(Column::Status, Expr::value(status.map(i64::from)))
        .col_expr(Column::Failure, Expr::value(failure))
        .col_expr(Column::FinishedAt, Expr::value(finished_at))
        .filter(Column::Id.eq(claim.id.as_str()))
        .filter(Column::OrganizationId.eq(claim.organization_id.as_str()))
        .filter(Column::Epoch.eq(claim.epoch))
        .filter(Column::State.eq(PENDING))
        .exec(&transaction)
        .await
        .map_err(Error::sql(SENDING))?;
    if settled.rows_affected == 0 {
        transaction.rollback().await.map_err(Error::sql(SENDING))?;
        return Ok(false);
    }
    if claim.target_kind == "webhook" {
        match attempt {
            Attempt::Arrived { .. } => note_success(&transaction, claim).await?,
            Attempt::Failed { .. } => note_failure(&transaction, claim, now).await?,
            Attempt::Prevented { .. } | Attempt::Dropped { .. } => {}
        }
    }
    transaction.commit().await.map_err(Error::sql(SENDING))?;
    Ok(true)
}

fn endpoint_of(claim: &DeliveryRow) -> Condition {
    use webhook_endpoints::Column;
    Condition::all()
        .add(Column::Id.eq(claim.target_id.as_str()))
        .add(Column::OrganizationId.eq(claim.organization_id.as_str()))
}

async fn note_success(transaction: &DatabaseTransaction, claim: &DeliveryRow) -> Result<()> {
    use webhook_endpoints::Column;
    webhook_endpoints::Entity::update_many()
        .col_expr(Column::FailingSince, Expr::value(None::<i64>))
        .filter(endpoint_of(claim))
        .filter(Column::FailingSince.is_not_null())
        .exec(transaction)
        .await
        .map(drop)
        .map_err(Error::sql(SENDING))
}

/// Notes since when an endpoint fails. After [`PATIENCE`] it is disabled, and admins are told.
async fn note_failure(
    transaction: &DatabaseTransaction,
    claim: &DeliveryRow,
    now: i64,
) -> Result<()> {
    use webhook_endpoints::{Column, Entity};
    let update = |update: sea_orm::UpdateMany<Entity>| update.filter(endpoint_of(claim));
    let first = Entity::update_many().col_expr(Column::FailingSince, Expr::value(now));
    update(first)
        .filter(Column::FailingSince.is_null())
        .exec(transaction)
        .await
        .map_err(Error::sql(SENDING))?;
    let disabling = Entity::update_many()
        .col_expr(Column::DisabledAt, Expr::value(now))
        .col_expr(Column::Version, Expr::col(Column::Version).add(1));
    let disabled = update(disabling)
        .filter(Column::DisabledAt.is_null())
        .filter(Column::FailingSince.lte(now - PATIENCE))
        .exec(transaction)
        .await
        .map_err(Error::sql(SENDING))?;
    if disabled.rows_affected == 0 {
        return Ok(());
    }
    let organization = claim.organization_id.as_str();
    cancel(transaction, organization, &claim.target_id, now).await?;
    let news = News::WebhookDisabled {
        endpoint: &claim.target_id,
        at: Timestamp(now),
    };
    let told = Notification::new(organization, Audience::Admins, &news, Timestamp(now));
    notifications::add_in(transaction, &told)
        .await
        .map_err(Error::sql(SENDING))?;
    let by = (&Actor::system(), organization);
    note(transaction, by, "webhook.disabled", &claim.target_id, now).await
}

/// Ends what waits for an endpoint.
async fn cancel(
    transaction: &DatabaseTransaction,
    organization: &str,
    endpoint: &str,
    now: i64,
) -> Result<()> {
    Entity::update_many()
        .col_expr(Column::State, Expr::value(CANCELLED))
        .col_expr(Column::FinishedAt, Expr::value(now))
        .filter(Column::OrganizationId.eq(organization))
        .filter(Column::TargetId.eq(endpoint))
        .filter(Column::State.eq(PENDING))
        .exec(transaction)
        .await
        .map(drop)
        .map_err(Error::sql(SENDING))
}

/// The messages for an endpoint, newest first.
///
/// # Errors
/// When the database fails.
pub async fn list(
    db: &Db,
    organization: &OrganizationId,
    endpoint: &str,
    after: Option<&DeliveryKey>,
    limit: u64,
) -> Result<Vec<DeliveryRow>> {
    let older = after.map(|after| {
        let same_time = Condition::all()
            .add(Column::CreatedAt.eq(after.created_at))
            .add(Column::Id.lt(after.id.as_str()));
        Condition::any()
            .add(Column::CreatedAt.lt(after.created_at))
            .add(same_time)
    });
    Entity::find()
        .filter(Column::OrganizationId.eq(organization.as_str()))
        .filter(Column::TargetId.eq(endpoint))
        .filter(Condition::all().add_option(older))
        .order_by_desc(Column::CreatedAt)
        .order_by_desc(Column::Id)
        .limit(limit)
        .all(&db.read)
        .await
        .map_err(Error::row(LISTING))
}

/// Sends a message again, with its id and with all attempts.
///
/// # Errors
/// When the database fails.
pub async fn replay(
    db: &Db,
    by: &Actor,
    organization: &OrganizationId,
    (endpoint, id): (&str, &str),
    now: i64,
) -> Result<Replayed> {
    let transaction = db.begin(SENDING).await?;
    let organization = organization.as_str();
    if !is_enabled(&transaction, organization, endpoint).await? {
        transaction.rollback().await.map_err(Error::sql(SENDING))?;
        return Ok(Replayed::Disabled);
    }
    let again = Entity::update_many()
        .col_expr(Column::State, Expr::value(PENDING))
        .col_expr(Column::Attempts, Expr::value(0_i64))
        .col_expr(Column::NextAt, Expr::value(now))
        .col_expr(Column::ClaimedUntil, Expr::value(0_i64))
        .col_expr(Column::Epoch, Expr::col(Column::Epoch).add(1))
        .col_expr(Column::FinishedAt, Expr::value(None::<i64>))
        .filter(Column::OrganizationId.eq(organization))
        .filter(Column::TargetId.eq(endpoint))
        .filter(Column::Id.eq(id))
        .exec(&transaction)
        .await
        .map_err(Error::sql(SENDING))?;
    if again.rows_affected == 0 {
        transaction.rollback().await.map_err(Error::sql(SENDING))?;
        return Ok(Replayed::Unknown);
    }
    note(
        &transaction,
        (by, organization),
        "webhook.replayed",
        id,
        now,
    )
    .await?;
    transaction.commit().await.map_err(Error::sql(SENDING))?;
    Ok(Replayed::Done)
}

/// Adds a message that nothing caused, unless such a one is waiting.
///
/// # Errors
/// When the database fails.
pub async fn add_test(
    db: &Db,
    by: &Actor,
    organization: &OrganizationId,
    new: NewDelivery,
    now: i64,
) -> Result<Replayed> {
    let organization = organization.as_str();
    let name = format!("webhooks of {organization}");
    let transaction = db.begin_in_turn(SENDING, name).await?;
    if !is_enabled(&transaction, organization, new.target.id()).await? {
        transaction.rollback().await.map_err(Error::sql(SENDING))?;
        return Ok(Replayed::Disabled);
    }
    if waiting_for(&transaction, &new.target, Some(new.event)).await? > 0 {
        transaction.rollback().await.map_err(Error::sql(SENDING))?;
        return Ok(Replayed::Waiting);
    }
    let endpoint = new.target.id().to_owned();
    add(&transaction, organization, None, &[new], now).await?;
    let by = (by, organization);
    note(&transaction, by, "webhook.tested", &endpoint, now).await?;
    transaction.commit().await.map_err(Error::sql(SENDING))?;
    Ok(Replayed::Done)
}

async fn is_enabled(
    transaction: &DatabaseTransaction,
    organization: &str,
    endpoint: &str,
) -> Result<bool> {
    use webhook_endpoints::{Column, Entity};
    let found = Entity::find_by_id(endpoint)
        .filter(Column::OrganizationId.eq(organization))
        .filter(Column::DisabledAt.is_null())
        .count(transaction)
        .await
        .map_err(Error::sql(SENDING))?;
    Ok(found > 0)
}

/// Removes the messages for an endpoint.
pub(super) async fn remove_of(
    transaction: &DatabaseTransaction,
    organization: &str,
    endpoint: &str,
) -> Result<()> {
    Entity::delete_many()
        .filter(Column::OrganizationId.eq(organization))
        .filter(Column::TargetId.eq(endpoint))
        .exec(transaction)
        .await
        .map(drop)
        .map_err(Error::sql(SENDING))
}

/// Removes messages that are older than [`KEPT`]; returns how many.
///
/// # Errors
/// When the database fails.
pub async fn remove_old(db: &Db, now: i64) -> Result<u64> {
    let removed = Entity::delete_many()
        .filter(Column::CreatedAt.lt(now - KEPT))
        .exec(db.quick_write())
        .await
        .map_err(Error::sql("removing old messages about alerts"))?;
    Ok(removed.rows_affected)
}
