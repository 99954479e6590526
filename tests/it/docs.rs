//! What is written down is what the code says.

use std::process::Command;

use crow_testkit::{paths, process};

#[test]
fn the_configuration_reference_is_up_to_date() {
    let output = Command::new(process::binary("crow").unwrap())
        .args(["config", "reference"])
        .output()
        .unwrap();
    assert!(output.status.success());
    let written =
        std::fs::read_to_string(paths::workspace_root().join("docs/configuration.md")).unwrap();
    let made = String::from_utf8(output.stdout).unwrap();
    assert!(
        made == written,
        "run `crow config reference > docs/configuration.md`"
    );
}

#[test]
fn the_example_configuration_is_accepted_by_every_service() {
    let example = paths::workspace_root().join("deploy/crow.example.toml");
    for binary in ["crow-ingest", "crow-session", "crow-query"] {
        let mut command = Command::new(process::binary(binary).unwrap());
        let output = command
            .arg("--check-config")
            .arg("--config")
            .arg(&example)
            .output()
            .unwrap();
        let errors = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{binary}: {errors}");
    }
}

#[test]
fn an_unknown_setting_is_refused_by_name() {
    let mut command = Command::new(process::binary("crow-ingest").unwrap());
    let output = command
        .arg("--check-config")
        .env("CROW_INGEST__LISTN", "1")
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&output.stderr).contains("listn"));
}
