use std::sync::{Barrier, Mutex};

use bytes::Bytes;
use serde_json::{Value, json};

use crow_proto::events::{Batch, Event, ReplayEvent};
use crow_types::Timestamp;

use super::decoding::{COMPRESSED, pack};
use crate::config::IngestConfig;
use crate::decode::BodyError;
use crate::decode::inflate::{Encoding, InflateError, inflate};
use crate::inflight::{Inflight, Memory, NoRoom};
use crate::publish::encode;
use crate::receive::parse;
use crate::validate::{Read, Rules};

const NOW: i64 = 1_763_690_002_000;
const MAX: usize = 4 << 20;

fn rules() -> Rules {
    Rules::new(&IngestConfig::default(), Timestamp(NOW))
}

/// A body with a snapshot of so many bytes and 500 events.
fn body(bytes: usize) -> Vec<u8> {
    let event = json!({"id": "e", "type": "click", "timestamp": NOW, "url": "https://a.example/"});
    let snapshot = json!({"type": 2, "timestamp": NOW, "data": "x".repeat(bytes)});
    let body = json!({
        "sessionId": "s", "events": vec![event; 500], "replay": [snapshot],
    });
    body.to_string().into_bytes()
}

/// From the body as sent to its accepted items, as a request does it.
fn take(encoding: Encoding, sent: Bytes, inflight: &Inflight) -> Result<(Read, Memory), BodyError> {
    let mut reservation = inflight.reserve();
    reservation.resize(sent.len())?;
    let body =
        inflate(encoding, sent, MAX, &mut reservation).map_err(|error| error.explain(MAX))?;
    parse(body, rules(), reservation)
}

/// The least that these buffers and lists hold.
fn held_by(Read { envelope, items }: &Read) -> usize {
    let items = items.as_ref().unwrap();
    let urls: usize = items.events.iter().map(|event| event.url.capacity()).sum();
    envelope.body.len()
        + items.events.capacity() * size_of::<Event>()
        + items.replay.capacity() * size_of::<ReplayEvent>()
        + urls
}

#[test]
fn an_inflated_body_counts_by_its_capacity() {
    let plain = body(3 << 19);
    for encoding in COMPRESSED {
        let inflight = Inflight::new(usize::MAX);
        let mut reservation = inflight.reserve();
        let sent = pack(encoding, &plain);
        reservation.resize(sent.len()).unwrap();
        let inflated = inflate(encoding, sent.into(), MAX, &mut reservation).unwrap();
        let buffer = inflated.try_into_mut().unwrap();
        assert_eq!(buffer, plain, "{encoding}");
        assert_eq!(inflight.used(), buffer.capacity(), "{encoding}");
    }
}

#[test]
fn two_buffers_count_while_one_is_copied_into_the_other() {
    let plain = body(3 << 19);
    for encoding in COMPRESSED {
        let sent = pack(encoding, &plain);
        // The others say their length, so there is one buffer.
        let buffers = match encoding {
            Encoding::Deflate | Encoding::Brotli => 2,
            Encoding::Gzip | Encoding::Zstd | Encoding::Identity => 1,
        };
        let inflight = Inflight::new(sent.len() + buffers * plain.len());
        let mut reservation = inflight.reserve();
        reservation.resize(sent.len()).unwrap();
        let outcome = inflate(encoding, sent.into(), MAX, &mut reservation);
        assert_eq!(
            outcome.unwrap_err(),
            InflateError::NoRoom(NoRoom),
            "{encoding}"
        );
        assert_eq!(inflight.used(), 0, "{encoding}");
    }
}

#[test]
fn a_length_in_a_body_need_not_be_that_of_all() {
    let (first, second) = (body(3 << 19), b"\n".repeat(100_000));
    for encoding in [Encoding::Gzip, Encoding::Zstd] {
        for (first, second) in [(&first, &second), (&second, &first)] {
            let sent = [pack(encoding, first), pack(encoding, second)].concat();
            let inflight = Inflight::new(usize::MAX);
            let mut reservation = inflight.reserve();
            let inflated = inflate(encoding, sent.into(), MAX, &mut reservation).unwrap();
            let buffer = inflated.try_into_mut().unwrap();
            assert_eq!(buffer, [&first[..], second].concat(), "{encoding}");
            assert_eq!(inflight.used(), buffer.capacity(), "{encoding}");
        }
    }
    let mut sent = pack(Encoding::Gzip, &first);
    *sent.last_mut().unwrap() = u8::MAX;
    let inflight = Inflight::new(MAX + (64 << 10));
    let outcome = inflate(Encoding::Gzip, sent.into(), MAX, &mut inflight.reserve());
    assert_eq!(outcome.unwrap_err(), InflateError::Corrupt(Encoding::Gzip));
}

