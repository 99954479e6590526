use crate::worker::Outcome;

const ANNOUNCEMENTS: &str = "crow_interaction_announcements_total";

pub(crate) fn count_outcome(outcome: Outcome) {
    count(match outcome {
        Outcome::Stored => "stored",
        Outcome::Outdated => "outdated",
        Outcome::Gone => "gone",
    });
}

pub(crate) fn count(outcome: &'static str) {
    metrics::counter!(ANNOUNCEMENTS, "outcome" => outcome).increment(1);
}
