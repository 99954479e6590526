//! Traces: what comes in, what goes out.

use bytes::Bytes;
use expect_test::{Expect, expect};

use crow_proto::events::{Batch, Context, Event as Interaction, Kind, ReplayEvent};

use super::*;

const MINUTE: i64 = 60_000;
const HOUR: i64 = 60 * MINUTE;

/// A partition with an empty database, driven by hand.
struct Trace {
    core: Core,
    now: i64,
    sequence: u64,
    log: Vec<String>,
}

impl Trace {
    fn new() -> Self {
        let core = Core::new(Partition(0), Config::default(), Sequence(0), Timestamp(0));
        Self {
            core,
            now: 0,
            sequence: 0,
            log: Vec::new(),
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
            .map(|key| (key, Vec::new()))
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
        .at(HOUR + 999)
        .due()
        .at(HOUR + 1_000)
        .due()
        .flush()
        .check(&expect![[r#"
            flush session_end through 1
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
            flush session_end through 2
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
        .at(HOUR + 2_000)
        .due()
        .flush()
        .at(3 * HOUR)
        .batch(passive(2, 3 * HOUR))
        .flush()
        .check(&expect![[r#"
            flush session_end through 2
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
            flush session_end through 2
              session s#0 r0 ended@1000 start=1000 events=1 replay=0 due=None
              chunk 0 of window "w": [1000]
              announce revision 0
            flush session_end through 4
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
            flush session_end through 2
              session s#0 r0 idle@1000 start=1000 events=1 replay=0 due=None
              session s#1 r0 open start=10800000 events=1 replay=0 due=Some(14400000)
              chunk 0 of window "w": [1000]
              chunk 0 of window "w": [10800000]
              announce revision 0
            flush session_end through 3
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
    trace.at(24 * HOUR).due().flush();
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
    trace.core.handle_timeout(Timestamp(11_000));
    assert_eq!(trace.core.poll_action(), Some(Action::FindDue));
    assert!(
        matches!(trace.core.poll_action(), Some(Action::Flush(plan)) if plan.reason == FlushReason::Age)
    );
    trace.at(30_000).batch(batch(1, &[("b", 30_000)]));
    trace.core.handle_timeout(Timestamp(99_000));
    assert_eq!(trace.core.poll_action(), Some(Action::FindDue));
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
