//! Nesting depth of JSON, measured without parsing.

/// Whether arrays and objects are nested deeper than `limit`.
///
/// For text that is not JSON the result is meaningless; the parser rejects it later.
pub(crate) fn is_over(limit: usize, json: &[u8]) -> bool {
    // Such nesting needs that many opening and closing brackets. Counting them is fast.
    json.len() > 2 * limit && openings(json) > limit && deepest(json) > limit
}

/// Opening brackets, including those in strings.
fn openings(json: &[u8]) -> usize {
    // Each piece has a count that fits into a byte, so that the compiler can vectorise the sum.
    let pieces = json.chunks(usize::from(u8::MAX));
    let counts = pieces.map(|piece| piece.iter().map(|byte| u8::from(is_opening(*byte))).sum());
    counts.map(|count: u8| usize::from(count)).sum()
}

/// `{` and `[` differ in one bit.
fn is_opening(byte: u8) -> bool {
    byte | 0x20 == b'{'
}

fn deepest(json: &[u8]) -> usize {
    let (mut depth, mut deepest) = (0_usize, 0_usize);
    let mut bytes = json.iter();
    while let Some(byte) = bytes.next() {
        match byte {
            b'"' => skip_string(&mut bytes),
            b'{' | b'[' => {
                depth += 1;
                deepest = deepest.max(depth);
            }
            b'}' | b']' => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    deepest
}

/// Moves past the closing quote.
fn skip_string(bytes: &mut std::slice::Iter<'_, u8>) {
    while let Some(byte) = bytes.next() {
        match byte {
            b'"' => return,
            b'\\' => {
                bytes.next();
            }
            _ => {}
        }
    }
}
