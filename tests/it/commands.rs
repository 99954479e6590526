//! Runs commands beside a load.

use std::io::{BufRead, BufReader};
use std::process::{Command, Output, Stdio};

/// What a command said.
pub fn text(output: &Output) -> String {
    let both = [&output.stdout[..], &output.stderr[..]].concat();
    String::from_utf8_lossy(&both).into_owned()
}

/// Runs a command to its end beside the load.
pub fn run(mut command: Command) -> Output {
    tokio::task::block_in_place(|| command.output().unwrap())
}

/// Runs a command that must succeed; what it says.
pub fn succeed(command: Command) -> String {
    let output = run(command);
    let said = text(&output);
    assert!(output.status.success(), "{said}");
    said
}

/// Kills a command as soon as it says something. It may have ended just before.
pub fn kill_at(mut command: Command, words: &str) {
    tokio::task::block_in_place(|| {
        let mut child = command.stderr(Stdio::piped()).spawn().unwrap();
        let lines = BufReader::new(child.stderr.take().unwrap()).lines();
        let mut lines = lines.map_while(Result::ok);
        assert!(
            lines.any(|line| line.contains(words)),
            "it never said {words}"
        );
        child.kill().unwrap();
        println!("killed at `{words}`: {}", child.wait().unwrap());
    });
}
