//! Backup under load, restore after everything is gone, and what the other disasters leave.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::process::Command;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use crow_testkit::{keys, postgres, s3, wait};
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::task::JoinSet;

use crate::client::{VISIBLE, http, now_ms};
use crate::commands::{kill_at, run, succeed, text};
use crate::main_path::announcements;
use crate::single::{Addresses, Single};
use crate::system::{Blank, DATABASE_URL, Database, Keys, ORGANIZATION, Objects, System};

mod apart;

const CLIENTS: usize = 4;
/// Events, and as many replay events, of a batch.
const EVENTS: u64 = 3;
/// Packs are replaced by archives while the backup copies them.
const ARCHIVE_SOON: (&str, &str) = ("CROW_SESSION__ARCHIVE_DELAY_MS", "200");
/// The master key, which is in no backup.
const KEPT_KEY: (&str, &str) = ("CROW_KEYRING__MASTER_KEY", keys::MASTER_KEY);

/// How the installation is called.
#[derive(Debug, Clone)]
struct Api {
    ingest_url: String,
    query_url: String,
    keys: Keys,
}

impl Api {
    fn of(system: &System) -> Self {
        Self {
            ingest_url: system.ingest_url.clone(),
            query_url: system.query_url.clone(),
            keys: (system.ingest_key.clone(), system.read_key.clone()),
        }
    }

    fn of_single(single: Addresses) -> Self {
        Self {
            ingest_url: single.ingest,
            query_url: single.query,
            keys: single.keys,
        }
    }

    /// Tries until the gateway says that it is durable.
    async fn send(&self, path: &str, body: &Value) {
        loop {
            let request = http().post(format!("{}{path}", self.ingest_url));
            let answer = request.bearer_auth(&self.keys.0).json(body).send().await;
            match answer {
                Ok(answer) if answer.status() == 202 => return,
                Ok(answer) if answer.status().is_client_error() => {
                    panic!("refused: {}", answer.text().await.unwrap_or_default())
                }
                Ok(_) | Err(_) => wait::quiet_for(Duration::from_millis(100)).await,
            }
        }
    }

    async fn get(&self, path: &str) -> (u16, Value) {
        let url = format!("{}/sessions/{ORGANIZATION}{path}", self.query_url);
        let answer = http()
            .get(url)
            .bearer_auth(&self.keys.1)
            .send()
            .await
            .unwrap();
        (
            answer.status().as_u16(),
            answer.json().await.unwrap_or_default(),
        )
    }

    /// The batches whose events are there; each event once.
    async fn events(&self, session: &str) -> BTreeSet<u64> {
        let (status, found) = self.get(&format!("/{session}/events?limit=1000")).await;
        assert_eq!(status, 200, "{found}");
        let found = found["events"].as_array().unwrap();
        whole(found.iter().map(|event| &event["data"]))
    }

    /// The batches that play; each replay event once.
    async fn played(&self, session: &str) -> BTreeSet<u64> {
        let (status, found) = self.get(&format!("/{session}/replay?format=rrweb")).await;
        assert_eq!(status, 200, "{session}: {found}");
        whole(found.as_array().unwrap().iter().map(|event| &event["data"]))
    }

    /// Waits until the batches of a session are stored.
    async fn stored(&self, session: &str, batches: u64) {
        let what = format!("{batches} batches of {session}");
        wait::eventually(&what, VISIBLE, async || {
            let (status, found) = self.get(&format!("/{session}")).await;
            (status == 200 && found["counts"]["events"] == batches * EVENTS).then_some(())
        })
        .await;
    }

    async fn closed(&self, session: &str) -> Value {
        wait::eventually("the end of the session", VISIBLE, async || {
            let (status, found) = self.get(&format!("/{session}")).await;
            (status == 200 && found["status"] == "closed").then_some(found)
        })
        .await
    }
}

/// The numbers of batches, each of which has all its events once.
fn whole<'a>(found: impl Iterator<Item = &'a Value>) -> BTreeSet<u64> {
    let mut counts: BTreeMap<u64, BTreeSet<u64>> = BTreeMap::new();
    for data in found {
        let (seq, n) = (data["seq"].as_u64().unwrap(), data["n"].as_u64().unwrap());
        assert!(
            counts.entry(seq).or_default().insert(n),
            "{seq}-{n} is there twice"
        );
    }
    for (seq, events) in &counts {
        assert_eq!(events.len() as u64, EVENTS, "batch {seq} is there in part");
    }
    counts.into_keys().collect()
}

