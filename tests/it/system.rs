//! A whole installation for one test: nats-server, database, objects, and our binaries.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::time::Duration;

use crow_testkit::nats::{NatsOptions, NatsServer};
use crow_testkit::port::free_port;
use crow_testkit::process::{self, Process};
use crow_testkit::{keys, paths, postgres, s3, wait};
use tempfile::TempDir;

/// How long a process may take to become ready.
const READY: Duration = Duration::from_secs(60);

/// Where sessions are kept.
#[derive(Debug, Clone, Copy)]
pub enum Database {
    Sqlite,
    Postgres,
}

/// Where recordings are kept.
#[derive(Debug, Clone, Copy)]
pub enum Objects {
    Disk,
    S3,
}

/// The tenant of the tests.
pub const ORGANIZATION: &str = "acme";

/// One running installation.
pub struct System {
    pub nats: NatsServer,
    pub ingest: Process,
    pub session: Process,
    pub query: Process,
    pub ingest_url: String,
    pub query_url: String,
    pub grpc_url: String,
    pub ingest_key: String,
    pub read_key: String,
    env: Vec<(String, String)>,
    pub session_url: String,
    dir: TempDir,
}

/// An installation that has not started: its servers run and are empty.
pub struct Blank {
    nats: NatsServer,
    env: Vec<(String, String)>,
    dir: TempDir,
    /// Addresses of gateway, read API, gRPC and session keeper.
    addresses: [String; 4],
}

/// The keys of an organization, for ingest and for reading.
pub type Keys = (String, String);

impl Blank {
    /// Starts the servers. `extra` are settings on top, as environment variables.
    pub async fn new(database: Database, objects: Objects, extra: &[(&str, &str)]) -> Self {
        let dir = TempDir::new().unwrap();
        let nats = NatsServer::start(NatsOptions {
            sync_always: true,
            users: Some(paths::workspace_root().join("deploy/nats-users.conf")),
            ..NatsOptions::default()
        })
        .await
        .unwrap();
        let ports: [u16; 4] = std::array::from_fn(|_index| free_port());
        let addresses = ports.map(|port| format!("127.0.0.1:{port}"));
        let mut env = settings(&nats, &addresses);
        env.push((
            DATABASE_URL.to_owned(),
            database_url(database, dir.path()).await,
        ));
        env.extend(objects_settings(objects, dir.path()).await);
        env.extend(
            extra
                .iter()
                .map(|(name, value)| ((*name).to_owned(), (*value).to_owned())),
        );
        Self {
            nats,
            env,
            dir,
            addresses,
        }
    }

    /// Changes a setting.
    pub fn set(&mut self, name: &str, value: &str) {
        self.env.push((name.to_owned(), value.to_owned()));
    }

    /// A `crow` command on this installation.
    pub fn command(&self, arguments: &[&str]) -> Command {
        command(arguments, &self.env, self.dir.path())
    }

    /// Starts the services and waits until they are ready. Without keys, makes some.
    pub async fn start(self, keys: Option<Keys>) -> System {
        let Self {
            nats,
            env,
            dir,
            addresses,
        } = self;
        // The session keeper creates the installation, so it comes first.
        let start = |binary| {
            let mut builder = Process::builder(binary, dir.path());
            for (name, value) in &env {
                builder = builder.env(name, value);
            }
            // Each service may do what it needs to, and no more.
            builder = builder.env("CROW_BUS__URL", nats.url_of(binary));
            builder.start().unwrap()
        };
        let [ingest_url, query_url, grpc_url, session_url] =
            addresses.map(|address| format!("http://{address}"));
        let session = start("crow-session");
        wait::http_ready(&format!("{session_url}/health/ready"), READY).await;
        let (ingest, query) = (start("crow-ingest"), start("crow-query"));
        let mut system = System {
            nats,
            ingest,
            session,
            query,
            ingest_url,
            query_url,
            grpc_url,
            ingest_key: String::new(),
            read_key: String::new(),
            env,
            session_url,
            dir,
        };
        (system.ingest_key, system.read_key) = keys.unwrap_or_else(|| {
            let key = |scope| system.create_key(ORGANIZATION, scope);
            (key("ingest"), key("read"))
        });
        system.wait_until_ready().await;
        system
    }
}

