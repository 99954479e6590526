//! The errors of a flush, by session and issue.

use std::collections::{BTreeMap, HashMap};

use crow_types::settings::IssueRule;
use crow_types::{EventRecord, SessionErrorRecord};

use crate::issue::Reported;

/// Issues of one session in one flush. A page that reports more writes a new message each time.
pub const MAX_ISSUES: usize = 64;

/// The type of an event that reports an error.
pub const ERROR: &str = "error";

/// An error event.
#[derive(Debug, Clone, Copy)]
pub struct Occurrence<'a> {
    /// `sessions.id`.
    pub session: &'a str,
    /// The id of the event.
    pub event: &'a str,
    /// Corrected time, milliseconds since the epoch.
    pub at: i64,
    /// The address of the page; empty: unknown.
    pub url: &'a str,
    /// JSON payload.
    pub data: &'a str,
    /// The rules of the organization.
    pub rules: &'a [IssueRule],
}

/// Adds up occurrences. Each event is given once.
#[derive(Debug, Default)]
pub struct Occurrences {
    /// By session and fingerprint, so that rows come in one order.
    rows: BTreeMap<(String, String), SessionErrorRecord>,
    issues: HashMap<String, usize>,
    left_out: u64,
}

impl Occurrences {
    /// Those among these events, each of which is given once, without rules.
    #[must_use]
    pub fn of_records<'a>(events: impl IntoIterator<Item = &'a EventRecord>) -> Self {
        let mut all = Self::default();
        for event in events {
            if event.r#type == ERROR {
                all.add(&Occurrence {
                    session: &event.session_id,
                    event: &event.id,
                    at: event.timestamp,
                    url: event.url.as_deref().unwrap_or_default(),
                    data: &event.data,
                    rules: &[],
                });
            }
        }
        all
    }

    /// Adds one. It is left out when its session has [`MAX_ISSUES`] others in this flush.
    pub fn add(&mut self, occurrence: &Occurrence<'_>) {
        let reported = Reported::of_event(occurrence.data, occurrence.url);
        let issue = reported.identify_by(occurrence.rules);
        let key = (occurrence.session.to_owned(), issue.fingerprint);
        if let Some(row) = self.rows.get_mut(&key) {
            row.first_at = row.first_at.min(occurrence.at);
            row.occurrences += 1;
            if occurrence.at < row.last_at {
                return;
            }
            row.last_at = occurrence.at;
            row.kind = issue.kind;
            row.message = issue.message;
            row.culprit = issue.culprit;
            row.page = issue.page;
            row.app_release = issue.release;
            occurrence.event.clone_into(&mut row.event_id);
            return;
        }
        let issues = self.issues.entry(key.0.clone()).or_default();
        if *issues >= MAX_ISSUES {
            self.left_out += 1;
            return;
        }
        *issues += 1;
        let row = SessionErrorRecord {
            session_id: key.0.clone(),
            fingerprint: key.1.clone(),
            first_at: occurrence.at,
            last_at: occurrence.at,
            occurrences: 1,
            kind: issue.kind,
            message: issue.message,
            culprit: issue.culprit,
            page: issue.page,
            app_release: issue.release,
            event_id: occurrence.event.to_owned(),
        };
        self.rows.insert(key, row);
    }

    /// How many were left out.
    #[must_use]
    pub fn left_out(&self) -> u64 {
        self.left_out
    }

    /// The rows, one for each session and issue.
    #[must_use]
    pub fn into_records(self) -> Vec<SessionErrorRecord> {
        self.rows.into_values().collect()
    }
}
