//! Lists of a large installation, and the replay of an hour.

use std::time::{Duration, Instant};

use anyhow::{Context, ensure};
use crow_testkit::wait;
use hdrhistogram::Histogram;

use super::{Length, progress};
use crate::http::Connection;
use crate::results::Sheet;
use crate::stack::{Database, ORGANIZATION, Setup, Stack, Sync};

pub const NAME: &str = "read";
pub const ABOUT: &str = "\
The read API over loopback, one request at a time, with a million sessions and ten million \
events of `crow seed`.\n\
\n\
*replay of an hour* is the shared recording 44 times in a row, with 1,500 interactions, \
archived. *first byte* and *whole* count from the request. *1,000 events* are those of the same \
session, first while it is open and was flushed several hundred times, and then archived.\n\
\n\
[analytics.md](analytics.md) has the times of analytics.";

const SESSIONS: u64 = 1_000_000;
const REQUESTS: usize = 200;
const REPLAY_MINUTES: i64 = 60;
const REPLAYS: usize = 20;
/// An hour has a flush every ten seconds. Here they follow each other faster.
const FLUSH_AGE_MS: u64 = 50;
/// Between two requests of the hour, so that it takes several hundred flushes.
const PAUSE: Duration = Duration::from_millis(15);
const ARCHIVED: Duration = Duration::from_secs(120);

const LISTS: [(&str, &str); 6] = [
    ("list, first page", ""),
    ("list, country", "?country=PL"),
    ("list, mobile with errors", "?device=mobile&errors=true"),
    ("list, one user", "?userId=user-7"),
    ("list, page visited", "?url=/checkout/thanks"),
    ("list, 100 rows", "?limit=100"),
];

/// Lists with conditions on properties. Of the sessions of `crow seed`, a third have a user, a third of the
/// users are *pro*, and the last two fit none, so that a page reads as many sessions as it may.
const CONDITIONS: [(&str, &str); 7] = [
    (
        "trait is",
        r#"[[{"field":"trait","property":"plan","operator":"is","values":["pro"]}]]"#,
    ),
    (
        "trait greater, and one of two countries",
        r#"[[{"field":"trait","property":"seats","operator":"greater","values":["15"]}],[{"field":"country","operator":"is","values":["PL","DE"]}]]"#,
    ),
    (
        "trait not set, or an error",
        r#"[[{"field":"trait","property":"plan","operator":"isNotSet"},{"field":"errors","operator":"greater","values":["0"]}]]"#,
    ),
    (
        "event property is",
        r#"[[{"field":"eventProperty","event":"add_to_cart","property":"product","operator":"is","values":["7"]}]]"#,
    ),
    (
        "event property greater, and a trait",
        r#"[[{"field":"eventProperty","event":"purchase","property":"cents","operator":"greater","values":["20000"]}],[{"field":"trait","property":"plan","operator":"is","values":["pro"]}]]"#,
    ),
    (
        "trait that nobody has",
        r#"[[{"field":"trait","property":"plan","operator":"is","values":["gold"]}]]"#,
    ),
    (
        "event property that none has",
        r#"[[{"field":"eventProperty","event":"purchase","property":"coupon","operator":"isSet"}]]"#,
    ),
];

pub async fn run(length: &Length) -> anyhow::Result<Sheet> {
    let mut sheet = Sheet::new(NAME);
    for database in [Database::Sqlite, Database::Postgres] {
        let setup = Setup::new(Sync::Default, database)
            .with("CROW_SESSION__ARCHIVE_DELAY_MS", "500")
            .with("CROW_SESSION__FLUSH_AGE_MS", FLUSH_AGE_MS.to_string());
        let mut stack = Stack::start(&setup).await?;
        let sessions = length.count(SESSIONS).to_string();
        progress(format!("{sessions} sessions for {}", database.as_str()));
        stack.crow(&[
            "seed",
            "--org",
            ORGANIZATION,
            "--sessions",
            &sessions,
            "--days",
            "30",
        ])?;
        stack.start_keeper().await?;
        stack.start_query().await?;
        measure_lists(&stack, database, &mut sheet).await?;
        measure_replay(&stack, database, &mut sheet).await?;
        stack.stop().await?;
    }
    Ok(sheet)
}

