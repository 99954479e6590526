use serde_json::Value;

use crow_auth::Scope;
use crow_storage::pack::Line;

use super::fixture::{World, rrweb, session};
use super::rest::get_text;

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
