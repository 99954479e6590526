//! Runs the same scenario on SQLite and on Postgres.

use sea_orm::{ConnectionTrait, DbBackend, Statement};

use crow_types::{ChunkRecord, Epoch, EventRecord, OutboxRecord, SessionRecord};

use crate::leases::{self, Lease};
use crate::{DatabaseConfig, Db, installation};

/// A database of one test.
pub(crate) struct Database {
    pub(crate) db: Db,
    /// Of SQLite; removed at the end.
    _folder: Option<tempfile::TempDir>,
}

/// Without any table.
async fn connect(url: String) -> Db {
    let config = DatabaseConfig {
        url: url.into(),
        migrate_on_start: false,
        ..DatabaseConfig::default()
    };
    Db::connect(&config).await.unwrap()
}

pub(crate) async fn sqlite() -> Database {
    let database = sqlite_before_migrations().await;
    database.db.migrate().await.unwrap();
    database
}

/// Without any table.
pub(crate) async fn sqlite_before_migrations() -> Database {
    let folder = tempfile::tempdir().unwrap();
    let url = format!("sqlite://{}/crow.db", folder.path().display());
    Database {
        db: connect(url).await,
        _folder: Some(folder),
    }
}

pub(crate) async fn postgres() -> Database {
    let url = crow_testkit::postgres::copied_database(async |url| {
        let db = connect(url).await;
        db.migrate().await.unwrap();
        db.close().await.unwrap();
    })
    .await;
    Database {
        db: connect(url).await,
        _folder: None,
    }
}

/// Without any table.
pub(crate) async fn postgres_before_migrations() -> Database {
    Database {
        db: connect(crow_testkit::postgres::database().await).await,
        _folder: None,
    }
}

/// Both databases have to give the same answers.
macro_rules! on_both {
    ($($name:ident),* $(,)?) => {
        mod on_sqlite {
            $(#[tokio::test] async fn $name() { super::$name(crate::tests::sqlite().await).await; })*
        }
        mod on_postgres {
            $(#[tokio::test] async fn $name() { super::$name(crate::tests::postgres().await).await; })*
        }
    };
}
pub(crate) use on_both;

/// A lease of this length does not end during a test.
pub(crate) const LONG: i64 = 60_000;

impl Database {
    /// Creates an installation of this many partitions.
    pub(crate) async fn with_partitions(&self, count: u16) {
        installation::ensure(&self.db, Some(count)).await.unwrap();
    }

    /// Takes the first partition of an installation of two.
    pub(crate) async fn lease(&self) -> Lease {
        self.with_partitions(2).await;
        let leases = leases::acquire(
            &self.db,
            "keeper",
            LONG,
            1,
            &std::collections::BTreeSet::new(),
        )
        .await
        .unwrap();
        leases[0]
    }

    /// The numbers of a query's only row.
    pub(crate) async fn numbers<const N: usize>(&self, sql: &str) -> [i64; N] {
        let statement = Statement::from_string(self.db.write.get_database_backend(), sql);
        let row = self.db.write.query_one_raw(statement).await.unwrap();
        let row = row.unwrap();
        std::array::from_fn(|index| row.try_get_by_index(index).unwrap())
    }

    /// Waits until a transaction in this Postgres database waits for another one.
    pub(crate) async fn somebody_waits(&self) {
        const WAITING: &str = "select count(*) from pg_stat_activity \
            where datname = current_database() and wait_event_type = 'Lock'";
        let deadline = std::time::Duration::from_secs(20);
        crow_testkit::wait::eventually("a transaction that waits", deadline, async || {
            let [count] = self.numbers(WAITING).await;
            (count > 0).then_some(())
        })
        .await;
    }

    /// Runs a statement.
    pub(crate) async fn execute(&self, sql: &str) {
        self.db.write.execute_unprepared(sql).await.unwrap();
    }

    /// Makes a column of a session null, although this version allows none there.
    pub(crate) async fn make_null(&self, column: &str, id: &str) {
        match self.db.write.get_database_backend() {
            DbBackend::Postgres => {
                let allow = format!("alter table sessions alter column {column} drop not null");
                self.execute(&allow).await;
            }
            _sqlite => {
                let allow = format!(
                    "pragma writable_schema = on; \
                     update sqlite_schema set sql = replace(sql, '{column} bigint not null', \
                     '{column} bigint') where name = 'sessions'; \
                     pragma writable_schema = reset"
                );
                self.execute(&allow).await;
            }
        }
        self.execute(&format!(
            "update sessions set {column} = null where id = '{id}'"
        ))
        .await;
    }

    /// Rows of sessions, events, chunks, announcements, and the first partition's checkpoint.
    pub(crate) async fn counts(&self) -> [i64; 5] {
        self.numbers(
            "select (select count(*) from sessions), (select count(*) from events), \
             (select count(*) from replay_chunks), (select count(*) from outbox), \
             (select checkpoint from partitions where id = 0)",
        )
        .await
    }
}

pub(crate) fn session(id: &str) -> SessionRecord {
    SessionRecord {
        id: id.to_owned(),
        organization_id: "acme".to_owned(),
        session_id: format!("sdk-{id}"),
        due_at: Some(1_000),
        windows: "{}".to_owned(),
        created_at: 1,
        updated_at: 1,
        ..SessionRecord::default()
    }
}

pub(crate) fn event(session: &str, id: &str, timestamp: i64) -> EventRecord {
    EventRecord {
        id: id.to_owned(),
        session_id: session.to_owned(),
        r#type: "click".to_owned(),
        name: None,
        url: Some("https://shop.example/".to_owned()),
        window_id: "w".to_owned(),
        timestamp,
        place: 0,
        data: "{\"n\":1}".to_owned(),
        created_at: 1,
    }
}

pub(crate) fn chunk(session: &str, index: i64) -> ChunkRecord {
    ChunkRecord {
        id: format!("{session}-{index:08}"),
        session_id: session.to_owned(),
        chunk_index: index,
        r2_key: "packs/0/2026/01/01/00/a.ndjson.zst".to_owned(),
        byte_offset: 7,
        byte_length: 11,
        window_id: "w".to_owned(),
        event_count: 3,
        replay_event_count: 2,
        size_bytes: 99,
        first_at: 10,
        last_at: 20,
        has_full_snapshot: true,
        event_ids: Vec::new(),
        created_at: 1,
    }
}

pub(crate) fn announcement(session: &str, revision: i32, created_at: i64) -> OutboxRecord {
    OutboxRecord {
        id: format!("{session}-{revision}"),
        partition: 0,
        session_id: session.to_owned(),
        revision,
        created_at,
    }
}

/// The epoch before this one.
pub(crate) fn older(epoch: Epoch) -> Epoch {
    Epoch(epoch.0 - 1)
}
