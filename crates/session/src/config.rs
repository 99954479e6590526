use std::net::SocketAddr;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crow_bus::BusConfig;
use crow_db::DatabaseConfig;
use crow_keyring::KeyringConfig;
use crow_runtime::telemetry::LogConfig;
use crow_runtime::{Telemetry, TlsConfig, TracesConfig};
use crow_storage::StorageConfig;

/// Configuration of the session keeper.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Config {
    /// Name of the environment, for logs: `dev`, `staging`, `prod`.
    pub environment: String,
    /// How the process logs.
    pub log: LogConfig,
    /// Traces.
    pub traces: TracesConfig,
    /// Where the SQL database is.
    pub database: DatabaseConfig,
    /// Where objects are stored.
    pub storage: StorageConfig,
    /// Where the master key is.
    pub keyring: KeyringConfig,
    /// How the bus is reached.
    pub bus: BusConfig,
    /// The session keeper itself.
    pub session: SessionConfig,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            environment: "dev".to_owned(),
            log: LogConfig::default(),
            traces: TracesConfig::default(),
            database: DatabaseConfig::default(),
            storage: StorageConfig::default(),
            keyring: KeyringConfig::default(),
            bus: BusConfig::default(),
            session: SessionConfig::default(),
        }
    }
}

impl Config {
    /// What the process says about itself.
    #[must_use]
    pub fn telemetry(&self) -> Telemetry<'_> {
        Telemetry {
            service: "crow-session",
            environment: &self.environment,
            log: &self.log,
            traces: &self.traces,
        }
    }
}

/// How sessions are kept.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct SessionConfig {
    /// Where `/health/live`, `/health/ready` and `/metrics` are served.
    pub listen: SocketAddr,
    /// TLS of `listen`.
    pub tls: TlsConfig,
    /// Milliseconds without activity after which a session is over.
    pub idle_timeout_ms: u32,
    /// Longest duration of a session, in milliseconds.
    pub max_duration_ms: u32,
    /// Payload bytes of a partition that trigger a flush.
    pub flush_bytes: usize,
    /// Longest time that a message waits for a flush, in milliseconds.
    pub flush_age_ms: u32,
    /// Payload bytes of a partition in memory above which reading pauses.
    pub max_held_bytes: usize,
    /// Sessions of a partition kept in memory; the rest is loaded again when needed.
    pub max_cached_sessions: usize,
    /// Which events also become rows in SQL, for your own queries: `all`, `key` (not scroll, focus,
    /// blur, input) or `none`. CROW itself reads events from the object store.
    pub event_rows: EventRowsConfig,
    /// Milliseconds without change after which a finished session is archived.
    pub archive_delay_ms: u32,
    /// Bytes before compression that a keeper archives per second in each of four lanes.
    pub archive_bytes_per_second: u64,
    /// Milliseconds after which the partitions of a dead keeper are free.
    pub lease_ms: u32,
    /// Milliseconds between renewals of the leases.
    pub lease_renew_ms: u32,
    /// Milliseconds that a stopping keeper tries to commit what it has read. The next owner
    /// reads the rest again. At most 15,000: a process has 25 seconds to stop.
    pub drain_ms: u32,
}

impl Default for SessionConfig {
    fn default() -> Self {
        Self {
            listen: SocketAddr::from(([127, 0, 0, 1], 7073)),
            tls: TlsConfig::default(),
            idle_timeout_ms: 3_600_000,
            max_duration_ms: 86_400_000,
            flush_bytes: 4 << 20,
            flush_age_ms: 10_000,
            max_held_bytes: 12 << 20,
            max_cached_sessions: 5_000,
            event_rows: EventRowsConfig::None,
            archive_delay_ms: 60_000,
            archive_bytes_per_second: 8 << 20,
            lease_ms: 15_000,
            lease_renew_ms: 5_000,
            drain_ms: 12_000,
        }
    }
}

/// Which events become rows of `events`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum EventRowsConfig {
    /// Every event.
    All,
    /// Not `scroll`, `focus`, `blur` and `input`.
    Key,
    /// No event.
    None,
}

impl EventRowsConfig {
    /// Whether an event of this type becomes a row.
    pub(crate) fn includes(self, event_type: &str) -> bool {
        match self {
            Self::All => true,
            Self::Key => !matches!(event_type, "scroll" | "focus" | "blur" | "input"),
            Self::None => false,
        }
    }
}

impl SessionConfig {
    /// Checks what the types do not.
    pub(crate) fn check(&self) -> anyhow::Result<()> {
        anyhow::ensure!(
            self.idle_timeout_ms >= 1_000,
            "session.idle_timeout_ms must be at least 1000"
        );
        anyhow::ensure!(
            self.max_duration_ms >= self.idle_timeout_ms,
            "session.max_duration_ms must not be less than session.idle_timeout_ms"
        );
        anyhow::ensure!(
            self.archive_bytes_per_second >= 1 << 16,
            "session.archive_bytes_per_second must be at least 65536"
        );
        anyhow::ensure!(
            self.lease_ms >= self.lease_renew_ms.saturating_mul(2) && self.lease_renew_ms >= 100,
            "session.lease_ms must be at least twice session.lease_renew_ms, which must be at least 100"
        );
        anyhow::ensure!(
            self.drain_ms <= 15_000,
            "session.drain_ms must be at most 15000"
        );
        Ok(())
    }

    /// The rules of a partition.
    pub(crate) fn core(&self) -> crow_session_core::Config {
        crow_session_core::Config {
            idle_timeout: i64::from(self.idle_timeout_ms),
            max_duration: i64::from(self.max_duration_ms),
            flush_bytes: self.flush_bytes,
            flush_age: i64::from(self.flush_age_ms),
            max_cached_sessions: self.max_cached_sessions,
            ..crow_session_core::Config::default()
        }
    }
}
