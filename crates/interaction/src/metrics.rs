use crow_types::Timestamp;

use crate::again::step::Step;
use crate::worker::Outcome;

/// What came of a message that was published first at this time.
pub(crate) fn count_outcome(outcome: Outcome, published_at: Timestamp) {
    if outcome == Outcome::Stored {
        let delay_ms = Timestamp::now().since(published_at);
        metrics::histogram!("crow_interaction_stored_seconds").record(delay_ms as f64 / 1_000.0);
    }
    count(match outcome {
        Outcome::Stored => "stored",
        Outcome::Outdated => "outdated",
        Outcome::Gone => "gone",
    });
}

pub(crate) fn count(outcome: &'static str) {
    metrics::counter!("crow_interaction_announcements_total", "outcome" => outcome).increment(1);
}

/// Stored interactions were announced.
pub(crate) fn count_published(count: u64) {
    metrics::counter!("crow_interaction_published_total").increment(count);
}

/// An import from a site ended.
pub(crate) fn count_import(outcome: &'static str) {
    metrics::counter!("crow_interaction_imports_total", "outcome" => outcome).increment(1);
}

/// Models were to be asked again about a visit.
pub(crate) fn count_retry(step: Step) {
    let outcome = match step {
        Step::Worded => "worded",
        Step::Failed | Step::Unreadable => "failed",
        Step::GivenUp => "given_up",
        Step::Gone => "gone",
        Step::Resting => "no_tokens",
        Step::LeftAlone => "left_alone",
    };
    metrics::counter!("crow_interaction_retries_total", "outcome" => outcome).increment(1);
}

pub(crate) fn set_retries_waiting(count: u64) {
    metrics::gauge!("crow_interaction_retries_waiting").set(count as f64);
}
