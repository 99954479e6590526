use std::collections::HashSet;

use crow_types::{AssetUrl, ContentHash, OrganizationId, SessionId, Timestamp, UrlHash};

use super::report::{Origin, Report, Shown, Standing, report};
use super::store::{self, Outcome, Upload};
use super::{SHOWN_EVERY, read, sweep};
use crate::archive;
use crate::garbage;
use crate::tests::{Database, on_both};

on_both!(
    only_different_sessions_count,
    many_batches_of_one_session_at_once_are_one_session,
    a_style_sheet_needs_no_witness,
    organizations_do_not_count_for_each_other,
    a_report_that_comes_twice_changes_nothing,
    an_upload_needs_its_object_first,
    the_same_bytes_are_stored_once,
    two_uploads_at_once_make_one_version,
    a_moment_has_its_version,
    what_crashes_leave_is_swept,
    an_asset_is_shown_for_as_long_as_its_row_is_fresh,
    an_object_that_another_address_needs_stays,
    an_upload_and_the_sweeper_at_once_lose_nothing,
    refs_know_whether_their_session_is_there,
);

const NOW: Timestamp = Timestamp(1_763_690_000_000);
const DAY: i64 = 86_400_000;
const WEEK: i64 = 7 * DAY;

fn organization(name: &str) -> OrganizationId {
    OrganizationId::new(name).unwrap()
}

fn url(path: &str) -> AssetUrl {
    AssetUrl::parse(&format!("https://shop.example/{path}")).unwrap()
}

fn hash(path: &str) -> UrlHash {
    url(path).hash_in(&organization("acme"))
}

fn of(tenant: &str, session: &str, paths: &[&str], origin: Origin) -> Report {
    let shown = |path: &&str| Shown {
        hash: url(path).hash_in(&organization(tenant)),
        url: url(path),
        origin,
    };
    let unknown: Vec<Shown> = paths.iter().map(shown).collect();
    Report {
        organization: organization(tenant),
        session: SessionId::new(session).unwrap(),
        shown: unknown.iter().map(|shown| shown.hash).collect(),
        unknown,
    }
}

fn page(session: &str, paths: &[&str]) -> Report {
    of("acme", session, paths, Origin::Page)
}

/// Which of the reported addresses are asked for.
async fn asked(database: &Database, report_: Report) -> Vec<UrlHash> {
    let standings = report(&database.db, &[report_], 3, NOW).await.unwrap();
    let mut asked: Vec<UrlHash> = standings.into_keys().collect();
    asked.sort_unstable();
    asked
}

async fn only_different_sessions_count(database: Database) {
    for _ in 0..100 {
        assert_eq!(asked(&database, page("s1", &["a.png"])).await, []);
    }
    assert_eq!(
        asked(&database, page("s2", &["a.png", "mine.png"])).await,
        []
    );
    assert_eq!(asked(&database, page("s2", &["a.png"])).await, []);
    assert_eq!(
        asked(&database, page("s3", &["a.png"])).await,
        [hash("a.png")]
    );
    assert_eq!(
        asked(&database, page("s1", &["a.png"])).await,
        [hash("a.png")]
    );
    let [witnesses, urls] = database
        .numbers("select (select count(*) from asset_witnesses), (select count(*) from asset_urls)")
        .await;
    assert_eq!(
        (witnesses, urls),
        (4, 1),
        "the private picture is not asked for"
    );
}

async fn many_batches_of_one_session_at_once_are_one_session(database: Database) {
    let reports = (0..20).map(|_| {
        let db = database.db.clone();
        tokio::spawn(async move {
            report(&db, &[page("s1", &["a.png"])], 2, NOW)
                .await
                .unwrap()
        })
    });
    for standings in futures::future::join_all(reports).await {
        assert!(standings.unwrap().is_empty());
    }
    let together = [page("s2", &["a.png"]), page("s2", &["a.png"])];
    let standings = report(&database.db, &together, 2, NOW).await.unwrap();
    assert_eq!(standings[&hash("a.png")], Standing { checked_at: None });
}

async fn a_style_sheet_needs_no_witness(database: Database) {
    let style = of("acme", "s1", &["font.woff2"], Origin::Style);
    assert_eq!(asked(&database, style).await, [hash("font.woff2")]);
    assert_eq!(
        database
            .numbers("select count(*) from asset_witnesses")
            .await,
        [0]
    );
}

