//! Latencies at half of the maximum load.

use std::io::Write;
use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::{Context, bail};
use async_nats::jetstream;
use async_nats::jetstream::consumer::pull;
use futures::StreamExt;
use hdrhistogram::Histogram;
use serde_json::Value;

use crow_types::{EventRowId, OrganizationId, SessionId};

use super::{CONNECTIONS, Length, progress, sustained};
use crate::http::Connection;
use crate::load::{Load, Pace};
use crate::results::{Results, Sheet};
use crate::stack::{Database, ORGANIZATION, Setup, Stack, Sync};
use crate::traffic::{Kind, now_ms};

pub const NAME: &str = "latency";
pub const ABOUT: &str = "\
All services with SQLite, and an fsync before each acknowledgement. 256 connections send at \
a fixed pace: half of what *sustained* reaches.\n\
\n\
- *fsync alone*: 4 KB appended to a file, before there is load.\n\
- *ack*: from request to receipt.\n\
- *visible*: from sending a session's first event until the API answers the session, asked \
every 25 ms.\n\
- *live*: from sending an event to its line in the server-sent events of a watcher.\n\
- *announced*: from the time when an idle session is due to its announcement in the work \
queue. The idle timeout is 25 s here.";

/// Events a second when *sustained* is not part of the run: half of its figure in docs/benchmarks.md.
const USUAL_HALF: f64 = 38_000.0;
/// Longer than a session takes to be visible: its watcher must find it open.
const IDLE_MS: i64 = 25_000;
const BETWEEN_PROBES: Duration = Duration::from_millis(700);
const BETWEEN_LOOKS: Duration = Duration::from_millis(25);
const LONGEST: Duration = Duration::from_secs(60);
const FSYNCS: usize = 2_000;

pub async fn run(length: &Length, before: &Results) -> anyhow::Result<Sheet> {
    let mut sheet = Sheet::new(NAME);
    let full = before
        .scenarios
        .iter()
        .find(|sheet| sheet.name == sustained::NAME);
    let full = full.and_then(|sheet| sheet.median(sustained::FULL_LOAD, sustained::RATE));
    let rate = full.map_or(USUAL_HALF, |full| full / 2.0);
    for round in 1..=length.rounds {
        progress(format!("round {round}, {rate:.0} events/s"));
        measure(rate, length.seconds(60), &mut sheet).await?;
    }
    Ok(sheet)
}

async fn measure(rate: f64, duration: Duration, sheet: &mut Sheet) -> anyhow::Result<()> {
    let setup = Setup::new(Sync::Always, Database::Sqlite)
        .with("CROW_SESSION__IDLE_TIMEOUT_MS", IDLE_MS.to_string());
    let mut stack = Stack::start(&setup).await?;
    let alone = time_fsync(stack.folder())?;
    stack.start_keeper().await?;
    stack.start_query().await?;
    let load = Load {
        address: stack.ingest_address,
        connections: CONNECTIONS,
        pace: Pace::Open(rate / 20.0),
        duration,
    };
    let mut probes = Probes::new();
    let traffic = stack.requests.traffic(Kind::Twenty, CONNECTIONS);
    let outcome = {
        let Probes {
            visible,
            live,
            announced,
        } = &mut probes;
        tokio::select! {
            outcome = load.run(traffic, None) => outcome?,
            failed = watch_visible(&stack, visible) => failed?,
            failed = watch_live(&stack, live) => failed?,
            failed = watch_announced(&stack, announced) => failed?,
        }
    };
    stack.stop().await?;
    let row = "at half load";
    sheet.add(row, "events/s", outcome.per_second(outcome.events));
    for (name, times) in [
        ("fsync alone", &alone),
        ("ack", &outcome.latency),
        ("visible", &probes.visible),
        ("live", &probes.live),
        ("announced", &probes.announced),
    ] {
        let at = |percent| times.value_at_percentile(percent) as f64 / 1e3;
        sheet.add(name, "p50 ms", at(50.0));
        sheet.add(name, "p95 ms", at(95.0));
        sheet.add(name, "p99 ms", at(99.0));
        sheet.add(name, "longest ms", times.max() as f64 / 1e3);
        sheet.add(name, "count", times.len() as f64);
    }
    sheet.add("ack", "refused", outcome.refused as f64);
    Ok(())
}

/// Microseconds.
struct Probes {
    visible: Histogram<u64>,
    live: Histogram<u64>,
    announced: Histogram<u64>,
}

impl Probes {
    fn new() -> Self {
        let empty = || Histogram::new(3).expect("three digits are possible");
        Self {
            visible: empty(),
            live: empty(),
            announced: empty(),
        }
    }
}

