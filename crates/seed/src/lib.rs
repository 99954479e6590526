//! Generated sessions of a fictional shop, for demos, benchmarks and tests.
//!
//! - [`Plan`]: how many sessions, from when, and the seed. The same plan produces the same
//!   sessions.
//! - [`Visit`]: one session and its events. [`Plan::visit`] makes each from its number alone.
//! - [`write()`]: writes them through the flush, as the keeper does, some with recordings. No
//!   keeper may run at the same time.

mod calendar;
mod dice;
mod interactions;
mod objects;
mod shop;
mod visit;
mod write;

pub use objects::{Objects, Recordings};
pub use visit::{Plan, Visit};
pub use write::{Error, write};
