//! What organizations want to be told of.
//!
//! A process claims a rule for [`CLAIM`] and evaluates it. [`settle`] stores the new state, the issues
//! that are told and the messages in one transaction, and only if the claim still holds. So nothing is
//! told twice, and what a process did not store when it died is found again by the next one.
//!
//! A rule about issues knows a set of them ([`issues`]): at the beginning all that are there, later also
//! those that it has told. It does not depend on times: a batch that arrives late is told like others.

use sea_orm::sea_query::{Expr, ExprTrait};
use sea_orm::{
    ColumnTrait, DatabaseTransaction, DbBackend, EntityTrait, IntoActiveModel, PaginatorTrait,
    QueryFilter, QueryOrder, QuerySelect, Statement,
};

use crow_types::OrganizationId;

use crate::audit_log::Actor;
use crate::connection::Db;
use crate::entity::alerts::{Column, Entity};
use crate::error::{Error, Result};
use crate::webhooks::audit::note;
use crate::webhooks::deliveries::{self, NewDelivery};

pub mod issues;
pub mod renamed;
#[cfg(test)]
mod tests;

pub use crate::entity::alerts::Model as AlertRow;
pub use issues::{Told, Watched};

use issues::{EVALUATING, READING};

const CHANGING: &str = "changing an alert";

/// Rules of one organization.
pub const MOST: u64 = 50;
/// How long a claim holds, in milliseconds. Longer than an evaluation takes.
pub const CLAIM: i64 = 90_000;

/// What an evaluation came to.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Evaluated {
    /// Since when the condition holds; `None`: it does not.
    pub firing_since: Option<i64>,
    /// What was counted.
    pub value: Option<f64>,
    /// What it was compared with.
    pub threshold: Option<f64>,
    /// Why it failed. Then the state is that of before.
    pub failure: Option<String>,
    /// Issues that are told.
    pub told: Vec<Told>,
    /// Issues that the rule knows from now on, and that are not told.
    pub renamed: Vec<Told>,
    /// What is told, and to whom.
    pub messages: Vec<NewDelivery>,
    /// When it is due again, milliseconds since the epoch.
    pub due_at: i64,
}

/// The rules of an organization, oldest first.
///
/// # Errors
/// When the database fails.
pub async fn list(db: &Db, organization: &OrganizationId) -> Result<Vec<AlertRow>> {
    Entity::find()
        .filter(Column::OrganizationId.eq(organization.as_str()))
        .order_by_asc(Column::CreatedAt)
        .order_by_asc(Column::Id)
        .limit(MOST)
        .all(&db.lookups)
        .await
        .map_err(Error::row(READING))
}

/// One rule.
///
/// # Errors
/// When the database fails.
pub async fn find(db: &Db, organization: &OrganizationId, id: &str) -> Result<Option<AlertRow>> {
    Entity::find_by_id(id)
        .filter(Column::OrganizationId.eq(organization.as_str()))
        .one(&db.lookups)
        .await
        .map_err(Error::row(READING))
}

/// Adds a rule. It knows the issues that are there. `false`: the organization has [`MOST`].
///
/// # Errors
/// When the database fails.
pub async fn insert(db: &Db, by: &Actor, row: AlertRow, watched: Option<Watched>) -> Result<bool> {
    let transaction = begin(db, &row.organization_id).await?;
    let others = Entity::find()
        .filter(Column::OrganizationId.eq(row.organization_id.as_str()))
        .count(&transaction)
        .await
        .map_err(Error::sql(CHANGING))?;
    if others >= MOST {
        transaction.rollback().await.map_err(Error::sql(CHANGING))?;
        return Ok(false);
    }
    Entity::insert(row.clone().into_active_model())
        .exec_without_returning(&transaction)
        .await
        .map_err(Error::sql(CHANGING))?;
    issues::begin(&transaction, &row.organization_id, &row.id, watched).await?;
    let by = (by, row.organization_id.as_str());
    note(&transaction, by, "alert.created", &row.id, row.created_at).await?;
    transaction.commit().await.map_err(Error::sql(CHANGING))?;
    Ok(true)
}

