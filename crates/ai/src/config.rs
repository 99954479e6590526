//! Which models there are, and what they may cost.

use std::time::Duration;

use reqwest::Url;
use schemars::JsonSchema;
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize, Serializer};

/// Language models. Without `models` nothing is sent anywhere, and rules write all texts.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct AiConfig {
    /// The models, in the order in which they are asked. If none answers, the rules do.
    pub models: Vec<ModelConfig>,
    /// Organizations whose sessions, reports and numbers may be sent to the models. Empty: all.
    pub organizations: Vec<String>,
    /// Tokens that an organization may use on a day (UTC), input and output together. Beyond it, rules
    /// write its texts. 0: none.
    pub tokens_per_day: u64,
    /// Tokens that an answer may have, with those of its reasoning.
    pub max_output_tokens: u32,
    /// Seconds that one call may take.
    pub call_seconds: u64,
    /// Seconds that all calls for one text may take together, with pauses. At least 10 s less than
    /// `bus.completion_retry_ms` and `bus.cctv_retry_ms`, or a message would be delivered again while models
    /// are asked.
    pub total_seconds: u64,
    /// Hours for which an answer is kept, so that the same question is not paid for twice. 0: not at all.
    pub cache_hours: u64,
    /// How often models are asked again about a visit whose text the rules wrote because no model answered.
    /// The pauses grow from 5 minutes to 12 hours. 0: never.
    pub retry_attempts: u32,
    /// For how many days after the rules wrote it. 0: never.
    pub retry_days: u32,
}

/// A model, and where it is.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct ModelConfig {
    /// The API that `url` speaks: `openai`, also that of Ollama, vLLM, LiteLLM and most gateways;
    /// `gemini` or `anthropic`.
    pub api: Api,
    /// The provider's name of the model.
    pub model: String,
    /// Who is said to have written a text. Empty: `api/model`.
    pub name: String,
    /// Where the API is, such as `http://127.0.0.1:11434/v1` for Ollama. Empty: the provider's own address.
    pub url: String,
    /// The key.
    #[serde(serialize_with = "redacted")]
    #[schemars(with = "String", extend("format" = "password"))]
    pub key: SecretString,
    /// Environment variable that holds the key. Empty: `key`, or no key at all.
    pub key_variable: String,
    /// Allows `http` to another machine. Then everybody on the way can read visits and the key.
    pub allow_plain_http: bool,
}

/// An API of providers.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Api {
    /// Chat completions, as `OpenAI` and most others have them.
    #[default]
    OpenAi,
    /// `generateContent` of Google.
    Gemini,
    /// Messages of Anthropic.
    Anthropic,
}

impl Api {
    /// The word in settings and in the default name of a model.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::OpenAi => "openai",
            Self::Gemini => "gemini",
            Self::Anthropic => "anthropic",
        }
    }

    fn own_url(self) -> &'static str {
        match self {
            Self::OpenAi => "https://api.openai.com/v1",
            Self::Gemini => "https://generativelanguage.googleapis.com/v1beta",
            Self::Anthropic => "https://api.anthropic.com/v1",
        }
    }
}

impl Default for AiConfig {
    fn default() -> Self {
        Self {
            models: Vec::new(),
            organizations: Vec::new(),
            tokens_per_day: 1_000_000,
            max_output_tokens: 4_000,
            call_seconds: 20,
            total_seconds: 40,
            cache_hours: 24,
            retry_attempts: 8,
            retry_days: 3,
        }
    }
}

impl Default for ModelConfig {
    fn default() -> Self {
        Self {
            api: Api::default(),
            model: String::new(),
            name: String::new(),
            url: String::new(),
            key: String::new().into(),
            key_variable: String::new(),
            allow_plain_http: false,
        }
    }
}

pub(crate) fn redacted<S: Serializer>(
    _secret: &SecretString,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    serializer.serialize_str("")
}

