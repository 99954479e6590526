//! Pictures and fonts go when no session needs them any more.

use crow_db::assets::report::{Origin, Report, Shown, report};
use crow_db::assets::store::{Outcome, Upload, store};
use crow_db::{archive, assets::read};
use crow_types::{AssetUrl, ContentHash, UrlHash};

use super::*;
use crate::{AssetSweepOptions, SweepOptions, sweep, sweep_assets};

fn acme() -> OrganizationId {
    OrganizationId::new("acme").unwrap()
}

fn hash(path: &str) -> UrlHash {
    url(path).hash_in(&acme())
}

fn url(path: &str) -> AssetUrl {
    AssetUrl::parse(&format!("https://shop.example/{path}")).unwrap()
}

async fn show(db: &Db, session: &str, paths: &[&str]) {
    let unknown = paths.iter().map(|path| Shown {
        hash: hash(path),
        url: url(path),
        origin: Origin::Style,
    });
    let report_of = Report {
        organization: acme(),
        session: SessionId::new(session).unwrap(),
        shown: paths.iter().map(|path| hash(path)).collect(),
        unknown: unknown.collect(),
    };
    report(db, &[report_of], 3, Timestamp::now()).await.unwrap();
}

async fn upload(fixture: &Fixture, path: &str) -> String {
    let key = format!("assets/acme/{path}");
    let bytes = Bytes::copy_from_slice(path.as_bytes());
    archive::note(&fixture.db, &key).await.unwrap();
    fixture.store().put(&key, bytes.clone()).await.unwrap();
    let upload = Upload {
        organization: acme(),
        url: hash(path),
        content: ContentHash::of(&bytes),
        mime_type: "image/png",
        length: bytes.len() as u64,
    };
    let stored = store(&fixture.db, &upload, Some(&key), 1_000, Timestamp::now());
    assert_eq!(stored.await.unwrap(), Outcome::Stored);
    key
}

async fn known(db: &Db, path: &str) -> bool {
    let versions = read::versions_at(db, &acme(), &[hash(path)], Timestamp::now()).await;
    !versions.unwrap().is_empty()
}

#[tokio::test]
async fn an_asset_goes_with_the_last_session_that_has_shown_it() {
    let fixture = Fixture::start().await;
    let _keeper = RunningKeeper::start(&fixture);
    fixture.publish_clicks("there", 0..1).await;
    fixture.session_with("there", 1).await;
    let (db, objects) = (&fixture.db, fixture.store());
    show(db, "there", &["shared.png"]).await;
    // The rows of this one are gone: it was erased, or too old.
    show(db, "gone", &["shared.png", "alone.png"]).await;
    let shared = upload(&fixture, "shared.png").await;
    let alone = upload(&fixture, "alone.png").await;

    let sweep_with = async |is_dry_run, keep_ms| {
        let options = AssetSweepOptions {
            is_dry_run,
            keep_ms,
        };
        let swept = sweep_assets(db, options).await.unwrap();
        (swept.reports, swept.addresses, swept.kept)
    };
    let day_and_more = AssetSweepOptions::default().keep_ms;
    assert_eq!(
        sweep_with(false, day_and_more).await,
        (0, 0, 0),
        "too young to tell"
    );
    assert_eq!(sweep_with(true, -1).await, (1, 1, 1));
    assert!(known(db, "alone.png").await, "a dry run removes nothing");
    assert_eq!(sweep_with(false, -1).await, (1, 1, 1));
    assert_eq!(sweep_with(false, -1).await, (0, 0, 1), "twice is once");
    assert!(known(db, "shared.png").await && !known(db, "alone.png").await);

    // Objects go after the rows, and only those that no row names.
    let options = SweepOptions {
        keep_ms: -1,
        ..SweepOptions::default()
    };
    let mut there = objects.list("assets").await.unwrap();
    there.sort_unstable();
    assert_eq!(there, [alone, shared.clone()]);
    sweep(db, &objects, options).await.unwrap();
    assert_eq!(objects.list("assets").await.unwrap(), [shared]);
}

#[tokio::test]
async fn an_object_whose_row_never_came_is_swept() {
    let fixture = Fixture::start().await;
    let (db, objects) = (&fixture.db, fixture.store());
    // Killed between the object and its row.
    archive::note(db, "assets/acme/orphan").await.unwrap();
    objects
        .put("assets/acme/orphan", Bytes::from_static(b"x"))
        .await
        .unwrap();
    show(db, "s1", &["kept.png"]).await;
    let kept = upload(&fixture, "kept.png").await;
    let young = SweepOptions::default();
    sweep(db, &objects, young).await.unwrap();
    assert_eq!(
        objects.list("assets").await.unwrap().len(),
        2,
        "it may still come"
    );
    let options = SweepOptions {
        keep_ms: -1,
        ..SweepOptions::default()
    };
    sweep(db, &objects, options).await.unwrap();
    assert_eq!(objects.list("assets").await.unwrap(), [kept]);
}