fn batch(session: &str, seq: u64) -> Value {
    let now = now_ms();
    let events: Vec<Value> = (0..EVENTS)
        .map(|n| {
            let id = format!("{session}-{seq}-{n}");
            json!({ "id": id, "type": "click", "timestamp": now, "data": { "seq": seq, "n": n } })
        })
        .collect();
    let replay: Vec<Value> = (0..EVENTS)
        .map(
            |n| json!({ "type": 3, "timestamp": now, "data": { "source": 2, "seq": seq, "n": n } }),
        )
        .collect();
    json!({
        "batchId": format!("{session}-{seq}"), "sessionId": session, "windowId": "w", "seq": seq,
        "sentAt": now, "events": events, "replay": replay,
    })
}

/// A session that is over.
async fn visit(api: &Api, session: &str, batches: u64) {
    for seq in 0..batches {
        api.send("/batch", &batch(session, seq)).await;
    }
    let end = json!({ "sessionId": session, "windowId": "w", "seq": batches });
    api.send("/session/end", &end).await;
}

/// Sessions with the number of their batches that were acknowledged.
type Acknowledged = BTreeMap<String, u64>;

/// Clients that send one batch after the other.
struct Load {
    acknowledged: Arc<Mutex<Acknowledged>>,
    stop: Arc<AtomicBool>,
    clients: JoinSet<()>,
}

impl Load {
    fn start(api: &Api) -> Self {
        let mut load = Self {
            acknowledged: Arc::default(),
            stop: Arc::default(),
            clients: JoinSet::new(),
        };
        for client in 0..CLIENTS {
            let sending = send(
                api.clone(),
                client,
                load.acknowledged.clone(),
                load.stop.clone(),
            );
            load.clients.spawn(sending);
        }
        load
    }

    fn acknowledged(&self) -> Acknowledged {
        self.acknowledged.lock().unwrap().clone()
    }

    async fn until(&self, batches: u64) {
        wait::eventually("the load", VISIBLE, async || {
            let sent: u64 = self.acknowledged().values().sum();
            (sent >= batches).then_some(())
        })
        .await;
    }

    async fn stop(self) {
        self.stop.store(true, Ordering::Release);
        self.clients.join_all().await;
    }
}

/// Sessions of ten batches, one after the other.
async fn send(api: Api, client: usize, all: Arc<Mutex<Acknowledged>>, stop: Arc<AtomicBool>) {
    for visit in 0_u64.. {
        let session = format!("c{client}-{visit}");
        for seq in 0..10 {
            if stop.load(Ordering::Acquire) {
                return;
            }
            api.send("/batch", &batch(&session, seq)).await;
            all.lock().unwrap().insert(session.clone(), seq + 1);
        }
        api.send(
            "/session/end",
            &json!({ "sessionId": session, "windowId": "w", "seq": 10 }),
        )
        .await;
    }
}

/// What was acknowledged is there once: in the list, in the events and in the replay.
async fn check(api: &Api, acknowledged: &Acknowledged) {
    let mut listed = Vec::new();
    let mut cursor = String::new();
    loop {
        let (status, page) = api.get(&format!("?limit=50{cursor}")).await;
        assert_eq!(status, 200, "{page}");
        for session in page["sessions"].as_array().unwrap() {
            listed.push(session["sessionId"].as_str().unwrap().to_owned());
        }
        let Some(next) = page["nextCursor"].as_str() else {
            break;
        };
        cursor = format!("&cursor={next}");
    }
    for (session, batches) in acknowledged {
        let times = listed.iter().filter(|one| *one == session).count();
        assert_eq!(times, 1, "{session} in the list");
        let events = api.events(session).await;
        let expected: BTreeSet<u64> = (0..*batches).collect();
        assert!(
            events.is_superset(&expected),
            "{session}: {events:?} of {batches}"
        );
        assert_eq!(api.played(session).await, events, "{session}");
    }
}

