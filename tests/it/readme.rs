//! The tour of the README, as somebody pastes it.

use std::process::Command;

use crow_testkit::port::free_port;
use crow_testkit::{nats, paths, process};
use tempfile::TempDir;

/// The ports of the tour, and the settings that move them.
const PORTS: [(&str, &str); 4] = [
    ("7070", "CROW_INGEST__LISTEN"),
    ("7071", "CROW_QUERY__LISTEN"),
    ("7072", "CROW_QUERY__GRPC_LISTEN"),
    ("7073", "CROW_SESSION__LISTEN"),
];

/// Building is left out, and what needs `grpcurl`: other tests call the same method.
#[test]
fn the_tour_of_the_readme_works_when_pasted() {
    let folder = TempDir::new().unwrap();
    let bin_dir = process::bin_dir().unwrap();
    let path = std::env::var("PATH").unwrap();
    let mut bash = Command::new("bash");
    bash.current_dir(folder.path())
        .env("PATH", format!("{}:{path}", bin_dir.display()))
        .env(nats::BINARY_VARIABLE, nats::binary().unwrap());
    let mut tour = tour();
    for (port, setting) in PORTS {
        let free = free_port();
        tour = tour.replace(&format!("localhost:{port}"), &format!("localhost:{free}"));
        bash.env(setting, format!("127.0.0.1:{free}"));
    }
    let script = format!(
        "set -euo pipefail; trap 'tail -n 20 crow.log >&2; kill $(jobs -p); wait' EXIT\n{tour}"
    );
    let output = bash.arg("-c").arg(script).output().unwrap();

    let shown = String::from_utf8_lossy(&output.stdout);
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{shown}\n{errors}");
    // The receipt, then the events, the list and the replay of the session.
    let parts = [
        r#""accepted":1"#,
        r#""code":"invalid_type""#,
        r#""type":"pageview""#,
        r#""sessionId":"visit-1""#,
        r#""userId":"user-7""#,
    ];
    let mut rest = &*shown;
    for part in parts {
        let at = rest.find(part);
        let at = at.unwrap_or_else(|| panic!("no {part} in its place:\n{shown}\n{errors}"));
        rest = &rest[at + part.len()..];
    }
    // Whoever tries it for the first time should not wonder about warnings.
    let log = std::fs::read_to_string(folder.path().join("crow.log")).unwrap();
    let is_alarming = |line: &&str| line.contains("WARN") || line.contains("ERROR");
    let alarming: Vec<_> = log.lines().filter(is_alarming).collect();
    let [master_key] = alarming[..] else {
        panic!("{alarming:#?}");
    };
    assert!(master_key.contains("created the master key"));
}

/// The commands of its blocks.
fn tour() -> String {
    let readme = std::fs::read_to_string(paths::workspace_root().join("README.md")).unwrap();
    let (_before, tour) = readme.split_once("## Quick tour").unwrap();
    let (tour, _after) = tour.split_once("\n## ").unwrap();
    let blocks = tour.split("```sh\n").skip(1);
    let commands = blocks.map(|block| block.split("```").next().unwrap());
    let commands: Vec<_> = commands
        .filter(|block| !block.starts_with("grpcurl"))
        .flat_map(str::lines)
        .filter(|line| !line.starts_with("cargo "))
        .collect();
    assert!(commands.len() > 10, "no tour: {commands:?}");
    commands.join("\n")
}
