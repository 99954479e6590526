use bytes::Bytes;

use crow_storage::seal::KeyBytes;
use crow_types::{Epoch, OutboxRecord, Sequence, SessionRecord};

use super::*;

fn line(at: i64, data: &'static str) -> Line {
    Line {
        window: "w".to_owned(),
        kind: LineKind::Event,
        seq: Some(1),
        index: 2,
        at,
        data: Bytes::from_static(data.as_bytes()),
    }
}

fn plan() -> FlushPlan {
    let session = |id: &str| SessionRecord {
        id: id.to_owned(),
        ..SessionRecord::default()
    };
    let chunk = |session: &str, index: i64, lines: Vec<Line>| ChunkPlan {
        session_id: session.to_owned(),
        chunk_index: index,
        window_id: "w".to_owned(),
        lines: Arc::new(lines),
        replay_event_count: 3,
        has_full_snapshot: index == 0,
    };
    FlushPlan {
        reason: FlushReason::Age,
        checkpoint: Sequence(7),
        sessions: vec![session("a"), session("b")],
        chunks: vec![
            chunk(
                "a",
                0,
                vec![line(1, r#"{"id":"1","type":"click"}"#), line(2, "{}")],
            ),
            chunk("b", 4, vec![line(3, r#"{"id":"2","type":"x"}"#)]),
        ],
        outbox: vec![OutboxRecord {
            id: "a-0".to_owned(),
            partition: 0,
            session_id: "a".to_owned(),
            revision: 0,
            created_at: 1,
        }],
        bytes: 99,
    }
}

/// A flush that begins again reads its lines from the pack that it has just sealed.
#[test]
fn a_plan_comes_back_from_its_pack() {
    let lease = Lease {
        partition: Partition(0),
        epoch: Epoch(1),
        checkpoint: Sequence(0),
        stream_created: 0,
    };
    let keys: DataKeys = ["a", "b"]
        .map(|session| {
            let key = DataKey {
                organization: "acme".into(),
                session: session.into(),
                bytes: KeyBytes::random(),
            };
            (Arc::clone(&key.session), key)
        })
        .into();
    for (seal, keys) in [(Seal::On, keys), (Seal::Off, DataKeys::default())] {
        let target = Target {
            lease,
            stream_created: 0,
            event_rows: EventRowsConfig::None,
            seal,
        };
        let prepared = Prepared::new(plan(), &target, &Rules::new(), &keys, Vec::new());
        assert_eq!(prepared.into_plan(&keys), plan());
    }
}
