//! Keys of objects. Every key is fresh: an object is written once and never changed. The key of a
//! sealed object ends with [`SEALED`].

use ulid::Ulid;

use crow_types::{ContentHash, Partition, Timestamp};

use crate::error::{Error, Result};
use crate::seal::{DataKey, Seal};

/// How the key of an object ends whose parts are encrypted.
pub const SEALED: &str = ".sealed";

/// A fresh key for the pack of one flush: `packs/{partition}/{yyyy}/{mm}/{dd}/{hh}/{ulid}.ndjson.zst`,
/// with [`SEALED`] at its end if its parts are encrypted.
#[must_use]
pub fn new_pack(partition: Partition, now: Timestamp, seal: Seal) -> String {
    let end = end_of(seal);
    format!("packs/{partition}/{}/{}{end}", hour(now), name(now))
}

fn end_of(seal: Seal) -> String {
    let sealed = if seal == Seal::On { SEALED } else { "" };
    format!(".ndjson.zst{sealed}")
}

/// Everything in an object store is below one of these; backups are in a store of their own.
pub const PREFIXES: [&str; 6] = ["packs", "sessions", INBOX, "assets", "sourcemaps", BACKUPS];

/// Whether the parts of the object are encrypted.
#[must_use]
pub fn is_sealed(object: &str) -> bool {
    object.ends_with(SEALED)
}

/// The key that the parts of an object need; `None`: they are not encrypted.
///
/// # Errors
/// [`Error::NoKey`] when they are, and there is no key.
pub(crate) fn key_for<'a>(object: &str, key: Option<&'a DataKey>) -> Result<Option<&'a DataKey>> {
    if !is_sealed(object) {
        return Ok(None);
    }
    let missing = || Error::NoKey {
        object: object.to_owned(),
    };
    key.map(Some).ok_or_else(missing)
}

/// Prefix of all packs of a partition.
#[must_use]
pub fn packs_of(partition: Partition) -> String {
    format!("packs/{partition}")
}

/// Prefix of objects that messages point to.
pub const INBOX: &str = "inbox";

/// A fresh key for the archive of a session:
/// `sessions/{organization}/{yyyy}/{mm}/{dd}/{session row}/{revision}-{ulid}.ndjson.zst`, with
/// [`SEALED`] at its end if its parts are encrypted.
#[must_use]
pub fn new_archive(
    organization: &str,
    ended_at: Timestamp,
    session: &str,
    revision: i32,
    seal: Seal,
) -> String {
    let day = formatted(ended_at, "%Y/%m/%d");
    let (name, end) = (Ulid::new(), end_of(seal));
    format!("sessions/{organization}/{day}/{session}/{revision}-{name}{end}")
}

/// A fresh key for the bytes of an asset: `assets/{organization}/{hash}-{ulid}`. It is fresh
/// although the content has a hash, so a deletion never races with a write.
#[must_use]
pub fn new_asset(organization: &str, content: &ContentHash, now: Timestamp) -> String {
    format!("assets/{organization}/{content}-{}", name(now))
}

/// A fresh key for a source map: `sourcemaps/{organization}/{ulid}.json.zst`.
#[must_use]
pub fn new_source_map(organization: &str, now: Timestamp) -> String {
    format!("sourcemaps/{organization}/{}.json.zst", name(now))
}

/// Prefix of all backups in the place where they are kept.
pub const BACKUPS: &str = "backups";

/// A fresh name for a backup. Names are in the order of time.
#[must_use]
pub fn new_backup(now: Timestamp) -> String {
    formatted(now, "%Y-%m-%dT%H-%M-%S.%3fZ")
}

/// Creation time of a fresh key in milliseconds since the epoch; `None` for any other key.
#[must_use]
pub fn written_at(key: &str) -> Option<Timestamp> {
    let file = key.rsplit('/').next()?;
    let name = file.split('.').next()?.rsplit('-').next()?;
    let ulid = Ulid::from_string(name).ok()?;
    Some(Timestamp(i64::try_from(ulid.timestamp_ms()).ok()?))
}

/// A fresh key for a batch that is too large for the bus: `inbox/{yyyy}/{mm}/{dd}/{hh}/{ulid}.pb.zst`.
#[must_use]
pub fn new_inbox(now: Timestamp) -> String {
    format!("{INBOX}/{}/{}.pb.zst", hour(now), name(now))
}

/// A fresh name that contains the time of its creation.
fn name(now: Timestamp) -> Ulid {
    Ulid::from_parts(u64::try_from(now.0).unwrap_or(0), Ulid::new().random())
}

fn hour(now: Timestamp) -> String {
    formatted(now, "%Y/%m/%d/%H")
}

fn formatted(at: Timestamp, format: &str) -> String {
    let time = jiff::Timestamp::from_millisecond(at.0).unwrap_or(jiff::Timestamp::UNIX_EPOCH);
    time.strftime(format).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_says_when_it_was_made() {
        let before = Timestamp::now();
        let pack = new_pack(Partition(3), before, Seal::On);
        let archive = new_archive("acme", Timestamp(0), "row", 2, Seal::Off);
        assert!(is_sealed(&pack) && !is_sealed(&archive));
        assert!(pack.starts_with(&packs_of(Partition(3))));
        assert!(archive.starts_with("sessions/acme/1970/01/01/row/2-"));
        let asset = new_asset("acme", &ContentHash::of(b"x"), before);
        assert!(asset.starts_with("assets/acme/2d711642b726b044"));
        let map = new_source_map("acme", before);
        for key in [pack, archive, asset, map, new_inbox(before)] {
            let folder = key.split('/').next().unwrap();
            assert!(PREFIXES.contains(&folder), "{key}");
            let at = written_at(&key).unwrap();
            assert!(at >= before && at <= Timestamp::now(), "{key}");
        }
        assert_eq!(
            new_backup(Timestamp(1_700_000_000_007)),
            "2023-11-14T22-13-20.007Z"
        );
        assert_eq!(written_at("packs/0/x.ndjson.zst"), None);
        assert_eq!(written_at(""), None);
    }
}
