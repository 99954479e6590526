//! The bytes that removed rows leave in the database's files.

use sea_orm::{ConnectionTrait, Statement};

use crow_types::stores::tables_of_sessions;

use crate::connection::Db;
use crate::error::{Error, Result};

impl Db {
    /// SQLite overwrites what it removes; this empties its log, which has older pages. Postgres frees
    /// the room of removed rows, and overwrites it when it is used again. False: a reader holds the
    /// log, try again.
    pub async fn forget_erased_pages(&self) -> Result<bool> {
        if self.is_sqlite() {
            return self.empty_log().await;
        }
        for table in tables_of_sessions() {
            let sql = format!("vacuum {table}");
            let vacuumed = self.write.execute_unprepared(&sql).await;
            vacuumed.map_err(Error::sql("vacuuming"))?;
        }
        Ok(true)
    }

    async fn empty_log(&self) -> Result<bool> {
        let backend = self.write.get_database_backend();
        let statement = Statement::from_string(backend, "pragma wal_checkpoint(truncate)");
        let row = self.write.query_one_raw(statement).await;
        let row = row.map_err(Error::sql("emptying the log"))?;
        let is_busy = row.and_then(|row| row.try_get_by_index::<i64>(0).ok());
        Ok(is_busy == Some(0))
    }
}
