//! The invariants of the crate, over random traffic with crashes at every step.

use std::collections::{BTreeMap, BTreeSet};

use bytes::Bytes;
use proptest::prelude::*;

use crow_proto::events::{Batch, Event as Interaction, Kind, ReplayEvent};
use crow_types::{EventRowId, Line, LineKind};

use super::*;

/// One step of a run.
#[derive(Debug, Clone)]
enum Step {
    /// A batch arrives; may be one that came before.
    Send {
        session: u8,
        window: u8,
        seq: u8,
        age: i64,
        /// Another batch under the same number.
        copy: u8,
    },
    /// Time passes.
    Wait(i64),
    /// The keeper handles one message.
    Handle,
    /// The keeper looks for due sessions.
    FindDue,
    /// The flush in flight is committed.
    Commit,
    /// The keeper dies.
    Crash,
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let copy = prop_oneof![8 => Just(0u8), 1 => 1..3u8];
    let send = (0..2u8, 0..2u8, 0..8u8, 0..3_000_000i64, copy).prop_map(
        |(session, window, seq, age, copy)| Step::Send {
            session,
            window,
            seq,
            age,
            copy,
        },
    );
    let step = prop_oneof![
        6 => send,
        2 => (0..5_000_000i64).prop_map(Step::Wait),
        6 => Just(Step::Handle),
        2 => Just(Step::FindDue),
        3 => Just(Step::Commit),
        1 => Just(Step::Crash),
    ];
    prop::collection::vec(step, 1..120)
}

/// What SQL and the object store hold.
#[derive(Debug, Default, PartialEq)]
struct Stored {
    checkpoint: Sequence,
    sessions: BTreeMap<String, SessionRecord>,
    /// The session row of each event, by the event's id.
    events: BTreeMap<String, String>,
    lines: Vec<(String, Line)>,
    announced: Vec<String>,
}

struct World {
    now: i64,
    stream: Vec<Batch>,
    handled: u64,
    core: Core,
    in_flight: Option<FlushPlan>,
    stored: Stored,
    actions: Vec<Action>,
}

impl World {
    fn new() -> Self {
        Self {
            now: 1_000_000_000,
            stream: Vec::new(),
            handled: 0,
            core: fresh_core(Sequence(0), 1_000_000_000),
            in_flight: None,
            stored: Stored::default(),
            actions: Vec::new(),
        }
    }

    fn take(&mut self, step: &Step) {
        match step {
            Step::Send { .. } => self.stream.push(batch_of(step, self.now)),
            Step::Wait(ms) => self.now += ms,
            Step::Handle => self.handle_one(),
            Step::FindDue => self.find_due(),
            Step::Commit => self.commit(),
            Step::Crash => self.crash(),
        }
        self.core.handle_timeout(Timestamp(self.now));
        self.perform();
    }

    fn handle_one(&mut self) {
        let Some(batch) = self.stream.get(usize::try_from(self.handled).unwrap()) else {
            return;
        };
        self.handled += 1;
        let incoming = Incoming::new(batch.clone()).unwrap();
        let wanted = self.core.prefetch([&incoming]).sessions;
        self.load(&wanted);
        let wanted = self.core.prefetch([&incoming]).events;
        let known = |key: &SessionKey| {
            let session = key.session.as_str();
            let stored = self.stored.events.iter();
            let of_key =
                stored.filter(|(_id, row)| self.stored.sessions[*row].session_id == session);
            of_key.map(|(id, _row)| EventRowId::bits(id)).collect()
        };
        let known_events = wanted
            .into_iter()
            .map(|key| (key.clone(), known(&key)))
            .collect();
        let loaded = Loaded {
            known_events,
            ..Loaded::default()
        };
        self.core
            .handle_event(Timestamp(self.now), Event::Loaded(loaded));
        let message = Event::Message {
            sequence: Sequence(self.handled),
            batches: vec![incoming],
        };
        self.core.handle_event(Timestamp(self.now), message);
    }

    fn load(&mut self, keys: &[SessionKey]) {
        let rows = |key: &SessionKey| {
            let mut rows: Vec<SessionRecord> = self
                .stored
                .sessions
                .values()
                .filter(|row| row.session_id == key.session.as_str())
                .cloned()
                .collect();
            rows.sort_by_key(|row| row.generation);
            rows
        };
        let sessions = keys.iter().map(|key| (key.clone(), rows(key))).collect();
        self.core.handle_event(
            Timestamp(self.now),
            Event::Loaded(Loaded {
                sessions,
                ..Loaded::default()
            }),
        );
    }

