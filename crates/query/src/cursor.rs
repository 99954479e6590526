//! Cursors: where a page ended. Opaque to the caller.

use std::borrow::Cow;

use data_encoding::BASE64URL_NOPAD;

use crow_db::audit_log::AuditKey;
use crow_db::erasure::ErasureKey;
use crow_db::interactions::InteractionKey;
use crow_db::issues::IssueKey;
use crow_db::notifications::NotificationKey;
use crow_db::products::ProductKey;
use crow_db::read::{EventKey, SessionKey};
use crow_db::source_maps::SourceMapKey;
use crow_db::webhooks::deliveries::DeliveryKey;

/// The maximum length of a cursor, in bytes.
const MAX_CURSOR: usize = 4_096;

/// A position in a list that is ordered by time and id.
pub trait Key: Sized {
    /// Distinguishes the cursors of different lists.
    const KIND: &'static str;
    /// The time, and the tie-breaker within it.
    fn parts(&self) -> (i64, Cow<'_, str>);
    /// From the parts; `None` when they are not valid.
    fn from_parts(at: i64, id: &str) -> Option<Self>;
}

impl Key for SessionKey {
    const KIND: &'static str = "s";

    fn parts(&self) -> (i64, Cow<'_, str>) {
        (self.started_at, Cow::Borrowed(&self.id))
    }

    fn from_parts(at: i64, id: &str) -> Option<Self> {
        Some(Self {
            started_at: at,
            id: id.to_owned(),
        })
    }
}

impl Key for EventKey {
    const KIND: &'static str = "e";

    fn parts(&self) -> (i64, Cow<'_, str>) {
        (self.timestamp, format!("{}:{}", self.place, self.id).into())
    }

    fn from_parts(at: i64, id: &str) -> Option<Self> {
        let (place, id) = id.split_once(':')?;
        Some(Self {
            timestamp: at,
            place: place.parse().ok()?,
            id: id.to_owned(),
        })
    }
}

impl Key for InteractionKey {
    const KIND: &'static str = "i";

    fn parts(&self) -> (i64, Cow<'_, str>) {
        (self.timestamp, Cow::Borrowed(&self.id))
    }

    fn from_parts(at: i64, id: &str) -> Option<Self> {
        Some(Self {
            timestamp: at,
            id: id.to_owned(),
        })
    }
}

impl Key for ProductKey {
    const KIND: &'static str = "p";

    /// The number is the length of the name.
    fn parts(&self) -> (i64, Cow<'_, str>) {
        let length = i64::try_from(self.name.len()).unwrap_or_default();
        (length, format!("{}{}", self.name, self.id).into())
    }

    fn from_parts(at: i64, id: &str) -> Option<Self> {
        let (name, id) = id.split_at_checked(usize::try_from(at).ok()?)?;
        Some(Self {
            name: name.to_owned(),
            id: id.to_owned(),
        })
    }
}

impl Key for DeliveryKey {
    const KIND: &'static str = "d";

    fn parts(&self) -> (i64, Cow<'_, str>) {
        (self.created_at, Cow::Borrowed(&self.id))
    }

    fn from_parts(at: i64, id: &str) -> Option<Self> {
        Some(Self {
            created_at: at,
            id: id.to_owned(),
        })
    }
}

impl Key for SourceMapKey {
    const KIND: &'static str = "m";

    fn parts(&self) -> (i64, Cow<'_, str>) {
        (0, Cow::Borrowed(&self.id))
    }

    fn from_parts(_at: i64, id: &str) -> Option<Self> {
        Some(Self { id: id.to_owned() })
    }
}

impl Key for IssueKey {
    const KIND: &'static str = "u";

    /// The number is what the list is ordered by.
    fn parts(&self) -> (i64, Cow<'_, str>) {
        (self.value, Cow::Borrowed(&self.fingerprint))
    }

    fn from_parts(at: i64, id: &str) -> Option<Self> {
        Some(Self {
            value: at,
            fingerprint: id.to_owned(),
        })
    }
}

impl Key for ErasureKey {
    const KIND: &'static str = "x";

    fn parts(&self) -> (i64, Cow<'_, str>) {
        (self.requested_at, Cow::Borrowed(&self.id))
    }

    fn from_parts(at: i64, id: &str) -> Option<Self> {
        Some(Self {
            requested_at: at,
            id: id.to_owned(),
        })
    }
}

impl Key for AuditKey {
    const KIND: &'static str = "a";

    fn parts(&self) -> (i64, Cow<'_, str>) {
        (self.at, Cow::Borrowed(&self.id))
    }

    fn from_parts(at: i64, id: &str) -> Option<Self> {
        Some(Self {
            at,
            id: id.to_owned(),
        })
    }
}

impl Key for NotificationKey {
    const KIND: &'static str = "n";

    fn parts(&self) -> (i64, Cow<'_, str>) {
        (self.created_at, Cow::Borrowed(&self.id))
    }

    fn from_parts(at: i64, id: &str) -> Option<Self> {
        Some(Self {
            created_at: at,
            id: id.to_owned(),
        })
    }
}

/// The text for the caller.
pub fn encode<K: Key>(key: &K) -> String {
    let (at, id) = key.parts();
    BASE64URL_NOPAD.encode(format!("{}:{at}:{id}", K::KIND).as_bytes())
}

/// The position that a text names; `None` when [`encode`] did not make it for this kind of list.
pub fn decode<K: Key>(text: &str) -> Option<K> {
    if text.len() > MAX_CURSOR {
        return None;
    }
    let plain = String::from_utf8(BASE64URL_NOPAD.decode(text.as_bytes()).ok()?).ok()?;
    let mut parts = plain.splitn(3, ':');
    if parts.next()? != K::KIND {
        return None;
    }
    let at = parts.next()?.parse().ok()?;
    let id = parts
        .next()
        .filter(|id| !id.is_empty() && !id.contains('\0'))?;
    K::from_parts(at, id)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_comes_back_as_it_was() {
        let key = SessionKey {
            started_at: -5,
            id: "a:b".to_owned(),
        };
        assert_eq!(decode::<SessionKey>(&encode(&key)).unwrap(), key);
        let key = EventKey {
            timestamp: 5,
            place: -7,
            id: "a:b".to_owned(),
        };
        assert_eq!(decode::<EventKey>(&encode(&key)).unwrap(), key);
        let key = ProductKey {
            name: "Ö:l".to_owned(),
            id: "a:b".to_owned(),
        };
        assert_eq!(decode::<ProductKey>(&encode(&key)).unwrap(), key);
    }

    #[test]
    fn what_is_no_cursor_of_this_list_is_malformed() {
        let of_events = encode(&EventKey {
            timestamp: 1,
            place: 2,
            id: "x".to_owned(),
        });
        for text in ["", "%%", "YQ", &of_events, &"A".repeat(5_000)] {
            assert_eq!(decode::<SessionKey>(text), None, "{text}");
        }
    }
}
