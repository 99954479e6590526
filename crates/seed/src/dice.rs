//! Random numbers that are the same on every machine and in every version.

/// SplitMix64.
#[derive(Debug, Clone)]
pub struct Dice(u64);

impl Dice {
    /// Of one session of a plan.
    pub fn new(seed: u64, number: u64) -> Self {
        let mut dice = Self(seed);
        let start = dice.next();
        Self(start ^ number.wrapping_mul(0xD1B5_4A32_D192_ED03))
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    /// From 0 up to, and without, `end`.
    pub fn below(&mut self, end: u64) -> u64 {
        self.next() % end.max(1)
    }

    /// From `start` up to, and without, `end`.
    pub fn between(&mut self, start: i64, end: i64) -> i64 {
        let span = u64::try_from(end.saturating_sub(start)).unwrap_or(0);
        start.saturating_add(i64::try_from(self.below(span)).unwrap_or(0))
    }

    /// True so many times in a thousand.
    pub fn chance(&mut self, per_mille: u64) -> bool {
        self.below(1_000) < per_mille
    }

    /// One of them, by weight.
    pub fn pick<'a, T>(&mut self, choices: &'a [(T, u64)]) -> &'a T {
        let sum = choices.iter().map(|(_, weight)| weight).sum();
        let mut place = self.below(sum);
        for (choice, weight) in choices {
            if place < *weight {
                return choice;
            }
            place -= weight;
        }
        &choices[0].0
    }

    /// Small numbers far more often than large ones; below `end`.
    pub fn skewed(&mut self, end: u64) -> u64 {
        let high = self.below(end) + 1;
        self.below(high)
    }
}
