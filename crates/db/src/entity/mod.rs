//! The tables as sea-orm entities.

pub mod api_keys;
pub mod archive_failures;
pub mod audit_log;
pub mod events;
pub mod installation;
pub mod keepers;
pub mod object_garbage;
pub mod outbox;
pub mod partitions;
pub mod replay_chunks;
pub mod sessions;
pub mod sign_ins;
