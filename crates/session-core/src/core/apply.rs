//! How a batch changes its session.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use bytes::{BufMut, BytesMut};
use crow_proto::events::{Batch, Event as Interaction, Kind, Page, ReplayEvent};
use crow_types::{EndReason, EventRowId, Line, LineKind, OutboxRecord, SessionRecord, Timestamp};

use super::Core;
use crate::message::{Incoming, SessionKey};
use crate::visit::{Activity, Visit};
use crate::visits::Visits;
use crate::window::{Arrival, Lanes, SKEW_TOLERANCE, Sign, Skew, WindowState};

impl Core {
    pub(super) fn on_batch(&mut self, incoming: &Incoming) {
        let key = &incoming.key;
        let mut visits = self
            .sessions
            .remove(key)
            .expect("the driver loads what prefetch asks for");
        self.by_age.remove(&(visits.touched_at, key.clone()));
        visits.touched_at = self.now;
        self.by_age.insert((self.now, key.clone()));
        self.apply(incoming, &mut visits);
        if visits.is_dirty() {
            self.pending.dirty.insert(key.clone());
        }
        if visits.is_fresh() && self.fresh.insert(key.clone()) {
            self.fresh_since.get_or_insert(self.now);
        }
        self.sessions.insert(key.clone(), visits);
    }

    fn apply(&mut self, incoming: &Incoming, visits: &mut Visits) {
        if incoming.is_heartbeat() {
            return hear(incoming, visits);
        }
        let batch = &incoming.batch;
        let is_first = !visits.windows.0.contains_key(&batch.window_id);
        let arrival = visits.observe(batch);
        match arrival {
            Arrival::Duplicate => {}
            Arrival::InOrder | Arrival::Late => self.take_in(incoming, visits, arrival, is_first),
            Arrival::Reused => {
                let window = (incoming.key.clone(), batch.window_id.clone());
                self.reused.push_back(window);
                self.take_in(&incoming.without_number(), visits, arrival, is_first);
            }
        }
    }

    fn take_in(
        &mut self,
        incoming: &Incoming,
        visits: &mut Visits,
        arrival: Arrival,
        is_first: bool,
    ) {
        let batch = &incoming.batch;
        self.pending.bytes += incoming.size();
        let window = visits.window(&batch.window_id);
        let newest = Newest::of(batch);
        let skew = window.settle_skew(measured_skew(batch, newest), is_first);
        let clock = BatchClock::new(batch, newest, skew, arrival, window.lanes);
        clock.advance(window);
        if !batch.replay.is_empty() {
            let has_snapshot = batch.replay.iter().any(|event| event.full_snapshot);
            if window.observe_replay(batch.seq, has_snapshot, batch.received_at) {
                self.asks
                    .push_back((incoming.key.clone(), batch.window_id.clone()));
            }
        }
        match incoming.kind {
            Kind::Start => self.start_session(incoming, visits, clock.sent(batch)),
            Kind::Events => self.add_items(incoming, visits, &clock),
            Kind::End => self.end_session(incoming, visits, clock.sent(batch)),
        }
        if visits.open().is_some() {
            let life = &mut visits.window(&batch.window_id).life;
            life.observe(clock.sign(batch), skew.has_moved);
        }
    }

    /// The session was started: it exists from now on, even without an event.
    fn start_session(&mut self, incoming: &Incoming, visits: &mut Visits, at: Timestamp) {
        let index = self.settle(incoming, visits, at, Activity::User);
        visits.list[index].describe(&incoming.batch, at);
    }

