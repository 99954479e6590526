//! The rows of the tokens.
//!
//! `data/table.bin`: a scale for each row as a little-endian `f32`, then the rows, one byte a number. A
//! row times its scale is what counts. Tokens without meaning have the scale 0.

use crate::vector::DIMENSION;

static TABLE: &[u8] = include_bytes!("../data/table.bin");

const SCALE: usize = size_of::<f32>();
/// Tokens of the vocabulary.
pub(crate) const ROWS: usize = TABLE.len() / (SCALE + DIMENSION);

const _: () = assert!(TABLE.len() == ROWS * (SCALE + DIMENSION));

/// Adds the row of a token.
pub(crate) fn add(sum: &mut [f32; DIMENSION], token: usize) {
    let (scales, rows) = TABLE.split_at(ROWS * SCALE);
    let Some((scale, row)) = scales
        .as_chunks()
        .0
        .get(token)
        .zip(rows.as_chunks::<DIMENSION>().0.get(token))
    else {
        return;
    };
    let scale = f32::from_le_bytes(*scale);
    for (sum, number) in sum.iter_mut().zip(row) {
        *sum += scale * f32::from(number.cast_signed());
    }
}
