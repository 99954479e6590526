//! A model that fails is left alone for a while.

use std::sync::Mutex;
use std::time::{Duration, Instant};

/// Questions in a row that fail before a model is left alone.
const FAILURES: u32 = 3;
/// For how long, until one question tries it again.
const PAUSE: Duration = Duration::from_secs(60);

/// One for each model. It is of one process.
#[derive(Debug, Default)]
pub(crate) struct Breaker(Mutex<State>);

#[derive(Debug, Default)]
struct State {
    failures: u32,
    /// Nobody asks before.
    closed_until: Option<Instant>,
}

impl Breaker {
    /// Whether the model may be asked now. After a pause, only the first one who asks may.
    pub(crate) fn allows(&self, now: Instant) -> bool {
        let mut state = self.state();
        match state.closed_until {
            None => true,
            Some(until) if now < until => false,
            Some(_) => {
                // If the trial never ends, another one follows.
                state.closed_until = Some(now + PAUSE);
                true
            }
        }
    }

    pub(crate) fn note_answer(&self) {
        *self.state() = State::default();
    }

    pub(crate) fn note_failure(&self, now: Instant) {
        let mut state = self.state();
        state.failures = state.failures.saturating_add(1);
        if state.failures >= FAILURES {
            state.closed_until = Some(now + PAUSE);
        }
    }

    fn state(&self) -> std::sync::MutexGuard<'_, State> {
        self.0
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn after_three_failures_one_question_a_minute_tries_again() {
        let (breaker, start) = (Breaker::default(), Instant::now());
        let at = |seconds| start + Duration::from_secs(seconds);
        for _question in 0..FAILURES {
            assert!(breaker.allows(at(0)));
            breaker.note_failure(at(0));
        }
        assert!(!breaker.allows(at(59)));
        assert!(breaker.allows(at(60)));
        assert!(!breaker.allows(at(61)), "one at a time");
        breaker.note_failure(at(62));
        assert!(!breaker.allows(at(121)));
        assert!(breaker.allows(at(122)));
        breaker.note_answer();
        assert!(breaker.allows(at(123)) && breaker.allows(at(123)));
        breaker.note_failure(at(124));
        assert!(breaker.allows(at(124)), "it counts from the beginning");
    }
}
