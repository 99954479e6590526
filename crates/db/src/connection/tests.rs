//! Rows that were there before the schema changed, and callers that are cut off.

use std::time::Instant;

use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;

use crow_migrations::{Migrator, MigratorTrait};
use sea_orm::Statement;

use super::*;
use crate::tests::{Database, postgres_before_migrations, sqlite_before_migrations};

/// Events and chunks were found by their ids; from the seventh step on they lie by session.
const STEPS_BEFORE: u32 = 6;
const ROWS: &str = "
    insert into sessions (id, organization_id, session_id, generation, revision, status, partition,
        started_at, last_activity_at, last_event_at, duration_ms, windows, created_at, updated_at)
        values ('a', 'acme', 's', 0, 0, 'open', 0, 1, 2, 2, 1, '{}', 1, 1);
    insert into events (id, session_id, type, name, url, window_id, timestamp, data, created_at)
        values ('e1', 'a', 'click', null, 'https://shop.example/', 'w', 1, '{}', 9),
               ('e2', 'a', 'custom', 'paid', null, 'w', 2, '{\"n\":1}', 9);
    insert into replay_chunks (id, session_id, chunk_index, r2_key, byte_offset, byte_length, window_id,
        event_count, replay_event_count, size_bytes, first_at, last_at, has_full_snapshot, created_at)
        values ('a-0', 'a', 0, 'packs/x', 7, 11, 'w', 2, 0, 99, 1, 2, false, 9);";

async fn come_through(database: Database) {
    let db = &database.db;
    Migrator::up(&db.write, Some(STEPS_BEFORE)).await.unwrap();
    database.execute(ROWS).await;
    // It fails when it is half done.
    database.execute("drop index sessions_due").await;
    db.migrate().await.unwrap_err();
    let again = "create index sessions_due on sessions (partition, due_at) where status = 'open'";
    database.execute(again).await;

    db.migrate().await.unwrap();

    assert!(db.pending_migrations().await.unwrap().is_empty());
    let events = crate::sessions::first_events(db, "a", 0, 10).await.unwrap();
    let told = |event: &crow_types::EventRecord| {
        let name = event.name.clone().unwrap_or_default();
        (event.id.clone(), name, event.timestamp, event.data.clone())
    };
    let told: Vec<_> = events.iter().map(told).collect();
    let expected = [("e1", "", 1, "{}"), ("e2", "paid", 2, "{\"n\":1}")]
        .map(|(id, name, at, data)| (id.to_owned(), name.to_owned(), at, data.to_owned()));
    assert_eq!(told, expected);
    let chunks = crate::archive::chunks_of(db, "a").await.unwrap();
    assert_eq!(chunks.len(), 1);
    assert_eq!((chunks[0].id.as_str(), chunks[0].byte_length), ("a-0", 11));
    // Whatever names a row twice is refused still.
    let twice = "insert into replay_chunks select * from replay_chunks";
    db.write.execute_unprepared(twice).await.unwrap_err();
    let twice = "insert into events select * from events";
    db.write.execute_unprepared(twice).await.unwrap_err();
}

#[tokio::test]
async fn rows_come_through_all_migrations_on_sqlite() {
    come_through(sqlite_before_migrations().await).await;
}

#[tokio::test]
async fn rows_come_through_all_migrations_on_postgres() {
    come_through(postgres_before_migrations().await).await;
}

/// Passes on what a client and a server say, and keeps the answer to each `begin`.
struct Proxy {
    url: String,
    keeps: watch::Sender<bool>,
}

impl Proxy {
    async fn before(server_url: &str) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let (scheme, rest) = server_url.split_once('@').unwrap();
        let (server, name) = rest.split_once('/').unwrap();
        let url = format!("{scheme}@{}/{name}", listener.local_addr().unwrap());
        let keeps = watch::Sender::new(false);
        let (server, of_proxy) = (server.to_owned(), keeps.clone());
        tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                let server = TcpStream::connect(&server).await.unwrap();
                let (from_client, to_client) = client.into_split();
                let (from_server, to_server) = server.into_split();
                let keeps = of_proxy.clone();
                tokio::spawn(pass_on(
                    from_server,
                    to_client,
                    keeps.subscribe(),
                    |_answer| {},
                ));
                let kept = keeps.subscribe();
                tokio::spawn(pass_on(from_client, to_server, kept, move |question| {
                    if question.windows(5).any(|word| word == b"BEGIN") {
                        keeps.send_replace(true);
                    }
                }));
            }
        });
        Self { url, keeps }
    }
}

/// What was said before anything was kept goes on.
async fn pass_on(
    from: OwnedReadHalf,
    mut to: OwnedWriteHalf,
    mut kept: watch::Receiver<bool>,
    hear: impl Fn(&[u8]),
) {
    let mut from = BufReader::new(from);
    while let Ok(said @ [_, ..]) = from.fill_buf().await {
        let length = said.len();
        kept.wait_for(|is_kept| !is_kept).await.unwrap();
        hear(said);
        to.write_all(said).await.unwrap();
        from.consume(length);
    }
}

async fn with_one_connection(url: &str, migrate_on_start: bool) -> Db {
    let config = DatabaseConfig {
        url: url.to_owned().into(),
        max_connections: 1,
        migrate_on_start,
    };
    Db::connect(&config).await.unwrap()
}