#[test]
fn parsing_has_room_for_a_repaired_copy_and_texts() {
    let plain = Bytes::from(body(1 << 20));
    let three = 3 * plain.len();
    let taken = take(Encoding::Identity, plain.clone(), &Inflight::new(three));
    assert!(taken.is_ok());
    let refused = take(Encoding::Identity, plain, &Inflight::new(three - 1)).unwrap_err();
    assert_eq!(refused, BodyError::NoRoom(NoRoom));
}

#[test]
fn many_bodies_at_once_stay_below_the_limit() {
    const BODIES: usize = 30;
    let plain = body(3 << 19);
    let sent = Bytes::from(pack(Encoding::Gzip, &plain));
    assert!(BODIES * sent.len() < plain.len(), "{}", sent.len());
    let inflight = Inflight::new(5 * plain.len());
    let all_are_done = Barrier::new(BODIES);
    let totals = Mutex::new((0, 0, 0));
    std::thread::scope(|scope| {
        for _ in 0..BODIES {
            scope.spawn(|| {
                let taken = take(Encoding::Gzip, sent.clone(), &inflight);
                {
                    let (accepted, refused, held) = &mut *totals.lock().unwrap();
                    match &taken {
                        Ok((read, _memory)) => {
                            *accepted += 1;
                            *held += held_by(read);
                        }
                        Err(error) => {
                            *refused += 1;
                            assert_eq!(*error, BodyError::NoRoom(NoRoom));
                        }
                    }
                }
                all_are_done.wait();
                let (.., held) = *totals.lock().unwrap();
                let used = inflight.used();
                assert!(held <= used && used <= 5 * plain.len(), "{held} {used}");
                all_are_done.wait();
            });
        }
    });
    let (accepted, refused, _held) = totals.into_inner().unwrap();
    assert!((1..=4).contains(&accepted), "{accepted}");
    assert_eq!(accepted + refused, BODIES);
    assert_eq!(inflight.used(), 0);
}

#[test]
fn a_message_counts_beside_the_body_and_so_does_its_compressed_copy() {
    let inflight = Inflight::new(usize::MAX);
    let plain = Bytes::from(body(1 << 20));
    let len = plain.len();
    let (read, mut memory) = take(Encoding::Identity, plain, &inflight).unwrap();
    let kept = memory.kept();
    assert!(kept >= held_by(&read));
    let items = read.items.unwrap();
    let batch = Batch {
        events: items.events,
        replay: items.replay,
        ..Batch::default()
    };
    let message = encode(batch.clone(), len * 2, &mut memory).unwrap();
    assert_eq!(inflight.used(), kept + message.0.len());
    let message = encode(batch, len / 2, &mut memory).unwrap();
    assert!(inflight.used() > kept + 2 * message.0.len());
    drop(memory);
    assert_eq!(inflight.used(), 0);
}

#[test]
fn a_message_without_room_is_not_encoded() {
    let kept = 1_000;
    let inflight = Inflight::new(kept + 1_000);
    let mut memory = Memory::new(inflight.reserve(), kept).unwrap();
    assert_eq!(
        encode(Batch::default(), 1_000, &mut memory).unwrap_err(),
        NoRoom
    );
    assert_eq!(inflight.used(), kept);
}

#[test]
fn tiny_items_count_by_what_is_made_of_them() {
    let tiny: Vec<Value> = vec![json!({}); 1_000];
    let body = json!({"sessionId": "s", "events": tiny}).to_string();
    let len = body.len();
    let inflight = Inflight::new(usize::MAX);
    let (read, memory) = take(Encoding::Identity, body.into(), &inflight).unwrap();
    assert_eq!(read.items.unwrap().rejected.len(), 1_000);
    assert!(memory.kept() > 10 * len, "{} {len}", memory.kept());
}
