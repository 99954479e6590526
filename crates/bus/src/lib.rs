//! The bus: NATS JetStream, one stream per partition.
//!
//! - [`Bus`]: a connection that fails fast, and what is shared.
//! - [`streams`]: creation of the streams, idempotent.
//! - [`publisher`]: publishing of events with an acknowledgement, or an error within a second.
//! - [`reader`]: reading of a partition from a checkpoint, with no gap and no duplicate.
//! - [`interactions`]: announcements of finished sessions.
//! - [`queue`]: those announcements, delivered until they are settled.
//! - [`dead_letters`]: what could not be processed.
//! - [`inflate`]: compressed messages.
//! - [`health`]: how many dead letters wait.
//! - [`live`]: messages between watchers and keepers, lost when nobody listens.
//! - [`undelivered`]: turns unacknowledged announcements into dead letters.
//! - [`notifications`]: what users are told of.
//! - [`stored`]: announcements of stored interactions, for services of others.
//! - [`notices`]: short messages on core NATS, lost when nobody listens.
//!
//! The rules here come from measurements: an acknowledged message survives `kill -9`;
//! a stream can go back (a wiped or restored server), and then must be read from its
//! first message and never purged unread; `Nats-Msg-Id` is best effort only.

pub mod backlog;
mod config;
mod connection;
pub mod dead_letters;
mod error;
pub mod health;
pub mod inflate;
pub mod interactions;
pub mod live;
pub mod notices;
pub mod notifications;
mod published;
pub mod publisher;
pub mod queue;
pub mod reader;
pub mod reported;
pub mod stored;
mod stranded;
pub mod streams;
#[cfg(test)]
mod tests;
pub mod undelivered;

pub use config::BusConfig;
pub use connection::Bus;
pub use error::{Error, Result};
