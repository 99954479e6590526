//! Our own binaries as processes that tests can kill, pause and restart.

use std::env;
use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitStatus};
use std::time::Duration;

use anyhow::{Context, ensure};
use nix::sys::signal::Signal;

use crate::child::OwnedChild;
use crate::{log, wait};

#[cfg(test)]
mod tests;

/// Environment variable with the folder of our binaries.
pub const BIN_DIR_VARIABLE: &str = "CROW_BIN_DIR";

/// Variables without our prefix that configure our services.
const CONFIGURATION_VARIABLES: [&str; 5] = [
    "ENVIRONMENT",
    "AUTH_SERVICE_URL",
    "SERVICE_API_KEY",
    "SYSTEM_SECRET",
    "INTERNAL_GATEWAY_KEY",
];

/// How a process is started and restarted.
#[derive(Debug, Clone)]
pub struct ProcessBuilder {
    binary: String,
    /// `None`: the folder of our binaries.
    bin_dir: Option<PathBuf>,
    args: Vec<OsString>,
    env: Vec<(OsString, OsString)>,
    log_dir: PathBuf,
    log_name: String,
    own_group: bool,
}

impl ProcessBuilder {
    /// Adds an argument.
    #[must_use]
    pub fn arg(mut self, arg: impl Into<OsString>) -> Self {
        self.args.push(arg.into());
        self
    }

    /// Adds arguments.
    #[must_use]
    pub fn args(mut self, args: impl IntoIterator<Item = impl Into<OsString>>) -> Self {
        self.args.extend(args.into_iter().map(Into::into));
        self
    }

    /// Sets an environment variable. The process inherits neither variables that configure CROW nor
    /// `CROW_NATS_SERVER`. Pass the path that [`nats::binary`](crate::nats::binary) finds.
    #[must_use]
    pub fn env(mut self, name: impl Into<OsString>, value: impl Into<OsString>) -> Self {
        self.env.push((name.into(), value.into()));
        self
    }

    /// Names the log `{name}.log`, to distinguish processes of the same binary. Default: the
    /// binary's name.
    #[must_use]
    pub fn log_name(mut self, name: impl Into<String>) -> Self {
        self.log_name = name.into();
        self
    }

    /// Runs the binary in this folder, such as that of an earlier version.
    #[must_use]
    pub fn bin_dir(mut self, dir: Option<&Path>) -> Self {
        self.bin_dir = dir.map(Path::to_path_buf);
        self
    }

    /// Shields the process from Ctrl-C in a terminal: its owner decides when it ends.
    #[must_use]
    pub fn own_process_group(mut self) -> Self {
        self.own_group = true;
        self
    }

    /// Starts the process without waiting for it to be ready: see [`wait::http_ready`].
    pub fn start(self) -> anyhow::Result<Process> {
        fs::create_dir_all(&self.log_dir).context("cannot create the log folder")?;
        let child = self.spawn()?;
        Ok(Process {
            builder: self,
            child,
        })
    }

    fn spawn(&self) -> anyhow::Result<OwnedChild> {
        let program = match &self.bin_dir {
            Some(dir) => dir.join(&self.binary),
            None => binary(&self.binary)?,
        };
        let mut command = Command::new(program);
        for name in inherited_configuration() {
            command.env_remove(name);
        }
        command.args(&self.args).envs(self.env.iter().cloned());
        if self.own_group {
            std::os::unix::process::CommandExt::process_group(&mut command, 0);
        }
        OwnedChild::spawn(&self.binary, &mut command, &self.log_file())
    }

    fn log_file(&self) -> PathBuf {
        self.log_dir.join(format!("{}.log", self.log_name))
    }
}

/// One of our binaries, running or ended. It is killed on drop.
#[derive(Debug)]
pub struct Process {
    builder: ProcessBuilder,
    child: OwnedChild,
}

impl Process {
    /// Prepares a start of `binary` (`crow`, `crow-ingest`, …), which logs to `log_dir`.
    pub fn builder(binary: &str, log_dir: impl Into<PathBuf>) -> ProcessBuilder {
        ProcessBuilder {
            binary: binary.to_owned(),
            bin_dir: None,
            args: Vec::new(),
            env: Vec::new(),
            log_dir: log_dir.into(),
            log_name: binary.to_owned(),
            own_group: false,
        }
    }

