//! Where objects live. Every key is fresh: an object is written once and never changed.

use ulid::Ulid;

use crow_types::{Partition, Timestamp};

/// A fresh key for the pack of one flush: `packs/{partition}/{yyyy}/{mm}/{dd}/{hh}/{ulid}.ndjson.zst`.
#[must_use]
pub fn new_pack(partition: Partition, now: Timestamp) -> String {
    format!("packs/{partition}/{}/{}.ndjson.zst", hour(now), Ulid::new())
}

/// A fresh key for a batch that is too large for the bus: `inbox/{yyyy}/{mm}/{dd}/{hh}/{ulid}.pb.zst`.
#[must_use]
pub fn new_inbox(now: Timestamp) -> String {
    format!("inbox/{}/{}.pb.zst", hour(now), Ulid::new())
}

fn hour(now: Timestamp) -> String {
    let time = jiff::Timestamp::from_millisecond(now.0).unwrap_or(jiff::Timestamp::UNIX_EPOCH);
    time.strftime("%Y/%m/%d/%H").to_string()
}
