//! What watchers are shown.

use super::*;

impl Trace {
    fn watch(&mut self, after: u64, wants_answer: bool) -> &mut Self {
        let key = Incoming::new(batch(0, &[])).unwrap().key;
        let watch = Event::Watch {
            key,
            after: Sequence(after),
            wants_answer,
            once: false,
        };
        self.core.handle_event(Timestamp(self.now), watch);
        self
    }

    /// Takes what is shown; stops at a flush, which it returns.
    fn shown(&mut self) -> (Vec<String>, Option<Box<FlushPlan>>) {
        let mut shown = Vec::new();
        while let Some(action) = self.core.poll_action() {
            match action {
                Action::Show(frame) => {
                    let lines: Vec<u64> = frame.lines.iter().map(|line| line.sequence.0).collect();
                    let end = if frame.has_ended { " ended" } else { "" };
                    let text = format!("({}, {}] {lines:?}{end}", frame.after, frame.through);
                    shown.push(text);
                }
                Action::Flush(plan) => return (shown, Some(plan)),
                Action::AskSnapshot(..)
                | Action::AskNewWindow(..)
                | Action::TellEnded(_)
                | Action::Introduce(_)
                | Action::FindDue(_) => {}
            }
        }
        (shown, None)
    }

    fn frames(&mut self) -> Vec<String> {
        let (shown, plan) = self.shown();
        assert!(plan.is_none(), "a flush was cut");
        shown
    }
}

#[test]
fn a_watcher_gets_what_is_held_and_then_each_message() {
    let mut trace = Trace::new();
    trace.at(1_000).batch(batch(0, &[("a", 1_000)])).flush();
    trace.batch(batch(1, &[("b", 1_000)]));
    assert!(trace.frames().is_empty(), "nobody watches");
    assert_eq!(trace.watch(0, false).frames(), ["(1, 2] [2]"]);
    trace.batch(batch(2, &[("c", 1_000), ("d", 1_000)]));
    assert_eq!(trace.frames(), ["(2, 3] [3, 3]"]);
    assert!(trace.watch(3, false).frames().is_empty(), "it has all");
    assert_eq!(trace.watch(3, true).frames(), ["(3, 3] []"]);
    assert_eq!(
        trace.watch(2, false).frames(),
        ["(2, 3] [3, 3]"],
        "it lost one"
    );
    // One who is ahead of a keeper that begins anew.
    assert_eq!(trace.watch(9, true).frames(), ["(3, 3] []"]);
}

#[test]
fn what_is_in_flight_is_held_until_it_is_committed() {
    let mut trace = Trace::new();
    trace.at(1_000).batch(batch(0, &[("a", 1_000)]));
    trace.core.handle_event(Timestamp(1_000), Event::Drain);
    let (_shown, plan) = trace.shown();
    assert!(plan.is_some());
    trace.batch(batch(1, &[("b", 1_000)]));
    assert_eq!(trace.watch(0, true).shown().0, ["(0, 2] [1, 2]"]);
    trace
        .core
        .handle_event(Timestamp(1_000), Event::FlushCommitted);
    assert_eq!(trace.watch(0, true).shown().0, ["(1, 2] [2]"]);
}

#[test]
fn interest_is_forgotten_and_an_end_is_shown_when_it_is_committed() {
    let mut trace = Trace::new();
    trace
        .at(1_000)
        .batch(batch(0, &[("a", 1_000)]))
        .watch(0, true);
    assert_eq!(trace.frames(), ["(0, 1] [1]"]);
    let end = Batch {
        kind: Kind::End.into(),
        ..batch(1, &[])
    };
    trace.at(2_000).batch(end);
    assert!(trace.frames().is_empty());
    trace.core.handle_event(Timestamp(2_000), Event::Drain);
    assert!(trace.shown().1.is_some());
    trace
        .core
        .handle_event(Timestamp(2_000), Event::FlushCommitted);
    trace.core.is_draining = false;
    assert_eq!(trace.frames(), ["(2, 2] [] ended"]);
    trace.core.handle_timeout(Timestamp(9_000));
    trace.at(9_000).batch(batch(2, &[("b", 2_000)]));
    assert!(trace.shown().0.is_empty(), "nobody watches any more");
}
