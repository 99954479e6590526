use proptest::prelude::*;

use super::*;
use crate::error::Error;
use crate::pack::{Extent, Line, LineKind, LineReader, PackWriter};

const OBJECT: &str = "packs/0/a.ndjson.zst.sealed";

fn key(organization: &str, session: &str, bytes: u8) -> DataKey {
    DataKey {
        organization: organization.into(),
        session: session.into(),
        bytes: KeyBytes::new([bytes; KEY_BYTES]),
    }
}

fn line(at: i64, data: &str) -> Line {
    Line {
        window: "w".to_owned(),
        kind: LineKind::Event,
        seq: None,
        index: 0,
        at,
        data: Bytes::copy_from_slice(data.as_bytes()),
    }
}

fn slice(object: &Bytes, extent: Extent) -> Bytes {
    let at = |offset: u64| usize::try_from(offset).unwrap();
    object.slice(at(extent.offset)..at(extent.offset + extent.length))
}

fn read(object: &str, offset: u64, bytes: Bytes, key: &DataKey) -> Result<Vec<Line>, Error> {
    let mut reader = LineReader::new(object, offset, bytes, Some(key))?;
    let mut lines = Vec::new();
    while let Some(line) = reader.next_line()? {
        lines.push(line);
    }
    Ok(lines)
}

/// A pack with a chunk of each key's session.
fn pack(keys: &[DataKey], lines: &[Line]) -> (Bytes, Vec<Extent>) {
    let mut pack = PackWriter::new(OBJECT).unwrap();
    let extents = keys
        .iter()
        .map(|key| pack.add_chunk(&key.session, Some(key), lines).unwrap())
        .collect();
    (pack.finish(), extents)
}

#[test]
fn a_sealed_chunk_is_read_with_its_key_and_shows_nothing_without() {
    let lines = [line(1, r#"{"text":"MARKED MARKED MARKED"}"#)];
    let keys = [key("acme", "one", 1), key("acme", "two", 2)];
    let (object, extents) = pack(&keys, &lines);
    for (key, extent) in keys.iter().zip(&extents) {
        let chunk = slice(&object, *extent);
        assert_eq!(read(OBJECT, extent.offset, chunk, key).unwrap(), lines);
    }
    assert!(memchr::memmem::find(&object, b"MARKED").is_none());

    let chunk = slice(&object, extents[0]);
    let outcome = LineReader::new(OBJECT, 0, chunk, None);
    assert!(matches!(outcome, Err(Error::NoKey { .. })));
    let outcome = PackWriter::new(OBJECT)
        .unwrap()
        .add_chunk("one", None, &lines);
    assert!(matches!(outcome, Err(Error::NoKey { .. })));
}

#[test]
fn a_chunk_opens_only_where_it_was_written() {
    let lines = [line(1, "{}")];
    let keys = [key("acme", "one", 1), key("acme", "one", 1)];
    let (object, extents) = pack(&keys, &lines);
    let (first, second) = (slice(&object, extents[0]), slice(&object, extents[1]));
    let at = extents[1].offset;
    assert!(read(OBJECT, at, second.clone(), &keys[0]).is_ok());

    let other = "packs/0/b.ndjson.zst.sealed";
    let moved = [
        read(OBJECT, at, first, &keys[0]),
        read(other, at, second.clone(), &keys[0]),
        read(OBJECT, at, second.clone(), &key("acme", "two", 1)),
        read(OBJECT, at, second.clone(), &key("evil", "one", 1)),
        read(OBJECT, at, second.clone(), &key("acme", "one", 9)),
        read(OBJECT, at, second.slice(..second.len() - 1), &keys[0]),
    ];
    for outcome in moved {
        assert!(matches!(outcome, Err(Error::Corrupt(_))), "{outcome:?}");
    }
}

#[test]
fn a_plain_frame_in_the_place_of_a_sealed_one_is_refused() {
    let plain = crate::pack::compress(b"forged\n", 1).unwrap();
    let outcome = read(OBJECT, 0, plain.into(), &key("acme", "one", 1));
    assert!(matches!(outcome, Err(Error::Corrupt(_))), "{outcome:?}");
}

#[test]
fn adjacent_parts_are_one_range() {
    let key = key("acme", "one", 1);
    let lines = [line(1, "{}"), line(2, "[]")];
    let (object, extents) = pack(&[key.clone(), key.clone(), key.clone()], &lines);
    let last = extents[2];
    let all = object.slice(..usize::try_from(last.offset + last.length).unwrap());
    assert_eq!(read(OBJECT, 0, all, &key).unwrap().len(), 6);

    let places: Vec<_> = extents.iter().map(|e| (e.offset, e.length)).collect();
    assert_eq!(parts_of(&object), places);
}

/// Otherwise an earlier release would archive the session as empty.
#[test]
fn a_release_without_sealing_refuses_a_sealed_chunk() {
    let key = key("acme", "one", 1);
    let (object, extents) = pack(&[key], &[line(1, "{}")]);
    let chunk = slice(&object, extents[0]);
    assert!(zstd::decode_all(chunk.as_ref()).is_err());
}

/// The subkey and the nonce of each part, as bytes: what must never repeat.
#[test]
fn no_nonce_repeats_under_a_subkey() {
    let zeros = [0_u8; 64];
    let sealed = |object: &str, session: &str, offset: usize| {
        let mut bytes = vec![0; offset];
        let seal = key("acme", session, 1).in_object(object);
        seal.append(&zeros, &mut bytes);
        // With plain zeros, this is the key stream.
        bytes[offset + HEADER..offset + HEADER + zeros.len()].to_vec()
    };
    let streams = [
        sealed("a", "one", 0),
        sealed("a", "one", 88),
        sealed("a", "one", 89),
        sealed("b", "one", 0),
        sealed("b", "one", 88),
    ];
    for (place, stream) in streams.iter().enumerate() {
        assert!(!streams[..place].contains(stream), "{place}");
    }
    assert_eq!(
        streams[0],
        sealed("a", "one", 0),
        "the test sees the key stream"
    );
}

proptest! {
    #[test]
    fn damage_is_noticed(at in 0_usize..200, flip in 1_u8..=255) {
        let key = key("acme", "one", 1);
        let (object, extents) = pack(std::slice::from_ref(&key), &[line(1, r#"{"a":1}"#)]);
        let mut chunk = slice(&object, extents[0]).to_vec();
        let at = at % chunk.len();
        chunk[at] ^= flip;
        let outcome = read(OBJECT, 0, chunk.into(), &key);
        prop_assert!(matches!(outcome, Err(Error::Corrupt(_))));
    }
}
