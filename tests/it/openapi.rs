//! The OpenAPI documents are true: schemathesis sends what they allow, and what they do
//! not, and compares the answers with what they promise.

use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::{Value, json};
use tempfile::TempDir;

use crate::client::now_ms;
use crate::system::{Database, ORGANIZATION, Objects, System};

/// Names the program; `cargo xtask test` installs it and sets the variable.
const PROGRAM: &str = "CROW_SCHEMATHESIS";
/// The same requests in every run.
const SEED: &str = "20251121";
/// What services present.
const SYSTEM_SECRET: &str = "a secret of services, long enough";
/// Fuzzed requests for each operation, beside those that cover the document.
const EXAMPLES: &str = "15";

/// All checks but `positive_data_acceptance`: a schema cannot say that `seq` needs a
/// `windowId`, that a batch needs an event, that a cursor is one that we gave, or what is
/// a date, so some requests that fit it are refused. And not the two that follow objects
/// from creation to deletion: nothing here is created and deleted by its address.
const CHECKS: &str = "not_a_server_error,status_code_conformance,content_type_conformance,\
    response_headers_conformance,response_schema_conformance,negative_data_rejection,\
    missing_required_header,unsupported_method,allow_header_conformance,ignored_auth";

#[tokio::test(flavor = "multi_thread")]
async fn the_services_answer_as_their_openapi_documents_say() {
    let settings = [
        ("CROW_INGEST__KEY_RATE__REQUESTS_PER_SECOND", "0"),
        ("CROW_INGEST__KEY_RATE__BURST", "1"),
        ("CROW_AUTH__SYSTEM_SECRET", SYSTEM_SECRET),
    ];
    let system = System::start(Database::Sqlite, Objects::Disk, &settings).await;
    make_session(&system).await;
    let (ingest, ingest_key) = (system.ingest_url.clone(), system.ingest_key.clone());
    let admin_key = system.create_key(ORGANIZATION, "admin");
    let query = system.query_url.clone();
    // The gateway's requests make sessions that the read API then lists.
    let run = tokio::task::spawn_blocking(move || {
        conform("ingest.toml", &ingest, &ingest_key, &[]);
        conform("query.toml", &query, &admin_key, &[]);
        // With a key, routes for services answer nothing but 401.
        let of_services = ["--include-tag", "services"];
        conform("query.toml", &query, SYSTEM_SECRET, &of_services);
    });
    run.await.unwrap();
    system.wait_until_ready().await;
    a_report_is_queued(&system).await;
}

/// The example of the document at least: a body is not only read, but accepted.
async fn a_report_is_queued(system: &System) {
    let client = async_nats::connect(system.nats.url()).await.unwrap();
    let jetstream = async_nats::jetstream::new(client);
    let queue = jetstream.get_stream("CROW_INTERACTIONS").await.unwrap();
    let report = queue.get_last_raw_message_by_subject("crow.interaction.reported");
    let report: Value = serde_json::from_slice(&report.await.unwrap().payload).unwrap();
    assert!(report["data"].is_string(), "{report}");
}

/// The session that `query.toml` names, with all kinds of content.
async fn make_session(system: &System) {
    let now = now_ms();
    let batch = json!({
        "sessionId": "documented", "windowId": "w", "seq": 2, "sentAt": now,
        "sdk": { "name": "crow-js", "version": "1.0.0", "platform": "web" },
        "context": { "url": "https://shop.example/", "userId": "user-7", "viewport": [1280, 720], "traits": { "plan": "pro" } },
        "events": [
            { "type": "click", "timestamp": now, "data": { "x": 1 } },
            { "type": "custom", "name": "paid", "timestamp": now, "data": "not an object" },
            { "type": "pageview", "timestamp": now },
        ],
        "replay": [{ "type": 2, "timestamp": now, "data": {} }],
    });
    assert_eq!(system.post("/batch", &batch).await.0, 202);
    let is_whole = |found: &Value| found["hasReplay"] == true;
    system
        .session_when("documented", "the session", is_whole)
        .await;
}

/// Runs schemathesis on the document of a service, or on the operations that `only` chooses; panics with
/// its report when it fails.
fn conform(config: &str, url: &str, key: &str, only: &[&str]) {
    let dir = TempDir::new().unwrap();
    let config = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("it/openapi")
        .join(config);
    let mut command = Command::new(program());
    command.arg("--config-file").arg(config);
    command.arg("run").arg(format!("{url}/openapi.json"));
    command.args(only);
    command.args(["--header", &format!("Authorization: Bearer {key}")]);
    command.args(["--checks", CHECKS, "--phases", "examples,coverage,fuzzing"]);
    command.args(["--seed", SEED, "--max-examples", EXAMPLES]);
    command.args([
        "--generation-database",
        "none",
        "--no-color",
        "--continue-on-failure",
    ]);
    // It writes into its folder, and the servers are on this machine.
    command.current_dir(dir.path()).env("NO_PROXY", "*");
    let output = command.output().unwrap();
    let report = String::from_utf8_lossy(&output.stdout);
    let errors = String::from_utf8_lossy(&output.stderr);
    // Some failing requests are long.
    let lines: Vec<String> = report
        .lines()
        .map(|line| line.chars().take(600).collect())
        .collect();
    assert!(
        output.status.success(),
        "{url}/openapi.json is not what the service does:\n{}\n{errors}",
        lines.join("\n")
    );
}

fn program() -> PathBuf {
    let path = std::env::var_os(PROGRAM);
    path.map(PathBuf::from).unwrap_or_else(|| {
        panic!("{PROGRAM} is not set: run `cargo xtask test`, which installs schemathesis")
    })
}
