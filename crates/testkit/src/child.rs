//! A child process that does not outlive its owner.

use std::path::Path;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::Duration;

use anyhow::{Context, bail, ensure};
use nix::sys::signal::{self, Signal};
use nix::sys::wait::{WaitPidFlag, WaitStatus, waitpid};
use nix::unistd::Pid;

use crate::{log, wait};

/// A child process. It is killed and reaped on drop, however the test ends.
#[derive(Debug)]
pub(crate) struct OwnedChild {
    child: Child,
    name: String,
    is_paused: bool,
}

impl OwnedChild {
    /// Starts `command` without input, and with both outputs appended to the file `log`.
    pub(crate) fn spawn(name: &str, command: &mut Command, log: &Path) -> anyhow::Result<Self> {
        let output = log::open(log)?;
        let child = command
            .stdin(Stdio::null())
            .stdout(output.try_clone()?)
            .stderr(output)
            .spawn()
            .with_context(|| format!("cannot start {}", command.get_program().display()))?;
        Ok(Self {
            child,
            name: name.to_owned(),
            is_paused: false,
        })
    }

    pub(crate) fn pid(&self) -> u32 {
        self.child.id()
    }

    /// The exit status; `None` while it runs.
    pub(crate) fn exit_status(&mut self) -> Option<ExitStatus> {
        // On an error something else has reaped it, so it has ended.
        self.child
            .try_wait()
            .unwrap_or_else(|_| Some(ExitStatus::default()))
    }

    pub(crate) fn is_running(&mut self) -> bool {
        self.exit_status().is_none()
    }

    pub(crate) fn signal(&mut self, signal: Signal) -> anyhow::Result<()> {
        // After reaping, another process may have the same id.
        if !self.is_running() {
            bail!("{} has ended and cannot get {signal}", self.name);
        }
        signal::kill(self.nix_pid()?, signal)
            .with_context(|| format!("cannot send {signal} to {}", self.name))
    }

    /// Sends SIGSTOP and waits until all threads have stopped.
    pub(crate) fn pause(&mut self) -> anyhow::Result<()> {
        // A stop is reported only once, so a second wait would block.
        if self.is_paused {
            return Ok(());
        }
        self.signal(Signal::SIGSTOP)?;
        let status = waitpid(self.nix_pid()?, Some(WaitPidFlag::WUNTRACED))?;
        ensure!(
            matches!(status, WaitStatus::Stopped(..)),
            "{} ended instead of pausing: {status:?}",
            self.name
        );
        self.is_paused = true;
        Ok(())
    }

    /// Sends SIGCONT.
    pub(crate) fn resume(&mut self) -> anyhow::Result<()> {
        self.is_paused = false;
        self.signal(Signal::SIGCONT)
    }

    /// Sends SIGKILL and waits for the end. Does nothing if the process has already ended.
    pub(crate) fn kill(&mut self) -> anyhow::Result<()> {
        self.child
            .kill()
            .and_then(|()| self.child.wait())
            .with_context(|| format!("cannot kill {}", self.name))?;
        Ok(())
    }

    /// Sends `signal` and waits for the end. Fails if the process still runs at the deadline.
    pub(crate) async fn stop(
        &mut self,
        signal: Signal,
        deadline: Duration,
    ) -> anyhow::Result<ExitStatus> {
        self.signal(signal)?;
        let what = format!("the end of {} after {signal}", self.name);
        wait::until(&what, deadline, async || self.exit_status()).await
    }

    /// Sends `signal` and blocks until the end, for use in `Drop`. Kills the process at the
    /// deadline.
    pub(crate) fn stop_blocking(&mut self, signal: Signal, deadline: Duration) {
        if self.signal(signal).is_ok() {
            wait::until_blocking(deadline, || !self.is_running());
        }
    }

    fn nix_pid(&self) -> anyhow::Result<Pid> {
        let pid = i32::try_from(self.pid()).context("a process id fits i32")?;
        Ok(Pid::from_raw(pid))
    }
}

impl Drop for OwnedChild {
    fn drop(&mut self) {
        if let Err(error) = self.kill() {
            eprintln!("{error:#}");
        }
    }
}