    fn find_due(&mut self) {
        let is_read = self.handled == self.stream.len() as u64;
        let last_read = self
            .handled
            .checked_sub(1)
            .and_then(|index| self.stream.get(usize::try_from(index).unwrap()));
        let watermark = if is_read {
            self.now
        } else {
            last_read.map_or(0, |batch| batch.received_at)
        };
        let due = self
            .stored
            .sessions
            .values()
            .filter(|row| row.due_at.is_some_and(|due| due <= self.now));
        let keys: Vec<SessionKey> = due.map(key_of).collect();
        let missing = self.core.prefetch_sessions(&keys);
        self.load(&missing);
        let due = Event::Due {
            watermark: Timestamp(watermark),
            sessions: keys,
        };
        self.core.handle_event(Timestamp(self.now), due);
    }

    fn perform(&mut self) {
        while let Some(action) = self.core.poll_action() {
            self.actions.push(action.clone());
            if let Action::Introduce(rows) = &action {
                for row in rows {
                    let rows = &mut self.stored.sessions;
                    rows.entry(row.id.clone()).or_insert_with(|| row.clone());
                }
            }
            if let Action::Flush(plan) = action {
                assert!(self.in_flight.is_none(), "two flushes in flight");
                assert!(
                    plan.checkpoint >= self.stored.checkpoint,
                    "the checkpoint went back"
                );
                self.in_flight = Some(*plan);
            }
        }
    }

    fn commit(&mut self) {
        let Some(plan) = self.in_flight.take() else {
            return;
        };
        self.stored.checkpoint = plan.checkpoint;
        for session in plan.sessions {
            self.stored.sessions.insert(session.id.clone(), session);
        }
        for chunk in plan.chunks {
            assert!(
                chunk.lines.is_sorted_by_key(|line| line.at),
                "a chunk is out of order"
            );
            let events = chunk
                .lines
                .iter()
                .filter(|line| line.kind == LineKind::Event);
            for id in events.map(id_of) {
                let before = self.stored.events.insert(id, chunk.session_id.clone());
                assert!(before.is_none(), "an event was written twice");
            }
            self.stored.lines.extend(
                chunk
                    .lines
                    .iter()
                    .map(|line| (chunk.session_id.clone(), line.clone())),
            );
        }
        self.stored
            .announced
            .extend(plan.outbox.into_iter().map(|row| row.id));
        self.core
            .handle_event(Timestamp(self.now), Event::FlushCommitted);
    }

    fn crash(&mut self) {
        self.in_flight = None;
        self.handled = self.stored.checkpoint.0;
        self.core = fresh_core(self.stored.checkpoint, self.now);
    }

    fn settle(&mut self) {
        self.core.handle_event(Timestamp(self.now), Event::Drain);
        for _round in 0..self.stream.len() + 4 {
            self.handle_one();
            self.perform();
            self.commit();
        }
        self.now += 1_000_000_000;
        self.find_due();
        self.perform();
        self.commit();
    }
}

fn id_of(line: &Line) -> String {
    let event: serde_json::Value = serde_json::from_slice(&line.data).unwrap();
    event["id"].as_str().unwrap().to_owned()
}

fn fresh_core(checkpoint: Sequence, now: i64) -> Core {
    let config = Config {
        max_cached_sessions: 1,
        flush_bytes: 2_000,
        ..Config::default()
    };
    Core::new(Partition(0), config, checkpoint, Timestamp(now))
}

fn key_of(row: &SessionRecord) -> SessionKey {
    SessionKey {
        organization: row.organization_id.clone().try_into().unwrap(),
        session: row.session_id.clone().try_into().unwrap(),
    }
}

/// The same session, window, number and copy always make the same events.
fn batch_of(step: &Step, now: i64) -> Batch {
    let Step::Send {
        session,
        window,
        seq,
        age,
        copy,
    } = step
    else {
        unreachable!("only sends make batches")
    };
    let name = format!("{session}-{window}-{seq}-{copy}");
    let kind = if *seq == 7 { Kind::End } else { Kind::Events };
    // An event that every second batch repeats with another number.
    let shared = (seq % 2 == 0).then(|| format!("shared-{session}"));
    let ids = (0..seq % 4)
        .map(|index| format!("{name}-{index}"))
        .chain(shared);
    let items = if kind == Kind::Events {
        ids.collect()
    } else {
        Vec::new()
    };
    Batch {
        organization_id: "acme".to_owned(),
        session_id: format!("s{session}"),
        window_id: format!("w{window}"),
        seq: Some(u64::from(*seq)),
        batch_id: name.clone(),
        named: true,
        received_at: now,
        kind: kind.into(),
        events: items
            .iter()
            .map(|id| Interaction {
                id: id.clone(),
                r#type: "click".to_owned(),
                timestamp: now - age,
                ..Interaction::default()
            })
            .collect(),
        replay: items
            .iter()
            .map(|_id| ReplayEvent {
                timestamp: now - age,
                data: Bytes::from(format!("{{\"batch\":\"{name}\"}}")),
                activity: *age % 2 == 0,
                ..ReplayEvent::default()
            })
            .collect(),
        ..Batch::default()
    }
}

