//! `crow backup`: a consistent copy of an installation that runs.
//!
//! 1. A hold keeps the sweeper from removing objects until all are copied.
//! 2. The last position of each stream is noted. When the committed checkpoints have passed them,
//!    the database holds everything that was acknowledged before the backup began.
//! 3. All rows are read in one transaction. Objects are written before their rows and never change,
//!    so the objects that these rows name are complete.
//! 4. These objects are copied, except those that an earlier backup copied.
//! 5. The manifest comes last: without it there is no backup.

use std::path::Path;
use std::time::Duration;

use anyhow::{Context, ensure};
use clap::Args;
use futures::TryStreamExt;
use tokio::task::JoinHandle;

use crow_bus::interactions;
use crow_db::backup::{Snapshot, TABLES, Texts};
use crow_db::{Db, holds};
use crow_storage::lines::{LineWriter, Part};
use crow_storage::{Store, keys};
use crow_types::Timestamp;

use crate::config::Config;

use super::{open_bus, open_db};

pub(super) mod copier;
pub(super) mod manifest;
pub(super) mod named;
mod positions;
mod prune;

use manifest::{Content, Manifest, Table, key_in, open_place};

#[derive(Args)]
pub(crate) struct BackupArgs {
    /// Folder, or `s3://bucket/prefix`, where backups are kept. Default: `backup.url`.
    #[arg(long, value_name = "PLACE")]
    to: Option<String>,
    /// Seconds to wait until the session keepers have stored what waits in the streams.
    #[arg(long, default_value_t = 300, value_name = "SECONDS")]
    deadline: u64,
    /// Do not ask the bus. The backup lacks what waits in the streams, and after a restore
    /// announcements of the last days are repeated.
    #[arg(long)]
    stored_only: bool,
    /// Leave out the keys of recordings. Back them up elsewhere with --only-keys, and keep that
    /// backup for a shorter time: older backups then cannot be read once an erasure has removed a
    /// key.
    #[arg(long, conflicts_with = "only_keys")]
    without_keys: bool,
    /// Back up only the keys of recordings. Do this after a backup without them.
    #[arg(long, conflicts_with = "stored_only")]
    only_keys: bool,
    /// Afterwards, keep this many backups and remove the older ones, with the objects that only they
    /// name. Backups of keys and the others are counted apart.
    #[arg(long, value_name = "NUMBER", value_parser = clap::value_parser!(u32).range(1..))]
    keep: Option<u32>,
}

impl BackupArgs {
    fn content(&self) -> Content {
        match (self.without_keys, self.only_keys) {
            (true, _) => Content::WithoutKeys,
            (false, true) => Content::OnlyKeys,
            (false, false) => Content::Everything,
        }
    }
}

/// How long a hold lasts that is not renewed, in milliseconds.
const HOLD: i64 = 180_000;
const RENEW: Duration = Duration::from_secs(30);
/// By how much the clocks of NATS and keepers may differ, in milliseconds.
const CLOCKS: i64 = 600_000;

pub(crate) async fn run(args: BackupArgs, data_dir: &Path, config: &Config) -> anyhow::Result<()> {
    let target = open_place(config, args.to.as_deref(), "--to")?;
    let db = open_db(config).await?;
    if args.content().has_keys() {
        crow_keyring::check_restored(&db).await?;
    }
    let id = keys::new_backup(Timestamp::now());
    let held = Held::start(&db, &id).await?;
    let outcome = back_up_and_prune(&args, data_dir, config, &db, &target, id).await;
    let ended = held.end().await;
    outcome?;
    ended?;
    Ok(())
}

async fn back_up_and_prune(
    args: &BackupArgs,
    data_dir: &Path,
    config: &Config,
    db: &Db,
    target: &Store,
    id: String,
) -> anyhow::Result<()> {
    let content = args.content();
    if content.has_rest() {
        let source = Store::open(&config.storage)?;
        back_up(args, data_dir, config, db, &source, target, id).await?;
    } else {
        back_up_keys(db, target, id).await?;
    }
    match args.keep {
        Some(keep) => prune::run(target, content, keep as usize).await,
        None => Ok(()),
    }
}

/// Needs no stream and no object: a session whose key is not stored yet has no row in an earlier
/// backup either.
async fn back_up_keys(db: &Db, target: &Store, id: String) -> anyhow::Result<()> {
    let snapshot = Snapshot::take(db).await?;
    let mut manifest = Manifest::begin(&snapshot, Content::OnlyKeys, id).await?;
    export_all(&snapshot, target, &mut manifest).await?;
    drop(snapshot);
    manifest.write(target).await?;
    let rows: u64 = manifest.tables.iter().map(Table::rows).sum();
    println!("backup {}: {rows} keys", manifest.id);
    Ok(())
}

