use std::collections::BTreeSet;

use crow_db::analytics::NewSteps;
use crow_db::flush::{self, Flush};
use crow_db::settings::{self, Change};
use crow_db::{DatabaseConfig, installation, leases, sessions};
use crow_storage::keys;
use crow_types::settings::{OrganizationSettings, RetentionSettings};
use crow_types::stores::{Kind, PLACES, Place};
use crow_types::{EndReason, OrganizationId, Sequence, SessionId, SessionRecord};

use super::*;

const DAY: i64 = 86_400_000;

async fn database() -> (Db, tempfile::TempDir) {
    let folder = tempfile::tempdir().unwrap();
    let config = DatabaseConfig {
        url: format!("sqlite://{}/crow.db", folder.path().display()).into(),
        ..DatabaseConfig::default()
    };
    let db = Db::connect(&config).await.unwrap();
    installation::ensure(&db, Some(1)).await.unwrap();
    (db, folder)
}

/// Sessions that ended so many days ago; an open one for `None`.
async fn store(db: &Db, now: Timestamp, ages: &[(&str, Option<i64>)]) {
    store_with(db, now, ages, |session| session).await;
}

async fn store_with(
    db: &Db,
    now: Timestamp,
    ages: &[(&str, Option<i64>)],
    change: impl Fn(SessionRecord) -> SessionRecord,
) {
    let leases = leases::acquire(db, "test", 60_000, 1, &BTreeSet::new()).await;
    let lease = leases.unwrap()[0];
    let session = |(id, age): &(&str, Option<i64>)| {
        let at = now.plus(-age.unwrap_or(100) * DAY - 1).0;
        SessionRecord {
            id: (*id).to_owned(),
            organization_id: "acme".to_owned(),
            session_id: (*id).to_owned(),
            windows: "{}".to_owned(),
            started_at: at,
            last_event_at: at,
            end_reason: age.map(|_age| EndReason::Idle),
            ..SessionRecord::default()
        }
    };
    let flush = Flush {
        id: "flush".to_owned(),
        partition: lease.partition,
        epoch: lease.epoch,
        checkpoint: Sequence(1),
        stream_created: 1,
        sessions: ages.iter().map(session).map(change).collect(),
        events: Vec::new(),
        steps: NewSteps::default(),
        errors: Vec::new(),
        keys: Vec::new(),
        chunks: Vec::new(),
        outbox: Vec::new(),
    };
    flush::commit(db, &flush).await.unwrap();
}

async fn set(db: &Db, from_version: i64, days: u16, hold: bool) {
    let retention = RetentionSettings {
        sessions_days: Some(days),
        hold,
        ..RetentionSettings::default()
    };
    set_retention(db, from_version, retention).await;
}

async fn set_retention(db: &Db, from_version: i64, retention: RetentionSettings) {
    let settings = OrganizationSettings {
        retention,
        ..OrganizationSettings::default()
    };
    let change = Change {
        organization: &OrganizationId::new("acme").unwrap(),
        settings: &settings,
        from_version,
        by: &crow_db::audit_log::Actor::system_named("test"),
        at: Timestamp::now(),
    };
    assert!(settings::change(db, change).await.unwrap().is_some());
}

async fn left(db: &Db, ids: &[&str]) -> Vec<String> {
    let key = |id: &&str| {
        (
            OrganizationId::new("acme").unwrap(),
            SessionId::new(*id).unwrap(),
        )
    };
    let keys: Vec<_> = ids.iter().map(key).collect();
    let rows = sessions::load(db, &keys, 10).await.unwrap();
    let mut ids: Vec<String> = rows.into_iter().map(|row| row.id).collect();
    ids.sort();
    ids
}

#[tokio::test]
async fn old_sessions_go_unless_there_is_a_hold() {
    let (db, _folder) = database().await;
    let now = Timestamp::now();
    let ages = [("old", Some(30)), ("young", Some(29)), ("open", None)];
    store(&db, now, &ages).await;
    let all = ["old", "open", "young"];
    assert_eq!(expired(&db, now).await, [0, 0, 0], "nobody asked");
    set(&db, 0, 30, true).await;
    assert_eq!(expired(&db, now).await, [0, 0, 0], "a hold");
    assert_eq!(left(&db, &all).await, all);

    set(&db, 1, 30, false).await;
    assert_eq!(expired(&db, now).await, [1, 0, 0]);
    assert_eq!(expired(&db, now).await, [0, 0, 0]);
    assert_eq!(left(&db, &all).await, ["open", "young"]);
    let organization = OrganizationId::new("acme").unwrap();
    let listed = erasure::list(&db, &organization, None, 10).await.unwrap();
    assert_eq!(listed.len(), 1, "a round without sessions leaves no record");
    assert_eq!(listed[0].kind, "retention");
    // Late data of an old session is no secret.
    let tombstones = Tombstones::load(&db, None).await.unwrap();
    let late = crow_db::tombstones::Arriving {
        organization: "acme",
        session: "old",
        ..Default::default()
    };
    assert!(!tombstones.refuse(&late));
}

/// Sessions, events and recordings that one look removes.
async fn expired(db: &Db, now: Timestamp) -> [u64; 3] {
    let expired = retention::expire(db, now).await.unwrap();
    [expired.sessions, expired.events, expired.recordings]
}