/// The setting that a test changes when a database is lost.
pub const DATABASE_URL: &str = "CROW_DATABASE__URL";

fn settings(nats: &NatsServer, addresses: &[String; 4]) -> Vec<(String, String)> {
    let [ingest, query, grpc, session] = addresses;
    let nats = nats.url();
    let max_bytes = (64 << 20).to_string();
    let settings = [
        ("CROW_BUS__URL", nats.as_str()),
        ("CROW_BUS__PARTITION_MAX_BYTES", &max_bytes),
        ("CROW_INGEST__LISTEN", ingest),
        ("CROW_INGEST__IP_RATE__REQUESTS_PER_SECOND", "100000"),
        ("CROW_INGEST__IP_RATE__BURST", "100000"),
        ("CROW_QUERY__LISTEN", query),
        ("CROW_QUERY__GRPC_LISTEN", grpc),
        ("CROW_SESSION__LISTEN", session),
        ("CROW_BUS__PARTITIONS", "4"),
        ("CROW_KEYRING__MASTER_KEY", keys::MASTER_KEY),
        ("CROW_SESSION__FLUSH_AGE_MS", "300"),
        ("CROW_SESSION__LEASE_MS", "2000"),
        ("CROW_SESSION__LEASE_RENEW_MS", "500"),
    ];
    settings
        .into_iter()
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .collect()
}

fn command(arguments: &[&str], env: &[(String, String)], dir: &Path) -> Command {
    let mut command = Command::new(process::binary("crow").unwrap());
    command
        .args(arguments)
        .envs(env.iter().cloned())
        .current_dir(dir);
    command
}

impl System {
    /// Starts everything and waits until it is ready. `extra` are settings on top, as
    /// environment variables.
    pub async fn start(database: Database, objects: Objects, extra: &[(&str, &str)]) -> Self {
        Blank::new(database, objects, extra).await.start(None).await
    }

    /// Kills the services. Servers and settings stay.
    pub fn into_blank(self) -> (Blank, Keys) {
        let address = |url: &str| url.trim_start_matches("http://").to_owned();
        let urls = [
            &self.ingest_url,
            &self.query_url,
            &self.grpc_url,
            &self.session_url,
        ];
        let blank = Blank {
            addresses: urls.map(|url| address(url)),
            nats: self.nats,
            env: self.env,
            dir: self.dir,
        };
        (blank, (self.ingest_key, self.read_key))
    }

    /// A second process of a service (`ingest`, `session`, `query`), and its URL.
    pub async fn another(&self, service: &str) -> (Process, String) {
        self.another_with(service, &[]).await
    }

    /// The same with settings on top, as environment variables.
    pub async fn another_with(&self, service: &str, extra: &[(&str, &str)]) -> (Process, String) {
        let binary = format!("crow-{service}");
        let [listen, grpc] = [free_port(), free_port()].map(|port| format!("127.0.0.1:{port}"));
        let mut builder = Process::builder(&binary, self.dir.path());
        builder = builder.log_name(format!("{binary}-2"));
        for (name, value) in &self.env {
            builder = builder.env(name, value);
        }
        builder = builder
            .env("CROW_BUS__URL", self.nats.url_of(&binary))
            .env(format!("CROW_{}__LISTEN", service.to_uppercase()), &listen)
            .env("CROW_QUERY__GRPC_LISTEN", grpc);
        for (name, value) in extra {
            builder = builder.env(*name, *value);
        }
        let process = builder.start().unwrap();
        let url = format!("http://{listen}");
        wait::http_ready(&format!("{url}/health/ready"), READY).await;
        (process, url)
    }

