use super::*;

const NOW: i64 = 1_795_000_000_000;

/// A batch of a client that names its batches.
fn named(seq: u64, id: &str) -> BatchName<'_> {
    BatchName {
        seq: Some(seq),
        id,
        is_named: true,
    }
}

fn numbered(seq: u64) -> BatchName<'static> {
    BatchName {
        seq: Some(seq),
        id: "b",
        is_named: false,
    }
}

fn unnumbered(id: &str) -> BatchName<'_> {
    BatchName {
        seq: None,
        id,
        is_named: true,
    }
}

fn observe(state: &mut WindowState, seqs: &[u64]) -> Vec<Arrival> {
    seqs.iter()
        .map(|seq| state.observe(numbered(*seq), 5))
        .collect()
}

#[test]
fn a_known_number_is_a_duplicate_and_a_missing_one_is_kept_once() {
    use Arrival::{Duplicate, InOrder, Late};
    let mut state = WindowState::default();
    assert_eq!(
        observe(&mut state, &[0, 1, 1, 5, 3, 3, 2, 4, 4]),
        [
            InOrder, InOrder, Duplicate, InOrder, Late, Duplicate, Late, Late, Duplicate
        ]
    );
    assert!(state.missing.is_empty());
    assert_eq!(state.next, 6);
}

#[test]
fn what_stays_missing_is_a_gap() {
    let mut state = WindowState::default();
    observe(&mut state, &[2, 7, 4]);
    assert_eq!(
        state.missing,
        [Missing(0, 1, 5), Missing(3, 3, 5), Missing(5, 6, 5)]
    );
}

#[test]
fn the_largest_number_does_not_overflow() {
    let mut state = WindowState::default();
    assert_eq!(observe(&mut state, &[u64::MAX]), [Arrival::InOrder]);
    assert_eq!(state.missing, [Missing(0, u64::MAX - 1, 5)]);
}

#[test]
fn a_batch_without_number_is_known_by_its_name() {
    let mut state = WindowState::default();
    assert_eq!(state.observe(unnumbered("a"), 5), Arrival::InOrder);
    assert_eq!(state.observe(unnumbered("a"), 5), Arrival::Duplicate);
    assert_eq!(state.observe(unnumbered("b"), 5), Arrival::InOrder);
}

#[test]
fn network_delay_does_not_change_the_skew_but_a_set_clock_does() {
    let mut state = WindowState::default();
    assert_eq!(state.settle_skew(Some(40), true).ms, 40);
    assert_eq!(state.settle_skew(Some(900), false).ms, 40);
    assert_eq!(state.settle_skew(None, false).ms, 40);
    // It may have been set, or this batch was sent an hour ago and again now.
    assert_eq!(state.settle_skew(Some(3_600_000), false).ms, 40);
    assert_eq!(state.settle_skew(Some(3_600_900), false).ms, 3_600_000);
    assert_eq!(state.settle_skew(Some(50), false).ms, 50);
}

#[test]
fn a_batch_that_was_sent_again_later_does_not_change_the_skew() {
    let mut state = WindowState::default();
    assert_eq!(state.settle_skew(Some(40), true).ms, 40);
    assert_eq!(state.settle_skew(Some(60_000), false).ms, 40);
    assert_eq!(state.settle_skew(Some(30), false).ms, 40);
    assert_eq!(state.settle_skew(Some(70_000), false).ms, 40);
}

#[test]
fn what_is_kept_for_all_windows_is_bounded() {
    let mut windows = Windows::default();
    for window in 0..1_000 {
        let id = format!("{window:0128}");
        for batch in 0..200_u64 {
            windows.observe(&id, named((1 << 50) | (batch * 2), "b"), NOW);
            windows.observe(&id, unnumbered(&format!("b{batch}")), NOW);
        }
        windows.get_or_begin(&id).last = window;
    }
    let json = serde_json::to_string(&windows).unwrap();
    assert!(json.len() < 100_000, "{} bytes", json.len());
    let newest = &windows.0[&format!("{:0128}", 999)];
    assert_eq!(newest.names.len(), 8);
    assert_eq!(newest.missing.len(), 4);
    assert!(newest.knows(unnumbered("b199")));
    assert!(windows.0.contains_key(&format!("{:0128}", 872)));
}

#[test]
fn gaps_of_an_earlier_visit_are_not_gaps_of_the_next() {
    let mut visit = Windows::default();
    observe(visit.get_or_begin("w"), &[0, 3]);
    let mut next = visit.carry_over().0.remove("w").unwrap();
    assert_eq!(visit.0["w"].missing, [Missing(1, 2, 5)]);
    assert!(next.missing.is_empty());
    assert_eq!(next.observe(numbered(1), 5), Arrival::Late);
    assert_eq!(next.observe(numbered(1), 5), Arrival::Duplicate);
}

