//! The admin commands, a file each.

pub(crate) mod access;
mod audit;
pub(crate) mod audit_log;
pub(crate) mod backup;
pub(crate) mod cat;
pub(crate) mod config;
pub(crate) mod dlq;
pub(crate) mod doctor;
pub(crate) mod erase;
pub(crate) mod keys;
pub(crate) mod migrate;
pub(crate) mod restore;
pub(crate) mod seal;
pub(crate) mod seed;
pub(crate) mod sourcemaps;
pub(crate) mod sweep;
pub(crate) mod users;

use std::path::Path;

use anyhow::{Context, bail};

use crow_bus::Bus;
use crow_db::{Db, installation};
use crow_keyring::Keyring;

use crate::config::Config;
use crate::data_dir;

/// The database of an installation that exists. A wrong folder must not become a second one.
pub(crate) async fn open_db(config: &Config) -> anyhow::Result<Db> {
    if config
        .database
        .sqlite_file()
        .is_some_and(|file| !file.exists())
    {
        bail!(
            "there is no installation at {}: start `crow serve` there first, or name another one with --data-dir or \
             database.url",
            config.database.place()
        );
    }
    make_db(config).await
}

/// The database, with a schema that this program can use. Makes the file of SQLite if need be.
pub(crate) async fn make_db(config: &Config) -> anyhow::Result<Db> {
    let db = Db::connect(&config.database)
        .await
        .context("opening the database")?;
    db.check_schema().await?;
    Ok(db)
}

/// The keys of recordings, for writing. Without those of a restored backup, it would make others.
pub(crate) async fn open_keyring(config: &Config, db: &Db) -> anyhow::Result<Keyring> {
    crow_keyring::check_restored(db).await?;
    Ok(Keyring::open(db, &config.keyring, config.storage.seal)?)
}

/// The bus that the configuration names, or that of a running `crow serve`.
async fn open_bus(data_dir: &Path, config: &Config, db: &Db) -> anyhow::Result<Bus> {
    let mut bus_config = config.bus.clone();
    if bus_config.url.is_empty() {
        bus_config.url = data_dir::bus_url(data_dir)?;
    }
    let partitions = installation::ensure(db, None).await?;
    let bus = Bus::connect("crow-cli", &bus_config, partitions).await?;
    for _attempt in 0..100 {
        if bus.is_connected() {
            return Ok(bus);
        }
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    bail!("no answer from NATS within 5 s; is `crow serve` running?")
}