fn run(steps: &[Step]) -> World {
    let mut world = World::new();
    steps.iter().for_each(|step| world.take(step));
    world.settle();
    world
}

/// What must be stored: of each batch the first one that came, whatever its number.
fn expected(stream: &[Batch]) -> (BTreeSet<EventRowId>, usize) {
    let mut names = BTreeSet::new();
    let mut events = BTreeSet::new();
    let mut replay = 0;
    for batch in stream {
        if names.insert((&batch.session_id, &batch.window_id, &batch.batch_id)) {
            let incoming = Incoming::new(batch.clone()).unwrap();
            events.extend((0..batch.events.len()).map(|index| incoming.event_row_id(index)));
            replay += batch.replay.len();
        }
    }
    (events, replay)
}

/// The batches whose number was larger than all before it in their window.
fn in_order(stream: &[Batch]) -> BTreeSet<(String, String, u64)> {
    let mut next: BTreeMap<(&String, &String), u64> = BTreeMap::new();
    let mut found = BTreeSet::new();
    for batch in stream {
        let seq = batch.seq.unwrap();
        let next = next
            .entry((&batch.session_id, &batch.window_id))
            .or_default();
        if seq >= *next {
            *next = seq + 1;
            found.insert((batch.session_id.clone(), batch.window_id.clone(), seq));
        }
    }
    found
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn nothing_is_lost_and_nothing_shows_twice(steps in steps()) {
        let World { stream, stored, .. } = run(&steps);
        let (events, replay) = expected(&stream);

        prop_assert_eq!(stored.checkpoint.0, stream.len() as u64);
        let rows: BTreeSet<EventRowId> = stored.events.keys().cloned().map(EventRowId).collect();
        prop_assert_eq!(&rows, &events);
        let lines = |kind| stored.lines.iter().filter(|(_session, line)| line.kind == kind).count();
        prop_assert_eq!(lines(LineKind::Event), events.len());
        prop_assert_eq!(lines(LineKind::Replay), replay);
        for row in stored.sessions.values() {
            let events = stored.events.values().filter(|session| **session == row.id).count();
            prop_assert_eq!(row.event_count, i64::try_from(events).unwrap());
        }
    }

    #[test]
    fn every_end_is_announced_once_per_revision(steps in steps()) {
        let stored = run(&steps).stored;
        let announced: BTreeSet<&String> = stored.announced.iter().collect();
        prop_assert_eq!(announced.len(), stored.announced.len());
        let ended = stored.sessions.values();
        let due: BTreeSet<String> = ended
            .inspect(|row| assert!(row.end_reason.is_some(), "a session is still open"))
            .flat_map(|row| (0..=row.revision).map(|revision| format!("{}-{revision}", row.id)))
            .collect();
        prop_assert_eq!(announced.into_iter().cloned().collect::<BTreeSet<_>>(), due);
    }

    #[test]
    fn batches_that_come_in_order_do_not_run_backwards(steps in steps()) {
        let World { stream, stored, .. } = run(&steps);
        let in_order = in_order(&stream);
        let mut newest: BTreeMap<(String, String, bool), (u64, i64)> = BTreeMap::new();
        for (session, line) in stored.lines {
            // A batch with a used number counts as a batch without number.
            let Some(of_line) = line.seq else { continue };
            let lane = (session.clone(), line.window.clone(), line.kind == LineKind::Replay);
            let (seq, at) = newest.entry(lane).or_default();
            if in_order.contains(&(stored.sessions[&session].session_id.clone(), line.window, of_line)) && of_line >= *seq {
                prop_assert!(line.at >= *at);
                (*seq, *at) = (of_line, line.at);
            }
        }
    }

    #[test]
    fn the_same_steps_give_the_same_actions(steps in steps()) {
        prop_assert_eq!(run(&steps).actions, run(&steps).actions);
    }
}
