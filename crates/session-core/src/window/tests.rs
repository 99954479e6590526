use super::*;

fn observe(state: &mut WindowState, seqs: &[u64]) -> Vec<Arrival> {
    seqs.iter()
        .map(|seq| state.observe(Some(*seq), "b"))
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
    assert_eq!(state.missing, [[0, 1], [3, 3], [5, 6]]);
}

#[test]
fn the_largest_number_does_not_overflow() {
    let mut state = WindowState::default();
    assert_eq!(observe(&mut state, &[u64::MAX]), [Arrival::InOrder]);
    assert_eq!(state.missing, [[0, u64::MAX - 1]]);
}

#[test]
fn a_batch_without_number_is_known_by_its_name() {
    let mut state = WindowState::default();
    assert_eq!(state.observe(None, "a"), Arrival::InOrder);
    assert_eq!(state.observe(None, "a"), Arrival::Duplicate);
    assert_eq!(state.observe(None, "b"), Arrival::InOrder);
}

#[test]
fn network_delay_does_not_change_the_skew_but_a_set_clock_does() {
    let mut state = WindowState::default();
    assert_eq!(state.settle_skew(Some(40), true), 40);
    assert_eq!(state.settle_skew(Some(900), false), 40);
    assert_eq!(state.settle_skew(None, false), 40);
    assert_eq!(state.settle_skew(Some(3_600_000), false), 3_600_000);
}

#[test]
fn gaps_of_an_earlier_visit_are_not_gaps_of_the_next() {
    let mut state = WindowState::default();
    observe(&mut state, &[0, 3]);
    let mut next = state.carried_over();
    assert!(next.missing.is_empty());
    assert_eq!(next.observe(Some(1), "b"), Arrival::Late);
    assert_eq!(next.observe(Some(1), "b"), Arrival::Duplicate);
}
