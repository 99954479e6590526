//! How instances run: as pods, or as plain processes where no container can run.

use super::instance::Instance;
use super::outcome::{Ended, Output};
use super::podman::Podman;
use super::processes::Processes;

/// Runs instances. All of them end when it is dropped.
pub enum Runner {
    /// As pods.
    Podman(Podman),
    /// As processes with the arguments and settings of the manifests.
    Processes(Processes),
}

impl Runner {
    /// Starts an instance.
    pub async fn start(&mut self, instance: &Instance) -> anyhow::Result<()> {
        match self {
            Self::Podman(podman) => podman.start(instance).await,
            Self::Processes(processes) => processes.start(instance),
        }
    }

    /// Runs an instance to its end.
    pub async fn run(&mut self, instance: &Instance) -> anyhow::Result<Output> {
        match self {
            Self::Podman(podman) => podman.run(instance).await,
            Self::Processes(processes) => processes.run(instance).await,
        }
    }

    /// Runs a command of `crow` beside an instance that runs, with its settings, as
    /// `kubectl exec` does.
    pub async fn exec(&self, instance: &Instance, arguments: &[&str]) -> anyhow::Result<Output> {
        match self {
            Self::Podman(podman) => podman.exec(instance, arguments).await,
            Self::Processes(processes) => processes.exec(instance, arguments).await,
        }
    }

    /// SIGTERM, and waits for the end.
    pub async fn terminate(&mut self, instance: &Instance) -> anyhow::Result<Ended> {
        match self {
            Self::Podman(podman) => podman.terminate(instance).await,
            Self::Processes(processes) => processes.terminate(instance).await,
        }
    }

    /// The last lines of what an instance wrote.
    pub async fn log(&self, instance: &Instance) -> String {
        let log = match self {
            Self::Podman(podman) => podman.log(instance).await,
            Self::Processes(processes) => processes.log(instance),
        };
        let lines: Vec<_> = log.lines().collect();
        lines[lines.len().saturating_sub(15)..].join("\n")
    }
}
