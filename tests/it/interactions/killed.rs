//! The interaction service is killed at each step of its work.
//!
//! Locks in Postgres, a silent model and a gate before the bus stop all messages at one step, so no kill is a
//! matter of luck. Each message is killed twice. In between, more data of one session arrives, and another
//! session is erased.

use crow_testkit::gate::{Gate, Mode};
use crow_testkit::process::Process;
use crow_testkit::scripted::{Scripted, ScriptedServer};
use crow_testkit::wait::eventually;
use sea_orm::{
    ConnectOptions, ConnectionTrait, Database, DatabaseConnection, Statement, TransactionTrait,
};
use serde_json::{Value, json};

use super::ask;
use crate::client::{VISIBLE, now_ms};
use crate::system::{DATABASE_URL, Database as Kind, ORGANIZATION, Objects, System};

/// Until a message that nobody has settled is delivered again. Longer than a step takes on a busy machine: a
/// message has four deliveries, and two of them are killed.
const RETRY_MS: &str = "5000";
/// The name of the process in Postgres.
const NAME: &str = "killed";
/// Messages that are killed together.
const SESSIONS: u64 = 3;

/// Statements of the process that wait for a lock. What deletes belongs to an earlier erasure.
const WAITING: &str = "select count(*) from pg_stat_activity where application_name = 'killed' \
    and datname = current_database() and wait_event_type = 'Lock' \
    and query not ilike 'delete%'";

/// Where a message is when its process dies.
#[derive(Debug, Clone, Copy)]
enum Step {
    /// It was read, and its session is looked up.
    Validate,
    /// The events of the session are looked up.
    Enrich,
    /// A model is asked.
    Summarise,
    /// The interaction is written and not committed; its vector is next.
    Embed,
    /// Nothing is written.
    Store,
    /// It is committed, and the bus does not know.
    Acknowledge,
}

const ROUNDS: [[Step; 2]; 3] = [
    [Step::Store, Step::Acknowledge],
    [Step::Validate, Step::Enrich],
    [Step::Summarise, Step::Embed],
];

impl Step {
    /// The lock that stops messages there.
    fn lock(self) -> Option<&'static str> {
        match self {
            Self::Validate => Some("lock table sessions in access exclusive mode"),
            Self::Enrich => Some("lock table replay_chunks in access exclusive mode"),
            Self::Summarise => None,
            Self::Embed => Some("lock table embeddings in share mode"),
            Self::Store | Self::Acknowledge => Some("lock table interactions in share mode"),
        }
    }
}

/// Each session has one interaction, the newest, or none.
#[tokio::test(flavor = "multi_thread")]
async fn killing_it_at_any_step_makes_each_interaction_once() {
    let retry = [("CROW_BUS__COMPLETION_RETRY_MS", RETRY_MS)];
    let system = &System::start(Kind::Postgres, Objects::Disk, &retry).await;
    let killer = Killer::new(system).await;
    for (number, steps) in ROUNDS.into_iter().enumerate() {
        let names = ["plain", "late", "erased"].map(|name| format!("{name}-{number}"));
        let [plain, late, erased] = &names;
        for name in &names {
            send(system, name, 0, &visit()).await;
            let end = json!({ "sessionId": name, "sentAt": now_ms() });
            assert_eq!(system.post("/session/end", &end).await.0, 202);
        }
        // The keeper needs some of the tables that are locked next. The queue may also hold what an
        // earlier erasure tells.
        let sent = format!(
            "select count(*) from outbox o join sessions s on s.id = o.session_id \
             where s.session_id like '%-{number}' and o.sent_at is not null"
        );
        eventually("all announcements", VISIBLE, async || {
            (killer.number(&sent).await == SESSIONS.cast_signed()).then_some(())
        })
        .await;
        killer.kill_at(steps[0], number).await;
        let mut search = event(30_000, "custom", "found", &json!({ "query": "late lamp" }));
        search["name"] = json!("search");
        send(system, late, 1, &[search]).await;
        let is_later = |found: &Value| found["revision"] == 1;
        system.session_when(late, "late data", is_later).await;
        killer.kill_at(steps[1], number).await;
        let erase = ["erase", "--org", ORGANIZATION, "--session", erased];
        let erasing = system.run_crow(&[&erase[..], &["--no-wait"]].concat());
        assert!(erasing.status.success());

        let _process = killer.start(&[]).await;
        eventually("the interactions", VISIBLE, async || {
            let stored = (killer.revisions(plain).await, killer.revisions(late).await);
            (stored == (vec![0], vec![1])).then_some(())
        })
        .await;
        eventually("an empty queue", VISIBLE, async || {
            (killer.messages("CROW_INTERACTIONS").await == 0).then_some(())
        })
        .await;
        assert_eq!(killer.revisions(plain).await, [0], "{steps:?}");
        assert_eq!(killer.revisions(late).await, [1], "{steps:?}");
        assert!(killer.revisions(erased).await.is_empty(), "{steps:?}");
    }
    let counts = "select (select count(*) from interactions) - (select count(*) from embeddings)";
    assert_eq!(killer.number(counts).await, 0);
    assert_eq!(killer.messages("CROW_DLQ").await, 0);
}

