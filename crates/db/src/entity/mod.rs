//! The tables as sea-orm entities.

pub mod api_keys;
pub mod archive_failures;
pub mod asset_refs;
pub mod asset_urls;
pub mod asset_versions;
pub mod asset_witnesses;
pub mod audit_log;
pub mod erased_objects;
pub mod erased_sessions;
pub mod erasure_receipts;
pub mod erasures;
pub mod events;
pub mod installation;
pub mod interactions;
pub mod keepers;
pub mod object_garbage;
pub mod organization_keys;
pub mod organization_settings;
pub mod outbox;
pub mod partitions;
pub mod replay_chunks;
pub mod session_keys;
pub mod sessions;
pub mod sign_ins;
pub mod tombstones;
pub mod withdrawals;
