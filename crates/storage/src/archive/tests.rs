use std::io::Read;

use super::*;
use crate::pack::LineReader;
use crate::seal::KeyBytes;

fn replay(window: &str, at: i64, kind: u8, padding: usize) -> Line {
    Line {
        window: window.to_owned(),
        kind: LineKind::Replay,
        seq: Some(0),
        index: 0,
        at,
        data: format!("{{\"type\":{kind},\"data\":\"{}\"}}", "x".repeat(padding)).into(),
    }
}

fn archive(lines: &[Line]) -> (Bytes, Vec<Frame>) {
    let mut writer = ArchiveWriter::new("plain".to_owned(), None).unwrap();
    lines.iter().for_each(|line| writer.add(line).unwrap());
    writer.finish().unwrap()
}

fn read(frame: Bytes) -> Vec<Line> {
    let mut reader = LineReader::new("plain", 0, frame, None).unwrap();
    std::iter::from_fn(|| reader.next_line().unwrap()).collect()
}

#[test]
fn frames_begin_with_snapshots_and_are_cut_by_size() {
    let lines = [
        replay("a", 1, 4, 0),
        replay("a", 2, 2, 10),
        replay("b", 3, 3, 0),
        replay("b", 4, 2, 10),
        replay("a", 5, 3, FRAME_BYTES),
        replay("a", 6, 3, 0),
    ];
    let (object, frames) = archive(&lines);
    let shape: Vec<(&str, bool, u64, i64, i64)> = frames
        .iter()
        .map(|f| {
            (
                f.window.as_str(),
                f.has_full_snapshot,
                f.lines,
                f.first_at,
                f.last_at,
            )
        })
        .collect();
    assert_eq!(
        shape,
        [
            ("a", true, 3, 1, 3),
            ("b", true, 2, 4, 5),
            ("", false, 1, 6, 6)
        ]
    );
    for frame in &frames {
        let Extent { offset, length, .. } = frame.extent;
        let range = usize::try_from(offset).unwrap()..usize::try_from(offset + length).unwrap();
        assert_eq!(read(object.slice(range)).len() as u64, frame.lines);
    }
}

#[test]
fn two_windows_that_begin_at_once_are_both_found() {
    let lines = [
        replay("a", 1, 4, 0),
        replay("b", 1, 4, 0),
        replay("a", 2, 2, 0),
        replay("b", 2, 2, 0),
    ];
    let (_object, frames) = archive(&lines);
    let shape: Vec<(&str, bool)> = frames
        .iter()
        .map(|frame| (frame.window.as_str(), frame.has_full_snapshot))
        .collect();
    assert_eq!(
        shape,
        [("a", false), ("b", false), ("a", true), ("b", true)]
    );
}

#[test]
fn adjacent_frames_are_one_range_and_plain_zstd_reads_the_object() {
    let lines: Vec<Line> = (0..5).map(|at| replay("a", at, 2, 100)).collect();
    let (object, frames) = archive(&lines);
    assert_eq!(frames.len(), 5);
    let last = frames.last().unwrap().extent;
    let end = usize::try_from(last.offset + last.length).unwrap();
    assert_eq!(read(object.slice(..end)), lines);

    let mut text = String::new();
    let mut decoder = zstd::Decoder::new(object.as_ref()).unwrap();
    decoder.read_to_string(&mut text).unwrap();
    assert_eq!(text.lines().count(), 5);
}

#[test]
fn nothing_is_an_archive_without_frames() {
    let (object, frames) = archive(&[]);
    assert!(frames.is_empty());
    assert!(!object.is_empty());
}

#[test]
fn frames_of_several_sessions_are_one_object() {
    let key_of = |session: &str| DataKey {
        organization: "acme".into(),
        session: session.into(),
        bytes: KeyBytes::random(),
    };
    let object = "packs/1.ndjson.zst.sealed";
    let keys = [key_of("a"), key_of("b"), key_of("c")];
    let mut writer = ArchiveWriter::new(object.to_owned(), Some(&keys[0])).unwrap();
    let mut frames = Vec::new();
    for (key, at) in keys.iter().zip(1..) {
        assert!(writer.next_session(Some(key)).unwrap().is_empty());
        writer.add(&replay("w", at, 3, 10)).unwrap();
        writer.add(&replay("w", at, 4, 10)).unwrap();
        frames.push(writer.next_session(Some(key)).unwrap());
    }
    let (bytes, last) = writer.finish().unwrap();

    assert!(last.is_empty());
    for ((key, frames), at) in keys.iter().zip(&frames).zip(1..) {
        assert_eq!(frames.len(), 2, "the second line begins a frame");
        for frame in frames {
            let Extent { offset, length, .. } = frame.extent;
            let range = usize::try_from(offset).unwrap()..usize::try_from(offset + length).unwrap();
            let part = bytes.slice(range);
            let open = |key| LineReader::new(object, offset, part.clone(), Some(key));
            let line = open(key).unwrap().next_line().unwrap().unwrap();
            assert_eq!(line.at, at);
            let other = keys
                .iter()
                .find(|other| other.session != key.session)
                .unwrap();
            assert!(open(other).and_then(|mut lines| lines.next_line()).is_err());
        }
    }
    let writer = ArchiveWriter::new(object.to_owned(), Some(&keys[0]));
    assert!(writer.unwrap().next_session(None).is_err(), "no key");
}