/// Why the settings of a model are refused. Never has a key in it.
#[derive(Debug, thiserror::Error)]
pub enum AiConfigError {
    /// A setting of a model.
    #[error("ai.models, entry {number}: {reason}")]
    Model {
        /// From 1.
        number: usize,
        /// What is wrong, and what to do.
        reason: String,
    },
    /// A limit.
    #[error("ai.{0}")]
    Limit(&'static str),
    /// A setting of embeddings.
    #[error("embeddings: {0}")]
    Embeddings(String),
    /// The client for HTTP.
    #[error("the client for language models cannot be made")]
    Client(#[source] reqwest::Error),
}

/// A model that can be asked.
#[derive(Debug, Clone)]
pub(crate) struct Target {
    pub(crate) api: Api,
    pub(crate) model: String,
    pub(crate) name: String,
    /// Without a slash at the end.
    pub(crate) url: String,
    /// Whether `url` is the provider's own address.
    pub(crate) is_own_url: bool,
    /// Empty: none.
    pub(crate) key: SecretString,
}

/// What calls may cost.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Limits {
    pub(crate) tokens_per_day: i64,
    pub(crate) output_tokens: u32,
    pub(crate) call: Duration,
    pub(crate) total: Duration,
    /// In milliseconds; 0: nothing is kept.
    pub(crate) kept_ms: i64,
    pub(crate) retries: Retries,
}

/// How models are asked again about texts that rules wrote because no model answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Retries {
    /// Attempts for one text.
    pub attempts: i64,
    /// For how long after the rules wrote it, in milliseconds.
    pub within_ms: i64,
    /// The longest that one attempt asks, in milliseconds.
    pub longest_ms: i64,
}

impl AiConfig {
    pub(crate) fn limits(&self) -> Result<Limits, AiConfigError> {
        if self.max_output_tokens == 0 {
            return Err(AiConfigError::Limit(
                "max_output_tokens: must be at least 1",
            ));
        }
        if self.call_seconds == 0 || self.total_seconds == 0 {
            let text = "call_seconds and ai.total_seconds: must be at least 1";
            return Err(AiConfigError::Limit(text));
        }
        let hours = i64::try_from(self.cache_hours.min(24 * 365)).unwrap_or_default();
        Ok(Limits {
            tokens_per_day: i64::try_from(self.tokens_per_day).unwrap_or(i64::MAX),
            output_tokens: self.max_output_tokens,
            call: Duration::from_secs(self.call_seconds),
            total: Duration::from_secs(self.total_seconds),
            kept_ms: hours * 3_600_000,
            retries: self.retries(),
        })
    }

    fn retries(&self) -> Retries {
        let longest_ms = self.total_seconds.saturating_mul(1_000);
        Retries {
            attempts: i64::from(self.retry_attempts),
            within_ms: i64::from(self.retry_days) * 86_400_000,
            longest_ms: i64::try_from(longest_ms).unwrap_or(i64::MAX),
        }
    }

    /// The models. Variables are looked up by `variable`.
    pub(crate) fn targets(
        &self,
        variable: impl Fn(&str) -> Option<String>,
    ) -> Result<Vec<Target>, AiConfigError> {
        let target = |(at, model): (usize, &ModelConfig)| {
            model
                .target(&variable)
                .map_err(|reason| AiConfigError::Model {
                    number: at + 1,
                    reason,
                })
        };
        self.models.iter().enumerate().map(target).collect()
    }
}

impl ModelConfig {
    /// Who is said to have written a text of this model.
    #[must_use]
    pub fn author(&self) -> String {
        match self.name.as_str() {
            "" => format!("{}/{}", self.api.as_str(), self.model),
            name => name.to_owned(),
        }
    }

    pub(crate) fn target(
        &self,
        variable: impl Fn(&str) -> Option<String>,
    ) -> Result<Target, String> {
        let is_plain = |c: char| c.is_ascii_alphanumeric() || "-_.:/@".contains(c);
        if self.model.is_empty() || !self.model.chars().all(is_plain) || self.model.contains("..") {
            return Err("`model` must be the provider's name of a model".to_owned());
        }
        if !self.name.chars().all(|c| is_plain(c) || c == ' ') || self.name.len() > 100 {
            return Err("`name` may have letters, digits, spaces and -_.:/@".to_owned());
        }
        let url = match self.url.trim_end_matches('/') {
            "" => self.api.own_url(),
            url => url,
        };
        self.check_url(url)?;
        let name = self.author();
        if name.starts_with("rules/") || name == "caller" {
            return Err("`name` must not be one of those that are no models".to_owned());
        }
        Ok(Target {
            api: self.api,
            model: self.model.clone(),
            name,
            is_own_url: url == self.api.own_url(),
            url: url.to_owned(),
            key: self.key(variable)?,
        })
    }

