use std::process::{Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use super::leftovers::{Run, VARIABLE};

#[test]
fn a_run_ends_its_processes_and_no_others() {
    let run = Run::new();
    let spawn = |id: &str| {
        Command::new("cat")
            .env(VARIABLE, id)
            .stdin(Stdio::piped())
            .spawn()
            .unwrap()
    };
    let mut own = spawn(run.id());
    let mut foreign = spawn("another run");
    // The parent goes on a moment before the child's environment can be seen.
    let end = Instant::now() + Duration::from_secs(10);
    while run.processes().is_empty() {
        assert!(Instant::now() < end, "the process does not show");
        thread::yield_now();
    }

    drop(run);
    assert!(!own.wait().unwrap().success());
    assert!(foreign.try_wait().unwrap().is_none());

    drop(foreign.stdin.take());
    assert!(foreign.wait().unwrap().success());
}

#[test]
fn a_run_ends_the_processes_of_runs_that_were_killed() {
    let mut short = Command::new("true").spawn().unwrap();
    let ended = short.id();
    short.wait().unwrap();
    let spawn = |id: String| {
        Command::new("cat")
            .env(VARIABLE, id)
            .stdin(Stdio::piped())
            .spawn()
            .unwrap()
    };
    let mut abandoned = spawn(format!("{ended}-1"));
    let mut foreign = spawn(format!("{}-1", std::process::id()));

    let end = Instant::now() + Duration::from_secs(10);
    while abandoned.try_wait().unwrap().is_none() {
        assert!(Instant::now() < end, "the process was not ended");
        drop(Run::new());
    }
    assert!(foreign.try_wait().unwrap().is_none());

    drop(foreign.stdin.take());
    assert!(foreign.wait().unwrap().success());
}
