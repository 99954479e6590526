//! The chunks of an open session are merged while it goes on.

use std::collections::BTreeSet;

use super::archive::{archived, end, lines_of, with_archive};
use super::*;
use crate::archiver::Archiver;
use crate::keeper::Owned;
use crow_db::archive::Outcome;
use crow_db::archive::compaction::FIRST_INDEX;
use crow_db::leases;
use crow_types::ChunkRecord;

/// Clicks in chunks of their own.
async fn publish_apart(fixture: &Fixture, numbers: std::ops::Range<u64>) {
    for number in numbers {
        fixture.publish_clicks("s", number..number + 1).await;
        fixture.session_with("s", number.cast_signed() + 1).await;
    }
}

/// Merges as a keeper does that has the partition for a moment.
async fn merge(fixture: &Fixture, chunks: u32) -> Option<(Outcome, u64)> {
    let lease = eventually("a lease", DEADLINE, async || {
        let none = BTreeSet::new();
        let leases = leases::acquire(&fixture.db, "archiver", 60_000, 1, &none).await;
        leases.unwrap().pop()
    })
    .await;
    let archiver = Archiver::new(
        fixture.db.clone(),
        fixture.store(),
        fixture.keyring(),
        Owned::default(),
        &fixture.config.session,
    );
    let all = Timestamp(i64::MAX);
    let merged = archiver.compact(lease, chunks, all).await.unwrap();
    leases::release(&fixture.db, "archiver", &lease)
        .await
        .unwrap();
    merged
}

async fn chunks(fixture: &Fixture) -> Vec<ChunkRecord> {
    let visit = fixture.visits("s").await.pop().unwrap();
    let mut chunks = chunks_of(&fixture.db, &visit.id).await.unwrap();
    chunks.sort_by_key(|chunk| chunk.chunk_index);
    chunks
}

fn indexes(chunks: &[ChunkRecord]) -> Vec<i64> {
    chunks.iter().map(|chunk| chunk.chunk_index).collect()
}

#[tokio::test]
async fn chunks_of_an_open_session_are_merged_and_nothing_else_changes() {
    let fixture = with_archive().await;
    let keeper = RunningKeeper::start(&fixture);
    publish_apart(&fixture, 0..5).await;
    keeper.stop();
    let before = chunks(&fixture).await;
    let lines = lines_of(&fixture, &before).await;
    assert_eq!(indexes(&before), [0, 1, 2, 3, 4]);

    let (outcome, bytes) = merge(&fixture, 2).await.unwrap();

    assert_eq!(outcome, Outcome::Archived);
    assert!(bytes > 0);
    let after = chunks(&fixture).await;
    assert_eq!(indexes(&after), [FIRST_INDEX, 4]);
    assert!(after[0].r2_key.starts_with("packs/0/"));
    assert_eq!(lines_of(&fixture, &after).await, lines);
    let ids = |chunks: &[ChunkRecord]| -> Vec<u8> {
        chunks.iter().flat_map(|it| it.event_ids.clone()).collect()
    };
    assert_eq!(ids(&after), ids(&before), "each event still counts once");
    assert!(merge(&fixture, 2).await.is_none(), "nothing is left");

    // It goes on, counts known events once, is merged again, and is archived.
    let keeper = RunningKeeper::start(&fixture);
    let mut known = clicks("s", 5);
    known.events[0].id = "e1".to_owned();
    fixture.publish(EncodedMessage::of_batch(known)).await;
    fixture.publish_clicks("s", 6..7).await;
    fixture.session_with("s", 6).await;
    fixture.publish_clicks("s", 7..8).await;
    fixture.session_with("s", 7).await;
    keeper.stop();
    merge(&fixture, 2).await.unwrap();
    let last = chunks(&fixture).await;
    assert_eq!(last[0], after[0]);
    assert_eq!(last[1].chunk_index, FIRST_INDEX + 1);
    let _keeper = RunningKeeper::start(&fixture);
    end(&fixture, "s", 8).await;
    let (visit, frames) = archived(&fixture, 7).await;
    assert_eq!(visit.event_count, 7);
    assert_eq!(lines_of(&fixture, &frames).await[..5], lines);
}

#[tokio::test]
async fn a_damaged_chunk_costs_its_own_session_only() {
    let fixture = Fixture::start().await;
    let keeper = RunningKeeper::start(&fixture);
    publish_apart(&fixture, 0..2).await;
    let pack = chunks(&fixture).await[0].r2_key.clone();
    for number in 0..2 {
        fixture.publish_clicks("other", number..number + 1).await;
        let events = number.cast_signed() + 1;
        fixture.session_with("other", events).await;
    }
    keeper.stop();
    fixture.store().delete(&pack).await.unwrap();

    merge(&fixture, 2).await.unwrap();

    assert_eq!(indexes(&chunks(&fixture).await), [0, 1]);
    let other = fixture.visits("other").await.pop().unwrap();
    let merged = chunks_of(&fixture.db, &other.id).await.unwrap();
    assert_eq!(indexes(&merged), [FIRST_INDEX]);
    assert_eq!(fixture.stored_events(&other).await.len(), 2);
}
