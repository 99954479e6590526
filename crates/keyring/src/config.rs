use std::path::PathBuf;

use schemars::JsonSchema;
use secrecy::SecretString;
use serde::{Deserialize, Serialize, Serializer};

/// Where the master key is. It wraps the keys of all organizations; without it no sealed recording
/// can be read.
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct KeyringConfig {
    /// The master key: 32 bytes as base64, as `crow seal new-master-key` prints them. `crow serve`
    /// creates one in `master.key` in its data folder.
    #[serde(serialize_with = "redacted")]
    #[schemars(with = "String", extend("format" = "password"))]
    pub master_key: SecretString,
    /// The master key before that, until `crow seal rotate` has wrapped every key again.
    #[serde(serialize_with = "redacted")]
    #[schemars(with = "String", extend("format" = "password"))]
    pub previous_master_key: SecretString,
    /// Address of Vault, or of OpenBao. Its transit engine wraps instead of a master key here.
    pub vault_url: String,
    /// Name of the key in the transit engine.
    pub vault_key: String,
    /// Where the transit engine is mounted.
    #[schemars(extend("default" = "transit"))]
    pub vault_mount: String,
    /// File with the token for Vault. It is read at each request, so that it can be renewed.
    pub vault_token_file: PathBuf,
}

fn redacted<S: Serializer>(_secret: &SecretString, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str("")
}
