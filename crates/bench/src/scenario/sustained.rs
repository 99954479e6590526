//! From the gateway to rows and objects: first the maximum of all parts together, then a little
//! less for minutes.

use std::cell::RefCell;
use std::time::{Duration, Instant};

use anyhow::Context;
use tokio::sync::watch;

use super::{CONNECTIONS, Length, progress};
use crate::load::{Load, Outcome, Pace, Window};
use crate::meter;
use crate::results::Sheet;
use crate::stack::{Cpu, Database, Setup, Stack, Sync};
use crate::traffic::Kind;

pub const NAME: &str = "sustained";
pub const ABOUT: &str = "\
Gateway, NATS, keeper, database and load generator share one machine. NATS does an fsync \
before each acknowledgement. Batches have 20 events. Replay uses the shared recording.\n\
\n\
- *maximum rate*: the load pauses while 500,000 acknowledged events are not yet committed \
as rows and objects. So this measures all parts together.\n\
- *5 minutes*: 80 % of that rate, at a fixed pace and without pauses.\n\
- *lag*: events that are acknowledged and not yet committed. The curve shows whether it \
grows.\n\
- *CPU*: seconds of one core per million events.\n\
- *bytes written*: by the keeper, which includes SQLite and objects. Postgres writes in its \
own processes.";

/// Acknowledged and not committed.
const MOST_ON_THEIR_WAY: u64 = 500_000;
const LOOK: Duration = Duration::from_millis(250);
/// Part of the most that is sent for minutes.
const PART: f64 = 0.8;

struct Variant {
    name: &'static str,
    database: Database,
    rows: &'static str,
    seal: &'static str,
    kind: Kind,
}

const VARIANTS: [Variant; 5] = [
    Variant {
        name: "no event rows, SQLite",
        database: Database::Sqlite,
        rows: "none",
        seal: "on",
        kind: Kind::Twenty,
    },
    Variant {
        name: "no event rows, Postgres",
        database: Database::Postgres,
        rows: "none",
        seal: "on",
        kind: Kind::Twenty,
    },
    Variant {
        name: "row for every event, SQLite",
        database: Database::Sqlite,
        rows: "all",
        seal: "on",
        kind: Kind::Twenty,
    },
    Variant {
        name: "no event rows, not sealed, SQLite",
        database: Database::Sqlite,
        rows: "none",
        seal: "off",
        kind: Kind::Twenty,
    },
    Variant {
        name: "replay only, SQLite",
        database: Database::Sqlite,
        rows: "none",
        seal: "on",
        kind: Kind::Replay,
    },
];

/// The row that defines full load for other scenarios.
pub const FULL_LOAD: &str = "no event rows, SQLite, maximum rate";
pub const RATE: &str = "events/s";

pub async fn run(length: &Length) -> anyhow::Result<Sheet> {
    let mut sheet = Sheet::new(NAME);
    for round in 1..=length.rounds {
        for variant in VARIANTS.iter().filter(|one| length.wants(one.name)) {
            progress(format!("round {round}, {}", variant.name));
            let row = format!("{}, maximum rate", variant.name);
            let measured = measure(variant, length.seconds(60), None).await?;
            measured.add_to(&mut sheet, &row);
        }
    }
    for variant in VARIANTS[..2].iter().filter(|one| length.wants(one.name)) {
        let most = sheet.median(&format!("{}, maximum rate", variant.name), RATE);
        let rate = most.context("measured just now")? * PART / 20.0;
        progress(format!("{} for minutes", variant.name));
        let measured = measure(variant, length.seconds(300), Some(rate)).await?;
        let row = format!("{}, 5 minutes", variant.name);
        measured.add_to(&mut sheet, &row);
        measured.add_lag_to(&mut sheet, &row);
        sheet.curve(
            format!("{}: events not yet committed", variant.name),
            measured.lag,
        );
    }
    Ok(sheet)
}

struct Measured {
    outcome: Outcome,
    rate: f64,
    cpu: Cpu,
    written: u64,
    keeper_peak_mb: f64,
    drained: Duration,
    lag: Vec<(f64, f64)>,
}

