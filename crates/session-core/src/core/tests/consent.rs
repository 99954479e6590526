//! What the visitor agreed to is stored with the visit.

use crow_proto::events::{Batch, Client, Consent};

use super::{Trace, batch, end};

fn with_consent(mut batch: Batch, state: &str, version: &str) -> Batch {
    batch.context.get_or_insert_default().consent = Some(Consent {
        state: state.to_owned(),
        version: version.to_owned(),
    });
    batch
}

fn with_signal(mut batch: Batch, signal: &str) -> Batch {
    batch.client.get_or_insert_default().privacy_signal = signal.to_owned();
    batch
}

fn stored(trace: &Trace) -> Option<&str> {
    trace.rows[&("s".to_owned(), 0)].consent.as_deref()
}

#[test]
fn the_last_decision_counts() {
    let mut trace = Trace::new();
    trace.at(1_000).batch(batch(0, &[("a", 900)])).flush();
    assert_eq!(stored(&trace), None);
    let granted = with_consent(batch(1, &[("b", 950)]), "granted", "1");
    trace.at(2_000).batch(granted).flush();
    assert_eq!(stored(&trace), Some(r#"{"state":"granted","version":"1"}"#));
    let again = with_consent(batch(2, &[("c", 1_950)]), "granted", "2");
    let silent = batch(3, &[("d", 1_960)]);
    trace.at(3_000).batch(again).batch(silent).flush();
    assert_eq!(stored(&trace), Some(r#"{"state":"granted","version":"2"}"#));
}

#[test]
fn an_older_batch_does_not_take_a_decision_back() {
    let mut trace = Trace::new();
    let newer = with_consent(batch(1, &[("b", 950)]), "granted", "2");
    let older = with_consent(batch(0, &[("a", 100)]), "pending", "");
    trace.at(1_000).batch(newer).batch(older).flush();
    assert_eq!(stored(&trace), Some(r#"{"state":"granted","version":"2"}"#));
}

#[test]
fn a_denial_without_items_is_noted_and_makes_no_visit() {
    let mut trace = Trace::new();
    trace
        .at(1_000)
        .batch(with_consent(batch(0, &[]), "denied", ""))
        .flush();
    assert!(trace.rows.is_empty());
    let granted = with_consent(batch(1, &[("b", 950)]), "granted", "");
    trace.at(2_000).batch(granted).flush();
    let before = trace.rows[&("s".to_owned(), 0)].event_count;
    let mut denied = with_consent(batch(2, &[]), "denied", "2");
    denied.client = Some(Client::default());
    trace.at(3_000).batch(denied).flush();
    assert_eq!(stored(&trace), Some(r#"{"state":"denied","version":"2"}"#));
    assert_eq!(trace.rows[&("s".to_owned(), 0)].event_count, before);
}

#[test]
fn a_denial_reaches_a_session_that_is_over() {
    let mut trace = Trace::new();
    let granted = with_consent(batch(0, &[("a", 900)]), "granted", "1");
    trace.at(1_000).batch(granted).batch(end(1)).flush();
    assert!(trace.rows[&("s".to_owned(), 0)].end_reason.is_some());
    let denied = with_consent(batch(2, &[]), "denied", "1");
    trace.at(2_000).batch(denied).flush();
    assert_eq!(stored(&trace), Some(r#"{"state":"denied","version":"1"}"#));
    assert_eq!(trace.rows[&("s".to_owned(), 0)].revision, 0);
}

#[test]
fn a_signal_is_kept_beside_the_decision() {
    let mut trace = Trace::new();
    let first = with_signal(batch(0, &[("a", 900)]), "gpc");
    let second = with_consent(batch(1, &[("b", 950)]), "granted", "");
    trace.at(1_000).batch(first).flush();
    assert_eq!(stored(&trace), Some(r#"{"signal":"gpc"}"#));
    trace.at(2_000).batch(second).flush();
    assert_eq!(
        stored(&trace),
        Some(r#"{"state":"granted","signal":"gpc"}"#)
    );
}
