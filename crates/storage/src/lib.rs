//! Objects: local disk, S3 or R2.
//!
//! - [`Store`]: put, get, range, delete; writes are durable when they return, and verified by size.
//! - [`pack`]: the object that holds the chunks of many sessions of one flush.
//! - [`keys`]: where objects live.

mod config;
mod error;
pub mod keys;
pub mod pack;
mod store;

pub use config::StorageConfig;
pub use error::{Error, Result};
pub use store::Store;
