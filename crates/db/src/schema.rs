//! Which schema the database has, and whether this program can work with it.
//!
//! The schema grows in steps. A step adds what the new release needs and leaves alone what the
//! previous release uses. A step that takes something away comes one release later, and its name
//! ends with [`CONTRACT`]. So a program works with steps that it does not know, unless one of them
//! takes something away.

use std::time::Duration;

use backon::{ExponentialBuilder, Retryable};
use sea_orm::{
    ConnectionTrait, DatabaseTransaction, DbBackend, FromQueryResult, Statement, TransactionTrait,
};
use tracing::warn;

use crow_migrations::{Migrator, MigratorTrait};
use crow_types::log_chain;

use crate::connection::Db;
use crate::error::{Error, Result};

#[cfg(test)]
mod tests;

/// How the name of a step ends that takes away what the previous release used.
const CONTRACT: &str = "_contract";

/// One program migrates at a time; the number is ours alone in the database.
const LOCK: &str = "select pg_try_advisory_xact_lock(4716228301) as is_ours";

/// Between two tries of a step that waits for a table, and how many: ten to twenty minutes, because each pause is
/// up to twice as long at random.
const SHORTEST_PAUSE: Duration = Duration::from_secs(1);
const LONGEST_PAUSE: Duration = Duration::from_secs(15);
const RETRIES: usize = 40;

/// The steps in the database beside those that this program knows.
#[derive(Debug, Default)]
struct Steps {
    /// Known and not applied, oldest first.
    pending: Vec<String>,
    /// Applied and not known: a newer program was here.
    unknown: Vec<String>,
}

#[derive(FromQueryResult)]
struct Applied {
    version: String,
}

/// Whether no other program migrates now.
async fn is_ours(lock: &DatabaseTransaction) -> Result<bool> {
    let waiting = Error::sql("waiting for another program that migrates");
    let statement = Statement::from_string(DbBackend::Postgres, LOCK);
    let row = lock.query_one_raw(statement).await;
    let is_ours = row.and_then(|row| row.map_or(Ok(false), |row| row.try_get("", "is_ours")));
    is_ours.map_err(waiting)
}

impl Db {
    /// Brings the schema up to date; doing it twice changes nothing. Programs that do it at the
    /// same time wait for each other.
    ///
    /// # Errors
    /// [`Error::SchemaTooNew`] when a newer release took away what this one needs, or when this
    /// one has steps that the newer one lacks. [`Error::SchemaHeld`] when others hold a table for long.
    pub async fn migrate(&self) -> Result<()> {
        let lock = self.lock_schema().await?;
        let outcome = self.apply_pending().await;
        if let Some(lock) = lock {
            lock.rollback().await.map_err(Error::sql("migrating"))?;
        }
        outcome
    }

    async fn apply_pending(&self) -> Result<()> {
        let steps = self.steps().await?;
        if steps.is_refused() || !(steps.unknown.is_empty() || steps.pending.is_empty()) {
            return Err(Error::SchemaTooNew(steps.unknown));
        }
        if steps.pending.is_empty() {
            return Ok(());
        }
        self.apply().await
    }

    /// Applies the other steps, each in a transaction of its own. A step that waits for a table gives up, so that
    /// writers get through, and is tried again.
    async fn apply(&self) -> Result<()> {
        let pauses = ExponentialBuilder::default()
            .with_min_delay(SHORTEST_PAUSE)
            .with_max_delay(LONGEST_PAUSE)
            .with_max_times(RETRIES)
            .with_jitter();
        let apply = || async {
            let applied = Migrator::up(&self.write, None).await;
            applied.map_err(Error::sql("migrating"))
        };
        let applied = apply
            .retry(pauses)
            .when(Error::is_held_up)
            .notify(|error, _pause| {
                warn!(
                    error = log_chain(error),
                    "another program holds a table that a migration changes, retrying"
                );
            })
            .await;
        applied.map_err(|error| {
            let is_held_up = error.is_held_up();
            match error {
                Error::Sql { source, .. } if is_held_up => Error::SchemaHeld(source),
                other => other,
            }
        })
    }

