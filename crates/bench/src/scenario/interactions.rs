//! Finished sessions become interactions, alone and beside ingest.

use std::time::{Duration, Instant};

use anyhow::{Context, ensure};
use async_nats::jetstream;
use crow_testkit::process::Process;
use crow_testkit::wait;
use sea_orm::{ConnectionTrait, Statement};
use serde_json::json;

use super::{CONNECTIONS, Length, progress};
use crate::load::{Load, Outcome, Pace};
use crate::meter;
use crate::results::Sheet;
use crate::stack::{Cpu, Database, ORGANIZATION, Setup, Stack, Sync};
use crate::traffic::Kind;

pub const NAME: &str = "interactions";
pub const ABOUT: &str = "\
100,000 finished sessions of about ten events are announced, and wait in the work queue. One `crow-interaction` \
puts them into words by rules. NATS does an fsync before each acknowledgement.\n\
\n\
- *drained alone*: from the start of the process until each session has an interaction. *a core*: interactions per \
second of its CPU time; Postgres and NATS have processes of their own. *service MB*: its peak.\n\
- *ingest*: batches of 20 events, first while the announcements wait and nobody reads them, then while they are \
drained. *maximum rate* is the throughput, *half load* is half of the throughput alone, at a fixed pace. The \
gateway, the keeper, the service, NATS, the database and the load share the cores.\n\
- *of alone*: the figure beside the drain divided by the one of the same round without it: events/s at the \
maximum rate, and p99 at half load.\n\
- *waiting*: announcements that were left when the measurement ended. At zero, it was too short a backlog.";

const SESSIONS: u64 = 100_000;
/// Announcements that are published before their acknowledgements are awaited.
const PUBLISHED: usize = 500;
const DRAINED: Duration = Duration::from_secs(1_800);
const STOP: Duration = Duration::from_secs(30);
const SUBJECT: &str = "crow.interaction.web";
const STREAM: &str = "CROW_INTERACTIONS";
/// Of an announcement. Real ones have the events of the session, up to a limit.
const EVENTS: usize = 10;

pub async fn run(length: &Length) -> anyhow::Result<Sheet> {
    let mut sheet = Sheet::new(NAME);
    for database in [Database::Sqlite, Database::Postgres] {
        if !length.wants(database.as_str()) {
            continue;
        }
        let mut stack = Stack::start(&Setup::new(Sync::Always, database)).await?;
        let sessions = length.count(SESSIONS);
        progress(format!("{sessions} sessions for {}", database.as_str()));
        let count = sessions.to_string();
        stack.crow(&["seed", "--org", ORGANIZATION, "--sessions", &count])?;
        // It makes the queue.
        stack.start_keeper().await?;
        let mut bench = Bench {
            announcements: announcements(&stack).await?,
            jetstream: jetstream::new(async_nats::connect(stack.nats.url()).await?),
            stack: &stack,
            database: database.as_str(),
            sent: 0,
        };
        ensure!(bench.announcements.len() as u64 == sessions);
        for round in 1..=length.rounds {
            progress(format!("round {round} on {}", database.as_str()));
            bench.drain_alone(&mut sheet).await?;
            bench.beside_ingest(length, &mut sheet).await?;
        }
        stack.stop().await?;
    }
    Ok(sheet)
}

struct Bench<'a> {
    stack: &'a Stack,
    jetstream: jetstream::Context,
    database: &'static str,
    /// One for each session.
    announcements: Vec<String>,
    /// Events that were acknowledged so far.
    sent: u64,
}

/// The service, and when it was started.
struct Service {
    process: Process,
    url: String,
    began: Instant,
    before: Cpu,
}

