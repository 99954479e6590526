use std::fmt;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use sea_orm::sqlx::Connection;
use sea_orm::sqlx::sqlite::{SqliteConnection, SqliteJournalMode, SqliteSynchronous};
use sea_orm::{
    ConnectOptions, ConnectionTrait, Database, DatabaseConnection, DatabaseTransaction, DbBackend,
    DbErr, RuntimeErr, SqliteTransactionMode, Statement, TransactionOptions, TransactionTrait,
};
use secrecy::ExposeSecret;
use tokio::sync::{Notify, Semaphore, SemaphorePermit};

use crate::config::DatabaseConfig;
use crate::error::{Error, Result};
use crate::limit;

#[cfg(test)]
mod tests;

/// The database. Cloning is cheap.
#[derive(Debug, Clone)]
pub struct Db {
    pub(crate) read: DatabaseConnection,
    /// SQLite takes one writer at a time, so there is one connection for writing, and
    /// writers of this process wait for it in turn. On Postgres it is the same pool.
    pub(crate) write: DatabaseConnection,
    /// For what every request needs and what is answered at once: keys, sign-ins, pings. They
    /// never wait behind reads of many rows.
    pub(crate) lookups: DatabaseConnection,
    /// For questions about many sessions; in a process that answers none, the same as `read`.
    questions: DatabaseConnection,
    flushes: Arc<Semaphore>,
    /// Told after each flush.
    pub(crate) flushed: Arc<Notify>,
    observer: Observer,
}

/// See [`Db::observed`].
#[derive(Clone, Default)]
struct Observer(Option<Arc<dyn Fn() + Send + Sync>>);

impl fmt::Debug for Observer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Observer")
    }
}

/// Flushes that Postgres takes at once. They write to the same tables, and with more of them
/// it is busy with waiting for itself.
const FLUSHES: usize = 3;

/// Connections for look-ups.
const LOOKUPS: u32 = 2;

/// How a process that answers callers' questions keeps them from taking everything.
#[derive(Debug, Clone, Copy)]
pub struct Reading {
    /// The longest that a statement may take.
    pub deadline: Duration,
    /// Questions about many sessions at the same time. Each may use two connections.
    pub questions: u32,
}

impl Db {
    /// Connects, and brings the schema up to date when the configuration says so.
    pub async fn connect(config: &DatabaseConfig) -> Result<Self> {
        Self::open(config, None).await
    }

    /// Connects to answer questions of callers.
    pub async fn connect_to_answer(config: &DatabaseConfig, reading: Reading) -> Result<Self> {
        Self::open(config, Some(reading)).await
    }

    async fn open(config: &DatabaseConfig, reading: Option<Reading>) -> Result<Self> {
        let url = config.url.expose_secret();
        let db = if url.starts_with("sqlite:") {
            connect_sqlite(url, config.max_connections, reading).await?
        } else if url.starts_with("postgres:") || url.starts_with("postgresql:") {
            connect_postgres(url, config.max_connections, reading).await?
        } else {
            return Err(Error::Config(
                "database.url must begin with sqlite:// or postgres://".to_owned(),
            ));
        };
        if config.migrate_on_start {
            db.migrate().await?;
        }
        Ok(db)
    }

    /// The same database for questions about many sessions: over connections of their own.
    #[must_use]
    pub fn for_questions(&self) -> Self {
        Self {
            read: self.questions.clone(),
            ..self.clone()
        }
    }

    /// The connections for writes of a few rows that a caller waits for. On Postgres these
    /// must not queue behind reads.
    pub(crate) fn quick_write(&self) -> &DatabaseConnection {
        if self.is_sqlite() {
            &self.write
        } else {
            &self.lookups
        }
    }

    /// Returns when no connection is open any more.
    pub async fn close(self) -> Result<()> {
        for pool in [self.read, self.lookups, self.questions] {
            pool.close().await.map_err(Error::sql("closing"))?;
        }
        self.write.close().await.map_err(Error::sql("closing"))
    }

    /// Asks the database something trivial.
    pub async fn ping(&self) -> Result<()> {
        self.lookups
            .execute_unprepared("select 1")
            .await
            .map(drop)
            .map_err(Error::sql("ping"))
    }

    /// Calls this after each statement, and after each flush's commit: for tests in which the
    /// caller dies there.
    #[must_use]
    pub fn observed(mut self, observe: impl Fn() + Clone + Send + Sync + 'static) -> Self {
        let (of_writes, of_flushes) = (observe.clone(), observe.clone());
        for pool in [&mut self.read, &mut self.lookups, &mut self.questions] {
            let observe = observe.clone();
            pool.set_metric_callback(move |_statement| observe());
        }
        self.write
            .set_metric_callback(move |_statement| of_writes());
        self.observer = Observer(Some(Arc::new(of_flushes)));
        self
    }

    /// For statements that go to the driver directly.
    pub(crate) fn tell_observer(&self) {
        if let Some(observe) = &self.observer.0 {
            observe();
        }
    }

