use std::net::{Ipv4Addr, SocketAddr};

use ipnet::IpNet;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crow_auth::AuthConfig;
use crow_bus::BusConfig;
use crow_db::DatabaseConfig;
use crow_proto::events::MAX_MESSAGE_BYTES;
use crow_runtime::telemetry::LogConfig;
use crow_runtime::{Telemetry, TlsConfig, TracesConfig};
use crow_storage::StorageConfig;
use crow_web::rate::RateConfig;

use crate::inflight::needed_by_largest;

/// Configuration of the `crow-ingest` process.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Config {
    /// Name of the environment, such as dev or prod; appears in logs.
    pub environment: String,
    /// Logs.
    pub log: LogConfig,
    /// Traces.
    pub traces: TracesConfig,
    /// SQL: the number of partitions, and the keys when there is no auth service.
    pub database: DatabaseConfig,
    /// Objects: for batches that are too large for the bus.
    pub storage: StorageConfig,
    /// NATS.
    pub bus: BusConfig,
    /// Verification of API keys.
    pub auth: AuthConfig,
    /// The gateway itself.
    pub ingest: IngestConfig,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            environment: "dev".to_owned(),
            log: LogConfig::default(),
            traces: TracesConfig::default(),
            database: DatabaseConfig::default(),
            storage: StorageConfig::default(),
            bus: BusConfig::default(),
            auth: AuthConfig::default(),
            ingest: IngestConfig::default(),
        }
    }
}

impl Config {
    /// What the process says about itself.
    #[must_use]
    pub fn telemetry(&self) -> Telemetry<'_> {
        Telemetry {
            service: "crow-ingest",
            environment: &self.environment,
            log: &self.log,
            traces: &self.traces,
        }
    }
}

/// The gateway: where it listens and what it accepts.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct IngestConfig {
    /// Address and port.
    pub listen: SocketAddr,
    /// Address for operators: `/metrics` and `/health/ready`. Then the address of the gateway
    /// has only `/health/live`. Absent: it has all of them.
    pub admin_listen: Option<SocketAddr>,
    /// TLS of `listen`.
    pub tls: TlsConfig,
    /// TLS of `admin_listen`.
    pub admin_tls: TlsConfig,
    /// Threads that serve. 0: one per core.
    pub workers: usize,
    /// Largest body as it is sent, in bytes.
    pub max_body_bytes: usize,
    /// Largest body after decompression, in bytes.
    pub max_inflated_bytes: usize,
    /// Memory of all requests that are in progress, in bytes. Beyond it, clients are told to retry.
    /// It counts each body as sent, inflated and encoded, its items, and both buffers while one is
    /// copied into another.
    pub max_inflight_bytes: usize,
    /// Events in one batch.
    pub max_events: usize,
    /// Replay events in one batch.
    pub max_replay_events: usize,
    /// Bytes of one event's `data`.
    pub max_event_bytes: usize,
    /// Nesting of a whole body.
    pub max_depth: usize,
    /// Nesting of one event's `data`.
    pub max_event_depth: usize,
    /// Milliseconds in which the whole body must arrive.
    pub body_timeout_ms: u64,
    /// Proxies whose `X-Forwarded-For` is trusted, as networks: `["10.0.0.0/8"]`.
    #[schemars(with = "Vec<String>")]
    pub trusted_proxies: Vec<IpNet>,
    /// What is kept of a visitor's address.
    pub ip_policy: IpPolicy,
    /// Header in which a CDN puts the visitor's country, such as `CF-IPCountry`. Empty: none. If
    /// trusted proxies are configured, only they may set it.
    pub country_header: String,
    /// Path of a MaxMind country or city database. Empty: none. The header wins.
    pub mmdb_file: String,
    /// Limit for one API key.
    pub key_rate: RateConfig,
    /// Limit for one address, or for one /64 network with IPv6.
    pub ip_rate: RateConfig,
    /// Milliseconds without activity after which a session is over; the SDK is told this value.
    pub idle_timeout_ms: u64,
    /// Replay settings that the SDK is told.
    pub replay: ReplayConfig,
    /// Pictures and fonts of recorded pages.
    pub assets: AssetsConfig,
}

