//! Single stages on fixed inputs, repeated, for `cargo xtask instructions`.

use anyhow::Context;
use bytes::Bytes;
use clap::ValueEnum;
use crow_proto::events::Message;
use crow_session_core::{Action, Config, Core, Event, FlushPlan, Incoming, Loaded};
use crow_storage::DataKey;
use crow_storage::pack::PackWriter;
use crow_storage::seal::KeyBytes;
use crow_types::{OrganizationId, Partition, Sequence, Timestamp};
use prost::Message as _;

use crate::traffic::{Kind, Requests};

/// Any time will do, if it is always the same.
const NOW: i64 = 1_763_712_345_678;
/// A session of twenty batches of twenty events, and one that is recorded for 81 s.
const KINDS: [(Kind, usize); 2] = [(Kind::Twenty, 20), (Kind::Replay, 17)];

/// A part of the way from a request to an object.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Stage {
    /// Bodies to messages: the gateway.
    Decode,
    /// Messages to the plan of a flush: the keeper's state machine.
    Apply,
    /// The plan of a flush to a pack.
    Pack,
}

/// Runs a stage repeatedly, after one run of each stage before it.
pub fn run(stage: Stage, times: usize) -> anyhow::Result<()> {
    let bodies = bodies();
    let repeat = |of: Stage| if of == stage { times } else { 1 };
    let mut messages = Vec::new();
    for _time in 0..repeat(Stage::Decode) {
        messages = decode(&bodies)?;
    }
    if stage == Stage::Decode {
        return Ok(());
    }
    let mut plan = None;
    for _time in 0..repeat(Stage::Apply) {
        plan = Some(apply(&messages)?);
    }
    if stage == Stage::Apply {
        return Ok(());
    }
    let plan = plan.context("applied at least once")?;
    for _time in 0..repeat(Stage::Pack) {
        pack(&plan)?;
    }
    Ok(())
}

fn bodies() -> Vec<Bytes> {
    let requests = Requests::starting_at("localhost", "crow_key", 1 << 40);
    let mut bodies = Vec::new();
    for (kind, batches) in KINDS {
        let mut traffic = requests.traffic_of_one(kind);
        for _batch in 0..batches {
            let request = traffic.request_at(NOW);
            bodies.push(Bytes::copy_from_slice(request.body()));
        }
    }
    bodies
}

fn decode(bodies: &[Bytes]) -> anyhow::Result<Vec<Bytes>> {
    let organization = OrganizationId::new("bench")?;
    let decoded = bodies.iter().map(|body| {
        crow_ingest::message_of_body(body, &organization, Timestamp(NOW))
            .map_err(|error| anyhow::anyhow!("{}", error.message))
    });
    decoded.collect()
}

fn apply(messages: &[Bytes]) -> anyhow::Result<FlushPlan> {
    let config = Config {
        flush_bytes: usize::MAX,
        ..Config::default()
    };
    let now = Timestamp(NOW);
    let mut core = Core::new(Partition(0), config, Sequence(0), now);
    for (index, message) in messages.iter().enumerate() {
        let message = Message::decode(message.clone())?;
        let batches: Vec<Incoming> = message
            .batches
            .into_iter()
            .filter_map(|batch| Incoming::new(batch).ok())
            .collect();
        let mut loaded = Loaded::default();
        for key in core.prefetch(&batches).sessions {
            loaded.sessions.insert(key, Vec::new());
        }
        core.handle_event(now, Event::Loaded(loaded));
        let sequence = Sequence(index as u64 + 1);
        core.handle_event(now, Event::Message { sequence, batches });
    }
    core.handle_event(now, Event::Drain);
    while let Some(action) = core.poll_action() {
        if let Action::Flush(plan) = action {
            return Ok(*plan);
        }
    }
    anyhow::bail!("there was nothing to flush")
}

fn pack(plan: &FlushPlan) -> anyhow::Result<Bytes> {
    let mut writer = PackWriter::new("packs/0/bench.ndjson.zst.sealed")?;
    let bytes = KeyBytes::random();
    for chunk in &plan.chunks {
        let key = DataKey {
            organization: "bench".into(),
            session: chunk.session_id.as_str().into(),
            bytes: bytes.clone(),
        };
        writer.add_chunk(&chunk.session_id, Some(&key), chunk.lines.iter())?;
    }
    Ok(writer.finish())
}
