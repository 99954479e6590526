//! What becomes of batches.

use super::*;

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

/// An end before everything else has no row that could keep its number. Another batch with this
/// number counts as reused only while the core remembers the end. Its event is stored once in both
/// cases.
#[test]
fn an_end_of_nothing_does_not_keep_its_number() {
    let named = |id: &str, batch: Batch| Batch {
        batch_id: id.to_owned(),
        named: true,
        ..batch
    };
    for is_restarted in [false, true] {
        let mut trace = Trace::new();
        trace.at(1_000).batch(named("x", end(0))).flush();
        assert!(trace.rows.is_empty());
        if is_restarted {
            trace.core = Core::new(
                Partition(0),
                Config::default(),
                Sequence(1),
                Timestamp(1_000),
            );
        }
        let other = named("y", batch(0, &[("", 1_000)]));
        trace.batch(other.clone()).batch(other);
        let chunks = trace.core.pending.chunks.values();
        let lines = chunks.flat_map(|chunk| &chunk.lines);
        let events: Vec<String> = lines.map(|(_sequence, line)| id_of(line)).collect();
        let mut incoming = Incoming::new(named("y", batch(0, &[("", 1_000)]))).unwrap();
        if !is_restarted {
            incoming = incoming.without_number();
        }
        assert_eq!(events, [incoming.event_row_id(0).0]);
    }
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
