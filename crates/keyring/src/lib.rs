//! The keys that recordings are encrypted with.
//!
//! ```text
//! master key            a file, the environment, or Vault; never in the database
//!   └ organization key  `organization_keys`, wrapped with the master key
//!       └ data key      `session_keys`, one per session, wrapped with the organization key
//! ```
//!
//! A flush adds the keys of its new sessions in the transaction that adds their rows. Deleting a row
//! of `session_keys` makes all objects of the session unreadable, wherever they are.
//!
//! - [`Keyring`]: gets and makes keys.
//! - [`KeyringConfig`]: where the master key is.
//! - [`check_restored`]: whether a restored installation waits for its keys.
//! - [`Keyring::seal_secret`]: secrets of organizations in rows.
//! - [`Keyring::rotate_master`], [`Keyring::rotate_organization`]: wrap again; no object changes.

mod config;
mod error;
mod keyring;
mod master;
mod rotation;
mod secrets;
#[cfg(test)]
mod tests;
mod wrap;

pub use config::KeyringConfig;
pub use error::{Error, Result};
pub use keyring::{Keyring, WritingKeys};
pub use master::new_master_key;
pub use rotation::check_restored;
pub use secrets::SealedSecret;
