//! 2 gateways, 3 session keepers, the read API, one or three nats-servers, Postgres and an S3
//! server.

use std::path::Path;
use std::process::Command;
use std::time::Duration;

use crow_testkit::gate::Gate;
use crow_testkit::nats::cluster::NatsCluster;
use crow_testkit::nats::{NatsOptions, NatsServer};
use crow_testkit::port::free_port;
use crow_testkit::process::{self, Process};
use crow_testkit::{keys, postgres, s3, wait};
use tempfile::TempDir;

use crate::keeper_gates::KeeperGates;
use crate::takeover::Takeovers;

/// Session keepers.
pub const KEEPERS: usize = 3;
const READY: Duration = Duration::from_secs(90);
pub const ORGANIZATION: &str = "acme";
pub const PARTITIONS: u16 = 8;
/// A session without activity for this long is over.
pub const IDLE_TIMEOUT_MS: i64 = 10_000;

/// The nats-servers.
pub enum Bus {
    One(NatsServer),
    /// Each stream is on all of them.
    Three(NatsCluster),
}

pub struct Installation {
    pub bus: Bus,
    pub ingests: Vec<Service>,
    pub sessions: Vec<Service>,
    pub query: Service,
    pub database: Gate,
    /// Those of each keeper, on a cluster.
    pub keeper_gates: Vec<KeeperGates>,
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

impl Bus {
    pub async fn one() -> Self {
        let options = NatsOptions {
            sync_always: true,
            ..NatsOptions::default()
        };
        Self::One(NatsServer::start(options).await.unwrap())
    }

    pub async fn three() -> Self {
        Self::Three(NatsCluster::start().await.unwrap())
    }

    /// All addresses, with commas between them.
    pub fn url(&self) -> String {
        match self {
            Self::One(server) => server.url(),
            Self::Three(cluster) => cluster.url(),
        }
    }

    /// The only server.
    pub fn server(&mut self) -> &mut NatsServer {
        match self {
            Self::One(server) => server,
            Self::Three(_) => panic!("there are three servers"),
        }
    }

    /// The three servers.
    pub fn cluster(&mut self) -> &mut NatsCluster {
        match self {
            Self::One(_) => panic!("there is one server"),
            Self::Three(cluster) => cluster,
        }
    }

    fn replicas(&self) -> &'static str {
        match self {
            Self::One(_) => "1",
            Self::Three(_) => "3",
        }
    }
}

impl Installation {
    pub async fn start(bus: Bus) -> Self {
        Self::start_from(bus, None).await
    }

