//! The clients of a run, and the streams that hold what they sent.

use std::collections::{BTreeMap, BTreeSet};

use bytes::Bytes;
use rand::Rng;
use rand::rngs::StdRng;

use prost::Message as _;

use crow_proto::events::{Batch, Context, Event, Kind, Message, ReplayEvent};
use crow_session_core::Incoming;
use crow_types::{OrganizationId, Partition, PartitionCount, Sequence, SessionId};

/// Of one run.
pub(super) const PARTITIONS: u16 = 2;
pub(super) const SESSIONS: u16 = 4;
/// The last window of a session does not count its batches.
const WINDOWS: u16 = 3;
const ORGANIZATION: &str = "acme";

/// One message of a stream.
#[derive(Debug, Clone)]
pub(super) struct Stored {
    pub(super) batches: Vec<Batch>,
    pub(super) at: i64,
    /// Nobody can read it.
    is_damaged: bool,
}

impl Stored {
    pub(super) fn encode(&self) -> Bytes {
        if self.is_damaged {
            return Bytes::from_static(b"no protobuf");
        }
        let message = Message {
            batches: self.batches.clone(),
            ..Message::default()
        };
        message.encode_to_vec().into()
    }
}

/// A stream: everything that was published, and how much of it is purged.
#[derive(Debug, Default)]
pub(super) struct Stream {
    messages: Vec<Stored>,
    purged: u64,
}

impl Stream {
    pub(super) fn last(&self) -> Sequence {
        Sequence(self.messages.len() as u64)
    }

    pub(super) fn publish(&mut self, batches: Vec<Batch>, at: i64) {
        self.messages.push(Stored {
            batches,
            at,
            is_damaged: false,
        });
    }

    fn publish_damaged(&mut self, at: i64) {
        self.messages.push(Stored {
            batches: Vec::new(),
            at,
            is_damaged: true,
        });
    }

    /// The oldest message that is not purged.
    pub(super) fn first(&self) -> Sequence {
        Sequence(self.purged + 1)
    }

    /// `None` after the last message, and for a former owner that is behind the new owner's purge.
    pub(super) fn read(&self, sequence: Sequence) -> Option<&Stored> {
        if sequence.0 <= self.purged {
            return None;
        }
        self.messages.get(usize::try_from(sequence.0).unwrap() - 1)
    }

    /// Whether a message after this position, stored before this time, is of the session.
    pub(super) fn holds_after(&self, sequence: Sequence, session: &str, before: i64) -> bool {
        let rest = &self.messages[usize::try_from(sequence.0).unwrap()..];
        let is_of_session = |batch: &Batch| batch.session_id == session;
        rest.iter()
            .any(|message| message.at < before && message.batches.iter().any(is_of_session))
    }

    pub(super) fn purge_through(&mut self, sequence: Sequence) {
        assert!(sequence <= self.last(), "purging what is not there");
        self.purged = self.purged.max(sequence.0);
    }
}

/// Who is who in a run.
#[derive(Debug)]
pub(super) struct Names {
    /// Ids of sessions. A session is in the partition of its number.
    pub(super) sessions: Vec<String>,
    /// Clients say who the user is.
    has_users: bool,
}

impl Names {
    /// Without users, and with ids that may hash to another partition.
    pub(super) fn plain() -> Self {
        Self {
            sessions: (0..SESSIONS).map(|session| format!("s{session}")).collect(),
            has_users: false,
        }
    }

    /// An erasure takes over the partition that a session id hashes to.
    pub(super) fn hashed() -> Self {
        let count = PartitionCount::new(PARTITIONS).unwrap();
        let id = |session: u16| {
            let is_there = |id: &String| {
                let id = SessionId::new(id.as_str()).unwrap();
                Partition::of(&organization(), &id, count).0 == session % PARTITIONS
            };
            let mut ids = (0..).map(|n: u32| format!("s{session}-{n}"));
            ids.find(is_there).unwrap()
        };
        Self {
            sessions: (0..SESSIONS).map(id).collect(),
            has_users: true,
        }
    }

    /// Two sessions of different partitions have one user.
    pub(super) fn user_of(&self, session: usize) -> String {
        if self.has_users {
            format!("u{}", session / 2)
        } else {
            String::new()
        }
    }

    pub(super) fn keys(&self) -> Vec<(OrganizationId, SessionId)> {
        let key = |id: &String| (organization(), SessionId::new(id.as_str()).unwrap());
        self.sessions.iter().map(key).collect()
    }
}

