//! Made-up sessions of a made-up shop: for demonstrations, measurements and tests.
//!
//! - [`Plan`]: how many, of when, and the seed. The same plan makes the same sessions.
//! - [`Visit`]: one session and its events; [`Plan::visit`] makes each by its number alone.
//! - [`write`]: writes them through the flush, as the keeper would; with recordings for
//!   some. No keeper may run meanwhile.

mod calendar;
mod dice;
mod shop;
mod visit;
mod write;

pub use visit::{Plan, Visit};
pub use write::{Error, Recordings, write};
