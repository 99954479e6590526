use schemars::JsonSchema;
use serde::{Deserialize, Serialize, Serializer};

/// How the bus is reached, and the limits of its streams.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct BusConfig {
    /// NATS server, or several with commas between them. User and password, or a token,
    /// may be part of it.
    #[serde(serialize_with = "redacted")]
    #[schemars(extend("format" = "password"))]
    pub url: String,
    /// Path of a NATS credentials file. Empty: none.
    pub credentials_file: String,
    /// Path of the certificate authorities (PEM) that the NATS server's certificate must come from.
    /// Empty: those of the system. Like the next two, it is read again at each connection.
    pub ca_file: String,
    /// Path of our certificate (PEM), where the NATS server asks for one. Empty: none.
    pub cert_file: String,
    /// Path of its private key (PEM).
    pub key_file: String,
    /// Number of partitions when the installation is created, 1 to 1024; afterwards it may
    /// only repeat what was chosen. Default: 8.
    pub partitions: Option<u16>,
    /// Copies of each stream: 1 on one node, 3 on a cluster.
    pub replicas: usize,
    /// Bytes that one partition's stream may hold before publishing is refused.
    /// The sum over all partitions must fit the server's `max_file_store`.
    pub partition_max_bytes: i64,
    /// Days for which a dead letter is kept. The oldest go earlier when all of them exceed
    /// `partition_max_bytes`.
    pub dead_letter_days: u64,
    /// Milliseconds that a consumer of the work queue has to acknowledge an announcement before it
    /// is delivered again. After three repeats it goes to the dead letters. Session keepers apply it when
    /// they start, so give all services the same value and restart the keepers first.
    pub completion_retry_ms: u64,
    /// The same as `completion_retry_ms` for a batch of described camera frames.
    pub cctv_retry_ms: u64,
    /// Milliseconds to wait for the acknowledgement of one publish before the client is told to
    /// retry. 100 to 950.
    pub publish_timeout_ms: u64,
}

impl Default for BusConfig {
    fn default() -> Self {
        Self {
            url: "nats://127.0.0.1:4222".to_owned(),
            credentials_file: String::new(),
            ca_file: String::new(),
            cert_file: String::new(),
            key_file: String::new(),
            partitions: None,
            replicas: 1,
            partition_max_bytes: 1 << 30,
            dead_letter_days: 14,
            completion_retry_ms: 60_000,
            cctv_retry_ms: 120_000,
            publish_timeout_ms: 800,
        }
    }
}

/// The URL may hold a password, which `crow config show` must not print.
fn redacted<S: Serializer>(url: &str, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(&crow_types::without_user(url))
}
