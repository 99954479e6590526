//! Erasures of a run: of a session, or of a user. The process that erases may die after any of its
//! statements. Whoever asked then asks again.

use std::collections::BTreeSet;

use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};

use crow_db::audit_log::Actor;
use crow_db::erasure::{self, Mode, Remaining, Request, Subject};
use crow_db::tombstones::Tombstones;
use crow_types::Timestamp;

use super::shared::Shared;
use super::tasks::survive;
use super::traffic::{Names, organization};
use crate::eraser::announcements::is_erased;

/// Steps of a run between two erasures, on average.
const STEPS_BETWEEN: u32 = 150;
/// More than the statements of an erasure.
const STATEMENTS: i64 = 40;
/// Erasures of a run at most, so that something is left.
const MOST: u64 = 2;

/// Draws from its own numbers, so that the other steps of a run are those of its seed.
pub(super) struct Erasing {
    rng: StdRng,
    /// Asked for, and not known to be done.
    waiting: Option<Subject>,
    /// Sessions that must be gone in the end.
    sessions: BTreeSet<String>,
    /// Erasures until now.
    pub(super) done: u64,
}

impl Erasing {
    pub(super) fn new(seed: u64) -> Self {
        Self {
            rng: StdRng::seed_from_u64(!seed),
            waiting: None,
            sessions: BTreeSet::new(),
            done: 0,
        }
    }

    /// The sessions of which nothing may be left.
    pub(super) fn sessions(&self) -> &BTreeSet<String> {
        &self.sessions
    }

    /// Now and then erases something; returns what, and whether the process survived.
    pub(super) async fn step(&mut self, shared: &Shared, names: &Names) -> Option<(Subject, bool)> {
        let subject = match self.waiting.take() {
            Some(subject) => subject,
            None if self.done == MOST || self.rng.random_range(0..STEPS_BETWEEN) > 0 => {
                return None;
            }
            None => self.choose(names),
        };
        if self.rng.random_range(0..2) == 0 {
            shared.killer.arm(self.rng.random_range(1..STATEMENTS));
        }
        let is_alive = survive(erase(shared, &subject)).await.is_some();
        shared.killer.disarm();
        if is_alive {
            self.done += 1;
        } else {
            self.waiting = Some(subject.clone());
        }
        Some((subject, is_alive))
    }

    /// A session, or a user with two.
    fn choose(&mut self, names: &Names) -> Subject {
        let session = self.rng.random_range(0..names.sessions.len());
        if self.rng.random_range(0..3) > 0 {
            let name = names.sessions[session].clone();
            self.sessions.insert(name.clone());
            return Subject::Sessions(vec![name]);
        }
        let user = names.user_of(session);
        let same = |other: &usize| names.user_of(*other) == user;
        let others = (0..names.sessions.len()).filter(same);
        self.sessions
            .extend(others.map(|other| names.sessions[other].clone()));
        Subject::User(user)
    }

    /// Nobody dies any more.
    pub(super) async fn finish(&mut self, shared: &Shared) {
        if let Some(subject) = self.waiting.take() {
            erase(shared, &subject).await;
            self.done += 1;
        }
    }
}

async fn erase(shared: &Shared, subject: &Subject) {
    let request = Request {
        organization: &organization(),
        subject,
        mode: Mode::Erase,
        requested_by: &Actor::system_named("sim"),
    };
    erasure::erase(&shared.db, &request).await.unwrap();
}

/// Removes announcements of erased sessions, as the eraser does it.
pub(super) async fn remove_announcements(shared: &Shared) {
    let tombstones = Tombstones::load(&shared.db, None).await.unwrap();
    let now = Timestamp::now();
    shared.retain_announced(|message| !is_erased(message, now, &tombstones));
}

/// # Panics
/// When a key, or another row of an erased session, is there.
pub(super) async fn check(shared: &Shared) {
    for erasure in erasure::incomplete(&shared.db, 1_000).await.unwrap() {
        let left = erasure::remaining(&shared.db, &erasure).await.unwrap();
        assert_eq!(left, Remaining::default(), "of erasure {}", erasure.id);
    }
}