#[tokio::test]
async fn who_is_cut_off_before_a_transaction_has_begun_leaves_none_behind() {
    let server_url = crow_testkit::postgres::database().await;
    let others = with_one_connection(&server_url, true).await;
    let proxy = Proxy::before(&server_url).await;
    let db = with_one_connection(&proxy.url, false).await;
    let pool = db.write.get_postgres_connection_pool();
    for key in ["packs/a", "packs/b"] {
        let begins = async {
            if key == "packs/a" {
                db.begin("beginning").await.map(drop)
            } else {
                crate::rows::begin(pool.clone()).await.map(drop)
            }
        };
        let mut keeps = proxy.keeps.subscribe();
        tokio::select! {
            begun = begins => panic!("it had an answer: {begun:?}"),
            kept = keeps.wait_for(|keeps| *keeps) => drop(kept.unwrap()),
        }
        proxy.keeps.send_replace(false);

        crate::archive::note(&db, key).await.unwrap();

        let noted = crate::garbage::noted(&others, &[key.to_owned()]).await;
        assert!(noted.unwrap().contains(key), "{key}");
    }
}

/// Each service of an installation has a connection that writes.
#[tokio::test]
async fn who_reads_before_writing_is_the_writer_from_the_beginning() {
    let folder = tempfile::tempdir().unwrap();
    let url = format!("sqlite://{}/crow.db", folder.path().display());
    let one = with_one_connection(&url, true).await;
    let other = with_one_connection(&url, false).await;
    let transaction = one.begin("reading first").await.unwrap();
    let read = "select count(*) from object_garbage";
    let read = Statement::from_string(DbBackend::Sqlite, read);
    transaction.query_one_raw(read).await.unwrap();
    let mut noting =
        tokio::spawn(async move { crate::archive::note(&other, "packs/b").await.map(|_| ()) });

    let early = tokio::time::timeout(DEADLINE, &mut noting).await;
    assert!(early.is_err(), "the other waits: {early:?}");
    let write = "update installation set salt = salt";
    transaction.execute_unprepared(write).await.unwrap();
    transaction.commit().await.unwrap();
    noting.await.unwrap().unwrap();
}

const DEADLINE: Duration = Duration::from_millis(500);
/// A statement that does not end by itself.
const ENDLESS_SQLITE: &str = "with recursive n(i) as (select 1 union all select i + 1 from n) \
    select count(*) from n";
const ENDLESS_POSTGRES: &str = "select pg_sleep(60)";

async fn to_answer(url: &str) -> Db {
    let config = DatabaseConfig {
        url: url.to_owned().into(),
        max_connections: 2,
        migrate_on_start: true,
    };
    let reading = Reading {
        deadline: DEADLINE,
        questions: 1,
    };
    Db::connect_to_answer(&config, reading).await.unwrap()
}

async fn endless(db: &Db) -> Result<()> {
    let sql = if db.is_sqlite() {
        ENDLESS_SQLITE
    } else {
        ENDLESS_POSTGRES
    };
    let asked = db.read.query_all_raw(sea_orm::Statement::from_string(
        db.read.get_database_backend(),
        sql,
    ));
    asked.await.map(drop).map_err(Error::sql("asking"))
}

/// Every connection is busy for as long as it may be, and look-ups are answered.
async fn statements_end_at_the_deadline(url: &str) {
    let db = to_answer(url).await;
    let questions = db.for_questions();
    let busy = [&db, &db, &questions, &questions].map(endless);
    let lookups = async {
        for _look in 0..20 {
            tokio::time::timeout(Duration::from_millis(200), db.ping())
                .await
                .expect("a look-up does not wait for questions")
                .unwrap();
        }
    };
    let began = Instant::now();
    let (outcomes, ()) = tokio::join!(futures::future::join_all(busy), lookups);
    for outcome in outcomes {
        assert!(outcome.unwrap_err().is_over_limit());
    }
    assert!(began.elapsed() < Duration::from_secs(15));
    db.ping().await.unwrap();
    // The connections are good again.
    let acme = crow_types::OrganizationId::new("acme").unwrap();
    let rows = crate::api_keys::list(&db, &acme).await;
    assert!(rows.unwrap().is_empty());
}

#[tokio::test]
async fn statements_end_at_the_deadline_on_sqlite() {
    let folder = tempfile::tempdir().unwrap();
    statements_end_at_the_deadline(&format!("sqlite://{}/crow.db", folder.path().display())).await;
}

#[tokio::test]
async fn statements_end_at_the_deadline_on_postgres() {
    statements_end_at_the_deadline(&crow_testkit::postgres::database().await).await;
}

#[tokio::test]
async fn a_statement_ends_when_its_caller_is_gone() {
    let folder = tempfile::tempdir().unwrap();
    let url = format!("sqlite://{}/crow.db", folder.path().display());
    let db = to_answer(&url).await;
    let limit = crate::Limit::of(Duration::from_secs(60));
    let asked = limit.clone().scope(endless(&db));
    let gone = async {
        tokio::task::yield_now().await;
        limit.cancel();
    };
    let began = Instant::now();
    let (outcome, ()) = tokio::join!(asked, gone);
    assert!(outcome.unwrap_err().is_over_limit());
    assert!(began.elapsed() < Duration::from_secs(15));
}
