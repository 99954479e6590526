//! All services are restarted one after the other, as in a rolling update, while clients send and
//! read. A client that knows two addresses and retries hardly notices, and nothing that was
//! acknowledged is lost.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use crow_testkit::process::Process;
use crow_testkit::wait;
use reqwest::{Client, RequestBuilder};
use serde_json::{Value, json};
use tokio::task::JoinSet;

use crate::client::now_ms;
use crate::system::{Database, ORGANIZATION, Objects, System};

/// A stop in order, on a busy machine.
const STOP: Duration = Duration::from_secs(30);
const READY: Duration = Duration::from_secs(60);
/// For one try. Longer than any answer should take.
const TRY: Duration = Duration::from_secs(5);
const RETRY: Duration = Duration::from_millis(50);
/// The longest that a client may fail. It is two seconds on a machine with nothing else to do.
const FAILS: Duration = Duration::from_secs(10);
/// Clients that send.
const WRITERS: usize = 4;

/// A client that stays with one address as long as it answers, on connections that stay open.
struct Retrying {
    http: Client,
    urls: [String; 2],
    turn: usize,
    failed: usize,
    /// From the first try that failed to the next success.
    longest: Duration,
}

impl Retrying {
    fn new(urls: [String; 2], turn: usize) -> Self {
        Self {
            http: crow_testkit::http::client(),
            urls,
            turn,
            failed: 0,
            longest: Duration::ZERO,
        }
    }

    /// Tries until one address answers with a success.
    async fn succeed(&mut self, request: impl Fn(&Client, &str) -> RequestBuilder) {
        let began = Instant::now();
        let mut has_failed = false;
        loop {
            let url = &self.urls[self.turn % 2];
            let answer = request(&self.http, url).timeout(TRY).send().await;
            if answer.is_ok_and(|answer| answer.status().is_success()) {
                break;
            }
            has_failed = true;
            self.failed += 1;
            self.turn += 1;
            wait::quiet_for(RETRY).await;
        }
        if has_failed {
            self.longest = self.longest.max(began.elapsed());
        }
    }
}

/// What a client did.
struct Done {
    client: Retrying,
    /// The session that it wrote.
    session: Option<String>,
    /// Batches that were acknowledged, or answers that were read.
    count: u64,
}

async fn write(mut client: Retrying, number: usize, key: String, stop: Arc<AtomicBool>) -> Done {
    let mut count = 0;
    while !stop.load(Ordering::Acquire) {
        let batch = batch(number, count);
        let post = |http: &Client, url: &str| {
            let request = http.post(format!("{url}/batch"));
            request.bearer_auth(&key).json(&batch)
        };
        client.succeed(post).await;
        count += 1;
        wait::quiet_for(Duration::from_millis(20)).await;
    }
    let session = Some(session_of(number));
    Done {
        client,
        session,
        count,
    }
}

async fn read(mut client: Retrying, key: String, stop: Arc<AtomicBool>) -> Done {
    let mut count = 0;
    while !stop.load(Ordering::Acquire) {
        let get = |http: &Client, url: &str| {
            let request = http.get(format!("{url}/sessions/{ORGANIZATION}"));
            request.bearer_auth(&key)
        };
        client.succeed(get).await;
        count += 1;
        wait::quiet_for(Duration::from_millis(50)).await;
    }
    Done {
        client,
        session: None,
        count,
    }
}

fn session_of(writer: usize) -> String {
    format!("w{writer}")
}

/// One click.
fn batch(writer: usize, seq: u64) -> Value {
    let now = now_ms();
    let id = format!("w{writer}-{seq}");
    json!({
        "batchId": id, "sessionId": session_of(writer), "windowId": "w", "seq": seq, "sentAt": now,
        "events": [{ "id": id, "type": "click", "timestamp": now, "data": {} }],
    })
}

/// SIGTERM, then the same process again.
async fn restart(process: &mut Process, url: &str) {
    let began = Instant::now();
    let status = process.terminate(STOP).await.unwrap();
    assert!(status.success(), "{status}\n{}", process.log_tail(20));
    let stopped = began.elapsed();
    process.start_again().unwrap();
    wait::http_ready(&format!("{url}/health/ready"), READY).await;
    println!("stopped in {stopped:?}, ready after {:?}", began.elapsed());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_rolling_restart_under_load_loses_nothing_and_clients_hardly_notice() {
    let mut system = System::start(Database::Postgres, Objects::Disk, &[]).await;
    let (mut ingest, ingest_url) = system.another("ingest").await;
    let (mut session, session_url) = system.another("session").await;
    let (mut query, query_url) = system.another("query").await;
    let gateways = [system.ingest_url.clone(), ingest_url.clone()];
    let readers = [system.query_url.clone(), query_url.clone()];
    let stop = Arc::new(AtomicBool::new(false));
    let mut clients = JoinSet::new();
    for writer in 0..WRITERS {
        let client = Retrying::new(gateways.clone(), writer);
        clients.spawn(write(
            client,
            writer,
            system.ingest_key.clone(),
            stop.clone(),
        ));
        let client = Retrying::new(readers.clone(), writer);
        clients.spawn(read(client, system.read_key.clone(), stop.clone()));
    }

    for (process, url) in [
        (&mut system.ingest, &system.ingest_url),
        (&mut ingest, &ingest_url),
        (&mut system.session, &system.session_url),
        (&mut session, &session_url),
        (&mut system.query, &system.query_url),
        (&mut query, &query_url),
    ] {
        restart(process, url).await;
    }
    stop.store(true, Ordering::Release);
    let done = clients.join_all().await;

    let failed: usize = done.iter().map(|one| one.client.failed).sum();
    let longest = done.iter().map(|one| one.client.longest).max().unwrap();
    let count: u64 = done.iter().map(|one| one.count).sum();
    println!("{count} requests, {failed} tries failed, a client failed for {longest:?} at most");
    assert!(longest < FAILS, "a client failed for {longest:?}");
    for one in &done {
        let Some(session) = &one.session else {
            continue;
        };
        let what = format!("all events of {session}\n{}", system.logs());
        let has_all = |found: &Value| found["counts"]["events"] == one.count;
        system.session_when(session, &what, has_all).await;
    }
}
