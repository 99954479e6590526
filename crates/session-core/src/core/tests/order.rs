//! Times and their order.

use super::*;

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

/// The events of a flush: number of the batch, and place in it.
fn order_of(trace: &mut Trace) -> Vec<(i64, i64)> {
    trace.core.handle_event(Timestamp(trace.now), Event::Drain);
    let mut found = Vec::new();
    while let Some(action) = trace.core.poll_action() {
        if let Action::Flush(plan) = action {
            let lines = plan.chunks.iter().flat_map(|chunk| chunk.lines.iter());
            assert!(
                lines
                    .clone()
                    .is_sorted_by_key(|line| (line.at, line.place()))
            );
            found.extend(lines.map(|line| (line.place() >> 20, line.place() & 0xfffff)));
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
    assert_eq!(order_of(&mut trace), [(2, 0), (2, 1), (3, 0), (3, 1)]);
}
