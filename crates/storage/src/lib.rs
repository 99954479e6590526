//! Objects: local disk, S3 or R2.
//!
//! - [`Store`]: put, get, range, delete; writes are durable when they return, and verified by size.
//! - [`pack`]: the object that holds the chunks of many sessions of one flush.
//! - [`archive`]: the object that holds a whole finished session.
//! - [`merge`]: joins the chunks of a session in the order of time.
//! - [`keys`]: where objects live.

pub mod archive;
mod config;
mod error;
pub mod keys;
mod listed;
pub mod merge;
pub mod pack;
pub mod rrweb;
mod store;

pub use config::StorageConfig;
pub use error::{Error, Result};
pub use listed::ListedChunks;
pub use store::Store;
