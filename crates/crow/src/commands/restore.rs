//! `crow restore`: loads a backup into an empty installation.
//!
//! Objects come first, as always, and those that are there are not copied again. The rows follow in
//! one transaction. So a restore that was killed has left no rows, and runs again.

use std::process::ExitCode;

use anyhow::{Context, bail, ensure};
use clap::Args;
use futures::{StreamExt, stream};

use crow_db::backup::{self, Load, Target};
use crow_db::{Db, KeeperLock};
use crow_storage::{Store, lines};
use crow_types::Timestamp;

use crate::config::Config;

use super::backup::copier::{AT_ONCE, Copier, Outcome, Progress};
use super::backup::manifest::{Content, Entry, Manifest, Table, object_key, open_place};
use super::backup::named::entries_of;

mod keys;

#[derive(Args)]
pub(crate) struct RestoreArgs {
    /// Folder, or `s3://bucket/prefix`, where backups are kept. Default: `backup.url`.
    #[arg(long, value_name = "PLACE")]
    from: Option<String>,
    /// The name of the backup. Default: the newest complete one.
    #[arg(long, value_name = "NAME")]
    backup: Option<String>,
    /// Only copy objects that the object store lacks, and leave the database alone: for a lost
    /// bucket. The services may run.
    #[arg(long)]
    objects_only: bool,
    /// Load the keys of recordings from a backup of `crow backup --only-keys`. Restore the rest
    /// first.
    #[arg(long, conflicts_with = "objects_only")]
    only_keys: bool,
    /// Let the services start although the backup has no keys of recordings, and none will be
    /// loaded. What these recordings hold can never be read.
    #[arg(long, conflicts_with_all = ["objects_only", "only_keys"])]
    accept_missing_keys: bool,
}

/// Bytes of rows in one statement.
const STATEMENT_BYTES: usize = 2 << 20;

pub(crate) async fn run(args: RestoreArgs, config: &Config) -> anyhow::Result<ExitCode> {
    let source = open_place(config, args.from.as_deref(), "--from")?;
    if args.only_keys {
        return keys::run(&source, args.backup.as_deref(), config).await;
    }
    let manifest = choose(&source, args.backup.as_deref()).await?;
    let target = Store::open(&config.storage)?;
    if args.objects_only {
        let lost = restore_objects(&source, &target, &manifest).await?;
        println!("the object store has the objects of backup {}", manifest.id);
        return Ok(report(lost));
    }
    let db = connect(config).await?;
    let _lock = KeeperLock::take(&config.database)?;
    match backup::target(&db, &manifest.id).await? {
        Target::Empty => {}
        Target::Loaded => {
            db.migrate().await?;
            println!("backup {} was restored here already", manifest.id);
            tell_what_is_next(&db, &args).await?;
            return Ok(ExitCode::SUCCESS);
        }
        refused => refuse(&refused)?,
    }
    db.migrate_like(&manifest.schema).await?;
    eprintln!("checking backup {}", manifest.id);
    check(&source, &manifest).await?;
    let lost = restore_objects(&source, &target, &manifest).await?;
    load(&db, &source, &manifest).await?;
    db.migrate().await?;
    println!("restored backup {}", manifest.id);
    tell_what_is_next(&db, &args).await?;
    Ok(report(lost))
}

/// The backup of this name, or the newest one, with objects and rows.
async fn choose(source: &Store, name: Option<&str>) -> anyhow::Result<Manifest> {
    let Some(id) = name else {
        let newest = Manifest::newest(source, Content::has_rest).await?;
        return newest.context("there is no complete backup in this place, other than of keys");
    };
    let manifest = Manifest::read(source, id).await?;
    ensure!(
        manifest.content.has_rest(),
        "backup {id} holds only keys of recordings: restore the rest first, then this one with \
         --only-keys"
    );
    Ok(manifest)
}

async fn tell_what_is_next(db: &Db, args: &RestoreArgs) -> anyhow::Result<()> {
    if args.accept_missing_keys {
        backup::give_up_keys(db).await?;
    }
    match crow_keyring::check_restored(db).await {
        Ok(()) => println!("start the services"),
        Err(missing @ crow_keyring::Error::NotRestored { .. }) => {
            println!("{missing}; until then session keepers and read APIs do not start");
        }
        Err(error) => return Err(error.into()),
    }
    Ok(())
}

