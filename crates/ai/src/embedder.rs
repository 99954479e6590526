//! Texts as vectors: by the built-in table, or by a remote model.
//!
//! A remote model has the API of `OpenAI`: `POST {url}/embeddings`. Its answer is checked before it is used.

mod config;
mod wire;

use std::sync::Arc;
use std::time::{Duration, Instant};

use tracing::warn;

use crow_embedding::{DIMENSION, MODEL, Vector};

use crate::breaker::Breaker;
use crate::client::Client;
use crate::config::{AiConfigError, Target};
use crate::failure::{Failure, Fault};
use crate::metrics;
use crate::wire::Tokens;

pub use config::{EmbeddingsConfig, EmbeddingsKind};

/// In place of an organization, for texts of several.
const SEVERAL: &str = "";

/// Makes vectors. Cloning is cheap; all clones share a breaker. The default is the table.
#[derive(Debug, Clone, Default)]
pub struct Embedder(Option<Arc<Remote>>);

#[derive(Debug)]
struct Remote {
    client: Client,
    /// Its name is that of the vectors.
    target: Target,
    dimension: usize,
    /// Whether a request names the dimension.
    names_dimension: bool,
    batch: usize,
    text_bytes: usize,
    call: Duration,
    question: Duration,
    breaker: Breaker,
}

/// Why there are no vectors. A message or an answer never fails because of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NoVectors {
    /// The model cannot be used now, whatever the texts are.
    #[error("the model of embeddings cannot be used now")]
    Unavailable,
    /// The model failed. One of the texts may be why.
    #[error("the model of embeddings failed")]
    Unclear,
    /// The model refused the texts.
    #[error("the model of embeddings refused the texts")]
    Refused,
}

impl Embedder {
    /// The model of the settings. For a remote one, the process-wide TLS provider must already be installed
    /// (`crow_runtime::install_crypto`).
    ///
    /// # Errors
    /// When a setting is invalid. The error names it, and never has a key in it.
    pub fn new(config: &EmbeddingsConfig) -> Result<Self, AiConfigError> {
        let variable = |name: &str| std::env::var(name).ok();
        let Some(target) = config.target(variable)? else {
            return Ok(Self::default());
        };
        Ok(Self(Some(Arc::new(Remote {
            client: Client::new()?,
            target,
            dimension: config.dimension,
            names_dimension: config.request_dimension,
            batch: config.batch,
            text_bytes: config.text_bytes,
            call: Duration::from_secs(config.call_seconds),
            question: Duration::from_secs(config.question_seconds),
            breaker: Breaker::default(),
        }))))
    }

    /// Whether texts are sent to a model. False: the table makes vectors, at once and always.
    #[must_use]
    pub fn is_remote(&self) -> bool {
        self.0.is_some()
    }

    /// What is stored with vectors. Those of different models cannot be compared.
    #[must_use]
    pub fn model(&self) -> &str {
        self.0
            .as_ref()
            .map_or(MODEL, |remote| remote.target.name.as_str())
    }

    /// Numbers of a vector.
    #[must_use]
    pub fn dimension(&self) -> usize {
        self.0.as_ref().map_or(DIMENSION, |remote| remote.dimension)
    }

    /// The most texts of one [`Embedder::embed`].
    #[must_use]
    pub fn batch(&self) -> usize {
        self.0.as_ref().map_or(usize::MAX, |remote| remote.batch)
    }

    /// How long a question may wait for vectors.
    #[must_use]
    pub fn patience(&self) -> Duration {
        self.0
            .as_ref()
            .map_or(Duration::MAX, |remote| remote.question)
    }

    /// The vectors of texts, in their order. A text that has nothing to compare has `None` in its place.
    ///
    /// `organization` is whose texts they are. If they may be why the model fails, the model is at first left
    /// alone for this organization only. `None`: the texts are of several, and nobody is to blame.
    ///
    /// # Errors
    /// When a remote model fails. The failure is logged.
    pub async fn embed(
        &self,
        organization: Option<&str>,
        texts: &[&str],
    ) -> Result<Vec<Option<Vector>>, NoVectors> {
        match &self.0 {
            None => Ok(texts
                .iter()
                .map(|text| crow_embedding::embed(text))
                .collect()),
            Some(remote) => {
                let organization = organization.unwrap_or(SEVERAL);
                remote.embed(organization, texts, remote.call).await
            }
        }
    }

