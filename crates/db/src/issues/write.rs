//! What a flush adds.

use std::collections::{HashMap, HashSet};

use crow_types::{SessionErrorRecord, SessionRecord};

use crate::analytics::Facts;
use crate::rows::{Insert, Statements, Value};

const COLUMNS: [&str; 13] = [
    "session_id",
    "fingerprint",
    "organization_id",
    "first_at",
    "last_at",
    "occurrences",
    "person",
    "kind",
    "message",
    "culprit",
    "page",
    "app_release",
    "event_id",
];
/// Sessions of one statement, as a power of two: a statement of the same text is prepared once.
const MAX_SESSIONS: usize = 256;
/// Issues of one session, the first ones. A page that reports more writes a new message each time.
const MAX_ISSUES: i64 = 256;
/// How many one flush takes away again; it adds fewer.
const MAX_REMOVED: i64 = 1_000;

/// Adds the errors of a flush to the rows of its sessions. A session that has errors and has become
/// known to be of another person is one of that person in all of its rows.
pub(crate) fn add_errors(
    statements: &mut Statements,
    sessions: &[SessionRecord],
    errors: &[SessionErrorRecord],
) {
    let with_errors = sessions.iter().filter(|session| session.error_count > 0);
    let people: Vec<(&SessionRecord, i64)> = with_errors
        .map(|session| (session, Facts::of(session).visitor.cast_signed()))
        .collect();
    move_people(statements, &people);
    if errors.is_empty() {
        return;
    }
    let by_row: HashMap<&str, &SessionRecord> = sessions
        .iter()
        .map(|session| (session.id.as_str(), session))
        .collect();
    // A flush holds the sessions of all its events.
    let rows: Vec<Row<'_>> = errors
        .iter()
        .filter_map(|error| {
            let session = by_row.get(error.session_id.as_str())?;
            Some(Row::new(error, session))
        })
        .collect();
    let insert = Insert {
        doing: "writing errors",
        table: "session_errors",
        columns: &COLUMNS,
        on_conflict: &on_conflict(),
    };
    statements.insert(&insert, &rows, Row::values);
    limit_issues(statements, sessions, errors);
}

/// Takes away what sessions have above the limit. Only a session with more errors than the limit can
/// have more issues.
fn limit_issues(
    statements: &mut Statements,
    sessions: &[SessionRecord],
    errors: &[SessionErrorRecord],
) {
    let added: HashSet<&str> = errors
        .iter()
        .map(|error| error.session_id.as_str())
        .collect();
    let sql = format!(
        "delete from session_errors where session_id = ? and fingerprint in \
         (select fingerprint from session_errors where session_id = ? \
         order by first_at, fingerprint limit {MAX_REMOVED} offset {MAX_ISSUES})"
    );
    let has_many = |session: &&SessionRecord| session.error_count > MAX_ISSUES;
    for session in sessions.iter().filter(has_many) {
        if added.contains(session.id.as_str()) {
            let bound = [Value::from(&session.id), Value::from(&session.id)];
            statements.push("limiting the issues of a session", &sql, bound);
        }
    }
}

fn on_conflict() -> String {
    let latest = [
        "kind",
        "message",
        "culprit",
        "page",
        "app_release",
        "event_id",
        "last_at",
    ];
    let latest = latest.map(|column| {
        format!(
            "{column} = case when excluded.last_at >= session_errors.last_at \
             then excluded.{column} else session_errors.{column} end"
        )
    });
    format!(
        "on conflict (session_id, fingerprint) do update set \
         first_at = case when excluded.first_at < session_errors.first_at \
         then excluded.first_at else session_errors.first_at end, \
         occurrences = session_errors.occurrences + excluded.occurrences, \
         person = excluded.person, {}",
        latest.join(", ")
    )
}

fn move_people(statements: &mut Statements, people: &[(&SessionRecord, i64)]) {
    let mut rest = people;
    while !rest.is_empty() {
        let count = 1 << rest.len().min(MAX_SESSIONS).ilog2();
        let (these, others) = rest.split_at(count);
        rest = others;
        let values = vec!["(?, ?)"; count].join(", ");
        let sql = format!(
            "update session_errors set person = known.column2 from (values {values}) as known \
             where session_errors.session_id = known.column1 \
             and session_errors.person <> known.column2"
        );
        let bound = these
            .iter()
            .flat_map(|(session, person)| [(&session.id).into(), person.into()]);
        statements.push("moving errors to another person", &sql, bound);
    }
}

struct Row<'a> {
    error: &'a SessionErrorRecord,
    organization: &'a String,
    person: i64,
}

impl<'a> Row<'a> {
    fn new(error: &'a SessionErrorRecord, session: &'a SessionRecord) -> Self {
        Self {
            error,
            organization: &session.organization_id,
            person: Facts::of(session).visitor.cast_signed(),
        }
    }

    fn values(&self) -> [Value<'_>; COLUMNS.len()] {
        let Self {
            error,
            organization,
            person,
        } = self;
        [
            (&error.session_id).into(),
            (&error.fingerprint).into(),
            (*organization).into(),
            (&error.first_at).into(),
            (&error.last_at).into(),
            (&error.occurrences).into(),
            person.into(),
            (&error.kind).into(),
            (&error.message).into(),
            (&error.culprit).into(),
            (&error.page).into(),
            (&error.app_release).into(),
            (&error.event_id).into(),
        ]
    }
}