async fn connect(config: &Config) -> anyhow::Result<Db> {
    let mut settings = config.database.clone();
    settings.migrate_on_start = false;
    Db::connect(&settings).await.context("opening the database")
}

fn refuse(target: &Target) -> anyhow::Result<()> {
    match target {
        Target::Empty | Target::Loaded => Ok(()),
        Target::Used { table } => bail!(
            "the database is in use: `{table}` has rows. Create an empty database, and name it in \
             database.url"
        ),
        Target::Kept => bail!(
            "a session keeper works on this database: stop all services, wait until its lease has \
             expired (session.lease_ms), and run the restore again"
        ),
    }
}

/// Reads every row and every list once, before anything changes.
async fn check(source: &Store, manifest: &Manifest) -> anyhow::Result<()> {
    let tables = manifest.tables.iter().flat_map(|table| &table.parts);
    for part in tables.chain(&manifest.objects.parts) {
        lines::read(source, part)
            .await
            .context("the backup is damaged; try an older one with --backup")?;
    }
    Ok(())
}

/// Copies the objects that the target lacks; the number of those that the backup has lost.
async fn restore_objects(
    source: &Store,
    target: &Store,
    manifest: &Manifest,
) -> anyhow::Result<u64> {
    let copier = Copier::new(source, target);
    let mut progress = Progress::new(manifest.objects.count);
    let mut lost = 0;
    for part in &manifest.objects.parts {
        let entries = entries_of(source, part).await?;
        let copying = entries
            .into_iter()
            .map(|entry| restore_object(&copier, entry));
        let mut outcomes = stream::iter(copying).buffer_unordered(AT_ONCE);
        while let Some(outcome) = outcomes.next().await {
            let Some((key, outcome)) = outcome? else {
                continue;
            };
            progress.add(&outcome);
            if matches!(outcome, Outcome::Missing | Outcome::Changed) {
                lost += 1;
                eprintln!("object {key} is damaged in the backup: {outcome:?}");
            }
        }
    }
    Ok(lost)
}

/// `None`: it did not exist when the backup was made.
async fn restore_object(
    copier: &Copier<'_>,
    (key, object): Entry,
) -> anyhow::Result<Option<(String, Outcome)>> {
    let Some(object) = object else {
        return Ok(None);
    };
    let outcome = copier.copy(&object_key(&key), &key, Some(object)).await?;
    Ok(Some((key, outcome)))
}

async fn load(db: &Db, source: &Store, manifest: &Manifest) -> anyhow::Result<()> {
    let load = match Load::begin(db, &manifest.id).await? {
        Ok(load) => load,
        Err(refused) => {
            refuse(&refused)?;
            bail!("another restore has loaded this backup");
        }
    };
    for table in &manifest.tables {
        eprintln!("loading {} rows of {}", table.rows(), table.name);
        load_table(&load, source, table).await?;
    }
    if !manifest.content.has_keys() {
        load.await_keys().await?;
    }
    load.commit(Timestamp(manifest.announced_since)).await?;
    Ok(())
}

async fn load_table(load: &Load, source: &Store, table: &Table) -> anyhow::Result<()> {
    for part in &table.parts {
        let text = lines::read(source, part).await?;
        let mut rows = String::from("[");
        for line in text.lines() {
            if rows.len() > 1 {
                rows.push(',');
            }
            rows.push_str(line);
            if rows.len() > STATEMENT_BYTES {
                rows.push(']');
                load.add(&table.name, &table.columns, &rows).await?;
                rows.truncate(1);
            }
        }
        if rows.len() > 1 {
            rows.push(']');
            load.add(&table.name, &table.columns, &rows).await?;
        }
    }
    Ok(())
}

fn report(lost: u64) -> ExitCode {
    if lost == 0 {
        return ExitCode::SUCCESS;
    }
    println!(
        "{lost} objects were damaged in the backup; everything else is there. \
         `crow doctor --deep` names their sessions"
    );
    ExitCode::FAILURE
}