/// Restores into what is empty: killed while it copies objects, killed while it loads rows, and
/// then to the end.
fn restore(command: impl Fn() -> Command) {
    kill_at(command(), "copying");
    kill_at(command(), "rows of events");
    println!("{}", succeed(command()));
    let again = succeed(command());
    assert!(again.contains("restored here already"), "{again}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_backup_under_load_brings_everything_back_on_postgres_and_s3() {
    let place = s3::bucket().await;
    let settings = [
        ARCHIVE_SOON,
        ("CROW_BACKUP__ENDPOINT", &place.endpoint),
        ("CROW_BACKUP__REGION", &place.region),
        ("CROW_BACKUP__ACCESS_KEY_ID", &place.access_key_id),
        ("CROW_BACKUP__SECRET_ACCESS_KEY", &place.secret_access_key),
        ("CROW_BACKUP__ALLOW_HTTP", "true"),
    ];
    let place = format!("s3://{}/crow", place.bucket);
    let system = System::start(Database::Postgres, Objects::S3, &settings).await;
    let api = Api::of(&system);
    visit(&api, "over", 3).await;
    let over = api.closed("over").await;

    let load = Load::start(&api);
    load.until(60).await;
    let first = system.crow(&["backup", "--to", &place]);
    load.until(120).await;
    let before = load.acknowledged();
    let second = tokio::task::block_in_place(|| system.crow(&["backup", "--to", &place]));
    println!("{first}{second}");
    load.stop().await;
    drop(system);

    let blank = Blank::new(Database::Postgres, Objects::S3, &settings).await;
    restore(|| blank.command(&["restore", "--from", &place]));
    let system = blank.start(Some(api.keys.clone())).await;
    let api = Api::of(&system);
    check(&api, &before).await;
    assert_eq!(api.events("over").await.len(), 3);
    // Nobody had taken it from the queue that is lost.
    let announced = announcements(&system, 1).await;
    let id = format!("{}-0", over["id"].as_str().unwrap());
    assert!(
        announced
            .iter()
            .any(|message| message["completionId"] == *id)
    );
    // It goes on where it stopped.
    api.send("/batch", &batch("after", 0)).await;
    api.stored("after", 1).await;
    let deep = system.crow(&["doctor", "--deep"]);
    assert!(
        deep.contains("everything that is stored can be read"),
        "{deep}"
    );

    let refused = system.run_crow(&["restore", "--from", &place, "--backup", &first_id(&first)]);
    assert!(!refused.status.success());
    assert!(
        text(&refused).contains("`sessions` has rows"),
        "{}",
        text(&refused)
    );
}

/// The name in what `crow backup` prints.
fn first_id(said: &str) -> String {
    let said = said.strip_prefix("backup ").unwrap();
    said.split(": ").next().unwrap().to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_backup_under_load_brings_everything_back_on_sqlite_and_disk() {
    let backups = TempDir::new().unwrap();
    let place = backups.path().join("crow");
    let place = place.to_str().unwrap();
    let mut single = Single::new(&[ARCHIVE_SOON, KEPT_KEY]);
    let api = Api::of_single(single.start(None).await);
    let load = Load::start(&api);
    load.until(60).await;
    let before = load.acknowledged();
    println!("{}", succeed(single.command(&["backup", "--to", place])));
    load.until(120).await;
    // An older backup goes, and what only it had.
    let said = succeed(single.command(&["backup", "--to", place, "--keep", "1"]));
    assert!(said.contains("removed 1 older backups"), "{said}");
    load.stop().await;
    let running = run(single.command(&["restore", "--from", place]));
    assert!(!running.status.success(), "{}", text(&running));
    drop(single);
    check_closed_to_others(Path::new(place));

    let mut single = Single::new(&[ARCHIVE_SOON, KEPT_KEY]);
    restore(|| single.command(&["restore", "--from", place]));
    let api = Api::of_single(single.start(Some(api.keys)).await);
    check(&api, &before).await;
    api.send("/batch", &batch("after", 0)).await;
    api.stored("after", 1).await;
    let deep = succeed(single.command(&["doctor", "--deep"]));
    assert!(
        deep.contains("everything that is stored can be read"),
        "{deep}"
    );
}

/// A backup holds recordings and hashes of keys.
fn check_closed_to_others(folder: &Path) {
    use std::os::unix::fs::PermissionsExt;
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            let mode = path.metadata().unwrap().permissions().mode() & 0o777;
            if path.is_dir() {
                assert_eq!(mode, 0o700, "{}", path.display());
                folders.push(path);
            } else {
                assert_eq!(mode, 0o600, "{}", path.display());
            }
        }
    }
}

