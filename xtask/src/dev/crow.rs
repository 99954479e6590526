use std::path::{Path, PathBuf};

use crow_testkit::nats;
use crow_testkit::process::{self, Process};
use tokio::process::Command;

/// The binary `crow` with its data folder.
pub struct Crow {
    pub(crate) binary: PathBuf,
    pub(crate) data_dir: PathBuf,
    pub(crate) nats_server: PathBuf,
}

impl Crow {
    /// One of its commands on the data folder.
    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(&self.binary);
        for name in process::inherited_configuration() {
            command.env_remove(name);
        }
        command
            .args(arguments)
            .arg("--data-dir")
            .arg(&self.data_dir)
            .env(nats::BINARY_VARIABLE, &self.nats_server);
        command
    }

    pub(super) fn serve(&self, log_dir: &Path) -> anyhow::Result<Process> {
        // In its own group: on Ctrl-C we tell it to drain, and it stops its NATS after that.
        Process::builder("crow", log_dir)
            .args(["serve", "--demo"])
            .arg("--data-dir")
            .arg(&self.data_dir)
            .env(nats::BINARY_VARIABLE, &self.nats_server)
            .own_process_group()
            .start()
    }
}
