//! The next request of any session that is under way.

use std::rc::Rc;
use std::time::{SystemTime, UNIX_EPOCH};

use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};

use super::template::{Filling, Template};

/// Sessions that are under way on one connection.
const SESSIONS: usize = 32;

/// One request, ready to be sent.
pub struct Request<'a> {
    /// Head and body.
    pub bytes: &'a [u8],
    pub body_bytes: u64,
    /// Interactions and replay events in it.
    pub events: u64,
}

impl Request<'_> {
    /// Without the head.
    pub fn body(&self) -> &[u8] {
        &self.bytes[self.bytes.len() - self.body_bytes as usize..]
    }
}

/// What the sessions do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Batches of one event.
    One,
    /// Batches of twenty events. Two of them have a row with `event_rows = "key"`.
    Twenty,
    /// The recording of 81 s in `tests/data`, a batch for every five seconds of it.
    Replay,
    /// Both lanes: a visit of 81 s, recorded, with an interaction batch beside each replay
    /// batch, and an end.
    Visit,
}

impl Kind {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::One => "1 event",
            Self::Twenty => "20 events",
            Self::Replay => "replay",
            Self::Visit => "visits",
        }
    }
}

/// A request with holes, and what is in it.
#[derive(Debug, Clone)]
pub(super) struct Step {
    pub(super) request: Template,
    pub(super) body_bytes: u64,
    pub(super) events: u64,
}

#[derive(Debug, Clone, Copy)]
struct Session {
    number: u64,
    seq: u64,
}

/// The traffic of one connection: the next request of any of its sessions.
pub struct Traffic {
    steps: Rc<[Step]>,
    sessions: Vec<Session>,
    random: StdRng,
    next_number: u64,
    buffer: Vec<u8>,
}

impl Traffic {
    /// `first_number` is the start of a range of session numbers that no other traffic uses.
    pub(super) fn new(steps: Rc<[Step]>, first_number: u64) -> Self {
        let sessions = (0..SESSIONS)
            .map(|index| Session {
                number: first_number + index as u64,
                seq: 0,
            })
            .collect();
        Self {
            steps,
            sessions,
            random: StdRng::seed_from_u64(first_number),
            next_number: first_number + SESSIONS as u64,
            buffer: Vec::new(),
        }
    }

    /// Of one session alone.
    pub(super) fn of_one(steps: Rc<[Step]>, number: u64) -> Self {
        Self {
            sessions: vec![Session { number, seq: 0 }],
            ..Self::new(steps, number)
        }
    }

    /// Requests until the first session is over.
    pub fn steps(&self) -> usize {
        self.steps.len()
    }

    pub fn next_request(&mut self) -> Request<'_> {
        self.request_at(now_ms())
    }

    /// The next request, as if it were sent at `now`, in milliseconds since the epoch.
    pub fn request_at(&mut self, now: i64) -> Request<'_> {
        let any = self.random.random_range(0..self.sessions.len());
        let session = &mut self.sessions[any];
        let step = &self.steps[session.seq as usize];
        let filling = Filling {
            session: session.number,
            seq: session.seq,
            now,
        };
        step.request.fill(filling, &mut self.buffer);
        session.seq += 1;
        if session.seq as usize == self.steps.len() {
            session.number = self.next_number;
            session.seq = 0;
            self.next_number += 1;
        }
        Request {
            bytes: &self.buffer,
            body_bytes: step.body_bytes,
            events: step.events,
        }
    }
}

/// Milliseconds since the epoch.
pub fn now_ms() -> i64 {
    let now = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .expect("the clock is after 1970");
    i64::try_from(now.as_millis()).expect("milliseconds fit")
}
