//! Which model makes vectors.

use schemars::JsonSchema;
use secrecy::SecretString;
use serde::{Deserialize, Serialize};

use crate::config::{AiConfigError, Api, ModelConfig, Target, redacted};

/// The most numbers of a vector. An index of pgvector holds no more.
const MAX_DIMENSION: usize = 4_000;
const MAX_BATCH: usize = 256;
/// Bytes of one text.
const MAX_TEXT: usize = 100_000;

/// How texts become vectors, for search by meaning. With a remote model, the words of all interactions,
/// the names of products and what people search for are sent to it.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct EmbeddingsConfig {
    /// `table`: the built-in table, which knows English and sends nothing anywhere. `remote`: a model with
    /// the API of `OpenAI`, also that of Ollama, vLLM, LiteLLM and most gateways. After a change, all
    /// vectors are made again in the background.
    pub kind: EmbeddingsKind,
    /// The provider's name of the model.
    pub model: String,
    /// Where the API is, such as `http://127.0.0.1:11434/v1` for Ollama; `/embeddings` is added. Empty:
    /// `OpenAI`.
    pub url: String,
    /// The key.
    #[serde(serialize_with = "redacted")]
    #[schemars(with = "String", extend("format" = "password"))]
    pub key: SecretString,
    /// Environment variable that holds the key. Empty: `key`, or no key at all.
    pub key_variable: String,
    /// Allows `http` to another machine. Then everybody on the way can read the texts and the key.
    pub allow_plain_http: bool,
    /// Numbers of a vector of the remote model, 1 to 4,000. Other answers are refused. Each takes one byte.
    pub dimension: usize,
    /// Asks the remote model for `dimension`. Only some models can shorten their vectors.
    pub request_dimension: bool,
    /// Texts of one request, 1 to 256.
    pub batch: usize,
    /// Bytes of a text that are sent, 100 to 100,000. The rest is cut off.
    pub text_bytes: usize,
    /// Seconds that a request may take.
    pub call_seconds: u64,
    /// Seconds that a search may wait for the vector of its question. After that, it finds words.
    pub question_seconds: u64,
}

/// Who makes vectors.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum EmbeddingsKind {
    /// The built-in table.
    #[default]
    Table,
    /// A model behind HTTP.
    Remote,
}

impl Default for EmbeddingsConfig {
    fn default() -> Self {
        Self {
            kind: EmbeddingsKind::default(),
            model: String::new(),
            url: String::new(),
            key: String::new().into(),
            key_variable: String::new(),
            allow_plain_http: false,
            dimension: 0,
            request_dimension: false,
            batch: 32,
            text_bytes: 2_000,
            call_seconds: 20,
            question_seconds: 3,
        }
    }
}

impl EmbeddingsConfig {
    /// The remote model. `None`: the table.
    pub(super) fn target(
        &self,
        variable: impl Fn(&str) -> Option<String>,
    ) -> Result<Option<Target>, AiConfigError> {
        if self.kind == EmbeddingsKind::Table {
            return Ok(None);
        }
        let refused = |reason: &str| Err(AiConfigError::Embeddings(reason.to_owned()));
        if !(1..=MAX_DIMENSION).contains(&self.dimension) {
            return refused(
                "`dimension` must be 1 to 4000: as many numbers as a vector of `model` has",
            );
        }
        if !(1..=MAX_BATCH).contains(&self.batch) {
            return refused("`batch` must be 1 to 256");
        }
        if !(100..=MAX_TEXT).contains(&self.text_bytes) {
            return refused("`text_bytes` must be 100 to 100000");
        }
        if self.call_seconds == 0 || self.question_seconds == 0 {
            return refused("`call_seconds` and `question_seconds` must be at least 1");
        }
        let model = ModelConfig {
            api: Api::OpenAi,
            model: self.model.clone(),
            // Vectors of another dimension cannot be compared either.
            name: format!("remote/{}/{}", self.model, self.dimension),
            url: self.url.clone(),
            key: self.key.clone(),
            key_variable: self.key_variable.clone(),
            allow_plain_http: self.allow_plain_http,
        };
        let target = model.target(variable).map_err(AiConfigError::Embeddings)?;
        Ok(Some(target))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn remote() -> EmbeddingsConfig {
        EmbeddingsConfig {
            kind: EmbeddingsKind::Remote,
            model: "m-1".to_owned(),
            dimension: 3,
            ..EmbeddingsConfig::default()
        }
    }

    fn target(config: &EmbeddingsConfig) -> Result<Option<Target>, String> {
        config
            .target(|_name| None)
            .map_err(|error| error.to_string())
    }

    #[test]
    fn texts_are_sent_only_if_the_settings_say_so() {
        let table = EmbeddingsConfig {
            kind: EmbeddingsKind::Table,
            ..remote()
        };
        assert!(target(&table).unwrap().is_none());
        assert!(target(&EmbeddingsConfig::default()).unwrap().is_none());
        let found = target(&remote()).unwrap().unwrap();
        assert_eq!(
            (found.model.as_str(), found.name.as_str()),
            ("m-1", "remote/m-1/3")
        );
        assert_eq!(found.url, "https://api.openai.com/v1");
    }

    type Change = fn(&mut EmbeddingsConfig);

    #[test]
    fn what_cannot_work_is_refused_at_the_start() {
        let wrong: [(&str, Change); 7] = [
            ("`dimension`", |it| it.dimension = 0),
            ("`dimension`", |it| it.dimension = 4_001),
            ("`batch`", |it| it.batch = 0),
            ("`text_bytes`", |it| it.text_bytes = 1),
            ("`call_seconds`", |it| it.question_seconds = 0),
            ("`model`", |it| it.model.clear()),
            ("`url`", |it| it.url = "http://10.0.0.1/v1".to_owned()),
        ];
        for (setting, change) in wrong {
            let mut config = remote();
            change(&mut config);
            let error = target(&config).unwrap_err();
            assert!(
                error.starts_with(&format!("embeddings: {setting}")),
                "{error}"
            );
        }
    }
}
