//! What assistants speak with, `/mcp`, is the Model Context Protocol: its conformance suite says so, and its
//! inspector calls tools.

use std::process::Command;

use crow_testkit::paths;

use crate::system::{Database, ORGANIZATION, Objects, System};

#[tokio::test(flavor = "multi_thread")]
async fn mcp_passes_the_conformance_suite_and_the_inspector_of_the_protocol() {
    let system = System::start(Database::Sqlite, Objects::Disk, &[]).await;
    let mut npm = Command::new("npm");
    npm.args(["run", "--silent", "check"])
        .current_dir(paths::workspace_root().join("tools/mcp"))
        .env("MCP_URL", format!("{}/mcp", system.query_url))
        .env("MCP_KEY", system.create_key(ORGANIZATION, "read"));
    let run = tokio::task::spawn_blocking(move || npm.output());
    let output = run.await.unwrap().unwrap();
    assert!(
        output.status.success(),
        "`npm ci` in tools/mcp installs the suite; `cargo xtask test` does it.\n{}\n{}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    );
}