/// Stores another rule under its id. Its state begins again, unless the stored rule watches the same
/// and is enabled or disabled like the new one. `false`: there is none.
///
/// # Errors
/// When the database fails.
pub async fn change(db: &Db, by: &Actor, row: &AlertRow, watched: Option<Watched>) -> Result<bool> {
    let transaction = begin(db, &row.organization_id).await?;
    // What the caller read may have been changed since.
    let stored = Entity::find_by_id(row.id.as_str())
        .filter(Column::OrganizationId.eq(row.organization_id.as_str()))
        .one(&transaction)
        .await
        .map_err(Error::row(CHANGING))?;
    let Some(stored) = stored else {
        transaction.rollback().await.map_err(Error::sql(CHANGING))?;
        return Ok(false);
    };
    let keeps_state = stored.rule == row.rule && stored.is_enabled == row.is_enabled;
    let mut changing = Entity::update_many()
        .col_expr(Column::Name, Expr::value(row.name.as_str()))
        .col_expr(Column::Rule, Expr::value(row.rule.as_str()))
        .col_expr(Column::Targets, Expr::value(row.targets.as_str()))
        .col_expr(Column::TellsResolved, Expr::value(row.tells_resolved))
        .col_expr(Column::IsEnabled, Expr::value(row.is_enabled))
        .col_expr(Column::UpdatedAt, Expr::value(row.updated_at))
        .col_expr(Column::DueAt, Expr::value(row.updated_at))
        .col_expr(Column::ClaimedUntil, Expr::value(0_i64))
        .col_expr(Column::Epoch, Expr::col(Column::Epoch).add(1));
    if !keeps_state {
        changing = changing
            .col_expr(Column::FiringSince, Expr::value(None::<i64>))
            .col_expr(Column::Value, Expr::value(None::<f64>))
            .col_expr(Column::Threshold, Expr::value(None::<f64>))
            .col_expr(Column::EvaluatedAt, Expr::value(None::<i64>))
            .col_expr(Column::Failure, Expr::value(None::<String>));
    }
    changing
        .filter(Column::OrganizationId.eq(row.organization_id.as_str()))
        .filter(Column::Id.eq(row.id.as_str()))
        .exec(&transaction)
        .await
        .map_err(Error::sql(CHANGING))?;
    if !keeps_state {
        issues::forget(&transaction, &row.organization_id, &row.id).await?;
        issues::begin(&transaction, &row.organization_id, &row.id, watched).await?;
    }
    let by = (by, row.organization_id.as_str());
    note(&transaction, by, "alert.changed", &row.id, row.updated_at).await?;
    transaction.commit().await.map_err(Error::sql(CHANGING))?;
    Ok(true)
}

/// Removes a rule. What it has told stays. `false`: there is none.
///
/// # Errors
/// When the database fails.
pub async fn remove(
    db: &Db,
    by: &Actor,
    organization: &OrganizationId,
    id: &str,
    now: i64,
) -> Result<bool> {
    let organization = organization.as_str();
    let transaction = begin(db, organization).await?;
    let removed = Entity::delete_many()
        .filter(Column::OrganizationId.eq(organization))
        .filter(Column::Id.eq(id))
        .exec(&transaction)
        .await
        .map_err(Error::sql(CHANGING))?;
    if removed.rows_affected == 0 {
        transaction.rollback().await.map_err(Error::sql(CHANGING))?;
        return Ok(false);
    }
    issues::forget(&transaction, organization, id).await?;
    let by = (by, organization);
    note(&transaction, by, "alert.removed", id, now).await?;
    transaction.commit().await.map_err(Error::sql(CHANGING))?;
    Ok(true)
}

async fn begin(db: &Db, organization: &str) -> Result<DatabaseTransaction> {
    db.begin_in_turn(CHANGING, format!("alerts of {organization}"))
        .await
}

