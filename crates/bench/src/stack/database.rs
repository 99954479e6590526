//! The database of an installation.

use std::path::{Path, PathBuf};

use anyhow::Context;
use crow_testkit::postgres::{self, PGVECTOR_PACKAGES_VARIABLE, PostgresCluster};

/// Where sessions are kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Database {
    Sqlite,
    Postgres,
    /// Postgres with the extension pgvector, of a Python package. Not on every machine.
    Pgvector,
}

impl Database {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Sqlite => "SQLite",
            Self::Postgres => "Postgres",
            Self::Pgvector => "Postgres with pgvector",
        }
    }

    /// Whether this machine has its server, as far as `cargo xtask bench` says.
    pub fn is_installed(self) -> bool {
        self != Self::Pgvector || std::env::var_os(PGVECTOR_PACKAGES_VARIABLE).is_some()
    }
}

/// The settings of `deploy/README.md`. With its defaults for a small machine, Postgres writes whole
/// pages into its log every few seconds.
const POSTGRES_SETTINGS: [&str; 4] = [
    "shared_buffers=2GB",
    "max_wal_size=8GB",
    "checkpoint_timeout=15min",
    "wal_compression=lz4",
];
/// The server of the Python package has no lz4.
const PGVECTOR_SETTINGS: [&str; 4] = [
    "shared_buffers=2GB",
    "max_wal_size=8GB",
    "checkpoint_timeout=15min",
    "wal_compression=on",
];

/// A running server, if it is one, and the URL of an empty database.
pub(super) async fn start(
    database: Database,
    dir: &Path,
) -> anyhow::Result<(Option<PostgresCluster>, String)> {
    match database {
        Database::Sqlite => Ok((None, format!("sqlite://{}", dir.join("crow.db").display()))),
        Database::Postgres | Database::Pgvector => {
            let home: PathBuf = dir.join("postgres");
            std::fs::create_dir(&home)?;
            // The user of Postgres needs access to the folder.
            std::fs::set_permissions(dir, std::os::unix::fs::PermissionsExt::from_mode(0o755))?;
            let cluster = if database == Database::Pgvector {
                let packages = std::env::var_os(PGVECTOR_PACKAGES_VARIABLE);
                let packages = packages
                    .with_context(|| format!("{PGVECTOR_PACKAGES_VARIABLE} names no folder"))?;
                let packages = Path::new(&packages);
                PostgresCluster::start_with_pgvector(packages, &home, dir, &PGVECTOR_SETTINGS)
                    .await?
            } else {
                PostgresCluster::start_with(&home, dir, &POSTGRES_SETTINGS).await?
            };
            let url = postgres::create_database(&cluster.url()).await?;
            Ok((Some(cluster), url))
        }
    }
}
