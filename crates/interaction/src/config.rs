use std::net::{Ipv4Addr, SocketAddr};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crow_ai::{AiConfig, EmbeddingsConfig};
use crow_bus::BusConfig;
use crow_db::DatabaseConfig;
use crow_keyring::KeyringConfig;
use crow_outbound::OutboundConfig;
use crow_runtime::telemetry::LogConfig;
use crow_runtime::{Telemetry, TlsConfig, TracesConfig};
use crow_storage::StorageConfig;

/// Configuration of the interaction service.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Config {
    /// Name of the environment, for logs: `dev`, `staging`, `prod`.
    pub environment: String,
    /// How the process logs.
    pub log: LogConfig,
    /// Traces.
    pub traces: TracesConfig,
    /// The SQL database.
    pub database: DatabaseConfig,
    /// Where recordings are.
    pub storage: StorageConfig,
    /// Where the master key is.
    pub keyring: KeyringConfig,
    /// How the bus is reached.
    pub bus: BusConfig,
    /// Language models.
    pub ai: AiConfig,
    /// How interactions become vectors, for search by meaning. The read API needs the same settings.
    pub embeddings: EmbeddingsConfig,
    /// The interaction service itself.
    pub interaction: InteractionConfig,
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
            ai: AiConfig::default(),
            embeddings: EmbeddingsConfig::default(),
            interaction: InteractionConfig::default(),
        }
    }
}

impl Config {
    /// What the process says about itself.
    #[must_use]
    pub fn telemetry(&self) -> Telemetry<'_> {
        Telemetry {
            service: "crow-interaction",
            environment: &self.environment,
            log: &self.log,
            traces: &self.traces,
        }
    }
}

/// How finished sessions are put into words.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct InteractionConfig {
    /// Where `/health/live`, `/health/ready` and `/metrics` are served.
    pub listen: SocketAddr,
    /// TLS of `listen`.
    pub tls: TlsConfig,
    /// What imports of catalogues may reach besides the public internet. `crow serve` uses it, too.
    pub outbound: OutboundConfig,
}

impl Default for InteractionConfig {
    fn default() -> Self {
        Self {
            listen: SocketAddr::from((Ipv4Addr::LOCALHOST, 7076)),
            tls: TlsConfig::default(),
            outbound: OutboundConfig::default(),
        }
    }
}
