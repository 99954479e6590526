//! Keys of recordings that are backed up apart from the rest: an erasure reaches older backups.

use super::*;
use crate::deep::archives;

/// Longer than a service takes to refuse.
const REFUSED: Duration = Duration::from_secs(60);

/// Where the parts of the backup are.
struct Places {
    folder: TempDir,
}

impl Places {
    fn of(&self, part: &str) -> String {
        self.folder.path().join(part).display().to_string()
    }

    /// Restores the rest, without keys.
    async fn restore_rest(&self) -> Blank {
        let blank = Blank::new(Database::Sqlite, Objects::Disk, &[ARCHIVE_SOON]).await;
        let said = succeed(blank.command(&["restore", "--from", &self.of("rest")]));
        assert!(said.contains("without the keys"), "{said}");
        blank
    }

    fn restore_keys(&self, blank: &Blank, part: &str) -> String {
        succeed(blank.command(&["restore", "--only-keys", "--from", &self.of(part)]))
    }
}

/// The object of an archived session.
fn archive_of(objects: &Path, row: &str) -> String {
    let found = archives(objects)
        .into_iter()
        .find(|path| path.to_str().unwrap().contains(row));
    let found = found.unwrap_or_else(|| panic!("{row} has no archive"));
    found.strip_prefix(objects).unwrap().display().to_string()
}

async fn refuses_to_start(blank: &Blank) {
    let mut service = tokio::process::Command::from(blank.command(&["session"]));
    service.kill_on_drop(true);
    let output = tokio::time::timeout(REFUSED, service.output()).await;
    let output = output.expect("it starts without keys").unwrap();
    assert!(!output.status.success());
    assert!(
        text(&output).contains("without the keys"),
        "{}",
        text(&output)
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn an_erasure_reaches_an_older_backup_through_its_keys() {
    let system = System::start(Database::Sqlite, Objects::Disk, &[ARCHIVE_SOON]).await;
    let api = Api::of(&system);
    for session in ["kept", "erased"] {
        visit(&api, session, 2).await;
    }
    system.wait_until_archived(2).await;
    let row = api.closed("erased").await["id"]
        .as_str()
        .unwrap()
        .to_owned();
    let object = archive_of(&system.objects(), &row);
    let places = Places {
        folder: TempDir::new().unwrap(),
    };
    let back_up = |part: &str, how: &str| system.crow(&["backup", how, "--to", &places.of(part)]);
    let said = back_up("rest", "--without-keys");
    assert!(said.contains("--only-keys"), "{said}");
    back_up("early", "--only-keys");
    let admin = system.create_key(ORGANIZATION, "admin");
    let erased = http()
        .post(format!(
            "{}/admin/{ORGANIZATION}/erasures",
            system.query_url
        ))
        .bearer_auth(&admin)
        .json(&json!({ "sessions": ["erased"] }))
        .send()
        .await
        .unwrap();
    assert_eq!(erased.status(), 201);
    // Only one backup of keys is kept, beside that of the rest.
    let late = places.of("rest");
    let arguments = ["backup", "--only-keys", "--keep", "1", "--to", &late];
    system.crow(&arguments);
    let said = system.crow(&arguments);
    assert!(said.contains("removed 1 older backups of keys"), "{said}");
    drop(system);

    // The keys of before the erasure open everything.
    let blank = places.restore_rest().await;
    assert_eq!(
        succeed(blank.command(&["cat", &object]))
            .matches("\"seq\"")
            .count(),
        0
    );
    places.restore_keys(&blank, "early");
    let lines = succeed(blank.command(&["cat", &object]));
    assert!(lines.contains("\"seq\":1"), "{lines}");

    // Those of after it do not open the erased session.
    let blank = Blank::new(Database::Sqlite, Objects::Disk, &[ARCHIVE_SOON]).await;
    let first = text(&run(blank.command(&[
        "restore",
        "--only-keys",
        "--from",
        &late,
    ])));
    assert!(first.contains("this database waits for no keys"), "{first}");
    drop(blank);
    let blank = places.restore_rest().await;
    refuses_to_start(&blank).await;
    let doctor = text(&run(blank.command(&["doctor"])));
    assert!(doctor.contains("without the keys"), "{doctor}");
    let refused = run(blank.command(&["backup", "--stored-only", "--to", &places.of("again")]));
    assert!(!refused.status.success(), "{}", text(&refused));
    let said = places.restore_keys(&blank, "rest");
    assert!(
        said.contains("1 sessions have sealed recordings and no key"),
        "{said}"
    );
    let system = blank.start(Some(api.keys.clone())).await;
    let api = Api::of(&system);
    assert_eq!(api.played("kept").await, [0, 1].into());
    assert_eq!(api.get("/erased").await.0, 200, "its row is back");
    assert_eq!(api.get("/erased/replay?format=rrweb").await.0, 404);
    let deep = text(&system.run_crow(&["doctor", "--deep"]));
    assert!(deep.contains("sealed chunks whose key is gone"), "{deep}");
}

#[tokio::test(flavor = "multi_thread")]
async fn keys_that_are_lost_can_be_given_up() {
    let system = System::start(Database::Sqlite, Objects::Disk, &[ARCHIVE_SOON]).await;
    let api = Api::of(&system);
    visit(&api, "lost", 1).await;
    system.wait_until_archived(1).await;
    let places = Places {
        folder: TempDir::new().unwrap(),
    };
    let rest = places.of("rest");
    system.crow(&["backup", "--without-keys", "--to", &rest]);
    drop(system);

    let blank = places.restore_rest().await;
    let arguments = ["restore", "--accept-missing-keys", "--from", &rest];
    let said = succeed(blank.command(&arguments));
    assert!(said.contains("start the services"), "{said}");
    let system = blank.start(Some(api.keys.clone())).await;
    let api = Api::of(&system);
    assert_eq!(api.get("/lost").await.0, 200);
    assert_eq!(api.get("/lost/replay?format=rrweb").await.0, 404);
    visit(&api, "new", 1).await;
    system.wait_until_archived(1).await;
    assert_eq!(api.played("new").await, [0].into());
}