/// Takes a target that is removed out of all rules.
pub(crate) async fn forget_target(
    transaction: &DatabaseTransaction,
    organization: &str,
    target: &str,
) -> Result<()> {
    let rows = Entity::find()
        .filter(Column::OrganizationId.eq(organization))
        .filter(Column::Targets.contains(target))
        .all(transaction)
        .await
        .map_err(Error::row(CHANGING))?;
    for row in rows {
        let all: Vec<serde_json::Value> = serde_json::from_str(&row.targets).unwrap_or_default();
        let others: Vec<_> = all.into_iter().filter(|one| one["id"] != target).collect();
        Entity::update_many()
            .col_expr(
                Column::Targets,
                Expr::value(serde_json::Value::from(others).to_string()),
            )
            .col_expr(Column::Epoch, Expr::col(Column::Epoch).add(1))
            .col_expr(Column::ClaimedUntil, Expr::value(0_i64))
            .filter(Column::OrganizationId.eq(organization))
            .filter(Column::Id.eq(row.id))
            .exec(transaction)
            .await
            .map_err(Error::sql(CHANGING))?;
    }
    Ok(())
}

/// Takes the rule that is due first, of an organization of which no other rule is evaluated at this moment.
/// So an organization with slow rules takes one evaluation at a time.
///
/// # Errors
/// When the database fails.
pub async fn claim(db: &Db, now: i64) -> Result<Option<AlertRow>> {
    // Most of the time there is none. SQLite has one writer, which need not be asked then.
    let due = Entity::find()
        .select_only()
        .column(Column::Id)
        .filter(Column::IsEnabled.eq(true))
        .filter(Column::DueAt.lte(now))
        .limit(1)
        .into_tuple::<String>()
        .one(&db.lookups)
        .await
        .map_err(Error::sql(EVALUATING))?;
    if due.is_none() {
        return Ok(None);
    }
    let backend = db.write.get_database_backend();
    let skip = match backend {
        DbBackend::Postgres => "for update skip locked",
        _sqlite => "",
    };
    let until = now + CLAIM;
    let sql = format!(
        "update alerts set claimed_until = {until}, epoch = epoch + 1 where id = \
         (select a.id from alerts a where a.is_enabled and a.due_at <= {now} \
         and a.claimed_until <= {now} and not exists (select 1 from alerts o \
         where o.organization_id = a.organization_id and o.claimed_until > {now}) \
         order by a.due_at, a.id limit 1 {skip}) returning *"
    );
    Entity::find()
        .from_raw_sql(Statement::from_string(backend, sql))
        .one(db.quick_write())
        .await
        .map_err(Error::row(EVALUATING))
}

/// Stores what an evaluation came to. `false`: the claim does not hold any more, and nothing is stored.
///
/// # Errors
/// When the database fails; then nothing is stored.
pub async fn settle(db: &Db, claim: &AlertRow, outcome: &Evaluated, now: i64) -> Result<bool> {
    let fired_at = match outcome.messages.is_empty() && outcome.told.is_empty() {
        true => claim.fired_at,
        false => Some(now),
    };
    let organization = claim.organization_id.as_str();
    let transaction = db.begin(EVALUATING).await?;
    let settled = Entity::update_many()
        .col_expr(Column::FiringSince, Expr::value(outcome.firing_since))
        .col_expr(Column::FiredAt, Expr::value(fired_at))
        .col_expr(Column::Value, Expr::value(outcome.value))
        .col_expr(Column::Threshold, Expr::value(outcome.threshold))
        .col_expr(Column::EvaluatedAt, Expr::value(now))
        .col_expr(Column::Failure, Expr::value(outcome.failure.clone()))
        .col_expr(Column::DueAt, Expr::value(outcome.due_at))
        .col_expr(Column::ClaimedUntil, Expr::value(0_i64))
        .filter(Column::OrganizationId.eq(organization))
        .filter(Column::Id.eq(claim.id.as_str()))
        .filter(Column::Epoch.eq(claim.epoch))
        .exec(&transaction)
        .await
        .map_err(Error::sql(EVALUATING))?;
    if settled.rows_affected == 0 {
        transaction
            .rollback()
            .await
            .map_err(Error::sql(EVALUATING))?;
        return Ok(false);
    }
    for known in [&outcome.told, &outcome.renamed] {
        issues::note(&transaction, organization, &claim.id, known).await?;
    }
    let (alert, messages) = (Some(claim.id.as_str()), &outcome.messages);
    deliveries::add(&transaction, organization, alert, messages, now).await?;
    transaction.commit().await.map_err(Error::sql(EVALUATING))?;
    Ok(true)
}
