//! The keeper with a backlog that does not grow.

use std::time::{Duration, Instant};

use anyhow::ensure;
use async_nats::jetstream;
use async_nats::jetstream::consumer::{AckPolicy, pull};
use futures::StreamExt;

use super::{CONNECTIONS, Length, progress};
use crate::bare_rows;
use crate::load::{Load, Pace};
use crate::meter;
use crate::results::Sheet;
use crate::stack::{Database, Setup, Stack, Sync};
use crate::traffic::Kind;

pub const NAME: &str = "keeper";
pub const ABOUT: &str = "\
Two million events wait in the streams (replay: half a million). Then the keeper starts. The \
time counts until all are rows and objects. Batches have 20 events, two of them key events.\n\
\n\
- *a core*: events per second of the keeper's CPU time.\n\
- *decode*, *state machine*, *packs*, *SQL*: shares of that CPU time in percent. SQL counts \
SQLite's own threads; Postgres has processes of its own. The rest reads the stream, builds \
statements, writes objects and runs the async runtime.\n\
- *bare reading*: consumers without acknowledgements read the same streams, one after the \
other, and count bytes.\n\
- *bare rows*: one connection writes only event rows, 20,000 per transaction; into Postgres \
by `copy`.";

/// Of sqlx: they run the statements.
const SQLITE_THREADS: &str = "sqlx-sqlite";
const PART_METRIC: &str = "crow_session_cpu_microseconds_total";
/// Labels of that metric, and their columns.
const PARTS: [(&str, &str); 3] = [
    ("decode", "decode %"),
    ("apply", "state machine %"),
    ("pack", "packs %"),
];
const EVENTS: u64 = 2_000_000;
const BARE_ROWS: u64 = 400_000;
/// Messages that bare reading asks for at once.
const BATCH: usize = 2_000;
/// The server disconnects a client that requests more than it can read at once.
const BATCH_BYTES: usize = 8 << 20;

const VARIANTS: [(&str, Database, &str, Kind); 5] = [
    (
        "row for every event, SQLite",
        Database::Sqlite,
        "all",
        Kind::Twenty,
    ),
    (
        "row for every event, Postgres",
        Database::Postgres,
        "all",
        Kind::Twenty,
    ),
    (
        "rows for key events, SQLite",
        Database::Sqlite,
        "key",
        Kind::Twenty,
    ),
    (
        "no rows for events, SQLite",
        Database::Sqlite,
        "none",
        Kind::Twenty,
    ),
    ("replay, SQLite", Database::Sqlite, "all", Kind::Replay),
];

pub async fn run(length: &Length) -> anyhow::Result<Sheet> {
    let mut sheet = Sheet::new(NAME);
    for round in 1..=length.rounds {
        for (name, database, rows, kind) in VARIANTS {
            if !length.wants(name) {
                continue;
            }
            progress(format!("round {round}, {name}"));
            // The last flush would wait for more to come.
            let setup = Setup::new(Sync::Default, database)
                .with("CROW_SESSION__FLUSH_AGE_MS", "500")
                .with("CROW_SESSION__EVENT_ROWS", rows);
            let mut stack = Stack::start(&setup).await?;
            let wanted = length.count(if kind == Kind::Replay {
                EVENTS / 4
            } else {
                EVENTS
            });
            let filled = fill(&stack, kind, wanted).await?;
            if database == Database::Sqlite && rows == "all" {
                let row = format!("{}, bare reading", kind.as_str());
                read_bare(&stack, filled, &row, &mut sheet).await?;
            }
            drain(&mut stack, filled, name, &mut sheet).await?;
            stack.stop().await?;
            if kind == Kind::Twenty && rows == "all" {
                let rows = length.count(BARE_ROWS);
                write_bare(database, rows, &mut sheet).await?;
            }
        }
    }
    Ok(sheet)
}

#[derive(Clone, Copy)]
pub struct Filled {
    pub events: u64,
    bytes: u64,
}

