//! The gateway with few and many connections, next to a handler that publishes each request itself.

use anyhow::Context;
use async_nats::jetstream;
use tempfile::TempDir;

use super::gateway::{add_outcome, purge, subjects};
use super::{Length, progress};
use crate::load::{Load, Pace};
use crate::results::Sheet;
use crate::stack::{self, Database, Setup, Stack, Sync};
use crate::traffic::Kind;

pub const NAME: &str = "connections";
pub const ABOUT: &str = "\
Each connection sends its next request, of one event, when the last one is answered. No keeper \
runs.\n\
\n\
- *plain handler*: an actix-web server, configured like the gateway, that publishes each body \
to the same streams and answers when it is acknowledged. It checks nothing.\n\
- *of plain*: the gateway's requests/s divided by those of the plain handler in the same round.";

const CONNECTIONS: [usize; 4] = [1, 16, 64, 256];

pub async fn run(length: &Length) -> anyhow::Result<Sheet> {
    let mut sheet = Sheet::new(NAME);
    for round in 1..=length.rounds {
        for sync in [Sync::Default, Sync::Always] {
            progress(format!("round {round}, {}", sync.as_str()));
            let stack = Stack::start(&Setup::new(sync, Database::Sqlite)).await?;
            for connections in CONNECTIONS {
                measure(&stack, sync, connections, length, &mut sheet).await?;
            }
            stack.stop().await?;
        }
    }
    Ok(sheet)
}

async fn measure(
    stack: &Stack,
    sync: Sync,
    connections: usize,
    length: &Length,
    sheet: &mut Sheet,
) -> anyhow::Result<()> {
    let name = |what: &str| format!("{connections} connections, {what}, {}", sync.as_str());
    let load = |address| Load {
        address,
        connections,
        pace: Pace::Closed,
        duration: length.seconds(4),
    };
    let traffic = || stack.requests.traffic(Kind::One, connections);
    let dir = TempDir::new()?;
    let url = stack.nats.url();
    let context = jetstream::new(async_nats::connect(&url).await?);
    let subjects = subjects(&context).await?.join(",");
    let arguments = ["--nats", &url, "--subjects", &subjects];
    let (process, address) = stack::start_bare(dir.path(), &arguments).await?;
    let plain = load(address).run(traffic(), None).await.context("plain")?;
    drop(process);
    add_outcome(sheet, &name("plain handler"), &plain);
    purge(stack).await?;

    let before = stack.cpu()?;
    let outcome = load(stack.ingest_address).run(traffic(), None).await?;
    let cpu = stack.cpu()?.since(&before);
    let row = name("gateway");
    add_outcome(sheet, &row, &outcome);
    let of_plain = outcome.per_second(outcome.requests) / plain.per_second(plain.requests);
    sheet.add(&row, "of plain", of_plain);
    let millions = outcome.events as f64 / 1e6;
    sheet.add(&row, "CPU gateway", cpu.gateway / millions);
    sheet.add(&row, "CPU NATS", cpu.nats / millions);
    purge(stack).await
}
