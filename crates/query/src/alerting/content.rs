//! What is stored of a message: ids and numbers, and what people of the organization wrote. What visitors
//! wrote is read when the message is sent, so that an erasure reaches it.

use serde::{Deserialize, Serialize};

use super::rule::Rule;

/// Issues that a message names. Of the others it says how many there are.
pub const NAMED: usize = 20;

/// A test.
pub const TEST: &str = "test";
/// A condition begins to hold.
pub const FIRING: &str = "alert.firing";
/// It does not hold any more.
pub const RESOLVED: &str = "alert.resolved";
/// There are issues that were never there before.
pub const NEW: &str = "issue.new";
/// Resolved issues have occurred again.
pub const REGRESSED: &str = "issue.regressed";

/// What is stored.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Content {
    /// When it was so, milliseconds since the epoch.
    pub at: i64,
    /// The rule; `None` of a test.
    pub alert: Option<About>,
    /// What was counted.
    pub value: Option<f64>,
    /// What it was compared with.
    pub threshold: Option<f64>,
    /// When the window began, milliseconds since the epoch.
    pub from: Option<i64>,
    /// When it ended.
    pub to: Option<i64>,
    /// Fingerprints, at most [`NAMED`].
    #[serde(default)]
    pub issues: Vec<String>,
    /// How many issues there are.
    #[serde(default)]
    pub issue_count: u64,
}

/// The rule of a message, as it was then.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct About {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// What it watches.
    pub rule: Rule,
}

impl Content {
    /// Of a test.
    #[must_use]
    pub fn test(at: i64) -> Self {
        Self {
            at,
            alert: None,
            value: None,
            threshold: None,
            from: None,
            to: None,
            issues: Vec::new(),
            issue_count: 0,
        }
    }

    /// As JSON.
    #[must_use]
    pub fn to_json(&self) -> String {
        serde_json::to_string(self).unwrap_or_else(|_never| "{}".to_owned())
    }
}
