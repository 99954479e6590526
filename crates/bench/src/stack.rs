//! A whole installation for one measurement, on free ports, with its data in a new folder.

use std::net::SocketAddr;
use std::path::Path;
use std::process::Command;
use std::time::Duration;

use anyhow::{Context, ensure};
use crow_testkit::nats::{NatsOptions, NatsServer};
use crow_testkit::port::free_port;
use crow_testkit::postgres::PostgresCluster;
use crow_testkit::process::{self, Process};
use crow_testkit::{http, keys, wait};
use sea_orm::{ConnectOptions, ConnectionTrait, DatabaseConnection, Statement};
use tempfile::TempDir;

use crate::meter;
use crate::traffic::Requests;

mod database;

pub use database::Database;

pub const ORGANIZATION: &str = "bench";
/// Both are for this installation only. The second is 32 bytes in base64.
const GATEWAY_KEY: &str = "a key of the benchmark, long enough";
const SIGNING_KEY: &str = "BwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwc=";
const DATABASE_URL: &str = "CROW_DATABASE__URL";
const READY: Duration = Duration::from_secs(60);
const COMMITTED: Duration = Duration::from_secs(300);
const STOP: Duration = Duration::from_secs(30);
/// Limit of one partition's stream: more than any scenario leaves unread.
const PARTITION_MAX_BYTES: u64 = 6 << 30;

/// When NATS writes to disk for good.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sync {
    /// Before each acknowledgement.
    Always,
    /// Every two minutes, as NATS does unless told otherwise.
    Default,
}

impl Sync {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Always => "fsync always",
            Self::Default => "fsync off",
        }
    }
}

/// What is different from the defaults.
#[derive(Debug, Clone)]
pub struct Setup {
    pub sync: Sync,
    pub database: Database,
    /// More settings, as environment variables.
    pub settings: Vec<(&'static str, String)>,
}

impl Setup {
    pub fn new(sync: Sync, database: Database) -> Self {
        Self {
            sync,
            database,
            settings: Vec::new(),
        }
    }

    #[must_use]
    pub fn with(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.settings.push((name, value.into()));
        self
    }
}

impl Setup {
    /// Services believe the API gateway at this address.
    #[must_use]
    pub fn behind_api_gateway(self, address: SocketAddr) -> Self {
        let keys = format!("http://{address}/.well-known/jwks.json");
        self.with("CROW_AUTH__JWKS_URL", keys)
            .with("INTERNAL_GATEWAY_KEY", GATEWAY_KEY)
            .with("CROW_GATEWAY__SIGNING_KEY", SIGNING_KEY)
    }
}

/// A running installation. The gateway always runs; the others when they are started.
pub struct Stack {
    pub ingest: Process,
    pub session: Option<Process>,
    pub query: Option<Process>,
    pub nats: NatsServer,
    pub ingest_address: SocketAddr,
    pub session_url: String,
    /// Where lists are read: at the read API, unless a scenario sets another address.
    pub query_url: String,
    grpc_address: SocketAddr,
    read_key: String,
    pub requests: Requests,
    pub http: reqwest::Client,
    env: Vec<(String, String)>,
    postgres: Option<PostgresCluster>,
    dir: TempDir,
}

impl Stack {
    /// Starts NATS, the database and the gateway.
    pub async fn start(setup: &Setup) -> anyhow::Result<Self> {
        let dir = tempfile::Builder::new().prefix("crow-bench-").tempdir()?;
        let nats = NatsServer::start(NatsOptions {
            sync_always: setup.sync == Sync::Always,
            ..NatsOptions::default()
        })
        .await?;
        let (postgres, database_url) = database::start(setup.database, dir.path()).await?;
        let ports: [u16; 4] = std::array::from_fn(|_index| free_port());
        let [ingest, session, query, grpc] = ports.map(|port| format!("127.0.0.1:{port}"));
        let objects = format!("file://{}", dir.path().join("objects").display());
        let max_bytes = PARTITION_MAX_BYTES.to_string();
        let mut env: Vec<(String, String)> = [
            ("CROW_BUS__URL", nats.url()),
            ("CROW_BUS__PARTITION_MAX_BYTES", max_bytes),
            (DATABASE_URL, database_url),
            ("CROW_STORAGE__URL", objects),
            ("CROW_KEYRING__MASTER_KEY", keys::MASTER_KEY.to_owned()),
            ("CROW_LOG__FILTER", "warn".to_owned()),
            ("CROW_INGEST__LISTEN", ingest.clone()),
            ("CROW_INGEST__KEY_RATE__REQUESTS_PER_SECOND", "0".to_owned()),
            ("CROW_INGEST__IP_RATE__REQUESTS_PER_SECOND", "0".to_owned()),
            ("CROW_SESSION__LISTEN", session.clone()),
            ("CROW_QUERY__LISTEN", query.clone()),
            ("CROW_QUERY__GRPC_LISTEN", grpc.clone()),
            ("CROW_QUERY__MAX_WATCHERS_PER_KEY", "2000".to_owned()),
        ]
        .map(|(name, value)| (name.to_owned(), value))
        .into();
        let settings = setup.settings.iter();
        env.extend(settings.map(|(name, value)| ((*name).to_owned(), value.clone())));

        let process = start_process("crow-ingest", &env, dir.path())?;
        let ingest_url = format!("http://{ingest}");
        wait::until_http_ready(&format!("{ingest_url}/health/ready"), READY).await?;
        let key = create_key(&env, dir.path(), ORGANIZATION, "ingest")?;
        Ok(Self {
            ingest: process,
            session: None,
            query: None,
            nats,
            ingest_address: ingest.parse()?,
            session_url: format!("http://{session}"),
            query_url: format!("http://{query}"),
            grpc_address: grpc.parse()?,
            read_key: create_key(&env, dir.path(), ORGANIZATION, "read")?,
            requests: Requests::new(&ingest, &key),
            http: http::client(),
            env,
            postgres,
            dir,
        })
    }

