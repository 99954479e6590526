use crate::worker::Outcome;

pub(crate) fn count_outcome(outcome: Outcome) {
    count(match outcome {
        Outcome::Stored => "stored",
        Outcome::Outdated => "outdated",
        Outcome::Gone => "gone",
    });
}

pub(crate) fn count(outcome: &'static str) {
    metrics::counter!("crow_interaction_announcements_total", "outcome" => outcome).increment(1);
}

/// An import from a site ended.
pub(crate) fn count_import(outcome: &'static str) {
    metrics::counter!("crow_interaction_imports_total", "outcome" => outcome).increment(1);
}
