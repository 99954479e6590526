//! SIGTERM while something outside does not answer: every service stops in order within its grace
//! period, and what was acknowledged is stored later.

use std::process::ExitStatus;
use std::time::{Duration, Instant};

use crow_testkit::gate::{Gate, Mode};
use crow_testkit::process::Process;
use crow_testkit::{postgres, s3, wait};
use futures::future::join_all;
use serde_json::{Value, json};

use crate::client::now_ms;
use crate::system::{Database, Objects, System};

/// After this, an orchestrator kills.
const GRACE: Duration = Duration::from_secs(30);

/// An installation whose database and object store can be silenced.
struct Outage {
    system: System,
    interaction: Process,
    database: Gate,
    objects: Gate,
}

impl Outage {
    async fn start() -> Self {
        let (database, url) = Gate::before_url(&postgres::database().await).await;
        let bucket = s3::bucket().await;
        let (objects, endpoint) = Gate::before_url(&bucket.endpoint).await;
        let store = format!("s3://{}/crow", bucket.bucket);
        // Later settings win over those of the installation.
        let settings = [
            ("CROW_DATABASE__URL", url.as_str()),
            ("CROW_STORAGE__URL", &store),
            ("CROW_STORAGE__ENDPOINT", &endpoint),
            ("CROW_STORAGE__REGION", &bucket.region),
            ("CROW_STORAGE__ACCESS_KEY_ID", &bucket.access_key_id),
            ("CROW_STORAGE__SECRET_ACCESS_KEY", &bucket.secret_access_key),
            ("CROW_STORAGE__ALLOW_HTTP", "true"),
        ];
        let system = System::start(Database::Sqlite, Objects::Disk, &settings).await;
        let (interaction, _url) = system.another("interaction").await;
        Self {
            system,
            interaction,
            database,
            objects,
        }
    }

    async fn send(&self, seq: u64) {
        let (status, answer) = self.system.post("/batch", &batch(seq)).await;
        assert_eq!(status, 202, "{answer}");
    }

    /// It then waits for the store.
    async fn keeper_has_read(&self, batches: u64) {
        let system = &self.system;
        wait::eventually("the keeper to read", GRACE, async || {
            let name = "crow_session_batches_total";
            let read = system.metric(&system.session_url, name).await;
            (read >= batches as f64).then_some(())
        })
        .await;
    }

    async fn shows(&self, events: u64) {
        let what = format!("{events} events\n{}", self.system.logs());
        let has_all = |found: &Value| found["counts"]["events"] == events;
        self.system.session_when("visit", &what, has_all).await;
    }

    /// Stops all services at once; each ends in order and in time.
    async fn stop(&mut self) {
        let began = Instant::now();
        let System {
            ingest,
            session,
            query,
            ..
        } = &mut self.system;
        let all = [
            ("ingest", ingest),
            ("session", session),
            ("query", query),
            ("interaction", &mut self.interaction),
        ];
        let all = all.map(async |(name, service)| (name, service.terminate(GRACE).await));
        let all = join_all(all).await;
        let took = began.elapsed();
        for (name, ended) in all {
            let code = ended.ok().as_ref().and_then(ExitStatus::code);
            assert_eq!(
                code,
                Some(0),
                "{name} after {took:?}\n{}",
                self.system.logs()
            );
        }
        println!("stopped in {took:?}");
    }

    async fn start_again(&mut self) {
        let System {
            ingest,
            session,
            query,
            ..
        } = &mut self.system;
        for service in [ingest, session, query, &mut self.interaction] {
            service.start_again().unwrap();
        }
        self.system.wait_until_ready().await;
    }
}

/// Waits until the keeper reports the age of what it cannot commit.
async fn keeper_reports_its_lag(system: &System) {
    wait::eventually("the lag", GRACE, async || {
        let metrics = format!("{}/metrics", system.session_url);
        let answer = crow_testkit::http::client()
            .get(&metrics)
            .send()
            .await
            .ok()?;
        let text = answer.text().await.ok()?;
        let lag =
            |line: &str| line.starts_with("crow_session_lag_seconds") && !line.ends_with(" 0");
        text.lines().any(lag).then_some(())
    })
    .await;
}

/// One click.
fn batch(seq: u64) -> Value {
    let now = now_ms();
    json!({
        "batchId": format!("batch-{seq}"), "sessionId": "visit", "windowId": "w", "seq": seq, "sentAt": now,
        "events": [{ "id": format!("click-{seq}"), "type": "click", "timestamp": now, "data": {} }],
        "replay": [{ "type": 3, "timestamp": now, "data": { "source": 2 } }],
    })
}

/// Waits until the keeper reports that it cannot go on.
async fn keeper_is_not_ready(system: &System) {
    let url = format!("{}/health/ready", system.session_url);
    wait::eventually("the keeper to say so", GRACE, async || {
        let answer = crow_testkit::http::client().get(&url).send().await.ok()?;
        (answer.status() == 503).then_some(())
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn services_stop_in_time_while_the_database_is_silent() {
    let mut outage = Outage::start().await;
    outage.send(0).await;
    outage.shows(1).await;
    outage.database.set(Mode::Stall);
    outage.send(1).await;
    keeper_is_not_ready(&outage.system).await;
    keeper_reports_its_lag(&outage.system).await;

    outage.stop().await;

    outage.database.set(Mode::Open);
    outage.start_again().await;
    outage.shows(2).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn services_stop_in_time_while_the_object_store_is_silent() {
    let mut outage = Outage::start().await;
    outage.send(0).await;
    outage.shows(1).await;
    outage.objects.set(Mode::Stall);
    outage.send(1).await;
    outage.keeper_has_read(2).await;

    outage.stop().await;

    outage.objects.set(Mode::Open);
    outage.start_again().await;
    outage.shows(2).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn services_stop_in_time_while_the_bus_is_silent() {
    let mut outage = Outage::start().await;
    outage.send(0).await;
    outage.shows(1).await;
    outage.send(1).await;
    outage.system.nats.pause().unwrap();

    outage.stop().await;

    outage.system.nats.resume().unwrap();
    outage.start_again().await;
    outage.shows(2).await;
}
