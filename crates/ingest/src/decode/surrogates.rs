//! Unpaired surrogates. JavaScript produces them when a text is cut inside an emoji, for example in
//! a page's title. They are not characters, so every parser rejects the text, although the rest of
//! the body is fine.

use bytes::{Bytes, BytesMut};
use memchr::memmem;

/// U+FFFD, in an escape of the same length.
const REPLACEMENT: &[u8] = br"\ufffd";
const ESCAPE: usize = REPLACEMENT.len();

/// The JSON with U+FFFD in place of each unpaired surrogate.
pub(crate) fn replaced(json: Bytes) -> Bytes {
    let mut copy = None;
    for at in halves(&json) {
        let copy = copy.get_or_insert_with(|| BytesMut::from(json.as_ref()));
        copy[at..at + ESCAPE].copy_from_slice(REPLACEMENT);
    }
    copy.map_or(json, BytesMut::freeze)
}

/// The positions of unpaired surrogates.
fn halves(json: &[u8]) -> impl Iterator<Item = usize> {
    let mut past_pair = 0;
    memmem::find_iter(json, br"\u").filter(move |at| {
        if *at < past_pair || is_escaped(json, *at) {
            return false;
        }
        match (unit(json, *at), unit(json, at + ESCAPE)) {
            (Some(0xd800..=0xdbff), Some(0xdc00..=0xdfff)) => {
                past_pair = at + 2 * ESCAPE;
                false
            }
            (unit, _) => matches!(unit, Some(0xd800..=0xdfff)),
        }
    })
}

/// Whether the backslash at this position is itself escaped.
fn is_escaped(json: &[u8], at: usize) -> bool {
    let before = json[..at].iter().rev();
    before.take_while(|byte| **byte == b'\\').count() % 2 == 1
}

/// The UTF-16 unit of the escape that starts at this position.
fn unit(json: &[u8], at: usize) -> Option<u16> {
    let digits = json.get(at..at + ESCAPE)?.strip_prefix(br"\u")?;
    let digit = |unit: u32, digit: &u8| Some(unit * 16 + char::from(*digit).to_digit(16)?);
    let unit = digits.iter().try_fold(0, digit)?;
    u16::try_from(unit).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn halves_become_the_replacement_character() {
        for (json, expected) in [
            (r#""a \ud83d""#, r#""a \ufffd""#),
            (r#""\uDE00\ud83d""#, r#""\ufffd\ufffd""#),
            (
                r#""\ud83d\ud83d\ude00\ude00""#,
                r#""\ufffd\ud83d\ude00\ufffd""#,
            ),
            (r#""\\\ud83d""#, r#""\\\ufffd""#),
        ] {
            let replaced = replaced(Bytes::from(json));
            assert_eq!(replaced, expected, "{json}");
            serde_json::from_slice::<String>(&replaced).unwrap();
        }
    }

    #[test]
    fn all_else_stays() {
        for json in [
            "",
            r"\",
            r"\u",
            r#""\ud83""#,
            r#""\ud83d\ude00""#,
            r#""\uD83D\uDE00\u00e4\n""#,
            r#""\\ud83d \\\\ude00""#,
            r#""\u+d83""#,
        ] {
            assert_eq!(replaced(Bytes::from(json)), json);
        }
    }
}
