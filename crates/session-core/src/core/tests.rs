//! Traces: what comes in, what goes out.

use bytes::Bytes;
use expect_test::{Expect, expect};

use crow_proto::events::{Batch, Context, Event as Interaction, Kind, Page, ReplayEvent};

use crow_types::Line;

use super::*;

mod consent;
mod end;
mod flush;
mod forget;
mod introduce;
mod live;
mod order;
mod receive;
mod revise;
mod watch;

const MINUTE: i64 = 60_000;
const HOUR: i64 = 60 * MINUTE;

/// A partition whose database is empty at first, driven by hand.
struct Trace {
    core: Core,
    now: i64,
    sequence: u64,
    log: Vec<String>,
    /// What was flushed, by session id and generation.
    rows: BTreeMap<(String, i32), SessionRecord>,
}

impl Trace {
    fn new() -> Self {
        let core = Core::new(Partition(0), Config::default(), Sequence(0), Timestamp(0));
        Self {
            core,
            now: 0,
            sequence: 0,
            log: Vec::new(),
            rows: BTreeMap::new(),
        }
    }

    fn at(&mut self, now: i64) -> &mut Self {
        self.now = now;
        self
    }

    fn batch(&mut self, batch: Batch) -> &mut Self {
        let incoming = Incoming::new(Batch {
            received_at: self.now,
            ..batch
        })
        .unwrap();
        let sessions = self
            .core
            .prefetch([&incoming])
            .sessions
            .into_iter()
            .map(|key| {
                let rows = self.rows.values();
                let of_key = |row: &&SessionRecord| row.session_id == key.session.as_str();
                let rows = rows.filter(of_key).cloned().collect();
                (key, rows)
            })
            .collect();
        let loaded = Loaded {
            sessions,
            ..Loaded::default()
        };
        self.core
            .handle_event(Timestamp(self.now), Event::Loaded(loaded));
        self.sequence += 1;
        let message = Event::Message {
            sequence: Sequence(self.sequence),
            batches: vec![incoming],
        };
        self.core.handle_event(Timestamp(self.now), message);
        self
    }

    fn due(&mut self) -> &mut Self {
        let sessions = self.core.sessions.keys().cloned().collect();
        self.core.handle_event(
            Timestamp(self.now),
            Event::Due {
                watermark: Timestamp(self.now),
                sessions,
            },
        );
        self
    }

    fn flush(&mut self) -> &mut Self {
        self.core.handle_event(Timestamp(self.now), Event::Drain);
        while let Some(action) = self.core.poll_action() {
            let Action::Flush(plan) = action else {
                continue;
            };
            self.log.push(describe(&plan));
            for row in plan.sessions {
                self.rows
                    .insert((row.session_id.clone(), row.generation), row);
            }
            self.core
                .handle_event(Timestamp(self.now), Event::FlushCommitted);
        }
        self.core.is_draining = false;
        self
    }

    fn check(&self, expected: &Expect) {
        expected.assert_eq(&(self.log.join("\n") + "\n"));
    }
}

fn describe(plan: &FlushPlan) -> String {
    let mut text = format!("flush {} through {}", plan.reason.as_str(), plan.checkpoint);
    for session in &plan.sessions {
        let end = session.end_reason.map_or("open".to_owned(), |reason| {
            format!("{reason}@{}", session.ended_at.unwrap())
        });
        text += &format!(
            "\n  session {}#{} r{} {end} start={} events={} replay={} due={:?}",
            session.session_id,
            session.generation,
            session.revision,
            session.started_at,
            session.event_count,
            session.replay_event_count,
            session.due_at
        );
    }
    for chunk in &plan.chunks {
        let times: Vec<i64> = chunk.lines.iter().map(|line| line.at).collect();
        text += &format!(
            "\n  chunk {} of window {:?}: {times:?}",
            chunk.chunk_index, chunk.window_id
        );
    }
    for row in &plan.outbox {
        text += &format!("\n  announce revision {}", row.revision);
    }
    text
}

fn batch(seq: u64, events: &[(&str, i64)]) -> Batch {
    Batch {
        organization_id: "acme".to_owned(),
        session_id: "s".to_owned(),
        window_id: "w".to_owned(),
        seq: Some(seq),
        batch_id: format!("b{seq}"),
        context: Some(Context {
            url: "https://shop.example/".to_owned(),
            ..Context::default()
        }),
        events: events.iter().map(|(id, at)| interaction(id, *at)).collect(),
        ..Batch::default()
    }
}

fn interaction(id: &str, timestamp: i64) -> Interaction {
    Interaction {
        id: id.to_owned(),
        r#type: "click".to_owned(),
        timestamp,
        ..Interaction::default()
    }
}

fn id_of(line: &Line) -> String {
    let event: serde_json::Value = serde_json::from_slice(&line.data).unwrap();
    event["id"].as_str().unwrap().to_owned()
}

fn mutation(timestamp: i64) -> ReplayEvent {
    ReplayEvent {
        timestamp,
        data: Bytes::from_static(b"{}"),
        ..ReplayEvent::default()
    }
}

fn end(seq: u64) -> Batch {
    Batch {
        kind: Kind::End.into(),
        ..batch(seq, &[])
    }
}
