use crow_types::SessionRecord;

use super::facts::Facts;
use super::properties::pairs_of;
use super::scan::level_of;
use super::steps::{MAX_SEGMENT, MAX_SEGMENT_PROPERTIES, NewSteps};
use crate::rows::{Insert, Statements, Value};

/// When the steps of a session have grown to so many bytes, those of further flushes lose the
/// properties of their events.
const MAX_WITH_PROPERTIES: usize = 32 << 10;
/// When they have grown to so many bytes, those of further flushes are left out: each flush writes
/// the whole row. 64 KiB are for events, some six thousand, and the rest for their properties. The
/// segment of one flush comes on top, see [`MAX_SEGMENT`].
const MAX_STEPS: usize = MAX_SEGMENT + MAX_WITH_PROPERTIES + MAX_SEGMENT_PROPERTIES;

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
    let is_sqlite = matches!(statements, Statements::Sqlite(_));
    let appended = appended(is_sqlite, "excluded.steps");
    let grown = format!(
        "facts = excluded.facts, steps = case when length(session_facts.steps) >= {MAX_STEPS} \
         then session_facts.steps else {appended} end"
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
    add_with_properties(statements, sessions, steps);
}

/// Appends the segments that have properties. The rows are there already, so each is a conflict, and
/// only the database knows how long its steps are: in place of the facts it gets the segment without
/// properties.
fn add_with_properties(statements: &mut Statements, sessions: &[SessionRecord], steps: &NewSteps) {
    let is_sqlite = matches!(statements, Statements::Sqlite(_));
    let (whole, lean) = (
        appended(is_sqlite, "excluded.steps"),
        appended(is_sqlite, "excluded.facts"),
    );
    let grown = format!(
        "do update set steps = case \
         when length(session_facts.steps) < {MAX_WITH_PROPERTIES} then {whole} \
         when length(session_facts.steps) < {MAX_STEPS} then {lean} \
         else session_facts.steps end"
    );
    let mut on_conflict = format!("on conflict (session_id) {grown}");
    if is_sqlite {
        // The other key is violated as well.
        on_conflict = format!(
            "on conflict (organization_id, sample_level, started_at, session_id) {grown} \
             {on_conflict}"
        );
    }
    let insert = Insert {
        doing: "writing properties of events",
        table: "session_facts",
        columns: &COLUMNS,
        on_conflict: &on_conflict,
    };
    let rows: Vec<(&SessionRecord, &[u8])> = sessions
        .iter()
        .filter_map(|session| Some((session, steps.with_properties(&session.id)?)))
        .collect();
    statements.insert(&insert, &rows, |(session, whole)| {
        [
            (&session.id).into(),
            (&session.organization_id).into(),
            (&level_of(Facts::of(session).visitor)).into(),
            (&session.started_at).into(),
            Value::Bytes(steps.of(&session.id).into()),
            Value::Bytes((*whole).into()),
        ]
    });
}

/// SQLite makes a text of what it joins.
fn appended(is_sqlite: bool, segment: &str) -> String {
    let blob = if is_sqlite { "blob" } else { "bytea" };
    format!("cast(session_facts.steps || {segment} as {blob})")
}

fn row<'a>(session: &'a SessionRecord, steps: &'a NewSteps) -> [Value<'a>; COLUMNS.len()] {
    let traits = session.traits.as_deref().map(pairs_of);
    let facts = Facts {
        traits: traits.as_deref().unwrap_or_default(),
        ..Facts::of(session)
    };
    // A segment with properties follows in a statement of its own.
    let steps: &[u8] = if steps.with_properties(&session.id).is_some() {
        &[]
    } else {
        steps.of(&session.id)
    };
    [
        (&session.id).into(),
        (&session.organization_id).into(),
        (&level_of(facts.visitor)).into(),
        (&session.started_at).into(),
        Value::Bytes(facts.encode().into()),
        Value::Bytes(steps.into()),
    ]
}