    /// Starts the keeper, and waits until it owns its partitions.
    pub async fn start_keeper(&mut self) -> anyhow::Result<()> {
        self.session = Some(start_process("crow-session", &self.env, self.dir.path())?);
        wait::until_http_ready(&format!("{}/health/ready", self.session_url), READY).await
    }

    /// Stops the keeper in order.
    pub async fn stop_keeper(&mut self) -> anyhow::Result<()> {
        let mut keeper = self.session.take().context("the keeper runs")?;
        keeper.terminate(STOP).await?;
        Ok(())
    }

    /// Starts the read API.
    pub async fn start_query(&mut self) -> anyhow::Result<()> {
        self.query = Some(start_process("crow-query", &self.env, self.dir.path())?);
        wait::until_http_ready(&format!("{}/health/ready", self.query_url), READY).await
    }

    /// Starts a second read API; returns where it answers.
    pub async fn start_query_replica(&self) -> anyhow::Result<(Process, String)> {
        let [listen, grpc] = [(); 2].map(|()| format!("127.0.0.1:{}", free_port()));
        let url = format!("http://{listen}");
        let mut env = self.env.clone();
        env.push(("CROW_QUERY__LISTEN".to_owned(), listen));
        env.push(("CROW_QUERY__GRPC_LISTEN".to_owned(), grpc));
        let process = start_process("crow-query", &env, self.dir.path())?;
        wait::until_http_ready(&format!("{url}/health/ready"), READY).await?;
        Ok((process, url))
    }

    /// Starts the service for interactions; returns where it serves metrics.
    pub async fn start_interaction(&self) -> anyhow::Result<(Process, String)> {
        let listen = format!("127.0.0.1:{}", free_port());
        let url = format!("http://{listen}");
        let mut env = self.env.clone();
        env.push(("CROW_INTERACTION__LISTEN".to_owned(), listen));
        let process = start_process("crow-interaction", &env, self.dir.path())?;
        wait::until_http_ready(&format!("{url}/health/ready"), READY).await?;
        Ok((process, url))
    }

    /// Starts the API gateway on this address, without rate limits.
    pub async fn start_api_gateway(&self, address: SocketAddr) -> anyhow::Result<Process> {
        let mut env = self.env.clone();
        let settings = [
            ("CROW_GATEWAY__LISTEN", address.to_string()),
            (
                "CROW_GATEWAY__INGEST_URL",
                format!("http://{}", self.ingest_address),
            ),
            ("CROW_GATEWAY__QUERY_URL", self.query_url.clone()),
        ];
        env.extend(settings.map(|(name, value)| (name.to_owned(), value)));
        for rate in ["ADDRESS", "KEY", "USER"] {
            let name = format!("CROW_GATEWAY__{rate}_RATE__REQUESTS_PER_SECOND");
            env.push((name, "0".to_owned()));
        }
        let process = start_process("crow-gateway", &env, self.dir.path())?;
        wait::until_http_ready(&format!("http://{address}/health/ready"), READY).await?;
        Ok(process)
    }

