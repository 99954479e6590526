//! A whole installation for one test: nats-server, database, objects, and our binaries.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::time::Duration;

use crow_testkit::nats::{NatsOptions, NatsServer};
use crow_testkit::port::free_port;
use crow_testkit::process::{self, Process};
use crow_testkit::{paths, postgres, s3, wait};
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

impl System {
    /// Starts everything and waits until it is ready. `extra` are settings on top, as
    /// environment variables.
    pub async fn start(database: Database, objects: Objects, extra: &[(&str, &str)]) -> Self {
        let dir = TempDir::new().unwrap();
        let nats = NatsServer::start(NatsOptions {
            sync_always: true,
            users: Some(paths::workspace_root().join("deploy/nats-users.conf")),
            ..NatsOptions::default()
        })
        .await
        .unwrap();
        let ports: [u16; 4] = std::array::from_fn(|_index| free_port());
        let [ingest, query, grpc, session] = ports.map(|port| format!("127.0.0.1:{port}"));
        let mut env = vec![
            ("CROW_BUS__URL".to_owned(), nats.url()),
            (
                "CROW_BUS__PARTITION_MAX_BYTES".to_owned(),
                (64 << 20).to_string(),
            ),
            (
                "CROW_DATABASE__URL".to_owned(),
                database_url(database, dir.path()).await,
            ),
            ("CROW_INGEST__LISTEN".to_owned(), ingest.clone()),
            (
                "CROW_INGEST__IP_RATE__REQUESTS_PER_SECOND".to_owned(),
                "100000".to_owned(),
            ),
            (
                "CROW_INGEST__IP_RATE__BURST".to_owned(),
                "100000".to_owned(),
            ),
            ("CROW_QUERY__LISTEN".to_owned(), query.clone()),
            ("CROW_QUERY__GRPC_LISTEN".to_owned(), grpc.clone()),
            ("CROW_SESSION__LISTEN".to_owned(), session.clone()),
            ("CROW_BUS__PARTITIONS".to_owned(), "4".to_owned()),
            ("CROW_SESSION__FLUSH_AGE_MS".to_owned(), "300".to_owned()),
            ("CROW_SESSION__LEASE_MS".to_owned(), "2000".to_owned()),
            ("CROW_SESSION__LEASE_RENEW_MS".to_owned(), "500".to_owned()),
        ];
        env.extend(objects_settings(objects, dir.path()).await);
        env.extend(
            extra
                .iter()
                .map(|(name, value)| ((*name).to_owned(), (*value).to_owned())),
        );

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
        let session_url = format!("http://{session}");
        let session = start("crow-session");
        wait::http_ready(&format!("{session_url}/health/ready"), READY).await;
        let (ingest_url, query_url) = (format!("http://{ingest}"), format!("http://{query}"));
        let (ingest, query) = (start("crow-ingest"), start("crow-query"));
        let mut system = Self {
            nats,
            ingest,
            session,
            query,
            ingest_url,
            query_url,
            grpc_url: format!("http://{grpc}"),
            ingest_key: String::new(),
            read_key: String::new(),
            env,
            session_url,
            dir,
        };
        system.ingest_key = system.create_key(ORGANIZATION, "ingest");
        system.read_key = system.create_key(ORGANIZATION, "read");
        system.wait_until_ready().await;
        system
    }

    /// Waits until every process answers that it is ready.
    pub async fn wait_until_ready(&self) {
        for url in [&self.ingest_url, &self.session_url, &self.query_url] {
            wait::http_ready(&format!("{url}/health/ready"), READY).await;
        }
    }

    /// Makes a key through the command line.
    pub fn create_key(&self, organization: &str, scope: &str) -> String {
        let arguments = [
            "keys",
            "create",
            "--json",
            "--org",
            organization,
            "--scope",
            scope,
        ];
        let answer = self.crow(&arguments);
        let line: serde_json::Value = serde_json::from_str(&answer).unwrap();
        line["key"].as_str().unwrap().to_owned()
    }

    /// Runs a `crow` command on this installation.
    pub fn run_crow(&self, arguments: &[&str]) -> Output {
        let mut command = Command::new(process::binary("crow").unwrap());
        command
            .args(arguments)
            .envs(self.env.iter().cloned())
            .current_dir(self.dir.path());
        command.output().unwrap()
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