/// Sends until there are so many.
pub async fn fill(stack: &Stack, kind: Kind, wanted: u64) -> anyhow::Result<Filled> {
    let mut filled = Filled {
        events: 0,
        bytes: 0,
    };
    while filled.events < wanted {
        let load = Load {
            address: stack.ingest_address,
            connections: CONNECTIONS,
            pace: Pace::Closed,
            duration: Duration::from_millis(500),
        };
        let traffic = stack.requests.traffic(kind, CONNECTIONS);
        let outcome = load.run(traffic, None).await?;
        filled.events += outcome.events;
        filled.bytes += outcome.bytes;
    }
    Ok(filled)
}

async fn drain(
    stack: &mut Stack,
    filled: Filled,
    row: &str,
    sheet: &mut Sheet,
) -> anyhow::Result<()> {
    let began = Instant::now();
    stack.start_keeper().await?;
    stack.wait_until_committed(filled.events).await?;
    let seconds = began.elapsed().as_secs_f64();
    let keeper = stack.keeper_pid()?;
    let cpu = meter::cpu_seconds(keeper)?;
    sheet.add(row, "events/s", filled.events as f64 / seconds);
    sheet.add(row, "events/s a core", filled.events as f64 / cpu);
    sheet.add(row, "MB/s", filled.bytes as f64 / seconds / 1e6);
    for (part, column) in PARTS {
        let micros = stack.keeper_metric(PART_METRIC, part).await?;
        sheet.add(row, column, micros / 1e4 / cpu);
    }
    let sql = meter::thread_cpu_seconds(keeper, SQLITE_THREADS)?;
    if sql > 0.0 {
        sheet.add(row, "SQL %", 100.0 * sql / cpu);
    }
    sheet.add(row, "keeper MB", meter::peak_mb(keeper)?);
    Ok(())
}

/// Into a database of its own.
async fn write_bare(database: Database, rows: u64, sheet: &mut Sheet) -> anyhow::Result<()> {
    let row = format!("bare rows, {}", database.as_str());
    progress(row.clone());
    let stack = Stack::start(&Setup::new(Sync::Default, database)).await?;
    let db = stack.database().await?;
    let rate = bare_rows::measure(&db, usize::try_from(rows)?).await?;
    sheet.add(&row, "events/s", rate);
    db.close().await?;
    stack.stop().await
}

async fn read_bare(
    stack: &Stack,
    filled: Filled,
    row: &str,
    sheet: &mut Sheet,
) -> anyhow::Result<()> {
    let context = jetstream::new(async_nats::connect(stack.nats.url()).await?);
    let mut names = context.stream_names();
    let (mut messages, began) = (0, Instant::now());
    while let Some(name) = names.next().await {
        let name = name?;
        if name.starts_with("CROW_EVENTS_") {
            messages += read_stream(&context, &name).await?;
        }
    }
    let seconds = began.elapsed().as_secs_f64();
    sheet.add(row, "events/s", filled.events as f64 / seconds);
    sheet.add(row, "MB/s", filled.bytes as f64 / seconds / 1e6);
    sheet.add(row, "messages/s", messages as f64 / seconds);
    Ok(())
}

async fn read_stream(context: &jetstream::Context, name: &str) -> anyhow::Result<u64> {
    let mut stream = context.get_stream(name).await?;
    let waiting = stream.info().await?.state.messages;
    let config = pull::Config {
        ack_policy: AckPolicy::None,
        ..pull::Config::default()
    };
    let consumer = stream.create_consumer(config).await?;
    let mut read = 0;
    while read < waiting {
        let fetch = consumer.fetch().max_messages(BATCH).max_bytes(BATCH_BYTES);
        let mut batch = fetch.messages().await?;
        let before = read;
        while let Some(message) = batch.next().await {
            match message {
                Ok(_message) => read += 1,
                // The next message does not fit into the rest of the request.
                Err(_) if read > before => break,
                Err(error) => return Err(anyhow::Error::from_boxed(error)),
            }
        }
        ensure!(read > before, "{name}: {read} of {waiting} messages came");
    }
    Ok(read)
}
