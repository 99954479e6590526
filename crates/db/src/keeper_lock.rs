//! A SQLite file takes one keeper: its writers would wait for each other.

use std::fs::{File, TryLockError};
use std::path::PathBuf;

use secrecy::ExposeSecret;

use crate::config::DatabaseConfig;
use crate::connection::sqlite_path;
use crate::error::{Error, Result};

/// The right to be the keeper on a database. It ends with the process, however that ends.
#[derive(Debug)]
pub struct KeeperLock {
    _lock: Option<File>,
}

impl KeeperLock {
    /// Takes it. On Postgres any number of keepers have it.
    ///
    /// # Errors
    /// When another keeper works on the same SQLite file, or the folder cannot be written.
    pub fn take(config: &DatabaseConfig) -> Result<Self> {
        let url = config.url.expose_secret();
        let Some(path) = sqlite_path(url) else {
            return Ok(Self { _lock: None });
        };
        let path = PathBuf::from(format!("{path}-keeper"));
        let failed = |error: std::io::Error| {
            Error::Config(format!("database.url: {}: {error}", path.display()))
        };
        let lock = File::create(&path).map_err(failed)?;
        match lock.try_lock() {
            Ok(()) => Ok(Self { _lock: Some(lock) }),
            Err(TryLockError::WouldBlock) => Err(Error::Config(
                "another session keeper works on this SQLite file; SQLite takes one: \
                 stop it, or move to Postgres (database.url) to run several"
                    .to_owned(),
            )),
            Err(TryLockError::Error(error)) => Err(failed(error)),
        }
    }
}
