//! Generated sessions of a fictional shop, for demos, benchmarks and tests.
//!
//! - [`Plan`]: how many, of when, and the seed. The same plan makes the same sessions.
//! - [`Visit`]: one session and its events; [`Plan::visit`] makes each by its number alone.
//! - [`write()`]: writes them through the flush, as the keeper would, with recordings for some. No
//!   keeper may run at the same time.

mod calendar;
mod dice;
mod shop;
mod visit;
mod write;

pub use visit::{Plan, Visit};
pub use write::{Error, Recordings, write};
