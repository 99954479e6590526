//! SQL: SQLite by default, Postgres in production.
//!
//! - [`Db`]: connections; on SQLite all writes go through one connection.
//! - [`Limit`]: how long the statements of a task may take.
//! - [`flush`]: the one transaction that makes a flush happen.
//! - [`checkpoint`]: SQLite's log does not hold up the writer.
//! - [`leases`]: who owns a partition.
//! - [`sessions`]: what the keeper reads: open sessions, due sessions, known events.
//! - [`outbox`]: announcements to make.
//! - [`archive`]: finished sessions to rewrite, and the commit of that.
//! - [`assets`]: pictures and fonts of recorded pages.
//! - [`garbage`]: what the sweeper asks before it removes an object.
//! - [`holds`]: what keeps the sweeper from removing anything.
//! - [`erasure`]: erasing sessions, and the receipts of that.
//! - [`tombstones`]: what was erased does not come back.
//! - [`withdrawals`]: sessions whose visitor has withdrawn consent.
//! - [`audit`]: every row that names an object.
//! - [`audit_log`]: who did what, in a chain of hashes for each organization.
//! - [`backup`]: all rows in one consistent state, out and in again.
//! - [`interactions`]: what happened in finished sessions, in words.
//! - [`issues`]: errors of sessions, grouped.
//! - [`source_maps`]: which there are, and where their objects are.
//! - [`products`]: the catalogue of an organization.
//! - [`embeddings`]: the same as vectors, for search by meaning.
//! - [`search_index`]: indexes of large organizations for searches, on Postgres.
//! - [`ai`]: answers of language models, calls, tokens of a day, and visits to ask about again.
//! - [`health`]: how the installation is doing.
//! - [`installation`]: what was fixed when it was created.
//! - [`usage`]: how much an organization used on each day.
//! - [`api_keys`]: keys, by hash.
//! - [`sealing_keys`]: wrapped keys of organizations and sessions.
//! - [`settings`]: what each organization decided about its data.
//! - [`reduction`]: sessions that lose their recording, their events or who the visitor was.
//! - [`users`]: people with accounts.
//! - [`invitations`]: links that make them.
//! - [`identities`]: who they are at an OpenID Connect provider.
//! - [`passkeys`]: public keys that they sign in with.
//! - [`saved_filters`]: filters of pages, with names.
//! - [`dashboards`]: questions of analytics, side by side.
//! - [`cohorts`]: named conditions over people.
//! - [`replay_links`]: public links to recordings.
//! - [`kept`]: notes, tags, collections and who has watched, kept with sessions.
//! - [`notifications`]: what users are told of.
//! - [`alerts`]: rules that are evaluated each minute, with their state.
//! - [`webhooks`]: where alerts are sent by HTTP, and the messages on their way.
//! - [`sign_ins`]: keys and passwords exchanged for cookies.
//! - [`read`]: what the read API asks for; every query names the organization.
//! - [`records`]: sessions, events, chunks, announcements and session keys as readers see them. The rows of
//!   other tables are their entities.
//! - [`people`]: users and browsers, computed from sessions.
//! - [`analytics`]: what analytics reads: one compact row a session.

pub mod ai;
pub mod alerts;
pub mod analytics;
pub mod api_keys;
pub mod archive;
pub mod assets;
pub mod audit;
pub mod audit_log;
pub mod backup;
mod by_key;
pub mod checkpoint;
pub mod cohorts;
mod config;
mod connection;
pub mod dashboards;
pub mod embeddings;
mod entity;
pub mod erasure;
mod error;
pub mod flush;
pub mod garbage;
pub mod health;
pub mod holds;
pub mod identities;
pub mod installation;
pub mod interactions;
pub mod invitations;
pub mod issues;
mod keeper_lock;
pub mod kept;
pub mod leases;
mod limit;
pub mod notifications;
pub mod outbox;
mod owned;
pub mod passkeys;
pub mod people;
pub mod products;
pub mod read;
pub mod records;
pub mod reduction;
pub mod replay_links;
mod rows;
pub mod saved_filters;
mod schema;
pub mod sealing_keys;
pub mod search_index;
pub mod sessions;
pub mod settings;
pub mod sign_ins;
pub mod source_maps;
#[cfg(test)]
mod tests;
pub mod tombstones;
pub mod usage;
pub mod users;
pub mod webhooks;
pub mod withdrawals;

pub use config::DatabaseConfig;
pub use connection::{Db, Reading};
pub use error::{Error, Result};
pub use keeper_lock::KeeperLock;
pub use limit::Limit;
