//! A private nats-server that tests can kill, pause, wipe and restart.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use anyhow::{Context, bail, ensure};
use tempfile::TempDir;

use crate::child::OwnedChild;
use crate::{log, paths, port, wait};

pub mod cluster;

mod probe;
#[cfg(test)]
mod tests;

/// Environment variable with the path of the nats-server to use.
pub const BINARY_VARIABLE: &str = "CROW_NATS_SERVER";

/// Starting with a large store takes seconds.
const START_DEADLINE: Duration = Duration::from_secs(30);

/// Included files must be beside the configuration.
const USERS_FILE: &str = "nats-users.conf";

/// Variables of `deploy/nats-users.conf`.
const PASSWORDS: [(&str, &str); 6] = [
    ("CROW_BUS_PASSWORD", "crow"),
    ("CROW_BUS_INGEST_PASSWORD", "crow-ingest"),
    ("CROW_BUS_SESSION_PASSWORD", "crow-session"),
    ("CROW_BUS_QUERY_PASSWORD", "crow-query"),
    ("CROW_BUS_GATEWAY_PASSWORD", "crow-gateway"),
    ("CROW_BUS_INTERACTION_PASSWORD", "crow-interaction"),
];

/// How a [`NatsServer`] is started.
#[derive(Debug, Clone, Default)]
pub struct NatsOptions {
    /// Sync every message to disk before its acknowledgement, as in production. Even without it,
    /// killing the process loses nothing, because the page cache survives.
    pub sync_always: bool,
    /// Maximum size of the file store in bytes, for all streams together. Default: more than any
    /// test needs, regardless of the free disk space.
    pub max_file_store: Option<u64>,
    /// Port on 127.0.0.1. Default: a free one.
    pub port: Option<u16>,
    /// A file with users to include. Each password equals its user's name. A client without a name
    /// becomes the user `crow`.
    pub users: Option<PathBuf>,
    /// Folder for configuration, log and store, which is kept. Default: a temporary one.
    pub dir: Option<PathBuf>,
}

/// A nats-server with JetStream on 127.0.0.1. It keeps its port and store across restarts and is
/// killed on drop.
#[derive(Debug)]
pub struct NatsServer {
    child: Option<OwnedChild>,
    binary: PathBuf,
    name: String,
    port: u16,
    dir: PathBuf,
    /// Declared after the child, so that it is dropped after the child stops writing to it.
    _temporary: Option<TempDir>,
}

impl NatsServer {
    /// Starts a server and waits until JetStream responds.
    pub async fn start(options: NatsOptions) -> anyhow::Result<Self> {
        let (dir, temporary) = home(options.dir.as_deref())?;
        let port = options.port.unwrap_or_else(port::free_port);
        let mut server = Self {
            child: None,
            binary: binary()?,
            name: format!("crow-test-{port}-{:08x}", rand::random::<u32>()),
            port,
            dir,
            _temporary: temporary,
        };
        server.write_config(&options)?;
        server.start_again().await?;
        Ok(server)
    }

    /// The URL for clients.
    pub fn url(&self) -> String {
        format!("nats://127.0.0.1:{}", self.port)
    }

    /// The URL for a user of [`NatsOptions::users`].
    pub fn url_of(&self, user: &str) -> String {
        format!("nats://{user}:{user}@127.0.0.1:{}", self.port)
    }

    /// The process id, while the server runs.
    pub fn pid(&self) -> Option<u32> {
        self.child.as_ref().map(OwnedChild::pid)
    }

    /// The folder of configuration, log and store.
    pub fn dir(&self) -> &Path {
        &self.dir
    }

    /// The last lines of the log.
    pub fn log_tail(&self, lines: usize) -> String {
        log::tail(&self.log_file(), lines)
    }

    /// Sends SIGKILL. Unsynced data survives this, but not a power failure.
    pub fn kill(&mut self) -> anyhow::Result<()> {
        self.running()?.kill()?;
        self.child = None;
        Ok(())
    }

