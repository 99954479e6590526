//! Objects on local disk, S3 or R2.
//!
//! - [`Store`]: put, get, range, delete. A write is durable when it returns, and its size is
//!   verified.
//! - [`pack`]: the object that holds one flush's chunks of many sessions.
//! - [`archive`]: the object that holds a whole finished session.
//! - [`merge`]: merges the chunks of a session by time.
//! - [`events`]: the interactions of a session.
//! - [`keys`]: the keys of objects.
//! - [`seal`]: encryption of chunks and frames.
//! - [`whole`]: the parts of an object, without rows.
//! - [`lines`]: texts of many lines, as in a backup.

pub mod archive;
mod config;
mod decoder;
mod error;
pub mod events;
pub mod keys;
pub mod lines;
mod listed;
pub mod merge;
pub mod pack;
pub mod rrweb;
pub mod seal;
mod store;
pub mod whole;

pub use config::StorageConfig;
pub use error::{Error, Result};
pub use listed::ListedChunks;
pub use seal::{DataKey, Seal};
pub use store::Store;
