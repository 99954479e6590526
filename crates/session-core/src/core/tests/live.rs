//! How long a session counts as live.

use super::*;

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