impl Bench<'_> {
    async fn drain_alone(&self, sheet: &mut Sheet) -> anyhow::Result<()> {
        self.announce().await?;
        let mut service = self.start().await?;
        self.wait_until_drained(&service).await?;
        let seconds = service.began.elapsed().as_secs_f64();
        let pid = service.process.pid();
        let (cpu, count) = (meter::cpu_seconds(pid)?, self.announcements.len() as f64);
        let others = self.stack.cpu()?.since(&service.before);
        let row = format!("drained alone, {}", self.database);
        sheet.add(&row, "interactions/s", count / seconds);
        sheet.add(&row, "interactions/s a core", count / cpu);
        sheet.add(&row, "CPU NATS, µs each", others.nats * 1e6 / count);
        sheet.add(&row, "CPU Postgres, µs each", others.postgres * 1e6 / count);
        sheet.add(&row, "service MB", meter::peak_mb(pid)?);
        service.process.terminate(STOP).await?;
        Ok(())
    }

    async fn beside_ingest(&mut self, length: &Length, sheet: &mut Sheet) -> anyhow::Result<()> {
        self.announce().await?;
        let seconds = length.seconds(15);
        let alone = self.load(Pace::Closed, seconds).await?;
        let half = Pace::Open(alone.per_second(alone.requests) / 2.0);
        let half_alone = self.load(half, seconds).await?;
        let mut service = self.start().await?;
        let beside = self.load(Pace::Closed, seconds).await?;
        let waiting = self.waiting().await?;
        let half_beside = self.load(half, seconds).await?;
        let waiting = [waiting, self.waiting().await?];
        self.wait_until_drained(&service).await?;
        service.process.terminate(STOP).await?;

        let rate = |outcome: &Outcome| outcome.per_second(outcome.events);
        let p99 = |outcome: &Outcome| outcome.latency_ms(99.0);
        let of_alone = [
            rate(&beside) / rate(&alone),
            p99(&half_beside) / p99(&half_alone),
        ];
        let measured = [
            ("maximum rate", [alone, beside]),
            ("half load", [half_alone, half_beside]),
        ];
        for (at, (what, [alone, beside])) in measured.into_iter().enumerate() {
            let name = |how: &str| format!("ingest, {what}, {how}, {}", self.database);
            add(sheet, &name("alone"), &alone);
            let row = name("beside the drain");
            add(sheet, &row, &beside);
            sheet.add(&row, "of alone", of_alone[at]);
            sheet.add(&row, "waiting", waiting[at] as f64);
        }
        Ok(())
    }

    /// Afterwards all that was acknowledged is committed.
    async fn load(&mut self, pace: Pace, duration: Duration) -> anyhow::Result<Outcome> {
        let load = Load {
            address: self.stack.ingest_address,
            connections: CONNECTIONS,
            pace,
            duration,
        };
        let traffic = self.stack.requests.traffic(Kind::Twenty, CONNECTIONS);
        let outcome = load.run(traffic, None).await?;
        self.sent += outcome.events;
        self.stack.wait_until_committed(self.sent).await?;
        Ok(outcome)
    }

    /// All sessions are announced, and none has an interaction.
    async fn announce(&self) -> anyhow::Result<()> {
        let database = self.stack.database().await?;
        for table in ["interactions", "embeddings"] {
            let delete = format!("delete from {table}");
            database.execute_unprepared(&delete).await?;
        }
        database.close().await?;
        for some in self.announcements.chunks(PUBLISHED) {
            let mut acknowledgements = Vec::with_capacity(some.len());
            for announcement in some {
                let bytes = announcement.clone().into();
                acknowledgements.push(self.jetstream.publish(SUBJECT, bytes).await?);
            }
            for acknowledgement in acknowledgements {
                acknowledgement.await?;
            }
        }
        Ok(())
    }

    async fn start(&self) -> anyhow::Result<Service> {
        let (before, began) = (self.stack.cpu()?, Instant::now());
        let (process, url) = self.stack.start_interaction().await?;
        Ok(Service {
            process,
            url,
            began,
            before,
        })
    }

    async fn waiting(&self) -> anyhow::Result<u64> {
        let mut stream = self.jetstream.get_stream(STREAM).await?;
        Ok(stream.info().await?.state.messages)
    }

    async fn wait_until_drained(&self, service: &Service) -> anyhow::Result<()> {
        let all = self.announcements.len() as f64;
        wait::until("an interaction of each session", DRAINED, async || {
            let (http, name) = (&self.stack.http, "crow_interaction_announcements_total");
            let stored = meter::metric(http, &service.url, name, "outcome=\"stored\"").await;
            (stored.ok()? >= all).then_some(())
        })
        .await
    }
}

fn add(sheet: &mut Sheet, row: &str, outcome: &Outcome) {
    sheet.add(row, "events/s", outcome.per_second(outcome.events));
    sheet.add(row, "p50 ms", outcome.latency_ms(50.0));
    sheet.add(row, "p99 ms", outcome.latency_ms(99.0));
}

/// Of all sessions, as a keeper writes them.
async fn announcements(stack: &Stack) -> anyhow::Result<Vec<String>> {
    let database = stack.database().await?;
    let sql = "select id, session_id, last_event_at from sessions where status = 'closed'";
    let statement = Statement::from_string(database.get_database_backend(), sql);
    let rows = database.query_all_raw(statement).await?;
    database.close().await?;
    let announced = rows.iter().map(|row| {
        let id: String = row.try_get_by_index(0)?;
        let session: String = row.try_get_by_index(1)?;
        let at: i64 = row.try_get_by_index(2)?;
        announcement(&id, &session, at).context("an announcement is JSON")
    });
    announced.collect()
}

fn announcement(id: &str, session: &str, at: i64) -> serde_json::Result<String> {
    let completion_id = format!("{id}-0");
    let event = |number: usize| {
        json!({
            "id": format!("{id}-{number}"), "type": "click", "timestamp": at,
            "url": "https://shop.example/products/laptop-x1", "windowId": "w",
            "data": { "selector": "main > section:nth-child(2) > button.add", "text": "Add to cart", "x": 512, "y": 384 },
        })
    };
    let events: Vec<_> = (0..EVENTS).map(event).collect();
    let data = json!({
        "completionId": completion_id, "revision": 0, "session": { "id": id }, "events": events,
        "eventsComplete": true,
    });
    serde_json::to_string(&json!({
        "organizationId": ORGANIZATION, "sourceType": "web", "sessionId": session,
        "data": data.to_string(), "timestamp": at, "completionId": completion_id,
    }))
}