    /// Brings an empty database to the schema that a backup was taken of, so that later steps find
    /// its rows as they were. [`Self::migrate`] does the rest once the rows are loaded.
    ///
    /// # Errors
    /// [`Error::BackupSchema`] when this program lacks a step of the backup, or when the database
    /// has more steps.
    pub async fn migrate_like(&self, backup: &[String]) -> Result<()> {
        let known = Migrator::migrations();
        let unknown: Vec<&str> = backup
            .iter()
            .map(String::as_str)
            .filter(|name| !known.iter().any(|step| step.name() == *name))
            .collect();
        if !unknown.is_empty() {
            let text = format!(
                "the backup is of a newer release ({}): restore it with that release",
                unknown.join(", ")
            );
            return Err(Error::BackupSchema(text));
        }
        let applied = self.applied().await?;
        let beyond: Vec<&str> = applied
            .iter()
            .map(String::as_str)
            .filter(|name| !backup.iter().any(|step| step == name))
            .collect();
        if !beyond.is_empty() {
            let text = format!(
                "the schema of the database is newer than the backup ({}): restore into a database \
                 without tables, which is brought up to date afterwards",
                beyond.join(", ")
            );
            return Err(Error::BackupSchema(text));
        }
        let missing = backup.len() - applied.len();
        if missing == 0 {
            return Ok(());
        }
        let steps = u32::try_from(missing).unwrap_or(u32::MAX);
        Migrator::up(&self.write, Some(steps))
            .await
            .map_err(Error::sql("migrating"))
    }

    /// Over a connection of its own: the pool for writing may have only one. SQLite has one writer
    /// anyhow.
    async fn lock_schema(&self) -> Result<Option<DatabaseTransaction>> {
        if self.is_sqlite() {
            return Ok(None);
        }
        let lock = self
            .lookups
            .begin()
            .await
            .map_err(Error::sql("migrating"))?;
        // A statement that waits holds a snapshot. An index that is made beside writers waits for all snapshots,
        // and the program that migrates may wait for that index.
        while !is_ours(&lock).await? {
            tokio::time::sleep(SHORTEST_PAUSE).await;
        }
        Ok(Some(lock))
    }

    /// Names of the migrations that are not applied yet.
    pub async fn pending_migrations(&self) -> Result<Vec<String>> {
        Ok(self.steps().await?.pending)
    }

    /// Passes when this program can work with the schema. Changes nothing, and needs no right to
    /// change tables.
    ///
    /// # Errors
    /// [`Error::SchemaTooOld`] and [`Error::SchemaTooNew`] say what to do.
    pub async fn check_schema(&self) -> Result<()> {
        let steps = self.steps().await?;
        if steps.is_refused() {
            return Err(Error::SchemaTooNew(steps.unknown));
        }
        if !steps.pending.is_empty() {
            return Err(Error::SchemaTooOld(steps.pending));
        }
        Ok(())
    }

    /// As [`Self::check_schema`], with a text for readers of a service's readiness.
    ///
    /// # Errors
    /// The text.
    pub async fn schema_readiness(&self) -> std::result::Result<(), String> {
        self.check_schema().await.map_err(|error| match error {
            Error::SchemaTooOld(_) | Error::SchemaTooNew(_) => error.to_string(),
            _ => "the database does not answer".to_owned(),
        })
    }

    async fn steps(&self) -> Result<Steps> {
        let applied = self.applied().await?;
        let known = Migrator::migrations();
        let is_known = |name: &String| known.iter().any(|step| step.name() == name);
        let pending = known.iter().map(|step| step.name().to_owned());
        Ok(Steps {
            pending: pending.filter(|name| !applied.contains(name)).collect(),
            unknown: applied
                .iter()
                .filter(|name| !is_known(name))
                .cloned()
                .collect(),
        })
    }

    async fn applied(&self) -> Result<Vec<String>> {
        let reading = || Error::sql("reading the version of the schema");
        let table = Migrator::migration_table_name().to_string();
        let manager = crow_migrations::SchemaManager::new(&self.read);
        if !manager.has_table(&table).await.map_err(reading())? {
            return Ok(Vec::new());
        }
        let backend = self.read.get_database_backend();
        let sql = format!("select version from {table} order by version");
        let rows = Applied::find_by_statement(Statement::from_string(backend, sql));
        let rows = rows.all(&self.read).await.map_err(reading())?;
        Ok(rows.into_iter().map(|row| row.version).collect())
    }
}

impl Steps {
    /// Whether a newer release took something away.
    fn is_refused(&self) -> bool {
        self.unknown.iter().any(|name| name.ends_with(CONTRACT))
    }
}
