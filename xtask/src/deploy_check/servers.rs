//! The servers that an installation needs from outside.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use anyhow::Context;
use crow_testkit::nats::{self, NatsOptions, NatsServer};
use crow_testkit::postgres::{self, PostgresCluster};
use crow_testkit::s3::{self, S3Bucket, S3Server};
use tempfile::TempDir;

use crate::tools;

/// NATS, Postgres and S3; stopped when dropped, before their folder goes away.
pub struct Servers {
    database: String,
    bucket: S3Bucket,
    nats: NatsServer,
    _postgres: PostgresCluster,
    _s3: S3Server,
    _dir: TempDir,
}

impl Servers {
    /// Starts all of them.
    pub async fn start(folder: &Path) -> anyhow::Result<Self> {
        let logs = folder.join("logs");
        fs::create_dir_all(&logs)?;
        tools::for_tests().await?;
        // Not under target/, because the user of Postgres may have no access to it.
        let dir = tempfile::Builder::new()
            .prefix("crow-deploy-")
            .tempdir()
            .context("cannot create a temporary folder")?;
        let (postgres, s3) = tokio::try_join!(
            PostgresCluster::start(dir.path(), &logs),
            S3Server::start(&logs)
        )?;
        let nats = NatsServer::start(NatsOptions {
            sync_always: true,
            ..NatsOptions::default()
        })
        .await?;
        Ok(Self {
            database: postgres::create_database(&postgres.url()).await?,
            bucket: s3::create_bucket(&s3.url()).await?,
            nats,
            _postgres: postgres,
            _s3: s3,
            _dir: dir,
        })
    }

    /// The files of the secret `crow-secrets`.
    pub fn secrets(&self) -> BTreeMap<String, String> {
        let secrets = [
            ("database-url", self.database.clone()),
            ("bus-url", self.nats.url()),
            ("s3-access-key-id", self.bucket.access_key_id.clone()),
            (
                "s3-secret-access-key",
                self.bucket.secret_access_key.clone(),
            ),
        ];
        // A file written by an editor ends with a line break.
        let secrets = secrets.map(|(name, value)| (name.to_owned(), format!("{value}\n")));
        secrets.into_iter().collect()
    }

    /// Settings that differ from those of the overlay: one NATS node, and another bucket.
    pub fn settings(&self) -> Vec<(String, String)> {
        let bucket = &self.bucket;
        [
            ("CROW_BUS__REPLICAS", "1".to_owned()),
            ("CROW_STORAGE__URL", format!("s3://{}", bucket.bucket)),
            ("CROW_STORAGE__ENDPOINT", bucket.endpoint.clone()),
            ("CROW_STORAGE__REGION", bucket.region.clone()),
            ("CROW_STORAGE__ALLOW_HTTP", "true".to_owned()),
        ]
        .into_iter()
        .map(|(name, value)| (name.to_owned(), value))
        .collect()
    }
}

/// A program that needs nothing: it is linked statically.
pub async fn trial_program() -> anyhow::Result<std::path::PathBuf> {
    match nats::binary() {
        Ok(program) => Ok(program),
        Err(_) => tools::nats_server().await,
    }
}
