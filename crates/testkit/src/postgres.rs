//! A fresh Postgres database for each test, on a cluster that `cargo xtask test` starts.

use std::env;
use std::io::Write as _;
use std::path::PathBuf;

use anyhow::{Context, bail, ensure};
use tokio::process::Command;
use tokio::sync::OnceCell;

use crate::paths;

mod cluster;
mod programs;
#[cfg(test)]
mod tests;

pub use cluster::PostgresCluster;
pub use programs::{PGVECTOR_BIN_DIR, bin_dir};

/// Environment variable with the URL of the cluster for tests.
pub const URL_VARIABLE: &str = "CROW_TEST_POSTGRES_URL";

/// The same of a cluster whose server has the extension pgvector. The other one has not.
pub const PGVECTOR_URL_VARIABLE: &str = "CROW_TEST_PGVECTOR_URL";

/// Without such a server there is an error, not a notice. CI sets it.
pub const REQUIRE_PGVECTOR_VARIABLE: &str = "CROW_REQUIRE_PGVECTOR";

/// The folder that has the Python package with such a server, for benchmarks. Not set: they leave it out.
pub const PGVECTOR_PACKAGES_VARIABLE: &str = "CROW_BENCH_PGVECTOR";

/// The URL of a new, empty database with a unique name. It disappears with the cluster.
pub async fn database() -> String {
    create_database(&cluster_url())
        .await
        .unwrap_or_else(|error| panic!("{error:#}"))
}

/// The URL of a new copy of a database that `fill` filled. It is called once for each process, and must
/// close its connections.
pub async fn copied_database(fill: impl AsyncFnOnce(String)) -> String {
    static FILLED: OnceCell<String> = OnceCell::const_new();
    let filled = FILLED
        .get_or_init(async || {
            let url = database().await;
            fill(url.clone()).await;
            url
        })
        .await;
    let name = filled.rsplit('/').next().unwrap_or_default();
    let name = name.split('?').next().unwrap_or_default();
    create_like(&cluster_url(), name)
        .await
        .unwrap_or_else(|error| panic!("{error:#}"))
}

/// Like [`database`], where the extension pgvector can be created. `None` and a line of text when there is
/// no such server here: `cargo xtask test` has one on x86-64 and arm64 Linux.
pub async fn database_with_pgvector() -> Option<String> {
    let Ok(cluster_url) = env::var(PGVECTOR_URL_VARIABLE) else {
        let said =
            format!("NOT TESTED: {PGVECTOR_URL_VARIABLE} is not set, so there is no pgvector");
        assert!(env::var_os(REQUIRE_PGVECTOR_VARIABLE).is_none(), "{said}");
        // Not by a macro: the runner of tests would keep the line of a test that passes.
        let _closed = writeln!(std::io::stderr(), "{said}");
        return None;
    };
    let url = create_database(&cluster_url).await;
    Some(url.unwrap_or_else(|error| panic!("{error:#}")))
}

/// Like [`database`], on the cluster at this URL.
pub async fn create_database(cluster_url: &str) -> anyhow::Result<String> {
    create_like(cluster_url, "template0").await
}

fn cluster_url() -> String {
    env::var(URL_VARIABLE).unwrap_or_else(|_unset| {
        panic!("{URL_VARIABLE} is not set: run the tests through `cargo xtask test`")
    })
}

async fn create_like(cluster_url: &str, template: &str) -> anyhow::Result<String> {
    let name = format!("crow_{:016x}", rand::random::<u64>());
    let statement = format!("create database {name} template {template}");
    let output = Command::new(psql()?)
        .args(["--no-psqlrc", "--quiet", "--set=ON_ERROR_STOP=1"])
        .args(["--dbname", cluster_url, "--command", &statement])
        .kill_on_drop(true)
        .output()
        .await
        .context("cannot run psql")?;
    ensure!(
        output.status.success(),
        "cannot create a database: {}",
        String::from_utf8_lossy(&output.stderr).trim()
    );
    with_database(cluster_url, &name)
}

fn psql() -> anyhow::Result<PathBuf> {
    paths::on_path("psql")
        .or_else(|| Some(bin_dir()?.join("psql")))
        .context("no psql: install the Debian package postgresql")
}

/// Replaces the database of a Postgres URL.
fn with_database(url: &str, name: &str) -> anyhow::Result<String> {
    let (address, query) = match url.split_once('?') {
        Some((address, query)) => (address, format!("?{query}")),
        None => (url, String::new()),
    };
    let Some((scheme, rest)) = address.split_once("://") else {
        bail!("not a Postgres URL: {url}");
    };
    let host = rest.split_once('/').map_or(rest, |(host, _)| host);
    Ok(format!("{scheme}://{host}/{name}{query}"))
}
