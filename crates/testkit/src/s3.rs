//! A fresh S3 bucket for each test, on a server that `cargo xtask test` starts.

use std::env;
use std::fs;
use std::path::Path;
use std::process::Command;
use std::time::Duration;

use anyhow::{Context, ensure};

use crate::child::OwnedChild;
use crate::{http, log, paths, port, wait};

#[cfg(test)]
mod tests;

/// Environment variable with the URL of the S3 server for tests.
pub const URL_VARIABLE: &str = "CROW_TEST_S3_URL";

/// Python takes seconds to load the server.
const START_DEADLINE: Duration = Duration::from_secs(60);

/// A bucket, and how to reach it.
#[derive(Debug, Clone)]
pub struct S3Bucket {
    /// URL of the server, without the bucket: requests are path-style.
    pub endpoint: String,
    /// Name of the bucket.
    pub bucket: String,
    /// The server accepts any key.
    pub access_key_id: String,
    /// The server accepts any secret.
    pub secret_access_key: String,
    /// Region of the bucket.
    pub region: String,
}

/// A new, empty bucket with a unique name. It disappears with the server.
pub async fn bucket() -> S3Bucket {
    let Ok(endpoint) = env::var(URL_VARIABLE) else {
        panic!("{URL_VARIABLE} is not set: run the tests through `cargo xtask test`");
    };
    create_bucket(&endpoint)
        .await
        .unwrap_or_else(|error| panic!("{error:#}"))
}

/// Like [`bucket`], on the server at this URL.
pub async fn create_bucket(endpoint: &str) -> anyhow::Result<S3Bucket> {
    let endpoint = endpoint.trim_end_matches('/').to_owned();
    let bucket = format!("crow-{:016x}", rand::random::<u64>());
    let answer = http::client()
        .put(format!("{endpoint}/{bucket}"))
        .send()
        .await
        .with_context(|| format!("no S3 server at {endpoint}"))?;
    ensure!(
        answer.status().is_success(),
        "cannot create a bucket: {}",
        answer.status()
    );
    Ok(S3Bucket {
        endpoint,
        bucket,
        access_key_id: "test".to_owned(),
        secret_access_key: "test".to_owned(),
        region: "us-east-1".to_owned(),
    })
}

/// A moto server on 127.0.0.1, which implements S3 and keeps everything in memory. It is killed on
/// drop.
#[derive(Debug)]
pub struct S3Server {
    child: OwnedChild,
    port: u16,
}

impl S3Server {
    /// Starts the server, logs to `log_dir`, and waits until it responds.
    pub async fn start(log_dir: &Path) -> anyhow::Result<Self> {
        let program = paths::in_venv("moto_server")
            .context("moto_server is not installed: run through `cargo xtask test`")?;
        fs::create_dir_all(log_dir).context("cannot create the log folder")?;
        let log = log_dir.join("s3.log");
        let port = port::free_port();
        let mut command = Command::new(program);
        command.args(["-H", "127.0.0.1", "-p", &port.to_string()]);
        let child = OwnedChild::spawn("moto_server", &mut command, &log)?;
        let server = Self { child, port };
        wait::until_http_ready(&server.url(), START_DEADLINE)
            .await
            .with_context(|| format!("moto_server did not start:\n{}", log::tail(&log, 20)))?;
        Ok(server)
    }

    /// The endpoint for clients.
    pub fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// The process id of the server.
    pub fn pid(&self) -> u32 {
        self.child.pid()
    }
}