fn event(ago: i64, kind: &str, page: &str, data: &Value) -> Value {
    let at = now_ms() - ago;
    json!({
        "id": format!("{kind}-{at}"), "type": kind, "timestamp": at,
        "url": format!("https://shop.example/{page}"), "data": data,
    })
}

fn visit() -> Vec<Value> {
    ["about", "team", "history", "contact"]
        .iter()
        .zip([60_000, 50_000, 20_000, 10_000])
        .map(|(page, ago)| event(ago, "pageview", page, &json!({ "title": page })))
        .collect()
}

async fn send(system: &System, session: &str, seq: u64, events: &[Value]) {
    let batch = json!({
        "sessionId": session, "windowId": "w", "seq": seq, "sentAt": now_ms(), "events": events,
    });
    assert_eq!(system.post("/batch", &batch).await.0, 202);
}

struct Killer<'a> {
    system: &'a System,
    database: DatabaseConnection,
    jetstream: async_nats::jetstream::Context,
    model: ScriptedServer,
    bus: Gate,
    settings: Vec<(String, String)>,
}

impl<'a> Killer<'a> {
    async fn new(system: &'a System) -> Self {
        let url = system.database_url();
        let mut options = ConnectOptions::new(url);
        options.max_connections(2);
        let client = async_nats::connect(system.nats.url()).await.unwrap();
        let (bus, bus_url) = Gate::before_url(&system.nats.url_of("crow-interaction")).await;
        let sign = if url.contains('?') { '&' } else { '?' };
        let settings = [
            (DATABASE_URL, format!("{url}{sign}application_name={NAME}")),
            ("CROW_BUS__URL", bus_url),
            // The queue has its own, from the keeper. This one lets models take their time.
            ("CROW_BUS__COMPLETION_RETRY_MS", "60000".to_owned()),
        ];
        Self {
            system,
            database: Database::connect(options).await.unwrap(),
            jetstream: async_nats::jetstream::new(client),
            model: ScriptedServer::start(|_, _| Scripted::Silence).await,
            bus,
            settings: settings
                .map(|(name, value)| (name.to_owned(), value))
                .to_vec(),
        }
    }

    async fn start(&self, more: &[(&str, &str)]) -> Process {
        let settings = self.settings.iter();
        let settings = settings.map(|(name, value)| (name.as_str(), value.as_str()));
        let all: Vec<(&str, &str)> = settings.chain(more.iter().copied()).collect();
        let (process, _url) = self.system.another_with("interaction", &all).await;
        process
    }

    /// Starts it, and kills it when the messages of the round are at the step. What asks a database at the same
    /// time does so together, so one statement waits for some or all of them.
    async fn kill_at(&self, step: Step, round: usize) {
        let transaction = self.database.begin().await.unwrap();
        if let Some(lock) = step.lock() {
            transaction.execute_unprepared(lock).await.unwrap();
        }
        let model = format!("[{{model=\"m-1\",url=\"{}\"}}]", self.model.url());
        let mut process = match step {
            Step::Summarise => self.start(&[("CROW_AI__MODELS", &model)]).await,
            _locked => self.start(&[]).await,
        };
        let what = format!("messages at {step:?}");
        eventually(&what, VISIBLE, async || {
            let is_there = match step.lock() {
                Some(_) => self.number(WAITING).await > 0,
                None => self.model.seen().len() as u64 >= SESSIONS,
            };
            is_there.then_some(())
        })
        .await;
        if matches!(step, Step::Acknowledge) {
            self.bus.set(Mode::Stall);
            transaction.rollback().await.unwrap();
            let stored =
                format!("select count(*) from interactions where session_id like '%-{round}'");
            eventually("rows", VISIBLE, async || {
                (self.number(&stored).await > 0).then_some(())
            })
            .await;
            process.kill().unwrap();
            self.bus.set(Mode::Refuse);
            self.bus.set(Mode::Open);
            return;
        }
        process.kill().unwrap();
        transaction.rollback().await.unwrap();
    }

    async fn number(&self, sql: &str) -> i64 {
        let statement = Statement::from_string(self.database.get_database_backend(), sql);
        let row = self.database.query_one_raw(statement).await.unwrap();
        row.unwrap().try_get_by_index(0).unwrap()
    }

    async fn messages(&self, stream: &str) -> u64 {
        let mut stream = self.jetstream.get_stream(stream).await.unwrap();
        stream.info().await.unwrap().state.messages
    }

    /// Of all interactions of a session. Those of later revisions tell what arrived late.
    async fn revisions(&self, session: &str) -> Vec<i64> {
        let path = format!("/api/v1/interactions/organization/{ORGANIZATION}?sessionId={session}");
        let (status, page) = ask(self.system, &path).await;
        assert_eq!(status, 200, "{page}");
        let found = page["interactions"].as_array().unwrap().iter();
        found
            .map(|it| {
                let revision = it["revision"].as_i64().unwrap();
                let summary = it["summary"].as_str().unwrap();
                assert_eq!(summary.contains("late lamp"), revision > 0, "{summary}");
                revision
            })
            .collect()
    }
}
