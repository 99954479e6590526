use futures::TryStreamExt;

use crow_types::{Sequence, Timestamp};

use super::*;
use crate::flush::{Flush, commit};
use crate::tests::{Database, announcement, chunk, event, on_both, postgres, session, sqlite};
use crate::{audit, holds, leases};

on_both!(
    a_snapshot_holds_one_moment,
    every_table_is_in_a_backup_or_left_out_on_purpose,
    a_database_in_use_is_refused,
    what_was_not_committed_is_not_there,
    keys_come_after_the_rest,
    keys_can_be_given_up,
);

/// Fills every table, with values that are easily lost on the way.
async fn fill(database: &Database) {
    let lease = database.lease().await;
    let odd = "é \" \\ \n \u{1F426} '";
    let mut late = session("b");
    late.is_bot = true;
    late.user_agent = Some(odd.to_owned());
    let mut noted = event("a", "e2", 20);
    noted.data = format!("{{\"text\":{}}}", serde_json::to_string(odd).unwrap());
    noted.name = Some(String::new());
    let flush = Flush {
        id: "flush".to_owned(),
        partition: lease.partition,
        epoch: lease.epoch,
        checkpoint: Sequence(7),
        stream_created: 5,
        sessions: vec![session("a"), late],
        steps: crate::analytics::NewSteps::of_records([&event("a", "e1", 10), &noted]),
        errors: Vec::new(),
        events: vec![event("a", "e1", 10), noted],
        keys: Vec::new(),
        chunks: vec![chunk("a", 0), chunk("b", 0), chunk("a", 1)],
        outbox: vec![announcement("a", 0, 1), announcement("b", 0, 2)],
    };
    commit(&database.db, &flush).await.unwrap();
    for sql in [
        "update outbox set sent_at = 1000 where id = 'a-0'",
        "update outbox set sent_at = 2000 where id = 'b-0'",
        "insert into asset_versions values \
         ('acme', cast('0123456789abcdef' as bytea), 1, cast('hash' as bytea), 'assets/acme/x', 'image/png', 3)",
        "insert into source_maps values ('m', 'acme', '1.0', '/a.js', '', cast('hash' as bytea), \
         'sourcemaps/acme/x', 7, 3, 9, 'key', 'k')",
        "insert into object_garbage values ('packs/0/old', 9)",
    ] {
        let is_sqlite = database.db.is_sqlite();
        let sql = if is_sqlite {
            sql.replace("bytea", "blob")
        } else {
            sql.to_owned()
        };
        database.execute(&sql).await;
    }
}

/// All rows of all tables, sorted.
async fn dump(db: &Db) -> Vec<(String, Vec<Column>, Vec<String>)> {
    let snapshot = Snapshot::take(db).await.unwrap();
    let mut tables = Vec::new();
    for table in TABLES {
        let columns = snapshot.columns(table).await.unwrap();
        let rows = snapshot.rows(table, &columns).await.unwrap();
        let mut rows: Vec<String> = rows.try_collect().await.unwrap();
        rows.sort();
        tables.push((table.to_owned(), columns, rows));
    }
    tables
}

fn rows_of<'a>(dump: &'a [(String, Vec<Column>, Vec<String>)], table: &str) -> &'a [String] {
    let found = dump.iter().find(|(name, ..)| name == table);
    &found.unwrap().2
}

async fn begin(db: &Db) -> Load {
    Load::begin(db, "first").await.unwrap().unwrap()
}

/// Loads without committing.
async fn load(db: &Db, dump: &[(String, Vec<Column>, Vec<String>)]) -> Load {
    let load = begin(db).await;
    for (table, columns, rows) in dump {
        let rows = format!("[{}]", rows.join(","));
        load.add(table, columns, &rows).await.unwrap();
    }
    load
}

/// The values of a row, whatever the spaces and the order of the columns.
fn by_column(columns: &[Column], row: &str) -> serde_json::Value {
    let values: Vec<serde_json::Value> = serde_json::from_str(row).unwrap();
    let named = columns.iter().map(|column| column.name.clone()).zip(values);
    serde_json::Value::Object(named.collect())
}

