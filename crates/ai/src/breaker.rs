//! A model that fails is left alone for a while.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Mutex;
use std::time::{Duration, Instant};

/// Questions in a row that fail before a model is left alone.
const FAILURES: u32 = 3;
/// Organizations that leave a model alone, without an answer to anybody, before all others do, too. The
/// visitors of one organization can make its questions fail, and not those of so many.
const ORGANIZATIONS: usize = 3;
/// For how long, until one question tries it again.
const PAUSE: Duration = Duration::from_secs(60);

/// One for each model. It is of one process.
#[derive(Debug, Default)]
pub(crate) struct Breaker(Mutex<State>);

#[derive(Debug, Default)]
struct State {
    all: Switch,
    /// Organizations whose last question failed.
    own: BTreeMap<String, Switch>,
    /// Those of them that have left the model alone since its last answer.
    alone: BTreeSet<String>,
}

#[derive(Debug, Default)]
struct Switch {
    /// In a row.
    failures: u32,
    /// Nobody asks before.
    closed_until: Option<Instant>,
}

impl Switch {
    fn allows(&self, now: Instant) -> bool {
        self.closed_until.is_none_or(|until| now >= until)
    }

    /// After a pause, only the first one who asks may. If the trial never ends, another one follows.
    fn note_question(&mut self, now: Instant) {
        if self.closed_until.is_some() {
            self.close(now);
        }
    }

    fn note_failure(&mut self, now: Instant) {
        self.failures = self.failures.saturating_add(1);
        if self.failures >= FAILURES {
            self.close(now);
        }
    }

    fn close(&mut self, now: Instant) {
        self.closed_until = Some(now + PAUSE);
    }
}

impl Breaker {
    /// Whether the model may be asked for an organization now.
    pub(crate) fn allows(&self, organization: &str, now: Instant) -> bool {
        let mut state = self.state();
        let State { all, own, .. } = &mut *state;
        let own = own.get_mut(organization);
        if !all.allows(now) || own.as_ref().is_some_and(|own| !own.allows(now)) {
            return false;
        }
        all.note_question(now);
        if let Some(own) = own {
            own.note_question(now);
        }
        true
    }

    pub(crate) fn note_answer(&self, organization: &str) {
        let mut state = self.state();
        state.all = Switch::default();
        state.own.remove(organization);
        state.alone.clear();
    }

    /// It would have failed for anybody.
    pub(crate) fn note_failure(&self, now: Instant) {
        self.state().all.note_failure(now);
    }

    /// The question of this organization may be why.
    pub(crate) fn note_failure_of(&self, organization: &str, now: Instant) {
        let mut state = self.state();
        let State { all, own, alone } = &mut *state;
        let own = own.entry(organization.to_owned()).or_default();
        own.note_failure(now);
        if own.closed_until.is_some() {
            alone.insert(organization.to_owned());
        }
        if alone.len() >= ORGANIZATIONS {
            all.close(now);
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
        let start = Instant::now();
        let at = |seconds| start + Duration::from_secs(seconds);
        let of_provider = |breaker: &Breaker, now| breaker.note_failure(now);
        let of_question = |breaker: &Breaker, now| breaker.note_failure_of("acme", now);
        for fail in [&of_provider as &dyn Fn(&Breaker, Instant), &of_question] {
            let breaker = Breaker::default();
            let allows = |seconds| breaker.allows("acme", at(seconds));
            for _question in 0..FAILURES {
                assert!(allows(0));
                fail(&breaker, at(0));
            }
            assert!(!allows(59));
            assert!(allows(60));
            assert!(!allows(61), "one at a time");
            fail(&breaker, at(62));
            assert!(!allows(121));
            assert!(allows(122));
            breaker.note_answer("acme");
            assert!(allows(123) && allows(123));
            fail(&breaker, at(124));
            assert!(allows(124), "it counts from the beginning");
        }
    }

    #[test]
    fn an_organization_shuts_a_model_off_for_itself_and_three_do_for_all() {
        let (breaker, now) = (Breaker::default(), Instant::now());
        let fails = |organization: &str| {
            for _question in 0..FAILURES {
                breaker.note_failure_of(organization, now);
            }
        };
        let allows = |organization: &str| breaker.allows(organization, now);
        for organization in ["acme", "globex"] {
            fails(organization);
            assert!(!allows(organization) && allows("rival"));
        }
        // It answers others, so it works.
        breaker.note_answer("rival");
        fails("initech");
        assert!(!allows("acme") && !allows("initech") && allows("rival"));
        fails("acme");
        fails("globex");
        assert!(!allows("rival"));
        breaker.note_answer("acme");
        assert!(allows("acme") && allows("rival") && !allows("globex"));
    }
}
