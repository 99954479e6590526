use std::path::Path;

use schemars::JsonSchema;
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize, Serializer};

/// Where the SQL database is.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct DatabaseConfig {
    /// `sqlite://path/to/crow.db` or `postgres://user:password@host/database`.
    #[serde(serialize_with = "redacted")]
    #[schemars(with = "String", extend("format" = "password"))]
    pub url: SecretString,
    /// Connections to Postgres, or readers of SQLite. Each process has two more for what it
    /// looks up at every request, and the read API twice `query.max_questions` more.
    pub max_connections: u32,
    /// Bring the schema up to date on start. Off where `crow migrate` is run by hand.
    pub migrate_on_start: bool,
}

impl Default for DatabaseConfig {
    fn default() -> Self {
        Self {
            url: "sqlite://crow.db".to_owned().into(),
            max_connections: 10,
            migrate_on_start: true,
        }
    }
}

impl DatabaseConfig {
    /// The file of SQLite; `None` with Postgres.
    #[must_use]
    pub fn sqlite_file(&self) -> Option<&Path> {
        let url = self.url.expose_secret();
        let file = url.strip_prefix("sqlite:")?;
        let file = file.strip_prefix("//").unwrap_or(file);
        Some(Path::new(file.split('?').next().unwrap_or(file)))
    }

    /// Which database it is, for people: no user, no password.
    #[must_use]
    pub fn place(&self) -> String {
        match self.sqlite_file() {
            Some(file) => std::path::absolute(file)
                .unwrap_or_else(|_error| file.to_owned())
                .display()
                .to_string(),
            None => crow_types::without_user(self.url.expose_secret()),
        }
    }
}

/// The URL may hold a password; figment needs the default, people must not see the rest.
fn redacted<S: Serializer>(url: &SecretString, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(&crow_types::without_user(url.expose_secret()))
}