/// The store of NATS is gone: streams are made again, keepers go on, and what was acknowledged but
/// not stored is lost. The session shows it as a gap.
#[tokio::test(flavor = "multi_thread")]
async fn a_lost_nats_store_costs_what_was_not_stored_yet() {
    let mut system = System::start(Database::Sqlite, Objects::Disk, &[]).await;
    let api = Api::of(&system);
    api.send("/batch", &batch("visit", 0)).await;
    api.stored("visit", 1).await;
    system.session.kill().unwrap();
    api.send("/batch", &batch("visit", 1)).await;

    // The backup says why it waits, and what to do.
    let arguments = ["backup", "--to", "backups", "--deadline", "1"];
    let refused = text(&system.run_crow(&arguments));
    assert!(
        refused.contains("did not store 1 messages within 1 s"),
        "{refused}"
    );
    assert!(refused.contains("--stored-only"), "{refused}");

    system.nats.kill().unwrap();
    system.nats.wipe().unwrap();
    let stored = system.crow(&["backup", "--to", "backups", "--stored-only"]);
    assert!(stored.starts_with("backup "), "{stored}");
    system.nats.start_again().await.unwrap();
    system.session.start_again().unwrap();
    system.wait_until_ready().await;
    api.send("/batch", &batch("visit", 2)).await;
    api.stored("visit", 2).await;
    assert_eq!(api.events("visit").await, [0, 2].into());
    let (_status, found) = api.get("/visit").await;
    assert_ne!(found["gaps"], json!([]), "{found}");
}

/// The bucket is gone, then the database: what the product shows, and the way back.
#[tokio::test(flavor = "multi_thread")]
async fn a_lost_bucket_and_a_lost_database_come_back_from_the_backup() {
    let settings = [ARCHIVE_SOON];
    let system = System::start(Database::Postgres, Objects::Disk, &settings).await;
    let api = Api::of(&system);
    visit(&api, "old", 3).await;
    system.wait_until_archived(1).await;
    api.send("/batch", &batch("open", 0)).await;
    system.crow(&["backup", "--to", "backups"]);

    std::fs::remove_dir_all(system.objects()).unwrap();
    assert_eq!(api.get("/old").await.0, 200, "its row is there");
    let (status, answer) = api.get("/old/events").await;
    assert!(status >= 400, "{status}: {answer}");
    let (status, answer) = api.get("/old/replay?format=rrweb").await;
    assert!(status >= 400, "{status}: {answer}");
    let deep = text(&system.run_crow(&["doctor", "--deep"]));
    assert!(deep.contains("session old of acme"), "{deep}");
    system.crow(&["restore", "--from", "backups", "--objects-only"]);
    assert_eq!(api.played("old").await.len(), 3);
    assert_eq!(api.events("old").await.len(), 3);

    // Stored after the backup: rows that a restored database does not have.
    visit(&api, "new", 3).await;
    system.wait_until_archived(2).await;
    let (mut blank, keys) = system.into_blank();
    blank.set(DATABASE_URL, &postgres::database().await);
    succeed(blank.command(&["restore", "--from", "backups"]));
    let system = blank.start(Some(keys)).await;
    assert_eq!(api.events("old").await.len(), 3);
    assert_eq!(api.played("open").await, [0].into());
    assert_eq!(api.get("/new").await.0, 404, "its messages were purged");
    let sweep = |more: &[&str]| {
        let arguments = [&["sweep", "--keep", "0", "--margin", "0"], more].concat();
        system.crow(&arguments)
    };
    // Nothing that may be needed is removed before people had time to look.
    let said = sweep(&[]);
    assert!(
        said.contains("removed 0 replaced objects, 0 orphans"),
        "{said}"
    );
    assert!(said.contains("because of `restore of "), "{said}");
    // The sweeper removes packs of partitions that were committed later.
    for seq in 0..4 {
        visit(&api, &format!("later-{seq}"), 1).await;
    }
    assert!(sweep(&["--ignore-holds"]).contains("orphans"));
    let deep = system.crow(&["doctor", "--deep"]);
    assert!(
        deep.contains("everything that is stored can be read"),
        "{deep}"
    );
}
