//! Nesting of JSON, counted without parsing.

/// Whether arrays and objects are nested deeper than `limit`.
///
/// For text that is not JSON the answer means nothing; the parser refuses it later.
pub(crate) fn is_over(limit: usize, json: &[u8]) -> bool {
    // Nothing is nested deeper than it has openings, and counting these is quick.
    let openings = json.iter().filter(|byte| matches!(byte, b'{' | b'['));
    openings.count() > limit && deepest(json) > limit
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

/// Past the closing quote.
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
