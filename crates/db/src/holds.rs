//! Holds: while one has not expired, the sweeper removes no object.
//!
//! A backup copies the objects that its snapshot names, which takes longer than an archived session
//! keeps its packs. A database that was restored from a backup does not know the objects that were
//! written afterwards; people need time to decide about them. Times are by the database's clock.

use sea_orm::{ConnectionTrait, FromQueryResult, Statement, Value};

use crow_types::Timestamp;

use crate::connection::Db;
use crate::error::{Error, Result};

/// A hold that has not expired.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hold {
    /// Who holds.
    pub id: String,
    /// Until when.
    pub until: Timestamp,
}

#[derive(FromQueryResult)]
struct HoldRow {
    id: String,
    until: i64,
}

/// Holds for so long from now on, or renews the hold.
pub async fn hold(db: &Db, id: &str, for_ms: i64) -> Result<()> {
    let sql = hold_sql(db);
    execute(db, &sql, [id.into(), for_ms.into()]).await
}

/// The statement of [`hold`], with the id and the milliseconds as its values.
pub(crate) fn hold_sql(db: &Db) -> String {
    format!(
        "insert into sweep_holds (id, until) values ($1, {} + $2) \
         on conflict (id) do update set until = excluded.until",
        db.clock()
    )
}

/// Ends a hold.
pub async fn release(db: &Db, id: &str) -> Result<()> {
    execute(db, "delete from sweep_holds where id = $1", [id.into()]).await
}

/// The holds that have not expired, the longest first. None: objects may be removed.
pub async fn live(db: &Db) -> Result<Vec<Hold>> {
    let sql = format!(
        "select id, until from sweep_holds where until > {} order by until desc, id",
        db.clock()
    );
    let backend = db.write.get_database_backend();
    let rows = HoldRow::find_by_statement(Statement::from_string(backend, sql));
    let rows = rows
        .all(&db.write)
        .await
        .map_err(Error::sql("looking for holds"))?;
    let hold = |row: HoldRow| Hold {
        id: row.id,
        until: Timestamp(row.until),
    };
    Ok(rows.into_iter().map(hold).collect())
}

async fn execute<const N: usize>(db: &Db, sql: &str, values: [Value; N]) -> Result<()> {
    let backend = db.write.get_database_backend();
    db.write
        .execute_raw(Statement::from_sql_and_values(backend, sql, values))
        .await
        .map(drop)
        .map_err(Error::sql("holding objects"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tests::{Database, on_both};

    on_both!(a_hold_lasts_until_it_expires_or_is_released);

    async fn ids(database: &Database) -> Vec<String> {
        let holds = live(&database.db).await.unwrap();
        holds.into_iter().map(|hold| hold.id).collect()
    }

    async fn a_hold_lasts_until_it_expires_or_is_released(database: Database) {
        let db = &database.db;
        assert_eq!(live(db).await.unwrap(), []);
        hold(db, "expired", -1).await.unwrap();
        assert_eq!(live(db).await.unwrap(), []);

        hold(db, "short", 60_000).await.unwrap();
        hold(db, "long", 120_000).await.unwrap();
        assert_eq!(ids(&database).await, ["long", "short"]);
        let left = live(db).await.unwrap()[0].until.0 - Timestamp::now().0;
        assert!((60_000..180_000).contains(&left), "{left}");

        release(db, "long").await.unwrap();
        assert_eq!(ids(&database).await, ["short"]);
        hold(db, "short", -1).await.unwrap();
        assert_eq!(live(db).await.unwrap(), []);
    }
}
