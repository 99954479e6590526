use crate::ask::funnel::MAX_STEPS;

type Times = [i64; MAX_STEPS];

/// How far one session or person gets. For each step we keep the chain that started last: it has the most
/// time left, so no other chain can get further. Among chains with the same start we keep the one
/// that reached the step first.
#[derive(Debug)]
pub struct Chain {
    steps: usize,
    window_ms: i64,
    /// For each step, the best chain that reached it.
    best: [Option<Times>; MAX_STEPS],
    reached: usize,
    /// The times of the first chain that got this far.
    times: Times,
}

impl Chain {
    pub fn new(steps: usize, window_ms: i64) -> Self {
        Self {
            steps: steps.min(MAX_STEPS),
            window_ms,
            best: [None; MAX_STEPS],
            reached: 0,
            times: [0; MAX_STEPS],
        }
    }

    /// Handles the next event in time order. `is` tells which steps the event matches. An event
    /// counts as at most one step of a chain.
    pub fn see(&mut self, at: i64, is: impl Fn(usize) -> bool) {
        for index in (0..self.steps).rev() {
            let before = match index {
                0 => Some([at; MAX_STEPS]),
                _ => self.best[index - 1].filter(|times| at - times[0] <= self.window_ms),
            };
            let Some(mut times) = before.filter(|_| is(index)) else {
                continue;
            };
            let has_same_begin = |own: Times| index > 0 && own[0] == times[0];
            if self.best[index].is_some_and(has_same_begin) {
                continue;
            }
            times[index] = at;
            self.best[index] = Some(times);
            if self.reached <= index {
                self.reached = index + 1;
                self.times = times;
            }
        }
    }

    /// The times of the steps that were reached.
    pub fn reached(&self) -> &[i64] {
        &self.times[..self.reached]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Each letter is an event, one per second. The funnel is a, b, c.
    fn check(events: &str, window: i64, expected: &[i64]) {
        let mut chain = Chain::new(3, window);
        for (second, event) in events.bytes().enumerate() {
            let at = i64::try_from(second).unwrap();
            chain.see(at, |index| b"abc"[index] == event);
        }
        assert_eq!(chain.reached(), expected, "{events}");
    }

    #[test]
    fn steps_count_in_their_order_with_others_between() {
        check("xaxbxc", 99, &[1, 3, 5]);
        check("cba", 99, &[2]);
        check("bcb", 99, &[]);
    }

    #[test]
    fn a_later_begin_counts_when_the_first_is_too_long_ago() {
        check("axxxxabc", 3, &[5, 6, 7]);
        check("abxxxxc", 3, &[0, 1]);
        check("aab", 1, &[1, 2]);
        check("abbc", 99, &[0, 1, 3]);
    }

    #[test]
    fn one_event_is_one_step() {
        let mut chain = Chain::new(2, 99);
        chain.see(1, |_index| true);
        assert_eq!(chain.reached().len(), 1);
        chain.see(2, |_index| true);
        assert_eq!(chain.reached(), [1, 2]);
    }
}
