//! SQL: SQLite by default, Postgres in production.
//!
//! - [`Db`]: connections; on SQLite all writes go through one connection.
//! - [`flush`]: the one transaction that makes a flush happen.
//! - [`leases`]: who owns a partition.
//! - [`sessions`]: what the keeper reads: open sessions, due sessions, known events.
//! - [`outbox`]: announcements to make.
//! - [`archive`]: finished sessions to rewrite, and the commit of that.
//! - [`garbage`]: what the sweeper asks before it removes an object.
//! - [`api_keys`]: keys, by hash.
//! - [`read`]: what the read API asks for; every query names the organization.
//! - [`analytics`]: what analytics reads: one compact row a session.

pub mod analytics;
pub mod api_keys;
pub mod archive;
mod config;
mod connection;
pub mod entity;
mod error;
pub mod flush;
pub mod garbage;
pub mod installation;
pub mod leases;
pub mod outbox;
pub mod read;
pub mod sessions;
#[cfg(test)]
mod tests;

pub use config::DatabaseConfig;
pub use connection::Db;
pub use error::{Error, Result};
