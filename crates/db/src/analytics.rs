//! What analytics reads: one compact row a session in `session_facts`, written by the flush
//! in its transaction.
//!
//! - [`Facts`]: what the session row says. Replaced whole with each flush of the session, as
//!   the row is, so revisions and late data leave nothing behind.
//! - [`Steps`]: what happened, a few bytes an event. A flush appends its events, which are
//!   new ones: what came before was committed together with the checkpoint.
//! - [`scan`]: reads the rows of a range of time, all of them or a sample.
//!
//! **Sample.** Each row has a level: how many trailing zero bits the hash of its visitor has.
//! The levels from `k` on hold one visitor in 2^k, always the same ones and with all their
//! sessions, so that visitors and cohorts can be counted in a sample, too.

mod bytes;
mod facts;
pub mod properties;
pub(crate) mod rewrite;
mod scan;
mod steps;
#[cfg(test)]
mod tests;
mod write;

pub use facts::{Facts, hash_of_browser, stored_word};
pub use scan::{
    Question, SampledSession, Sampling, Whole, are_more, events_by_minute, scan, steps_of,
};
pub use steps::{Happened, NewSteps, Step, StepDetail, StepKind, Steps, Vitals};

pub(crate) use write::add_facts;