    fn add_items(&mut self, incoming: &Incoming, visits: &mut Visits, clock: &BatchClock) {
        let batch = &incoming.batch;
        let mut items: Vec<(Timestamp, Item)> =
            Vec::with_capacity(batch.events.len() + batch.replay.len());
        items.extend(batch.events.iter().enumerate().map(|(index, event)| {
            (
                clock.interaction(event.timestamp),
                Item::Interaction(index, event),
            )
        }));
        items.extend(
            batch
                .replay
                .iter()
                .map(|event| (clock.replay(event.timestamp), Item::Replay(event))),
        );
        items.sort_by_key(|(at, _item)| *at);
        let newest = items.last().map_or(clock.sent(batch), |(at, _item)| *at);
        // The lines of one batch share one allocation.
        let mut text = BytesMut::with_capacity(incoming.text_bytes());
        // Almost always all of one visit.
        let mut lines: BTreeMap<usize, Vec<(Line, bool)>> = BTreeMap::new();
        for (at, item) in items {
            let added = match item {
                Item::Interaction(place, event) => {
                    self.add_interaction(incoming, visits, at, place, event, &mut text)
                }
                Item::Replay(event) => Some(self.add_replay(incoming, visits, at, event)),
            };
            let Some((index, line)) = added else {
                continue;
            };
            let is_snapshot = matches!(item, Item::Replay(event) if event.full_snapshot);
            match lines.entry(index) {
                Entry::Occupied(entry) => entry.into_mut().push((line, is_snapshot)),
                Entry::Vacant(entry) => {
                    visits.list[index].describe(batch, newest);
                    entry.insert(vec![(line, is_snapshot)]);
                }
            }
        }
        if batch.events.is_empty()
            && batch.replay.is_empty()
            && let Some(visit) = visits.list.last_mut()
        {
            visit.note_consent(batch);
        }
        for (index, lines) in lines {
            self.pending
                .add_lines(&incoming.key, index, &batch.window_id, lines);
        }
    }

    /// The visit of the event, and its line. `None`: the event is a duplicate.
    fn add_interaction(
        &mut self,
        incoming: &Incoming,
        visits: &mut Visits,
        at: Timestamp,
        place: usize,
        event: &Interaction,
        text: &mut BytesMut,
    ) -> Option<(usize, Line)> {
        let id = incoming.event_row_id(place);
        if !event.id.is_empty() && !visits.see_event(&id) {
            return None;
        }
        let index = self.settle(incoming, visits, at, Activity::User);
        let visit = &mut visits.list[index];
        visit.count(event, at);
        let line = line_of_interaction(incoming, at, place, &id, event, text);
        Some((index, line))
    }

    fn add_replay(
        &mut self,
        incoming: &Incoming,
        visits: &mut Visits,
        at: Timestamp,
        event: &ReplayEvent,
    ) -> (usize, Line) {
        let activity = if event.activity {
            Activity::User
        } else {
            Activity::Passive
        };
        let index = self.settle(incoming, visits, at, activity);
        let record = &mut visits.list[index].record;
        record.has_replay = true;
        record.replay_event_count += 1;
        let line = Line {
            window: incoming.batch.window_id.clone(),
            kind: LineKind::Replay,
            seq: incoming.batch.seq,
            index: 0,
            at: at.0,
            data: event.data.clone(),
        };
        (index, line)
    }

    /// Finds or begins the visit of something at `at`, and announces what that changes.
    fn settle(
        &mut self,
        incoming: &Incoming,
        visits: &mut Visits,
        at: Timestamp,
        activity: Activity,
    ) -> usize {
        let place = visits.place(
            &incoming.key,
            self.partition,
            at,
            activity,
            self.now,
            &self.config,
        );
        if place.has_ended_previous {
            self.announce_end(visits, place.index - 1);
        }
        visits.list[place.index].touch(at, activity, &self.config);
        if place.is_late {
            self.revise(visits, place.index, Timestamp(incoming.batch.received_at));
        }
        place.index
    }

    /// A closed visit got data. If its deadline is in the future again, the visit reopens and is
    /// announced as a revision when it ends. Otherwise the revision is announced now.
    fn revise(&mut self, visits: &mut Visits, index: usize, received_at: Timestamp) {
        let is_newest = index + 1 == visits.list.len();
        let visit = &mut visits.list[index];
        let was_idle = visit.record.end_reason == Some(EndReason::Idle);
        let goes_on = is_newest && was_idle && visit.deadline(&self.config).0 > received_at;
        if visit.is_announced {
            if goes_on {
                self.pending.take_back(&announcement_id(&visit.record));
                visit.is_announced = false;
                visit.reopen();
            }
            return;
        }
        visit.record.revision += 1;
        if goes_on {
            visit.reopen();
        } else {
            self.announce(visits, index);
        }
    }

