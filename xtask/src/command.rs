//! Running other programs.

use std::ffi::{OsStr, OsString};
use std::io;
use std::path::Path;
use std::process::{ExitCode, ExitStatus, Stdio};
use std::time::Instant;

use anyhow::{Context, ensure};
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::Command;

/// Writes a line of progress to standard error.
pub fn progress(text: impl AsRef<str>) {
    eprintln!("xtask: {}", text.as_ref());
}

/// A command of Cargo at the root of the workspace.
pub fn cargo(arguments: &[&str]) -> Command {
    let mut command = Command::new(cargo_program());
    command
        .current_dir(crow_testkit::paths::workspace_root())
        .args(arguments);
    // `cargo xtask` describes this package to us in the environment. Build scripts, such as ring's,
    // run again when that changes, and everything above them is compiled again.
    let ours = std::env::vars_os().filter(|(name, _value)| is_about_package(name));
    for (name, _value) in ours {
        command.env_remove(name);
    }
    command
}

/// The same; the crates of the workspace are compiled with the lints of clippy, and their documentation
/// is checked. Warnings are errors. What it compiles is not shared with [`cargo`].
pub fn linting_cargo(arguments: &[&str]) -> Command {
    let mut command = cargo(arguments);
    let beside = |name: &str| Path::new(&cargo_program()).with_file_name(name);
    let wrapper = crow_testkit::paths::workspace_root().join("xtask/rustc-with-lints.sh");
    command.env("RUSTC_WORKSPACE_WRAPPER", wrapper);
    command.env("CROW_CLIPPY_DRIVER", beside("clippy-driver"));
    command.env("CROW_RUSTDOC", beside("rustdoc"));
    // As `cargo clippy -- -D warnings` passes it.
    command.env("CLIPPY_ARGS", "-Dwarnings__CLIPPY_HACKERY__");
    command
}

/// A program that takes only the time that others leave.
pub fn background(program: impl AsRef<OsStr>) -> Command {
    let mut command = Command::new("nice");
    command.args(["-n", "19"]).arg(program);
    command
}

fn cargo_program() -> OsString {
    std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into())
}

fn is_about_package(name: &OsStr) -> bool {
    let name = name.to_string_lossy();
    name.starts_with("CARGO_PKG_") || name.starts_with("CARGO_MANIFEST_")
}

/// Runs a command and passes its output through. A failure is an error.
pub async fn run(command: &mut Command) -> anyhow::Result<()> {
    let line = line(command);
    progress(&line);
    let started = Instant::now();
    let status = command
        .stdin(Stdio::null())
        .kill_on_drop(true)
        .status()
        .await
        .with_context(|| format!("cannot run `{line}`"))?;
    if !status.success() {
        return Err(StepFailed { line, status }.into());
    }
    progress(format!(
        "done in {:.1} s: {line}",
        started.elapsed().as_secs_f64()
    ));
    Ok(())
}

/// As [`run`], for tests: the error repeats what failed tests said, which the output of other tests may bury.
pub async fn run_tests(command: &mut Command) -> anyhow::Result<()> {
    let line = line(command);
    progress(&line);
    let mut child = command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .kill_on_drop(true)
        .spawn()
        .with_context(|| format!("cannot run `{line}`"))?;
    let output = child.stdout.take().context("its output is a pipe")?;
    let mut output = BufReader::new(output);
    let mut failures = Failures::default();
    let mut said = Vec::new();
    while output.read_until(b'\n', &mut said).await? > 0 {
        let text = String::from_utf8_lossy(&said);
        print!("{text}");
        failures.hear(&text);
        said.clear();
    }
    let status = child.wait().await?;
    let failed = StepFailed { line, status };
    match (status.success(), failures.said.as_str()) {
        (true, _) => Ok(()),
        (false, "") => Err(failed.into()),
        (false, said) => Err(anyhow::Error::from(failed).context(said.to_owned())),
    }
}

/// What programs of tests say of those that failed.
#[derive(Debug, Default)]
struct Failures {
    said: String,
    is_inside: bool,
}

impl Failures {
    /// In bytes. The first failure is often the cause of the others.
    const MOST: usize = 16 << 10;

    fn hear(&mut self, line: &str) {
        self.is_inside |= line.trim_end() == "failures:";
        if self.is_inside && self.said.len() < Self::MOST {
            self.said.push_str(line);
        }
        self.is_inside &= !line.starts_with("test result:");
    }
}

/// As [`run`], for installers: their output goes to standard error.
pub async fn run_aside(command: &mut Command) -> anyhow::Result<()> {
    run(command.stdout(io::stderr())).await
}

/// Runs a command and returns its standard output. A failure is an error.
pub async fn output(command: &mut Command) -> anyhow::Result<String> {
    let line = line(command);
    let output = command
        .stdin(Stdio::null())
        .stderr(Stdio::inherit())
        .kill_on_drop(true)
        .output()
        .await
        .with_context(|| format!("cannot run `{line}`"))?;
    ensure!(
        output.status.success(),
        "`{line}` failed: {}",
        output.status
    );
    String::from_utf8(output.stdout).with_context(|| format!("`{line}` does not write UTF-8"))
}

/// The exit code for an error: that of the step that failed, else 1.
pub fn exit_code(error: &anyhow::Error) -> ExitCode {
    let step = error.downcast_ref::<StepFailed>();
    let code = step.and_then(|step| u8::try_from(step.status.code()?).ok());
    code.map_or(ExitCode::FAILURE, ExitCode::from)
}

/// A program of ours ended without success.
#[derive(Debug)]
struct StepFailed {
    line: String,
    status: ExitStatus,
}

impl std::fmt::Display for StepFailed {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "`{}` failed: {}", self.line, self.status)
    }
}

impl std::error::Error for StepFailed {}

/// The command line, with programs without their folder.
fn line(command: &Command) -> String {
    let command = command.as_std();
    let program = std::path::Path::new(command.get_program());
    let words = program.file_name().into_iter().chain(command.get_args());
    let words: Vec<_> = words.map(OsStr::to_string_lossy).collect();
    words.join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn the_error_of_tests_repeats_what_failed_ones_said() {
        assert!(run_tests(&mut Command::new("true")).await.is_ok());
        let mut command = Command::new("sh");
        command.args([
            "-c",
            "echo failures:; echo why; echo 'test result: FAILED'; echo else; exit 101",
        ]);
        let error = run_tests(&mut command).await.unwrap_err();
        assert_eq!(exit_code(&error), ExitCode::from(101));
        let said = format!("{error:#}");
        assert!(
            said.contains("failures:\nwhy\ntest result: FAILED\n"),
            "{said}"
        );
        assert!(!said.contains("else\n"), "{said}");
    }
}