    /// Begins a transaction for writing, in a task of its own: a caller may be cut off at any time,
    /// and before Postgres has answered `begin` the driver does not know that there is a
    /// transaction to take back.
    ///
    /// On SQLite it is the writer from the beginning. Otherwise, if another service wrote between its
    /// first read and its first write, that write would fail with "database is locked", without
    /// waiting.
    pub(crate) async fn begin(&self, doing: &'static str) -> Result<DatabaseTransaction> {
        let options = TransactionOptions {
            sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate),
            ..TransactionOptions::default()
        };
        begin_on(self.write.clone(), options, doing).await
    }

    /// Begins a transaction that only reads, in the same way: for settings that end with it.
    pub(crate) async fn begin_reading(&self, doing: &'static str) -> Result<DatabaseTransaction> {
        begin_on(self.read.clone(), TransactionOptions::default(), doing).await
    }

    /// The same, and waits until no other transaction with this name is open, so that what is counted
    /// in it stays true until the commit. On SQLite every transaction is the only writer.
    pub(crate) async fn begin_in_turn(
        &self,
        doing: &'static str,
        name: String,
    ) -> Result<DatabaseTransaction> {
        let transaction = self.begin(doing).await?;
        take_turn(&transaction, &name)
            .await
            .map_err(Error::sql(doing))?;
        Ok(transaction)
    }

    /// Waits until a flush may be written. What is small does not wait behind all of them.
    pub(crate) async fn turn_to_write(&self) -> SemaphorePermit<'_> {
        let turn = self.flushes.acquire().await;
        turn.expect("nobody closes the semaphore")
    }

    pub(crate) fn is_sqlite(&self) -> bool {
        self.read.get_database_backend() == DbBackend::Sqlite
    }

    /// The database's own clock in milliseconds since the epoch, as an SQL expression:
    /// leases must not depend on the clocks of the keepers.
    pub(crate) fn clock(&self) -> &'static str {
        if self.is_sqlite() {
            "cast((julianday('now') - 2440587.5) * 86400000 as integer)"
        } else {
            "cast(extract(epoch from clock_timestamp()) * 1000 as bigint)"
        }
    }
}

/// [`Db::begin_in_turn`] for a transaction that has begun. What it reads afterwards has what the one before
/// has committed.
pub(crate) async fn take_turn(
    transaction: &DatabaseTransaction,
    name: &str,
) -> std::result::Result<(), DbErr> {
    let backend = transaction.get_database_backend();
    if backend != DbBackend::Postgres {
        return Ok(());
    }
    let sql = "select pg_advisory_xact_lock(hashtextextended($1, 0))";
    let lock = Statement::from_sql_and_values(backend, sql, [name.into()]);
    transaction.execute_raw(lock).await.map(drop)
}

/// Commits what is complete, and rolls back the rest. Returns whether it was complete.
pub(crate) async fn commit_if(
    is_complete: bool,
    transaction: DatabaseTransaction,
    doing: &'static str,
) -> Result<bool> {
    let ended = match is_complete {
        true => transaction.commit().await,
        false => transaction.rollback().await,
    };
    ended.map_err(Error::sql(doing))?;
    Ok(is_complete)
}

async fn begin_on(
    connections: DatabaseConnection,
    options: TransactionOptions,
    doing: &'static str,
) -> Result<DatabaseTransaction> {
    let beginning = tokio::spawn(async move { connections.begin_with_options(options).await });
    // Only the end of the runtime stops it.
    let begun = beginning.await.unwrap_or_else(|ended| {
        let cause = RuntimeErr::Internal(ended.to_string());
        Err(DbErr::Conn(cause))
    });
    begun.map_err(Error::sql(doing))
}

async fn connect_postgres(url: &str, max_connections: u32, reading: Option<Reading>) -> Result<Db> {
    let deadline = reading.map(|reading| reading.deadline);
    let pool = connect(postgres_options(url, max_connections, deadline)).await?;
    let questions = match reading {
        Some(reading) => {
            let connections = reading.questions.saturating_mul(2);
            connect(questions_options(url, connections, reading.deadline)).await?
        }
        None => pool.clone(),
    };
    let mut options = postgres_options(url, LOOKUPS, Some(LOOKUP_DEADLINE));
    options.connect_lazy(true);
    Ok(Db {
        read: pool.clone(),
        write: pool,
        lookups: connect(options).await?,
        questions,
        flushes: Arc::new(Semaphore::new(FLUSHES)),
        flushed: Arc::default(),
        observer: Observer::default(),
    })
}

async fn connect(options: ConnectOptions) -> Result<DatabaseConnection> {
    Database::connect(options)
        .await
        .map_err(Error::sql("connecting"))
}

/// Longer than this nobody waits for one row.
const LOOKUP_DEADLINE: Duration = Duration::from_secs(5);

fn postgres_options(url: &str, connections: u32, deadline: Option<Duration>) -> ConnectOptions {
    let mut options = ConnectOptions::new(url);
    options
        .max_connections(connections)
        .acquire_timeout(Duration::from_secs(10))
        .sqlx_logging(false);
    if let Some(deadline) = deadline {
        let limit = deadline.as_millis().to_string();
        options.map_sqlx_postgres_opts(move |options| {
            options.options([("statement_timeout", limit.as_str())])
        });
    }
    options
}