    /// The process id.
    pub fn pid(&self) -> u32 {
        self.child.pid()
    }

    /// Whether the process still runs.
    pub fn is_running(&mut self) -> bool {
        self.child.is_running()
    }

    /// The exit status; `None` while it runs.
    pub fn exit_status(&mut self) -> Option<ExitStatus> {
        self.child.exit_status()
    }

    /// Sends SIGKILL and waits for the end.
    pub fn kill(&mut self) -> anyhow::Result<()> {
        self.child.kill()
    }

    /// Sends SIGTERM and waits for the end. Fails if the process still runs at the deadline.
    pub async fn terminate(&mut self, deadline: Duration) -> anyhow::Result<ExitStatus> {
        self.child.stop(Signal::SIGTERM, deadline).await
    }

    /// Waits until the process ends on its own. Fails at the deadline.
    pub async fn ended(&mut self, deadline: Duration) -> anyhow::Result<ExitStatus> {
        let what = format!("the end of {}", self.builder.binary);
        wait::until(&what, deadline, async || self.exit_status()).await
    }

    /// Sends SIGSTOP: connections stay open, and the process does not respond.
    pub fn pause(&mut self) -> anyhow::Result<()> {
        self.child.pause()
    }

    /// Sends SIGCONT: continues after [`pause`](Self::pause).
    pub fn resume(&mut self) -> anyhow::Result<()> {
        self.child.resume()
    }

    /// Restarts an ended process with the same arguments, and appends to the same log file.
    pub fn start_again(&mut self) -> anyhow::Result<()> {
        ensure!(!self.is_running(), "{} runs already", self.builder.binary);
        self.child = self.builder.spawn()?;
        Ok(())
    }

    /// Like [`start_again`](Self::start_again), with the binary of another folder.
    pub fn start_again_from(&mut self, bin_dir: Option<&Path>) -> anyhow::Result<()> {
        self.builder.bin_dir = bin_dir.map(Path::to_path_buf);
        self.start_again()
    }

    /// The file with both outputs.
    pub fn log_file(&self) -> PathBuf {
        self.builder.log_file()
    }

    /// The last lines of both outputs.
    pub fn log_tail(&self, lines: usize) -> String {
        log::tail(&self.log_file(), lines)
    }
}

/// The folder of our binaries: `CROW_BIN_DIR`, else the folder of Cargo's output for the caller.
pub fn bin_dir() -> anyhow::Result<PathBuf> {
    match env::var_os(BIN_DIR_VARIABLE) {
        Some(dir) => Ok(dir.into()),
        None => profile_dir(&env::current_exe().context("cannot find the own program")?),
    }
}

/// The path of one of our binaries.
pub fn binary(name: &str) -> anyhow::Result<PathBuf> {
    let path = bin_dir()?.join(name);
    ensure!(
        path.is_file(),
        "{} is missing: run through `cargo xtask test`, or `cargo build --workspace --bins`",
        path.display()
    );
    Ok(path)
}

/// `target/debug`, from `target/debug/xtask` or from the test `target/debug/deps/it-0123`.
fn profile_dir(program: &Path) -> anyhow::Result<PathBuf> {
    let dir = program.parent().context("a program lies in a folder")?;
    let dir = match dir.file_name() {
        Some(name) if name == "deps" => dir.parent().context("deps lies in a folder")?,
        _ => dir,
    };
    Ok(dir.to_path_buf())
}

/// Names of the variables in our environment that would configure a service. A started service must
/// not inherit them.
pub fn inherited_configuration() -> impl Iterator<Item = OsString> {
    env::vars_os()
        .map(|(name, _)| name)
        .filter(|name| is_configuration(&name.to_string_lossy()))
}

fn is_configuration(name: &str) -> bool {
    name.starts_with("CROW_") || CONFIGURATION_VARIABLES.contains(&name)
}
