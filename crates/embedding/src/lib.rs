//! Texts as vectors: texts of similar meaning have similar vectors. The table knows English only.
//!
//! A vector is the mean of the rows of a table, one row for each token of the text. The table is made
//! by `cargo xtask embeddings` from a sentence model, which is not needed here.
//!
//! Pure: no IO, no clock. What visitors write only ever goes through arithmetic.
//!
//! - [`embed`]: a text as a [`Vector`].
//! - [`Vector::similarity`]: compares it with a stored one. Other models make vectors, too (`crow-ai`).
//! - `wordpiece`: a text as tokens. `table`: the rows.

mod table;
#[cfg(test)]
mod tests;
mod vector;
mod wordpiece;

pub use vector::{DIMENSION, Vector};

/// The model that made a vector. Vectors of different models cannot be compared.
pub const MODEL: &str = "minilm-l6-static/1";

/// Tokens of a text that count. It bounds the work for one text.
const MAX_TOKENS: usize = 512;

/// The vector of a text. `None` when it has no word that the table knows.
#[must_use]
pub fn embed(text: &str) -> Option<Vector> {
    let mut sum = [0.0; DIMENSION];
    for token in wordpiece::tokens(text).take(MAX_TOKENS) {
        table::add(&mut sum, token);
    }
    Vector::from_direction(&sum)
}