    /// The vector of a question of an organization, for which somebody waits.
    ///
    /// # Errors
    /// When a remote model fails, or takes longer than [`Embedder::patience`]. The failure is logged.
    pub async fn embed_question(
        &self,
        organization: &str,
        text: &str,
    ) -> Result<Option<Vector>, NoVectors> {
        match &self.0 {
            None => Ok(crow_embedding::embed(text)),
            Some(remote) => {
                let found = remote.embed(organization, &[text], remote.question).await?;
                Ok(found.into_iter().next().flatten())
            }
        }
    }
}

impl Remote {
    async fn embed(
        &self,
        organization: &str,
        texts: &[&str],
        within: Duration,
    ) -> Result<Vec<Option<Vector>>, NoVectors> {
        let cut = |text: &str| {
            text[..text.floor_char_boundary(self.text_bytes)]
                .trim()
                .to_owned()
        };
        let texts: Vec<String> = texts.iter().map(|text| cut(text)).collect();
        // Providers refuse a list with an empty text.
        let asked: Vec<&str> = texts
            .iter()
            .map(String::as_str)
            .filter(|text| !text.is_empty())
            .collect();
        let mut found = Vec::new().into_iter();
        if !asked.is_empty() {
            let vectors = self.ask(organization, &asked, within).await?;
            found = vectors.into_iter();
        }
        let of = |text: &String| {
            if text.is_empty() {
                return None;
            }
            found.next().flatten()
        };
        Ok(texts.iter().map(of).collect())
    }

    /// One call, counted.
    async fn ask(
        &self,
        organization: &str,
        texts: &[&str],
        within: Duration,
    ) -> Result<Vec<Option<Vector>>, NoVectors> {
        if !self.breaker.allows(organization, Instant::now()) {
            return Err(NoVectors::Unavailable);
        }
        let began = Instant::now();
        let answer = tokio::time::timeout(within, self.call(texts)).await;
        let answer = answer.unwrap_or(Err(Failure::Slow));
        let (outcome, tokens) = match &answer {
            Ok((_vectors, tokens)) => ("answered", *tokens),
            Err(failure) => (failure.as_str(), Tokens::default()),
        };
        metrics::count_call(&self.target.name, outcome, tokens, began.elapsed());
        match answer {
            Ok((vectors, _tokens)) => {
                self.breaker.note_answer(organization);
                Ok(vectors)
            }
            Err(failure) => Err(self.note(organization, failure)),
        }
    }

    async fn call(&self, texts: &[&str]) -> Result<(Vec<Option<Vector>>, Tokens), Failure> {
        let dimension = self.names_dimension.then_some(self.dimension);
        let request = wire::request(&self.target, texts, dimension);
        let most = wire::longest(texts.len(), self.dimension);
        let body = self.client.post(request, &self.target.key, most).await?;
        wire::vectors(&body, texts.len(), self.dimension)
    }

    fn note(&self, organization: &str, failure: Failure) -> NoVectors {
        warn!(
            model = self.target.name,
            reason = failure.to_string(),
            "a model of embeddings gave no vectors"
        );
        let nobody = match failure {
            // It is the same for all texts.
            Failure::WrongForm | Failure::TooLong => NoVectors::Unavailable,
            other => match other.fault() {
                Fault::Question => NoVectors::Refused,
                Fault::Unclear => NoVectors::Unclear,
                Fault::Provider | Fault::Ours => NoVectors::Unavailable,
            },
        };
        match nobody {
            NoVectors::Refused => self.breaker.note_answer(organization),
            NoVectors::Unavailable => self.breaker.note_failure(Instant::now()),
            // It shows when each organization is asked about by itself.
            NoVectors::Unclear if organization == SEVERAL => {}
            NoVectors::Unclear => {
                self.breaker.note_failure_of(organization, Instant::now());
            }
        }
        nobody
    }
}