    /// Restarts a stopped server with its port and store, and waits until JetStream responds.
    pub async fn start_again(&mut self) -> anyhow::Result<()> {
        ensure!(self.child.is_none(), "{} runs already", self.name);
        let mut command = Command::new(&self.binary);
        command.arg("--config").arg(self.config_file());
        command.envs(PASSWORDS);
        self.child = Some(OwnedChild::spawn(
            &self.name,
            &mut command,
            &self.log_file(),
        )?);
        self.wait_until_ready().await
    }

    /// Deletes the store of a stopped server, as if its disk were lost.
    pub fn wipe(&self) -> anyhow::Result<()> {
        ensure!(self.child.is_none(), "{} runs: kill it first", self.name);
        match fs::remove_dir_all(self.store_dir()) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                Err(error).context("cannot delete the store")
            }
            _ => Ok(()),
        }
    }

    /// Sends SIGSTOP: connections stay open, and the server does not respond.
    pub fn pause(&mut self) -> anyhow::Result<()> {
        self.running()?.pause()
    }

    /// Sends SIGCONT: continues after [`pause`](Self::pause).
    pub fn resume(&mut self) -> anyhow::Result<()> {
        self.running()?.resume()
    }

    fn running(&mut self) -> anyhow::Result<&mut OwnedChild> {
        self.child.as_mut().context("the nats-server is stopped")
    }

    async fn wait_until_ready(&mut self) -> anyhow::Result<()> {
        let (port, name) = (self.port, self.name.clone());
        let child = self.running()?;
        let ready = wait::until("JetStream to answer", START_DEADLINE, async || {
            if probe::jetstream_answers(port, &name).await {
                return Some(true);
            }
            (!child.is_running()).then_some(false)
        })
        .await;
        if matches!(ready, Ok(true)) {
            return Ok(());
        }
        self.child = None;
        bail!("nats-server did not start:\n{}", self.log_tail(20));
    }

    fn write_config(&self, options: &NatsOptions) -> anyhow::Result<()> {
        if let Some(users) = &options.users {
            fs::copy(users, self.dir.join(USERS_FILE)).context("cannot copy the users")?;
        }
        let config = config(&self.name, self.port, &self.store_dir(), options);
        fs::write(self.config_file(), config).context("cannot write the configuration")
    }

    fn config_file(&self) -> PathBuf {
        self.dir.join("nats.conf")
    }

    fn log_file(&self) -> PathBuf {
        self.dir.join("nats.log")
    }

    fn store_dir(&self) -> PathBuf {
        self.dir.join("store")
    }
}

/// The nats-server to use: `CROW_NATS_SERVER`, else the one on `PATH`, else the one that
/// `cargo xtask` installed.
pub fn binary() -> anyhow::Result<PathBuf> {
    env::var_os(BINARY_VARIABLE)
        .map(PathBuf::from)
        .or_else(|| paths::on_path("nats-server"))
        .or_else(|| paths::in_venv("nats-server"))
        .with_context(|| {
            format!("no nats-server: run through `cargo xtask test`, or set {BINARY_VARIABLE}")
        })
}

fn home(dir: Option<&Path>) -> anyhow::Result<(PathBuf, Option<TempDir>)> {
    if let Some(dir) = dir {
        fs::create_dir_all(dir)
            .with_context(|| format!("cannot create the folder {}", dir.display()))?;
        return Ok((dir.to_path_buf(), None));
    }
    let temporary = tempfile::Builder::new()
        .prefix("crow-nats-")
        .tempdir()
        .context("cannot create a temporary folder")?;
    Ok((temporary.path().to_path_buf(), Some(temporary)))
}

fn config(name: &str, port: u16, store: &Path, options: &NatsOptions) -> String {
    let sync = match options.sync_always {
        true => "  sync_interval: always\n",
        false => "",
    };
    let users = match options.users {
        Some(_) => format!("include {USERS_FILE:?}\nno_auth_user: crow\n"),
        None => String::new(),
    };
    let max_file_store = options.max_file_store.unwrap_or(1 << 40);
    format!(
        "server_name: {name}\nhost: 127.0.0.1\nport: {port}\nmax_payload: 8MB\n\
         jetstream {{\n  store_dir: {store:?}\n  max_file_store: {max_file_store}\n{sync}}}\n{users}"
    )
}
