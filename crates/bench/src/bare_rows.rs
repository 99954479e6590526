//! The baseline of SQL: rows of events into the table that the keeper writes to, over one
//! connection, without sessions, chunks, facts or checkpoint.

use std::fmt::Write as _;
use std::time::Instant;

use anyhow::Context;
use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};
use sea_orm::sqlx::postgres::PgPoolCopyExt;
use sea_orm::{ConnectionTrait, DatabaseConnection, DbBackend, Statement, TransactionTrait, Value};

/// Rows per transaction, from as many sessions as in the keeper's flushes.
const ROWS: usize = 20_000;
const ROWS_OF_SESSION: usize = 20;
/// Rows of one statement of SQLite: nine values each, of 32,766 at most.
const ROWS_OF_STATEMENT: usize = 2_000;
const COLUMNS: &str = "id, session_id, type, name, url, window_id, timestamp, data, created_at";
const URL: &str = "https://shop.example/products";
const DATA: &str = r##"{"selector":"form.search > input[name=q]","length":12}"##;

/// Of SQLite, as the keeper's writer has them. (Here the log is copied in commits.)
const PRAGMAS: &str =
    "pragma synchronous = full; pragma cache_size = -65536; pragma wal_autocheckpoint = 65536";

/// Rows per second over `db`, which must be one connection. The rows are generated before.
pub async fn measure(db: &DatabaseConnection, rows: usize) -> anyhow::Result<f64> {
    let mut random = StdRng::seed_from_u64(1);
    let transactions = rows.div_ceil(ROWS);
    let seconds = match db.get_database_backend() {
        DbBackend::Sqlite => {
            let batches = (0..transactions).map(|number| statements(&mut random, number));
            sqlite(db, batches.collect()).await?
        }
        _ => {
            let batches = (0..transactions).map(|number| lines(&mut random, number));
            postgres(db, batches.collect()).await?
        }
    };
    Ok((transactions * ROWS) as f64 / seconds)
}

/// A row's session, id and time.
fn rows(random: &mut StdRng, transaction: usize) -> impl Iterator<Item = (String, String, i64)> {
    let mut session = String::new();
    (0..ROWS).map(move |row| {
        if row % ROWS_OF_SESSION == 0 {
            session = format!("{:032x}", random.random::<u128>());
        }
        let id = format!("{:032x}", random.random::<u128>());
        let at = 1_763_712_345_678 + (transaction * ROWS + row) as i64;
        (session.clone(), id, at)
    })
}

fn statements(random: &mut StdRng, transaction: usize) -> Vec<Statement> {
    let places = vec!["(?, ?, ?, ?, ?, ?, ?, ?, ?)"; ROWS_OF_STATEMENT].join(", ");
    let sql = format!("insert or fail into events ({COLUMNS}) values {places}");
    let rows: Vec<_> = rows(random, transaction).collect();
    let values = |(session, id, at): &(String, String, i64)| -> [Value; 9] {
        [
            id.as_str().into(),
            session.as_str().into(),
            "input".into(),
            Value::String(None),
            URL.into(),
            "w".into(),
            (*at).into(),
            DATA.into(),
            (*at).into(),
        ]
    };
    rows.chunks(ROWS_OF_STATEMENT)
        .map(|rows| {
            let values = rows.iter().flat_map(values);
            Statement::from_sql_and_values(DbBackend::Sqlite, sql.as_str(), values)
        })
        .collect()
}

async fn sqlite(db: &DatabaseConnection, batches: Vec<Vec<Statement>>) -> anyhow::Result<f64> {
    db.execute_unprepared(PRAGMAS).await?;
    let began = Instant::now();
    for statements in batches {
        let transaction = db.begin().await?;
        for statement in statements {
            transaction.execute_raw(statement).await?;
        }
        transaction.commit().await?;
    }
    Ok(began.elapsed().as_secs_f64())
}

/// As `copy` takes them.
fn lines(random: &mut StdRng, transaction: usize) -> String {
    let mut lines = String::new();
    for (session, id, at) in rows(random, transaction) {
        writeln!(
            lines,
            "{id}\t{session}\tinput\t\\N\t{URL}\tw\t{at}\t{DATA}\t{at}"
        )
        .expect("a string takes everything");
    }
    lines
}

async fn postgres(db: &DatabaseConnection, batches: Vec<String>) -> anyhow::Result<f64> {
    let pool = db.get_postgres_connection_pool();
    let sql = format!("copy events ({COLUMNS}) from stdin");
    let began = Instant::now();
    for lines in batches {
        let mut copy = pool.copy_in_raw(&sql).await.context("beginning a copy")?;
        copy.send(lines.into_bytes()).await?;
        copy.finish().await?;
    }
    Ok(began.elapsed().as_secs_f64())
}
