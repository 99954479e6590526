use std::path::Path;
use std::time::Duration;

use tempfile::TempDir;

use super::{OwnedChild, Process, is_configuration, profile_dir};

const DEADLINE: Duration = Duration::from_secs(10);

/// A process that runs a shell command instead of one of our binaries.
fn shell(dir: &TempDir, line: &str) -> Process {
    let mut command = std::process::Command::new("/bin/sh");
    command.args(["-c", line]);
    let builder = Process::builder("sh", dir.path());
    let child = OwnedChild::spawn("sh", &mut command, &builder.log_file()).unwrap();
    Process { builder, child }
}

/// The state letter of a process on Linux: `T` means stopped.
fn state(process: &Process) -> String {
    let stat = std::fs::read_to_string(format!("/proc/{}/stat", process.pid())).unwrap();
    stat.split(' ').nth(2).unwrap().to_owned()
}

async fn wait_for_log(process: &Process, text: &str) {
    crate::wait::eventually("the log", DEADLINE, async || {
        process.log_tail(5).contains(text).then_some(())
    })
    .await;
}

#[tokio::test]
async fn terminate_gives_the_process_time_to_end() {
    let dir = tempfile::tempdir().unwrap();
    let mut process = shell(
        &dir,
        "trap 'echo bye; exit 7' TERM; echo up; while :; do :; done",
    );
    wait_for_log(&process, "up").await;
    let status = process.terminate(DEADLINE).await.unwrap();
    assert_eq!(status.code(), Some(7));
    assert_eq!(process.log_tail(1), "bye");
    assert!(!process.is_running());
}

#[tokio::test]
async fn terminate_tells_of_a_process_that_stays() {
    let dir = tempfile::tempdir().unwrap();
    let mut process = shell(&dir, "trap '' TERM; echo up; while :; do :; done");
    wait_for_log(&process, "up").await;
    let result = process.terminate(Duration::from_millis(100)).await;
    assert!(result.is_err());
    assert!(process.is_running());
    process.kill().unwrap();
    assert!(!process.is_running());
}

#[tokio::test]
async fn pauses_and_resumes() {
    let dir = tempfile::tempdir().unwrap();
    let mut process = shell(&dir, "exec cat /dev/zero >/dev/null");
    process.pause().unwrap();
    process.pause().unwrap();
    assert_eq!(state(&process), "T");
    process.resume().unwrap();
    assert_ne!(state(&process), "T");
    process.kill().unwrap();
    assert!(process.pause().is_err(), "paused an ended process");
}

#[tokio::test]
async fn the_end_of_a_process_is_seen() {
    let dir = tempfile::tempdir().unwrap();
    let mut process = shell(&dir, "exit 3");
    let status = process.ended(DEADLINE).await.unwrap();
    assert_eq!(status.code(), Some(3));
    assert!(process.kill().is_ok(), "killing the dead is no error");
}

#[test]
fn a_missing_binary_is_named() {
    let dir = tempfile::tempdir().unwrap();
    let error = Process::builder("crow-nothing", dir.path())
        .start()
        .unwrap_err();
    assert!(error.to_string().contains("crow-nothing is missing"));
}

#[test]
fn binaries_lie_beside_the_caller() {
    let check = |program, dir| assert_eq!(profile_dir(Path::new(program)).unwrap(), Path::new(dir));
    check("/t/debug/deps/it-0123", "/t/debug");
    check("/t/debug/xtask", "/t/debug");
}

#[test]
fn configuration_is_not_inherited() {
    assert!(is_configuration("CROW_INGEST__LISTEN"));
    assert!(is_configuration("AUTH_SERVICE_URL"));
    assert!(!is_configuration("PATH"));
}
