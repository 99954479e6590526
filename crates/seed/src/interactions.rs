//! Interactions of many sessions as frames of one object.

use bytes::Bytes;
use serde_json::{Value, json};

use crow_db::leases::Lease;
use crow_storage::pack::{Line, LineKind, PackWriter};
use crow_storage::{Error, keys};
use crow_types::{ChunkRecord, EventRecord, Timestamp};

use crate::objects::{DataKeys, Objects};

/// As of an archive, so that nothing rewrites the session.
const INDEX: i64 = -1;

/// Writes the object; returns the row of each session's frame. The events of a session follow each
/// other, in the order of time.
pub(crate) async fn store(
    objects: &Objects,
    data_keys: &DataKeys,
    events: &[EventRecord],
    lease: &Lease,
) -> Result<Vec<ChunkRecord>, Error> {
    let now = Timestamp::now();
    let key = keys::new_pack(lease.partition, now, objects.keyring.seal());
    let mut pack = PackWriter::new(&key)?;
    let mut rows = Vec::new();
    for events in events.chunk_by(|one, next| one.session_id == next.session_id) {
        let [first, ..] = events else { continue };
        let lines: Vec<Line> = events.iter().map(line_of).collect();
        let data_key = data_keys.get(first.session_id.as_str());
        let extent = pack.add_chunk(&first.session_id, data_key, &lines)?;
        let number = |count: u64| i64::try_from(count).unwrap_or(i64::MAX);
        rows.push(ChunkRecord {
            id: format!("{}-seed", first.session_id),
            session_id: first.session_id.clone(),
            chunk_index: INDEX,
            r2_key: key.clone(),
            byte_offset: number(extent.offset),
            byte_length: number(extent.length),
            window_id: first.window_id.clone(),
            event_count: number(lines.len() as u64),
            replay_event_count: 0,
            size_bytes: number(extent.raw),
            first_at: first.timestamp,
            last_at: lines.last().map_or(first.timestamp, |line| line.at),
            has_full_snapshot: false,
            event_ids: Vec::new(),
            created_at: now.0,
        });
    }
    objects.store.put(&key, pack.finish()).await?;
    Ok(rows)
}

fn line_of(event: &EventRecord) -> Line {
    let mut data = json!({ "id": event.id, "type": event.r#type });
    for (field, text) in [("name", &event.name), ("url", &event.url)] {
        if let Some(text) = text {
            data[field] = text.as_str().into();
        }
    }
    data["data"] = serde_json::from_str(&event.data).unwrap_or(Value::Null);
    Line {
        window: event.window_id.clone(),
        kind: LineKind::Event,
        seq: None,
        index: u32::try_from(event.place).unwrap_or(u32::MAX),
        at: event.timestamp,
        data: Bytes::from(data.to_string()),
    }
}
