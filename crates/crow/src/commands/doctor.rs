//! `crow doctor`: follows the path of the data, and names the part that fails.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::{Duration, Instant};

use anyhow::{Context, bail, ensure};
use clap::Args;
use reqwest::StatusCode;
use serde_json::{Value, json};

use crow_auth::{Scope, Scopes, keys};
use crow_bus::streams;
use crow_db::Db;
use crow_db::search_index::{Extension, Extensions, LARGE};
use crow_storage::Store;
use crow_types::{OrganizationId, Timestamp};

use crate::config::Config;

use super::{open_bus, open_db, open_keyring};

/// The organization of the sessions that the doctor writes.
const ORGANIZATION: &str = "crow-doctor";

#[derive(Args)]
pub(crate) struct DoctorArgs {
    /// Address of the gateway. Default: ingest.listen.
    #[arg(long)]
    ingest_url: Option<String>,
    /// Address of the read API. Default: query.listen.
    #[arg(long)]
    query_url: Option<String>,
    /// Certificates of the authority, in PEM, that signed those of the gateway and the read API.
    /// Default: the authorities that the system trusts.
    #[arg(long, value_name = "FILE")]
    ca_file: Option<PathBuf>,
    /// Seconds to wait for the session to appear.
    #[arg(long, default_value_t = 30)]
    timeout: u64,
    /// Instead, read everything that is stored: rows whose object is gone, chunks that cannot be
    /// read, and objects that no row names. The services may run. Takes long.
    #[arg(long)]
    deep: bool,
}

/// The checks that the doctor runs.
struct Patient<'a> {
    config: &'a Config,
    data_dir: &'a Path,
    ingest: String,
    query: String,
    timeout: Duration,
    http: reqwest::Client,
}

impl Patient<'_> {
    /// The key was created a moment ago: whoever does not know it reads another database.
    fn must_know_the_key(&self, status: StatusCode, part: &str, url: &str) -> anyhow::Result<()> {
        ensure!(
            status != StatusCode::UNAUTHORIZED,
            "the {part} at {url} does not know a key that was just written to {}: it belongs to another installation, \
             or asks another service about keys (auth.service_url)",
            self.config.database.place()
        );
        Ok(())
    }
}

pub(crate) async fn run(
    args: DoctorArgs,
    data_dir: &Path,
    config: &Config,
) -> anyhow::Result<ExitCode> {
    if args.deep {
        return super::audit::run(config).await;
    }
    let patient = Patient {
        config,
        data_dir,
        ingest: args.ingest_url.unwrap_or_else(|| config.ingest_url()),
        query: args.query_url.unwrap_or_else(|| config.query_url()),
        timeout: Duration::from_secs(args.timeout),
        http: http_client(args.ca_file.as_deref())?,
    };
    match examine(&patient).await {
        Ok(()) => {
            println!("all is well");
            Ok(ExitCode::SUCCESS)
        }
        Err(error) => {
            println!("    {error:#}");
            Ok(ExitCode::FAILURE)
        }
    }
}

pub(super) fn http_client(ca_file: Option<&Path>) -> anyhow::Result<reqwest::Client> {
    let mut client = reqwest::Client::builder().timeout(Duration::from_secs(10));
    if let Some(file) = ca_file {
        let unreadable = || format!("cannot read certificates from {}", file.display());
        let pem = std::fs::read(file).with_context(unreadable)?;
        let certificates = reqwest::Certificate::from_pem_bundle(&pem).with_context(unreadable)?;
        ensure!(!certificates.is_empty(), unreadable());
        client = client.tls_certs_merge(certificates);
    }
    Ok(client.build()?)
}