async fn organizations_do_not_count_for_each_other(database: Database) {
    for session in ["s1", "s2", "s3"] {
        let rival = of("rival", session, &["a.png"], Origin::Page);
        report(&database.db, &[rival], 3, NOW).await.unwrap();
    }
    assert_eq!(asked(&database, page("s4", &["a.png"])).await, []);
    let upload = upload("a.png", b"x");
    let outcome = store::store(&database.db, &upload, None, WEEK, NOW)
        .await
        .unwrap();
    assert_eq!(outcome, Outcome::NotWanted);
}

async fn a_report_that_comes_twice_changes_nothing(database: Database) {
    for _ in 0..2 {
        let reports = [page("s1", &["a.png", "b.png"]), page("s2", &["b.png"])];
        report(&database.db, &reports, 3, NOW).await.unwrap();
    }
    let [refs, bytes, witnesses] = database
        .numbers(
            "select (select count(*) from asset_refs), (select sum(length(urls)) from asset_refs), \
             (select count(*) from asset_witnesses)",
        )
        .await;
    assert_eq!((refs, bytes, witnesses), (2, 24, 3));
}

fn upload(path: &str, bytes: &[u8]) -> Upload {
    Upload {
        organization: organization("acme"),
        url: hash(path),
        content: ContentHash::of(bytes),
        mime_type: "image/png",
        length: bytes.len() as u64,
    }
}

async fn ask_for(database: &Database, path: &str) {
    let style = of("acme", "s1", &[path], Origin::Style);
    report(&database.db, &[style], 3, NOW).await.unwrap();
}

/// As the gateway does it; the object itself does not matter here.
async fn put(database: &Database, upload: &Upload, key: &str, at: Timestamp) -> Outcome {
    let db = &database.db;
    let first = store::store(db, upload, None, WEEK, at).await.unwrap();
    if first != Outcome::NeedsObject {
        return first;
    }
    archive::note(db, key).await.unwrap();
    store::store(db, upload, Some(key), WEEK, at).await.unwrap()
}

async fn garbage_keys(database: &Database) -> Vec<String> {
    let now = Timestamp::now().plus(DAY);
    garbage::forget_named(&database.db, now).await.unwrap();
    garbage::due(&database.db, now, 100).await.unwrap()
}

async fn an_upload_needs_its_object_first(database: Database) {
    let one = upload("a.png", b"one");
    assert_eq!(put(&database, &one, "k1", NOW).await, Outcome::NotWanted);
    ask_for(&database, "a.png").await;
    let db = &database.db;
    let at = NOW.plus(1);
    let bare = store::store(db, &one, None, WEEK, at).await.unwrap();
    assert_eq!(bare, Outcome::NeedsObject);
    let unnoted = store::store(db, &one, Some("k1"), WEEK, at).await.unwrap();
    assert_eq!(
        unnoted,
        Outcome::Swept,
        "an object without a note may be gone"
    );
    assert_eq!(put(&database, &one, "k1", at).await, Outcome::Stored);
    assert_eq!(garbage_keys(&database).await, [""; 0]);

    // The answer was lost, and the client sends again.
    assert_eq!(put(&database, &one, "k2", at).await, Outcome::Same);
    let two = upload("a.png", b"two");
    assert_eq!(
        put(&database, &two, "k3", NOW.plus(DAY)).await,
        Outcome::NotWanted
    );
    // The same bytes a week later are the same version, and the week begins again.
    assert_eq!(
        put(&database, &one, "k4", NOW.plus(WEEK + 1)).await,
        Outcome::Same
    );
    assert_eq!(
        put(&database, &two, "k5", NOW.plus(WEEK + 2)).await,
        Outcome::NotWanted
    );
    assert_eq!(
        put(&database, &two, "k6", NOW.plus(2 * WEEK + 1)).await,
        Outcome::Stored
    );
}

async fn the_same_bytes_are_stored_once(database: Database) {
    ask_for(&database, "a.png").await;
    ask_for(&database, "b.png").await;
    assert_eq!(
        put(&database, &upload("a.png", b"same"), "k1", NOW).await,
        Outcome::Stored
    );
    let second = store::store(&database.db, &upload("b.png", b"same"), None, WEEK, NOW).await;
    assert_eq!(second.unwrap(), Outcome::Stored);
    let row = read::content(
        &database.db,
        &organization("acme"),
        ContentHash::of(b"same"),
    )
    .await;
    assert_eq!(row.unwrap().unwrap().object_key, "k1");
    let used = store::used_bytes(&database.db, &organization("acme")).await;
    assert_eq!(used.unwrap(), 4);
    let used = store::used_bytes(&database.db, &organization("rival")).await;
    assert_eq!(used.unwrap(), 0);
    let other = read::content(
        &database.db,
        &organization("rival"),
        ContentHash::of(b"same"),
    )
    .await;
    assert_eq!(other.unwrap(), None);
}

