//! The column `sessions.windows`: the state of a session's windows.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Missing batches of a window.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Gap {
    /// The window.
    pub window_id: String,
    /// First missing batch number.
    pub first_seq: u64,
    /// Last missing batch number, included.
    pub last_seq: u64,
    /// When it was noticed, milliseconds since the epoch.
    pub since: i64,
}

/// One tab or app window of a session.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Window {
    /// The window; empty when the client has none.
    pub window_id: String,
    /// The number of its next batch.
    pub next_seq: u64,
    /// How many lower batch numbers are missing.
    pub missing: u64,
}

/// The fields that readers need. The keeper's other fields are ignored.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Stored {
    next: u64,
    missing: Vec<(u64, u64, i64)>,
}

/// Windows and gaps of a session, ordered by window and number. An unreadable column is logged and
/// treated as empty, so that it does not hide the session.
#[must_use]
pub fn parse(column: &str) -> (Vec<Window>, Vec<Gap>) {
    // Lists do not load the column.
    if column.is_empty() {
        return Default::default();
    }
    let stored: BTreeMap<String, Stored> = serde_json::from_str(column).unwrap_or_else(|error| {
        tracing::warn!(
            error = crow_types::log_chain(&error),
            "cannot read the windows of a session"
        );
        BTreeMap::new()
    });
    let mut windows = Vec::with_capacity(stored.len());
    let mut gaps = Vec::new();
    for (window_id, stored) in stored {
        let missing = stored
            .missing
            .iter()
            .map(|(first, last, _since)| last.saturating_sub(*first).saturating_add(1))
            .fold(0, u64::saturating_add);
        let gap_of = |(first_seq, last_seq, since)| Gap {
            window_id: window_id.clone(),
            first_seq,
            last_seq,
            since,
        };
        gaps.extend(stored.missing.into_iter().map(gap_of));
        windows.push(Window {
            window_id,
            next_seq: stored.next,
            missing,
        });
    }
    (windows, gaps)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn missing_ranges_become_gaps_and_unknown_fields_are_ignored() {
        let (windows, gaps) = parse(
            r#"{"b":{"skew":3,"next":9,"missing":[[1,2,7],[5,5,8]],"new":{}},"a":{"next":1}}"#,
        );
        assert_eq!(
            windows
                .iter()
                .map(|window| (window.window_id.as_str(), window.missing))
                .collect::<Vec<_>>(),
            [("a", 0), ("b", 3)]
        );
        let gap = |first_seq, last_seq, since| Gap {
            window_id: "b".to_owned(),
            first_seq,
            last_seq,
            since,
        };
        assert_eq!(gaps, [gap(1, 2, 7), gap(5, 5, 8)]);
    }

    #[test]
    fn an_unreadable_column_is_empty() {
        assert_eq!(parse("nonsense"), (Vec::new(), Vec::new()));
        assert_eq!(parse("{}"), (Vec::new(), Vec::new()));
    }
}