async fn examine(patient: &Patient<'_>) -> anyhow::Result<()> {
    let config = patient.config;
    let db = step(
        "database answers, schema is up to date",
        check_database(config),
    )
    .await?;
    if let Some(extensions) = Extensions::of(&db).await? {
        println!("{}", about_searches(&extensions));
    }
    step(
        "object store writes, reads and deletes",
        check_store(config),
    )
    .await?;
    step(
        "no keys of recordings wait to be restored",
        check_restored(&db),
    )
    .await?;
    if config.lacks_master_key() {
        println!("master key: not checked, because it is not set here");
    } else {
        step(
            "master key opens the keys of recordings",
            check_keyring(config, &db),
        )
        .await?;
    }
    step("bus answers and has its streams", check_bus(patient, &db)).await?;
    step(
        "gateway is ready",
        check_ready(patient, &patient.ingest, "ingest.listen or --ingest-url"),
    )
    .await?;
    step(
        "read API is ready",
        check_ready(patient, &patient.query, "query.listen or --query-url"),
    )
    .await?;

    let organization = OrganizationId::new(ORGANIZATION)?;
    let scopes = [Scope::Ingest, Scope::Read].into_iter().collect::<Scopes>();
    let (record, secret) = keys::create(&db, &organization, "doctor", scopes, None).await?;
    let outcome = follow_a_session(patient, secret.expose()).await;
    keys::revoke(&db, &record.id).await?;
    outcome
}

async fn follow_a_session(patient: &Patient<'_>, key: &str) -> anyhow::Result<()> {
    let session = format!("doctor-{}", ulid::Ulid::new());
    let sent = recording();
    step(
        "gateway acknowledges a session",
        send_session(patient, key, &session, &sent),
    )
    .await?;
    step(
        "session keeper stores it",
        wait_for_session(patient, key, &session),
    )
    .await?;
    step(
        "replay returns what was sent",
        check_replay(patient, key, &session, &sent),
    )
    .await
}

/// Prints the step and its result.
async fn step<T>(name: &str, check: impl Future<Output = anyhow::Result<T>>) -> anyhow::Result<T> {
    print!("{name} … ");
    std::io::stdout().flush()?;
    let outcome = check.await;
    println!("{}", if outcome.is_ok() { "ok" } else { "FAILED" });
    outcome
}

/// What it lacks is no fault: the answers are the same.
fn about_searches(extensions: &Extensions) -> String {
    let of = |name: &str, extension: &Extension| match extension {
        Extension::Ready { version, .. } => format!("{name} {version}"),
        Extension::NotCreated => format!(
            "no, {name} is not created; run `create extension {name}` in this database as an administrator"
        ),
        Extension::TooOld(version) => format!("no, {name} {version} is too old; upgrade it"),
        Extension::Missing => format!("no, {name} is not on the server; install its package"),
    };
    format!(
        "search indexes for {LARGE} interactions or more: by meaning: {}; by words: {}",
        of("vector", &extensions.vectors),
        of("pg_trgm", &extensions.trigrams)
    )
}

async fn check_database(config: &Config) -> anyhow::Result<Db> {
    open_db(config).await.context("check database.url")
}

async fn check_store(config: &Config) -> anyhow::Result<()> {
    let store = Store::open(&config.storage)?;
    let key = format!("doctor/{}", ulid::Ulid::new());
    store
        .put(&key, "crow".into())
        .await
        .context("check storage.url, its keys and rights")?;
    let found = store
        .get(&key)
        .await
        .context("the store accepts objects but does not return them")?;
    ensure!(
        found.as_ref() == b"crow",
        "the store returned other bytes than were written"
    );
    store
        .delete(&key)
        .await
        .context("the store does not delete objects")
}

async fn check_restored(db: &Db) -> anyhow::Result<()> {
    Ok(crow_keyring::check_restored(db).await?)
}

async fn check_keyring(config: &Config, db: &Db) -> anyhow::Result<()> {
    let keyring = open_keyring(config, db).await;
    let keyring = keyring.context("check keyring.master_key_file")?;
    Ok(keyring.check().await?)
}

async fn check_bus(patient: &Patient<'_>, db: &Db) -> anyhow::Result<()> {
    let bus = open_bus(patient.data_dir, patient.config, db).await?;
    streams::ensure(&bus)
        .await
        .context("check bus.url, and that JetStream is on with room for the streams")
}

