//! `crow restore --only-keys`: loads the keys of recordings into a database that waits for them.

use std::process::ExitCode;

use anyhow::{Context, ensure};

use crow_db::backup::{KEY_TABLES, Load, LoadedKeys, Snapshot};
use crow_db::{Db, KeeperLock};
use crow_storage::Store;

use crate::commands::backup::manifest::{Content, Manifest};
use crate::config::Config;

use super::{connect, load_table};

const NOT_WAITING: &str = "this database waits for no keys: restore a backup that was made with \
                           --without-keys first, then its keys";

pub(super) async fn run(
    source: &Store,
    name: Option<&str>,
    config: &Config,
) -> anyhow::Result<ExitCode> {
    let manifest = choose(source, name).await?;
    let db = connect(config).await?;
    let _lock = KeeperLock::take(&config.database)?;
    ensure!(db.pending_migrations().await?.is_empty(), NOT_WAITING);
    check_schema(&db, &manifest).await?;
    let load = Load::begin_keys(&db, &manifest.id).await?;
    let load = load.context(NOT_WAITING)?;
    let is_of_keys = |name: &str| KEY_TABLES.contains(&name);
    for table in manifest.tables.iter().filter(|it| is_of_keys(&it.name)) {
        eprintln!("loading {} rows of {}", table.rows(), table.name);
        load_table(&load, source, table).await?;
    }
    report(&manifest, load.commit_keys().await?);
    Ok(ExitCode::SUCCESS)
}

/// The backup of this name if it has keys, or the newest one of keys alone.
async fn choose(source: &Store, name: Option<&str>) -> anyhow::Result<Manifest> {
    let Some(id) = name else {
        let is_wanted = |content| content == Content::OnlyKeys;
        let newest = Manifest::newest(source, is_wanted).await?;
        return newest.context("there is no complete backup of keys in this place");
    };
    let manifest = Manifest::read(source, id).await?;
    ensure!(
        manifest.content.has_keys(),
        "backup {id} holds no keys of recordings"
    );
    Ok(manifest)
}

/// The rows of a newer release may have columns that this one does not know.
async fn check_schema(db: &Db, manifest: &Manifest) -> anyhow::Result<()> {
    let known = Snapshot::take(db).await?.schema().await?;
    let newer = manifest.schema.iter().find(|step| !known.contains(step));
    ensure!(
        newer.is_none(),
        "the keys were backed up by a newer release ({}): restore them with that release",
        manifest.crow
    );
    Ok(())
}

fn report(manifest: &Manifest, loaded: LoadedKeys) {
    println!(
        "loaded the keys of {} sessions from backup {}; start the services",
        loaded.sessions, manifest.id
    );
    if loaded.without > 0 {
        println!(
            "{} sessions have sealed recordings and no key, so these cannot be read. Sessions that \
             were erased after the backup of the rest are among them: erase them again, because \
             their rows are back. `crow doctor --deep` names them all",
            loaded.without
        );
    }
}
