use super::*;
use crate::tests::{Database, on_both};
use crate::{archive, audit, garbage};

on_both!(
    a_map_needs_its_object_first_and_takes_the_place_of_the_last_one,
    the_same_content_is_stored_once_and_organizations_share_nothing,
    scripts_are_found_by_debug_id_or_by_release_and_path,
    only_the_newest_releases_stay,
);

const RELEASES: u64 = 50;

fn organization(name: &str) -> OrganizationId {
    OrganizationId::new(name).unwrap()
}

fn map(release: &str, path: &str, content: &str) -> NewMap {
    NewMap {
        organization: organization("acme"),
        release: release.to_owned(),
        path: path.to_owned(),
        debug_id: String::new(),
        content: ContentHash::of(content.as_bytes()),
        length: 7,
    }
}

fn somebody() -> Actor {
    Actor::system_named("test")
}

/// As the read API does it; the object itself does not matter here.
async fn put(database: &Database, map: &NewMap, key: &str) -> Outcome {
    let db = &database.db;
    let first = store(db, &somebody(), map, None, RELEASES).await.unwrap();
    if first != Outcome::NeedsObject {
        return first;
    }
    archive::note(db, key).await.unwrap();
    write(database, map, key).await
}

async fn write(database: &Database, map: &NewMap, key: &str) -> Outcome {
    let written = Written {
        key: key.to_owned(),
        length: 3,
    };
    store(&database.db, &somebody(), map, Some(&written), RELEASES)
        .await
        .unwrap()
}

fn key_of(outcome: Outcome) -> String {
    match outcome {
        Outcome::Stored(row) => row.object_key,
        other => format!("{other:?}"),
    }
}

async fn paths(database: &Database) -> Vec<(String, String)> {
    let rows = list(&database.db, &organization("acme"), None, None, 100).await;
    let pair = |row: SourceMapRow| (row.app_release, row.path);
    rows.unwrap().into_iter().map(pair).collect()
}

async fn garbage_keys(database: &Database) -> Vec<String> {
    let later = Timestamp::now().plus(86_400_000);
    garbage::forget_named(&database.db, later).await.unwrap();
    let mut due = garbage::due(&database.db, later, 100).await.unwrap();
    due.sort();
    due
}

async fn a_map_needs_its_object_first_and_takes_the_place_of_the_last_one(database: Database) {
    let one = map("1.0", "/a.js", "one");
    let unnoted = write(&database, &one, "k0").await;
    assert_eq!(
        unnoted,
        Outcome::Swept,
        "an object without a note may be gone"
    );
    assert_eq!(key_of(put(&database, &one, "k1").await), "k1");
    assert!(matches!(put(&database, &one, "k2").await, Outcome::Same(_)));
    let two = map("1.0", "/a.js", "two");
    assert_eq!(key_of(put(&database, &two, "k3").await), "k3");
    assert_eq!(paths(&database).await.len(), 1);
    assert_eq!(garbage_keys(&database).await, ["k1"]);
    let known = ["k1", "k3", "k9"].map(str::to_owned);
    let known = audit::known(&database.db, &known).await.unwrap();
    assert!(known.contains("k3") && !known.contains("k9"));
    // Killed after the object was written, and slow: the sweeper has taken it.
    archive::note(&database.db, "k4").await.unwrap();
    let taken = garbage::mark_for_removal(&database.db, &["k4".to_owned()]).await;
    assert_eq!(taken.unwrap(), ["k4"]);
    let three = map("1.0", "/a.js", "three");
    assert_eq!(write(&database, &three, "k4").await, Outcome::Swept);
    let [noted] = database
        .numbers("select count(*) from audit_log where action = 'source_map.uploaded'")
        .await;
    assert_eq!(noted, 2, "only what changed something");
}