#[tokio::test]
async fn events_and_recordings_can_go_before_their_session() {
    let (db, _folder) = database().await;
    let now = Timestamp::now();
    let ages = [
        ("oldest", Some(30)),
        ("old", Some(20)),
        ("middle", Some(10)),
        ("young", Some(9)),
        ("open", None),
    ];
    let recorded = |session| SessionRecord {
        has_replay: true,
        chunk_count: 1,
        ..session
    };
    store_with(&db, now, &ages, recorded).await;
    let days = |hold| RetentionSettings {
        recordings_days: Some(10),
        events_days: Some(20),
        sessions_days: Some(30),
        hold,
    };
    set_retention(&db, 0, days(true)).await;
    assert_eq!(expired(&db, now).await, [0, 0, 0], "a hold");

    set_retention(&db, 1, days(false)).await;
    assert_eq!(expired(&db, now).await, [1, 1, 1]);
    assert_eq!(expired(&db, now).await, [0, 0, 0]);
    let all = ages.map(|(id, _age)| id);
    assert_eq!(left(&db, &all).await, ["middle", "old", "open", "young"]);
    let acme = OrganizationId::new("acme").unwrap();
    let mut removed = Vec::new();
    for id in ["old", "middle", "young", "open"] {
        let row = crow_db::read::session(&db, &acme, id).await.unwrap();
        let row = row.expect("it stays");
        removed.push((row.removed, row.record.has_replay, row.record.chunk_count));
    }
    let lost = |what: &str| Some(what.to_owned());
    assert_eq!(
        removed,
        [
            (lost("events"), false, 0),
            (lost("recording"), false, 1),
            (None, true, 1),
            (None, true, 1)
        ]
    );
    let listed = erasure::list(&db, &acme, None, 10).await.unwrap();
    let modes: BTreeSet<&str> = listed.iter().map(|one| one.mode.as_str()).collect();
    assert_eq!(modes, BTreeSet::from(["erase", "remove_events"]));
    for one in &listed {
        assert_eq!(
            erasure::remaining(&db, one).await.unwrap(),
            erasure::Remaining::default()
        );
    }
}

#[tokio::test]
async fn withdrawn_consent_erases_unless_there_is_a_hold() {
    let (db, _folder) = database().await;
    let denied = |session: SessionRecord| SessionRecord {
        consent: Some(r#"{"state":"denied"}"#.to_owned()),
        ..session
    };
    let ages = [("denied", None), ("other", None)];
    let change = |session: SessionRecord| match session.id.as_str() {
        "denied" => denied(session),
        _ => session,
    };
    store_with(&db, Timestamp::now(), &ages, change).await;
    set(&db, 0, 30, true).await;
    assert_eq!(withdrawals::erase(&db).await.unwrap(), 0, "a hold");
    set(&db, 1, 30, false).await;
    assert_eq!(withdrawals::erase(&db).await.unwrap(), 1);
    assert_eq!(withdrawals::erase(&db).await.unwrap(), 0);
    assert_eq!(left(&db, &["denied", "other"]).await, ["other"]);
    let organization = OrganizationId::new("acme").unwrap();
    let listed = erasure::list(&db, &organization, None, 10).await.unwrap();
    assert_eq!(listed[0].kind, "consent");
    assert_eq!(listed[0].receipts.len(), stores::Store::ALL.len());
    // Data that is still on its way.
    let tombstones = Tombstones::load(&db, None).await.unwrap();
    let late = crow_db::tombstones::Arriving {
        organization: "acme",
        session: "denied",
        oldest_at: Timestamp::now().0,
        ..Default::default()
    };
    assert!(tombstones.refuse(&late));
}

/// An announcement goes with its session.
#[tokio::test]
async fn only_reports_are_erased_by_their_time() {
    let (db, _folder) = database().await;
    let request = erasure::Request {
        organization: &OrganizationId::new("acme").unwrap(),
        subject: &erasure::Subject::Time { from: 10, to: 20 },
        mode: erasure::Mode::Erase,
        requested_by: &crow_db::audit_log::Actor::system_named("test"),
    };
    erasure::erase(&db, &request).await.unwrap();
    let tombstones = Tombstones::load(&db, None).await.unwrap();
    let is_erased = |rest: &str| {
        let text = format!(r#"{{"organizationId":"acme",{rest}}}"#);
        let named: interactions::Named = serde_json::from_str(&text).unwrap();
        announcements::is_erased(&named, Timestamp(1), &tombstones)
    };
    for report in [
        r#""sourceType":"web","timestamp":10"#,
        r#""sourceType":"cctv","sessionId":"s","batchStartTimestamp":19"#,
    ] {
        assert!(is_erased(report), "{report}");
    }
    for other in [
        r#""sourceType":"web","timestamp":20"#,
        r#""sourceType":"web","timestamp":10,"completionId":"row-0""#,
        r#""sourceType":"erased","timestamp":10,"completionId":"row-erased""#,
    ] {
        assert!(!is_erased(other), "{other}");
    }
}

fn listed(kind: Kind) -> BTreeSet<&'static str> {
    let places = PLACES.iter().filter(|place| place.kind == kind);
    places.map(|place| place.name).collect()
}

/// A new prefix fails this test until the list has it.
#[test]
fn every_prefix_of_objects_is_in_the_list_of_places() {
    assert_eq!(listed(Kind::Objects), keys::PREFIXES.into());
}

/// A new stream fails this test until the list has it.
#[test]
fn every_stream_is_in_the_list_of_places() {
    let names = crow_bus::streams::names(Partition(0));
    let known = names
        .iter()
        .map(|name| match Place::of(Kind::Stream, name) {
            Some(place) => place.name,
            None => name.as_str(),
        });
    assert_eq!(listed(Kind::Stream), known.collect());
}
