//! Facts of sessions that lose a part.

use sea_orm::{ConnectionTrait, DatabaseTransaction, FromQueryResult, Statement, Value};

use crow_types::without_person;

use super::facts::Facts;
use super::scan::level_of;
use super::steps::Steps;
use crate::error::{Error, Result};

/// Sessions of one statement.
const PER_STATEMENT: usize = 500;

#[derive(FromQueryResult)]
struct Row {
    session_id: String,
    facts: Vec<u8>,
    steps: Vec<u8>,
}

/// The facts of these sessions no longer say that there is a recording.
pub(crate) async fn without_recording(
    transaction: &DatabaseTransaction,
    sessions: &[String],
) -> Result<()> {
    for row in rows_of(transaction, sessions).await? {
        let Some(facts) = Facts::decode(&row.facts) else {
            continue;
        };
        let facts = Facts {
            has_replay: false,
            ..facts
        };
        store(transaction, &row.session_id, &facts, row.steps).await?;
    }
    Ok(())
}

/// The facts of these sessions say neither that there is a recording, nor what events held besides
/// their type, name, place and page. Facts that this release cannot read are removed.
pub(crate) async fn without_events(
    transaction: &DatabaseTransaction,
    sessions: &[String],
) -> Result<()> {
    for row in rows_of(transaction, sessions).await? {
        let mut steps = Steps::default();
        let (Some(facts), Some(())) = (Facts::decode(&row.facts), steps.decode(&row.steps)) else {
            remove(transaction, &row.session_id).await?;
            continue;
        };
        let facts = Facts {
            has_replay: false,
            ..facts
        };
        let steps = steps.encode(str::to_owned);
        store(transaction, &row.session_id, &facts, steps).await?;
    }
    Ok(())
}

/// The facts of these sessions name nobody. Each session counts as a visitor of its own. Facts that
/// this release cannot read are removed.
pub(crate) async fn anonymous(
    transaction: &DatabaseTransaction,
    sessions: &[String],
) -> Result<()> {
    for row in rows_of(transaction, sessions).await? {
        let mut steps = Steps::default();
        let (Some(facts), Some(())) = (Facts::decode(&row.facts), steps.decode(&row.steps)) else {
            remove(transaction, &row.session_id).await?;
            continue;
        };
        let [referrer, initial_url, exit_url] =
            [facts.referrer, facts.initial_url, facts.exit_url].map(without_person);
        let facts = Facts {
            has_replay: false,
            referrer: &referrer,
            initial_url: &initial_url,
            exit_url: &exit_url,
            ..facts.anonymous(&row.session_id)
        };
        let steps = steps.encode(without_person);
        store(transaction, &row.session_id, &facts, steps).await?;
    }
    Ok(())
}

async fn rows_of(transaction: &DatabaseTransaction, sessions: &[String]) -> Result<Vec<Row>> {
    let backend = transaction.get_database_backend();
    let mut found = Vec::with_capacity(sessions.len());
    for sessions in sessions.chunks(PER_STATEMENT) {
        let places: Vec<String> = (1..=sessions.len()).map(|it| format!("${it}")).collect();
        let sql = format!(
            "select session_id, facts, steps from session_facts where session_id in ({})",
            places.join(", ")
        );
        let values = sessions.iter().map(|it| Value::from(it.as_str()));
        let statement = Statement::from_sql_and_values(backend, sql, values);
        let some = Row::find_by_statement(statement).all(transaction).await;
        found.extend(some.map_err(Error::sql("reading facts"))?);
    }
    Ok(found)
}

async fn store(
    transaction: &DatabaseTransaction,
    session: &str,
    facts: &Facts<'_>,
    steps: Vec<u8>,
) -> Result<()> {
    let sql = "update session_facts set sample_level = $1, facts = $2, steps = $3 \
               where session_id = $4";
    let values = [
        level_of(facts.visitor).into(),
        facts.encode().into(),
        steps.into(),
        session.into(),
    ];
    execute(transaction, sql, values).await
}

async fn remove(transaction: &DatabaseTransaction, session: &str) -> Result<()> {
    let sql = "delete from session_facts where session_id = $1";
    execute(transaction, sql, [session.into()]).await
}

async fn execute<const N: usize>(
    transaction: &DatabaseTransaction,
    sql: &str,
    values: [Value; N],
) -> Result<()> {
    let backend = transaction.get_database_backend();
    let statement = Statement::from_sql_and_values(backend, sql, values);
    let outcome = transaction.execute_raw(statement).await;
    outcome.map(drop).map_err(Error::sql("rewriting facts"))
}