async fn two_uploads_at_once_make_one_version(database: Database) {
    ask_for(&database, "a.png").await;
    let uploads = (0..8).map(|number| {
        let db = database.db.clone();
        tokio::spawn(async move {
            let key = format!("k{number}");
            let bytes = if number % 2 == 0 { b"even" } else { b"odd!" };
            archive::note(&db, &key).await.unwrap();
            store::store(&db, &upload("a.png", bytes), Some(&key), WEEK, NOW)
                .await
                .unwrap()
        })
    });
    let outcomes: Vec<Outcome> = futures::future::join_all(uploads)
        .await
        .into_iter()
        .map(Result::unwrap)
        .collect();
    let count = |wanted| {
        outcomes
            .iter()
            .filter(|outcome| **outcome == wanted)
            .count()
    };
    assert_eq!(count(Outcome::Stored), 1, "{outcomes:?}");
    assert_eq!(
        (count(Outcome::Same), count(Outcome::NotWanted)),
        (3, 4),
        "{outcomes:?}"
    );
    assert_eq!(
        garbage_keys(&database).await.len(),
        7,
        "objects without a row are swept"
    );
}

async fn a_moment_has_its_version(database: Database) {
    ask_for(&database, "a.png").await;
    let first = NOW.plus(10);
    let second = NOW.plus(10 + WEEK);
    put(&database, &upload("a.png", b"one"), "k1", first).await;
    put(&database, &upload("a.png", b"two"), "k2", second).await;
    let at = async |at: Timestamp| {
        let urls = [hash("a.png"), hash("nothing.png")];
        let found = read::versions_at(&database.db, &organization("acme"), &urls, at).await;
        let found = found.unwrap();
        assert_eq!(found.len(), 1);
        found[&hash("a.png")].object_key.clone()
    };
    assert_eq!(at(Timestamp(0)).await, "k1", "older than what is known");
    assert_eq!(at(first).await, "k1");
    assert_eq!(at(second.plus(-1)).await, "k1");
    assert_eq!(at(second).await, "k2");
    assert_eq!(at(second.plus(WEEK)).await, "k2");
    let rival = read::versions_at(
        &database.db,
        &organization("rival"),
        &[hash("a.png")],
        second,
    )
    .await;
    assert!(rival.unwrap().is_empty());
}

async fn what_crashes_leave_is_swept(database: Database) {
    ask_for(&database, "a.png").await;
    // Killed after the object was noted, or written, and before its row was.
    archive::note(&database.db, "k1").await.unwrap();
    assert_eq!(garbage_keys(&database).await, ["k1"]);
    let marked = garbage::mark_for_removal(&database.db, &["k1".to_owned()])
        .await
        .unwrap();
    assert_eq!(marked, ["k1"]);
    // It was not dead, only slow: its object may be gone, so it has to begin again.
    let late = store::store(&database.db, &upload("a.png", b"x"), Some("k1"), WEEK, NOW).await;
    assert_eq!(late.unwrap(), Outcome::Swept);
    assert_eq!(
        put(&database, &upload("a.png", b"x"), "k2", NOW).await,
        Outcome::Stored
    );
}

fn stale(path: &str) -> sweep::StaleUrl {
    sweep::StaleUrl {
        organization_id: "acme".to_owned(),
        hash: hash(path),
    }
}

async fn an_asset_is_shown_for_as_long_as_its_row_is_fresh(database: Database) {
    let db = &database.db;
    ask_for(&database, "a.png").await;
    put(&database, &upload("a.png", b"x"), "k1", NOW).await;
    let later = NOW.plus(SHOWN_EVERY + 1);
    assert_eq!(
        sweep::stale_urls(db, NOW, 9).await.unwrap(),
        [stale("a.png")]
    );
    // A session shows it, and its report comes first.
    report(db, &[page("s9", &["a.png"])], 3, later)
        .await
        .unwrap();
    assert!(!sweep::remove(db, &stale("a.png"), NOW).await.unwrap());
    // The other way round: the report finds nothing, and asks for it.
    assert!(sweep::remove(db, &stale("a.png"), later).await.unwrap());
    assert_eq!(sweep::stale_urls(db, later, 9).await.unwrap(), []);
    let style = of("acme", "s9", &["a.png"], Origin::Style);
    let standings = report(db, &[style], 3, later).await.unwrap();
    assert_eq!(standings[&hash("a.png")], Standing { checked_at: None });
    assert_eq!(garbage_keys(&database).await, ["k1"]);
    let found = read::versions_at(db, &organization("acme"), &[hash("a.png")], later).await;
    assert!(found.unwrap().is_empty());
}

