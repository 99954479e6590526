use crow_types::SessionRecord;

use super::Facts;
use super::properties::pairs_of;
use super::scan::level_of;
use super::steps::NewSteps;
use crate::rows::{Insert, Statements, Value};

/// When the steps of a session have grown to so many bytes (some ten thousand events),
/// further ones are left out: each flush writes the whole row.
const MAX_STEPS: usize = 64 << 10;

const COLUMNS: [&str; 6] = [
    "session_id",
    "organization_id",
    "sample_level",
    "started_at",
    "facts",
    "steps",
];

/// Adds the rows of the sessions of a flush, and appends its steps to them. The sessions are
/// whole and hold those of all steps.
pub(crate) fn add_facts(statements: &mut Statements, sessions: &[SessionRecord], steps: &NewSteps) {
    // SQLite makes a text of what it joins.
    let is_sqlite = matches!(statements, Statements::Sqlite(_));
    let blob = if is_sqlite { "blob" } else { "bytea" };
    let grown = format!(
        "facts = excluded.facts, steps = case when length(session_facts.steps) >= {MAX_STEPS} \
         then session_facts.steps \
         else cast(session_facts.steps || excluded.steps as {blob}) end"
    );
    let moved = format!(
        "on conflict (session_id) do update set organization_id = excluded.organization_id, \
         sample_level = excluded.sample_level, started_at = excluded.started_at, {grown}"
    );
    let on_conflict = if is_sqlite {
        // It takes a row whose key is set out of the table and puts it in again, changed or not.
        format!(
            "on conflict (organization_id, sample_level, started_at, session_id) \
             do update set {grown} {moved}"
        )
    } else {
        moved
    };
    let insert = Insert {
        doing: "writing facts",
        table: "session_facts",
        columns: &COLUMNS,
        on_conflict: &on_conflict,
    };
    statements.insert(&insert, sessions, |session| row(session, steps));
}

fn row<'a>(session: &'a SessionRecord, steps: &'a NewSteps) -> [Value<'a>; COLUMNS.len()] {
    let traits = session.traits.as_deref().map(pairs_of);
    let facts = Facts {
        traits: traits.as_deref().unwrap_or_default(),
        ..Facts::of(session)
    };
    let steps = steps.of(&session.id);
    [
        (&session.id).into(),
        (&session.organization_id).into(),
        (&level_of(facts.visitor)).into(),
        (&session.started_at).into(),
        Value::Bytes(facts.encode().into()),
        Value::Bytes(steps.into()),
    ]
}
