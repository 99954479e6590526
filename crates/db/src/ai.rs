//! Language models: their answers, calls of them, and how many tokens an organization used on a day.
//!
//! [`reserve`] counts the tokens of a call before it is made and stores its row, and [`note`] corrects
//! both. So calls at the same time stay within the limit together. A process that dies in between
//! leaves its reservation, so the limit is never exceeded, and the row says that the call is
//! [`UNFINISHED`].
//!
//! [`keep`] holds the row of the session, as [`crate::interactions::put`] does. So an erasure at the
//! same moment leaves no answer about the session. [`keep_until_stored`] holds nothing: what stores a
//! report also removes the answer about it, and so does what refuses the report after an erasure.

use sea_orm::sea_query::{Expr, ExprTrait, OnConflict};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, DatabaseTransaction, DbBackend, EntityTrait,
    IntoActiveModel, QueryFilter, QueryOrder, QuerySelect, Statement,
};

use crow_types::Timestamp;

use crate::connection::Db;
use crate::entity::{ai_answers, ai_calls, ai_usage};
use crate::error::{Error, Result};

pub mod retries;
#[cfg(test)]
mod tests;

pub use crate::entity::ai_answers::Model as AnswerRow;
pub use crate::entity::ai_calls::Model as CallRow;

/// The outcome of a call that is being made, or whose process died before the answer was noted.
pub const UNFINISHED: &str = "unfinished";

const KEEPING: &str = "storing an answer of a model";
const COUNTING: &str = "counting tokens";
const EXPIRING: &str = "removing old calls of models";
/// In milliseconds.
const DAY: i64 = 86_400_000;
/// Calls that are removed in one statement.
const PER_STATEMENT: u64 = 1_000;

/// What a model answered to the question with this key, unless that was too long ago.
///
/// # Errors
/// When the database fails.
pub async fn answer(
    db: &Db,
    organization: &str,
    key: &str,
    now: Timestamp,
) -> Result<Option<String>> {
    use ai_answers::Column;
    ai_answers::Entity::find()
        .select_only()
        .column(Column::Answer)
        .filter(Column::OrganizationId.eq(organization))
        .filter(Column::Key.eq(key))
        .filter(Column::ExpiresAt.gt(now.0))
        .into_tuple()
        .one(&db.lookups)
        .await
        .map_err(Error::sql("reading an answer of a model"))
}

/// Keeps an answer, unless its session is gone.
///
/// # Errors
/// When the database fails.
pub async fn keep(db: &Db, row: AnswerRow) -> Result<()> {
    let transaction = db.begin(KEEPING).await?;
    if !is_there(&transaction, &row).await? {
        return Ok(());
    }
    insert(&transaction, row).await?;
    transaction.commit().await.map_err(Error::sql(KEEPING))
}

/// Keeps an answer about a report that is not stored yet. `session_row` is the id of its interaction.
/// [`crate::interactions::reported::put_with`] removes the answer.
///
/// # Errors
/// When the database fails.
pub async fn keep_until_stored(db: &Db, row: AnswerRow) -> Result<()> {
    insert(db.quick_write(), row).await
}

async fn insert(connection: &impl ConnectionTrait, row: AnswerRow) -> Result<()> {
    use ai_answers::Column;
    // The session stays that of the first question: an answer goes with the first session of which it
    // could be.
    let newer = OnConflict::columns([Column::OrganizationId, Column::Key])
        .update_columns([Column::Answer, Column::ExpiresAt])
        .to_owned();
    ai_answers::Entity::insert(row.into_active_model())
        .on_conflict(newer)
        .exec_without_returning(connection)
        .await
        .map(drop)
        .map_err(Error::sql(KEEPING))
}

/// Whether the session of an answer exists and has its events. It stays until the end of the transaction.
async fn is_there(transaction: &DatabaseTransaction, row: &AnswerRow) -> Result<bool> {
    let Some(session) = &row.session_row else {
        return Ok(true);
    };
    let backend = transaction.get_database_backend();
    let lock = match backend {
        // There is one writer.
        DbBackend::Sqlite => "",
        _postgres => " for share",
    };
    let sql = format!(
        "select id from sessions where id = $1 and organization_id = $2 \
        and (removed is null or removed = 'recording'){lock}"
    );
    let values = [session.as_str().into(), row.organization_id.as_str().into()];
    let statement = Statement::from_sql_and_values(backend, sql, values);
    let found = transaction.query_one_raw(statement).await;
    Ok(found.map_err(Error::sql(KEEPING))?.is_some())
}

/// Counts `tokens` for the day of a call, unless that makes more than `most`, and stores the call as
/// [`UNFINISHED`]. False: nothing was counted or stored.
///
/// # Errors
/// When the database fails.
pub async fn reserve(db: &Db, call: &CallRow, tokens: i64, most: i64) -> Result<bool> {
    use ai_usage::Column;
    if tokens > most {
        return Ok(false);
    }
    let sum = Expr::cust("ai_usage.tokens + excluded.tokens");
    let added = OnConflict::columns([Column::OrganizationId, Column::Day])
        .value(Column::Tokens, sum.clone())
        .action_and_where(sum.lte(most))
        .to_owned();
    let counted = ai_usage::ActiveModel {
        organization_id: Set(call.organization_id.clone()),
        day: Set(day_of(Timestamp(call.at))),
        tokens: Set(tokens),
    };
    let begun = ai_calls::ActiveModel {
        outcome: Set(UNFINISHED.to_owned()),
        ..call.clone().into_active_model()
    };
    let transaction = db.begin(COUNTING).await?;
    let fits = ai_usage::Entity::insert(counted)
        .on_conflict(added)
        .exec_without_returning(&transaction)
        .await
        .map_err(Error::sql(COUNTING))?;
    if fits == 0 {
        return Ok(false);
    }
    ai_calls::Entity::insert(begun)
        .exec_without_returning(&transaction)
        .await
        .map_err(Error::sql(COUNTING))?;
    transaction.commit().await.map_err(Error::sql(COUNTING))?;
    Ok(true)
}

