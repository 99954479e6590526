//! When sessions end, and when they go on.

use super::*;

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