    fn end_session(&mut self, incoming: &Incoming, visits: &mut Visits, at: Timestamp) {
        let batch = &incoming.batch;
        let concerns = |visit: &&mut Visit| visit.is_open() && at.0 >= visit.record.started_at;
        let Some(visit) = visits.list.last_mut().filter(concerns) else {
            return;
        };
        visit.describe(batch, at);
        if !batch.exit_context.is_empty() {
            visit.record.exit_context = Some(text_of(&batch.exit_context));
        }
        let (deadline, reason) = visit.deadline(&self.config);
        let reason = if at > deadline {
            reason
        } else {
            EndReason::Ended
        };
        visits.end(reason, at, &self.config);
        self.tell_ended(&incoming.key, reason);
        let newest = visits.list.len() - 1;
        self.announce_end(visits, newest);
    }

    /// Windows of an idle session notice the end themselves. Those of an erased session are not
    /// told.
    pub(super) fn tell_ended(&mut self, key: &SessionKey, reason: EndReason) {
        match reason {
            EndReason::Ended | EndReason::MaxDuration => self.ended.push_back(key.clone()),
            EndReason::Idle | EndReason::Erased => {}
        }
    }

    /// Announces a visit that has just ended, without waiting for the next flush by age.
    pub(super) fn announce_end(&mut self, visits: &mut Visits, index: usize) {
        self.pending.ended_since.get_or_insert(self.now);
        self.announce(visits, index);
    }

    fn announce(&mut self, visits: &mut Visits, index: usize) {
        let visit = &mut visits.list[index];
        visit.is_announced = true;
        self.pending.outbox.push(OutboxRecord {
            id: announcement_id(&visit.record),
            partition: i64::from(self.partition.0),
            session_id: visit.record.id.clone(),
            revision: visit.record.revision,
            created_at: self.now.0,
        });
    }
}

fn announcement_id(record: &SessionRecord) -> String {
    format!("{}-{}", record.id, record.revision)
}

/// How far the client's clock is off, plus the delay of the batch. A batch with a `sentAt` before
/// its own events gives no measurement.
fn measured_skew(batch: &Batch, newest: Newest) -> Option<i64> {
    let sent_at = batch.sent_at?;
    let is_possible = newest
        .of_both()
        .is_none_or(|newest| newest <= sent_at.saturating_add(SKEW_TOLERANCE));
    is_possible.then(|| batch.received_at.saturating_sub(sent_at))
}

