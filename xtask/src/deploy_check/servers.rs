//! The servers that an installation needs from outside.

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::{PermissionsExt, chown};
use std::path::{Path, PathBuf};

use anyhow::{Context, ensure};
use crow_testkit::keys;
use crow_testkit::postgres::{self, PostgresCluster};
use crow_testkit::s3::{self, S3Bucket, S3Server};
use nix::unistd::User;
use tempfile::TempDir;
use tokio::process::Command;

use super::certificates::Certificates;
use super::instance::Files;
use super::nats_cluster::NatsCluster;
use super::nats_values;
use crate::{command, frontend, tools};

/// Where the component `tls` mounts its secret.
const MOUNTED: &str = "/etc/crow/tls";

/// Three NATS nodes, Postgres and S3; stopped when dropped, before their folder goes away.
pub struct Servers {
    /// The nodes of NATS.
    pub nats: NatsCluster,
    database: String,
    bucket: S3Bucket,
    certificates: Certificates,
    _postgres: PostgresCluster,
    _s3: S3Server,
    _dir: TempDir,
}

impl Servers {
    /// Starts all of them.
    pub async fn start(folder: &Path, nats_server: &Path) -> anyhow::Result<Self> {
        let logs = folder.join("logs");
        fs::create_dir_all(&logs)?;
        frontend::install_test_tools().await?;
        tools::for_tests().await?;
        // Not under target/, because the user of Postgres may have no access to it.
        let dir = tempfile::Builder::new()
            .prefix("crow-deploy-")
            .tempdir()
            .context("cannot create a temporary folder")?;
        let certificates = Certificates::make(&folder.join("certificates")).await?;
        let settings = tls_of_postgres(&dir, &certificates)?;
        let settings: Vec<&str> = settings.iter().map(String::as_str).collect();
        let home = dir.path().join("pg");
        let (postgres, s3) = tokio::try_join!(
            PostgresCluster::start_with(&home, &logs, &settings),
            S3Server::start(&logs)
        )?;
        Ok(Self {
            nats: NatsCluster::start(
                nats_server,
                folder,
                &certificates,
                &nats_values::users().await?,
            )?,
            database: postgres::create_database(&postgres.url()).await?,
            bucket: s3::create_bucket(&s3.url()).await?,
            certificates,
            _postgres: postgres,
            _s3: s3,
            _dir: dir,
        })
    }

    /// The files of both secrets.
    pub fn secrets(&self) -> anyhow::Result<Files> {
        let database = format!(
            "{}?sslmode=verify-full&sslrootcert={MOUNTED}/ca.crt&sslcert={MOUNTED}/tls.crt\
             &sslkey={MOUNTED}/tls.key",
            self.database
        );
        let secrets = [
            ("database-url", database),
            ("bus-url", self.nats.url("crow")),
            ("bus-url-ingest", self.nats.url("crow-ingest")),
            ("bus-url-session", self.nats.url("crow-session")),
            ("bus-url-query", self.nats.url("crow-query")),
            ("bus-url-gateway", self.nats.url("crow-gateway")),
            ("bus-url-interaction", self.nats.url("crow-interaction")),
            ("master-key", keys::MASTER_KEY.to_owned()),
            ("s3-access-key-id", self.bucket.access_key_id.clone()),
            (
                "s3-secret-access-key",
                self.bucket.secret_access_key.clone(),
            ),
        ];
        // A file written by an editor ends with a line break.
        let secrets = secrets.map(|(name, value)| (name.to_owned(), format!("{value}\n")));
        Ok(BTreeMap::from([
            ("crow-secrets".to_owned(), secrets.into_iter().collect()),
            ("crow-client-tls".to_owned(), self.certificates.secret()?),
        ]))
    }

    /// Settings that differ from those of the overlay: another bucket.
    pub fn settings(&self) -> Vec<(String, String)> {
        let bucket = &self.bucket;
        [
            ("CROW_STORAGE__URL", format!("s3://{}", bucket.bucket)),
            ("CROW_STORAGE__ENDPOINT", bucket.endpoint.clone()),
            ("CROW_STORAGE__REGION", bucket.region.clone()),
            ("CROW_STORAGE__ALLOW_HTTP", "true".to_owned()),
        ]
        .into_iter()
        .map(|(name, value)| (name.to_owned(), value))
        .collect()
    }

    /// Fails if anybody talks to Postgres in the clear, or without the certificate of CROW.
    pub async fn require_tls_to_postgres(&self) -> anyhow::Result<()> {
        const COUNT: &str = "select count(*) filter (where client_dn = '/CN=crow'), count(*) \
            from pg_stat_ssl join pg_stat_activity using (pid) \
            where datname = current_database() and pid <> pg_backend_pid()";
        let psql = postgres::bin_dir().context("no Postgres")?.join("psql");
        let mut command = Command::new(psql);
        command.args([
            "--no-psqlrc",
            "--tuples-only",
            "--no-align",
            "--command",
            COUNT,
        ]);
        let answer = command::output(command.arg("--dbname").arg(&self.database)).await?;
        let counts = answer.trim().split_once('|').context("two numbers")?;
        ensure!(
            counts.0 == counts.1 && counts.0 != "0",
            "of {} connections to Postgres {} show the certificate of CROW",
            counts.1,
            counts.0
        );
        Ok(())
    }
}

/// Settings of Postgres, with copies of the files that its user may read.
fn tls_of_postgres(dir: &TempDir, certificates: &Certificates) -> anyhow::Result<Vec<String>> {
    // The user of Postgres must reach what lies below.
    fs::set_permissions(dir.path(), fs::Permissions::from_mode(0o755))?;
    let owner = User::from_name("postgres")?.filter(|_| nix::unistd::Uid::effective().is_root());
    let mut settings = vec!["ssl=on".to_owned()];
    for (setting, file) in [
        ("ssl_cert_file", "server.crt"),
        ("ssl_key_file", "server.key"),
        ("ssl_ca_file", "ca.crt"),
    ] {
        let copy: PathBuf = dir.path().join(file);
        fs::copy(certificates.path(file), &copy)?;
        fs::set_permissions(&copy, fs::Permissions::from_mode(0o600))?;
        if let Some(user) = &owner {
            chown(&copy, Some(user.uid.as_raw()), Some(user.gid.as_raw()))?;
        }
        settings.push(format!("{setting}={}", copy.display()));
    }
    Ok(settings)
}
