//! Configuration: defaults < file < environment.
//!
//! A file is TOML with one section a part (`[ingest]`, `[database]` …). One file can serve all
//! processes. A process skips sections of other processes, and rejects unknown ones. In the
//! environment,
//! `CROW_INGEST__LISTEN` means `listen` in `[ingest]`. `ENVIRONMENT`,
//! `AUTH_SERVICE_URL`, `SERVICE_API_KEY`, `SYSTEM_SECRET` and `INTERNAL_GATEWAY_KEY` are read under
//! their own names.
//!
//! A secret may be in a file of its own: `url_file` in `[database]` names the file that holds `url`.
//! A setting is a secret when its schema has the format `password`.

use std::path::{Path, PathBuf};

use figment::Figment;
use figment::providers::{Env, Format, Serialized, Toml};
use figment::value::{Dict, Value};
use schemars::{JsonSchema, Schema};
use serde::Serialize;
use serde::de::DeserializeOwned;

mod secret_files;
#[cfg(test)]
mod tests;

/// Every section that some process of ours has.
pub const SECTIONS: &[&str] = &[
    "backup",
    "environment",
    "log",
    "traces",
    "database",
    "storage",
    "keyring",
    "bus",
    "auth",
    "ingest",
    "session",
    "query",
    "gateway",
    "interaction",
    "ai",
    "embeddings",
    "server",
];

/// Variables without our prefix, with their settings.
const UNDER_OWN_NAMES: &[(&str, &str)] = &[
    ("AUTH_SERVICE_URL", "auth.service_url"),
    ("SERVICE_API_KEY", "auth.service_api_key"),
    ("SERVICE_API_KEY_FILE", "auth.service_api_key_file"),
    ("SYSTEM_SECRET", "auth.system_secret"),
    ("SYSTEM_SECRET_FILE", "auth.system_secret_file"),
    ("INTERNAL_GATEWAY_KEY", "auth.gateway_key"),
    ("INTERNAL_GATEWAY_KEY_FILE", "auth.gateway_key_file"),
];

/// Where configuration comes from besides the environment.
#[derive(Debug, Clone, Default, clap::Args)]
pub struct ConfigArgs {
    /// Configuration file (TOML). Settings from the environment win over it.
    #[arg(long, env = "CROW_CONFIG", value_name = "FILE")]
    pub config: Option<PathBuf>,
}

/// Why the configuration is invalid. The message names the key and its source.
#[derive(Debug)]
pub struct ConfigError(String);

impl std::fmt::Display for ConfigError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "configuration: {}", self.0)
    }
}

impl std::error::Error for ConfigError {}

/// Reads the configuration of one process over `defaults`.
pub fn load<T>(defaults: &T, file: Option<&Path>) -> Result<T, ConfigError>
where
    T: Serialize + DeserializeOwned + JsonSchema,
{
    let mut figment = Figment::new();
    if let Some(path) = file {
        if !path.is_file() {
            return Err(ConfigError(format!(
                "file {} does not exist",
                path.display()
            )));
        }
        figment = figment.merge(Toml::file_exact(path));
    }
    let figment = figment
        .merge(
            Env::prefixed("CROW_")
                .filter(|key| key.as_str().contains("__"))
                .split("__"),
        )
        .merge(Env::raw().only(&["ENVIRONMENT"]));
    let figment = UNDER_OWN_NAMES
        .iter()
        .fold(figment, |figment, (name, key)| {
            figment.merge(Env::raw().only(&[name]).map(|_| (*key).into()))
        });

    let given: Dict = figment
        .extract()
        .map_err(|error| ConfigError(describe(error)))?;
    let schema = schemars::schema_for!(T);
    let own = own_sections(&schema);
    for section in given.keys() {
        if !SECTIONS.contains(&section.as_str()) {
            let known = SECTIONS.join(", ");
            return Err(ConfigError(format!(
                "unknown section `{section}`; known sections: {known}"
            )));
        }
    }
    let foreign = SECTIONS
        .iter()
        .filter(|section| !own.iter().any(|o| o == *section));
    let mut merged = Figment::from(Serialized::defaults(defaults)).merge(figment);
    for section in foreign {
        // figment cannot remove a key; the strict parse below must not see these.
        merged = merged.merge((*section, Value::from(Dict::new())));
    }
    let mut values: Dict = merged
        .extract()
        .map_err(|error| ConfigError(describe(error)))?;
    values.retain(|section, _| own.iter().any(|o| o == section));
    secret_files::read(&schema, &given, &mut values).map_err(ConfigError)?;
    Figment::from(Serialized::defaults(values))
        .extract()
        .map_err(|error| ConfigError(describe(error)))
}

/// The sections of `T`, from its schema.
fn own_sections(schema: &Schema) -> Vec<String> {
    let properties = schema
        .get("properties")
        .and_then(|properties| properties.as_object());
    properties
        .map(|properties| properties.keys().cloned().collect())
        .unwrap_or_default()
}

/// The key and what is wrong with it. The source is left out, because figment no longer knows it
/// after the sections of other processes are removed.
fn describe(error: figment::Error) -> String {
    let describe_one = |one: figment::Error| {
        let key = one.path.join(".");
        if key.is_empty() {
            one.kind.to_string()
        } else {
            format!("{key}: {}", one.kind)
        }
    };
    error
        .into_iter()
        .map(describe_one)
        .collect::<Vec<_>>()
        .join("; ")
}
