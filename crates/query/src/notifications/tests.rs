//! A real queue, and processes that die.

use crow_bus::{BusConfig, dead_letters, streams};
use crow_db::DatabaseConfig;
use crow_db::api_keys::ApiKeyRow;
use crow_db::audit_log::Actor;
use crow_db::notifications::NotificationRow;
use crow_db::users::{self, UserRow};
use crow_testkit::nats::{NatsOptions, NatsServer};
use crow_testkit::wait::eventually;
use crow_types::notification::{Audience, News};
use crow_types::{OrganizationId, PartitionCount};

use super::*;

const DEADLINE: Duration = Duration::from_secs(30);
const DAY_MS: i64 = 86_400_000;

pub(super) fn key_row() -> ApiKeyRow {
    ApiKeyRow {
        id: "key_1".to_owned(),
        organization_id: "acme".to_owned(),
        name: "test".to_owned(),
        key_hash: "hash".to_owned(),
        prefix: "crow_1".to_owned(),
        scopes: "read".to_owned(),
        allowed_origins: None,
        created_at: 0,
        revoked_at: None,
        expires_at: None,
        last_used_at: None,
        requests_per_second: None,
        rotated_at: None,
    }
}

/// A database with an admin of two organizations each.
async fn database() -> (Db, tempfile::TempDir) {
    let folder = tempfile::tempdir().unwrap();
    let url = format!("sqlite://{}/crow.db", folder.path().display());
    let config = DatabaseConfig {
        url: url.into(),
        ..DatabaseConfig::default()
    };
    let db = Db::connect(&config).await.unwrap();
    for organization in ["acme", "rival"] {
        let row = UserRow {
            id: format!("usr_{organization}"),
            organization_id: organization.to_owned(),
            email: format!("admin@{organization}.example"),
            name: "Ann".to_owned(),
            role: "admin".to_owned(),
            password_hash: String::new(),
            created_at: 1,
            disabled_at: None,
        };
        assert!(users::insert(&db, &Actor::system(), row).await.unwrap());
    }
    (db, folder)
}

async fn all_of(db: &Db, organization: &str) -> Vec<NotificationRow> {
    let user = format!("usr_{organization}");
    let organization = OrganizationId::new(organization).unwrap();
    let rows = notifications::list(db, &organization, &user, None, 100).await;
    rows.unwrap()
}

fn erased(erasure: &str) -> Notification {
    let news = News::ErasureComplete {
        erasure,
        mode: "erase",
    };
    Notification::new("acme", Audience::Admins, &news, Timestamp::now())
}

/// The bus as a service sees it, with the permissions of a cluster.
async fn bus_of(nats: &NatsServer, user: &str) -> Bus {
    let config = BusConfig {
        url: nats.url_of(user),
        partition_max_bytes: 64 << 20,
        // What a dead one has not settled is delivered again soon.
        completion_retry_ms: 1_000,
        ..BusConfig::default()
    };
    let one = PartitionCount::new(1).unwrap();
    let bus = Bus::connect(user, &config, one).await.unwrap();
    eventually("the connection", DEADLINE, async || {
        bus.is_connected().then_some(())
    })
    .await;
    bus
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_delivered_again_after_a_crash_is_one_notification() {
    let users = crow_testkit::paths::workspace_root().join("deploy/nats-users.conf");
    let options = NatsOptions {
        users: Some(users),
        ..NatsOptions::default()
    };
    let nats = NatsServer::start(options).await.unwrap();
    let (keeper, own) = (
        bus_of(&nats, "crow-session").await,
        bus_of(&nats, "crow-query").await,
    );
    eventually("the streams", DEADLINE, async || {
        streams::ensure_with_notifications(&keeper).await.ok()
    })
    .await;
    let (db, _folder) = database().await;

    // The process dies between the rows and the acknowledgement.
    queue::publish(&keeper, &erased("e1")).await.unwrap();
    let before = queue::open(&own).await.unwrap();
    let batch = before.batch(1, WAIT).await.unwrap();
    let mut batch = Box::pin(batch);
    let delivery = batch.next().await.unwrap().unwrap();
    let told = Notification::read(delivery.payload()).unwrap();
    assert_eq!(notifications::add(&db, &told).await.unwrap(), 1);
    drop((delivery, batch));

    for number in 2..20 {
        let told = erased(&format!("e{number}"));
        queue::publish(&keeper, &told).await.unwrap();
    }
    let unreadable = Notification {
        kind: String::new(),
        ..erased("bad")
    };
    queue::publish(&keeper, &unreadable).await.unwrap();
    // Others die at an arbitrary moment, and the last one goes on.
    for _life in 0..3 {
        let _died = tokio::time::timeout(Duration::from_millis(20), read(&db, &own)).await;
    }
    let shutdown = Shutdown::new();
    let taking = tokio::spawn(take(db.clone(), own.clone(), shutdown.clone()));
    eventually("one notification of each erasure", DEADLINE, async || {
        (all_of(&db, "acme").await.len() == 19).then_some(())
    })
    .await;
    eventually("a dead letter", DEADLINE, async || {
        let letters = dead_letters::list(&own, 10).await.ok()?;
        (letters.len() == 1 && letters[0].subject == queue::SUBJECT).then_some(())
    })
    .await;
    eventually("an empty queue", DEADLINE, async || {
        (queue::waiting(&keeper).await.ok()? == 0).then_some(())
    })
    .await;
    assert_eq!(all_of(&db, "acme").await.len(), 19);
    assert!(all_of(&db, "rival").await.is_empty());
    shutdown.start();
    taking.await.unwrap().unwrap();
}

#[tokio::test]
async fn admins_are_reminded_of_their_keys_once() {
    let (db, _folder) = database().await;
    let now = Timestamp::now();
    let made = now.plus(-30 * DAY_MS).0;
    let by = Actor::system();
    for (id, organization, ends) in [
        ("soon", "acme", Some(5)),
        ("later", "acme", Some(8)),
        ("never", "acme", None),
        ("revoked", "acme", Some(5)),
        ("over", "rival", Some(-2)),
    ] {
        let row = ApiKeyRow {
            id: id.to_owned(),
            organization_id: organization.to_owned(),
            key_hash: id.to_owned(),
            created_at: made,
            expires_at: ends.map(|days: i64| now.plus(days * DAY_MS).0),
            ..key_row()
        };
        api_keys::insert(&db, &by, row).await.unwrap();
    }
    api_keys::revoke(&db, &by, "revoked", now).await.unwrap();
    for _round in 0..2 {
        remind_once(&db, now, &mut BTreeSet::new()).await.unwrap();
        let [of_acme, of_rival] = [all_of(&db, "acme").await, all_of(&db, "rival").await];
        let told = |rows: &[NotificationRow]| -> Vec<(String, bool)> {
            let rows = rows.iter();
            let told = rows.map(|row| (row.kind.clone(), row.fields.contains("\"soon\"")));
            told.collect()
        };
        assert_eq!(told(&of_acme), [("key_expires".to_owned(), true)]);
        assert_eq!(told(&of_rival), [("key_expired".to_owned(), false)]);
    }
    // A day before the end, they are reminded again.
    remind_once(&db, now.plus(4 * DAY_MS), &mut BTreeSet::new())
        .await
        .unwrap();
    assert_eq!(all_of(&db, "acme").await.len(), 3, "of `later`, too");
}
