//! The parts of a whole object, for people: `crow cat` reads any object without its rows.

use bytes::Bytes;
use serde::Deserialize;

use crate::error::{Error, Result};
use crate::keys::is_sealed;
use crate::pack::LineReader;
use crate::seal::{DataKey, parts_of};

/// Magic and length in front of an index.
const HEADER: usize = 8;

/// A part of an object.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part {
    /// The session row whose key it needs; `None`: it is not sealed.
    pub session: Option<String>,
    offset: u64,
    length: u64,
}

#[derive(Deserialize)]
struct Entry {
    offset: u64,
    session: String,
}

/// The parts of an object, in their order. An object that is not sealed is one part.
///
/// # Errors
/// [`Error::Corrupt`] when it does not say which session a part belongs to.
pub fn parts(key: &str, object: &Bytes) -> Result<Vec<Part>> {
    if !is_sealed(key) {
        let length = object.len() as u64;
        return Ok(vec![Part {
            session: None,
            offset: 0,
            length,
        }]);
    }
    let places = parts_of(object);
    let end = places.last().map_or(0, |(offset, length)| offset + length);
    let session_at = sessions_of(key, object, end)?;
    let part = |(offset, length)| Part {
        session: Some(session_at(offset)),
        offset,
        length,
    };
    Ok(places.into_iter().map(part).collect())
}

/// The session row of the part at an offset. The key of an archive names it; a pack has an index.
fn sessions_of(key: &str, object: &Bytes, end: u64) -> Result<impl Fn(u64) -> String> {
    let of_archive = key
        .strip_prefix("sessions/")
        .and_then(|key| key.split('/').nth(4));
    let mut entries: Vec<Entry> = Vec::new();
    if of_archive.is_none() {
        let index = usize::try_from(end)
            .ok()
            .and_then(|end| object.get(end + HEADER..));
        let index = index.ok_or_else(|| Error::Corrupt(format!("object {key} has no index")))?;
        entries = serde_json::from_slice(index)
            .map_err(|error| Error::Corrupt(format!("the index of object {key}: {error}")))?;
    }
    let of_archive = of_archive.map(str::to_owned);
    Ok(move |offset| {
        let entry = entries.iter().find(|entry| entry.offset == offset);
        let session = entry.map(|entry| entry.session.clone());
        session.or_else(|| of_archive.clone()).unwrap_or_default()
    })
}

impl Part {
    /// Reads its lines. `object` is the whole object, and `data_key` the key of its session.
    ///
    /// # Errors
    /// [`Error::NoKey`] when it is sealed and there is no key.
    pub fn lines(
        &self,
        key: &str,
        object: &Bytes,
        data_key: Option<&DataKey>,
    ) -> Result<LineReader> {
        let at = |offset: u64| usize::try_from(offset).unwrap_or(usize::MAX);
        let bytes = object.slice(at(self.offset)..at(self.offset + self.length));
        LineReader::new(key, self.offset, bytes, data_key)
    }
}
