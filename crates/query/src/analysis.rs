//! What interactions of a range say together, by rules. We count every number; templates put them
//! into words.
//!
//! - `numbers`: counted from groups of equal rows.
//! - `findings`: insights, anomalies and recommendations.
//! - `worded`: the summary in the words of a language model.

mod findings;
mod numbers;
#[cfg(test)]
mod tests;
mod worded;

use serde::Serialize;
use utoipa::ToSchema;

use crow_story::RULES_SOURCE;

use findings::{Finding, Recommendation};
use numbers::Numbers;

pub use numbers::Groups;

/// Interactions of a range, counted and put into words.
#[derive(Debug, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Analysis {
    /// The range, milliseconds since the epoch.
    pub from: i64,
    /// Not included.
    pub to: i64,
    /// Who wrote insights, anomalies and recommendations: `rules/1` are rules, not a model.
    pub source: String,
    /// The range in a few sentences.
    pub summary: String,
    /// Who wrote the summary: rules such as `rules/1`, or the name of a model.
    pub summary_source: String,
    /// Whether a language model wrote the summary. A visitor can influence what it says.
    pub untrusted: bool,
    /// What stands out.
    pub insights: Vec<Finding>,
    /// What is unlike the range before, or unlike the other days.
    pub anomalies: Vec<Finding>,
    /// What to look at first.
    pub recommendations: Vec<Recommendation>,
    /// What the texts rest on.
    pub numbers: Numbers,
}

impl Analysis {
    /// Of the range `from` to `to`.
    #[must_use]
    pub fn of(from: i64, to: i64, groups: &Groups) -> Self {
        let numbers = Numbers::of(groups);
        Self {
            from,
            to,
            source: RULES_SOURCE.to_owned(),
            summary: findings::summary(&numbers),
            summary_source: RULES_SOURCE.to_owned(),
            untrusted: false,
            insights: findings::insights(&numbers),
            anomalies: findings::anomalies(&numbers, from, to),
            recommendations: findings::recommendations(&numbers),
            numbers,
        }
    }
}
