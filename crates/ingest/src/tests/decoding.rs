use std::io::Write;

use bytes::Bytes;
use flate2::Compression;
use flate2::write::{DeflateEncoder, GzEncoder, ZlibEncoder};

use crow_types::Timestamp;

use crate::config::IngestConfig;
use crate::decode::depth;
use crate::decode::envelope::Envelope;
use crate::decode::fields::{self, Scalar};
use crate::decode::inflate::{Encoding, InflateError, inflate};
use crate::decode::list::{self, ListError};
use crate::inflight::{Inflight, NoRoom};
use crate::validate::{self, Rules};

const MAX: usize = 1 << 20;

fn unpack(encoding: Encoding, sent: &[u8], max: usize) -> Result<Bytes, InflateError> {
    inflate(
        encoding,
        Bytes::copy_from_slice(sent),
        max,
        &mut Inflight::new(usize::MAX).reserve(),
    )
}

pub(crate) fn pack(encoding: Encoding, plain: &[u8]) -> Vec<u8> {
    match encoding {
        Encoding::Identity => plain.to_vec(),
        Encoding::Gzip => {
            let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
            encoder.write_all(plain).unwrap();
            encoder.finish().unwrap()
        }
        Encoding::Deflate => {
            let mut encoder = ZlibEncoder::new(Vec::new(), Compression::fast());
            encoder.write_all(plain).unwrap();
            encoder.finish().unwrap()
        }
        Encoding::Brotli => {
            let mut packed = Vec::new();
            brotli::CompressorWriter::new(&mut packed, 4096, 4, 20)
                .write_all(plain)
                .unwrap();
            packed
        }
        Encoding::Zstd => zstd::bulk::compress(plain, 1).unwrap(),
    }
}

pub(crate) const COMPRESSED: [Encoding; 4] = [
    Encoding::Gzip,
    Encoding::Deflate,
    Encoding::Brotli,
    Encoding::Zstd,
];

#[test]
fn every_encoding_gives_back_what_was_packed() {
    let plain = br#"{"sessionId":"s","events":[]}"#.repeat(5_000);
    for encoding in COMPRESSED.into_iter().chain([Encoding::Identity]) {
        assert_eq!(
            unpack(encoding, &pack(encoding, &plain), MAX).unwrap(),
            plain,
            "{encoding}"
        );
    }
    let mut raw = DeflateEncoder::new(Vec::new(), Compression::fast());
    raw.write_all(&plain).unwrap();
    assert_eq!(
        unpack(Encoding::Deflate, &raw.finish().unwrap(), MAX).unwrap(),
        plain
    );
}

#[test]
fn a_bomb_is_refused_at_the_limit() {
    let bomb = vec![b' '; 50 << 20];
    for encoding in COMPRESSED {
        let packed = pack(encoding, &bomb);
        assert!(packed.len() < 1 << 20);
        let inflight = Inflight::new(usize::MAX);
        let mut reservation = inflight.reserve();
        let outcome = inflate(encoding, packed.into(), MAX, &mut reservation);
        assert_eq!(outcome.unwrap_err(), InflateError::TooLarge, "{encoding}");
        assert!(inflight.used() <= MAX);
    }
    assert_eq!(
        unpack(Encoding::Identity, &vec![b' '; MAX + 1], MAX).unwrap_err(),
        InflateError::TooLarge
    );
}

#[test]
fn what_is_not_the_encoding_is_corrupt() {
    for encoding in COMPRESSED {
        let outcome = unpack(
            encoding,
            b"{\"this\":\"is plain JSON, and long enough\"}",
            MAX,
        );
        assert_eq!(
            outcome.unwrap_err(),
            InflateError::Corrupt(encoding),
            "{encoding}"
        );
    }
    for encoding in [Encoding::Gzip, Encoding::Brotli, Encoding::Zstd] {
        let packed = pack(encoding, &b"0123456789".repeat(1_000));
        let outcome = unpack(encoding, &packed[..packed.len() - 3], MAX);
        assert_eq!(
            outcome.unwrap_err(),
            InflateError::Corrupt(encoding),
            "{encoding} cut off"
        );
    }
}

#[test]
fn encodings_are_known_by_name_and_never_stacked() {
    assert_eq!(Encoding::parse(" GZIP "), Some(Encoding::Gzip));
    assert_eq!(Encoding::parse("identity"), Some(Encoding::Identity));
    for unsupported in ["gzip, gzip", "compress", "br,zstd", "aes128gcm"] {
        assert_eq!(Encoding::parse(unsupported), None);
    }
}

