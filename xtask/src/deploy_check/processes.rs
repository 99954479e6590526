//! Instances as plain processes, for machines on which no container can run.
//!
//! The stripped programs run with the arguments, environment and files of the manifests. What only a
//! container has is not checked: the image, its user, and its read-only root.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Instant;

use anyhow::Context;
use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use tokio::process::{Child, Command};

use super::instance::Instance;
use super::podman::Files;
use super::runner::{Ended, Output};

/// Where the pods have their configuration and secrets.
const ETC: &str = "/etc/crow";

/// Processes; killed when dropped.
pub struct Processes {
    program: PathBuf,
    etc: PathBuf,
    logs: PathBuf,
    running: BTreeMap<String, Child>,
}

impl Processes {
    /// Writes the files below `folder`.
    pub fn new(program: PathBuf, folder: &Path, files: &Files) -> anyhow::Result<Self> {
        let etc = folder.join("etc");
        for (part, contents) in [("config", &files.config), ("secrets", &files.secrets)] {
            fs::create_dir_all(etc.join(part))?;
            for (name, content) in contents {
                fs::write(etc.join(part).join(name), moved(content, &etc))?;
            }
        }
        let logs = folder.join("logs");
        fs::create_dir_all(&logs)?;
        Ok(Self {
            program,
            etc,
            logs,
            running: BTreeMap::new(),
        })
    }

    fn command(&self, instance: &Instance) -> Command {
        let mut command = Command::new(&self.program);
        for name in crow_testkit::process::inherited_configuration() {
            command.env_remove(name);
        }
        for (name, value) in instance.environment() {
            command.env(name, moved(&value, &self.etc));
        }
        command
            .args(instance.arguments())
            .stdin(Stdio::null())
            .kill_on_drop(true);
        command
    }

    /// Starts one.
    pub fn start(&mut self, instance: &Instance) -> anyhow::Result<()> {
        let log = fs::File::create(self.log_file(instance))?;
        let mut command = self.command(instance);
        command.stdout(log.try_clone()?).stderr(log);
        let child = command.spawn().context("cannot start crow")?;
        self.running.insert(instance.name.clone(), child);
        Ok(())
    }

    /// Runs one to its end.
    pub async fn run(&mut self, instance: &Instance) -> anyhow::Result<Output> {
        let output = self.command(instance).output().await?;
        Ok(Output {
            succeeded: output.status.success(),
            stdout: String::from_utf8_lossy(&output.stdout).into_owned(),
            stderr: String::from_utf8_lossy(&output.stderr).into_owned(),
        })
    }

    /// SIGTERM, and waits for the end.
    pub async fn terminate(&mut self, instance: &Instance) -> anyhow::Result<Ended> {
        let child = self.running.remove(&instance.name);
        let mut child = child.context("it does not run")?;
        let id = child.id().context("it has ended already")?;
        let started = Instant::now();
        kill(Pid::from_raw(i32::try_from(id)?), Signal::SIGTERM)?;
        let status = child.wait().await?;
        Ok(Ended {
            code: status.code().unwrap_or(-1),
            took: started.elapsed(),
        })
    }

    /// What one wrote.
    pub fn log(&self, instance: &Instance) -> String {
        fs::read_to_string(self.log_file(instance)).unwrap_or_default()
    }

    fn log_file(&self, instance: &Instance) -> PathBuf {
        self.logs.join(format!("{}.log", instance.name))
    }
}

/// The same text with the folder of this machine.
fn moved(text: &str, etc: &Path) -> String {
    text.replace(ETC, &etc.display().to_string())
}