impl Measured {
    fn add_to(&self, sheet: &mut Sheet, row: &str) {
        let outcome = &self.outcome;
        let millions = outcome.events as f64 / 1e6;
        sheet.add(row, RATE, self.rate);
        sheet.add(
            row,
            "MB/s",
            self.rate * outcome.bytes as f64 / outcome.events as f64 / 1e6,
        );
        sheet.add(row, "ack p50 ms", outcome.latency_ms(50.0));
        sheet.add(row, "ack p99 ms", outcome.latency_ms(99.0));
        sheet.add(row, "CPU gateway", self.cpu.gateway / millions);
        sheet.add(row, "CPU NATS", self.cpu.nats / millions);
        sheet.add(row, "CPU keeper", self.cpu.keeper / millions);
        sheet.add(row, "CPU Postgres", self.cpu.postgres / millions);
        sheet.add(row, "CPU load", self.cpu.load / millions);
        sheet.add(
            row,
            "bytes written an event",
            self.written as f64 / outcome.events as f64,
        );
        sheet.add(row, "keeper MB", self.keeper_peak_mb);
        sheet.add(row, "refused", outcome.refused as f64);
        sheet.add(row, "drained s", self.drained.as_secs_f64());
    }

    /// Only the second half counts, after the start has filled all queues.
    fn add_lag_to(&self, sheet: &mut Sheet, row: &str) {
        let half = self.outcome.elapsed.as_secs_f64() / 2.0;
        let later = || {
            self.lag
                .iter()
                .filter(|(at, _lag)| *at > half)
                .map(|(_at, lag)| *lag)
        };
        let mean = later().sum::<f64>() / later().count().max(1) as f64;
        sheet.add(row, "lag mean", mean);
        sheet.add(row, "lag most", later().fold(0.0, f64::max));
    }
}

/// `rate`: requests a second; `None`: as many as are committed.
async fn measure(
    variant: &Variant,
    duration: Duration,
    rate: Option<f64>,
) -> anyhow::Result<Measured> {
    let setup = Setup::new(Sync::Always, variant.database)
        .with("CROW_SESSION__EVENT_ROWS", variant.rows)
        .with("CROW_STORAGE__SEAL", variant.seal);
    let mut stack = Stack::start(&setup).await?;
    stack.start_keeper().await?;
    let (told, arrived) = watch::channel(0);
    let window = Window::new(MOST_ON_THEIR_WAY, arrived);
    let load = Load {
        address: stack.ingest_address,
        connections: CONNECTIONS,
        pace: rate.map_or(Pace::Closed, Pace::Open),
        duration,
    };
    let traffic = stack.requests.traffic(variant.kind, CONNECTIONS);
    let before = stack.cpu()?;
    let curve = Curve::default();
    let running = load.run(traffic, rate.is_none().then_some(&window));
    let outcome = tokio::select! {
        outcome = running => outcome?,
        failed = curve.follow(&stack, &told) => return Err(failed),
    };
    let ended = Instant::now();
    stack.wait_until_committed(outcome.events).await?;
    let drained = ended.elapsed();
    let cpu = stack.cpu()?.since(&before);
    let keeper = stack.keeper_pid()?;
    let keeper_peak_mb = meter::peak_mb(keeper)?;
    let written = meter::written_bytes(keeper)?;
    stack.stop().await?;
    let curve = curve.0.into_inner();
    let rate_of_commits = slope(&curve, duration.as_secs_f64() / 5.0);
    let sent_per_second = outcome.per_second(outcome.events);
    let lag = curve
        .into_iter()
        .map(|(at, committed)| (at, (sent_per_second * at - committed).max(0.0)))
        .collect();
    Ok(Measured {
        outcome,
        rate: rate_of_commits,
        cpu,
        written,
        keeper_peak_mb,
        drained,
        lag,
    })
}

/// Seconds, and the events that were committed by then.
#[derive(Default)]
struct Curve(RefCell<Vec<(f64, f64)>>);

impl Curve {
    /// Polls and reports; ends only with an error.
    async fn follow(&self, stack: &Stack, told: &watch::Sender<u64>) -> anyhow::Error {
        let began = Instant::now();
        loop {
            tokio::time::sleep(LOOK).await;
            let committed = match stack.committed().await {
                Ok(committed) => committed,
                Err(error) => return error,
            };
            let at = began.elapsed().as_secs_f64();
            self.0.borrow_mut().push((at, committed as f64));
            told.send_replace(committed);
        }
    }
}

/// Events a second that were committed, from `after` seconds to the end.
fn slope(curve: &[(f64, f64)], after: f64) -> f64 {
    let first = curve.iter().find(|(at, _count)| *at >= after);
    match (first, curve.last()) {
        (Some(first), Some(last)) if last.0 > first.0 => (last.1 - first.1) / (last.0 - first.0),
        _ => 0.0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rate_leaves_out_the_start() {
        let curve = [(1.0, 0.0), (2.0, 50.0), (3.0, 150.0), (4.0, 250.0)];
        assert_eq!(slope(&curve, 2.0), 100.0);
        assert_eq!(slope(&curve, 4.0), 0.0);
    }
}