/// One line of a batch.
#[derive(Clone, Copy)]
enum Item<'a> {
    Interaction(usize, &'a Interaction),
    Replay(&'a ReplayEvent),
}

/// A heartbeat has no number and no lines. It tells whether a page of an open session is visible.
/// Nothing else depends on it, so a repeat does no harm.
fn hear(incoming: &Incoming, visits: &mut Visits) {
    let batch = &incoming.batch;
    let is_first = !visits.windows.0.contains_key(&batch.window_id);
    // A window without a known clock would take the next measurement for a clock that was set.
    if visits.open().is_none() || is_first && batch.sent_at.is_none() {
        return;
    }
    let window = visits.window(&batch.window_id);
    let newest = Newest::of(batch);
    let skew = window.settle_skew(measured_skew(batch, newest), is_first);
    let clock = BatchClock::new(batch, newest, skew, Arrival::Late, window.lanes);
    let before = window.life;
    window.life.observe(clock.sign(batch), skew.has_moved);
    let has_changed = window.life != before;
    if let Some(newest) = visits.open() {
        newest.is_dirty |= has_changed;
    }
}

/// The newest times in a batch, by the client's clock.
#[derive(Clone, Copy)]
struct Newest {
    interaction: Option<i64>,
    replay: Option<i64>,
}

impl Newest {
    fn of(batch: &Batch) -> Self {
        Self {
            interaction: batch.events.iter().map(|event| event.timestamp).max(),
            replay: batch.replay.iter().map(|event| event.timestamp).max(),
        }
    }

    fn of_both(self) -> Option<i64> {
        self.interaction.max(self.replay)
    }
}

/// Converts times of one batch from the client's clock to ours.
struct BatchClock {
    newest: Newest,
    skew: i64,
    /// Nothing lies in the future.
    ceiling: i64,
    /// In each lane, no time lies before an earlier one of the window. Times stay unchanged if the
    /// clock is known not to have been set.
    floors: Lanes,
}

impl BatchClock {
    fn new(batch: &Batch, newest: Newest, skew: Skew, arrival: Arrival, lanes: Lanes) -> Self {
        let is_in_order = batch.seq.is_some() && arrival == Arrival::InOrder;
        let none = Lanes(i64::MIN, i64::MIN);
        Self {
            newest,
            skew: skew.ms,
            ceiling: batch.received_at,
            floors: if is_in_order && !skew.is_steady {
                lanes
            } else {
                none
            },
        }
    }

    fn interaction(&self, client: i64) -> Timestamp {
        self.correct(client, self.floors.0)
    }

    fn replay(&self, client: i64) -> Timestamp {
        self.correct(client, self.floors.1)
    }

    fn correct(&self, client: i64, floor: i64) -> Timestamp {
        let corrected = client.saturating_add(self.skew);
        Timestamp(corrected.min(self.ceiling).max(floor))
    }

    fn sent(&self, batch: &Batch) -> Timestamp {
        let floor = self.floors.0.max(self.floors.1);
        self.correct(batch.sent_at.unwrap_or(batch.received_at), floor)
    }

    /// Records the newest corrected times in the batch.
    fn advance(&self, window: &mut WindowState) {
        let Lanes(interactions, replay) = &mut window.lanes;
        if let Some(newest) = self.newest.interaction {
            *interactions = (*interactions).max(self.interaction(newest).0);
        }
        if let Some(newest) = self.newest.replay {
            *replay = (*replay).max(self.replay(newest).0);
        }
        window.last = window.last.max(*interactions).max(*replay);
    }

    /// The sign of life in the batch. Without `page`, the newest line of the batch is the sign.
    fn sign(&self, batch: &Batch) -> Sign {
        let newest = self.newest.of_both();
        let says_nothing = batch.page() == Page::Unspecified;
        let (given_at, at) = match newest.filter(|_| says_nothing) {
            Some(newest) => (newest, self.correct(newest, i64::MIN).0),
            None => {
                let sent_at = batch.sent_at.or(newest);
                let given_at = sent_at.unwrap_or(batch.received_at);
                (given_at, self.correct(given_at, i64::MIN).0)
            }
        };
        Sign {
            given_at,
            at,
            is_end: batch.page() == Page::Closed,
        }
    }
}

/// The line of an interaction: `{"id","type","name"?,"url"?,"data"?}`. Taken from `json`,
/// which is empty before and after.
fn line_of_interaction(
    incoming: &Incoming,
    at: Timestamp,
    place: usize,
    id: &EventRowId,
    event: &Interaction,
    json: &mut BytesMut,
) -> Line {
    // The id is digits.
    json.extend_from_slice(b"{\"id\":\"");
    json.extend_from_slice(id.0.as_bytes());
    json.extend_from_slice(b"\",\"type\":");
    push_text(json, &event.r#type);
    if !event.name.is_empty() {
        json.extend_from_slice(b",\"name\":");
        push_text(json, &event.name);
    }
    if !event.url.is_empty() {
        json.extend_from_slice(b",\"url\":");
        push_text(json, &event.url);
    }
    if !event.data.is_empty() {
        json.extend_from_slice(b",\"data\":");
        json.extend_from_slice(&event.data);
    }
    json.extend_from_slice(b"}");
    Line {
        window: incoming.batch.window_id.clone(),
        kind: LineKind::Event,
        seq: incoming.batch.seq,
        index: u32::try_from(place).unwrap_or(u32::MAX),
        at: at.0,
        data: json.split().freeze(),
    }
}

fn push_text(json: &mut BytesMut, text: &str) {
    serde_json::to_writer(json.writer(), text).expect("a text is always JSON");
}

/// JSON as the text of a column. The gateway accepts only UTF-8.
fn text_of(json: &[u8]) -> String {
    if json.is_empty() {
        return "null".to_owned();
    }
    // Checks many bytes at once, unlike the search for bad ones.
    match std::str::from_utf8(json) {
        Ok(text) => text.to_owned(),
        Err(_) => String::from_utf8_lossy(json).into_owned(),
    }
}