/// The minimum wait of an acknowledgement: a few kilobytes appended to a file and synced to disk,
/// before there is load.
fn time_fsync(folder: &Path) -> anyhow::Result<Histogram<u64>> {
    let mut times = Histogram::new(3)?;
    let mut file = tempfile::tempfile_in(folder)?;
    for _time in 0..FSYNCS {
        let began = Instant::now();
        file.write_all(&[0; 4096])?;
        file.sync_data()?;
        note(&mut times, began.elapsed())?;
    }
    Ok(times)
}

fn note(times: &mut Histogram<u64>, time: Duration) -> anyhow::Result<()> {
    times.record(u64::try_from(time.as_micros())?)?;
    Ok(())
}

/// Never ends but with an error, as the others here.
async fn watch_visible<T>(stack: &Stack, times: &mut Histogram<u64>) -> anyhow::Result<T> {
    let mut connection = Connection::open(stack.ingest_address).await?;
    loop {
        tokio::time::sleep(BETWEEN_PROBES).await;
        let (number, mut traffic) = stack.requests.single_visit();
        let began = Instant::now();
        connection.exchange(traffic.next_request().bytes).await?;
        let path = format!("/{number:016x}");
        while !stack.ask(&path).await?.status().is_success() {
            if began.elapsed() > LONGEST {
                bail!("a session was not visible after {LONGEST:?}");
            }
            tokio::time::sleep(BETWEEN_LOOKS).await;
        }
        note(times, began.elapsed())?;
    }
}

async fn watch_live<T>(stack: &Stack, times: &mut Histogram<u64>) -> anyhow::Result<T> {
    let organization = OrganizationId::new(ORGANIZATION)?;
    loop {
        let (number, mut traffic) = stack.requests.single_visit();
        let mut connection = Connection::open(stack.ingest_address).await?;
        let mut seq = 0;
        let session = SessionId::new(format!("{number:016x}"))?;
        connection.exchange(traffic.next_request().bytes).await?;
        let path = format!("/{number:016x}/live");
        let mut answer = open_live(stack, &path).await?;
        let mut text = String::new();
        while seq + 1 < traffic.steps() {
            tokio::time::sleep(BETWEEN_PROBES).await;
            seq += 1;
            let began = Instant::now();
            connection.exchange(traffic.next_request().bytes).await?;
            let event = format!("{number:016x}-{seq:08x}-00");
            // A line says the id of the row.
            let id = EventRowId::named(&organization, &session, &event);
            while !text.contains(&id.0) {
                let chunk = tokio::time::timeout(LONGEST, answer.chunk()).await??;
                let Some(chunk) = chunk else {
                    bail!("the live stream ended after: {}", last_event(&text));
                };
                text.push_str(&String::from_utf8_lossy(&chunk));
            }
            // The first lines after the start of watching are not representative.
            if seq > 2 {
                note(times, began.elapsed())?;
            }
        }
    }
}

/// It says why there is no further one.
fn last_event(text: &str) -> &str {
    text.trim_end().rsplit("\n\n").next().unwrap_or_default()
}

/// The session may not be there yet.
async fn open_live(stack: &Stack, path: &str) -> anyhow::Result<reqwest::Response> {
    let began = Instant::now();
    loop {
        let answer = stack.ask(path).await?;
        if answer.status().is_success() {
            return Ok(answer);
        }
        if began.elapsed() > LONGEST {
            bail!("no live stream after {LONGEST:?}: {}", answer.status());
        }
        tokio::time::sleep(BETWEEN_LOOKS).await;
    }
}

async fn watch_announced<T>(stack: &Stack, times: &mut Histogram<u64>) -> anyhow::Result<T> {
    let context = jetstream::new(async_nats::connect(stack.nats.url()).await?);
    let stream = context.get_stream("CROW_INTERACTIONS").await?;
    let consumer: jetstream::consumer::Consumer<pull::Config> = stream
        .get_consumer("interaction-service")
        .await
        .map_err(anyhow::Error::from_boxed)?;
    let mut messages = consumer.messages().await?;
    while let Some(message) = messages.next().await {
        let message = message?;
        message.ack().await.map_err(anyhow::Error::from_boxed)?;
        let payload: Value = serde_json::from_slice(&message.payload)?;
        let data: Value = serde_json::from_str(payload["data"].as_str().context("no data")?)?;
        let ended_at = data["session"]["endedAt"].as_i64().context("no endedAt")?;
        let info = message.info().map_err(anyhow::Error::from_boxed)?;
        let published = i64::try_from(info.published.unix_timestamp_nanos() / 1_000_000)?;
        let late = (published.min(now_ms()) - ended_at - IDLE_MS).max(0);
        note(times, Duration::from_millis(u64::try_from(late)?))?;
    }
    bail!("the work queue ended")
}
