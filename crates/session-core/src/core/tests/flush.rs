//! When a flush is cut.

use super::*;

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