async fn the_same_content_is_stored_once_and_organizations_share_nothing(database: Database) {
    let db = &database.db;
    assert_eq!(
        key_of(put(&database, &map("1", "/a.js", "x"), "k1").await),
        "k1"
    );
    assert_eq!(
        key_of(put(&database, &map("2", "/a.js", "x"), "k2").await),
        "k1"
    );
    let rival = NewMap {
        organization: organization("rival"),
        ..map("1", "/a.js", "x")
    };
    assert_eq!(key_of(put(&database, &rival, "k3").await), "k3");
    let rows = list(db, &organization("acme"), None, None, 9)
        .await
        .unwrap();
    assert_eq!(rows.len(), 2);
    let after = SourceMapKey {
        id: rows[0].id.clone(),
    };
    let next = list(db, &organization("acme"), None, Some(&after), 9).await;
    let next = next.unwrap();
    assert_eq!(next, rows[1..]);
    let by = somebody();
    let foreign = remove(db, &by, &organization("rival"), &rows[0].id).await;
    assert!(!foreign.unwrap());
    assert!(
        remove(db, &by, &organization("acme"), &rows[0].id)
            .await
            .unwrap()
    );
    assert_eq!(
        garbage_keys(&database).await,
        [""; 0],
        "another row needs it"
    );
    assert!(
        remove(db, &by, &organization("acme"), &rows[1].id)
            .await
            .unwrap()
    );
    assert!(
        !remove(db, &by, &organization("acme"), &rows[1].id)
            .await
            .unwrap()
    );
    assert_eq!(garbage_keys(&database).await, ["k1"]);
    assert!(paths(&database).await.is_empty());
}

async fn scripts_are_found_by_debug_id_or_by_release_and_path(database: Database) {
    let named = NewMap {
        debug_id: "id".to_owned(),
        ..map("1", "/a.js", "x")
    };
    put(&database, &named, "k1").await;
    put(&database, &map("1", "/b.js", "y"), "k2").await;
    put(&database, &map("2", "/b.js", "z"), "k3").await;
    let texts =
        |texts: &[&str]| -> Vec<String> { texts.iter().map(|it| (*it).to_owned()).collect() };
    let keys = async |name: &str, ids: &[&str], release: &str, paths: &[&str]| {
        let (ids, paths) = (texts(ids), texts(paths));
        let found = of_scripts(&database.db, &organization(name), &ids, release, &paths).await;
        let found = found.unwrap().into_iter().map(|row| row.object_key);
        found.collect::<Vec<_>>()
    };
    assert_eq!(keys("acme", &["id"], "", &["/b.js"]).await, ["k1"]);
    assert_eq!(
        keys("acme", &["id", "no"], "2", &["/b.js"]).await,
        ["k1", "k3"]
    );
    assert_eq!(
        keys("acme", &[], "1", &["/a.js", "/b.js"]).await,
        ["k1", "k2"]
    );
    assert_eq!(keys("acme", &[], "", &["/b.js"]).await, [""; 0]);
    assert_eq!(keys("acme", &[], "1", &[]).await, [""; 0]);
    assert_eq!(keys("rival", &["id"], "1", &["/b.js"]).await, [""; 0]);
}

async fn only_the_newest_releases_stay(database: Database) {
    for (release, path) in [("1", "/a.js"), ("1", "/b.js"), ("2", "/a.js")] {
        let map = map(release, path, &format!("{release}{path}"));
        put(&database, &map, &format!("k{release}{path}")).await;
    }
    let newest = map("3", "/a.js", "2/a.js");
    let outcome = store(&database.db, &somebody(), &newest, None, 2).await;
    assert_eq!(key_of(outcome.unwrap()), "k2/a.js");
    let pair = |release: &str| (release.to_owned(), "/a.js".to_owned());
    assert_eq!(paths(&database).await, [pair("3"), pair("2")]);
    assert_eq!(garbage_keys(&database).await, ["k1/a.js", "k1/b.js"]);
    let [noted] = database
        .numbers("select count(*) from audit_log where action = 'source_map.release_removed'")
        .await;
    assert_eq!(noted, 1);
}
