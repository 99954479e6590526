//! Random numbers that are the same on every machine and in every version.

/// SplitMix64.
#[derive(Debug, Clone)]
pub struct Dice(u64);

impl Dice {
    /// For one session of a plan.
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

    /// A number from 0 to `end`, excluding `end`.
    pub fn below(&mut self, end: u64) -> u64 {
        self.next() % end.max(1)
    }

    /// A number from `start` to `end`, excluding `end`.
    pub fn between(&mut self, start: i64, end: i64) -> i64 {
        let span = u64::try_from(end.saturating_sub(start)).unwrap_or(0);
        start.saturating_add(i64::try_from(self.below(span)).unwrap_or(0))
    }

    /// True with this probability, in parts per thousand.
    pub fn chance(&mut self, per_mille: u64) -> bool {
        self.below(1_000) < per_mille
    }

    /// One of the choices, by weight.
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

    /// A number below `end`. Small numbers are far more frequent.
    pub fn skewed(&mut self, end: u64) -> u64 {
        let high = self.below(end) + 1;
        self.below(high)
    }
}
