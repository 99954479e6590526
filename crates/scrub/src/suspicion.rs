//! The quick pass: whether any string could hold something that a rule matches. It may be wrong only
//! in one direction.

use memchr::{memchr, memmem};

use crow_types::settings::ScrubbingSettings;

use crate::rules::secrets;
use crate::walk::end_of_string;

/// What makes a JSON text suspicious.
#[derive(Debug)]
pub(crate) struct Suspicion {
    has_email: bool,
    has_secrets: bool,
    has_parameters: bool,
    /// So many digits with nothing but separators between them. `None`: digits do not matter.
    digits: Option<usize>,
}

/// The least digits of a telephone number.
const OF_PHONE: usize = 8;
/// Of a card.
const OF_CARD: usize = 13;
/// In a row, of an IBAN.
const OF_IBAN: usize = 6;

impl Suspicion {
    pub(crate) fn of(settings: &ScrubbingSettings) -> Self {
        let least = [
            settings.phone.then_some(OF_PHONE),
            settings.card.then_some(OF_CARD),
            settings.iban.then_some(OF_IBAN),
        ];
        Self {
            has_email: settings.email,
            has_secrets: settings.secrets,
            has_parameters: !settings.query_parameters.is_empty(),
            digits: least.into_iter().flatten().min(),
        }
    }

    /// Whether the JSON needs a closer look.
    pub(crate) fn covers(&self, json: &[u8]) -> bool {
        // A character in ASCII may be escaped.
        memmem::find(json, b"\\u00").is_some()
            || self.has_email
                && (memchr(b'@', json).is_some() || memmem::find(json, b"%40").is_some())
            || self.has_parameters && memchr(b'=', json).is_some()
            || self.has_secrets && secrets::is_likely(json)
            || self.digits.is_some_and(|least| has_digits(json, least))
    }
}

/// Whether a string has so many digits in a row, with only separators between them.
fn has_digits(json: &[u8], least: usize) -> bool {
    let mut at = 0;
    while let Some(quote) = json.get(at..).and_then(|rest| memchr(b'"', rest)) {
        let start = at + quote + 1;
        let Some(end) = end_of_string(json, start) else {
            return false;
        };
        if end - start >= least && count_digits(&json[start..end]) >= least {
            return true;
        }
        at = end + 1;
    }
    false
}

/// The most digits in a row.
fn count_digits(text: &[u8]) -> usize {
    let (mut most, mut count) = (0, 0);
    for byte in text {
        if byte.is_ascii_digit() {
            count += 1;
            most = most.max(count);
        } else if byte.is_ascii_alphabetic() {
            count = 0;
        }
    }
    most
}
