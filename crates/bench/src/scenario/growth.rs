//! The same work with ten and a hundred times as many stored sessions.

use std::time::Instant;

use super::{Length, keeper, progress, read};
use crate::results::Sheet;
use crate::stack::{Database, ORGANIZATION, Setup, Stack, Sync};
use crate::traffic::Kind;

pub const NAME: &str = "growth";
pub const ABOUT: &str = "\
SQLite holds this many sessions of `crow seed`, with ten events each. A keeper starts and \
drains 500,000 further events. Then the list is requested. *ready*: seconds until the keeper \
owns its partitions.\n\
\n\
Values that do not depend on the amount of stored data stay the same in all rows.";

const SESSIONS: [u64; 3] = [10_000, 100_000, 1_000_000];
const EVENTS: u64 = 500_000;
const DRAINED: &str = "drained events/s";
const LIST: &str = "list p50 ms";
const LIST_OF_USER: &str = "list of one user p50 ms";
/// What should stay flat.
const DRAWN: [&str; 3] = [DRAINED, LIST, LIST_OF_USER];

pub async fn run(length: &Length) -> anyhow::Result<Sheet> {
    let mut sheet = Sheet::new(NAME);
    for round in 1..=length.rounds {
        for sessions in SESSIONS {
            progress(format!("round {round}, {sessions} sessions"));
            measure(length.count(sessions), length.count(EVENTS), &mut sheet).await?;
        }
    }
    draw(length, &mut sheet);
    Ok(sheet)
}

/// Each figure over the sessions, as a multiple of what it is with the fewest.
fn draw(length: &Length, sheet: &mut Sheet) {
    sheet.x_axis = "sessions stored (each figure as a multiple of that with the fewest)";
    for column in DRAWN {
        let figure = |sessions| sheet.median(&row_of(length.count(sessions)), column);
        let first = figure(SESSIONS[0]).unwrap_or(1.0);
        let points = SESSIONS.iter().filter_map(|sessions| {
            let stored = length.count(*sessions) as f64;
            Some((stored, figure(*sessions)? / first))
        });
        let points = points.collect();
        sheet.curve(column.to_owned(), points);
    }
}

fn row_of(sessions: u64) -> String {
    format!("{sessions} sessions")
}

async fn measure(sessions: u64, events: u64, sheet: &mut Sheet) -> anyhow::Result<()> {
    let row = row_of(sessions);
    let mut stack = Stack::start(&Setup::new(Sync::Default, Database::Sqlite)).await?;
    let count = sessions.to_string();
    stack.crow(&[
        "seed",
        "--org",
        ORGANIZATION,
        "--sessions",
        &count,
        "--days",
        "30",
    ])?;
    let database = stack.stored_bytes().await?.database;
    sheet.add(&row, "database MB", database as f64 / 1e6);
    let filled = keeper::fill(&stack, Kind::Twenty, events).await?;
    let began = Instant::now();
    stack.start_keeper().await?;
    sheet.add(&row, "ready s", began.elapsed().as_secs_f64());
    stack.wait_until_committed(filled.events).await?;
    let seconds = began.elapsed().as_secs_f64();
    sheet.add(&row, DRAINED, filled.events as f64 / seconds);
    stack.start_query().await?;
    for (name, query) in [(LIST, ""), (LIST_OF_USER, "?userId=user-7")] {
        let times = read::measure_requests(&stack, query).await?;
        sheet.add(&row, name, times.value_at_percentile(50.0) as f64 / 1e3);
    }
    stack.stop().await
}
