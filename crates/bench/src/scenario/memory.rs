//! Resident memory of each part.

use std::fs;
use std::net::TcpListener;
use std::time::{Duration, Instant};

use anyhow::{Context, ensure};
use crow_testkit::process::Process;
use crow_testkit::{nats, port, wait};
use sea_orm::{ConnectionTrait, DbBackend, Statement};
use tempfile::TempDir;

use super::{CONNECTIONS, Length, progress};
use crate::http::Connection;
use crate::load::{Load, Outcome, Pace};
use crate::meter;
use crate::results::Sheet;
use crate::stack::{Database, Setup, Stack, Sync};
use crate::traffic::Kind;

pub const NAME: &str = "memory";
pub const ABOUT: &str = "\
Resident memory in MB.\n\
\n\
- *crow serve idle*: all services and NATS, ten seconds after the start.\n\
- *services without sessions*: a keeper and a gateway that hold none.\n\
- *10,000 active sessions*: one batch of 20 events for each of 10,240 sessions, flushed.\n\
- *open sessions*: the row of one open session copied a million times, then a keeper starts. \
*ready*: seconds until it owns its partitions.\n\
- *burst*: the peak while 256 connections send replay batches as fast as they are answered.\n\
- *store hangs*: the same with an S3 endpoint that accepts connections and never answers. \
Acknowledged batches wait in the streams.";

const READY: Duration = Duration::from_secs(60);
const STOP: Duration = Duration::from_secs(30);
const SETTLED: Duration = Duration::from_secs(10);
const OPEN_SESSIONS: u64 = 1_000_000;
/// With 32 sessions each.
const MANY_CONNECTIONS: usize = 320;

pub async fn run(length: &Length) -> anyhow::Result<Sheet> {
    let mut sheet = Sheet::new(NAME);
    for round in 1..=length.rounds {
        progress(format!("round {round}"));
        idle(&mut sheet).await?;
        active(&mut sheet).await?;
        open(length, &mut sheet).await?;
        burst(length, &mut sheet).await?;
        stalled(length, &mut sheet).await?;
    }
    Ok(sheet)
}

async fn idle(sheet: &mut Sheet) -> anyhow::Result<()> {
    let dir = TempDir::new()?;
    let free = || format!("127.0.0.1:{}", port::free_port());
    let query = free();
    let mut crow = Process::builder("crow", dir.path())
        .args(["serve", "--data-dir"])
        .arg(dir.path().join("data"))
        .env(nats::BINARY_VARIABLE, nats::binary()?)
        .env("CROW_QUERY__LISTEN", &query)
        .env("CROW_QUERY__GRPC_LISTEN", free())
        .env("CROW_INGEST__LISTEN", free())
        .env("CROW_SESSION__LISTEN", free())
        .start()?;
    wait::until_http_ready(&format!("http://{query}/health/ready"), READY).await?;
    tokio::time::sleep(SETTLED).await;
    let row = "crow serve idle";
    sheet.add(row, "crow", meter::resident_mb(crow.pid())?);
    let children = children(crow.pid())?;
    let nats = children.first().context("crow runs a nats-server")?;
    sheet.add(row, "NATS", meter::resident_mb(*nats)?);
    sheet.add(
        row,
        "together",
        meter::resident_mb(crow.pid())? + meter::resident_mb(*nats)?,
    );
    crow.terminate(STOP).await?;
    Ok(())
}

/// Processes that a process started, whichever of its threads did.
fn children(pid: u32) -> anyhow::Result<Vec<u32>> {
    let mut found = Vec::new();
    for thread in fs::read_dir(format!("/proc/{pid}/task"))? {
        let children = fs::read_to_string(thread?.path().join("children"))?;
        for id in children.split_whitespace() {
            found.push(id.parse()?);
        }
    }
    Ok(found)
}

async fn active(sheet: &mut Sheet) -> anyhow::Result<()> {
    let mut stack = Stack::start(&Setup::new(Sync::Always, Database::Sqlite)).await?;
    stack.start_keeper().await?;
    tokio::time::sleep(Duration::from_secs(2)).await;
    let keeper = stack.keeper_pid()?;
    let gateway = stack.ingest.pid();
    let row = "services without sessions";
    sheet.add(row, "keeper", meter::resident_mb(keeper)?);
    sheet.add(row, "gateway", meter::resident_mb(gateway)?);
    let load = Load {
        address: stack.ingest_address,
        connections: MANY_CONNECTIONS,
        pace: Pace::Open(2_000.0),
        duration: Duration::from_secs(20),
    };
    let traffic = stack.requests.traffic(Kind::Twenty, MANY_CONNECTIONS);
    let outcome = load.run(traffic, None).await?;
    stack.wait_until_committed(outcome.events).await?;
    let row = "10,000 active sessions";
    sheet.add(row, "keeper", meter::resident_mb(keeper)?);
    sheet.add(row, "gateway", meter::resident_mb(gateway)?);
    stack.stop().await
}

