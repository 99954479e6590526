//! Network and mount namespaces: processes with their own network interfaces and mounts.
//!
//! A namespace has no name. It exists as long as its [`Namespace`] or a process in it, and its
//! interfaces and mounts disappear with it. So a killed test leaves nothing behind.

use std::ffi::OsStr;
use std::fs::File;
use std::os::fd::AsRawFd;
use std::process::{self, Command, Stdio};
use std::thread;

use anyhow::{Context, ensure};
use nix::sched::{CloneFlags, unshare};

/// A network namespace and a mount namespace. Needs root.
#[derive(Debug)]
pub struct Namespace {
    network: File,
    mounts: File,
}

impl Namespace {
    /// A network with only a loopback interface, and the mounts of this process.
    pub fn new() -> anyhow::Result<Self> {
        // The namespaces of a thread end with it, unless a file holds them.
        let namespace = thread::spawn(Self::of_this_thread)
            .join()
            .map_err(|_panic| anyhow::anyhow!("the thread of a new namespace panicked"))??;
        namespace.run("mount", ["--make-rprivate", "/"])?;
        namespace.run("ip", ["link", "set", "lo", "up"])?;
        Ok(namespace)
    }

    fn of_this_thread() -> anyhow::Result<Self> {
        unshare(CloneFlags::CLONE_NEWNET | CloneFlags::CLONE_NEWNS)
            .context("cannot create a namespace; are we root?")?;
        Ok(Self {
            network: File::open("/proc/thread-self/ns/net")?,
            mounts: File::open("/proc/thread-self/ns/mnt")?,
        })
    }

    /// A command that runs inside, with the process id that `spawn` returns.
    pub fn command(&self, program: impl AsRef<OsStr>) -> Command {
        let mut command = Command::new("nsenter");
        command
            .arg(format!("--net={}", self.network_path()))
            .arg(format!("--mount={}", path_of(&self.mounts)))
            .arg("--")
            .arg(program);
        command
    }

    /// Runs a command inside to its end. A failure is an error.
    pub fn run<const N: usize>(&self, program: &str, arguments: [&str; N]) -> anyhow::Result<()> {
        let mut command = self.command(program);
        finish(command.args(arguments))
    }

    /// Its network, for `ip link … netns`.
    pub fn network_path(&self) -> String {
        path_of(&self.network)
    }
}

/// Valid as long as this process holds the file.
fn path_of(file: &File) -> String {
    format!("/proc/{}/fd/{}", process::id(), file.as_raw_fd())
}

/// Runs `ip` in our own network. A failure is an error.
pub fn ip<const N: usize>(arguments: [&str; N]) -> anyhow::Result<()> {
    finish(Command::new("ip").args(arguments))
}

fn finish(command: &mut Command) -> anyhow::Result<()> {
    let output = command
        .stdin(Stdio::null())
        .output()
        .with_context(|| format!("cannot run {}", command.get_program().display()))?;
    ensure!(
        output.status.success(),
        "{command:?}: {}",
        String::from_utf8_lossy(&output.stderr).trim()
    );
    Ok(())
}