#[test]
fn a_replay_without_its_first_snapshot_is_asked_for_one_once_in_a_while() {
    let mut state = WindowState::default();
    assert!(!state.observe_replay(Some(0), false, NOW));
    assert!(!state.observe_replay(Some(1), false, NOW + 14_999));
    assert!(state.observe_replay(Some(2), false, NOW + 15_000));
    assert!(!state.observe_replay(Some(3), false, NOW + 44_999));
    assert!(state.observe_replay(Some(4), false, NOW + 45_000));
    assert!(!state.observe_replay(Some(5), true, NOW + 90_000));
    assert!(!state.observe_replay(Some(6), false, NOW + 900_000));
}

#[test]
fn a_hole_that_does_not_fill_is_mended_by_the_next_snapshot() {
    let mut state = WindowState::default();
    let mut take = |seq, has_snapshot, at| {
        state.observe(numbered(seq), at);
        state.observe_replay(Some(seq), has_snapshot, at)
    };
    assert!(!take(0, true, NOW));
    assert!(!take(2, false, NOW + 1_000), "it may be on its way");
    assert!(take(3, false, NOW + 16_000));
    assert!(!take(4, true, NOW + 17_000));
    assert!(
        !take(5, false, NOW + 90_000),
        "a player starts behind the hole"
    );
    assert!(!take(7, false, NOW + 91_000));
    assert!(!take(6, false, NOW + 92_000), "it came");
    assert!(!take(8, false, NOW + 900_000));
}

#[test]
fn a_known_number_under_another_name_is_no_retry() {
    use Arrival::{Duplicate, InOrder, Late, Reused};
    let mut state = WindowState::default();
    let mut take = |seq, id: &'static str| {
        let name = named(seq, id);
        let knows = state.knows(name);
        let arrival = state.observe(name, 5);
        assert_eq!(knows, arrival == Duplicate, "{seq} {id}");
        // As another keeper reads it.
        state = serde_json::from_str(&serde_json::to_string(&state).unwrap()).unwrap();
        arrival
    };
    let seen = [
        (0, "a"),
        (1, "b"),
        (4, "e"),
        (1, "b"),
        (1, "x"),
        (1, "x"),
        (1, "b"),
    ];
    assert_eq!(
        seen.map(|(seq, id)| take(seq, id)),
        [
            InOrder, InOrder, InOrder, Duplicate, Reused, Duplicate, Duplicate
        ]
    );
    let late = [
        (2, "c"),
        (2, "c"),
        (2, "y"),
        (3, "d"),
        (0, "z"),
        (5, "f"),
        (4, "w"),
    ];
    assert_eq!(
        late.map(|(seq, id)| take(seq, id)),
        [Late, Duplicate, Reused, Late, Reused, InOrder, Reused]
    );
}

#[test]
fn without_a_name_or_beyond_memory_a_known_number_is_a_retry() {
    let mut state = WindowState::default();
    for seq in 0..300 {
        state.observe(named(seq, &format!("b{seq}")), 5);
    }
    assert_eq!(state.observe(numbered(299), 5), Arrival::Duplicate);
    assert_eq!(state.observe(named(44, "x"), 5), Arrival::Reused);
    assert_eq!(state.observe(named(43, "y"), 5), Arrival::Duplicate);
    observe(&mut state, &[300]);
    assert_eq!(state.observe(named(300, "z"), 5), Arrival::Duplicate);
    // Rows of keepers that remembered nothing.
    let mut old: WindowState = serde_json::from_str(r#"{"next": 4}"#).unwrap();
    assert_eq!(old.observe(named(3, "x"), 5), Arrival::Duplicate);
    let mut damaged: WindowState = serde_json::from_str(r#"{"next": 4, "recent": "?"}"#).unwrap();
    assert_eq!(damaged.observe(named(3, "x"), 5), Arrival::Duplicate);
}

fn sign(given_at: i64, is_end: bool) -> Sign {
    Sign {
        given_at,
        at: given_at + 10,
        is_end,
    }
}

#[test]
fn a_closed_page_stays_closed_until_a_later_sign() {
    let mut life = Life::default();
    life.observe(sign(1_000, false), false);
    assert_eq!(life.0, 61_010);
    life.observe(sign(5_000, true), false);
    assert_eq!(life.0, 5_010);
    // What was on its way.
    life.observe(sign(4_900, false), false);
    life.observe(sign(5_000, false), false);
    assert_eq!(life.0, 5_010);
    // The next page of the window.
    life.observe(sign(5_300, false), false);
    assert_eq!(life.0, 65_310);
    // What the page before said comes late.
    life.observe(sign(5_000, true), false);
    assert_eq!(life.0, 65_310);
    // The client's clock was set back.
    life.observe(sign(10, true), true);
    assert_eq!(life.0, 20);
}