/// Everything arrives, and back again, but for what belongs to the lost streams.
async fn moves(from: Database, to: Database) {
    fill(&from).await;
    let before = dump(&from.db).await;
    load(&to.db, &before)
        .await
        .commit(Timestamp(2000))
        .await
        .unwrap();
    let after = dump(&to.db).await;
    for ((table, old_columns, old), (_, columns, new)) in before.iter().zip(&after) {
        if matches!(table.as_str(), "partitions" | "outbox") {
            continue;
        }
        let sorted = |columns: &[Column], rows: &[String]| {
            let mut rows: Vec<String> = rows
                .iter()
                .map(|row| by_column(columns, row).to_string())
                .collect();
            rows.sort();
            rows
        };
        assert!(
            !old.is_empty()
                || !matches!(
                    table.as_str(),
                    "sessions" | "asset_versions" | "source_maps"
                )
        );
        assert_eq!(sorted(old_columns, old), sorted(columns, new), "{table}");
    }
    let [sent, unsent] = to
        .numbers(
            "select (select count(*) from outbox where sent_at = 1000), \
             (select count(*) from outbox where sent_at is null)",
        )
        .await;
    assert_eq!((sent, unsent), (1, 1), "the second is announced again");
    let [checkpoint, created, epoch] = to
        .numbers("select checkpoint, stream_created, epoch from partitions where id = 0")
        .await;
    assert_eq!((checkpoint, created), (0, 0));
    assert!(epoch > 1_000_000, "{epoch}");
    assert_eq!(holds::live(&to.db).await.unwrap()[0].id, "restore of first");
    assert_eq!(target(&to.db, "first").await.unwrap(), Target::Loaded);
    assert_eq!(
        target(&to.db, "second").await.unwrap(),
        Target::Used { table: "sessions" }
    );
    assert!(audit::chunks_after(&to.db, None, 9).await.unwrap()[0].has_full_snapshot);
}

#[tokio::test]
async fn rows_move_from_postgres_to_postgres() {
    moves(postgres().await, postgres().await).await;
}

#[tokio::test]
async fn rows_move_from_sqlite_to_sqlite() {
    moves(sqlite().await, sqlite().await).await;
}

#[tokio::test]
async fn rows_move_from_sqlite_to_postgres() {
    moves(sqlite().await, postgres().await).await;
}

#[tokio::test]
async fn rows_move_from_postgres_to_sqlite() {
    moves(postgres().await, sqlite().await).await;
}

async fn a_snapshot_holds_one_moment(database: Database) {
    fill(&database).await;
    let snapshot = Snapshot::take(&database.db).await.unwrap();
    database.execute("delete from outbox").await;
    database.execute("delete from replay_chunks").await;
    let columns = snapshot.columns("outbox").await.unwrap();
    let rows = snapshot.rows("outbox", &columns).await.unwrap();
    let rows: Vec<String> = rows.try_collect().await.unwrap();
    assert_eq!(rows.len(), 2);
    let keys = snapshot.object_keys().await.unwrap();
    let keys: Vec<String> = keys.try_collect().await.unwrap();
    assert_eq!(
        keys,
        [
            "assets/acme/x",
            "packs/0/2026/01/01/00/a.ndjson.zst",
            "sourcemaps/acme/x"
        ]
    );
}

/// A migration that adds a table has to decide.
async fn every_table_is_in_a_backup_or_left_out_on_purpose(database: Database) {
    let sql = if database.db.is_sqlite() {
        "select name from sqlite_schema where type = 'table' and name not like 'sqlite_%'"
    } else {
        "select table_name::text as name from information_schema.tables \
         where table_schema = current_schema()"
    };
    let backend = database.db.read.get_database_backend();
    let rows = database
        .db
        .read
        .query_all_raw(Statement::from_string(backend, sql));
    let names = rows.await.unwrap();
    let names = names
        .iter()
        .map(|row| row.try_get_by_index::<String>(0).unwrap());
    let mut found: Vec<String> = names.filter(|name| name != "seaql_migrations").collect();
    let mut expected: Vec<&str> = TABLES.into_iter().chain(LEFT_OUT).collect();
    found.sort();
    expected.sort_unstable();
    assert_eq!(found, expected);
}

