//! Errors, grouped.
//!
//! The flush writes a row for each session and fingerprint (`session_errors`) in its transaction. All
//! that is said of an issue is counted from these rows when somebody asks. So no total needs
//! correcting when a session is erased, expires or is anonymized: its rows go, and with the last one
//! the issue. Flushes of different partitions write rows of different sessions and never wait for
//! each other.
//!
//! Triggers of the database add each change of these rows to sums by issue and hour, which the list
//! reads. See [`merge_hours`].
//!
//! What people decide is in `issues`. That an issue is back is not stored: a resolved one is open
//! when it has occurred since then. See [`Status`].

mod decide;
mod list;
mod one;
mod parts;
mod people;
mod sql;
mod status;
mod sums;
#[cfg(test)]
mod tests;
mod write;

pub(crate) use decide::assign_to_nobody;
pub use decide::{Decided, Decision, decide};
pub use list::{find, list};
pub use one::{IssueDetail, IssueSession, Part, detail, of_session};
pub use parts::{IssueFilter, IssueKey, IssueOrder, IssueRow, Range};
pub use status::Status;
pub(crate) use status::came_back;
pub(crate) use sums::wait_for_merge;
pub use sums::{MERGED, merge_hours};
pub(crate) use write::add_errors;