async fn open(length: &Length, sheet: &mut Sheet) -> anyhow::Result<()> {
    let mut stack = Stack::start(&Setup::new(Sync::Always, Database::Sqlite)).await?;
    stack.start_keeper().await?;
    let mut connection = Connection::open(stack.ingest_address).await?;
    let mut traffic = stack.requests.traffic_of_one(Kind::Twenty);
    let status = connection.exchange(traffic.next_request().bytes).await?;
    ensure!(status == 202, "answered {}", connection.last_answer());
    stack.wait_until_committed(1).await?;
    stack.stop_keeper().await?;
    let sessions = length.count(OPEN_SESSIONS);
    copy_session(&stack, sessions).await?;
    let began = Instant::now();
    stack.start_keeper().await?;
    let row = format!("{sessions} open sessions");
    sheet.add(&row, "ready s", began.elapsed().as_secs_f64());
    tokio::time::sleep(SETTLED).await;
    sheet.add(&row, "keeper", meter::resident_mb(stack.keeper_pid()?)?);
    stack.stop().await
}

/// Copies of the only session under other names, over all partitions.
async fn copy_session(stack: &Stack, copies: u64) -> anyhow::Result<()> {
    const COLUMNS: &str = "select group_concat(name) as names from pragma_table_info('sessions') \
        where name not in ('id', 'session_id', 'partition')";
    let sqlite = stack.database().await?;
    let columns = sqlite.query_one_raw(Statement::from_string(DbBackend::Sqlite, COLUMNS));
    let columns = columns.await?.context("a table has columns")?;
    let columns: String = columns.try_get("", "names")?;
    let insert = format!(
        "with recursive numbers(n) as (select 1 union all select n + 1 from numbers where n < {copies}) \
         insert into sessions (id, session_id, partition, {columns}) \
         select id || n, session_id || n, n % (select partitions from installation), {columns} \
         from (select * from sessions limit 1), numbers"
    );
    sqlite.execute_unprepared(&insert).await?;
    Ok(sqlite.close().await?)
}

async fn burst(length: &Length, sheet: &mut Sheet) -> anyhow::Result<()> {
    let mut stack = Stack::start(&Setup::new(Sync::Always, Database::Sqlite)).await?;
    stack.start_keeper().await?;
    let outcome = send_replay(&stack, length).await?;
    stack.wait_until_committed(outcome.events).await?;
    add_peaks("burst of replay batches", &stack, sheet)?;
    stack.stop().await
}

async fn stalled(length: &Length, sheet: &mut Sheet) -> anyhow::Result<()> {
    let silent = TcpListener::bind("127.0.0.1:0")?;
    let endpoint = format!("http://{}", silent.local_addr()?);
    let setup = Setup::new(Sync::Always, Database::Sqlite)
        .with("CROW_STORAGE__URL", "s3://bench/crow")
        .with("CROW_STORAGE__ENDPOINT", endpoint)
        .with("CROW_STORAGE__ALLOW_HTTP", "true")
        .with("CROW_STORAGE__ACCESS_KEY_ID", "bench")
        .with("CROW_STORAGE__SECRET_ACCESS_KEY", "bench");
    let mut stack = Stack::start(&setup).await?;
    stack.start_keeper().await?;
    send_replay(&stack, length).await?;
    // There is no end to wait for: the processes are killed.
    add_peaks("burst while the store hangs", &stack, sheet)
}

async fn send_replay(stack: &Stack, length: &Length) -> anyhow::Result<Outcome> {
    let load = Load {
        address: stack.ingest_address,
        connections: CONNECTIONS,
        pace: Pace::Closed,
        duration: length.seconds(20),
    };
    let traffic = stack.requests.traffic(Kind::Replay, CONNECTIONS);
    load.run(traffic, None).await
}

fn add_peaks(row: &str, stack: &Stack, sheet: &mut Sheet) -> anyhow::Result<()> {
    let nats = stack.nats.pid().context("NATS runs")?;
    sheet.add(row, "keeper", meter::peak_mb(stack.keeper_pid()?)?);
    sheet.add(row, "gateway", meter::peak_mb(stack.ingest.pid())?);
    sheet.add(row, "NATS", meter::peak_mb(nats)?);
    Ok(())
}