async fn a_database_in_use_is_refused(database: Database) {
    let db = &database.db;
    // A keeper has started on it, and has gone.
    let lease = database.lease().await;
    leases::release(db, "keeper", &lease).await.unwrap();
    assert_eq!(target(db, "first").await.unwrap(), Target::Empty);

    let count = crow_types::PartitionCount::new(2).unwrap();
    leases::heartbeat(db, "keeper", 60_000, count)
        .await
        .unwrap();
    assert_eq!(target(db, "first").await.unwrap(), Target::Kept);
    let refused = Load::begin(db, "first").await.unwrap();
    assert_eq!(refused.err(), Some(Target::Kept));
    leases::leave(db, "keeper").await.unwrap();

    fill(&database).await;
    let refused = Load::begin(db, "first").await.unwrap();
    assert_eq!(refused.err(), Some(Target::Used { table: "sessions" }));
    assert_eq!(database.counts().await, [2, 2, 3, 2, 7], "nothing changed");
}

async fn what_was_not_committed_is_not_there(database: Database) {
    let from = sqlite().await;
    fill(&from).await;
    let rows = dump(&from.db).await;
    assert_eq!(rows_of(&rows, "sessions").len(), 2);
    drop(load(&database.db, &rows).await);
    assert_eq!(target(&database.db, "first").await.unwrap(), Target::Empty);
    load(&database.db, &rows)
        .await
        .commit(Timestamp(0))
        .await
        .unwrap();
    assert_eq!(database.counts().await, [2, 2, 3, 2, 0]);
}

type Rows = Vec<(String, Vec<Column>, Vec<String>)>;

/// A backup in two parts: sealed sessions `a` and `b` without keys, and the keys of `a` and of a
/// session that began later.
async fn in_two_parts() -> (Rows, Rows) {
    let from = sqlite().await;
    fill(&from).await;
    for sql in [
        "update replay_chunks set r2_key = 'packs/0/x.ndjson.zst.sealed'",
        "insert into organization_keys values ('acme', 1, 'master', x'07', 1)",
        "insert into session_keys values ('a', 'acme', 1, x'01'), ('later', 'acme', 1, x'02')",
    ] {
        from.execute(sql).await;
    }
    let is_key = |(table, ..): &(String, _, _)| KEY_TABLES.contains(&table.as_str());
    dump(&from.db).await.into_iter().partition(is_key)
}

async fn load_rest(db: &Db, rest: &Rows) {
    let load = load(db, rest).await;
    load.await_keys().await.unwrap();
    load.commit(Timestamp(0)).await.unwrap();
}

async fn keys_come_after_the_rest(database: Database) {
    let (keys, rest) = in_two_parts().await;
    let db = &database.db;
    assert!(Load::begin_keys(db, "keys").await.unwrap().is_none());
    load_rest(db, &rest).await;
    assert_eq!(awaited_keys(db).await.unwrap().as_deref(), Some("first"));
    assert_eq!(target(db, "first").await.unwrap(), Target::Loaded);

    let add_all = async || {
        let load = Load::begin_keys(db, "keys").await.unwrap().unwrap();
        for (table, columns, rows) in &keys {
            let rows = format!("[{}]", rows.join(","));
            load.add(table, columns, &rows).await.unwrap();
        }
        load
    };
    // A restore that was killed begins again.
    drop(add_all().await);
    let loaded = add_all().await.commit_keys().await.unwrap();
    assert_eq!((loaded.sessions, loaded.without), (1, 1));
    let [organizations, strays] = database
        .numbers(
            "select (select count(*) from organization_keys), \
             (select count(*) from session_keys where session_id <> 'a')",
        )
        .await;
    assert_eq!((organizations, strays), (1, 0));
    assert_eq!(awaited_keys(db).await.unwrap(), None);
    assert!(Load::begin_keys(db, "keys").await.unwrap().is_none());
    assert_eq!(holds::live(db).await.unwrap().len(), 1, "of the restore");
}

async fn keys_can_be_given_up(database: Database) {
    let (_keys, rest) = in_two_parts().await;
    let db = &database.db;
    load_rest(db, &rest).await;
    give_up_keys(db).await.unwrap();
    assert_eq!(awaited_keys(db).await.unwrap(), None);
    assert!(Load::begin_keys(db, "keys").await.unwrap().is_none());
}