    /// With the programs of this folder, or those of this version.
    pub async fn start_from(bus: Bus, programs: Option<&Path>) -> Self {
        let dir = TempDir::new().unwrap();
        let database_url = postgres::database().await;
        let bucket = s3::bucket().await;
        let (database, through_database) = Gate::before_url(&database_url).await;
        let (objects, endpoint) = Gate::before_url(&bucket.endpoint).await;
        let mut env = settings();
        let mut set =
            |name: &str, value: &str| env.push((format!("CROW_{name}"), value.to_owned()));
        set("BUS__URL", &bus.url());
        set("BUS__REPLICAS", bus.replicas());
        set("DATABASE__URL", &through_database);
        set("STORAGE__URL", &format!("s3://{}/crow", bucket.bucket));
        set("STORAGE__ENDPOINT", &endpoint);
        set("STORAGE__REGION", &bucket.region);
        set("STORAGE__ACCESS_KEY_ID", &bucket.access_key_id);
        set("STORAGE__SECRET_ACCESS_KEY", &bucket.secret_access_key);
        let mut keeper_gates = Vec::new();
        if let Bus::Three(cluster) = &bus {
            for _keeper in 0..KEEPERS {
                keeper_gates.push(KeeperGates::new(&database_url, cluster.addresses()).await);
            }
        }
        let keeper = |index: usize| {
            let mut env = env.clone();
            // Later settings win.
            env.extend(
                keeper_gates
                    .get(index)
                    .map(KeeperGates::settings)
                    .into_iter()
                    .flatten(),
            );
            start(&dir, &env, programs, "session", index)
        };
        // A keeper creates the installation, so it comes first.
        let mut sessions = vec![keeper(0)];
        wait::http_ready(&sessions[0].ready(), READY).await;
        sessions.extend((1..KEEPERS).map(keeper));
        let ingests = (0..2).map(|index| start(&dir, &env, programs, "ingest", index));
        let mut installation = Self {
            ingests: ingests.collect(),
            sessions,
            query: start(&dir, &env, programs, "query", 0),
            bus,
            database,
            keeper_gates,
            database_url,
            takeovers: Takeovers::default(),
            objects,
            ingest_key: String::new(),
            read_key: String::new(),
            env,
            dir,
        };
        installation.ingest_key = installation.create_key("ingest", programs);
        installation.read_key = installation.create_key("read", programs);
        installation.wait_until_ready().await;
        installation
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

    /// With the programs that run, because a newer `crow` would migrate.
    fn create_key(&self, scope: &str, programs: Option<&Path>) -> String {
        let arguments = keys::create(ORGANIZATION, scope);
        keys::created(&self.crow_of(programs, &arguments)).unwrap()
    }

    /// Runs a `crow` command on this installation; returns what it prints.
    pub fn crow(&self, arguments: &[&str]) -> String {
        self.crow_of(None, arguments)
    }

    fn crow_of(&self, programs: Option<&Path>, arguments: &[&str]) -> String {
        let ours = || process::binary("crow").unwrap();
        let program = programs.map_or_else(ours, |dir| dir.join("crow"));
        let mut command = Command::new(program);
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

/// Settings of all processes, without the addresses of servers.
fn settings() -> Vec<(String, String)> {
    let (partitions, idle_timeout) = (PARTITIONS.to_string(), IDLE_TIMEOUT_MS.to_string());
    [
        ("BUS__PARTITIONS", partitions.as_str()),
        ("BUS__PARTITION_MAX_BYTES", "67108864"),
        ("STORAGE__ALLOW_HTTP", "true"),
        ("STORAGE__TIMEOUT_MS", "3000"),
        ("INGEST__IP_RATE__REQUESTS_PER_SECOND", "0"),
        ("INGEST__KEY_RATE__REQUESTS_PER_SECOND", "0"),
        ("SESSION__FLUSH_AGE_MS", "50"),
        ("SESSION__LEASE_MS", "3000"),
        ("SESSION__LEASE_RENEW_MS", "700"),
        ("SESSION__ARCHIVE_DELAY_MS", "500"),
        // A client that is held up for longer is split into several visits.
        ("SESSION__IDLE_TIMEOUT_MS", &idle_timeout),
    ]
    .map(|(name, value)| (format!("CROW_{name}"), value.to_owned()))
    .into()
}

fn start(
    dir: &TempDir,
    env: &[(String, String)],
    programs: Option<&Path>,
    name: &str,
    index: usize,
) -> Service {
    let address = format!("127.0.0.1:{}", free_port());
    let mut builder = Process::builder(&format!("crow-{name}"), dir.path())
        .bin_dir(programs)
        .log_name(format!("{name}-{index}"))
        .env(format!("CROW_{}__LISTEN", name.to_uppercase()), &address)
        .env(
            "CROW_QUERY__GRPC_LISTEN",
            format!("127.0.0.1:{}", free_port()),
        );
    // An earlier release does not know the section.
    if programs.is_none() {
        builder = builder.env("CROW_KEYRING__MASTER_KEY", keys::MASTER_KEY);
    }
    for (name, value) in env {
        builder = builder.env(name, value);
    }
    Service {
        process: builder.start().unwrap(),
        url: format!("http://{address}"),
        name: format!("{name} {index}"),
    }
}
