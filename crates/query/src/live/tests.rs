use super::join::{Join, Missing, Taken};
use crow_db::read::TailState;
use crow_proto::live::{Frame, Line as Shown};
use crow_storage::pack::{Line, LineKind};

fn stored(checkpoint: i64, chunk_count: i64) -> TailState {
    TailState {
        partition: 3,
        stream_created: 7,
        checkpoint,
        chunk_count,
        status: "open".to_owned(),
        end_reason: None,
        archived_at: None,
    }
}

/// Lines of the session `v`, named by the positions of their messages.
fn frame(after: u64, through: u64, positions: &[u64]) -> Frame {
    let line = |position: &u64| Shown {
        visit: "v".to_owned(),
        sequence: *position,
        at: i64::try_from(*position).unwrap(),
        data: format!("{{\"n\":\n{position}}}").into(),
        ..Shown::default()
    };
    Frame {
        stream_created: 7,
        after,
        through,
        lines: positions.iter().map(line).collect(),
        has_ended: false,
    }
}

fn times(taken: &Taken) -> Vec<i64> {
    match taken {
        Taken::Lines(lines) => lines.iter().map(|line| line.at).collect(),
        Taken::Hole | Taken::Elsewhere => panic!("{taken:?}"),
    }
}

/// The same line as a frame's, read from its chunk later.
fn from_chunk(position: i64) -> Line {
    Line {
        window: String::new(),
        kind: LineKind::Event,
        seq: None,
        index: 0,
        at: position,
        data: format!("{{\"n\": {position}}}").into(),
    }
}

#[test]
fn frames_join_what_is_stored_and_each_other() {
    let mut join = Join::new("v".to_owned(), stored(10, 2));
    // The keeper's response also holds what was committed since then.
    assert_eq!(times(&join.take(frame(8, 12, &[9, 10, 11, 12]))), [11, 12]);
    assert_eq!(times(&join.take(frame(12, 15, &[15]))), [15]);
    // A former owner, or the response to another watcher, repeats lines.
    assert!(times(&join.take(frame(10, 15, &[11, 12, 15]))).is_empty());
    assert_eq!(join.position(), 15);
    assert_eq!(join.take(frame(16, 17, &[17])), Taken::Hole);
    let elsewhere = Frame {
        stream_created: 8,
        ..frame(15, 17, &[])
    };
    assert_eq!(join.take(elsewhere), Taken::Elsewhere);
    assert_eq!(join.position(), 15);
}

#[test]
fn a_line_of_another_visit_is_not_for_this_watcher() {
    let mut join = Join::new("other".to_owned(), stored(10, 2));
    assert!(times(&join.take(frame(10, 12, &[11]))).is_empty());
    assert_eq!(join.position(), 12);
}

#[test]
fn a_hole_is_filled_from_chunks_that_hold_more_than_the_hole() {
    let mut join = Join::new("v".to_owned(), stored(10, 2));
    assert_eq!(times(&join.take(frame(10, 12, &[11, 12]))), [11, 12]);
    // The keeper dies. The next one commits up to 16 before anyone watches it.
    assert!(join.is_behind(&frame(16, 17, &[17])));
    let now = stored(16, 4);
    assert_eq!(join.compare(&now), Missing::Chunks(2..4));
    let new: Vec<i64> = (11..=16)
        .filter(|position| join.is_new(&from_chunk(*position)))
        .collect();
    assert_eq!(new, [13, 14, 15, 16]);
    join.caught_up_with(now);
    assert_eq!(times(&join.take(frame(16, 17, &[17]))), [17]);
}

#[test]
fn two_lines_that_are_alike_are_two_lines() {
    let mut join = Join::new("v".to_owned(), stored(10, 2));
    assert_eq!(times(&join.take(frame(10, 11, &[11, 11]))), [11, 11]);
    assert_eq!(join.compare(&stored(13, 3)), Missing::Chunks(2..3));
    let again = [11, 11, 11].map(|position| join.is_new(&from_chunk(position)));
    assert_eq!(again, [false, false, true]);
}

#[test]
fn nothing_is_read_when_nothing_is_missing_and_what_is_gone_is_said() {
    let mut join = Join::new("v".to_owned(), stored(10, 2));
    assert_eq!(times(&join.take(frame(10, 20, &[20]))), [20]);
    assert_eq!(join.compare(&stored(20, 3)), Missing::Nothing);
    join.caught_up_with(stored(20, 3));
    assert_eq!(join.chunk_count(), 3);
    assert_eq!(join.compare(&stored(19, 3)), Missing::Gone);
    let archived = TailState {
        archived_at: Some(1),
        ..stored(30, 4)
    };
    assert_eq!(join.compare(&archived), Missing::Gone);
    let anew = TailState {
        stream_created: 9,
        ..stored(30, 4)
    };
    assert_eq!(join.compare(&anew), Missing::Gone);
}