/// One process of the server for each statement, so that a question does not take the cores of others.
/// Statements are planned with their values: the indexes of [`crate::search_index`] are of one organization,
/// and a plan for any organization would not use them.
fn questions_options(url: &str, connections: u32, deadline: Duration) -> ConnectOptions {
    let mut options = postgres_options(url, connections, None);
    let limit = deadline.as_millis().to_string();
    options
        .connect_lazy(true)
        .map_sqlx_postgres_opts(move |options| {
            options.options([
                ("statement_timeout", limit.as_str()),
                ("max_parallel_workers_per_gather", "0"),
                ("plan_cache_mode", "force_custom_plan"),
            ])
        });
    options
}

/// The file of a SQLite URL; `None` for another database.
pub(crate) fn sqlite_path(url: &str) -> Option<&str> {
    let path = url.strip_prefix("sqlite:")?;
    let path = path.strip_prefix("//").unwrap_or(path);
    path.split('?').next()
}

async fn connect_sqlite(url: &str, max_connections: u32, reading: Option<Reading>) -> Result<Db> {
    if let Some(folder) = sqlite_path(url)
        .and_then(|path| Path::new(path).parent())
        .filter(|folder| !folder.as_os_str().is_empty())
    {
        std::fs::create_dir_all(folder).map_err(|error| {
            Error::Config(format!(
                "database.url: cannot create {}: {error}",
                folder.display()
            ))
        })?;
    }
    let write = connect(sqlite_options(url, 1, WRITER_CACHE_KIB, None)).await?;
    let deadline = reading.map(|reading| reading.deadline);
    let readers = |connections| {
        let mut options = sqlite_options(url, connections, READER_CACHE_KIB, deadline);
        options.connect_lazy(true);
        options
    };
    let read = connect(sqlite_options(
        url,
        max_connections,
        READER_CACHE_KIB,
        deadline,
    ))
    .await?;
    let questions = match reading {
        Some(reading) => connect(readers(reading.questions.saturating_mul(2))).await?,
        None => read.clone(),
    };
    Ok(Db {
        read,
        write,
        lookups: connect(readers(LOOKUPS)).await?,
        questions,
        flushes: Arc::new(Semaphore::new(1)),
        flushed: Arc::default(),
        observer: Observer::default(),
    })
}

/// Sessions lie in the order of a hash, so a flush touches pages everywhere: the writer's cache holds the
/// upper levels of the trees and what one flush changes.
const WRITER_CACHE_KIB: u32 = 64 << 10;
const READER_CACHE_KIB: u32 = 4 << 10;

/// The log is copied into the file when it has grown by so many pages (64 MB): flushes change
/// many pages again and again, and each is copied once.
pub(crate) const LOG_PAGES: i64 = 16_384;

/// The length at which commits do it themselves, when nobody has done it beside.
const MAX_LOG_PAGES: i64 = 4 * LOG_PAGES;

/// Rows that the database's thread reads ahead: analytics reads tens of thousands.
const ROW_BUFFER: usize = 512;

/// When the disk is full or fails, SQLite takes a transaction back by itself. The driver then cannot
/// end it, goes on believing in it, and would begin and commit only parts of a transaction that nobody
/// ends: all would seem well, and be gone with the process. A connection that nobody uses has no
/// transaction; one that says it has is closed, and another takes its place.
fn is_stuck(connection: &SqliteConnection) -> bool {
    connection.is_in_transaction()
}

/// WAL, and every commit is on disk before it returns: the commit is what allows the
/// stream to be purged.
fn sqlite_options(
    url: &str,
    connections: u32,
    cache_kib: u32,
    deadline: Option<Duration>,
) -> ConnectOptions {
    let mut options = ConnectOptions::new(url);
    options
        .max_connections(connections)
        .acquire_timeout(Duration::from_secs(30))
        // The database is in this process.
        .test_before_acquire(false)
        .sqlx_logging(false);
    options.map_sqlx_sqlite_before_acquire(move |connection, _metadata| {
        Box::pin(async move {
            if is_stuck(connection) {
                return Ok(false);
            }
            limit::impose(connection, deadline).await?;
            Ok(true)
        })
    });
    options.map_sqlx_sqlite_pool_opts(move |options| {
        options.after_connect(move |connection, _metadata| {
            Box::pin(limit::impose(connection, deadline))
        })
    });
    options.map_sqlx_sqlite_opts(move |options| {
        options
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full)
            .busy_timeout(Duration::from_secs(10))
            .foreign_keys(true)
            .row_buffer_size(ROW_BUFFER)
            .pragma("cache_size", format!("-{cache_kib}"))
            // What is deleted is overwritten, so that an erasure leaves nothing in the file.
            .pragma("secure_delete", "on")
            .pragma("wal_autocheckpoint", MAX_LOG_PAGES.to_string())
    });
    options
}