async fn an_object_that_another_address_needs_stays(database: Database) {
    ask_for(&database, "a.png").await;
    ask_for(&database, "b.png").await;
    put(&database, &upload("a.png", b"same"), "k1", NOW).await;
    put(&database, &upload("b.png", b"same"), "k2", NOW).await;
    assert!(
        sweep::remove(&database.db, &stale("a.png"), NOW)
            .await
            .unwrap()
    );
    assert_eq!(garbage_keys(&database).await, [""; 0]);
    assert!(
        sweep::remove(&database.db, &stale("b.png"), NOW)
            .await
            .unwrap()
    );
    assert_eq!(garbage_keys(&database).await, ["k1"]);
}

/// `b.png` is uploaded with the bytes of `a.png` while `a.png` is removed: either it finds the object
/// and keeps it, or it finds none. A row never names an object that may be removed.
async fn an_upload_and_the_sweeper_at_once_lose_nothing(database: Database) {
    for round in 0..20 {
        let (first, second) = (format!("a{round}.png"), format!("b{round}.png"));
        ask_for(&database, &first).await;
        ask_for(&database, &second).await;
        let bytes = format!("bytes {round}").into_bytes();
        let key = format!("k{round}");
        put(&database, &upload(&first, &bytes), &key, NOW).await;
        let removed = stale(&first);
        let again = upload(&second, &bytes);
        let (outcome, is_removed) = tokio::join!(
            store::store(&database.db, &again, None, WEEK, NOW),
            sweep::remove(&database.db, &removed, NOW),
        );
        assert!(is_removed.unwrap());
        let is_garbage = garbage_keys(&database).await.contains(&key);
        match outcome.unwrap() {
            Outcome::Stored => assert!(!is_garbage, "round {round}"),
            Outcome::NeedsObject => assert!(is_garbage, "round {round}"),
            other => panic!("round {round}: {other:?}"),
        }
    }
}

async fn refs_know_whether_their_session_is_there(database: Database) {
    let db = &database.db;
    let lease = database.lease().await;
    let session = crate::tests::session("x");
    let known = session.session_id.clone();
    let flush = crate::flush::Flush {
        id: "f".to_owned(),
        partition: lease.partition,
        epoch: lease.epoch,
        checkpoint: crow_types::Sequence(1),
        stream_created: 1,
        sessions: vec![session],
        events: Vec::new(),
        steps: crate::analytics::NewSteps::default(),
        errors: Vec::new(),
        keys: Vec::new(),
        chunks: Vec::new(),
        outbox: Vec::new(),
    };
    crate::flush::commit(db, &flush).await.unwrap();
    let reports: Vec<Report> = (0..5)
        .map(|number| page(&format!("s{number}"), &["a.png"]))
        .chain([
            page(&known, &["a.png", "b.png"]),
            of("rival", &known, &["a.png"], Origin::Page),
        ])
        .collect();
    report(db, &reports, 3, NOW).await.unwrap();

    let mut after = None;
    let mut seen = Vec::new();
    loop {
        let refs = sweep::refs(db, after.as_ref(), 2).await.unwrap();
        let Some(last) = refs.last() else { break };
        after = Some(last.key.clone());
        seen.extend(refs);
    }
    assert_eq!(seen.len(), 7);
    let there: Vec<&sweep::Ref> = seen.iter().filter(|row| row.has_session).collect();
    assert_eq!(there.len(), 1, "not the rival's session of the same name");
    assert_eq!(there[0].key.session_id, known);
    let halves: HashSet<&[u8]> = there[0].urls.chunks(8).collect();
    let expected = [hash("a.png").short(), hash("b.png").short()];
    assert_eq!(halves, expected.iter().map(|half| &half[..]).collect());

    let gone: Vec<sweep::RefKey> = seen
        .iter()
        .filter(|row| !row.has_session)
        .map(|row| row.key.clone())
        .collect();
    sweep::remove_refs(db, &gone).await.unwrap();
    assert_eq!(sweep::refs(db, None, 9).await.unwrap().len(), 1);
    assert!(sweep::remove_witnesses(db, NOW.plus(-1)).await.unwrap() == 0);
    assert!(sweep::remove_witnesses(db, NOW).await.unwrap() > 0);
}
