use std::net::{Ipv4Addr, SocketAddr};

use ipnet::IpNet;
use schemars::JsonSchema;
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize, Serializer};

use crow_auth::{AuthConfig, Signer};
use crow_bus::BusConfig;
use crow_db::DatabaseConfig;
use crow_runtime::telemetry::LogConfig;
use crow_runtime::{Telemetry, TlsConfig, TracesConfig};
use crow_web::rate::RateConfig;

/// The shortest life of a token, in seconds: requests are on their way for a while.
const LEAST_TOKEN_SECONDS: u32 = 60;

/// The configuration of `crow-gateway`.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Config {
    /// Name of the environment (`ENVIRONMENT`), such as `dev` or `prod`. Tokens name it, and
    /// services of another environment refuse them.
    pub environment: String,
    /// Logging.
    pub log: LogConfig,
    /// Traces.
    pub traces: TracesConfig,
    /// SQL: keys and sign-ins.
    pub database: DatabaseConfig,
    /// Only for notices of revoked keys.
    pub bus: BusConfig,
    /// API keys, and what the gateway presents to services.
    pub auth: AuthConfig,
    /// The API gateway.
    pub gateway: GatewayConfig,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            environment: "dev".to_owned(),
            log: LogConfig::default(),
            traces: TracesConfig::default(),
            database: DatabaseConfig::default(),
            bus: BusConfig::default(),
            auth: AuthConfig::default(),
            gateway: GatewayConfig::default(),
        }
    }
}

impl Config {
    /// What the process says about itself.
    #[must_use]
    pub fn telemetry(&self) -> Telemetry<'_> {
        Telemetry {
            service: "crow-gateway",
            environment: &self.environment,
            log: &self.log,
            traces: &self.traces,
        }
    }

    /// Makes tokens with the configured keys.
    pub(crate) fn signer(&self) -> anyhow::Result<Signer> {
        let gateway = &self.gateway;
        let previous = &gateway.previous_signing_key;
        let previous = (!previous.expose_secret().is_empty()).then_some(previous);
        let lasts = match gateway.token_seconds {
            0 => None,
            seconds => {
                anyhow::ensure!(
                    seconds >= LEAST_TOKEN_SECONDS,
                    "gateway.token_seconds must be at least {LEAST_TOKEN_SECONDS}, or 0 for tokens that do not expire"
                );
                Some(seconds)
            }
        };
        let signer = Signer::new(&gateway.signing_key, previous, &self.environment, lasts);
        signer.map_err(|error| anyhow::anyhow!("gateway.signing_key or its predecessor {error}"))
    }
}

