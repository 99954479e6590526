//! The folder of a `crow serve`: one process at a time, and how others find its bus.

use std::fs::{File, TryLockError};
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};

/// A data folder that this process alone serves from. The lock ends with the process,
/// however it ends.
#[derive(Debug)]
pub(crate) struct DataDir {
    path: PathBuf,
    _lock: File,
}

impl DataDir {
    /// Creates the folder if need be, and takes it.
    pub(crate) fn take(path: &Path) -> anyhow::Result<Self> {
        let path = std::path::absolute(path)?;
        std::fs::create_dir_all(&path)
            .with_context(|| format!("cannot create {}", path.display()))?;
        let lock = File::create(path.join("lock"))
            .with_context(|| format!("cannot write to {}", path.display()))?;
        match lock.try_lock() {
            Ok(()) => Ok(Self { path, _lock: lock }),
            Err(TryLockError::WouldBlock) => {
                bail!(
                    "another `crow serve` uses {}; stop it, or choose another --data-dir",
                    path.display()
                )
            }
            Err(TryLockError::Error(error)) => Err(error).context("cannot lock the data folder"),
        }
    }

    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// Writes down where the bus is, for the other commands.
    pub(crate) fn publish_bus_url(&self, url: &str) -> anyhow::Result<()> {
        std::fs::write(bus_url_file(&self.path), url).context("cannot write the address of the bus")
    }
}

/// Where the bus of a running `crow serve` on this folder is.
pub(crate) fn bus_url(data_dir: &Path) -> anyhow::Result<String> {
    std::fs::read_to_string(bus_url_file(data_dir)).with_context(|| {
        format!(
            "no `crow serve` has run on {}; start it, or set bus.url",
            data_dir.display()
        )
    })
}

fn bus_url_file(data_dir: &Path) -> PathBuf {
    data_dir.join("bus.url")
}
