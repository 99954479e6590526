//! What one tenant can do to another, and what connections that say nothing do to everybody.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Instant;

use anyhow::Context;
use hdrhistogram::Histogram;
use tokio::net::TcpStream;
use tokio::task::JoinSet;

use super::read::add;
use super::{Length, progress};
use crate::results::Sheet;
use crate::stack::{Database, ORGANIZATION, Setup, Stack, Sync};

pub const NAME: &str = "neighbours";
pub const ABOUT: &str = "\
Lists of one organization, one request at a time: alone; while 30 loops of another organization ask \
for exact numbers of all of its sessions (`/analytics/…/overview?exact=true`); and while 5,000 \
connections to each of gateway, read API and gRPC say nothing.\n\
\n\
- *times alone*: the median divided by the one of the same organization alone, in the same round.\n\
- *answered* and *refused*: what the 30 loops got.";

/// Of the organization that asks much.
const SESSIONS: u64 = 1_000_000;
/// Of the other one.
const FEW_SESSIONS: u64 = 50_000;
const NEIGHBOUR: &str = "neighbour";
const LOOPS: usize = 30;
const SILENT: usize = 5_000;
const REQUESTS: usize = 200;
const LISTS: [(&str, &str); 2] = [
    ("first page", ""),
    ("mobile with errors", "?device=mobile&errors=true"),
];

pub async fn run(length: &Length) -> anyhow::Result<Sheet> {
    let mut sheet = Sheet::new(NAME);
    for database in [Database::Sqlite, Database::Postgres] {
        let mut stack = Stack::start(&Setup::new(Sync::Default, database)).await?;
        for (organization, sessions) in [(ORGANIZATION, SESSIONS), (NEIGHBOUR, FEW_SESSIONS)] {
            let sessions = length.count(sessions).to_string();
            progress(format!(
                "{sessions} sessions of {organization} for {}",
                database.as_str()
            ));
            stack.crow(&[
                "seed",
                "--org",
                organization,
                "--sessions",
                &sessions,
                "--days",
                "30",
            ])?;
        }
        stack.start_query().await?;
        let key = stack.create_key(NEIGHBOUR, "read")?;
        let neighbour = Neighbour { stack: &stack, key };
        for round in 1..=length.rounds {
            progress(format!("round {round} on {}", database.as_str()));
            neighbour.measure(database, &mut sheet).await?;
        }
        stack.stop().await?;
    }
    Ok(sheet)
}

/// The organization that is measured.
struct Neighbour<'a> {
    stack: &'a Stack,
    key: String,
}

impl Neighbour<'_> {
    async fn measure(&self, database: Database, sheet: &mut Sheet) -> anyhow::Result<()> {
        let mut alone = Vec::new();
        for (name, query) in LISTS {
            let times = self.times(query).await?;
            add(
                sheet,
                &format!("{name}, alone, {}", database.as_str()),
                &times,
            );
            alone.push(times.value_at_quantile(0.5) as f64);
        }
        let loops = Loops::start(self.stack);
        self.measure_beside("beside 30 loops", &alone, database, sheet)
            .await?;
        let (answered, refused) = loops.stop().await?;
        let row = format!("30 loops, {}", database.as_str());
        sheet.add(&row, "answered", answered as f64);
        sheet.add(&row, "refused", refused as f64);
        let silent = self.silent_connections().await?;
        self.measure_beside("beside silent connections", &alone, database, sheet)
            .await?;
        drop(silent);
        Ok(())
    }

    async fn measure_beside(
        &self,
        what: &str,
        alone: &[f64],
        database: Database,
        sheet: &mut Sheet,
    ) -> anyhow::Result<()> {
        for ((name, query), alone) in LISTS.into_iter().zip(alone) {
            let row = format!("{name}, {what}, {}", database.as_str());
            let times = self.times(query).await?;
            add(sheet, &row, &times);
            sheet.add(
                &row,
                "times alone",
                times.value_at_quantile(0.5) as f64 / alone,
            );
        }
        Ok(())
    }

    async fn times(&self, query: &str) -> anyhow::Result<Histogram<u64>> {
        let path = format!("/sessions/{NEIGHBOUR}{query}");
        let mut times = Histogram::new(3)?;
        for request in 0..=REQUESTS {
            let began = Instant::now();
            let answer = self.stack.ask_as(&self.key, &path).await?;
            answer.error_for_status()?.bytes().await?;
            // The first one warms the caches of the database.
            if request > 0 {
                times.record(u64::try_from(began.elapsed().as_micros())?)?;
            }
        }
        Ok(times)
    }

    async fn silent_connections(&self) -> anyhow::Result<Vec<TcpStream>> {
        let mut open = Vec::with_capacity(3 * SILENT);
        for address in self.stack.listeners()? {
            for _connection in 0..SILENT {
                open.push(connect(address).await?);
            }
        }
        Ok(open)
    }
}

async fn connect(address: SocketAddr) -> anyhow::Result<TcpStream> {
    TcpStream::connect(address)
        .await
        .with_context(|| format!("no more connections to {address}; raise `ulimit -n`"))
}

/// Callers of the other organization that never pause.
struct Loops {
    tasks: JoinSet<anyhow::Result<()>>,
    stop: Arc<AtomicBool>,
    answered: Arc<AtomicUsize>,
    refused: Arc<AtomicUsize>,
}

impl Loops {
    fn start(stack: &Stack) -> Self {
        let mut loops = Self {
            tasks: JoinSet::new(),
            stop: Arc::default(),
            answered: Arc::default(),
            refused: Arc::default(),
        };
        for _loop in 0..LOOPS {
            let request = stack.request(&format!("/analytics/{ORGANIZATION}/overview?exact=true"));
            let stop = Arc::clone(&loops.stop);
            let counts = [Arc::clone(&loops.answered), Arc::clone(&loops.refused)];
            loops.tasks.spawn(async move {
                while !stop.load(Ordering::Relaxed) {
                    let request = request.try_clone().context("a request without a body")?;
                    let answer = request.send().await?;
                    let count = &counts[usize::from(!answer.status().is_success())];
                    count.fetch_add(1, Ordering::Relaxed);
                    answer.bytes().await?;
                }
                Ok(())
            });
        }
        loops
    }

    /// What they got: answers, and refusals.
    async fn stop(mut self) -> anyhow::Result<(usize, usize)> {
        self.stop.store(true, Ordering::Relaxed);
        while let Some(ended) = self.tasks.join_next().await {
            ended??;
        }
        let counts = [self.answered, self.refused].map(|count| count.load(Ordering::Relaxed));
        Ok((counts[0], counts[1]))
    }
}
