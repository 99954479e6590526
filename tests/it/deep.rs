//! `crow doctor` names services of another installation. `crow doctor --deep` finds what is damaged,
//! and says nothing about what is well.

use std::fs;
use std::path::{Path, PathBuf};

use crow_testkit::recording::rrweb_recording;
use serde_json::json;

use crate::client::batches_of;
use crate::commands::text;
use crate::system::{Database, Objects, System};

const SESSIONS: [&str; 3] = ["well", "gone", "broken"];

#[tokio::test(flavor = "multi_thread")]
async fn a_deep_look_names_damaged_sessions_and_objects_without_a_row() {
    let settings = [("CROW_SESSION__ARCHIVE_DELAY_MS", "200")];
    let system = System::start(Database::Sqlite, Objects::Disk, &settings).await;
    for session in SESSIONS {
        let (batches, _sent) = batches_of(&rrweb_recording(), session, 40);
        for batch in &batches {
            assert_eq!(system.post("/batch", batch).await.0, 202);
        }
        let end = json!({ "sessionId": session });
        assert_eq!(system.post("/session/end", &end).await.0, 202);
    }
    system.wait_until_archived(3).await;
    commands_know_their_installation(&system);
    let well = system.run_crow(&["doctor", "--deep"]);
    let said = String::from_utf8_lossy(&well.stdout).into_owned();
    assert!(well.status.success(), "{said}");
    assert!(
        said.contains("everything that is stored can be read"),
        "{said}"
    );
    assert!(!said.contains("no row names"), "{said}");

    let archives = archives(&system.objects());
    assert_eq!(archives.len(), SESSIONS.len());
    fs::remove_file(&archives[0]).unwrap();
    let bytes = fs::read(&archives[1]).unwrap();
    fs::write(&archives[1], vec![0x55; bytes.len()]).unwrap();
    let orphan = "packs/0/2020/01/01/00/01DXF6DT000000000000000000.ndjson.zst";
    let place = system.objects().join(orphan);
    fs::create_dir_all(place.parent().unwrap()).unwrap();
    fs::write(place, "nobody's").unwrap();

    let damaged = system.run_crow(&["doctor", "--deep"]);
    let said = String::from_utf8_lossy(&damaged.stdout).into_owned();
    assert_eq!(damaged.status.code(), Some(1), "{said}");
    let key = |archive: &Path| {
        let key = archive.strip_prefix(system.objects()).unwrap();
        key.display().to_string()
    };
    assert!(
        said.contains(&format!("{}: object", key(&archives[0]))),
        "{said}"
    );
    assert!(
        said.contains(&format!("{}: corrupt chunk", key(&archives[1]))),
        "{said}"
    );
    assert!(!said.contains(&key(&archives[2])), "{said}");
    assert!(
        said.contains(&format!("{orphan}: no row names it")),
        "{said}"
    );
}

fn commands_know_their_installation(system: &System) {
    let said = text(&system.run_crow(&["doctor"]));
    assert!(said.contains("all is well"), "{said}");

    // A wrong folder does not become an installation.
    let create = ["keys", "create", "--org", "acme", "--scope", "read"];
    let other = system.dir().join("other.db");
    let refused = system.run_crow_on(&other, &create);
    let said = text(&refused);
    assert!(!refused.status.success(), "{said}");
    assert!(said.contains("there is no installation at"), "{said}");
    assert!(!other.exists());

    let made = text(&system.run_crow_on(&other, &["migrate"]));
    let created = text(&system.run_crow_on(&other, &create));
    let place = other.display().to_string();
    assert!(created.contains(&place), "{made}{created}");
    let said = text(&system.run_crow_on(&other, &["doctor"]));
    let foreign = format!("does not know a key that was just written to {place}");
    assert!(said.contains(&foreign), "{said}");
}

/// All objects below `sessions/`, sorted.
pub fn archives(objects: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut folders = vec![objects.join("sessions")];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else {
                found.push(path);
            }
        }
    }
    found.sort();
    found
}
