//! Pictures and fonts of recorded pages, by address.
//!
//! - [`report`]: what sessions have shown, and which of it should be uploaded.
//! - [`store`]: an upload, in one transaction after its object is durable.
//! - [`read`]: which version an address had at a moment.
//! - [`sweep`]: what no session needs any more.
//!
//! The row of `asset_urls` is the lock of an address. A report writes to it once a day at most, an upload
//! when it is stored, and the sweeper deletes it first of all, if nobody has shown the address for a
//! while. So the sweeper either sees that a session has just shown the address, or the session's report
//! finds no row, and the address is asked for again.

pub mod read;
pub mod report;
pub mod store;
pub mod sweep;
#[cfg(test)]
mod tests;

/// How exact `asset_urls.shown_at` is, in milliseconds: most sessions show what another session has shown
/// already today, and then nothing is written.
pub const SHOWN_EVERY: i64 = 86_400_000;
