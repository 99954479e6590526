use super::*;

fn line(at: i64, kind: LineKind, data: &str) -> Line {
    Line {
        window: "w\"1".to_owned(),
        kind,
        seq: Some(3),
        index: 0,
        at,
        data: Bytes::copy_from_slice(data.as_bytes()),
    }
}

#[test]
fn chunks_come_back_from_their_extents() {
    let first = vec![
        line(1, LineKind::Event, r#"{"type":"click"}"#),
        line(2, LineKind::Replay, r#"{"type":3}"#),
    ];
    let second = vec![line(5, LineKind::Replay, r#"{"a":"ü\u0000"}"#)];
    let mut pack = PackWriter::new("plain").unwrap();
    let a = pack.add_chunk("a", None, &first).unwrap();
    let b = pack.add_chunk("b", None, &second).unwrap();
    let object = pack.finish();

    for (extent, lines) in [(a, first), (b, second)] {
        let range = usize::try_from(extent.offset).unwrap()
            ..usize::try_from(extent.offset + extent.length).unwrap();
        let mut reader =
            LineReader::new("plain", extent.offset, object.slice(range), None).unwrap();
        for expected in lines {
            assert_eq!(reader.next_line().unwrap(), Some(expected));
        }
        assert_eq!(reader.next_line().unwrap(), None);
    }
}

#[test]
fn neighbours_are_written_as_they_would_be_alone() {
    let event = line(1, LineKind::Event, "{}");
    let lines = [
        event.clone(),
        Line {
            index: 1,
            ..event.clone()
        },
        Line {
            seq: None,
            ..event.clone()
        },
        Line {
            kind: LineKind::Replay,
            ..event.clone()
        },
        Line {
            window: String::new(),
            at: 2,
            ..event.clone()
        },
        Line {
            window: String::new(),
            at: 3,
            ..event.clone()
        },
        event,
    ];
    let mut alone = Vec::new();
    lines.iter().for_each(|line| write_line(line, &mut alone));
    let mut together = Vec::new();
    assert_eq!(write_lines(&lines, &mut together), lines.len());
    assert_eq!(String::from_utf8(together), String::from_utf8(alone));
}

#[test]
fn any_zstd_reader_skips_the_index() {
    let mut pack = PackWriter::new("plain").unwrap();
    pack.add_chunk("a", None, &[line(1, LineKind::Event, "{}")])
        .unwrap();
    pack.add_chunk("b", None, &[line(2, LineKind::Event, "{}")])
        .unwrap();
    let text = zstd::stream::decode_all(pack.finish().reader()).unwrap();
    assert_eq!(text.iter().filter(|byte| **byte == b'\n').count(), 2);
}

#[test]
fn a_line_feed_in_pretty_json_does_not_break_the_line() {
    let mut out = Vec::new();
    write_line(&line(1, LineKind::Event, "{\n  \"a\": 1\r\n}"), &mut out);
    assert_eq!(out.iter().filter(|byte| **byte == b'\n').count(), 1);
}

#[test]
fn a_damaged_chunk_is_an_error() {
    let mut pack = PackWriter::new("plain").unwrap();
    pack.add_chunk("a", None, &[line(1, LineKind::Event, "{}")])
        .unwrap();
    let object = pack.finish();
    let mut damaged = object.to_vec();
    damaged[8] ^= 0xff;
    let outcome =
        LineReader::new("plain", 0, damaged.into(), None).and_then(|mut reader| reader.next_line());
    assert!(matches!(outcome, Err(Error::Corrupt(_))));
}