impl Default for IngestConfig {
    fn default() -> Self {
        Self {
            listen: SocketAddr::from((Ipv4Addr::LOCALHOST, 7070)),
            admin_listen: None,
            tls: TlsConfig::default(),
            admin_tls: TlsConfig::default(),
            workers: 0,
            max_body_bytes: 16 << 20,
            max_inflated_bytes: 64 << 20,
            max_inflight_bytes: 256 << 20,
            max_events: 1_000,
            max_replay_events: 10_000,
            max_event_bytes: 256 << 10,
            max_depth: 1_024,
            max_event_depth: 64,
            body_timeout_ms: 10_000,
            trusted_proxies: Vec::new(),
            ip_policy: IpPolicy::Truncate,
            country_header: String::new(),
            mmdb_file: String::new(),
            key_rate: RateConfig {
                requests_per_second: 1_000,
                burst: 2_000,
            },
            ip_rate: RateConfig {
                requests_per_second: 200,
                burst: 400,
            },
            idle_timeout_ms: 3_600_000,
            replay: ReplayConfig {
                enabled: true,
                sample_rate: 1.0,
            },
            assets: AssetsConfig::default(),
        }
    }
}

impl IngestConfig {
    /// Rejects settings that cannot work, and names them.
    pub(crate) fn check(&self) -> anyhow::Result<()> {
        anyhow::ensure!(
            (0.0..=1.0).contains(&self.replay.sample_rate),
            "ingest.replay.sample_rate must be 0 to 1"
        );
        self.assets.check()?;
        let positive = [
            ("max_body_bytes", self.max_body_bytes),
            ("max_inflated_bytes", self.max_inflated_bytes),
            ("max_events", self.max_events),
            ("max_event_bytes", self.max_event_bytes),
            ("max_depth", self.max_depth),
            ("max_event_depth", self.max_event_depth),
        ];
        for (name, value) in positive {
            anyhow::ensure!(value > 0, "ingest.{name} must be at least 1");
        }
        let largest = needed_by_largest(self.max_body_bytes, self.max_inflated_bytes);
        anyhow::ensure!(
            self.max_inflated_bytes <= MAX_MESSAGE_BYTES / 2,
            "ingest.max_inflated_bytes must be at most {}, half of what the session keeper takes",
            MAX_MESSAGE_BYTES / 2
        );
        anyhow::ensure!(
            self.max_inflight_bytes >= largest,
            "ingest.max_inflight_bytes must be at least {largest}, max_body_bytes + 3 * max_inflated_bytes + 32 MiB, else the largest body never passes"
        );
        Ok(())
    }
}

/// Pictures and fonts of recorded pages: an SDK uploads one when a receipt asks for it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct AssetsConfig {
    /// Whether SDKs are asked to upload them.
    pub enabled: bool,
    /// Different sessions that must have shown a picture before it is asked for, so that nobody uploads what
    /// only one person sees. What a style sheet names is asked for at once.
    pub sessions: u32,
    /// Days after which a stored asset is asked for again, because the site may have changed it.
    pub refresh_days: u32,
    /// Largest asset, in bytes.
    pub max_bytes: usize,
    /// Bytes of all assets of an organization.
    pub organization_bytes: u64,
    /// Uploads of an organization in a minute, at each gateway. 0: no limit.
    pub uploads_per_minute: u32,
    /// Milliseconds in which an upload must arrive.
    pub upload_timeout_ms: u64,
}

impl Default for AssetsConfig {
    fn default() -> Self {
        Self {
            enabled: true,
            sessions: 3,
            refresh_days: 7,
            max_bytes: 4 << 20,
            organization_bytes: 1 << 30,
            uploads_per_minute: 240,
            upload_timeout_ms: 60_000,
        }
    }
}

impl AssetsConfig {
    pub(crate) fn refresh_ms(&self) -> i64 {
        i64::from(self.refresh_days) * 86_400_000
    }

    fn check(&self) -> anyhow::Result<()> {
        anyhow::ensure!(
            self.sessions > 0,
            "ingest.assets.sessions must be at least 1"
        );
        anyhow::ensure!(
            self.refresh_days > 0,
            "ingest.assets.refresh_days must be at least 1"
        );
        anyhow::ensure!(
            self.max_bytes > 0,
            "ingest.assets.max_bytes must be at least 1"
        );
        Ok(())
    }
}

/// What is kept of a visitor's IP address.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum IpPolicy {
    /// All of it.
    Full,
    /// The first 24 bits of IPv4, the first 48 of IPv6.
    Truncate,
    /// Nothing.
    Drop,
}

/// What the SDK is told about replay.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ReplayConfig {
    /// Whether sessions are recorded.
    pub enabled: bool,
    /// Share of sessions that are recorded, 0 to 1.
    pub sample_rate: f64,
}
