use std::collections::HashMap;

use serde_json::Value;

use crow_auth::Scope;
use crow_db::archive;
use crow_db::archive::compaction::{self, Compaction, Merged};
use crow_storage::merge::Merge;
use crow_storage::pack::Line;
use crow_types::OrganizationId;

use super::fixture::{World, rrweb, session};
use super::rest::get_text;
use crate::error::Error;
use crate::replay::ReplayRange;
use crate::replay::stored::StoredChunks;

fn times(ndjson: &str) -> Vec<i64> {
    ndjson
        .lines()
        .map(|line| serde_json::from_str::<Value>(line).unwrap())
        .filter(|line| line["k"] != "end")
        .map(|line| line["t"].as_i64().unwrap())
        .collect()
}

async fn recorded(chunks: &[Vec<Line>]) -> (World, String) {
    let world = World::new().await;
    let rows = world.pack("a", chunks).await;
    world.add(vec![session("acme", "a", 1)], vec![], rows).await;
    let key = world.key("acme", Scope::Read).await;
    (world, key)
}

#[actix_web::test]
async fn overlapping_chunks_play_in_the_order_of_time() {
    let first = vec![rrweb(1, "w", 4), rrweb(2, "w", 2), rrweb(6, "w", 3)];
    let late = vec![rrweb(3, "w", 3), rrweb(5, "w", 3)];
    let other = vec![rrweb(4, "v", 2), rrweb(7, "v", 3)];
    let (world, key) = recorded(&[first, late, other]).await;

    let (headers, ndjson) = get_text(&world, &key, "/sessions/acme/a/replay").await;
    assert_eq!(headers.get("content-type").unwrap(), "application/x-ndjson");
    assert_eq!(times(&ndjson), [1, 2, 3, 4, 5, 6, 7]);
    let end: Value = serde_json::from_str(ndjson.lines().last().unwrap()).unwrap();
    assert_eq!(
        end,
        serde_json::json!({"k": "end", "gaps": [{"windowId": "w", "firstSeq": 2, "lastSeq": 3, "since": 9}]})
    );

    let (headers, rrweb) = get_text(&world, &key, "/sessions/acme/a/replay?format=rrweb").await;
    assert_eq!(
        headers.get("x-crow-gaps").unwrap(),
        r#"[{"windowId":"w","firstSeq":2,"lastSeq":3,"since":9}]"#
    );
    let events: Vec<Value> = serde_json::from_str(&rrweb).unwrap();
    assert_eq!(
        events
            .iter()
            .map(|event| event["timestamp"].as_i64().unwrap())
            .collect::<Vec<_>>(),
        [1, 2, 3, 4, 5, 6, 7]
    );

    let (headers, export) = get_text(&world, &key, "/sessions/acme/a/export").await;
    assert_eq!(
        headers.get("content-disposition").unwrap(),
        "attachment; filename=\"session-a.ndjson\""
    );
    assert_eq!(export, ndjson);
}

#[actix_web::test]
async fn a_start_in_the_middle_goes_back_to_the_snapshot_of_each_window() {
    let chunks = [
        vec![rrweb(10, "w", 4), rrweb(11, "w", 2), rrweb(15, "w", 3)],
        // The page size of the second snapshot came with the batch before.
        vec![rrweb(20, "w", 3), rrweb(28, "w", 4)],
        vec![rrweb(30, "w", 2), rrweb(40, "w", 3), rrweb(50, "w", 2)],
        vec![rrweb(12, "v", 4), rrweb(13, "v", 2), rrweb(45, "v", 3)],
        vec![rrweb(44, "late", 2)],
    ];
    let (world, key) = recorded(&chunks).await;
    let (_, ndjson) = get_text(&world, &key, "/sessions/acme/a/replay?from=42&to=49").await;
    assert_eq!(times(&ndjson), [12, 13, 28, 30, 40, 44, 45]);
    let (_, ndjson) = get_text(&world, &key, "/sessions/acme/a/replay?from=5&to=10").await;
    assert_eq!(times(&ndjson), [10]);
    let (_, refused) = get_text(&world, &key, "/sessions/acme/a/replay?from=5&to=4").await;
    assert!(refused.contains("malformed"), "{refused}");
}

#[actix_web::test]
async fn more_chunks_than_a_page_of_rows() {
    let chunks: Vec<Vec<Line>> = (0..1_200).map(|at| vec![rrweb(at, "w", 3)]).collect();
    let (world, key) = recorded(&chunks).await;
    let (_, ndjson) = get_text(&world, &key, "/sessions/acme/a/replay").await;
    assert_eq!(times(&ndjson), (0..1_200).collect::<Vec<_>>());
}

#[actix_web::test]
async fn a_session_without_recording_plays_nothing() {
    let (world, key) = recorded(&[]).await;
    let (_, ndjson) = get_text(&world, &key, "/sessions/acme/a/replay").await;
    assert_eq!(ndjson.lines().count(), 1);
    let (_, rrweb) = get_text(&world, &key, "/sessions/acme/a/replay?format=rrweb").await;
    assert_eq!(rrweb, "[]");
}

/// A watcher that missed chunks must not lose lines when these were merged.
#[actix_web::test]
async fn a_range_of_chunks_that_were_merged_is_not_read_as_if_it_was_whole() {
    let chunks = [
        vec![rrweb(1, "w", 4)],
        vec![rrweb(2, "w", 2)],
        vec![rrweb(3, "w", 3)],
    ];
    let (world, _key) = recorded(&chunks).await;
    let read = async || {
        let recording = world
            .api
            .use_cases
            .recording(&OrganizationId::new("acme").unwrap(), "a");
        let range = ReplayRange::default();
        let chunks = StoredChunks::new(recording, range, HashMap::new()).with_indexes(1..3);
        let mut merge = Merge::new(chunks);
        let mut times = Vec::new();
        while let Some(line) = merge.next().await? {
            times.push(line.at);
        }
        Ok::<_, Error>(times)
    };
    assert_eq!(read().await.unwrap(), [2, 3]);
    let mut replaced = archive::chunks_of(&world.db, "a").await.unwrap();
    replaced.retain(|chunk| chunk.chunk_index == 1);
    let mut frames = replaced.clone();
    frames[0].chunk_index = compaction::FIRST_INDEX;
    archive::note(&world.db, &frames[0].r2_key).await.unwrap();
    let merged = Merged {
        session_id: "a".to_owned(),
        replaced,
        frames,
        key: None,
    };
    let compaction = Compaction {
        partition: world.lease.partition,
        epoch: world.lease.epoch,
        sessions: vec![merged],
    };
    compaction::commit(&world.db, &compaction).await.unwrap();
    assert!(matches!(read().await, Err(Error::Rewritten)));
}
