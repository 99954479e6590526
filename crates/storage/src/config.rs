use schemars::JsonSchema;
use secrecy::SecretString;
use serde::{Deserialize, Serialize, Serializer};

use crate::seal::Seal;

/// Where objects are stored.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct StorageConfig {
    /// `file:///path/to/folder`, or `s3://bucket/optional/prefix` for S3, R2 and others
    /// that speak the protocol.
    pub url: String,
    /// Address of the S3 service when it is not Amazon's. Empty: Amazon's.
    pub endpoint: String,
    /// Region of the bucket; `auto` for R2.
    pub region: String,
    /// Access key. Empty: from the environment or the machine's role.
    #[schemars(extend("format" = "password"))]
    pub access_key_id: String,
    /// Secret of the access key.
    #[serde(serialize_with = "redacted")]
    #[schemars(with = "String", extend("format" = "password"))]
    pub secret_access_key: SecretString,
    /// Permit plain HTTP to the endpoint.
    pub allow_http: bool,
    /// Milliseconds that one request may take.
    pub timeout_ms: u64,
    /// How often a failed write or read is retried before the caller sees the failure.
    pub retries: usize,
    /// Whether new recordings are encrypted with a key per session: `on` or `off`. Sealed objects
    /// stay readable when it is `off`, as long as the master key is there.
    pub seal: Seal,
}

impl Default for StorageConfig {
    fn default() -> Self {
        Self {
            url: "file://objects".to_owned(),
            endpoint: String::new(),
            region: "us-east-1".to_owned(),
            access_key_id: String::new(),
            secret_access_key: SecretString::default(),
            allow_http: false,
            timeout_ms: 30_000,
            retries: 3,
            seal: Seal::On,
        }
    }
}

fn redacted<S: Serializer>(_secret: &SecretString, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str("")
}
