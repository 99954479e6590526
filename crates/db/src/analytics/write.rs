use std::collections::HashMap;

use crow_types::{EventRecord, SessionRecord};

use super::Facts;
use super::scan::level_of;
use super::steps::Segment;
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

/// Adds the rows of the sessions of a flush, and appends its events to them. The
/// sessions are whole and hold those of all events.
pub(crate) fn add_facts(
    statements: &mut Statements,
    sessions: &[SessionRecord],
    events: &[EventRecord],
) {
    let mut segments: HashMap<&str, Segment<'_>> = HashMap::with_capacity(sessions.len());
    for event in events {
        segments.entry(&event.session_id).or_default().add(event);
    }
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
    let values = |session| row(session, segments.get(session.id.as_str()));
    statements.insert(&insert, sessions, values);
}

fn row<'a>(
    session: &'a SessionRecord,
    segment: Option<&'a Segment<'_>>,
) -> [Value<'a>; COLUMNS.len()] {
    let facts = Facts::of(session);
    let steps = segment.map_or(&[][..], Segment::bytes);
    [
        (&session.id).into(),
        (&session.organization_id).into(),
        (&level_of(facts.visitor)).into(),
        (&session.started_at).into(),
        Value::Bytes(facts.encode().into()),
        Value::Bytes(steps.into()),
    ]
}
