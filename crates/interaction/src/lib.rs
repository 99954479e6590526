//! The interaction service: puts finished sessions into words.
//!
//! - [`run()`], [`Config`]: the service; [`run_inside`]: as a part of `crow serve`.
//! - `consumer`: reads the work queue.
//! - `announcement`: what the work queue carries.
//! - `worker`: an announcement becomes a row, or the row goes.
//! - `told`: a story as a row.
//!
//! An announcement is settled when its row is committed. Every step may run twice: the row belongs
//! to the session, and only a higher revision replaces it. A failure leaves the announcement in the
//! queue, which delivers it again.

mod announcement;
mod config;
mod consumer;
mod metrics;
mod service;
#[cfg(test)]
mod tests;
mod told;
mod worker;

pub use config::{Config, InteractionConfig};
pub use service::{run, run_inside};