/// Notes how a call ended, and corrects what was counted for it: `reserved` becomes `used`. A second
/// time it changes nothing.
///
/// # Errors
/// When the database fails.
pub async fn note(db: &Db, call: &CallRow, reserved: i64, used: i64) -> Result<()> {
    use ai_calls::Column;
    let failed = "noting a call of a model";
    let transaction = db.begin(failed).await?;
    let ended = ai_calls::Entity::update_many()
        .col_expr(Column::Outcome, Expr::value(call.outcome.as_str()))
        .col_expr(Column::InputTokens, Expr::value(call.input_tokens))
        .col_expr(Column::OutputTokens, Expr::value(call.output_tokens))
        .col_expr(Column::LatencyMs, Expr::value(call.latency_ms))
        .filter(Column::Id.eq(call.id.as_str()))
        .filter(Column::OrganizationId.eq(call.organization_id.as_str()))
        .filter(Column::Outcome.eq(UNFINISHED))
        .exec(&transaction)
        .await
        .map_err(Error::sql(failed))?;
    if ended.rows_affected == 0 {
        return Ok(());
    }
    let correction = used.saturating_sub(reserved);
    ai_usage::Entity::update_many()
        .col_expr(
            ai_usage::Column::Tokens,
            Expr::col(ai_usage::Column::Tokens).add(correction),
        )
        .filter(ai_usage::Column::OrganizationId.eq(call.organization_id.as_str()))
        .filter(ai_usage::Column::Day.eq(day_of(Timestamp(call.at))))
        .exec(&transaction)
        .await
        .map_err(Error::sql(failed))?;
    transaction.commit().await.map_err(Error::sql(failed))
}

/// Tokens that an organization has used on the day of `at`, with those of calls that have not ended.
///
/// # Errors
/// When the database fails.
pub async fn used(db: &Db, organization: &str, at: Timestamp) -> Result<i64> {
    let row = ai_usage::Entity::find_by_id((organization.to_owned(), day_of(at)))
        .one(&db.lookups)
        .await
        .map_err(Error::row("reading used tokens"))?;
    Ok(row.map_or(0, |row| row.tokens))
}

/// The calls of an organization since a moment, oldest first, at most `limit`.
///
/// # Errors
/// When the database fails.
pub async fn calls(
    db: &Db,
    organization: &str,
    since: Timestamp,
    limit: u64,
) -> Result<Vec<CallRow>> {
    use ai_calls::Column;
    ai_calls::Entity::find()
        .filter(Column::OrganizationId.eq(organization))
        .filter(Column::At.gte(since.0))
        .order_by_asc(Column::At)
        .order_by_asc(Column::Id)
        .limit(limit)
        .all(&db.read)
        .await
        .map_err(Error::row("listing calls of models"))
}

/// Removes answers that have expired by `now`, and calls and counts of before `calls_before`.
///
/// # Errors
/// When the database fails.
pub async fn expire(db: &Db, now: Timestamp, calls_before: Timestamp) -> Result<()> {
    ai_answers::Entity::delete_many()
        .filter(ai_answers::Column::ExpiresAt.lte(now.0))
        .exec(db.quick_write())
        .await
        .map_err(Error::sql("removing old answers of models"))?;
    ai_usage::Entity::delete_many()
        .filter(ai_usage::Column::Day.lt(day_of(calls_before)))
        .exec(db.quick_write())
        .await
        .map_err(Error::sql(EXPIRING))?;
    loop {
        use ai_calls::Column;
        let some: Vec<String> = ai_calls::Entity::find()
            .select_only()
            .column(Column::Id)
            .filter(Column::At.lt(calls_before.0))
            .order_by_asc(Column::At)
            .limit(PER_STATEMENT)
            .into_tuple()
            .all(&db.read)
            .await
            .map_err(Error::sql(EXPIRING))?;
        if some.is_empty() {
            return Ok(());
        }
        ai_calls::Entity::delete_many()
            .filter(Column::Id.is_in(some))
            .exec(db.quick_write())
            .await
            .map_err(Error::sql(EXPIRING))?;
    }
}

/// Removes the answers about a session, or about a report: then it is the id of its interaction.
pub(crate) async fn remove_of_session(
    transaction: &DatabaseTransaction,
    organization: &str,
    session_row: &str,
) -> Result<()> {
    use ai_answers::Column;
    ai_answers::Entity::delete_many()
        .filter(Column::OrganizationId.eq(organization))
        .filter(Column::SessionRow.eq(session_row))
        .exec(transaction)
        .await
        .map(drop)
        .map_err(Error::sql("removing answers of models"))
}

fn day_of(at: Timestamp) -> i64 {
    at.0.div_euclid(DAY)
}
