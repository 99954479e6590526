//! Keys of recordings that are backed up apart from the rest.
//!
//! A database that was loaded without them waits for them, and a hold with the name of the backup says
//! so. No service may start meanwhile: a session keeper would make other keys for the same
//! organizations.

use sea_orm::{ConnectionTrait, FromQueryResult, Statement};

use super::load::{LOADING, Load, count};
use crate::connection::Db;
use crate::error::{Error, Result};
use crate::holds;

/// The tables with wrapped keys. No other table of a backup has any.
pub const KEY_TABLES: [&str; 2] = ["organization_keys", "session_keys"];

/// The hold of a database that waits for keys has this name and that of the backup.
const AWAITED: &str = "keys of ";
const ALL_AWAITED: &str = "id like 'keys of %'";
/// Until somebody ends it: a hundred years, in milliseconds.
const HELD: i64 = 100 * 365 * 86_400_000;

/// What came of loading keys.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LoadedKeys {
    /// Sessions that have their key.
    pub sessions: u64,
    /// Sessions with sealed recordings that have none.
    pub without: u64,
}

#[derive(FromQueryResult)]
struct Waiting {
    id: String,
}

/// The backup that was restored without its keys; `None`: nobody waits for keys.
pub async fn awaited_keys(db: &Db) -> Result<Option<String>> {
    let sql = format!("select id from sweep_holds where {ALL_AWAITED} limit 1");
    let backend = db.lookups.get_database_backend();
    let found = Waiting::find_by_statement(Statement::from_string(backend, sql))
        .one(&db.lookups)
        .await
        .map_err(Error::sql("looking for keys that were not restored"))?;
    let backup = |row: Waiting| row.id.strip_prefix(AWAITED).map(str::to_owned);
    Ok(found.and_then(backup))
}

/// Waits for keys no longer: recordings that need them stay sealed.
pub async fn give_up_keys(db: &Db) -> Result<()> {
    db.write
        .execute_unprepared(&format!("delete from sweep_holds where {ALL_AWAITED}"))
        .await
        .map(drop)
        .map_err(Error::sql("giving up keys"))
}

impl Load {
    /// Notes that the keys come later.
    pub async fn await_keys(&self) -> Result<()> {
        let name = format!("{AWAITED}{}", self.backup);
        self.execute(&holds::hold_sql(&self.db), [name.into(), HELD.into()])
            .await
    }

    /// Begins to load keys from the backup of this name. `None`: the database waits for none.
    pub async fn begin_keys(db: &Db, backup: &str) -> Result<Option<Self>> {
        let load = Self {
            db: db.clone(),
            tx: db.begin(LOADING).await?,
            backup: backup.to_owned(),
        };
        let sql = format!("select count(*) as n from sweep_holds where {ALL_AWAITED}");
        let is_waiting = count(&load.tx, &sql, []).await? > 0;
        Ok(is_waiting.then_some(load))
    }

    /// Keeps the keys of sessions that are there, and commits. Nobody could erase the others.
    pub async fn commit_keys(self) -> Result<LoadedKeys> {
        let strays = "delete from session_keys where not exists \
                      (select 1 from sessions where sessions.id = session_keys.session_id)";
        self.execute(strays, []).await?;
        let held = format!("delete from sweep_holds where {ALL_AWAITED}");
        self.execute(&held, []).await?;
        let sessions = "select count(*) as n from session_keys";
        let without = "select count(distinct session_id) as n from replay_chunks \
                       where r2_key like '%.sealed' and not exists (select 1 from session_keys \
                       where session_keys.session_id = replay_chunks.session_id)";
        let number = |count: i64| u64::try_from(count).unwrap_or_default();
        let loaded = LoadedKeys {
            sessions: number(count(&self.tx, sessions, []).await?),
            without: number(count(&self.tx, without, []).await?),
        };
        self.tx.commit().await.map_err(Error::sql(LOADING))?;
        Ok(loaded)
    }
}