#[test]
fn bodies_share_one_limit_and_give_back_what_they_held() {
    let inflight = Inflight::new(100);
    let mut first = inflight.reserve();
    first.grow(60).unwrap();
    let mut second = inflight.reserve();
    assert_eq!(second.grow(41), Err(NoRoom));
    second.grow(40).unwrap();
    drop(first);
    assert_eq!(inflight.used(), 40);
    second.resize(100).unwrap();
    assert_eq!(second.resize(101), Err(NoRoom));
    second.resize(7).unwrap();
    assert_eq!((second.held(), inflight.used()), (7, 7));
    drop(second);
    assert_eq!(inflight.used(), 0);
}

#[test]
fn depth_counts_brackets_outside_of_strings() {
    let three = br#"{"a":[{"b":"[[[[\"{{"}],"c":{}}"#;
    assert!(!depth::is_over(0, b"1"));
    assert!(!depth::is_over(3, three));
    assert!(depth::is_over(2, three));
    assert!(depth::is_over(2, b"[[[]]]"));
    assert!(!depth::is_over(2, b"[[],[],[]]"));
    assert!(depth::is_over(1_024, &[b'['; 3_000]));
}

fn envelope(body: impl AsRef<[u8]>) -> Result<Envelope, String> {
    let rules = Rules {
        max_depth: 8,
        ..Rules::new(&IngestConfig::default(), Timestamp(0))
    };
    let body = Bytes::copy_from_slice(body.as_ref());
    let read = validate::read(body, rules).map_err(|error| error.to_string())?;
    Ok(read.envelope)
}

#[test]
fn fields_are_slices_and_absent_ones_are_none() {
    let cut =
        envelope(r#" {"sessionId":"s","data": {"x":[1]},"batchId":null,"later":[[1]]} "#).unwrap();
    assert_eq!(cut.session_id.as_deref(), Some(br#""s""#.as_slice()));
    assert_eq!(cut.data.as_deref(), Some(br#"{"x":[1]}"#.as_slice()));
    assert_eq!(cut.batch_id, None);
    assert!(envelope("").unwrap().session_id.is_none());
}

#[test]
fn a_body_that_is_not_one_object_is_malformed() {
    for bad in [
        "[]",
        "1",
        "{",
        r#"{"a":1}x"#,
        r#"{"seq":1,"seq":2}"#,
        "[[[[[[[[[",
        "{\"a\":\u{1}}",
    ] {
        assert!(
            envelope(bad).unwrap_err().starts_with("malformed: "),
            "{bad}"
        );
    }
    let error = envelope(b"{\"a\":\"\xff\"}").unwrap_err();
    assert_eq!(error, "malformed: the body is not UTF-8 at byte 6");
}

#[test]
fn lists_are_cut_up_to_their_limit() {
    assert_eq!(
        list::cut::<&serde_json::value::RawValue>(Some(b"[1, {}]"), 2)
            .unwrap()
            .len(),
        2
    );
    assert_eq!(
        list::cut::<&serde_json::value::RawValue>(None, 2)
            .unwrap()
            .len(),
        0
    );
    assert_eq!(
        list::cut::<&serde_json::value::RawValue>(Some(b"[1,2,3]"), 2).unwrap_err(),
        ListError::TooMany
    );
    assert_eq!(
        list::cut::<&serde_json::value::RawValue>(Some(b"{}"), 2).unwrap_err(),
        ListError::Mismatch
    );
}

#[test]
fn numbers_are_finite_and_whole_where_they_must_be() {
    assert_eq!(fields::count("seq", &Scalar::of(Some(b"17"))), Ok(Some(17)));
    assert_eq!(
        fields::count("seq", &Scalar::of(Some(b"17.0"))),
        Ok(Some(17))
    );
    for bad in ["-1", "1.5", "\"1\"", "9007199254740992", "1e999", "true"] {
        assert!(
            fields::count("seq", &Scalar::of(Some(bad.as_bytes()))).is_err(),
            "{bad}"
        );
    }
    assert_eq!(
        fields::millis("sentAt", &Scalar::of(Some(b"1763690001000.6"))),
        Ok(Some(1_763_690_001_001))
    );
}

#[test]
fn texts_lose_control_characters_and_what_is_too_long() {
    assert_eq!(fields::clean("a\0b\nc\u{85}d", 10), "abcd");
    assert_eq!(fields::clean("aää", 4), "aä");
}