    /// Stops everything in order, and kills the rest.
    pub async fn stop(mut self) -> anyhow::Result<()> {
        for process in [self.session.as_mut(), self.query.as_mut()]
            .into_iter()
            .flatten()
        {
            process.terminate(STOP).await?;
        }
        self.ingest.terminate(STOP).await?;
        if let Some(postgres) = self.postgres.take() {
            postgres.stop().await?;
        }
        Ok(())
    }

    /// Interactions and replay events that the keeper has committed since it was started.
    pub async fn committed(&self) -> anyhow::Result<u64> {
        let count = self.keeper_metric("crow_session_events_total", "").await?;
        Ok(count as u64)
    }

    /// Waits until the keeper has committed so many since it was started.
    pub async fn wait_until_committed(&self, events: u64) -> anyhow::Result<()> {
        let what = format!("{events} events to be committed");
        wait::until(&what, COMMITTED, async || {
            let committed = self.committed().await.ok()?;
            (committed >= events).then_some(())
        })
        .await
    }

    /// Sessions that the keeper has archived since it was started.
    pub async fn archived(&self) -> anyhow::Result<f64> {
        self.keeper_metric("crow_session_archives_total", "outcome=\"archived\"")
            .await
    }

    /// The sum of a metric of the keeper over all its labels that contain `label`.
    pub async fn keeper_metric(&self, name: &str, label: &str) -> anyhow::Result<f64> {
        meter::metric(&self.http, &self.session_url, name, label).await
    }

    /// Asks the read API for something of the organization's sessions: `path` comes behind
    /// `/sessions/{organization}`.
    pub async fn ask(&self, path: &str) -> anyhow::Result<reqwest::Response> {
        self.ask_at(&self.query_url, path).await
    }

    /// As [`get`](Self::get), at another address.
    pub async fn get_at(&self, url: &str, path: &str) -> anyhow::Result<reqwest::Response> {
        Ok(self.ask_at(url, path).await?.error_for_status()?)
    }

    async fn ask_at(&self, url: &str, path: &str) -> anyhow::Result<reqwest::Response> {
        let url = format!("{url}/sessions/{ORGANIZATION}{path}");
        let request = self.http.get(url).bearer_auth(&self.read_key);
        Ok(request.send().await?)
    }

    /// A request to the read API, with the key of the organization; `path` from the root.
    pub fn request(&self, path: &str) -> reqwest::RequestBuilder {
        let url = format!("{}{path}", self.query_url);
        self.http.get(url).bearer_auth(&self.read_key)
    }

    /// Asks the read API with another key; `path` from the root.
    pub async fn ask_as(&self, key: &str, path: &str) -> anyhow::Result<reqwest::Response> {
        let url = format!("{}{path}", self.query_url);
        Ok(self.http.get(url).bearer_auth(key).send().await?)
    }

    /// Creates a key of any organization.
    pub fn create_key(&self, organization: &str, scope: &str) -> anyhow::Result<String> {
        create_key(&self.env, self.dir.path(), organization, scope)
    }

    /// Where gateway, read API and gRPC listen.
    pub fn listeners(&self) -> anyhow::Result<[SocketAddr; 3]> {
        let query = self.query_url.trim_start_matches("http://").parse()?;
        Ok([self.ingest_address, query, self.grpc_address])
    }

    /// As [`ask`](Self::ask), with an error for a rejected request.
    pub async fn get(&self, path: &str) -> anyhow::Result<reqwest::Response> {
        Ok(self.ask(path).await?.error_for_status()?)
    }

    /// The process id of the keeper.
    pub fn keeper_pid(&self) -> anyhow::Result<u32> {
        let keeper = self.session.as_ref().context("the keeper runs")?;
        Ok(keeper.pid())
    }

    /// Processor time used so far by each part.
    pub fn cpu(&self) -> anyhow::Result<Cpu> {
        let of = |process: &Option<Process>| {
            process
                .as_ref()
                .map_or(Ok(0.0), |process| meter::cpu_seconds(process.pid()))
        };
        let nats = self.nats.pid().context("NATS runs")?;
        Ok(Cpu {
            gateway: meter::cpu_seconds(self.ingest.pid())?,
            nats: meter::cpu_seconds(nats)?,
            keeper: of(&self.session)?,
            query: of(&self.query)?,
            postgres: match &self.postgres {
                Some(postgres) => meter::family_cpu_seconds(postgres.pid())?,
                None => 0.0,
            },
            load: meter::cpu_seconds(std::process::id())?,
        })
    }