pub(super) fn organization() -> OrganizationId {
    OrganizationId::new(ORGANIZATION).unwrap()
}

/// What clients hold until it is acknowledged.
#[derive(Debug)]
pub(super) struct Clients {
    pub(super) names: Names,
    next: BTreeMap<(u16, u16), u64>,
    unsent: Vec<(Partition, Batch)>,
    /// Batches whose number another one has.
    reused: u64,
}

impl Clients {
    pub(super) fn new(names: Names) -> Self {
        Self {
            names,
            next: BTreeMap::new(),
            unsent: Vec::new(),
            reused: 0,
        }
    }

    /// The user does something in some window.
    pub(super) fn act(&mut self, rng: &mut StdRng, now: i64) {
        let (session, window) = (rng.random_range(0..SESSIONS), rng.random_range(0..WINDOWS));
        let seq = self.next.entry((session, window)).or_default();
        // A page that returns from the browser's cache counts on from its stored number.
        let is_reused = *seq > 0 && rng.random_range(0..12) == 0;
        let number = *seq - u64::from(is_reused);
        let mut name = format!("{session}-{window}-{number}");
        if is_reused {
            self.reused += 1;
            name += &format!("r{}", self.reused);
        } else {
            *seq += 1;
        }
        let mut batch = batch_of(rng, now, (session, window, number), name);
        let of = usize::from(session);
        batch.session_id.clone_from(&self.names.sessions[of]);
        batch.context = self.names.has_users.then(|| Context {
            user_id: self.names.user_of(of),
            ..Context::default()
        });
        self.unsent.push((Partition(session % PARTITIONS), batch));
    }

    /// Sends some of the waiting batches, in any order. Some acknowledgements are lost; then the
    /// batch is retried.
    pub(super) fn send(&mut self, rng: &mut StdRng, now: i64, streams: &mut [Stream]) {
        for _message in 0..rng.random_range(1..4) {
            let Some((partition, _batch)) = self.unsent.first() else {
                return;
            };
            let partition = *partition;
            let mut batches = Vec::new();
            for _batch in 0..rng.random_range(1..4) {
                let index = rng.random_range(0..self.unsent.len());
                if self.unsent[index].0 != partition {
                    continue;
                }
                let mut batch = self.unsent[index].1.clone();
                batch.received_at = now;
                batch.sent_at = batch.sent_at.map(|_sent_at| now);
                batches.push(batch);
                let is_acknowledged = rng.random_range(0..5) > 0;
                if is_acknowledged {
                    self.unsent.remove(index);
                }
                if self.unsent.is_empty() {
                    break;
                }
            }
            if rng.random_range(0..40) == 0 {
                streams[usize::from(partition.0)].publish_damaged(now);
            }
            if !batches.is_empty() {
                streams[usize::from(partition.0)].publish(batches, now);
            }
        }
    }

    /// Everybody comes back and sends what is left.
    pub(super) fn send_all(&mut self, now: i64, streams: &mut [Stream]) {
        for (partition, mut batch) in self.unsent.drain(..) {
            batch.received_at = now;
            streams[usize::from(partition.0)].publish(vec![batch], now);
        }
    }
}

fn batch_of(
    rng: &mut StdRng,
    now: i64,
    (session, window, seq): (u16, u16, u64),
    name: String,
) -> Batch {
    let is_end = rng.random_range(0..12) == 0;
    let is_counted = window + 1 < WINDOWS;
    // When it happened: mostly just now, sometimes the device was offline for hours.
    let age = if rng.random_range(0..4) == 0 {
        rng.random_range(0..6 * 3_600_000)
    } else {
        rng.random_range(0..5_000)
    };
    let count = if is_end { 0 } else { rng.random_range(1..4) };
    let events = (0..count).map(|index| Event {
        id: match rng.random_range(0..6) {
            0 => String::new(),
            // Batches share an event, as when a client sends it again in another one.
            1 => format!("shared-{session}-{}", seq / 2),
            _ => format!("{name}-{index}"),
        },
        r#type: "click".to_owned(),
        timestamp: now - age,
        data: Bytes::from(format!("{{\"name\":\"{name}/{index}\"}}")),
        ..Event::default()
    });
    let events = events.collect();
    let replay = (0..count).map(|index| ReplayEvent {
        timestamp: now - age,
        data: Bytes::from(format!("{{\"name\":\"{name}/{index}\"}}")),
        full_snapshot: seq == 0 && index == 0,
        activity: rng.random_range(0..2) == 0,
    });
    let replay = replay.collect();
    Batch {
        organization_id: ORGANIZATION.to_owned(),
        window_id: format!("w{window}"),
        seq: is_counted.then_some(seq),
        batch_id: name,
        named: true,
        received_at: now,
        sent_at: (rng.random_range(0..3) > 0).then_some(now),
        kind: if is_end { Kind::End } else { Kind::Events }.into(),
        events,
        replay,
        ..Batch::default()
    }
}

