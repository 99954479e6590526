//! New sessions have a row before their flush.

use super::*;

/// The rows that the core asks for at this time.
fn introduced(trace: &mut Trace, at: i64) -> Vec<SessionRecord> {
    trace.now = at;
    trace.core.handle_timeout(Timestamp(at));
    let actions = std::iter::from_fn(|| trace.core.poll_action());
    let rows = actions.filter_map(|action| match action {
        Action::Introduce(rows) => Some(rows),
        _ => None,
    });
    rows.flatten().collect()
}

#[test]
fn a_new_session_is_introduced_once_and_without_effects() {
    let mut trace = Trace::new();
    let both = batch(0, &[("a", 1_000), ("b", 900)]);
    trace.at(1_000).batch(both.clone());
    assert_eq!(trace.core.poll_timeout(), Timestamp(0));
    assert_eq!(introduced(&mut trace, 1_999), []);
    assert_eq!(trace.core.poll_timeout(), Timestamp(2_000));
    let rows = introduced(&mut trace, 2_000);
    let [row] = &rows[..] else {
        panic!("one row: {rows:?}")
    };
    assert_eq!((row.session_id.as_str(), row.started_at), ("s", 900));
    assert_eq!(row.initial_url.as_deref(), Some("https://shop.example/"));
    assert_eq!(
        (row.event_count, row.click_count, row.chunk_count),
        (0, 0, 0)
    );
    assert_eq!(
        (row.windows.as_str(), row.revision, row.end_reason),
        ("{}", 0, None)
    );
    assert_eq!(row.due_at, Some(900 + HOUR));
    trace.at(2_100).batch(batch(1, &[("c", 2_100)]));
    assert_eq!(introduced(&mut trace, 9_000), []);

    // The keeper dies, and the next one finds the row.
    let mut next = Trace::new();
    next.rows.insert(("s".to_owned(), 0), row.clone());
    next.at(10_000).batch(both.clone()).batch(both);
    assert_eq!(introduced(&mut next, 12_000), []);
    next.flush().check(&expect![[r#"
        flush drain through 2
          session s#0 r0 open start=900 events=2 replay=0 due=Some(3601000)
          chunk 0 of window "w": [900, 1000]
    "#]]);
}

#[test]
fn a_session_that_was_flushed_needs_no_introduction() {
    let mut trace = Trace::new();
    trace.at(1_000).batch(batch(0, &[("a", 1_000)])).flush();
    assert_eq!(introduced(&mut trace, 5_000), []);
}

#[test]
fn the_next_visit_waits_for_its_flush() {
    let mut trace = Trace::new();
    trace.at(1_000).batch(batch(0, &[("a", 1_000)])).flush();
    let later = 1_000 + 2 * HOUR;
    trace.at(later).batch(batch(1, &[("b", later)]));
    assert_eq!(introduced(&mut trace, later + 2_000), []);
    let [visits] = &trace.core.sessions.values().collect::<Vec<_>>()[..] else {
        panic!("one session")
    };
    assert_eq!(visits.list.len(), 2);
}
