//! SQLite's log is copied into its file beside the writer.
//!
//! Left to itself, SQLite does that in a commit, while everybody who writes waits. Here most of
//! the log is copied by another connection, and the writer waits only for what it has written
//! meanwhile. Then the whole log is copied, and the next commit begins it anew.

use std::time::Duration;

use sea_orm::{ConnectionTrait, Statement};
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
    loop {
        db.flushed.notified().await;
        if let Err(error) = shorten(db, LOG_PAGES).await {
            // The writer does it when the log is four times as long.
            warn!(error = error.to_string(), "copying SQLite's log failed");
        }
        tokio::time::sleep(PAUSE).await;
    }
}

/// Copies the log if it has so many pages that are not in the file. Readers of old pages may
/// keep the rest of it from being copied; it is tried again after the next flush.
async fn shorten(db: &Db, pages: i64) -> Result<()> {
    if checkpoint(db, "noop").await?.waiting() < pages {
        return Ok(());
    }
    checkpoint(db, "passive").await?;
    let _turn = db.turn_to_write().await;
    checkpoint(db, "passive").await?;
    Ok(())
}

/// Neither of the kinds waits for anybody: `noop` only counts, `passive` copies what nobody
/// still reads in the file.
async fn checkpoint(db: &Db, kind: &'static str) -> Result<Log> {
    const DOING: &str = "copying the log";
    let sql = format!("pragma wal_checkpoint({kind})");
    let statement = Statement::from_string(db.read.get_database_backend(), sql);
    let row = db
        .read
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
    use super::*;
    use crate::tests;

    /// What was written before is copied beside the writer, and the log begins anew.
    #[tokio::test]
    async fn a_long_log_is_copied_and_begins_anew() {
        let database = tests::sqlite().await;
        database.with_partitions(2).await;
        let before = checkpoint(&database.db, "noop").await.unwrap();
        assert!(before.waiting() > 10, "{before:?}");

        shorten(&database.db, before.pages + 1).await.unwrap();
        let short = checkpoint(&database.db, "noop").await.unwrap();
        assert_eq!(short, before, "not long enough");

        shorten(&database.db, before.pages).await.unwrap();
        let copied = checkpoint(&database.db, "noop").await.unwrap();
        assert_eq!(copied.waiting(), 0);
        database.lease().await;
        let anew = checkpoint(&database.db, "noop").await.unwrap();
        assert!(anew.pages < before.pages / 2, "{anew:?}");
    }
}
