//! The cost of a thousand watchers of live sessions.

use std::cell::Cell;
use std::time::Duration;

use anyhow::{anyhow, bail, ensure};
use futures::future::{join_all, try_join_all};

use super::{CONNECTIONS, Length, progress};
use crate::http::Connection;
use crate::load::{Load, Pace};
use crate::results::Sheet;
use crate::stack::{Database, Setup, Stack, Sync};
use crate::traffic::{Kind, Traffic};

pub const NAME: &str = "watchers";
pub const ABOUT: &str = "\
All services with SQLite, and an fsync before each acknowledgement. 256 connections send \
batches of 20 events as fast as they are answered. A hundred more sessions send a batch of \
one event per second. First nobody watches. Then there are a thousand server-sent event \
streams, ten for each of the hundred sessions.\n\
\n\
*streamed*: bytes that all watchers received.";

const WATCHED: usize = 100;
const WATCHERS: [usize; 2] = [0, 1_000];
const BETWEEN_BATCHES: Duration = Duration::from_secs(1);

pub async fn run(length: &Length) -> anyhow::Result<Sheet> {
    let mut sheet = Sheet::new(NAME);
    for round in 1..=length.rounds {
        for watchers in WATCHERS {
            progress(format!("round {round}, {watchers} watchers"));
            measure(watchers, length, &mut sheet).await?;
        }
    }
    Ok(sheet)
}

async fn measure(watchers: usize, length: &Length, sheet: &mut Sheet) -> anyhow::Result<()> {
    let mut stack = Stack::start(&Setup::new(Sync::Always, Database::Sqlite)).await?;
    stack.start_keeper().await?;
    stack.start_query().await?;
    let (numbers, visits): (Vec<u64>, Vec<Traffic>) = (0..WATCHED)
        .map(|_session| stack.requests.single_visit())
        .unzip();
    let mut visits = open(&stack, visits).await?;
    send_all(&mut visits).await?;
    // From here on their rows are there.
    stack.wait_until_committed(WATCHED as u64).await?;
    let streams = join_all((0..watchers).map(async |watcher| {
        let number = numbers[watcher % WATCHED];
        stack.get(&format!("/{number:016x}/live")).await
    }));
    let streams: Vec<reqwest::Response> =
        streams.await.into_iter().collect::<anyhow::Result<_>>()?;
    let load = Load {
        address: stack.ingest_address,
        connections: CONNECTIONS,
        pace: Pace::Closed,
        duration: length.seconds(20),
    };
    let traffic = stack.requests.traffic(Kind::Twenty, CONNECTIONS);
    let before = stack.cpu()?;
    let streamed = Cell::new(0_u64);
    let outcome = tokio::select! {
        outcome = load.run(traffic, None) => outcome?,
        failed = send_again_and_again(&mut visits) => return Err(failed),
        failed = read_all(streams, &streamed), if watchers > 0 => return Err(failed),
    };
    let cpu = stack.cpu()?.since(&before);
    let row = format!("{watchers} watchers");
    sheet.add(&row, "requests/s", outcome.per_second(outcome.requests));
    sheet.add(&row, "p50 ms", outcome.latency_ms(50.0));
    sheet.add(&row, "p99 ms", outcome.latency_ms(99.0));
    sheet.add(&row, "CPU gateway", cpu.gateway);
    sheet.add(&row, "CPU keeper", cpu.keeper);
    sheet.add(&row, "CPU read API", cpu.query);
    sheet.add(
        &row,
        "streamed KB/s",
        streamed.get() as f64 / outcome.elapsed.as_secs_f64() / 1e3,
    );
    stack.stop().await
}

type Visit = (Connection, Traffic);

async fn open(stack: &Stack, visits: Vec<Traffic>) -> anyhow::Result<Vec<Visit>> {
    let open = visits
        .into_iter()
        .map(async |traffic| anyhow::Ok((Connection::open(stack.ingest_address).await?, traffic)));
    try_join_all(open).await
}

/// One batch of each.
async fn send_all(visits: &mut [Visit]) -> anyhow::Result<()> {
    let sent = visits.iter_mut().map(async |(connection, traffic)| {
        let status = connection.exchange(traffic.next_request().bytes).await?;
        ensure!(
            status == 202 || status == 503,
            "answered {}",
            connection.last_answer()
        );
        Ok(())
    });
    try_join_all(sent).await.map(drop)
}

async fn send_again_and_again(visits: &mut [Visit]) -> anyhow::Error {
    let mut seconds = tokio::time::interval(BETWEEN_BATCHES);
    loop {
        seconds.tick().await;
        if let Err(error) = send_all(visits).await {
            return error;
        }
    }
}

/// Reads until one of the streams ends, which is a failure.
async fn read_all(streams: Vec<reqwest::Response>, streamed: &Cell<u64>) -> anyhow::Error {
    let read = streams.into_iter().map(async |mut stream| {
        while let Some(chunk) = stream.chunk().await? {
            streamed.set(streamed.get() + chunk.len() as u64);
        }
        bail!("a live stream ended")
    });
    let ended: anyhow::Result<Vec<()>> = try_join_all(read).await;
    ended.map_or_else(|error| error, |_none| anyhow!("no live stream"))
}
