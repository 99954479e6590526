//! Access requests: the zip of all that is kept of a person.

use std::collections::BTreeMap;
use std::fs;
use std::io::Read;

use serde_json::{Value, json};

use super::{MARK, OTHER, USER};
use crate::client::http;
use crate::search::Contents;
use crate::system::{Database, ORGANIZATION, Objects, System};

/// The zip holds everything of the person, and nothing of others.
pub(super) async fn check(system: &System, admin: &str) {
    let base = format!("{}/admin/{ORGANIZATION}/access", system.query_url);
    let get = async |key: &str, query: &str| {
        let request = http().get(format!("{base}?{query}")).bearer_auth(key);
        request.send().await.unwrap()
    };
    write_notes(system, admin).await;
    let whose = format!("userId={USER}");
    assert_eq!(get(&system.read_key, &whose).await.status(), 403);
    assert_eq!(get(admin, "").await.status(), 400);
    for whose in [whose, format!("visitorId=visitor-{USER}")] {
        let answer = get(admin, &whose).await;
        assert_eq!(answer.headers()["content-type"], "application/zip");
        check_zip(&answer.bytes().await.unwrap());
    }

    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("ada.zip");
    let path = path.to_str().unwrap();
    let arguments = ["access", "--org", ORGANIZATION, "--user", USER];
    let said = system.crow(&[&arguments[..], &["--output", path]].concat());
    assert!(said.contains("2 sessions"), "{said}");
    check_zip(&fs::read(path).unwrap());
    let contents = Contents::readable(system).await;
    let audited = contents.with("crow access");
    assert!(audited.contains("table audit_log"), "{audited:?}");
}

/// A note about each session of the person.
async fn write_notes(system: &System, admin: &str) {
    let base = format!("{}/sessions/{ORGANIZATION}", system.query_url);
    let listed = http()
        .get(format!("{base}?userId={USER}"))
        .bearer_auth(admin);
    let listed: Value = listed.send().await.unwrap().json().await.unwrap();
    for session in listed["sessions"].as_array().unwrap() {
        let id = session["id"].as_str().unwrap();
        let note = json!({"at": 0, "text": MARK});
        let request = http().post(format!("{base}/{id}/notes")).bearer_auth(admin);
        let answer = request.json(&note).send().await.unwrap();
        assert_eq!(answer.status(), 201);
    }
}

fn files_of(bytes: &[u8]) -> BTreeMap<String, String> {
    let mut zip = zip::ZipArchive::new(std::io::Cursor::new(bytes)).unwrap();
    let mut files = BTreeMap::new();
    for index in 0..zip.len() {
        let mut file = zip.by_index(index).unwrap();
        let name = file.name().unwrap().into_owned();
        let mut text = String::new();
        file.read_to_string(&mut text).unwrap();
        files.insert(name, text);
    }
    files
}

fn check_zip(bytes: &[u8]) {
    let files = files_of(bytes);
    for (name, text) in &files {
        assert!(!text.contains(OTHER), "{name}: {text}");
    }
    let lines = |name: &str| -> Vec<Value> {
        let lines = files[name].lines();
        lines.map(|it| serde_json::from_str(it).unwrap()).collect()
    };
    let sessions = lines("sessions.ndjson");
    assert_eq!(sessions.len(), 2, "{files:#?}");
    assert_eq!(lines("dead-letters.ndjson").len(), 3);
    for kept in lines("notes.ndjson") {
        assert_eq!(kept["notes"][0]["text"], MARK, "{kept}");
    }
    assert_eq!(lines("notes.ndjson").len(), sessions.len());
    for session in &sessions {
        assert_eq!(session["userId"], USER);
        let id = session["id"].as_str().unwrap();
        let events = lines(&format!("events/{id}.ndjson"));
        assert_eq!(events[0]["data"]["text"], MARK, "{events:?}");
        let recording = lines(&format!("recordings/{id}.ndjson"));
        let rrweb = recording.iter().find(|line| line["k"] == "r").unwrap();
        assert_eq!(rrweb["d"]["type"], 4);
        assert!(rrweb["d"]["timestamp"].is_i64(), "rrweb needs it");
        assert_eq!(recording.last().unwrap()["k"], "end");
    }
    let known = [
        "README.txt",
        "sessions.ndjson",
        "interactions.ndjson",
        "notes.ndjson",
        "dead-letters.ndjson",
    ];
    assert_eq!(files.len(), known.len() + 2 * sessions.len());
    for name in files.keys() {
        let folder = name.split_inclusive('/').next().unwrap();
        assert!(
            name == "README.txt" || files["README.txt"].contains(folder),
            "{name}"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_damaged_recording_does_not_hold_up_an_access_request() {
    let system = System::start(Database::Sqlite, Objects::Disk, &[]).await;
    let admin = system.create_key(ORGANIZATION, "admin");
    system.send("lost", 0, USER, MARK).await;
    system.wait_until_stored("lost", 1).await;
    fs::remove_dir_all(system.dir().join("objects/packs")).unwrap();
    system.send("whole", 0, USER, MARK).await;
    system.wait_until_stored("whole", 1).await;
    let (_status, lost) = system.get("/lost").await;

    let url = format!(
        "{}/admin/{ORGANIZATION}/access?userId={USER}",
        system.query_url
    );
    let answer = http().get(url).bearer_auth(&admin).send().await.unwrap();
    let files = files_of(&answer.bytes().await.unwrap());

    assert_eq!(files["sessions.ndjson"].lines().count(), 2, "{files:#?}");
    let damaged = &files["damaged.txt"];
    assert!(damaged.contains(lost["id"].as_str().unwrap()), "{damaged}");
    let recordings = files
        .iter()
        .filter(|(name, _)| name.starts_with("recordings/"));
    assert!(recordings.into_iter().any(|(_, text)| text.contains(MARK)));
}
