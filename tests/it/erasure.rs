//! Erasing a person: at once nothing can be read, and after the last receipt nothing is there.
//!
//! The person's data carries a marked text. After the erasure it is looked for in every place where
//! CROW keeps something, see [`crate::search`].

use std::collections::BTreeSet;
use std::time::Duration;

use bytes::Bytes;
use crow_bus::streams::DEAD_LETTERS;
use crow_bus::{Bus, BusConfig, dead_letters};
use crow_proto::events::{Batch, Claim, Context, Event, Message};
use crow_storage::{StorageConfig, Store as ObjectStore, keys};
use crow_testkit::wait;
use crow_types::stores::Store;
use crow_types::{OrganizationId, Partition, PartitionCount, Sequence, SessionId, Timestamp};
use prost::Message as _;
use serde_json::{Value, json};

use crate::client::{VISIBLE, http, now_ms};
use crate::search::{Contents, Keys};
use crate::system::{Database, ORGANIZATION, Objects, System};

mod access;

/// A receipt waits at least 20 s until nothing can be on its way any more.
const COMPLETE: Duration = Duration::from_secs(120);
/// Sessions of several people share a pack until they are archived.
const ARCHIVE_SOON: (&str, &str) = ("CROW_SESSION__ARCHIVE_DELAY_MS", "500");
const USER: &str = "ada-marked-7f3a";
const MARK: &str = "MARKED-7f3a9c";
/// What somebody else wrote.
const OTHER: &str = "other-text";

fn batch(session: &str, seq: u64, user: &str, text: &str) -> Value {
    json!({
        "batchId": format!("{session}-{seq}"), "sessionId": session, "windowId": "w", "seq": seq,
        "sentAt": now_ms(),
        "context": {
            "url": format!("https://shop.example/{text}"), "userId": user,
            "visitorId": format!("visitor-{user}"),
            "traits": { "mail": format!("{text}@example.org") },
        },
        "events": [{
            "id": format!("{session}-{seq}"), "type": "custom", "name": "note",
            "timestamp": now_ms(), "data": { "text": text },
        }],
        "replay": [{ "type": 4, "timestamp": now_ms(), "data": { "href": text } }],
    })
}

impl System {
    async fn send(&self, session: &str, seq: u64, user: &str, text: &str) -> Value {
        let (status, receipt) = self.post("/batch", &batch(session, seq, user, text)).await;
        assert_eq!(status, 202, "{receipt}");
        receipt
    }

    async fn wait_until_stored(&self, session: &str, events: i64) {
        let what = format!("{session} with {events} events");
        wait::eventually(&what, VISIBLE, async || {
            let (_status, found) = self.get(&format!("/{session}")).await;
            (found["counts"]["events"] == events).then_some(())
        })
        .await;
    }

    async fn admin(&self, key: &str, path: &str, body: Option<&Value>) -> (u16, Value) {
        let url = format!("{}/admin/{ORGANIZATION}{path}", self.query_url);
        let request = match body {
            Some(body) => http().post(url).json(body),
            None => http().get(url),
        };
        let answer = request.bearer_auth(key).send().await.unwrap();
        let status = answer.status().as_u16();
        (status, answer.json().await.unwrap_or(Value::Null))
    }

    /// Letters that no keeper could process, with data of the person and of another one: compressed,
    /// plain, and in objects.
    async fn bury(&self) {
        let config = BusConfig {
            url: self.nats.url(),
            ..BusConfig::default()
        };
        let count = PartitionCount::new(4).unwrap();
        let bus = Bus::connect("test", &config, count).await.unwrap();
        let letters = [
            compressed(vec![bad_batch("ada-1", "", MARK)]),
            Message {
                batches: vec![
                    bad_batch("ada-9", USER, MARK),
                    bad_batch("bob-1", "bob", OTHER),
                ],
                ..Message::default()
            },
            self.claimed(vec![bad_batch("ada-1", "", MARK)]).await,
            self.claimed(vec![bad_batch("bob-1", "bob", OTHER)]).await,
            compressed(vec![bad_batch("bob-1", "bob", OTHER)]),
        ];
        for (sequence, letter) in (1..).map(Sequence).zip(letters) {
            let payload = Bytes::from(letter.encode_to_vec());
            wait::eventually("a dead letter", VISIBLE, async || {
                let kept =
                    dead_letters::keep(&bus, Partition(0), sequence, "test", payload.clone());
                kept.await.ok()
            })
            .await;
        }
    }

    /// A message whose content is in an object.
    async fn claimed(&self, batches: Vec<Batch>) -> Message {
        let store = ObjectStore::open(&StorageConfig {
            url: format!("file://{}", self.objects().display()),
            ..StorageConfig::default()
        })
        .unwrap();
        let object = compressed(batches).zstd;
        let (key, size) = (keys::new_inbox(Timestamp::now()), object.len() as u64);
        store.put(&key, object).await.unwrap();
        Message {
            claim: Some(Claim { key, size }),
            ..Message::default()
        }
    }

