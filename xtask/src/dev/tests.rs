use std::fs;
use std::os::unix::fs::PermissionsExt;

use crow_testkit::recording::rrweb_recording;
use serde_json::Value;

use super::demo::batches;
use super::keys::{self, Keys};
use super::visit::welcome;

const NOW: i64 = 1_800_000_000_000;

fn keys() -> Keys {
    Keys {
        ingest: "crow_i".to_owned(),
        read: "crow_r".to_owned(),
        dashboard: "crow_d".to_owned(),
    }
}

fn all<'a>(batches: &'a [Value], field: &str) -> Vec<&'a Value> {
    let lists = batches.iter().filter_map(|batch| batch[field].as_array());
    lists.flatten().collect()
}

#[test]
fn the_demo_session_carries_the_whole_recording_and_ends_now() {
    let batches = batches("s", rrweb_recording(), NOW);
    assert_eq!(batches.len(), 7);
    assert_eq!(batches[6]["seq"], 6);
    let replay = all(&batches, "replay");
    assert_eq!(replay.len(), 272);
    assert_eq!(replay[271]["timestamp"], NOW);
    assert_eq!(replay[0]["timestamp"], NOW - 81_080);
}

#[test]
fn the_demo_session_has_a_pageview_and_the_recorded_clicks() {
    let batches = batches("s", rrweb_recording(), NOW);
    let events = all(&batches, "events");
    let types: Vec<_> = events.iter().map(|event| &event["type"]).collect();
    assert_eq!(types, ["pageview", "click", "click", "click"]);
    assert_eq!(events[0]["id"], "s-0-0");
    assert_eq!(events[0]["timestamp"], NOW - 81_080);
}

#[test]
fn stored_keys_are_private_and_read_again() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("keys.json");
    assert_eq!(keys::load(&file).unwrap(), None);
    keys::save(&file, &keys()).unwrap();
    assert_eq!(keys::load(&file).unwrap(), Some(keys()));
    let mode = fs::metadata(&file).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
}

#[test]
fn damaged_keys_are_named() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("keys.json");
    fs::write(&file, "{").unwrap();
    let error = keys::load(&file).unwrap_err();
    assert!(error.to_string().contains("keys.json"), "{error}");
}

#[test]
fn the_welcome_has_lines_to_copy() {
    let text = welcome(&keys(), "s");
    let expected = "curl -s -H 'Authorization: Bearer crow_r' \
        'http://127.0.0.1:7071/sessions/demo/s/replay?format=rrweb'";
    assert!(text.lines().any(|line| line == expected), "{text}");
}