    /// Where the services have their data.
    pub fn folder(&self) -> &Path {
        self.dir.path()
    }

    /// One connection of ours to the database.
    pub async fn database(&self) -> anyhow::Result<DatabaseConnection> {
        let is_url = |(name, _url): &&(String, String)| name == DATABASE_URL;
        let (_name, url) = self
            .env
            .iter()
            .find(is_url)
            .context("there is a database")?;
        let mut options = ConnectOptions::new(url);
        options.max_connections(1);
        Ok(sea_orm::Database::connect(options).await?)
    }

    /// Bytes of SQLite's file with what was in its log, the free part of them, and bytes of the
    /// objects.
    pub async fn stored_bytes(&self) -> anyhow::Result<Stored> {
        let sqlite = self.database().await?;
        sqlite
            .execute_unprepared("pragma wal_checkpoint(truncate)")
            .await?;
        let free = "select freelist_count * page_size from pragma_freelist_count, pragma_page_size";
        let statement = Statement::from_string(sqlite.get_database_backend(), free);
        let row = sqlite.query_one_raw(statement).await?;
        let free: i64 = row.context("a pragma answers")?.try_get_by_index(0)?;
        sqlite.close().await?;
        Ok(Stored {
            database: std::fs::metadata(self.dir.path().join("crow.db"))?.len(),
            free: free.cast_unsigned(),
            objects: meter::folder_bytes(&self.dir.path().join("objects"))?,
        })
    }

    /// Runs a `crow` command on this installation; returns what it prints.
    pub fn crow(&self, arguments: &[&str]) -> anyhow::Result<String> {
        crow(&self.env, self.dir.path(), arguments)
    }
}

/// Bytes on disk.
#[derive(Debug, Clone, Copy)]
pub struct Stored {
    pub database: u64,
    /// Pages in the database's file that hold nothing, and that later rows take.
    pub free: u64,
    pub objects: u64,
}

/// Seconds of processor time of each part.
#[derive(Debug, Clone, Copy)]
pub struct Cpu {
    pub gateway: f64,
    pub nats: f64,
    pub keeper: f64,
    pub query: f64,
    pub postgres: f64,
    pub load: f64,
}

impl Cpu {
    pub fn since(&self, before: &Self) -> Self {
        Self {
            gateway: self.gateway - before.gateway,
            nats: self.nats - before.nats,
            keeper: self.keeper - before.keeper,
            query: self.query - before.query,
            postgres: self.postgres - before.postgres,
            load: self.load - before.load,
        }
    }
}

/// A baseline of the gateway, in a process of its own. The arguments say which.
pub async fn start_bare(dir: &Path, arguments: &[&str]) -> anyhow::Result<(Process, SocketAddr)> {
    let address = SocketAddr::from(([127, 0, 0, 1], free_port()));
    let process = Process::builder("crow-bench", dir)
        .args(["bare", "--listen", &address.to_string()])
        .args(arguments.iter().copied())
        .start()?;
    wait::until("the bare server", READY, async || {
        tokio::net::TcpStream::connect(address).await.ok()
    })
    .await?;
    Ok((process, address))
}

fn start_process(binary: &str, env: &[(String, String)], dir: &Path) -> anyhow::Result<Process> {
    let mut builder = Process::builder(binary, dir);
    for (name, value) in env {
        builder = builder.env(name, value);
    }
    builder.start()
}

fn create_key(
    env: &[(String, String)],
    dir: &Path,
    organization: &str,
    scope: &str,
) -> anyhow::Result<String> {
    keys::created(&crow(env, dir, &keys::create(organization, scope))?)
}

fn crow(env: &[(String, String)], dir: &Path, arguments: &[&str]) -> anyhow::Result<String> {
    let output = Command::new(process::binary("crow")?)
        .args(arguments)
        .envs(env.iter().cloned())
        .current_dir(dir)
        .output()?;
    let errors = String::from_utf8_lossy(&output.stderr);
    ensure!(
        output.status.success(),
        "crow {arguments:?} failed: {errors}"
    );
    Ok(String::from_utf8(output.stdout)?)
}