    /// Lets the keepers of all partitions commit once more: then no pack may still become one with
    /// rows.
    async fn commit_everywhere(&self) {
        let count = PartitionCount::new(4).unwrap();
        let organization = OrganizationId::new(ORGANIZATION).unwrap();
        for partition in count.iter() {
            let is_there = |name: &String| {
                let session = SessionId::new(name.as_str()).unwrap();
                Partition::of(&organization, &session, count) == partition
            };
            let session = (0..).map(|n| format!("later-{n}")).find(is_there).unwrap();
            self.send(&session, 0, "bob", OTHER).await;
            self.wait_until_stored(&session, 1).await;
        }
    }
}

fn bad_batch(session: &str, user: &str, text: &str) -> Batch {
    Batch {
        organization_id: ORGANIZATION.to_owned(),
        session_id: session.to_owned(),
        received_at: now_ms(),
        context: Some(Context {
            user_id: user.to_owned(),
            visitor_id: format!("visitor-{user}"),
            ..Context::default()
        }),
        events: vec![Event {
            timestamp: now_ms(),
            name: text.to_owned(),
            ..Event::default()
        }],
        ..Batch::default()
    }
}

fn compressed(batches: Vec<Batch>) -> Message {
    let message = Message {
        batches,
        ..Message::default()
    };
    Message {
        zstd: zstd::encode_all(&*message.encode_to_vec(), 1)
            .unwrap()
            .into(),
        ..Message::default()
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_person_is_erased_everywhere_on_sqlite() {
    let settings = [ARCHIVE_SOON];
    let system = System::start(Database::Sqlite, Objects::Disk, &settings).await;
    erase_a_person(system).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_person_is_erased_everywhere_on_postgres_without_sealing() {
    // Two sessions of different people share a plain pack, until it is archived.
    let settings = [("CROW_STORAGE__SEAL", "off"), ARCHIVE_SOON];
    let system = System::start(Database::Postgres, Objects::Disk, &settings).await;
    erase_a_person(system).await;
}

/// The sessions stay with their counts, and everything that the person was or wrote is gone.
#[tokio::test(flavor = "multi_thread")]
async fn an_anonymized_person_is_still_counted() {
    let system = System::start(Database::Sqlite, Objects::Disk, &[]).await;
    let admin = system.create_key(ORGANIZATION, "admin");
    let hers = |seq: u64| {
        let mut hers = batch("ada-1", seq, USER, MARK);
        hers["context"]["url"] = json!(format!("https://shop.example/cart?mail={MARK}"));
        hers
    };
    assert_eq!(system.post("/batch", &hers(0)).await.0, 202);
    system.send("bob-1", 0, "bob", OTHER).await;
    system.wait_until_stored("ada-1", 1).await;
    system.wait_until_stored("bob-1", 1).await;
    // What the keeper has not stored yet.
    assert_eq!(system.post("/batch", &hers(1)).await.0, 202);

    let who = json!({ "userId": USER, "mode": "anonymize" });
    let (status, erasure) = system.admin(&admin, "/erasures", Some(&who)).await;
    assert_eq!(
        (status, &erasure["mode"]),
        (201, &json!("anonymize")),
        "{erasure}"
    );
    assert_eq!(erasure["sessions"], 1, "{erasure}");
    assert_eq!(
        system.get("/ada-1").await.0,
        404,
        "the browser's session id is gone"
    );
    let (_status, list) = system.get("").await;
    let sessions = list["sessions"].as_array().unwrap();
    let hers = sessions
        .iter()
        .find(|it| it["removed"] == "identity")
        .unwrap();
    assert_eq!(hers["userId"], Value::Null);
    assert_eq!(hers["initialUrl"], "https://shop.example/cart");
    assert_eq!(
        (&hers["status"], &hers["endReason"]),
        (&json!("closed"), &json!("erased"))
    );
    assert!(hers["counts"]["events"].as_i64().unwrap() >= 1, "{hers}");
    let row = hers["id"].as_str().unwrap();
    let (status, events) = system.get(&format!("/{row}/events")).await;
    assert_eq!((status, &events["events"]), (200, &json!([])));
    assert_eq!(system.get("/bob-1/replay").await.0, 200);
    wait::eventually("the gateway to refuse", VISIBLE, async || {
        let (_status, receipt) = system.post("/batch", &batch("ada-1", 2, USER, MARK)).await;
        (receipt["notStored"] == "erased").then_some(())
    })
    .await;

    let path = format!("/erasures/{}", erasure["id"].as_str().unwrap());
    wait::eventually("the receipts", COMPLETE, async || {
        let (_status, erasure) = system.admin(&admin, &path, None).await;
        (!erasure["completedAt"].is_null()).then_some(())
    })
    .await;
    let after = Contents::readable(&system).await;
    for text in [MARK, USER] {
        assert_eq!(after.with(text), BTreeSet::new());
    }
    let (_status, list) = system.get("").await;
    assert_eq!(list["sessions"].as_array().unwrap().len(), 2, "{list:#}");
}

async fn erase_a_person(system: System) {
    let admin = system.create_key(ORGANIZATION, "admin");
    system.send("ada-1", 0, USER, MARK).await;
    system.send("bob-1", 0, "bob", OTHER).await;
    system.wait_until_stored("ada-1", 1).await;
    system.wait_until_stored("bob-1", 1).await;
    system.send("ada-2", 0, USER, MARK).await;
    system.wait_until_stored("ada-2", 1).await;
    let end = json!({ "sessionId": "bob-1" });
    assert_eq!(system.post("/session/end", &end).await.0, 202);
    system.bury().await;
    let keys = system.keys().await;
    let before = Contents::of(&system, &keys).await;
    let everywhere = [
        Store::Rows,
        Store::Objects,
        Store::EventStreams,
        Store::DeadLetters,
    ];
    assert!(before.stores_with(MARK).is_superset(&everywhere.into()));
    let marked = before.with(MARK);
    for letter in 1..=2 {
        let name = format!("{DEAD_LETTERS} {letter}");
        assert!(marked.contains(&*name), "{name} is not read: {marked:?}");
    }
    let is_claimed = |name: &&str| name.starts_with("inbox/");
    assert!(marked.iter().any(is_claimed), "{marked:?}");

    access::check(&system, &admin).await;

    let who = json!({ "userId": USER });
    let (status, preview) = system.admin(&admin, "/erasures/preview", Some(&who)).await;
    assert_eq!(
        (status, &preview["sessions"]),
        (200, &json!(2)),
        "{preview}"
    );
    // What the keeper has not stored yet.
    system.send("ada-1", 1, USER, MARK).await;

    let (status, erasure) = system.admin(&admin, "/erasures", Some(&who)).await;
    assert_eq!(status, 201, "{erasure}");
    assert_eq!(erasure["sessions"], 2, "{erasure}");
    for session in ["ada-1", "ada-2"] {
        for path in ["", "/events", "/replay"] {
            let (status, answer) = system.get(&format!("/{session}{path}")).await;
            assert_eq!(status, 404, "{session}{path}: {answer}");
        }
    }
    assert_eq!(system.get("/bob-1/replay").await.0, 200);

    // A phone that was offline. The gateway knows within moments, and the keeper anyway.
    wait::eventually("the gateway to refuse", VISIBLE, async || {
        let receipt = system.send("ada-1", 2, USER, MARK).await;
        let is_refused = receipt["notStored"] == "erased";
        assert!(!is_refused || receipt["sessionEnded"] == true, "{receipt}");
        is_refused.then_some(())
    })
    .await;
    // She comes back, in another session.
    system.send("ada-3", 0, USER, "fresh-text").await;
    system.wait_until_stored("ada-3", 1).await;

    let path = format!("/erasures/{}", erasure["id"].as_str().unwrap());
    let complete = wait::until("the receipts", COMPLETE, async || {
        let (_status, erasure) = system.admin(&admin, &path, None).await;
        (!erasure["completedAt"].is_null()).then_some(erasure)
    })
    .await;
    let (_status, last) = system.admin(&admin, &path, None).await;
    let complete = complete.unwrap_or_else(|_in_vain| panic!("{last:#}\n{}", system.logs()));
    let letters = complete["receipts"].as_array().unwrap().iter();
    let letters = letters
        .clone()
        .find(|receipt| receipt["store"] == "dead_letters")
        .unwrap();
    assert_eq!(
        (&letters["found"], &letters["removed"]),
        (&json!(3), &json!(3))
    );
    assert_eq!(system.get("/ada-1").await.0, 404, "it came back");
    assert_eq!(system.get("/ada-3").await.0, 200);
    assert_eq!(system.get("/bob-1").await.0, 200);
    let kept = system.crow(&["dlq", "list"]);
    assert_eq!(
        kept.matches("test").count(),
        3,
        "bob's batches stay: {kept}"
    );

    let after = Contents::readable(&system).await;
    let is_orphan = |name: &&str| {
        // A keeper could not commit it. Only the sweeper finds it.
        name.starts_with("packs/") && !after.with(name).contains("table erased_objects")
    };
    let mut left = after.with(MARK);
    left.retain(|name| !is_orphan(name));
    assert_eq!(left, BTreeSet::new());
    // The search finds what is there, in each store but that of keys.
    let others: Vec<_> = Store::ALL
        .into_iter()
        .filter(|it| *it != Store::Keys)
        .collect();
    assert_eq!(after.stores_with(OTHER), others.into_iter().collect());
    check_that_objects_go(&system, &keys).await;
}

/// With the keys of before the erasure, sealed objects show the text until they are swept.
async fn check_that_objects_go(system: &System, keys: &Keys) {
    if !keys.is_empty() {
        let sealed = Contents::of(system, keys).await;
        assert_eq!(sealed.stores_with(MARK), [Store::Objects].into());
    }
    system.commit_everywhere().await;
    let left = wait::until("the objects to go", VISIBLE, async || {
        system.crow(&["sweep", "--keep", "0", "--margin", "0"]);
        let left = Contents::of(system, keys).await;
        left.with(MARK).is_empty().then_some(())
    })
    .await;
    if left.is_err() {
        let left = Contents::of(system, keys).await;
        panic!("{MARK} is still in {:#?}", left.with(MARK));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_withdrawn_consent_erases_what_is_stored_although_keepers_die() {
    let mut system = System::start(Database::Sqlite, Objects::Disk, &[]).await;
    let admin = system.create_key(ORGANIZATION, "admin");
    system.send("s", 0, USER, MARK).await;
    system.send("t", 0, "bob", OTHER).await;
    system.wait_until_stored("s", 1).await;
    system.wait_until_stored("t", 1).await;
    let (_status, other) = system.get("/t").await;
    // The row id of somebody else is no session of the visitor.
    for session in ["s", other["id"].as_str().unwrap()] {
        let mut denied = batch(session, 1, USER, MARK);
        denied["context"]["consent"] = json!({ "state": "denied", "version": "2" });
        let (status, receipt) = system.post("/batch", &denied).await;
        assert_eq!(
            (status, &receipt["notStored"]),
            (202, &json!("consent_denied"))
        );
    }
    // Acknowledged, and in no flush.
    system.session.kill().unwrap();
    system.session.start_again().unwrap();
    system.wait_until_ready().await;
    wait::eventually("the session to be erased", COMPLETE, async || {
        (system.get("/s").await.0 == 404).then_some(())
    })
    .await;
    let (_status, listed) = system.admin(&admin, "/erasures", None).await;
    let erasure = &listed["erasures"][0];
    assert_eq!(
        (
            &erasure["kind"],
            &erasure["requestedBy"],
            &erasure["sessions"]
        ),
        (&json!("consent"), &json!("visitor"), &json!(1)),
        "{listed}"
    );
    assert_eq!(system.get("/t").await.0, 200);
    wait::eventually("the gateway to refuse", VISIBLE, async || {
        let receipt = system.send("s", 2, USER, MARK).await;
        (receipt["notStored"] == "erased").then_some(())
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_erasure_survives_the_death_of_keepers_and_needs_the_right_key() {
    let mut system = System::start(Database::Sqlite, Objects::Disk, &[]).await;
    let admin = system.create_key(ORGANIZATION, "admin");
    let who = json!({ "sessions": ["s"] });
    for key in [&system.read_key, &system.ingest_key] {
        let (status, answer) = system.admin(key, "/erasures", Some(&who)).await;
        assert_eq!(status, 403, "{answer}");
    }
    let (status, answer) = system.admin(&admin, "/erasures", Some(&json!({}))).await;
    assert_eq!(status, 400, "{answer}");

    system.send("s", 0, USER, MARK).await;
    system.wait_until_stored("s", 1).await;
    // Acknowledged, and in no flush.
    system.session.kill().unwrap();
    system.send("s", 1, USER, MARK).await;
    let before = Contents::readable(&system).await;
    let stores = before.stores_with(MARK);
    assert!(stores.contains(&Store::EventStreams), "{stores:?}");
    let (status, erasure) = system.admin(&admin, "/erasures", Some(&who)).await;
    assert_eq!(status, 201, "{erasure}");
    system.session.start_again().unwrap();
    system.wait_until_ready().await;
    system.send("t", 0, "bob", OTHER).await;
    system.wait_until_stored("t", 1).await;
    let path = format!("/erasures/{}", erasure["id"].as_str().unwrap());
    wait::eventually("the receipts", COMPLETE, async || {
        let (_status, erasure) = system.admin(&admin, &path, None).await;
        (!erasure["completedAt"].is_null()).then_some(())
    })
    .await;
    assert_eq!(system.get("/s").await.0, 404, "the keeper brought it back");
    let after = Contents::readable(&system).await;
    assert_eq!(after.with(MARK), BTreeSet::new());
}