/// What must be stored: of each batch the first that came, of each event the first.
#[derive(Debug, Default)]
pub(super) struct Expected {
    /// Ids of event rows.
    pub(super) events: BTreeSet<String>,
    /// Ids that rows may have instead, with those in `events`.
    ///
    /// An end, or anything else without items, stores nothing while its session has no row. The
    /// number of such a batch is known only until its keeper stops or evicts the session. So a later
    /// batch with this number may count as reused or not, and that decides the id of its unnamed
    /// events. Each is stored once all the same.
    other_ids: BTreeMap<String, String>,
    /// Messages that must be in the dead letters.
    pub(super) letters: BTreeSet<(Partition, Sequence)>,
    /// Names of replay events, by session id.
    pub(super) replay: BTreeMap<String, BTreeSet<String>>,
}

impl Expected {
    /// Nothing of the erased sessions.
    pub(super) fn of(streams: &[Stream], erased: &BTreeSet<String>) -> Self {
        let mut expected = Self::default();
        let (mut seen, mut numbers) = (BTreeSet::new(), BTreeSet::new());
        for (partition, stream) in (0..).map(Partition).zip(streams) {
            let damaged = (1..).map(Sequence).zip(&stream.messages);
            let damaged = damaged.filter(|(_sequence, message)| message.is_damaged);
            expected
                .letters
                .extend(damaged.map(|(sequence, _message)| (partition, sequence)));
        }
        // Sessions with rows, and numbers that only batches without a trace had.
        let (mut begun, mut traceless) = (BTreeSet::new(), BTreeSet::new());
        let all = streams.iter().flat_map(|stream| &stream.messages);
        let batches = all.flat_map(|message| &message.batches);
        for batch in batches.filter(|batch| !erased.contains(&batch.session_id)) {
            let number = (batch.session_id.clone(), batch.window_id.clone(), batch.seq);
            if !batch.events.is_empty() || !batch.replay.is_empty() {
                begun.insert(&batch.session_id);
            }
            let is_stored = begun.contains(&batch.session_id);
            if seen.insert(&batch.batch_id) {
                let is_reused = batch.seq.is_some() && !numbers.insert(number.clone());
                if !is_reused && !is_stored {
                    traceless.insert(number.clone());
                }
                expected.add(batch, is_reused, traceless.contains(&number));
            }
            // From now on a row has the number.
            if is_stored {
                traceless.remove(&number);
            }
        }
        expected
    }

    fn add(&mut self, batch: &Batch, is_reused: bool, may_be_first: bool) {
        let numbered = row_ids(batch.clone());
        if is_reused {
            // A number that another batch had counts as none.
            let rows = row_ids(Batch {
                seq: None,
                ..batch.clone()
            });
            if may_be_first {
                let others = numbered.into_iter().zip(rows.iter().cloned());
                self.other_ids
                    .extend(others.filter(|(other, id)| other != id));
            }
            self.events.extend(rows);
        } else {
            self.events.extend(numbered);
        }
        let names = batch.replay.iter().map(|event| name_in(&event.data));
        let replay = self.replay.entry(batch.session_id.clone()).or_default();
        replay.extend(names);
    }

    /// The id in `events` for the id of a row.
    pub(super) fn id_of<'a>(&'a self, row: &'a str) -> &'a str {
        self.other_ids.get(row).map_or(row, String::as_str)
    }
}

fn row_ids(batch: Batch) -> Vec<String> {
    let events = 0..batch.events.len();
    let incoming = Incoming::new(batch).unwrap();
    events.map(|index| incoming.event_row_id(index).0).collect()
}

/// The name that [`batch_of`] gave.
pub(super) fn name_in(json: &[u8]) -> String {
    let value: serde_json::Value = serde_json::from_slice(json).unwrap();
    value["name"].as_str().unwrap_or_default().to_owned()
}