    fn check_url(&self, url: &str) -> Result<(), String> {
        let parsed = Url::parse(url).map_err(|error| format!("`url`: {error}"))?;
        let has_more = parsed.query().is_some() || parsed.fragment().is_some();
        if has_more || !parsed.username().is_empty() || parsed.password().is_some() {
            return Err("`url` must have no query and no password; the key is in `key`".to_owned());
        }
        match (parsed.scheme(), parsed.host()) {
            ("https", Some(_)) => Ok(()),
            ("http", Some(_)) if self.allow_plain_http || is_local(&parsed) => Ok(()),
            ("http", Some(_)) => {
                Err("`url` must begin with https, unless `allow_plain_http` is true".to_owned())
            }
            _ => Err("`url` must begin with https://".to_owned()),
        }
    }

    fn key(&self, variable: impl Fn(&str) -> Option<String>) -> Result<SecretString, String> {
        let has_key = !self.key.expose_secret().is_empty();
        let name = self.key_variable.as_str();
        let text = match (name, has_key) {
            ("", _) => self.key.expose_secret().to_owned(),
            (_, true) => {
                return Err("`key` and `key_variable` are both set; remove one".to_owned());
            }
            (name, false) => variable(name)
                .filter(|value| !value.is_empty())
                .ok_or_else(|| format!("the environment has no variable {name}"))?,
        };
        let is_sendable = |byte: u8| (b'!'..=b'~').contains(&byte);
        if !text.bytes().all(is_sendable) {
            return Err("the key has characters that a header cannot have".to_owned());
        }
        Ok(text.into())
    }
}

/// The same machine.
fn is_local(url: &Url) -> bool {
    let host = url.host_str().unwrap_or_default();
    let address = host.trim_start_matches('[').trim_end_matches(']');
    let is_loopback = |address: std::net::IpAddr| address.is_loopback();
    host == "localhost" || address.parse().is_ok_and(is_loopback)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn model(url: &str) -> ModelConfig {
        ModelConfig {
            model: "m-1".to_owned(),
            url: url.to_owned(),
            ..ModelConfig::default()
        }
    }

    fn target(model: ModelConfig) -> Result<Target, String> {
        let config = AiConfig {
            models: vec![model],
            ..AiConfig::default()
        };
        let variable = |name: &str| (name == "SET").then(|| "from-variable".to_owned());
        let targets = config.targets(variable);
        targets
            .map(|mut targets| targets.remove(0))
            .map_err(|error| error.to_string())
    }

    #[test]
    fn a_key_comes_only_from_what_the_entry_names() {
        let plain = target(model("")).unwrap();
        assert_eq!(plain.key.expose_secret(), "");
        assert_eq!(plain.name, "openai/m-1");
        assert!(plain.is_own_url);
        let named = |variable: &str, key: &str| {
            target(ModelConfig {
                key_variable: variable.to_owned(),
                key: key.to_owned().into(),
                ..model("")
            })
        };
        assert_eq!(
            named("SET", "").unwrap().key.expose_secret(),
            "from-variable"
        );
        assert_eq!(named("", "own").unwrap().key.expose_secret(), "own");
        let error = named("UNSET", "").unwrap_err();
        assert_eq!(
            error,
            "ai.models, entry 1: the environment has no variable UNSET"
        );
        for (variable, key) in [("SET", "secret-1"), ("", "secret-1\nX-Other: 1")] {
            let error = named(variable, key).unwrap_err();
            assert!(!error.contains("secret-1"), "{error}");
        }
    }

    #[test]
    fn visits_go_unencrypted_only_where_the_entry_allows_it() {
        for url in [
            "http://127.0.0.1:11434/v1/",
            "http://[::1]:1",
            "http://localhost",
            "https://a.b/v1",
        ] {
            assert!(target(model(url)).is_ok(), "{url}");
        }
        for url in [
            "http://ollama:11434",
            "http://10.0.0.1",
            "ftp://a",
            "a.b",
            "https://a:b@c",
            "https://a?key=1",
        ] {
            assert!(target(model(url)).is_err(), "{url}");
        }
        let allowed = ModelConfig {
            allow_plain_http: true,
            ..model("http://ollama:11434/v1")
        };
        assert_eq!(target(allowed).unwrap().url, "http://ollama:11434/v1");
    }

    #[test]
    fn names_cannot_pass_for_rules_and_models_cannot_leave_their_path() {
        for name in ["rules/1", "caller", "a\"b", "a\nb"] {
            let named = ModelConfig {
                name: name.to_owned(),
                ..model("")
            };
            assert!(target(named).is_err(), "{name}");
        }
        for wrong in ["", "a b", "a?b", "../a", "a#b"] {
            let named = ModelConfig {
                model: wrong.to_owned(),
                ..model("")
            };
            assert!(target(named).is_err(), "{wrong}");
        }
    }
}
