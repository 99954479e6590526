//! The gateway alone: no keeper reads what it publishes.

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use anyhow::Context;
use async_nats::jetstream;
use bytes::Bytes;
use futures::{StreamExt, TryStreamExt, stream};
use tempfile::TempDir;

use super::{CONNECTIONS, Length, progress};
use crate::load::{Load, Outcome, Pace};
use crate::results::Sheet;
use crate::stack::{self, Database, Setup, Stack, Sync};
use crate::traffic::Kind;

pub const NAME: &str = "gateway";
pub const ABOUT: &str = "\
256 connections each send their next batch when the last one is answered. No keeper runs.\n\
\n\
- *bare server*: an actix-web server, configured like the gateway, that only reads the body \
and answers.\n\
- *bare publishing*: the same bodies published to the same streams, one message each, 512 in \
flight.\n\
- *of bare*: the gateway's requests/s divided by those of the bare server in the same round.\n\
- *CPU*: seconds of one core per million events.";

const KINDS: [Kind; 3] = [Kind::One, Kind::Twenty, Kind::Replay];
/// Bodies that bare publishing repeats.
const BODIES: usize = 2_000;
/// Publishes on their way.
const IN_FLIGHT: usize = 512;

pub async fn run(length: &Length) -> anyhow::Result<Sheet> {
    let mut sheet = Sheet::new(NAME);
    for round in 1..=length.rounds {
        for sync in [Sync::Default, Sync::Always] {
            progress(format!("round {round}, {}", sync.as_str()));
            let stack = Stack::start(&Setup::new(sync, Database::Sqlite)).await?;
            for kind in KINDS.into_iter().filter(|kind| length.wants(kind.as_str())) {
                let bare = measure_bare(&stack, kind, length, &mut sheet).await?;
                measure_gateway(&stack, kind, sync, length, bare, &mut sheet).await?;
                measure_publishing(&stack, kind, sync, length, &mut sheet).await?;
            }
            stack.stop().await?;
        }
    }
    Ok(sheet)
}

fn load(address: SocketAddr, length: &Length) -> Load {
    Load {
        address,
        connections: CONNECTIONS,
        pace: Pace::Closed,
        duration: length.seconds(5),
    }
}

/// Requests a second.
async fn measure_bare(
    stack: &Stack,
    kind: Kind,
    length: &Length,
    sheet: &mut Sheet,
) -> anyhow::Result<f64> {
    let dir = TempDir::new()?;
    let (_process, address) = stack::start_bare(dir.path(), &[]).await?;
    let traffic = stack.requests.traffic(kind, CONNECTIONS);
    let outcome = load(address, length).run(traffic, None).await?;
    let row = format!("{}, bare server", kind.as_str());
    add_outcome(sheet, &row, &outcome);
    Ok(outcome.per_second(outcome.requests))
}

async fn measure_gateway(
    stack: &Stack,
    kind: Kind,
    sync: Sync,
    length: &Length,
    bare: f64,
    sheet: &mut Sheet,
) -> anyhow::Result<()> {
    let traffic = stack.requests.traffic(kind, CONNECTIONS);
    let before = stack.cpu()?;
    let outcome = load(stack.ingest_address, length)
        .run(traffic, None)
        .await?;
    let cpu = stack.cpu()?.since(&before);
    let row = format!("{}, gateway, {}", kind.as_str(), sync.as_str());
    add_outcome(sheet, &row, &outcome);
    sheet.add(&row, "of bare", outcome.per_second(outcome.requests) / bare);
    let millions = outcome.events as f64 / 1e6;
    sheet.add(&row, "CPU gateway", cpu.gateway / millions);
    sheet.add(&row, "CPU NATS", cpu.nats / millions);
    sheet.add(&row, "CPU load", cpu.load / millions);
    purge(stack).await
}

async fn measure_publishing(
    stack: &Stack,
    kind: Kind,
    sync: Sync,
    length: &Length,
    sheet: &mut Sheet,
) -> anyhow::Result<()> {
    let mut traffic = stack
        .requests
        .traffic(kind, 1)
        .pop()
        .context("one connection")?;
    let mut bodies = Vec::with_capacity(BODIES);
    for _body in 0..BODIES {
        let request = traffic.next_request();
        bodies.push((Bytes::copy_from_slice(request.body()), request.events));
    }
    let outcome = publish_for(stack, &bodies, length.seconds(5)).await?;
    let row = format!("{}, bare publishing, {}", kind.as_str(), sync.as_str());
    let per_second = |count: u64| count as f64 / outcome.elapsed.as_secs_f64();
    sheet.add(&row, "requests/s", per_second(outcome.messages));
    sheet.add(&row, "events/s", per_second(outcome.events));
    sheet.add(&row, "MB/s", per_second(outcome.bytes) / 1e6);
    purge(stack).await
}

struct Published {
    messages: u64,
    events: u64,
    bytes: u64,
    elapsed: Duration,
}

async fn publish_for(
    stack: &Stack,
    bodies: &[(Bytes, u64)],
    duration: Duration,
) -> anyhow::Result<Published> {
    let context = jetstream::new(async_nats::connect(stack.nats.url()).await?);
    let subjects = subjects(&context).await?;
    let began = Instant::now();
    let turns = (0_usize..).take_while(|_turn| began.elapsed() < duration);
    let published = stream::iter(turns)
        .map(|turn| {
            let (body, events) = bodies[turn % bodies.len()].clone();
            let (context, subject) = (&context, subjects[turn % subjects.len()].clone());
            async move {
                let bytes = body.len() as u64;
                context.publish(subject, body).await?.await?;
                anyhow::Ok((events, bytes))
            }
        })
        .buffer_unordered(IN_FLIGHT)
        .try_fold(
            (0, 0, 0),
            |(messages, events, bytes), (more_events, more_bytes)| async move {
                Ok((messages + 1, events + more_events, bytes + more_bytes))
            },
        )
        .await?;
    let (messages, events, bytes) = published;
    Ok(Published {
        messages,
        events,
        bytes,
        elapsed: began.elapsed(),
    })
}

/// Of the partitions' streams.
pub(super) async fn subjects(context: &jetstream::Context) -> anyhow::Result<Vec<String>> {
    let names: Vec<String> = context.stream_names().try_collect().await?;
    Ok(names
        .iter()
        .filter_map(|name| name.strip_prefix("CROW_EVENTS_"))
        .map(|partition| format!("crow.events.{partition}"))
        .collect())
}

/// Empties the partitions' streams.
pub(super) async fn purge(stack: &Stack) -> anyhow::Result<()> {
    let context = jetstream::new(async_nats::connect(stack.nats.url()).await?);
    let names: Vec<String> = context.stream_names().try_collect().await?;
    for name in names.iter().filter(|name| name.starts_with("CROW_EVENTS_")) {
        context.get_stream(name).await?.purge().await?;
    }
    Ok(())
}

pub(super) fn add_outcome(sheet: &mut Sheet, row: &str, outcome: &Outcome) {
    sheet.add(row, "requests/s", outcome.per_second(outcome.requests));
    sheet.add(row, "events/s", outcome.per_second(outcome.events));
    sheet.add(row, "MB/s", outcome.per_second(outcome.bytes) / 1e6);
    for percent in [50.0, 95.0, 99.0] {
        sheet.add(row, &format!("p{percent} ms"), outcome.latency_ms(percent));
    }
    if outcome.refused > 0 {
        sheet.add(row, "refused", outcome.refused as f64);
    }
}
