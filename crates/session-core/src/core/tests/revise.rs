//! Late data of sessions that are over.

use super::*;

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
