//! What a session costs in objects, bytes and rows.

use std::time::Duration;

use crow_testkit::wait;

use super::{Length, progress};
use crate::load::{Load, Pace};
use crate::meter;
use crate::results::Sheet;
use crate::stack::{Database, Setup, Stack, Sync};
use crate::traffic::Kind;

pub const NAME: &str = "cost";
pub const ABOUT: &str = "\
Recorded sessions of 81 s by 1,024 visitors at once. Each sends 17 replay batches of the \
shared recording, 17 batches of eight interactions, and an end; one in five has no end. The \
batches come three times as fast as in real life. The run ends when all sessions are \
archived.\n\
\n\
- *stored of raw*: bytes of objects, after unused packs are removed, as a part of the bytes \
of all request bodies.\n\
- *object writes*, *object reads*: by the keeper, archives included.\n\
- *SQL*: the SQLite file without its free pages. Archiving frees them, and later sessions \
take them; *SQL file* has them, too.\n\
- *CPU*: gateway, NATS and keeper, archiving included.";

/// The row, and the columns that others compute with.
pub const VISIT: &str = "visit of 81 s, recorded";
pub const EVENTS: &str = "events a session";
pub const CPU: &str = "CPU s a million events";
pub const WRITES: &str = "object writes a session";
pub const STORED: &str = "stored KB a session";
pub const SQL: &str = "SQL KB a session";

/// With 32 visitors each.
const CONNECTIONS: usize = 32;
/// A second, over all connections: a visitor sends one in 0.7 s.
const REQUESTS: f64 = 1_500.0;
const ARCHIVED: Duration = Duration::from_secs(300);

pub async fn run(length: &Length) -> anyhow::Result<Sheet> {
    let mut sheet = Sheet::new(NAME);
    for round in 1..=length.rounds {
        progress(format!("round {round}"));
        measure(length, &mut sheet).await?;
    }
    Ok(sheet)
}

async fn measure(length: &Length, sheet: &mut Sheet) -> anyhow::Result<()> {
    let setup = Setup::new(Sync::Always, Database::Sqlite)
        .with("CROW_SESSION__ARCHIVE_DELAY_MS", "1000")
        .with("CROW_SESSION__ARCHIVE_BYTES_PER_SECOND", "1073741824")
        .with("CROW_SESSION__IDLE_TIMEOUT_MS", "30000");
    let mut stack = Stack::start(&setup).await?;
    stack.start_keeper().await?;
    let load = Load {
        address: stack.ingest_address,
        connections: CONNECTIONS,
        pace: Pace::Open(REQUESTS),
        duration: length.seconds(120),
    };
    let traffic = stack.requests.traffic(Kind::Visit, CONNECTIONS);
    let before = stack.cpu()?;
    let outcome = load.run(traffic, None).await?;
    stack.wait_until_committed(outcome.events).await?;
    let archives = wait_for_archives(&stack).await?;
    let cpu = stack.cpu()?.since(&before);
    let operations = async |operation: &str| {
        // Without the closing quote: reads of ranges are reads.
        let label = format!("operation=\"{operation}");
        let name = "crow_storage_operations_total";
        meter::metric(&stack.http, &stack.session_url, name, &label).await
    };
    let (puts, reads) = (operations("put").await?, operations("get").await?);
    stack.crow(&["sweep", "--keep", "0", "--margin", "0"])?;
    let stored = stack.stored_bytes().await?;
    let objects = stored.objects as f64;
    let row = VISIT;
    let millions = outcome.events as f64 / 1e6;
    sheet.add(row, "sessions", archives);
    sheet.add(row, EVENTS, outcome.events as f64 / archives);
    let all = cpu.gateway + cpu.nats + cpu.keeper;
    sheet.add(row, CPU, all / millions);
    sheet.add(
        row,
        "raw KB a session",
        outcome.bytes as f64 / archives / 1e3,
    );
    sheet.add(row, WRITES, puts / archives);
    sheet.add(row, "object reads a session", reads / archives);
    sheet.add(row, STORED, objects / archives / 1e3);
    sheet.add(row, "stored of raw", objects / outcome.bytes as f64);
    let used = (stored.database - stored.free) as f64;
    sheet.add(row, SQL, used / archives / 1e3);
    sheet.add(
        row,
        "SQL file KB a session",
        stored.database as f64 / archives / 1e3,
    );
    stack.stop().await
}

/// Until no more come.
async fn wait_for_archives(stack: &Stack) -> anyhow::Result<f64> {
    let mut last = (0.0, 0);
    wait::until("all sessions to be archived", ARCHIVED, async || {
        let now = stack.archived().await.ok()?;
        // Longer than sessions stay idle, and looked at every 25 ms.
        last = if now == last.0 {
            (now, last.1 + 1)
        } else {
            (now, 0)
        };
        (now > 0.0 && last.1 > 2_000).then_some(())
    })
    .await?;
    Ok(last.0)
}
