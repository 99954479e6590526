//! The data folder of `crow serve`. One process uses it at a time, and other commands find its bus
//! there.

use std::fs::{File, OpenOptions, Permissions, TryLockError};
use std::io::Write;
use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};

/// A data folder that only this process serves from. The lock ends with the process, even after a
/// crash.
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
        close_to_others(&path);
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

    /// Stores the address of the bus for the other commands.
    pub(crate) fn publish_bus_url(&self, url: &str) -> anyhow::Result<()> {
        write_secret(&bus_url_file(&self.path), url).context("cannot write the address of the bus")
    }
}

/// It contains recordings and passwords. Folders of earlier versions were open to others.
fn close_to_others(path: &Path) {
    let closed = Permissions::from_mode(0o700);
    if let Err(error) = std::fs::set_permissions(path, closed) {
        tracing::warn!(
            path = path.display().to_string(),
            error = crow_types::log_chain(&error),
            "the data folder may be open to other users"
        );
    }
}

/// Writes a file that only our user may read, from its first byte.
pub(crate) fn write_secret(path: &Path, text: &str) -> std::io::Result<()> {
    let mut file = OpenOptions::new()
        .write(true)
        .create(true)
        .truncate(true)
        .mode(0o600)
        .open(path)?;
    // It may be there already, with other permissions.
    file.set_permissions(Permissions::from_mode(0o600))?;
    file.write_all(text.as_bytes())
}

/// Address of the bus of a running `crow serve` on this folder.
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

#[cfg(test)]
mod tests {
    use super::*;

    fn mode(path: &Path) -> u32 {
        std::fs::metadata(path).unwrap().permissions().mode() & 0o777
    }

    #[test]
    fn others_cannot_read_the_data_folder_or_the_password_of_the_bus() {
        let parent = tempfile::tempdir().unwrap();
        let path = parent.path().join("data");
        std::fs::create_dir(&path).unwrap();
        std::fs::set_permissions(&path, Permissions::from_mode(0o755)).unwrap();
        let file = bus_url_file(&path);
        std::fs::write(&file, "nats://127.0.0.1:1").unwrap();
        std::fs::set_permissions(&file, Permissions::from_mode(0o644)).unwrap();

        let data_dir = DataDir::take(&path).unwrap();
        data_dir
            .publish_bus_url("nats://crow:secret@127.0.0.1:1")
            .unwrap();

        assert_eq!(mode(&path), 0o700);
        assert_eq!(mode(&file), 0o600);
        assert_eq!(bus_url(&path).unwrap(), "nats://crow:secret@127.0.0.1:1");
    }
}