    /// The API gateway in front of the services, on this address.
    pub async fn gateway(&self, listen: &str) -> Process {
        let binary = "crow-gateway";
        let mut builder = Process::builder(binary, self.dir.path());
        for (name, value) in &self.env {
            builder = builder.env(name, value);
        }
        let process = builder
            .env("CROW_BUS__URL", self.nats.url_of(binary))
            .env("CROW_GATEWAY__LISTEN", listen)
            .env("CROW_GATEWAY__INGEST_URL", &self.ingest_url)
            .env("CROW_GATEWAY__QUERY_URL", &self.query_url)
            .env("CROW_GATEWAY__QUERY_GRPC_URL", &self.grpc_url)
            .start()
            .unwrap();
        wait::http_ready(&format!("http://{listen}/health/ready"), READY).await;
        process
    }

    /// Waits until every process answers that it is ready.
    pub async fn wait_until_ready(&self) {
        for url in [&self.ingest_url, &self.session_url, &self.query_url] {
            wait::http_ready(&format!("{url}/health/ready"), READY).await;
        }
    }

    /// Makes a key through the command line.
    pub fn create_key(&self, organization: &str, scope: &str) -> String {
        keys::created(&self.crow(&keys::create(organization, scope))).unwrap()
    }

    /// Runs a `crow` command on this installation.
    pub fn run_crow(&self, arguments: &[&str]) -> Output {
        command(arguments, &self.env, self.dir.path())
            .output()
            .unwrap()
    }

    /// The same with another database.
    pub fn run_crow_on(&self, database: &Path, arguments: &[&str]) -> Output {
        command(arguments, &self.env, self.dir.path())
            .env(DATABASE_URL, format!("sqlite://{}", database.display()))
            .output()
            .unwrap()
    }

    /// The folder of everything that the processes write.
    pub fn dir(&self) -> &Path {
        self.dir.path()
    }

    /// Where the database is.
    pub fn database_url(&self) -> &str {
        let mut set = self.env.iter().rev();
        let url = set.find(|(name, _value)| name == DATABASE_URL);
        &url.expect("every installation has a database").1
    }

    /// The folder of the objects, with [`Objects::Disk`].
    pub fn objects(&self) -> PathBuf {
        self.dir.path().join("objects")
    }

    /// Runs a `crow` command on this installation, which must succeed; returns what it prints.
    pub fn crow(&self, arguments: &[&str]) -> String {
        let output = self.run_crow(arguments);
        let errors = String::from_utf8_lossy(&output.stderr);
        assert!(
            output.status.success(),
            "crow {arguments:?} failed: {errors}"
        );
        String::from_utf8(output.stdout).unwrap()
    }

    /// The last lines of every log, for the message of a failed test.
    pub fn logs(&self) -> String {
        let tail = |process: &Process| process.log_tail(15);
        format!(
            "ingest:\n{}\nsession:\n{}\nquery:\n{}\n",
            tail(&self.ingest),
            tail(&self.session),
            tail(&self.query)
        )
    }
}

async fn database_url(database: Database, dir: &Path) -> String {
    match database {
        Database::Sqlite => format!("sqlite://{}/crow.db", dir.display()),
        Database::Postgres => postgres::database().await,
    }
}

async fn objects_settings(objects: Objects, dir: &Path) -> Vec<(String, String)> {
    let set = |name: &str, value: String| (format!("CROW_STORAGE__{name}"), value);
    match objects {
        Objects::Disk => vec![set("URL", format!("file://{}/objects", dir.display()))],
        Objects::S3 => {
            let bucket = s3::bucket().await;
            vec![
                set("URL", format!("s3://{}/crow", bucket.bucket)),
                set("ENDPOINT", bucket.endpoint),
                set("REGION", bucket.region),
                set("ACCESS_KEY_ID", bucket.access_key_id),
                set("SECRET_ACCESS_KEY", bucket.secret_access_key),
                set("ALLOW_HTTP", "true".to_owned()),
            ]
        }
    }
}