/// The API gateway.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct GatewayConfig {
    /// Address and port.
    pub listen: SocketAddr,
    /// Address for operators: `/metrics` and `/health/ready`. Then the address of the
    /// gateway has only `/health/live`. Absent: it has all of them.
    pub admin_listen: Option<SocketAddr>,
    /// TLS of `listen`.
    pub tls: TlsConfig,
    /// TLS of `admin_listen`.
    pub admin_tls: TlsConfig,
    /// Address for gRPC. Absent: calls are not forwarded.
    pub grpc_listen: Option<SocketAddr>,
    /// TLS of `grpc_listen`.
    pub grpc_tls: TlsConfig,
    /// Threads that serve. 0: one per core.
    pub workers: usize,
    /// Networks of the proxies in front of the gateway, such as `10.0.0.0/8`: what they write
    /// into `X-Forwarded-For` is believed.
    #[schemars(with = "Vec<String>")]
    pub trusted_proxies: Vec<IpNet>,
    /// Headers that only these proxies may set, such as `CF-IPCountry`. From others they are
    /// dropped.
    pub proxy_headers: Vec<String>,
    /// Where `crow-ingest` listens.
    pub ingest_url: String,
    /// Where the REST API of `crow-query` listens.
    pub query_url: String,
    /// Where the gRPC API of `crow-query` listens.
    pub query_grpc_url: String,
    /// Further services, by the beginning of their paths. The longest that fits wins.
    pub services: Vec<ServiceConfig>,
    /// Certificates of authorities (PEM) that services over https may have, besides those of the
    /// system. Empty: only those. This file and the next two are read again when they change.
    pub ca_file: String,
    /// The certificate that the gateway presents to services over https (PEM). They believe its
    /// tokens if `auth.gateway_identities` there has one of its names. Empty: none.
    pub cert_file: String,
    /// The private key of `cert_file` (PEM).
    pub key_file: String,
    /// What the gateway presents to `crow-ingest` instead of `auth.gateway_key`: at least 32
    /// characters. There it is `auth.gateway_key`.
    #[serde(serialize_with = "redacted")]
    #[schemars(with = "String", extend("format" = "password"))]
    pub ingest_gateway_key: SecretString,
    /// What the gateway presents to `crow-query` instead of `auth.gateway_key`: at least 32 characters. There
    /// it is `auth.gateway_key`.
    #[serde(serialize_with = "redacted")]
    #[schemars(with = "String", extend("format" = "password"))]
    pub query_gateway_key: SecretString,
    /// Signs the tokens for services: 32 random bytes in base64, the same on every replica.
    #[serde(serialize_with = "redacted")]
    #[schemars(with = "String", extend("format" = "password"))]
    pub signing_key: SecretString,
    /// The signing key before that. Its tokens stay valid.
    #[serde(serialize_with = "redacted")]
    #[schemars(with = "String", extend("format" = "password"))]
    pub previous_signing_key: SecretString,
    /// Seconds that a token is valid, at least 60. 0: it does not expire.
    pub token_seconds: u32,
    /// Seconds in which a service has to begin its answer.
    pub answer_seconds: u64,
    /// Limit for one address, or for one /64 network with IPv6.
    pub address_rate: RateConfig,
    /// Limit for one API key.
    pub key_rate: RateConfig,
    /// Limit for one user.
    pub user_rate: RateConfig,
    /// Limit for one address, or one /64 network with IPv6, that gets a token of its address.
    pub public_rate: RateConfig,
    /// Limits for one caller on paths that begin so, besides the others.
    pub path_rates: Vec<PathRateConfig>,
}

impl Default for GatewayConfig {
    fn default() -> Self {
        Self {
            listen: SocketAddr::from((Ipv4Addr::LOCALHOST, 7075)),
            admin_listen: None,
            tls: TlsConfig::default(),
            admin_tls: TlsConfig::default(),
            grpc_listen: None,
            grpc_tls: TlsConfig::default(),
            workers: 0,
            trusted_proxies: Vec::new(),
            proxy_headers: Vec::new(),
            ingest_url: "http://127.0.0.1:7070".to_owned(),
            query_url: "http://127.0.0.1:7071".to_owned(),
            query_grpc_url: "http://127.0.0.1:7072".to_owned(),
            services: Vec::new(),
            ca_file: String::new(),
            cert_file: String::new(),
            key_file: String::new(),
            ingest_gateway_key: SecretString::default(),
            query_gateway_key: SecretString::default(),
            signing_key: SecretString::default(),
            previous_signing_key: SecretString::default(),
            token_seconds: 300,
            answer_seconds: 90,
            address_rate: rate(200, 400),
            key_rate: rate(1_000, 2_000),
            user_rate: rate(50, 100),
            public_rate: rate(2, 20),
            path_rates: vec![PathRateConfig {
                prefix: "/auth/".to_owned(),
                rate: rate(5, 30),
            }],
        }
    }
}

/// A service behind the gateway.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ServiceConfig {
    /// The beginning of its paths, such as `/chat/`.
    pub prefix: String,
    /// Where it listens.
    pub url: String,
    /// What callers without a key or a sign-in may do there, such as `["public:chat"]`: they get a
    /// token of their address with these scopes. Each begins with `public:`. Empty: they get no
    /// token.
    #[serde(default)]
    pub public_scopes: Vec<String>,
    /// What the gateway presents to it instead of `auth.gateway_key`: at least 32 characters.
    #[serde(default, serialize_with = "redacted")]
    #[schemars(with = "String", extend("format" = "password"))]
    pub gateway_key: SecretString,
}

fn rate(requests_per_second: u32, burst: u32) -> RateConfig {
    RateConfig {
        requests_per_second,
        burst,
    }
}

/// A rate limit of some paths.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PathRateConfig {
    /// The beginning of the paths.
    pub prefix: String,
    /// The limit.
    pub rate: RateConfig,
}

/// An empty secret stays empty, because defaults are serialized and read back.
fn redacted<S: Serializer>(secret: &SecretString, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(if secret.expose_secret().is_empty() {
        ""
    } else {
        "…"
    })
}
