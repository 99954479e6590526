//! The configuration of `crow`: the sections of all services, and `[server]`.

use std::net::{Ipv4Addr, SocketAddr};
use std::path::Path;

use anyhow::Context;
use schemars::JsonSchema;
use secrecy::ExposeSecret;
use serde::{Deserialize, Serialize};

use crow_ai::{AiConfig, EmbeddingsConfig};
use crow_auth::AuthConfig;
use crow_bus::BusConfig;
use crow_db::DatabaseConfig;
use crow_ingest::IngestConfig;
use crow_interaction::InteractionConfig;
use crow_keyring::KeyringConfig;
use crow_query::QueryConfig;
use crow_runtime::TracesConfig;
use crow_runtime::telemetry::LogConfig;
use crow_session::SessionConfig;
use crow_storage::StorageConfig;

/// File of the master key in a data folder.
pub(crate) const MASTER_KEY: &str = "master.key";

/// Configuration of `crow`: what all services have, each in its section.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Config {
    /// Name of the environment, for logs: `dev`, `staging`, `prod`.
    pub(crate) environment: String,
    /// How the process logs.
    pub(crate) log: LogConfig,
    /// Traces.
    pub(crate) traces: TracesConfig,
    /// Where the SQL database is.
    pub(crate) database: DatabaseConfig,
    /// Where objects are stored.
    pub(crate) storage: StorageConfig,
    /// Where the master key is. `crow serve` keeps it in its data folder.
    pub(crate) keyring: KeyringConfig,
    /// Where `crow backup` writes and `crow restore` reads, if `--to` and `--from` do not say
    /// otherwise. The keys are not those of `[storage]`: who can delete the bucket should not be
    /// able to delete the backup.
    pub(crate) backup: StorageConfig,
    /// How the bus is reached.
    pub(crate) bus: BusConfig,
    /// Who verifies API keys.
    pub(crate) auth: AuthConfig,
    /// Language models. Without any, the default, rules write all texts and nothing is sent anywhere.
    pub(crate) ai: AiConfig,
    /// How texts become vectors, for search by meaning. By default a built-in table does it, and nothing is
    /// sent anywhere.
    pub(crate) embeddings: EmbeddingsConfig,
    /// The gateway.
    pub(crate) ingest: IngestConfig,
    /// The session keeper.
    pub(crate) session: SessionConfig,
    /// The read API.
    pub(crate) query: QueryConfig,
    /// The interaction service. Of this section, `crow serve` uses only `outbound`.
    pub(crate) interaction: InteractionConfig,
    /// What only `crow serve` does.
    pub(crate) server: ServerConfig,
}

/// What only `crow serve` does.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct ServerConfig {
    /// The `nats-server` program to run when `bus.url` is empty. Empty: the variable
    /// `CROW_NATS_SERVER`, else the one on the PATH.
    pub(crate) nats_binary: String,
    /// Address of the demo shop of `crow serve --demo`.
    pub(crate) demo_listen: SocketAddr,
}

impl Default for ServerConfig {
    fn default() -> Self {
        Self {
            nats_binary: String::new(),
            demo_listen: SocketAddr::from((Ipv4Addr::LOCALHOST, 7074)),
        }
    }
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
            backup: StorageConfig {
                url: String::new(),
                ..StorageConfig::default()
            },
            // Empty: run a nats-server. 256 MiB a partition is hours of a small site.
            bus: BusConfig {
                url: String::new(),
                partition_max_bytes: 256 << 20,
                ..BusConfig::default()
            },
            auth: AuthConfig::default(),
            ai: AiConfig::default(),
            embeddings: EmbeddingsConfig::default(),
            ingest: IngestConfig::default(),
            session: SessionConfig::default(),
            query: QueryConfig::default(),
            interaction: InteractionConfig::default(),
            server: ServerConfig::default(),
        }
    }
}

impl Config {
    /// Reads file and environment over defaults that keep everything in `data_dir`.
    pub(crate) fn load(data_dir: &Path, file: Option<&Path>) -> anyhow::Result<Self> {
        let data_dir = std::path::absolute(data_dir)?;
        let mut defaults = Self::default();
        defaults.database.url = format!("sqlite://{}/crow.db", data_dir.display()).into();
        defaults.storage.url = format!("file://{}/objects", data_dir.display());
        let mut config: Self = crow_runtime::config::load(&defaults, file)?;
        let file = data_dir.join(MASTER_KEY);
        if config.lacks_master_key() && file.exists() {
            let text = std::fs::read_to_string(&file);
            let text = text.with_context(|| format!("cannot read {}", file.display()))?;
            config.keyring.master_key = text.into();
        }
        Ok(config)
    }

    /// Whether the settings name no master key.
    pub(crate) fn lacks_master_key(&self) -> bool {
        let keyring = &self.keyring;
        keyring.master_key.expose_secret().is_empty() && keyring.vault_url.is_empty()
    }

    pub(crate) fn for_ingest(&self) -> crow_ingest::Config {
        crow_ingest::Config {
            environment: self.environment.clone(),
            log: self.log.clone(),
            traces: self.traces.clone(),
            database: self.database.clone(),
            storage: self.storage.clone(),
            bus: self.bus.clone(),
            auth: self.auth.clone(),
            ingest: self.ingest.clone(),
        }
    }

    pub(crate) fn for_session(&self) -> crow_session::Config {
        crow_session::Config {
            environment: self.environment.clone(),
            log: self.log.clone(),
            traces: self.traces.clone(),
            database: self.database.clone(),
            storage: self.storage.clone(),
            keyring: self.keyring.clone(),
            bus: self.bus.clone(),
            session: self.session.clone(),
        }
    }

    pub(crate) fn for_query(&self) -> crow_query::Config {
        crow_query::Config {
            environment: self.environment.clone(),
            log: self.log.clone(),
            traces: self.traces.clone(),
            database: self.database.clone(),
            storage: self.storage.clone(),
            keyring: self.keyring.clone(),
            bus: self.bus.clone(),
            auth: self.auth.clone(),
            ai: self.ai.clone(),
            embeddings: self.embeddings.clone(),
            query: self.query_with_gateway(),
        }
    }

    pub(crate) fn for_interaction(&self) -> crow_interaction::Config {
        crow_interaction::Config {
            environment: self.environment.clone(),
            log: self.log.clone(),
            traces: self.traces.clone(),
            database: self.database.clone(),
            storage: self.storage.clone(),
            keyring: self.keyring.clone(),
            bus: self.bus.clone(),
            ai: self.ai.clone(),
            embeddings: self.embeddings.clone(),
            interaction: self.interaction.clone(),
        }
    }

    /// Where the gateway listens.
    pub(crate) fn ingest_url(&self) -> String {
        format!("{}://{}", self.ingest.tls.scheme(), self.ingest.listen)
    }

    /// Where the read API listens.
    pub(crate) fn query_url(&self) -> String {
        format!("{}://{}", self.query.tls.scheme(), self.query.listen)
    }

    /// Where browsers reach the dashboard.
    pub(crate) fn dashboard_url(&self) -> String {
        let public = self.query.public_url.trim_end_matches('/');
        if public.is_empty() {
            self.query_url()
        } else {
            public.to_owned()
        }
    }

    /// The gateway runs in the same process, so its address is known.
    fn query_with_gateway(&self) -> QueryConfig {
        let mut query = self.query.clone();
        if query.gateway_url.is_empty() {
            query.gateway_url = self.ingest_url();
        }
        if query.public_url.is_empty() {
            query.public_url = self.query_url();
        }
        query
    }
}
