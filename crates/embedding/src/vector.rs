//! Vectors of eight-bit numbers.

/// Numbers of a vector of the table, which are as many bytes. Those of other models may have more or fewer.
pub const DIMENSION: usize = 128;

/// A direction. Its length means nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Vector(Box<[i8]>);

impl Vector {
    /// Scaled so that the largest number is 127. `None` when all are zero, or one is not finite.
    #[must_use]
    pub fn from_direction(direction: &[f32]) -> Option<Self> {
        let largest = direction
            .iter()
            .fold(0.0, |most: f32, it| most.max(it.abs()));
        #[expect(clippy::cast_possible_truncation, reason = "at most 127")]
        let scaled = |number: &f32| (number / largest * 127.0).round() as i8;
        let is_direction = largest > 0.0 && direction.iter().all(|number| number.is_finite());
        is_direction.then(|| Self(direction.iter().map(scaled).collect()))
    }

    /// How many numbers it has.
    #[must_use]
    pub fn dimension(&self) -> usize {
        self.0.len()
    }

    /// For storing.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        self.0.iter().map(|number| number.cast_unsigned()).collect()
    }

    /// [`Vector::similarity`] to many stored vectors that follow each other; 0 for what is none. What is
    /// left at the end is ignored.
    #[must_use]
    pub fn similarities(&self, stored: &[u8]) -> Vec<f32> {
        let (stored, length) = (stored.chunks_exact(self.dimension()), self.length());
        let each = stored.map(|one| self.similarity_of(length, one));
        each.map(Option::unwrap_or_default).collect()
    }

    /// The cosine of the angle to a stored vector, from -1 to 1: the nearer to 1, the more similar.
    /// `None` when the bytes are no vector of this dimension.
    #[must_use]
    pub fn similarity(&self, stored: &[u8]) -> Option<f32> {
        if stored.len() != self.dimension() {
            return None;
        }
        self.similarity_of(self.length(), stored)
    }

    /// Computed once for many comparisons.
    fn length(&self) -> f32 {
        let each = self.0.iter().map(|one| i32::from(*one));
        root(each.map(|one| one * one).sum())
    }

    /// `stored` has this dimension.
    fn similarity_of(&self, length: f32, stored: &[u8]) -> Option<f32> {
        let own = <&[i8; DIMENSION]>::try_from(&*self.0);
        let other = <&[u8; DIMENSION]>::try_from(stored);
        match (own, other) {
            // With a known length, the compiler makes a faster loop.
            (Ok(own), Ok(other)) => cosine(own, length, other),
            _ => cosine(&self.0, length, stored),
        }
    }
}

#[inline]
fn cosine(own: &[i8], length: f32, other: &[u8]) -> Option<f32> {
    let (mut dot, mut theirs) = (0, 0);
    for (own, other) in own.iter().zip(other) {
        let (own, other) = (i32::from(*own), i32::from(other.cast_signed()));
        dot += own * other;
        theirs += other * other;
    }
    let lengths = length * root(theirs);
    (lengths > 0.0).then(|| (number(dot) / lengths).clamp(-1.0, 1.0))
}

fn root(sum: i32) -> f32 {
    number(sum).sqrt()
}

#[expect(
    clippy::cast_precision_loss,
    reason = "exact below 2^24, and seven digits are enough"
)]
fn number(sum: i32) -> f32 {
    sum as f32
}