async fn check_ready(patient: &Patient<'_>, url: &str, setting: &str) -> anyhow::Result<()> {
    let answer = patient
        .http
        .get(format!("{url}/health/ready"))
        .send()
        .await
        .with_context(|| format!("nothing answers at {url}; is it running? Check {setting}"))?;
    let status = answer.status();
    if status == StatusCode::NOT_FOUND {
        return check_live(patient, url).await;
    }
    let text = answer.text().await.unwrap_or_default();
    ensure!(status.is_success(), "{url} answers {status}: {text}");
    Ok(())
}

/// Where operators have an address of their own, this one tells only that it lives.
async fn check_live(patient: &Patient<'_>, url: &str) -> anyhow::Result<()> {
    let answer = patient
        .http
        .get(format!("{url}/health/live"))
        .send()
        .await?;
    let status = answer.status();
    ensure!(status.is_success(), "{url}/health/live answers {status}");
    Ok(())
}

/// The smallest recording that a player can show.
fn recording() -> Vec<Value> {
    let now = Timestamp::now().0;
    let document = json!({ "type": 0, "id": 1, "childNodes": [] });
    vec![
        json!({ "type": 4, "timestamp": now - 30, "data": { "href": "https://doctor.invalid/", "width": 800, "height": 600 } }),
        json!({ "type": 2, "timestamp": now - 20, "data": { "node": document, "initialOffset": { "left": 0, "top": 0 } } }),
        json!({ "type": 3, "timestamp": now - 10, "data": { "source": 3, "id": 1, "x": 0, "y": 10 } }),
    ]
}

async fn send_session(
    patient: &Patient<'_>,
    key: &str,
    session: &str,
    replay: &[Value],
) -> anyhow::Result<()> {
    let now = Timestamp::now().0;
    let batch = json!({
        "batchId": session, "sessionId": session, "windowId": "w", "seq": 0, "sentAt": now,
        "context": { "url": "https://doctor.invalid/" },
        "events": [{ "id": session, "type": "pageview", "timestamp": now - 25, "url": "https://doctor.invalid/" }],
        "replay": replay,
    });
    post(patient, key, "/batch", &batch).await?;
    post(
        patient,
        key,
        "/session/end",
        &json!({ "sessionId": session }),
    )
    .await
}

async fn post(patient: &Patient<'_>, key: &str, path: &str, body: &Value) -> anyhow::Result<()> {
    let answer = patient
        .http
        .post(format!("{}{path}", patient.ingest))
        .bearer_auth(key)
        .json(body)
        .send()
        .await?;
    let status = answer.status();
    patient.must_know_the_key(status, "gateway", &patient.ingest)?;
    let text = answer.text().await.unwrap_or_default();
    ensure!(status.is_success(), "POST {path} answers {status}: {text}");
    Ok(())
}

async fn wait_for_session(patient: &Patient<'_>, key: &str, session: &str) -> anyhow::Result<()> {
    let url = format!("{}/sessions/{ORGANIZATION}/{session}", patient.query);
    let started = Instant::now();
    while started.elapsed() < patient.timeout {
        let answer = patient.http.get(&url).bearer_auth(key).send().await?;
        patient.must_know_the_key(answer.status(), "read API", &patient.query)?;
        match answer.status().as_u16() {
            200 => {
                let found: Value = answer.json().await?;
                if found["status"] == "closed" {
                    return Ok(());
                }
            }
            404 => {}
            status => bail!(
                "GET {url} answers {status}: {}",
                answer.text().await.unwrap_or_default()
            ),
        }
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
    bail!(
        "acknowledged, but not stored within {} s: is crow-session running, on the same bus and database?",
        patient.timeout.as_secs()
    )
}

async fn check_replay(
    patient: &Patient<'_>,
    key: &str,
    session: &str,
    sent: &[Value],
) -> anyhow::Result<()> {
    let url = format!(
        "{}/sessions/{ORGANIZATION}/{session}/replay?format=rrweb",
        patient.query
    );
    let answer = patient.http.get(&url).bearer_auth(key).send().await?;
    let status = answer.status();
    ensure!(
        status.is_success(),
        "GET {url} answers {status}: does the read API use the same storage?"
    );
    let played: Vec<Value> = answer.json().await.context("the replay is not JSON")?;
    ensure!(
        played == sent,
        "the replay is not what was sent: {} of {} events",
        played.len(),
        sent.len()
    );
    Ok(())
}