async fn measure_lists(stack: &Stack, database: Database, sheet: &mut Sheet) -> anyhow::Result<()> {
    for (name, query) in LISTS {
        let times = measure_requests(stack, query).await?;
        add(sheet, &format!("{name}, {}", database.as_str()), &times);
    }
    for (name, conditions) in CONDITIONS {
        let times = measure_requests(stack, &format!("?where={conditions}")).await?;
        add(
            sheet,
            &format!("list, {name}, {}", database.as_str()),
            &times,
        );
    }
    let list: serde_json::Value = stack.get("?limit=1").await?.json().await?;
    let id = list["sessions"][0]["sessionId"]
        .as_str()
        .context("a list has sessions")?;
    let times = measure_requests(stack, &format!("/{id}")).await?;
    add(sheet, &format!("session, {}", database.as_str()), &times);
    Ok(())
}

/// `path` as for [`Stack::ask`].
pub async fn measure_requests(stack: &Stack, path: &str) -> anyhow::Result<Histogram<u64>> {
    let mut times = Histogram::new(3)?;
    // Not counted, because it warms the caches of the database.
    stack.get(path).await?.bytes().await?;
    for _request in 0..REQUESTS {
        let began = Instant::now();
        stack.get(path).await?.bytes().await?;
        times.record(u64::try_from(began.elapsed().as_micros())?)?;
    }
    Ok(times)
}

async fn measure_replay(
    stack: &Stack,
    database: Database,
    sheet: &mut Sheet,
) -> anyhow::Result<()> {
    let before = stack.archived().await?;
    let (number, mut traffic) = stack.requests.long_visit(REPLAY_MINUTES);
    let mut connection = Connection::open(stack.ingest_address).await?;
    for step in 1..=traffic.steps() {
        if step == traffic.steps() {
            // The last one ends the session.
            measure_events(
                stack,
                number,
                &format!("open, {}", database.as_str()),
                sheet,
            )
            .await?;
        }
        let status = connection.exchange(traffic.next_request().bytes).await?;
        ensure!(status == 202, "answered {}", connection.last_answer());
        tokio::time::sleep(PAUSE).await;
    }
    wait::until("the archive of the replay", ARCHIVED, async || {
        (stack.archived().await.ok()? > before).then_some(())
    })
    .await?;
    measure_events(
        stack,
        number,
        &format!("archived, {}", database.as_str()),
        sheet,
    )
    .await?;
    let path = format!("/{number:016x}/replay");
    let (mut first, mut whole): (Histogram<u64>, Histogram<u64>) =
        (Histogram::new(3)?, Histogram::new(3)?);
    let mut bytes = 0;
    for _replay in 0..REPLAYS {
        let began = Instant::now();
        let mut answer = stack.get(&path).await?;
        bytes = answer.chunk().await?.context("a replay has bytes")?.len();
        first.record(u64::try_from(began.elapsed().as_micros())?)?;
        while let Some(chunk) = answer.chunk().await? {
            bytes += chunk.len();
        }
        whole.record(u64::try_from(began.elapsed().as_micros())?)?;
    }
    add(
        sheet,
        &format!("replay of an hour, first byte, {}", database.as_str()),
        &first,
    );
    let row = format!("replay of an hour, whole, {}", database.as_str());
    add(sheet, &row, &whole);
    sheet.add(&row, "MB", bytes as f64 / 1e6);
    Ok(())
}

async fn measure_events(
    stack: &Stack,
    number: u64,
    which: &str,
    sheet: &mut Sheet,
) -> anyhow::Result<()> {
    let path = format!("/{number:016x}/events?limit=1000");
    let page: serde_json::Value = stack.get(&path).await?.json().await?;
    let events = page["events"].as_array().map_or(0, Vec::len);
    ensure!(events == 1_000, "{events} events on the page");
    let times = measure_requests(stack, &path).await?;
    add(sheet, &format!("1,000 events, {which}"), &times);
    Ok(())
}

pub(super) fn add(sheet: &mut Sheet, row: &str, times: &Histogram<u64>) {
    sheet.add(row, "p50 ms", times.value_at_percentile(50.0) as f64 / 1e3);
    sheet.add(row, "p99 ms", times.value_at_percentile(99.0) as f64 / 1e3);
    sheet.add(row, "longest ms", times.max() as f64 / 1e3);
}
