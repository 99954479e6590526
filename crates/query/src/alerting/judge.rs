//! Whether a number is what a rule waits for.

use super::rule::{Comparison, Condition};

/// Windows before the current one that are compared with it.
pub const BEFORE: usize = 7;

/// A number in a window.
#[derive(Debug, Clone, PartialEq)]
pub struct Measured {
    /// The number.
    pub value: f64,
    /// How many are behind a share: the sessions that took the first step.
    pub base: Option<u64>,
    /// The number in the windows before.
    pub before: Vec<u64>,
}

/// What it means.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Verdict {
    /// What the number was compared with.
    pub threshold: f64,
    /// Whether it is told. `None`: there is too little to say, so that nothing changes.
    pub is_firing: Option<bool>,
}

/// Compares a number.
#[must_use]
pub fn judge(condition: &Condition, measured: &Measured) -> Verdict {
    let (value, percent) = (measured.value, condition.threshold / 100.0);
    let minimum = number(condition.minimum);
    match condition.comparison {
        Comparison::Above | Comparison::Below => {
            let is_too_little = measured.base.is_some_and(|base| base < condition.minimum);
            let is_beyond = match condition.comparison {
                Comparison::Above => value > condition.threshold,
                _ => value < condition.threshold,
            };
            Verdict {
                threshold: condition.threshold,
                is_firing: (!is_too_little).then_some(is_beyond),
            }
        }
        Comparison::Spike => {
            let threshold = median(&measured.before) * (1.0 + percent);
            let threshold = threshold.max(minimum);
            Verdict {
                threshold,
                is_firing: Some(value >= threshold),
            }
        }
        Comparison::Drop => {
            let median = median(&measured.before);
            let threshold = median * (1.0 - percent);
            // A long outage makes the windows before as empty as the current one. That does not end it.
            let is_too_little = median < minimum;
            Verdict {
                threshold,
                is_firing: (!is_too_little).then_some(value <= threshold),
            }
        }
    }
}

/// The median; of an even count the mean of the two in the middle. 0 of none.
fn median(values: &[u64]) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_unstable();
    let half = sorted.len() / 2;
    match (sorted.get(half), sorted.len() % 2) {
        (None, _) => 0.0,
        (Some(middle), 1) => number(*middle),
        (Some(upper), _) => f64::midpoint(number(sorted[half - 1]), number(*upper)),
    }
}

#[expect(clippy::cast_precision_loss, reason = "counts are far below 2^52")]
pub(super) fn number(count: u64) -> f64 {
    count as f64
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::alerting::rule::What;
    use crate::analytics::spans::Counted;
    use crate::ask::conditions::Conditions;

    fn firing(comparison: Comparison, threshold: f64, value: f64, before: &[u64]) -> Option<bool> {
        let condition = Condition {
            what: What::Spans(Counted::Sessions),
            conditions: Conditions::default(),
            comparison,
            threshold,
            minimum: 20,
            window_ms: 60_000,
        };
        let measured = Measured {
            value,
            base: None,
            before: before.to_vec(),
        };
        judge(&condition, &measured).is_firing
    }

    #[test]
    fn a_window_is_compared_with_the_median_of_those_before() {
        use Comparison::{Above, Below, Drop, Spike};
        let usual = [100, 100, 90, 110, 5_000, 0, 100];
        for (comparison, threshold, value, before, expected) in [
            (Spike, 50.0, 150.0, &usual[..], true),
            (Spike, 50.0, 149.0, &usual, false),
            // Twice of little is little.
            (Spike, 100.0, 19.0, &[1, 2, 3], false),
            (Spike, 100.0, 20.0, &[], true),
            (Drop, 50.0, 50.0, &usual, true),
            (Drop, 50.0, 51.0, &usual, false),
            (Drop, 100.0, 0.0, &usual, true),
            (Above, 10.0, 10.0, &[], false),
            (Above, 10.0, 11.0, &[], true),
            (Below, 10.0, 9.0, &[], true),
            (Below, 10.0, 10.0, &[], false),
        ] {
            let is_firing = firing(comparison, threshold, value, before);
            let what = format!("{comparison:?} {threshold} {value} {before:?}");
            assert_eq!(is_firing, Some(expected), "{what}");
        }
        assert!((median(&[1, 4, 2, 3]) - 2.5).abs() < 1e-9);
    }

    #[test]
    fn a_drop_neither_starts_nor_ends_when_there_was_little_before() {
        let drop = |value, before: &[u64]| firing(Comparison::Drop, 50.0, value, before);
        assert_eq!(drop(0.0, &[19, 19, 19]), None);
        assert_eq!(drop(0.0, &[]), None);
        // An outage of five windows, and the end of it.
        assert_eq!(drop(0.0, &[100, 100, 100, 0, 0, 0, 0]), None);
        assert_eq!(drop(100.0, &[0, 0, 0, 100, 100, 100, 100]), Some(false));
    }

    #[test]
    fn a_share_of_few_sessions_says_nothing() {
        let condition = Condition {
            what: What::Issue("1:a".to_owned()),
            conditions: Conditions::default(),
            comparison: Comparison::Below,
            threshold: 50.0,
            minimum: 20,
            window_ms: 60_000,
        };
        let of = |base| Measured {
            value: 10.0,
            base: Some(base),
            before: Vec::new(),
        };
        assert_eq!(judge(&condition, &of(19)).is_firing, None);
        assert_eq!(judge(&condition, &of(20)).is_firing, Some(true));
    }
}
