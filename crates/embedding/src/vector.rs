//! Vectors of eight-bit numbers.

/// Numbers of a vector, which are as many bytes.
pub const DIMENSION: usize = 128;

/// A direction. Its length means nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Vector([i8; DIMENSION]);

impl Vector {
    /// Scaled so that the largest number is 127. `None` when all are zero.
    pub(crate) fn from_direction(direction: &[f32; DIMENSION]) -> Option<Self> {
        let largest = direction
            .iter()
            .fold(0.0, |most: f32, it| most.max(it.abs()));
        #[expect(clippy::cast_possible_truncation, reason = "at most 127")]
        let scaled = |number: f32| (number / largest * 127.0).round() as i8;
        (largest > 0.0).then(|| Self(direction.map(scaled)))
    }

    /// For storing.
    #[must_use]
    pub fn to_bytes(&self) -> [u8; DIMENSION] {
        self.0.map(i8::cast_unsigned)
    }

    /// [`Vector::similarity`] to many stored vectors that follow each other; 0 for what is none. What is
    /// left at the end is ignored.
    #[must_use]
    pub fn similarities(&self, stored: &[u8]) -> Vec<f32> {
        let stored = stored.as_chunks::<DIMENSION>().0;
        let each = stored.iter().map(|one| self.similarity(one));
        each.map(Option::unwrap_or_default).collect()
    }

    /// The cosine of the angle to a stored vector, from -1 to 1: the nearer to 1, the more similar.
    /// `None` when the bytes are no vector.
    #[must_use]
    pub fn similarity(&self, stored: &[u8]) -> Option<f32> {
        let stored: &[u8; DIMENSION] = stored.try_into().ok()?;
        let (mut dot, mut mine, mut theirs) = (0, 0, 0);
        for (own, other) in self.0.iter().zip(stored) {
            let (own, other) = (i32::from(*own), i32::from(other.cast_signed()));
            dot += own * other;
            mine += own * own;
            theirs += other * other;
        }
        #[expect(clippy::cast_precision_loss, reason = "below 2^23")]
        let [dot, mine, theirs] = [dot, mine, theirs].map(|sum: i32| sum as f32);
        let lengths = mine.sqrt() * theirs.sqrt();
        (lengths > 0.0).then(|| (dot / lengths).clamp(-1.0, 1.0))
    }
}
