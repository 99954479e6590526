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
use crow_testkit::nats;
use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use tokio::process::{Child, Command};

use super::instance::{Files, Instance};
use super::outcome::{Ended, Output};

/// Where the pods have their files and their data.
const FOLDERS: [&str; 2] = ["/etc/crow", "/var/lib/crow"];

/// Processes; killed when dropped.
pub struct Processes {
    program: PathBuf,
    /// For `crow serve`. The image has its own.
    nats_server: PathBuf,
    /// In place of the root of the image.
    folder: PathBuf,
    files: Files,
    logs: PathBuf,
    running: BTreeMap<String, Child>,
}

impl Processes {
    /// Writes the files below `folder`.
    pub fn new(
        program: PathBuf,
        nats_server: PathBuf,
        folder: &Path,
        files: Files,
    ) -> anyhow::Result<Self> {
        let logs = folder.join("logs");
        fs::create_dir_all(&logs)?;
        Ok(Self {
            program,
            nats_server,
            folder: folder.to_owned(),
            files,
            logs,
            running: BTreeMap::new(),
        })
    }

    /// Writes what an instance mounts, each file where its pod has it.
    fn mount(&self, instance: &Instance) -> anyhow::Result<()> {
        for mount in instance.mounts(&self.files) {
            let folder = PathBuf::from(moved(&mount.place, &self.folder));
            fs::create_dir_all(&folder)?;
            for (name, content) in &mount.files {
                fs::write(folder.join(name), moved(content, &self.folder))?;
            }
        }
        Ok(())
    }

    fn command(&self, instance: &Instance) -> Command {
        let mut command = Command::new(&self.program);
        for name in crow_testkit::process::inherited_configuration() {
            command.env_remove(name);
        }
        for (name, value) in instance.environment() {
            command.env(name, moved(&value, &self.folder));
        }
        command
            .env(nats::BINARY_VARIABLE, &self.nats_server)
            .stdin(Stdio::null())
            .kill_on_drop(true);
        command
    }

    /// Starts one.
    pub fn start(&mut self, instance: &Instance) -> anyhow::Result<()> {
        self.mount(instance)?;
        let log = fs::File::create(self.log_file(instance))?;
        let mut command = self.command(instance);
        command.args(instance.arguments());
        command.stdout(log.try_clone()?).stderr(log);
        let child = command.spawn().context("cannot start crow")?;
        self.running.insert(instance.name.clone(), child);
        Ok(())
    }

    /// Runs one to its end.
    pub async fn run(&mut self, instance: &Instance) -> anyhow::Result<Output> {
        self.mount(instance)?;
        let mut command = self.command(instance);
        Ok(command.args(instance.arguments()).output().await?.into())
    }

    /// Runs a command with the settings of an instance.
    pub async fn exec(&self, instance: &Instance, arguments: &[&str]) -> anyhow::Result<Output> {
        let mut command = self.command(instance);
        Ok(command.args(arguments).output().await?.into())
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

/// The same text with folders below this one.
fn moved(text: &str, folder: &Path) -> String {
    let below = |name: &str| format!("{}{name}", folder.display());
    FOLDERS.iter().fold(text.to_owned(), |text, name| {
        text.replace(name, &below(name))
    })
}
