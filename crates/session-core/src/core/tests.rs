//! Traces: what comes in, what goes out.

use bytes::Bytes;
use expect_test::{Expect, expect};

use crow_proto::events::{Batch, Context, Event as Interaction, Kind, Page, ReplayEvent};

use super::*;

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

#[test]
fn events_become_rows_and_a_chunk() {
    Trace::new()
        .at(1_000)
        .batch(batch(0, &[("b", 900), ("a", 500)]))
        .flush()
        .check(&expect![[r#"
        flush drain through 1
          session s#0 r0 open start=500 events=2 replay=0 due=Some(3600900)
          chunk 0 of window "w": [500, 900]
    "#]]);
}

#[test]
fn a_retried_batch_and_a_repeated_event_id_show_once() {
    Trace::new()
        .at(1_000)
        .batch(batch(0, &[("a", 500)]))
        .batch(batch(0, &[("a", 500)]))
        .batch(batch(1, &[("a", 500), ("b", 600)]))
        .flush()
        .check(&expect![[r#"
            flush drain through 3
              session s#0 r0 open start=500 events=2 replay=0 due=Some(3600600)
              chunk 0 of window "w": [500, 600]
        "#]]);
}

#[test]
fn an_idle_session_ends_at_its_last_activity() {
    Trace::new()
        .at(1_000)
        .batch(batch(0, &[("a", 1_000)]))
        .at(HOUR + 2_499)
        .due()
        .at(HOUR + 2_500)
        .due()
        .flush()
        .check(&expect![[r#"
            flush drain through 1
              session s#0 r0 idle@1000 start=1000 events=1 replay=0 due=None
              chunk 0 of window "w": [1000]
              announce revision 0
        "#]]);
}

#[test]
fn activity_after_the_deadline_ends_the_visit_and_begins_the_next() {
    Trace::new()
        .at(1_000)
        .batch(batch(0, &[("a", 1_000)]))
        .at(2 * HOUR)
        .batch(batch(1, &[("b", 2 * HOUR)]))
        .flush()
        .check(&expect![[r#"
            flush drain through 2
              session s#0 r0 idle@1000 start=1000 events=1 replay=0 due=None
              session s#1 r0 open start=7200000 events=1 replay=0 due=Some(10800000)
              chunk 0 of window "w": [1000]
              chunk 0 of window "w": [7200000]
              announce revision 0
        "#]]);
}

#[test]
fn a_page_that_changes_by_itself_neither_keeps_a_session_open_nor_begins_one() {
    let passive = |seq, at| Batch {
        replay: vec![mutation(at)],
        ..batch(seq, &[])
    };
    Trace::new()
        .at(1_000)
        .batch(batch(0, &[("a", 1_000)]))
        .at(HOUR)
        .batch(passive(1, HOUR))
        .at(HOUR + 2_500)
        .due()
        .flush()
        .at(3 * HOUR)
        .batch(passive(2, 3 * HOUR))
        .flush()
        .check(&expect![[r#"
            flush drain through 2
              session s#0 r0 idle@1000 start=1000 events=1 replay=1 due=None
              chunk 0 of window "w": [1000, 3600000]
              announce revision 0
            flush drain through 3
              session s#0 r0 idle@1000 start=1000 events=1 replay=2 due=None
              chunk 1 of window "w": [10800000]
        "#]]);
}

#[test]
fn late_data_joins_the_closed_visit_as_one_revision() {
    Trace::new()
        .at(1_000)
        .batch(batch(0, &[("a", 1_000)]))
        .batch(end(3))
        .flush()
        .at(5_000)
        .batch(batch(1, &[("b", 900)]))
        .batch(batch(2, &[("c", 950)]))
        .flush()
        .check(&expect![[r#"
            flush drain through 2
              session s#0 r0 ended@1000 start=1000 events=1 replay=0 due=None
              chunk 0 of window "w": [1000]
              announce revision 0
            flush drain through 4
              session s#0 r1 ended@1000 start=900 events=3 replay=0 due=None
              chunk 1 of window "w": [900, 950]
              announce revision 1
        "#]]);
}

#[test]
fn late_data_of_an_earlier_visit_does_not_touch_the_newest() {
    Trace::new()
        .at(1_000)
        .batch(batch(0, &[("a", 1_000)]))
        .at(3 * HOUR)
        .batch(batch(2, &[("b", 3 * HOUR)]))
        .flush()
        .batch(batch(1, &[("c", 1_500)]))
        .flush()
        .check(&expect![[r#"
            flush drain through 2
              session s#0 r0 idle@1000 start=1000 events=1 replay=0 due=None
              session s#1 r0 open start=10800000 events=1 replay=0 due=Some(14400000)
              chunk 0 of window "w": [1000]
              chunk 0 of window "w": [10800000]
              announce revision 0
            flush drain through 3
              session s#0 r1 idle@1500 start=1000 events=2 replay=0 due=None
              session s#1 r0 open start=10800000 events=1 replay=0 due=Some(14400000)
              chunk 1 of window "w": [1500]
              announce revision 1
        "#]]);
}

#[test]
fn a_session_is_not_longer_than_the_longest() {
    let mut trace = Trace::new();
    for (seq, hour) in (0..48).step_by(1).map(|half| half * HOUR / 2).enumerate() {
        trace
            .at(hour)
            .batch(batch(seq as u64, &[(&format!("e{seq}"), hour)]));
    }
    trace.at(24 * HOUR + 1_500).due().flush();
    let first = trace.log[0].lines().nth(1).unwrap();
    assert!(
        first.contains("max_duration@86400000 start=0 events=48"),
        "{first}"
    );
}

#[test]
fn a_clock_that_is_days_off_still_lands_right_and_in_order() {
    let day = 24 * HOUR;
    let sent = |seq, at: i64| Batch {
        sent_at: Some(at),
        ..batch(seq, &[(&format!("e{seq}"), at)])
    };
    Trace::new()
        .at(5 * day)
        .batch(sent(0, 1_000))
        .at(5 * day + 10)
        .batch(sent(1, 1_005))
        .flush()
        .check(&expect![[r#"
            flush drain through 2
              session s#0 r0 open start=432000000 events=2 replay=0 due=Some(435600005)
              chunk 0 of window "w": [432000000, 432000005]
        "#]]);
}

#[test]
fn nothing_lies_in_the_future_and_a_window_does_not_run_backwards() {
    Trace::new()
        .at(1_000)
        .batch(batch(0, &[("a", 9_999)]))
        .at(1_100)
        .batch(batch(1, &[("b", 50)]))
        .flush()
        .check(&expect![[r#"
            flush drain through 2
              session s#0 r0 open start=1000 events=2 replay=0 due=Some(3601000)
              chunk 0 of window "w": [1000, 1000]
        "#]]);
}

#[test]
fn a_flush_waits_for_age_and_only_one_is_in_flight() {
    let mut trace = Trace::new();
    trace.at(1_000).batch(batch(0, &[("a", 1_000)]));
    assert_eq!(trace.core.poll_action(), None);
    trace.now = 11_000;
    trace.core.handle_timeout(Timestamp(11_000));
    assert_eq!(
        trace.core.poll_action(),
        Some(Action::FindDue(Timestamp(trace.now - 1_500)))
    );
    assert!(
        matches!(trace.core.poll_action(), Some(Action::Flush(plan)) if plan.reason == FlushReason::Age)
    );
    trace.at(30_000).batch(batch(1, &[("b", 30_000)]));
    trace.now = 99_000;
    trace.core.handle_timeout(Timestamp(99_000));
    assert_eq!(
        trace.core.poll_action(),
        Some(Action::FindDue(Timestamp(trace.now - 1_500)))
    );
    assert_eq!(trace.core.poll_action(), None);
    trace
        .core
        .handle_event(Timestamp(99_000), Event::FlushCommitted);
    assert!(matches!(trace.core.poll_action(), Some(Action::Flush(_))));
}

#[test]
fn enough_bytes_cut_a_flush_at_once() {
    let mut trace = Trace::new();
    let big = ReplayEvent {
        data: Bytes::from(vec![b' '; 5 << 20]),
        ..mutation(1_000)
    };
    trace.at(1_000).batch(Batch {
        replay: vec![big],
        ..batch(0, &[])
    });
    assert!(
        matches!(trace.core.poll_action(), Some(Action::Flush(plan)) if plan.reason == FlushReason::Bytes)
    );
}

#[test]
fn the_cache_keeps_to_its_limit_and_never_forgets_what_is_not_written() {
    let mut trace = Trace::new();
    trace.core.config.max_cached_sessions = 2;
    for number in 0..5 {
        trace.at(number).batch(Batch {
            session_id: format!("s{number}"),
            ..batch(0, &[("a", 1)])
        });
    }
    assert_eq!(trace.core.cached_sessions(), 5);
    trace.flush();
    assert_eq!(trace.core.cached_sessions(), 2);
}

#[test]
fn a_session_that_is_over_and_quiet_is_not_kept() {
    let mut trace = Trace::new();
    trace.at(1_000).batch(batch(0, &[("a", 1_000)]));
    trace.flush();
    trace.at(HOUR + 2_500).due().flush();
    assert_eq!(trace.core.cached_sessions(), 0);
    // What came a moment ago may not be the last.
    trace.at(HOUR + 9_000).batch(batch(1, &[("b", 2_000)]));
    trace.flush();
    assert_eq!(trace.core.cached_sessions(), 1);
}

#[test]
fn a_visit_that_was_closed_too_early_goes_on_and_is_announced_once_more_when_it_ends() {
    Trace::new()
        .at(1_000)
        .batch(batch(0, &[("a", 1_000)]))
        .at(HOUR + 2_500)
        .due()
        .flush()
        .at(HOUR + 9_000)
        .batch(batch(1, &[("b", HOUR - 1_000)]))
        .flush()
        .at(HOUR + 20_000)
        .batch(batch(2, &[("c", HOUR + 20_000)]))
        .flush()
        .at(3 * HOUR)
        .due()
        .flush()
        .check(&expect![[r#"
            flush drain through 1
              session s#0 r0 idle@1000 start=1000 events=1 replay=0 due=None
              chunk 0 of window "w": [1000]
              announce revision 0
            flush drain through 2
              session s#0 r1 open start=1000 events=2 replay=0 due=Some(7199000)
              chunk 1 of window "w": [3599000]
            flush drain through 3
              session s#0 r1 open start=1000 events=3 replay=0 due=Some(7220000)
              chunk 2 of window "w": [3620000]
            flush drain through 3
              session s#0 r1 idle@3620000 start=1000 events=3 replay=0 due=None
              announce revision 1
        "#]]);
}

#[test]
fn an_end_that_is_not_written_yet_is_taken_back() {
    Trace::new()
        .at(1_000)
        .batch(batch(0, &[("a", 1_000)]))
        .at(HOUR + 2_500)
        .due()
        .at(HOUR + 2_600)
        .batch(batch(1, &[("b", HOUR)]))
        .flush()
        .check(&expect![[r#"
            flush drain through 2
              session s#0 r0 open start=1000 events=2 replay=0 due=Some(7200000)
              chunk 0 of window "w": [1000, 3600000]
        "#]]);
}

#[test]
fn an_ancient_event_does_not_end_the_visit() {
    let day = 24 * HOUR;
    let other_window = |seq, events: &[(&str, i64)]| Batch {
        window_id: "other".to_owned(),
        ..batch(seq, events)
    };
    Trace::new()
        .at(90 * day)
        .batch(batch(0, &[("a", 90 * day)]))
        .batch(other_window(0, &[("old", day)]))
        .batch(batch(1, &[("b", 90 * day)]))
        .flush()
        .check(&expect![[r#"
            flush drain through 3
              session s#0 r0 open start=7776000000 events=3 replay=0 due=Some(7779600000)
              chunk 0 of window "other": [86400000]
              chunk 1 of window "w": [7776000000, 7776000000]
        "#]]);
}

#[test]
fn an_end_from_before_the_visit_does_not_end_it() {
    let stale = Batch {
        sent_at: Some(500),
        window_id: "other".to_owned(),
        ..end(0)
    };
    let clock = Batch {
        sent_at: Some(400),
        window_id: "other".to_owned(),
        ..batch(1, &[])
    };
    Trace::new()
        .at(400)
        .batch(clock)
        .at(10_000)
        .batch(batch(0, &[("a", 10_000)]))
        .batch(stale)
        .flush()
        .check(&expect![[r#"
            flush drain through 3
              session s#0 r0 open start=10000 events=1 replay=0 due=Some(3610000)
              chunk 0 of window "w": [10000]
        "#]]);
}

#[test]
fn a_window_of_an_ended_visit_may_lag_a_little() {
    Trace::new()
        .at(1_000)
        .batch(batch(0, &[("a", 1_000)]))
        .batch(end(1))
        .at(3_000)
        .batch(batch(2, &[("b", 3_000)]))
        .at(9_000)
        .batch(batch(3, &[("c", 9_000)]))
        .flush()
        .check(&expect![[r#"
            flush session_end through 4
              session s#0 r0 ended@1000 start=1000 events=2 replay=0 due=None
              session s#1 r0 open start=9000 events=1 replay=0 due=Some(3609000)
              chunk 0 of window "w": [1000, 3000]
              chunk 0 of window "w": [9000]
              announce revision 0
        "#]]);
}

#[test]
fn a_late_batch_does_not_say_who_the_user_is() {
    let named = |seq, user: &str, at| Batch {
        context: Some(Context {
            user_id: user.to_owned(),
            url: format!("https://shop.example/{user}"),
            ..Context::default()
        }),
        ..batch(seq, &[(&format!("e{seq}"), at)])
    };
    let mut trace = Trace::new();
    trace
        .at(9_000)
        .batch(named(0, "first", 1_000))
        .batch(named(2, "last", 8_000))
        .batch(named(1, "late", 2_000));
    let record = &trace.core.sessions.values().next().unwrap().list[0].record;
    assert_eq!(record.user_id.as_deref(), Some("last"));
    assert_eq!(
        record.exit_url.as_deref(),
        Some("https://shop.example/last")
    );
    assert_eq!(
        record.initial_url.as_deref(),
        Some("https://shop.example/first")
    );
}

#[test]
fn a_clock_that_is_set_back_puts_nothing_off() {
    let mut trace = Trace::new();
    trace.at(9 * HOUR).batch(batch(0, &[("a", 9 * HOUR)]));
    trace.core.handle_timeout(Timestamp(HOUR));
    assert!(trace.core.poll_timeout() <= Timestamp(HOUR + 1_000));
    while trace.core.poll_action().is_some() {}
    trace.core.handle_timeout(Timestamp(HOUR + 10_000));
    let actions: Vec<Action> = std::iter::from_fn(|| trace.core.poll_action()).collect();
    assert!(matches!(actions.last(), Some(Action::Flush(_))));
}

#[test]
fn event_ids_beyond_the_limit_are_looked_up() {
    let mut trace = Trace::new();
    let many: Vec<String> = (0..20_001).map(|number| format!("e{number}")).collect();
    let events: Vec<(&str, i64)> = many.iter().map(|id| (id.as_str(), 1_000)).collect();
    trace.at(1_000).batch(batch(0, &events));
    let again = Incoming::new(batch(1, &[("e0", 1_000)])).unwrap();
    assert!(trace.core.prefetch([&again]).events.is_empty());
    trace.core.handle_event(Timestamp(1_000), Event::Drain);
    while trace.core.poll_action().is_some() {}
    assert_eq!(trace.core.prefetch([&again]).events.len(), 1);
    // It is not in SQL yet, so nothing is found there; it is known all the same.
    trace.batch(batch(1, &[("e0", 1_000)]));
    let visit = &trace.core.sessions.values().next().unwrap().list[0];
    assert_eq!(visit.record.event_count, 20_001);
}

#[test]
fn a_session_has_only_its_newest_visits_in_memory() {
    let mut trace = Trace::new();
    for visit in 0..40 {
        let at = visit * 2 * HOUR;
        trace
            .at(at)
            .batch(batch(visit as u64, &[(&format!("e{visit}"), at)]));
    }
    trace.flush();
    let visits = &trace.core.sessions.values().next().unwrap().list;
    assert_eq!(visits.len(), crate::visits::MAX_VISITS);
    assert_eq!(visits.last().unwrap().generation(), 39);
}

impl Trace {
    fn watch(&mut self, after: u64, wants_answer: bool) -> &mut Self {
        let key = Incoming::new(batch(0, &[])).unwrap().key;
        let watch = Event::Watch {
            key,
            after: Sequence(after),
            wants_answer,
        };
        self.core.handle_event(Timestamp(self.now), watch);
        self
    }

    /// Takes what is shown; stops at a flush, which it returns.
    fn shown(&mut self) -> (Vec<String>, Option<Box<FlushPlan>>) {
        let mut shown = Vec::new();
        while let Some(action) = self.core.poll_action() {
            match action {
                Action::Show(frame) => {
                    let lines: Vec<u64> = frame.lines.iter().map(|line| line.sequence.0).collect();
                    let end = if frame.has_ended { " ended" } else { "" };
                    let text = format!("({}, {}] {lines:?}{end}", frame.after, frame.through);
                    shown.push(text);
                }
                Action::Flush(plan) => return (shown, Some(plan)),
                Action::AskSnapshot(..)
                | Action::AskNewWindow(..)
                | Action::TellEnded(_)
                | Action::FindDue(_) => {}
            }
        }
        (shown, None)
    }

    fn frames(&mut self) -> Vec<String> {
        let (shown, plan) = self.shown();
        assert!(plan.is_none(), "a flush was cut");
        shown
    }
}

#[test]
fn a_watcher_gets_what_is_held_and_then_each_message() {
    let mut trace = Trace::new();
    trace.at(1_000).batch(batch(0, &[("a", 1_000)])).flush();
    trace.batch(batch(1, &[("b", 1_000)]));
    assert!(trace.frames().is_empty(), "nobody watches");
    assert_eq!(trace.watch(0, false).frames(), ["(1, 2] [2]"]);
    trace.batch(batch(2, &[("c", 1_000), ("d", 1_000)]));
    assert_eq!(trace.frames(), ["(2, 3] [3, 3]"]);
    assert!(trace.watch(3, false).frames().is_empty(), "it has all");
    assert_eq!(trace.watch(3, true).frames(), ["(3, 3] []"]);
    assert_eq!(
        trace.watch(2, false).frames(),
        ["(2, 3] [3, 3]"],
        "it lost one"
    );
    // One who is ahead of a keeper that begins anew.
    assert_eq!(trace.watch(9, true).frames(), ["(3, 3] []"]);
}

#[test]
fn what_is_in_flight_is_held_until_it_is_committed() {
    let mut trace = Trace::new();
    trace.at(1_000).batch(batch(0, &[("a", 1_000)]));
    trace.core.handle_event(Timestamp(1_000), Event::Drain);
    let (_shown, plan) = trace.shown();
    assert!(plan.is_some());
    trace.batch(batch(1, &[("b", 1_000)]));
    assert_eq!(trace.watch(0, true).shown().0, ["(0, 2] [1, 2]"]);
    trace
        .core
        .handle_event(Timestamp(1_000), Event::FlushCommitted);
    assert_eq!(trace.watch(0, true).shown().0, ["(1, 2] [2]"]);
}

#[test]
fn interest_is_forgotten_and_an_end_is_shown_when_it_is_committed() {
    let mut trace = Trace::new();
    trace
        .at(1_000)
        .batch(batch(0, &[("a", 1_000)]))
        .watch(0, true);
    assert_eq!(trace.frames(), ["(0, 1] [1]"]);
    let end = Batch {
        kind: Kind::End.into(),
        ..batch(1, &[])
    };
    trace.at(2_000).batch(end);
    assert!(trace.frames().is_empty());
    trace.core.handle_event(Timestamp(2_000), Event::Drain);
    assert!(trace.shown().1.is_some());
    trace
        .core
        .handle_event(Timestamp(2_000), Event::FlushCommitted);
    trace.core.is_draining = false;
    assert_eq!(trace.frames(), ["(2, 2] [] ended"]);
    trace.core.handle_timeout(Timestamp(9_000));
    trace.at(9_000).batch(batch(2, &[("b", 2_000)]));
    assert!(trace.shown().0.is_empty(), "nobody watches any more");
}

#[test]
fn times_stay_as_they_are_while_the_clock_stands_still() {
    let sent = |seq, at: i64| Batch {
        sent_at: Some(at),
        ..batch(seq, &[])
    };
    Trace::new()
        .at(2_200)
        .batch(Batch {
            replay: vec![mutation(100), mutation(2_107)],
            ..sent(0, 2_190)
        })
        .at(2_300)
        .batch(Batch {
            events: vec![
                interaction("a", 0),
                interaction("b", 802),
                interaction("c", 1_605),
            ],
            ..sent(1, 2_290)
        })
        .flush()
        .check(&expect![[r#"
            flush drain through 2
              session s#0 r0 open start=10 events=3 replay=2 due=Some(3601615)
              chunk 0 of window "w": [10, 110, 812, 1615, 2117]
        "#]]);
}

#[test]
fn without_the_clients_clock_no_lane_holds_back_the_other() {
    Trace::new()
        .at(2_200)
        .batch(Batch {
            replay: vec![mutation(2_107)],
            ..batch(0, &[])
        })
        .batch(batch(1, &[("a", 0), ("b", 802)]))
        .batch(batch(2, &[("c", 700)]))
        .flush()
        .check(&expect![[r#"
            flush drain through 3
              session s#0 r0 open start=0 events=3 replay=1 due=Some(3602107)
              chunk 0 of window "w": [0, 802, 802, 2107]
        "#]]);
}

/// The events of a flush: id of the batch's number, place and time.
fn order_of(trace: &mut Trace) -> Vec<(i64, i64)> {
    trace.core.handle_event(Timestamp(trace.now), Event::Drain);
    let mut found = Vec::new();
    while let Some(action) = trace.core.poll_action() {
        if let Action::Flush(plan) = action {
            found.extend(
                plan.events
                    .iter()
                    .map(|row| (row.place >> 20, row.place & 0xfffff)),
            );
            let seqs = plan.chunks.iter().flat_map(|chunk| chunk.lines.iter());
            assert!(seqs.is_sorted_by_key(|line| (line.at, line.seq)));
        }
    }
    found
}

#[test]
fn events_of_a_millisecond_are_ordered_by_batch_and_place() {
    let mut trace = Trace::new();
    trace
        .at(1_000)
        .batch(batch(3, &[("c", 500), ("d", 500)]))
        .batch(batch(2, &[("a", 500), ("b", 500)]));
    assert_eq!(order_of(&mut trace), [(3, 0), (3, 1), (2, 0), (2, 1)]);
}

#[test]
fn a_reused_number_loses_nothing_and_the_client_is_told() {
    let named = |seq, id: &str, event: (&str, i64)| Batch {
        batch_id: id.to_owned(),
        named: true,
        ..batch(seq, &[event])
    };
    let mut trace = Trace::new();
    trace
        .at(1_000)
        .batch(named(0, "x", ("a", 100)))
        .batch(named(0, "x", ("a", 100)))
        .batch(named(0, "y", ("b", 200)))
        .batch(named(0, "y", ("b", 200)));
    let asked = trace.core.poll_action();
    assert!(
        matches!(&asked, Some(Action::AskNewWindow(_, window)) if window == "w"),
        "{asked:?}"
    );
    trace.flush().check(&expect![[r#"
        flush drain through 4
          session s#0 r0 open start=100 events=2 replay=0 due=Some(3600200)
          chunk 0 of window "w": [100, 200]
    "#]]);
}

fn page(window: &str, page: Page, sent_at: i64) -> Batch {
    Batch {
        seq: None,
        batch_id: format!("h{sent_at}"),
        window_id: window.to_owned(),
        sent_at: Some(sent_at),
        page: page.into(),
        context: None,
        ..batch(0, &[])
    }
}

fn live_until(trace: &Trace) -> Option<i64> {
    trace.rows[&("s".to_owned(), 0)].live_until
}

#[test]
fn a_page_keeps_its_session_live_until_it_closes() {
    let mut trace = Trace::new();
    trace.at(1_000).batch(batch(0, &[("a", 900)])).flush();
    assert_eq!(live_until(&trace), Some(60_900));
    // Heartbeats neither extend the session nor count as events.
    trace
        .at(30_000)
        .batch(page("w", Page::Open, 30_000))
        .flush();
    assert_eq!(live_until(&trace), Some(90_000));
    trace
        .at(40_000)
        .batch(page("w2", Page::Open, 40_000))
        .flush();
    assert_eq!(live_until(&trace), Some(100_000));
    // The other window is still there.
    trace
        .at(41_000)
        .batch(page("w2", Page::Closed, 41_000))
        .flush();
    assert_eq!(live_until(&trace), Some(90_000));
    trace
        .at(42_000)
        .batch(page("w", Page::Closed, 42_000))
        .flush();
    assert_eq!(live_until(&trace), Some(42_000));
    let row = &trace.rows[&("s".to_owned(), 0)];
    assert_eq!((row.event_count, row.due_at), (1, Some(3_600_900)));
}

#[test]
fn a_heartbeat_neither_begins_nor_reopens_a_session() {
    let mut trace = Trace::new();
    trace.at(500).batch(page("w", Page::Open, 500)).flush();
    assert!(trace.rows.is_empty());
    trace
        .at(1_000)
        .batch(batch(0, &[("a", 900)]))
        .batch(end(1))
        .flush();
    trace.at(2_000).batch(page("w", Page::Open, 2_000)).flush();
    assert_eq!(live_until(&trace), None);
    assert!(trace.rows[&("s".to_owned(), 0)].end_reason.is_some());
    assert_eq!(trace.log.last().unwrap(), "flush drain through 4");
}

#[test]
fn what_a_closed_tab_left_behind_does_not_make_it_live() {
    let mut trace = Trace::new();
    trace.at(1_000).batch(batch(0, &[("a", 900)]));
    trace.at(2_000).batch(Batch {
        page: Page::Closed.into(),
        sent_at: Some(2_000),
        ..batch(1, &[("b", 1_900)])
    });
    // Another page sends it a minute later.
    trace.at(62_000).batch(Batch {
        sent_at: Some(62_000),
        ..batch(2, &[("c", 1_950)])
    });
    trace.flush();
    assert_eq!(live_until(&trace), Some(2_000));
}

#[test]
fn a_first_batch_with_events_says_where_the_visit_came_from() {
    let mut trace = Trace::new();
    let mut first = batch(0, &[("a", 900)]);
    first.context.as_mut().unwrap().referrer = "https://search.example/".to_owned();
    let mut second = batch(1, &[("b", 950)]);
    second.context.as_mut().unwrap().referrer = "https://shop.example/".to_owned();
    trace.at(1_000).batch(first).batch(second).flush();
    let row = &trace.rows[&("s".to_owned(), 0)];
    assert_eq!(row.referrer.as_deref(), Some("https://search.example/"));
}

#[test]
fn a_visitor_is_known_by_the_browsers_id() {
    let mut trace = Trace::new();
    let mut first = batch(0, &[("a", 900)]);
    first.context.as_mut().unwrap().visitor_id = "v-1".to_owned();
    trace
        .at(1_000)
        .batch(first)
        .batch(batch(1, &[("b", 950)]))
        .flush();
    let row = &trace.rows[&("s".to_owned(), 0)];
    assert_eq!(row.visitor_id.as_deref(), Some("v-1"));
}
