//! 2 gateways, 3 session keepers, the read API, nats-server, Postgres and an S3 server.

use std::process::Command;
use std::time::Duration;

use crow_testkit::gate::Gate;
use crow_testkit::nats::{NatsOptions, NatsServer};
use crow_testkit::port::free_port;
use crow_testkit::process::{self, Process};
use crow_testkit::{postgres, s3, wait};
use tempfile::TempDir;

use crate::takeover::Takeovers;

const READY: Duration = Duration::from_secs(90);
pub const ORGANIZATION: &str = "acme";
const PARTITIONS: &str = "8";
/// A session without activity for this long is over.
pub const IDLE_TIMEOUT_MS: i64 = 10_000;

pub struct Cluster {
    pub nats: NatsServer,
    pub ingests: Vec<Service>,
    pub sessions: Vec<Service>,
    pub query: Service,
    pub database: Gate,
    /// Past the gate.
    pub database_url: String,
    pub takeovers: Takeovers,
    pub objects: Gate,
    pub ingest_key: String,
    pub read_key: String,
    /// Settings of all processes; the addresses of the servers lead through the gates.
    pub env: Vec<(String, String)>,
    dir: TempDir,
}

/// One process of ours and where it answers.
pub struct Service {
    pub process: Process,
    pub url: String,
    pub name: String,
}

impl Cluster {
    pub async fn start() -> Self {
        let dir = TempDir::new().unwrap();
        let nats = NatsServer::start(NatsOptions {
            sync_always: true,
            ..NatsOptions::default()
        })
        .await
        .unwrap();
        let database_url = postgres::database().await;
        let bucket = s3::bucket().await;
        let (database, through_database) = Gate::before_url(&database_url).await;
        let (objects, endpoint) = Gate::before_url(&bucket.endpoint).await;
        let set = |name: &str, value: &str| (format!("CROW_{name}"), value.to_owned());
        let env = vec![
            set("BUS__URL", &nats.url()),
            set("BUS__PARTITIONS", PARTITIONS),
            set("BUS__PARTITION_MAX_BYTES", "67108864"),
            set("DATABASE__URL", &through_database),
            set("STORAGE__URL", &format!("s3://{}/crow", bucket.bucket)),
            set("STORAGE__ENDPOINT", &endpoint),
            set("STORAGE__REGION", &bucket.region),
            set("STORAGE__ACCESS_KEY_ID", &bucket.access_key_id),
            set("STORAGE__SECRET_ACCESS_KEY", &bucket.secret_access_key),
            set("STORAGE__ALLOW_HTTP", "true"),
            set("STORAGE__TIMEOUT_MS", "3000"),
            set("INGEST__IP_RATE__REQUESTS_PER_SECOND", "0"),
            set("INGEST__KEY_RATE__REQUESTS_PER_SECOND", "0"),
            set("SESSION__FLUSH_AGE_MS", "50"),
            set("SESSION__LEASE_MS", "3000"),
            set("SESSION__LEASE_RENEW_MS", "700"),
            set("SESSION__ARCHIVE_DELAY_MS", "500"),
            // A client that is held up for longer is split into several visits.
            set("SESSION__IDLE_TIMEOUT_MS", &IDLE_TIMEOUT_MS.to_string()),
        ];
        let start = |name: &str, index: usize| start(&dir, &env, name, index);
        // A keeper creates the installation, so it comes first.
        let first = start("session", 0);
        wait::http_ready(&first.ready(), READY).await;
        let sessions = vec![first, start("session", 1), start("session", 2)];
        let ingests = vec![start("ingest", 0), start("ingest", 1)];
        let query = start("query", 0);
        let mut cluster = Self {
            nats,
            ingests,
            sessions,
            query,
            database,
            database_url,
            takeovers: Takeovers::default(),
            objects,
            ingest_key: String::new(),
            read_key: String::new(),
            env,
            dir,
        };
        cluster.ingest_key = cluster.create_key("ingest");
        cluster.read_key = cluster.create_key("read");
        cluster.wait_until_ready().await;
        cluster
    }

    pub async fn wait_until_ready(&self) {
        for service in self.services() {
            let url = service.ready();
            if let Err(error) = wait::until_http_ready(&url, READY).await {
                let answer = crow_testkit::http::client().get(&url).send().await;
                let why = match answer {
                    Ok(answer) => answer.text().await.unwrap_or_default(),
                    Err(error) => error.to_string(),
                };
                let log = service.process.log_tail(60);
                panic!("{}: {error:#}\n{why}\n{log}", service.name);
            }
        }
    }

    pub fn services(&self) -> impl Iterator<Item = &Service> {
        let all = self.ingests.iter().chain(&self.sessions);
        all.chain(std::iter::once(&self.query))
    }

    fn create_key(&self, scope: &str) -> String {
        let arguments = [
            "keys",
            "create",
            "--json",
            "--org",
            ORGANIZATION,
            "--scope",
            scope,
        ];
        let line: serde_json::Value = serde_json::from_str(&self.crow(&arguments)).unwrap();
        line["key"].as_str().unwrap().to_owned()
    }

    /// Runs a `crow` command on this installation; returns what it prints.
    pub fn crow(&self, arguments: &[&str]) -> String {
        let mut command = Command::new(process::binary("crow").unwrap());
        command
            .args(arguments)
            .envs(self.env.iter().cloned())
            .current_dir(self.dir.path());
        let output = command.output().unwrap();
        assert!(output.status.success(), "{output:?}");
        String::from_utf8(output.stdout).unwrap()
    }

    /// The last lines of the keepers' logs, for the message of a failed run.
    pub fn logs(&self) -> String {
        let tail =
            |service: &Service| format!("{}:\n{}\n", service.name, service.process.log_tail(12));
        self.sessions.iter().map(tail).collect()
    }
}

impl Service {
    pub fn ready(&self) -> String {
        format!("{}/health/ready", self.url)
    }
}

fn start(dir: &TempDir, env: &[(String, String)], name: &str, index: usize) -> Service {
    let address = format!("127.0.0.1:{}", free_port());
    let mut builder = Process::builder(&format!("crow-{name}"), dir.path())
        .log_name(format!("{name}-{index}"))
        .env(format!("CROW_{}__LISTEN", name.to_uppercase()), &address)
        .env(
            "CROW_QUERY__GRPC_LISTEN",
            format!("127.0.0.1:{}", free_port()),
        );
    for (name, value) in env {
        builder = builder.env(name, value);
    }
    Service {
        process: builder.start().unwrap(),
        url: format!("http://{address}"),
        name: format!("{name} {index}"),
    }
}
