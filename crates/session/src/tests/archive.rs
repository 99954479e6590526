use std::collections::BTreeSet;

use super::*;
use crate::archiver::Archiver;
use crate::config::SessionConfig;
use crate::flush::WRITING_OBJECTS;
use crate::keeper::Owned;
use crate::sweeper::{SweepOptions, Swept, sweep};
use crow_db::archive::{chunks_of, failures};
use crow_db::leases;
use crow_proto::events::ReplayEvent;
use crow_runtime::Troubles;
use crow_storage::pack::{Line, LineKind, LineReader};
use crow_storage::{Seal, keys};
use crow_types::ChunkRecord;

const NOW: SweepOptions = SweepOptions {
    is_dry_run: false,
    keep_ms: 0,
    margin_ms: 0,
    ignores_holds: false,
};

pub(super) async fn with_archive() -> Fixture {
    Fixture::with(1, |config| config.session.archive_delay_ms = 0).await
}

pub(super) async fn end(fixture: &Fixture, session: &str, number: u64) {
    let batch = Batch {
        kind: Kind::End.into(),
        events: Vec::new(),
        ..clicks(session, number)
    };
    fixture.publish(EncodedMessage::of_batch(batch)).await;
}

/// A batch with the meta event and the snapshot of a page.
fn recording(session: &str, number: u64) -> Batch {
    let now = Timestamp::now().0;
    let replay = |kind: u8| ReplayEvent {
        timestamp: now,
        data: format!(r#"{{"type":{kind},"data":{{}},"timestamp":{now}}}"#).into(),
        full_snapshot: kind == 2,
        ..ReplayEvent::default()
    };
    Batch {
        events: Vec::new(),
        replay: vec![replay(4), replay(2)],
        ..clicks(session, number)
    }
}

/// The frames of the session's archive, once there is nothing else.
pub(super) async fn archived(fixture: &Fixture, events: i64) -> (SessionRecord, Vec<ChunkRecord>) {
    eventually("the archive", DEADLINE, async || {
        let visit = fixture.visits("s").await.pop()?;
        let chunks = chunks_of(&fixture.db, &visit.id).await.unwrap();
        let lines: i64 = chunks.iter().map(|chunk| chunk.event_count).sum();
        let is_whole = lines == events && chunks.iter().all(|chunk| chunk.chunk_index < 0);
        is_whole.then_some((visit, chunks))
    })
    .await
}

pub(super) async fn lines_of(fixture: &Fixture, chunks: &[ChunkRecord]) -> Vec<Line> {
    let mut lines = Vec::new();
    for chunk in chunks {
        let range = [chunk.byte_offset, chunk.byte_offset + chunk.byte_length];
        let [first, end] = range.map(|at| u64::try_from(at).unwrap());
        let frame = fixture.store().get_range(&chunk.r2_key, first..end).await;
        let key = fixture.keyring().key_of(&chunk.session_id).await.unwrap();
        let reader = LineReader::new(&chunk.r2_key, first, frame.unwrap(), key.as_ref());
        let mut reader = reader.unwrap();
        while let Some(line) = reader.next_line().unwrap() {
            lines.push(line);
        }
    }
    lines
}

#[tokio::test]
async fn a_finished_session_becomes_one_object_and_its_packs_go() {
    let fixture = with_archive().await;
    let _keeper = RunningKeeper::start(&fixture);
    for number in 0..3 {
        // Each in a flush of its own.
        fixture.publish_clicks("s", number..number + 1).await;
        fixture.session_with("s", number.cast_signed() + 1).await;
    }
    end(&fixture, "s", 3).await;

    let (visit, chunks) = archived(&fixture, 3).await;

    let objects: BTreeSet<&String> = chunks.iter().map(|chunk| &chunk.r2_key).collect();
    assert_eq!(objects.len(), 1);
    let object = objects.first().unwrap();
    assert!(object.starts_with("sessions/acme/"), "{object}");
    assert!(object.contains(&visit.id), "{object}");
    let times: Vec<i64> = lines_of(&fixture, &chunks)
        .await
        .iter()
        .map(|line| line.at)
        .collect();
    assert_eq!(times.len(), 3);
    assert!(times.is_sorted());

    let (store, packs) = (fixture.store(), keys::packs_of(P0));
    let before = store.list(&packs).await.unwrap().len() as u64;
    assert!(before >= 3);
    let kept = sweep(&fixture.db, &store, SweepOptions::default()).await;
    assert_eq!(kept.unwrap().replaced, 0, "a replay may be under way");
    let dry = SweepOptions {
        is_dry_run: true,
        ..NOW
    };
    assert_eq!(
        sweep(&fixture.db, &store, dry).await.unwrap().replaced,
        before
    );
    assert_eq!(store.list(&packs).await.unwrap().len() as u64, before);
    crow_db::holds::hold(&fixture.db, "backup", 60_000)
        .await
        .unwrap();
    let held = sweep(&fixture.db, &store, NOW).await.unwrap();
    assert!(held.is_held);
    assert_eq!(store.list(&packs).await.unwrap().len() as u64, before);
    crow_db::holds::release(&fixture.db, "backup")
        .await
        .unwrap();
    assert_eq!(
        sweep(&fixture.db, &store, NOW).await.unwrap().replaced,
        before
    );
    assert!(store.list(&packs).await.unwrap().is_empty());
    assert_eq!(lines_of(&fixture, &chunks).await.len(), 3);
    assert_eq!(
        sweep(&fixture.db, &store, NOW).await.unwrap(),
        Swept::default()
    );
}

#[tokio::test]
async fn a_removed_recording_is_in_no_archive_and_the_events_are() {
    let fixture = with_archive().await;
    let _keeper = RunningKeeper::start(&fixture);
    let late = [recording("s", 2), clicks("s", 3)];
    fixture.publish_clicks("s", 0..1).await;
    fixture
        .publish(EncodedMessage::of_batch(recording("s", 1)))
        .await;
    end(&fixture, "s", 4).await;
    let (visit, whole) = archived(&fixture, 3).await;
    assert!(visit.has_replay);

    let acme = OrganizationId::new("acme").unwrap();
    let later = Timestamp(visit.last_event_at + 1);
    let removed = crow_db::reduction::remove_recordings(&fixture.db, &acme, later).await;
    assert_eq!(removed.unwrap(), 1);

    let (visit, rest) = archived(&fixture, 1).await;
    assert!(!visit.has_replay);
    assert_eq!(visit.replay_event_count, 2, "counts stay");
    assert_ne!(whole[0].r2_key, rest[0].r2_key);
    let lines = lines_of(&fixture, &rest).await;
    assert!(lines.iter().all(|line| line.kind == LineKind::Event));
    sweep(&fixture.db, &fixture.store(), NOW).await.unwrap();
    let left = fixture.store().list("sessions/").await.unwrap();
    assert_eq!(left.len(), 1, "the archive with the recording is gone");

    // Late data changes nothing about that.
    for batch in late {
        fixture.publish(EncodedMessage::of_batch(batch)).await;
    }
    let (_visit, rest) = archived(&fixture, 2).await;
    let lines = lines_of(&fixture, &rest).await;
    assert!(lines.iter().all(|line| line.kind == LineKind::Event));
}

#[tokio::test]
async fn late_data_of_an_archived_session_is_archived_with_it() {
    let fixture = with_archive().await;
    let _keeper = RunningKeeper::start(&fixture);
    let late = clicks("s", 1);
    fixture.publish_clicks("s", 0..1).await;
    fixture.publish_clicks("s", 2..3).await;
    end(&fixture, "s", 3).await;
    let (_visit, first) = archived(&fixture, 2).await;

    fixture.publish(EncodedMessage::of_batch(late)).await;

    let (visit, second) = archived(&fixture, 3).await;
    assert_eq!((visit.generation, visit.revision), (0, 1));
    assert_ne!(first[0].r2_key, second[0].r2_key);
    let lines = lines_of(&fixture, &second).await;
    assert_eq!(lines.len(), 3);
    assert!(lines.is_sorted_by_key(|line| line.at));
    let swept = sweep(&fixture.db, &fixture.store(), NOW).await.unwrap();
    assert!(
        swept.replaced >= 2,
        "packs and the first archive: {swept:?}"
    );
    assert_eq!(lines_of(&fixture, &second).await.len(), 3);
}

#[tokio::test]
async fn orphans_go_when_no_flush_can_name_them_any_more() {
    let fixture = Fixture::start().await;
    let keeper = RunningKeeper::start(&fixture);
    let store = fixture.store();
    let orphan = keys::new_pack(P0, Timestamp::now(), Seal::On);
    store.put(&orphan, Bytes::from_static(b"x")).await.unwrap();
    let foreign = format!("{}/notes.txt", keys::packs_of(P0));
    store.put(&foreign, Bytes::from_static(b"x")).await.unwrap();

    // Nothing was committed since: the flush that wrote it may still be under way.
    assert_eq!(sweep(&fixture.db, &store, NOW).await.unwrap().orphans, 0);
    fixture.publish_clicks("s", 0..1).await;
    let visit = fixture.session_with("s", 1).await;
    let clocks_differ = sweep(&fixture.db, &store, SweepOptions::default()).await;
    assert_eq!(clocks_differ.unwrap().orphans, 0);
    assert_eq!(sweep(&fixture.db, &store, NOW).await.unwrap().orphans, 1);
    keeper.stop();

    let mut left = store.list(&keys::packs_of(P0)).await.unwrap();
    let chunks = chunks_of(&fixture.db, &visit.id).await.unwrap();
    left.retain(|key| *key != foreign);
    assert_eq!(left, [chunks[0].r2_key.clone()]);
}

#[tokio::test]
async fn sessions_are_not_archived_while_flushes_cannot_be_written() {
    let fixture = Fixture::start().await;
    let keeper = RunningKeeper::start(&fixture);
    fixture.publish_clicks("s", 0..1).await;
    end(&fixture, "s", 1).await;
    let over = eventually("the end", DEADLINE, async || {
        let visit = fixture.visits("s").await.pop()?;
        visit.end_reason.is_some().then_some(visit)
    })
    .await;
    keeper.stop();
    let lease = leases::acquire(&fixture.db, "archiver", 60_000, 1, &BTreeSet::new())
        .await
        .unwrap()[0];
    let config = SessionConfig {
        archive_delay_ms: 0,
        ..fixture.config.session.clone()
    };
    let archiver = Archiver::new(
        fixture.db.clone(),
        fixture.store(),
        fixture.keyring(),
        Owned::default(),
        &config,
    );
    let is_archived = async || {
        let chunks = chunks_of(&fixture.db, &over.id).await.unwrap();
        chunks.iter().all(|chunk| chunk.chunk_index < 0)
    };
    let troubles = Troubles::default();
    troubles.failed(WRITING_OBJECTS, 0, "slow");

    archiver.archive_some(lease, &troubles).await;
    assert!(!is_archived().await);

    troubles.ended(WRITING_OBJECTS, 0);
    archiver.archive_some(lease, &troubles).await;
    assert!(is_archived().await);
}

/// Finished sessions whose packs are all in the store.
async fn finished(fixture: &Fixture, names: &[String]) {
    for name in names {
        fixture.publish_clicks(name, 0..1).await;
        end(fixture, name, 1).await;
    }
    for name in names {
        eventually("the end", DEADLINE, async || {
            let visit = fixture.visits(name).await.pop()?;
            visit.end_reason.map(drop)
        })
        .await;
    }
}

async fn archived_of(fixture: &Fixture, names: &[String]) -> usize {
    let mut archived = 0;
    for name in names {
        let visit = fixture.visits(name).await.pop().unwrap();
        let chunks = chunks_of(&fixture.db, &visit.id).await.unwrap();
        archived += usize::from(chunks.iter().all(|chunk| chunk.chunk_index < 0));
    }
    archived
}

#[tokio::test]
async fn sessions_that_cannot_be_archived_do_not_hold_up_the_others() {
    let names = |word: &str, count: usize| -> Vec<String> {
        (0..count)
            .map(|number| format!("{word}-{number}"))
            .collect()
    };
    let (lost, good) = (names("lost", 150), names("good", 20));
    let fixture = Fixture::start().await;
    let keeper = RunningKeeper::start(&fixture);
    finished(&fixture, &lost).await;
    let store = fixture.store();
    for pack in store.list(&keys::packs_of(P0)).await.unwrap() {
        store.delete(&pack).await.unwrap();
    }
    finished(&fixture, &good).await;
    keeper.stop();
    let lease = leases::acquire(&fixture.db, "archiver", 60_000, 1, &BTreeSet::new())
        .await
        .unwrap()[0];
    let owned = Owned::default();
    owned.own(lease);
    let config = SessionConfig {
        archive_delay_ms: 0,
        ..fixture.config.session.clone()
    };
    let archiver = Archiver::new(fixture.db.clone(), store, fixture.keyring(), owned, &config);

    while archiver.archive_some(lease, &Troubles::default()).await {}
    assert_eq!(archived_of(&fixture, &good).await, good.len());
    assert_eq!(archived_of(&fixture, &lost).await, 0);

    // As if they had failed for hours.
    let long_ago = Timestamp::now().plus(-86_400_000);
    for name in &lost {
        let visit = fixture.visits(name).await.pop().unwrap();
        for _attempt in 0..failures::STUCK {
            failures::failed(&fixture.db, P0, &visit.id, "gone", long_ago)
                .await
                .unwrap();
        }
    }
    assert_eq!(archiver.count_stuck().await.unwrap(), lost.len() as u64);
}
