//! SQLite's log is copied into its file beside the writer.
//!
//! Left to itself, SQLite does that in a commit, while everybody who writes waits. Here most of
//! the log is copied by another connection. The writer waits while what it has written meanwhile is
//! copied, and the file is on disk. Then the next commit begins the log anew, unless somebody still
//! reads what is in it.

use std::time::Duration;

use sea_orm::{ConnectionTrait, DatabaseConnection, Statement};
use tracing::warn;

use crate::connection::{Db, LOG_PAGES};
use crate::error::{Error, Result};

/// How often the log's length is looked at while there are flushes.
const PAUSE: Duration = Duration::from_millis(250);

/// The log's length in pages.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Log {
    /// All of them.
    pages: i64,
    /// Those that are in the file, too.
    copied: i64,
}

impl Log {
    fn waiting(self) -> i64 {
        self.pages - self.copied
    }
}

/// Copies the log whenever it has grown long, for as long as it is polled. It may be dropped at
/// any time, and run in several processes. Does nothing on Postgres.
pub async fn keep_log_short(db: &Db) {
    if !db.is_sqlite() {
        return std::future::pending().await;
    }
    let mut long = LOG_PAGES;
    loop {
        db.flushed.notified().await;
        match shorten(db, long).await {
            Ok(is_copied) => long = if is_copied { LOG_PAGES } else { 1 },
            // Commits do it when the log is four times as long.
            Err(error) => warn!(
                error = crow_types::log_chain(&error),
                "copying SQLite's log failed"
            ),
        }
        tokio::time::sleep(PAUSE).await;
    }
}

/// Copies the log if it has so many pages that are not in the file. False: readers of old pages, or
/// another process that copies, kept some from being copied.
async fn shorten(db: &Db, pages: i64) -> Result<bool> {
    if checkpoint(&db.read, "noop").await?.waiting() < pages {
        return Ok(true);
    }
    checkpoint(&db.read, "passive").await?;
    // Its connection is the only one of this process that writes.
    let log = checkpoint(&db.write, "passive").await?;
    Ok(log.pages >= 0 && log.waiting() == 0)
}

/// Neither of the kinds waits for anybody: `noop` only counts, `passive` copies what nobody
/// still reads in the file. Where another process copies right now, both numbers are -1.
async fn checkpoint(connection: &DatabaseConnection, kind: &'static str) -> Result<Log> {
    const DOING: &str = "copying the log";
    let sql = format!("pragma wal_checkpoint({kind})");
    let statement = Statement::from_string(connection.get_database_backend(), sql);
    let row = connection
        .query_one_raw(statement)
        .await
        .map_err(Error::sql(DOING))?
        .ok_or_else(|| Error::Unreadable("a checkpoint without an answer".to_owned()))?;
    let number = |column| {
        row.try_get_by_index::<i64>(column)
            .map_err(Error::sql(DOING))
    };
    Ok(Log {
        pages: number(1)?,
        copied: number(2)?,
    })
}

#[cfg(test)]
mod tests {
    use sea_orm::{DbBackend, TransactionTrait};

    use super::*;
    use crate::tests;

    fn statement(sql: &str) -> Statement {
        Statement::from_string(DbBackend::Sqlite, sql)
    }

    /// What was written before is copied beside the writer, and the log begins anew.
    #[tokio::test]
    async fn a_long_log_is_copied_and_begins_anew() {
        let database = tests::sqlite().await;
        database.with_partitions(2).await;
        let log = || checkpoint(&database.db.read, "noop");
        let before = log().await.unwrap();
        assert!(before.waiting() > 10, "{before:?}");

        shorten(&database.db, before.pages + 1).await.unwrap();
        assert_eq!(log().await.unwrap(), before, "not long enough");

        assert!(shorten(&database.db, before.pages).await.unwrap());
        assert_eq!(log().await.unwrap().waiting(), 0);
        database.lease().await;
        let anew = log().await.unwrap();
        assert!(anew.pages < before.pages / 2, "{anew:?}");

        // Somebody reads on.
        let reader = database.db.read.begin().await.unwrap();
        let count = "select count(*) from partitions";
        reader.query_one_raw(statement(count)).await.unwrap();
        database.with_partitions(2).await;
        database
            .execute("update partitions set updated_at = 1")
            .await;
        assert!(!shorten(&database.db, 1).await.unwrap());
        reader.rollback().await.unwrap();
        assert!(shorten(&database.db, 1).await.unwrap());
    }
}
