use std::net::{Ipv4Addr, SocketAddr};

use ipnet::IpNet;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crow_accounts::{MailConfig, OidcConfig};
use crow_ai::{AiConfig, EmbeddingsConfig};
use crow_auth::AuthConfig;
use crow_bus::BusConfig;
use crow_db::DatabaseConfig;
use crow_keyring::KeyringConfig;
use crow_outbound::OutboundConfig;
use crow_runtime::telemetry::LogConfig;
use crow_runtime::{Telemetry, TlsConfig, TracesConfig};
use crow_storage::StorageConfig;

/// The configuration of `crow-query`.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Config {
    /// Name of the environment (`ENVIRONMENT`), such as `dev` or `prod`.
    pub environment: String,
    /// Logging.
    pub log: LogConfig,
    /// Traces.
    pub traces: TracesConfig,
    /// The SQL database.
    pub database: DatabaseConfig,
    /// Where recordings are.
    pub storage: StorageConfig,
    /// Where the master key is.
    pub keyring: KeyringConfig,
    /// Only for notices, notifications and live streams: reading goes on without the bus.
    pub bus: BusConfig,
    /// API keys.
    pub auth: AuthConfig,
    /// Language models. They only word the analysis of a range.
    pub ai: AiConfig,
    /// How questions and products become vectors. The interaction service needs the same settings.
    pub embeddings: EmbeddingsConfig,
    /// The read API.
    pub query: QueryConfig,
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
            auth: AuthConfig::default(),
            ai: AiConfig::default(),
            embeddings: EmbeddingsConfig::default(),
            query: QueryConfig::default(),
        }
    }
}

impl Config {
    /// What the process says about itself.
    #[must_use]
    pub fn telemetry(&self) -> Telemetry<'_> {
        Telemetry {
            service: "crow-query",
            environment: &self.environment,
            log: &self.log,
            traces: &self.traces,
        }
    }
}

/// Where alerts are sent. Only https, and only what everybody on the internet can reach, unless these
/// settings say otherwise.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct WebhookConfig {
    /// Also allows `http://`. Anyone on the network path can then read the alerts.
    pub allow_http: bool,
    /// Further networks and ports that may be reached.
    pub outbound: OutboundConfig,
}

/// How the read API is served.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct QueryConfig {
    /// Address of the REST API.
    pub listen: SocketAddr,
    /// Address of the gRPC API.
    pub grpc_listen: SocketAddr,
    /// Address for operators: `/metrics` and `/health/ready`. Then the address of the REST
    /// API has only `/health/live`. Absent: it has all of them.
    pub admin_listen: Option<SocketAddr>,
    /// TLS of `listen`.
    pub tls: TlsConfig,
    /// TLS of `grpc_listen`.
    pub grpc_tls: TlsConfig,
    /// TLS of `admin_listen`.
    pub admin_tls: TlsConfig,
    /// Threads that serve REST; 0: one per core.
    pub workers: usize,
    /// Origins whose pages may read answers, such as `https://dashboard.example.com`;
    /// `*` for any. Empty: only pages of the API's own origin.
    pub allowed_origins: Vec<String>,
    /// Networks of the proxies in front of this service, such as `10.0.0.0/8`: what they
    /// write into `X-Forwarded-For` is believed.
    #[schemars(with = "Vec<String>")]
    pub trusted_proxies: Vec<IpNet>,
    /// Connections to each of the two addresses; 0: what the limit of open files leaves
    /// room for. When there are too many, those that ask nothing are closed first.
    pub max_connections: usize,
    /// Connections to each of the two addresses from one address that is no trusted proxy;
    /// 0: three quarters of all.
    pub max_connections_per_address: usize,
    /// Live streams that one API key may have open at the same time.
    pub max_watchers_per_key: usize,
    /// Live streams that all keys of one organization may have open at the same time.
    pub max_watchers_per_organization: usize,
    /// Live streams of this process at the same time.
    pub max_watchers: usize,
    /// Where browsers reach the gateway, such as `https://collect.example.com`: the dashboard puts
    /// it into the lines to install. Empty: not known; `crow serve` knows its own.
    pub gateway_url: String,
    /// Where browsers reach the dashboard, such as `https://crow.example.com`. Required for sign-in
    /// with a provider, for mail, and for passkeys, which need https and a host name. Passkeys belong to
    /// the host name: after a change, people add new ones.
    pub public_url: String,
    /// Sign-in with an OpenID Connect provider.
    pub oidc: OidcConfig,
    /// Mail with invitations and links that set passwords.
    pub mail: MailConfig,
    /// Alerts to addresses that organizations choose.
    pub webhooks: WebhookConfig,
    /// About how many sessions an answer of the analytics reads. When a range has more, a
    /// sample of the visitors is read and the answer says which part. 0: always all.
    pub sample_sessions: u64,
    /// Questions about many sessions (analytics, and lists with a filter) that are read at
    /// the same time. Each may use two more connections to the database.
    pub max_questions: usize,
    /// How many of them one organization may have. More wait for a few seconds, then the
    /// answer is 429. 0: half as many as there are cores, so that others find one free.
    pub max_questions_per_organization: usize,
    /// Seconds that a question may take.
    pub question_seconds: u64,
    /// The largest source map, in bytes. Reading one may take several times its size of memory.
    pub max_source_map_bytes: usize,
    /// Releases of an organization whose source maps are kept: those that something was uploaded for
    /// last.
    pub source_map_releases: u64,
}

impl Default for QueryConfig {
    fn default() -> Self {
        Self {
            listen: SocketAddr::from((Ipv4Addr::LOCALHOST, 7071)),
            grpc_listen: SocketAddr::from((Ipv4Addr::LOCALHOST, 7072)),
            admin_listen: None,
            tls: TlsConfig::default(),
            grpc_tls: TlsConfig::default(),
            admin_tls: TlsConfig::default(),
            workers: 0,
            allowed_origins: Vec::new(),
            trusted_proxies: Vec::new(),
            max_connections: 0,
            max_connections_per_address: 0,
            max_watchers_per_key: 100,
            max_watchers_per_organization: 500,
            max_watchers: 2_000,
            gateway_url: String::new(),
            public_url: String::new(),
            oidc: OidcConfig::default(),
            mail: MailConfig::default(),
            webhooks: WebhookConfig::default(),
            sample_sessions: 25_000,
            max_questions: 4,
            max_questions_per_organization: 0,
            question_seconds: 30,
            max_source_map_bytes: 64 << 20,
            source_map_releases: 50,
        }
    }
}