async fn back_up(
    args: &BackupArgs,
    data_dir: &Path,
    config: &Config,
    db: &Db,
    source: &Store,
    target: &Store,
    id: String,
) -> anyhow::Result<()> {
    let earlier = Manifest::newest(target, Content::has_rest).await?;
    let announced_since = if args.stored_only {
        Timestamp(0)
    } else {
        let deadline = Duration::from_secs(args.deadline);
        wait_for_streams(data_dir, config, db, deadline).await?
    };
    // The snapshot holds these, or later ones.
    let positions = positions::committed(db).await?;
    let snapshot = Snapshot::take(db).await?;
    let mut manifest = Manifest::begin(&snapshot, args.content(), id).await?;
    manifest.positions = positions;
    manifest.announced_since = announced_since.0;
    export_all(&snapshot, target, &mut manifest).await?;
    let keys = write_lines(
        target,
        key_in(&manifest.id, "keys"),
        snapshot.object_keys().await?,
    );
    let keys = keys.await?;
    drop(snapshot);
    let copying = named::Copying::new(db, source, target, earlier.as_ref());
    manifest.objects = copying.run(&keys, &manifest.id).await?;
    for part in &keys {
        target.delete(&part.key).await?;
    }
    manifest.write(target).await?;
    report(&manifest);
    Ok(())
}

/// Waits until what was acknowledged before now is stored; since when announcements may be lost
/// with the bus.
async fn wait_for_streams(
    data_dir: &Path,
    config: &Config,
    db: &Db,
    deadline: Duration,
) -> anyhow::Result<Timestamp> {
    let asked_at = Timestamp::now();
    let bus = open_bus(data_dir, config, db).await.context(
        "the bus cannot be asked what waits in its streams; \
         --stored-only backs up what is stored without it",
    )?;
    let noted = positions::note(&bus).await?;
    let oldest = interactions::oldest_waiting(&bus).await?;
    positions::wait(db, &noted, deadline).await?;
    Ok(oldest.unwrap_or(asked_at).min(asked_at).plus(-CLOCKS))
}

async fn export_all(
    snapshot: &Snapshot,
    target: &Store,
    manifest: &mut Manifest,
) -> anyhow::Result<()> {
    let content = manifest.content;
    for table in TABLES.into_iter().filter(|table| content.has_table(table)) {
        let table = export(snapshot, target, &manifest.id, table).await?;
        manifest.tables.push(table);
    }
    Ok(())
}

async fn export(
    snapshot: &Snapshot,
    target: &Store,
    id: &str,
    table: &str,
) -> anyhow::Result<Table> {
    let columns = snapshot.columns(table).await?;
    let rows = snapshot.rows(table, &columns).await?;
    let parts = write_lines(target, key_in(id, table), rows).await?;
    let table = Table {
        name: table.to_owned(),
        columns,
        parts,
    };
    eprintln!("{}: {} rows", table.name, table.rows());
    Ok(table)
}

async fn write_lines(
    target: &Store,
    prefix: String,
    mut lines: Texts<'_>,
) -> anyhow::Result<Vec<Part>> {
    let mut writer = LineWriter::new(target, prefix);
    while let Some(line) = lines.try_next().await? {
        writer.push(&line).await?;
    }
    Ok(writer.finish().await?)
}

fn report(manifest: &Manifest) {
    let rows: u64 = manifest.tables.iter().map(Table::rows).sum();
    let objects = &manifest.objects;
    println!(
        "backup {}: {rows} rows, {} objects of {} bytes, {} of them copied now",
        manifest.id, objects.count, objects.bytes, objects.copied
    );
    if !manifest.content.has_keys() {
        println!("it has no keys of recordings: now run `crow backup --only-keys`");
    }
    if objects.missing > 0 {
        println!(
            "{} objects that rows name do not exist, so they are not in it; `crow doctor --deep` \
             names their sessions",
            objects.missing
        );
    }
}

/// A hold that is renewed while the backup runs. It expires by itself after a crash.
struct Held {
    db: Db,
    name: String,
    renewing: JoinHandle<()>,
}

impl Held {
    async fn start(db: &Db, id: &str) -> anyhow::Result<Self> {
        const PREFIX: &str = "backup ";
        for hold in holds::live(db).await? {
            ensure!(
                !hold.id.starts_with(PREFIX),
                "another backup runs, or was killed less than three minutes ago ({})",
                hold.id
            );
        }
        let name = format!("{PREFIX}{id}");
        holds::hold(db, &name, HOLD).await?;
        let renewing = tokio::spawn(renew(db.clone(), name.clone()));
        Ok(Self {
            db: db.clone(),
            name,
            renewing,
        })
    }

    async fn end(self) -> anyhow::Result<()> {
        self.renewing.abort();
        Ok(holds::release(&self.db, &self.name).await?)
    }
}

async fn renew(db: Db, name: String) {
    loop {
        tokio::time::sleep(RENEW).await;
        if let Err(error) = holds::hold(&db, &name, HOLD).await {
            eprintln!("renewing the hold failed, trying again: {error}");
        }
    }
}
