//! What leaves the memory.

use super::*;

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
fn a_quiet_session_is_not_kept() {
    let mut trace = Trace::new();
    trace.at(1_000).batch(batch(0, &[("a", 1_000)]));
    trace.flush();
    assert_eq!(trace.core.cached_sessions(), 1);
    let other = Batch {
        session_id: "other".to_owned(),
        ..batch(0, &[("x", 40_000)])
    };
    trace.at(40_000).batch(other);
    trace.flush();
    assert_eq!(trace.core.cached_sessions(), 1);
    // It goes on from its row, which knows the first batch.
    trace.at(45_000).batch(batch(0, &[("a", 1_000)]));
    trace.at(45_000).batch(batch(1, &[("b", 45_000)])).flush();
    assert_eq!(trace.core.cached_sessions(), 2);
    assert_eq!(trace.rows[&("s".to_owned(), 0)].event_count, 2);
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
