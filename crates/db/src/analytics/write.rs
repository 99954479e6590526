use std::collections::HashMap;

use sea_orm::{ConnectionTrait, DatabaseTransaction, Statement, Value};

use crow_types::{EventRecord, SessionRecord};

use super::Facts;
use super::scan::level_of;
use super::steps::Segment;
use crate::connection::Db;
use crate::error::{Error, Result};

/// Rows of one statement.
const ROWS_PER_STATEMENT: usize = 500;
/// When the steps of a session have grown to so many bytes (some ten thousand events),
/// further ones are left out: each flush writes the whole row.
const MAX_STEPS: usize = 64 << 10;

/// Writes the rows of the sessions of a flush, and appends its events to them. The
/// sessions are whole and hold those of all events.
pub(crate) async fn write_facts(
    db: &Db,
    transaction: &DatabaseTransaction,
    sessions: &[SessionRecord],
    events: &[EventRecord],
) -> Result<()> {
    let mut segments: HashMap<&str, Segment<'_>> = HashMap::with_capacity(sessions.len());
    for event in events {
        segments.entry(&event.session_id).or_default().add(event);
    }
    for sessions in sessions.chunks(ROWS_PER_STATEMENT) {
        let mut values = Vec::with_capacity(sessions.len() * 6);
        for session in sessions {
            let segment = segments.remove(session.id.as_str()).unwrap_or_default();
            values.extend(row(session, segment));
        }
        let statement = Statement::from_sql_and_values(
            db.write.get_database_backend(),
            upsert(db.is_sqlite(), sessions.len()),
            values,
        );
        transaction
            .execute_raw(statement)
            .await
            .map_err(Error::sql("writing facts"))?;
    }
    Ok(())
}

fn row(session: &SessionRecord, segment: Segment<'_>) -> [Value; 6] {
    let facts = Facts::of(session);
    [
        session.id.as_str().into(),
        session.organization_id.as_str().into(),
        level_of(facts.visitor).into(),
        session.started_at.into(),
        facts.encode().into(),
        segment.finish().into(),
    ]
}

fn upsert(is_sqlite: bool, rows: usize) -> String {
    let mut sql = "insert into session_facts \
        (session_id, organization_id, sample_level, started_at, facts, steps) values "
        .to_owned();
    for row in 0..rows {
        sql.push_str(if row == 0 { "" } else { ", " });
        if is_sqlite {
            sql.push_str("(?, ?, ?, ?, ?, ?)");
        } else {
            let first = row * 6;
            let [a, b, c, d, e, f] = [1, 2, 3, 4, 5, 6].map(|place| first + place);
            sql.push_str(&format!("(${a}, ${b}, ${c}, ${d}, ${e}, ${f})"));
        }
    }
    // SQLite makes a text of what it joins.
    let blob = if is_sqlite { "blob" } else { "bytea" };
    sql + &format!(
        " on conflict (session_id) do update set organization_id = excluded.organization_id, \
         sample_level = excluded.sample_level, started_at = excluded.started_at, \
         facts = excluded.facts, steps = case when length(session_facts.steps) >= {MAX_STEPS} \
         then session_facts.steps \
         else cast(session_facts.steps || excluded.steps as {blob}) end"
    )
}
