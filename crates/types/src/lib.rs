//! The vocabulary as types: ids, positions, times and error codes.
//!
//! Pure: no IO, no clock. Every newtype validates in its constructor, and code that
//! holds one never checks again.

mod asset;
mod consent;
mod error_code;
mod id;
mod line;
mod log_chain;
pub mod notification;
mod partition;
mod record;
pub mod settings;
pub mod stores;
pub mod terms;
mod time;
mod url;

pub use asset::{AssetUrl, AssetUrlError, ContentHash, ContentHashError, UrlHash};
pub use consent::Consent;
pub use error_code::ErrorCode;
pub use id::{
    ApiKeySecret, EventRowId, IdError, OrganizationId, ReportedId, SessionId, SessionRowId,
    WindowId,
};
pub use line::{Line, LineKind};
pub use log_chain::log_chain;
pub use partition::{Epoch, Partition, PartitionCount, Sequence};
pub use record::{
    ChunkRecord, EndReason, EventRecord, OutboxRecord, SessionErrorRecord, SessionKeyRecord,
    SessionRecord, UnknownEndReason,
};
pub use time::Timestamp;
pub use url::{without_person, without_user};
