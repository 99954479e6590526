//! Asks the models in order.

use std::future::Future;
use std::sync::Arc;
use std::time::{Duration, Instant};

use backon::{ExponentialBuilder, Retryable};
use data_encoding::HEXLOWER;
use serde::de::DeserializeOwned;
use sha2::{Digest, Sha256};
use tracing::warn;
use ulid::Ulid;

use crow_db::Db;
use crow_db::ai::{self as rows, AnswerRow, CallRow};
use crow_types::{Timestamp, log_chain};

use crate::breaker::Breaker;
use crate::client::Client;
use crate::config::{AiConfig, AiConfigError, Limits, Retries, Target};
use crate::failure::{Failure, Fault};
use crate::fence::Boundary;
use crate::metrics;
use crate::question::{About, Answer, NoAnswer, Question, Task};
use crate::wire::{Prompt, Tokens};

/// Retries of one model for one question.
const RETRIES: usize = 3;
const FIRST_PAUSE: Duration = Duration::from_millis(250);
/// Bytes of a token, for the reservation; the provider counts exactly.
const BYTES_PER_TOKEN: usize = 3;

/// The models. Cloning is cheap; all clones share budgets and breakers.
#[derive(Debug, Clone)]
pub struct Ai(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    db: Db,
    client: Option<Client>,
    models: Vec<Model>,
    organizations: Vec<String>,
    limits: Limits,
}

#[derive(Debug)]
struct Model {
    target: Target,
    breaker: Breaker,
}

/// A question while models are asked.
struct Asking<'a> {
    task: Task,
    question: Question<'a>,
    deadline: Instant,
}

impl Ai {
    /// The models of the settings. The process-wide TLS provider must already be installed
    /// (`crow_runtime::install_crypto`).
    ///
    /// # Errors
    /// When a setting is invalid. The error names it, and never has a key in it.
    pub fn new(db: Db, config: &AiConfig) -> Result<Self, AiConfigError> {
        let targets = config.targets(|name| std::env::var(name).ok())?;
        let client = match targets.as_slice() {
            [] => None,
            _some => Some(Client::new()?),
        };
        let models = targets.into_iter().map(|target| Model {
            target,
            breaker: Breaker::default(),
        });
        Ok(Self(Arc::new(Inner {
            db,
            client,
            models: models.collect(),
            organizations: config.organizations.clone(),
            limits: config.limits()?,
        })))
    }

    /// Whether models may be asked for any organization.
    #[must_use]
    pub fn has_models(&self) -> bool {
        !self.0.models.is_empty()
    }

    /// Whether models may be asked for an organization.
    #[must_use]
    pub fn serves(&self, organization: &str) -> bool {
        let chosen = &self.0.organizations;
        let is_chosen = chosen.is_empty() || chosen.iter().any(|one| one == organization);
        self.has_models() && is_chosen
    }

    /// How models are asked again about texts that rules wrote because no model answered. `None`: they are
    /// not.
    #[must_use]
    pub fn retries(&self) -> Option<Retries> {
        let retries = self.0.limits.retries;
        let is_on = self.has_models() && retries.attempts > 0 && retries.within_ms > 0;
        is_on.then_some(retries)
    }

    /// How long texts may wait for models in [`Ai::retries`], in milliseconds, also while there are no models.
    #[must_use]
    pub fn retries_within_ms(&self) -> i64 {
        self.0.limits.retries.within_ms
    }

    /// Asks one model after the other until `check` accepts an answer.
    ///
    /// `check` decides what of an answer may be used; `None`: nothing. It is also applied to answers that
    /// were kept.
    ///
    /// # Errors
    /// When no model gave an answer that passed. That is never more than a reason to do without.
    pub async fn complete<A, T>(
        &self,
        task: Task,
        question: Question<'_>,
        check: impl Fn(A) -> Option<T> + Sync,
    ) -> Result<Answer<T>, NoAnswer>
    where
        A: DeserializeOwned,
        T: Send,
    {
        let Some(client) = self.0.client.as_ref() else {
            return Err(NoAnswer::Off);
        };
        if !self.serves(question.organization) {
            return Err(NoAnswer::Off);
        }
        let asking = Asking {
            task,
            question,
            deadline: Instant::now() + self.0.limits.total,
        };
        let mut outcome = NoAnswer::LeftAlone;
        for model in &self.0.models {
            match self.0.ask_model(client, model, &asking, &check).await {
                Ok(answer) => {
                    let by = if answer.is_kept { "kept" } else { "model" };
                    metrics::count_question(task.name, by);
                    return Ok(answer);
                }
                // It is the same for all models. Those that were asked before may have to be paid.
                Err(Some(Failure::Budget)) => {
                    if outcome == NoAnswer::LeftAlone {
                        outcome = NoAnswer::Budget;
                    }
                    break;
                }
                Err(Some(failure)) if failure.may_cost() => outcome = NoAnswer::Unusable,
                Err(Some(_free)) if outcome != NoAnswer::Unusable => outcome = NoAnswer::Failed,
                Err(_other) => {}
            }
        }
        let by = match outcome {
            NoAnswer::Budget => "budget",
            NoAnswer::Off | NoAnswer::Failed | NoAnswer::Unusable | NoAnswer::LeftAlone => "nobody",
        };
        metrics::count_question(task.name, by);
        Err(outcome)
    }
}

impl Inner {
    /// `None`: the model is left alone.
    async fn ask_model<A, T>(
        &self,
        client: &Client,
        model: &Model,
        asking: &Asking<'_>,
        check: &(impl Fn(A) -> Option<T> + Sync),
    ) -> Result<Answer<T>, Option<Failure>>
    where
        A: DeserializeOwned,
        T: Send,
    {
        let key = asking.key_for(&model.target);
        let kept = self.kept(asking, &key).await?;
        if let Some(value) = kept.and_then(|text| checked(&text, check).ok()) {
            return Ok(Answer {
                value,
                by: model.target.name.clone(),
                tokens: Tokens::default(),
                latency: Duration::ZERO,
                is_kept: true,
            });
        }
        // In less time a model cannot show that it works.
        let has_time = asking.time_left() >= self.limits.call / 4;
        let organization = asking.question.organization;
        if !has_time || !model.breaker.allows(organization, Instant::now()) {
            return Err(None);
        }
        let outcome = self.ask_again(client, model, asking, check).await;
        match &outcome {
            Ok((_answer, text)) => {
                model.breaker.note_answer(organization);
                self.keep(asking, key, text.clone()).await;
            }
            Err(failure) => match failure.fault() {
                Fault::Provider => model.breaker.note_failure(Instant::now()),
                Fault::Unclear => {
                    let now = Instant::now();
                    model.breaker.note_failure_of(organization, now);
                }
                Fault::Question => model.breaker.note_answer(organization),
                Fault::Ours => {}
            },
        }
        if let Err(failure) = &outcome
            && *failure != Failure::Budget
        {
            warn!(
                what = asking.task.name,
                model = model.target.name,
                reason = failure.to_string(),
                "a language model gave no answer"
            );
        }
        outcome.map(|(answer, _text)| answer).map_err(Some)
    }

    /// Asks until the model answers, or fails for good.
    async fn ask_again<A, T>(
        &self,
        client: &Client,
        model: &Model,
        asking: &Asking<'_>,
        check: &(impl Fn(A) -> Option<T> + Sync),
    ) -> Result<(Answer<T>, String), Failure>
    where
        A: DeserializeOwned,
        T: Send,
    {
        let pauses = ExponentialBuilder::default()
            .with_min_delay(FIRST_PAUSE)
            .with_max_times(RETRIES)
            .with_jitter();
        (|| self.call(client, model, asking, check))
            .retry(pauses)
            .when(|failure: &Failure| failure.is_retryable())
            // The provider knows better when; but the caller waits only so long.
            .adjust(|failure, pause| {
                let pause = pause?.max(failure.retry_after().unwrap_or_default());
                (pause < asking.time_left()).then_some(pause)
            })
            .await
    }

    /// One call, counted and noted.
    async fn call<A, T>(
        &self,
        client: &Client,
        model: &Model,
        asking: &Asking<'_>,
        check: &(impl Fn(A) -> Option<T> + Sync),
    ) -> Result<(Answer<T>, String), Failure>
    where
        A: DeserializeOwned,
        T: Send,
    {
        let input = (asking.question.input)(&Boundary::new());
        let prompt = Prompt {
            task: asking.task.name,
            instructions: asking.task.instructions,
            input: &input,
            schema: asking.question.schema,
            max_tokens: self.limits.output_tokens,
        };
        let begun = CallRow {
            id: Ulid::new().to_string(),
            organization_id: asking.question.organization.to_owned(),
            at: Timestamp::now().0,
            task: asking.task.name.to_owned(),
            model: model.target.name.clone(),
            outcome: rows::UNFINISHED.to_owned(),
            input_tokens: 0,
            output_tokens: 0,
            latency_ms: 0,
        };
        let reserved = reservation(prompt);
        self.reserve(asking, &begun, reserved).await?;
        let began = Instant::now();
        let deadline = self.limits.call.min(asking.time_left());
        let reply = client.ask(&model.target, prompt, deadline).await;
        let latency = began.elapsed();
        let (tokens, said) = match reply {
            Ok(reply) => (reply.tokens, reply.text),
            Err(failure) => (Tokens::default(), Err(failure)),
        };
        let said = said.and_then(|text| Ok((checked(&text, check)?, text)));
        let outcome = said.as_ref().err().map_or("answered", |it| it.as_str());
        metrics::count_call(&model.target.name, outcome, tokens, latency);
        let may_cost = said.as_ref().err().is_none_or(|it| it.may_cost());
        let used = match count(tokens.total()) {
            // A server that counts nothing must not be without a limit.
            0 if may_cost => reserved,
            used => used,
        };
        let ended = CallRow {
            outcome: outcome.to_owned(),
            input_tokens: count(tokens.input),
            output_tokens: count(tokens.output),
            latency_ms: i64::try_from(latency.as_millis()).unwrap_or(i64::MAX),
            ..begun
        };
        self.or_log(rows::note(&self.db, &ended, reserved, used))
            .await;
        let (value, text) = said?;
        let answer = Answer {
            value,
            by: model.target.name.clone(),
            tokens,
            latency,
            is_kept: false,
        };
        Ok((answer, text))
    }

    /// Also stores the row of the call: a process that dies while it waits leaves one.
    async fn reserve(
        &self,
        asking: &Asking<'_>,
        call: &CallRow,
        tokens: i64,
    ) -> Result<(), Failure> {
        let parts = i64::from(asking.task.parts.max(1));
        let most = self.limits.tokens_per_day / parts;
        let reserving = rows::reserve(&self.db, call, tokens, most);
        match self.or_log(reserving).await {
            Some(true) => Ok(()),
            Some(false) => Err(Failure::Budget),
            None => Err(Failure::Database),
        }
    }

    async fn kept(
        &self,
        asking: &Asking<'_>,
        key: &str,
    ) -> Result<Option<String>, Option<Failure>> {
        if self.limits.kept_ms == 0 || asking.question.about == About::Nothing {
            return Ok(None);
        }
        let organization = asking.question.organization;
        let reading = rows::answer(&self.db, organization, key, Timestamp::now());
        let read = self.or_log(reading).await;
        read.ok_or(Some(Failure::Database))
    }

    async fn keep(&self, asking: &Asking<'_>, key: String, answer: String) {
        let about = asking.question.about;
        if self.limits.kept_ms == 0 || about == About::Nothing {
            return;
        }
        let row = AnswerRow {
            organization_id: asking.question.organization.to_owned(),
            key,
            session_row: about.row().map(str::to_owned),
            answer,
            expires_at: Timestamp::now().plus(self.limits.kept_ms).0,
        };
        let keeping = async {
            match about {
                About::Report(_) => rows::keep_until_stored(&self.db, row).await,
                About::Session(_) | About::Nothing => rows::keep(&self.db, row).await,
            }
        };
        self.or_log(keeping).await;
    }

    /// A failure of the database must not fail what models are only an ornament of.
    async fn or_log<T>(&self, doing: impl Future<Output = crow_db::Result<T>>) -> Option<T> {
        match doing.await {
            Ok(done) => Some(done),
            Err(error) => {
                warn!(
                    error = log_chain(&error),
                    "the database failed beside a language model"
                );
                None
            }
        }
    }
}

impl Asking<'_> {
    fn time_left(&self) -> Duration {
        self.deadline.saturating_duration_since(Instant::now())
    }

    /// Names what is asked of which model. Each part is behind its length, so that no two are alike.
    fn key_for(&self, target: &Target) -> String {
        let version = self.task.version.to_string();
        let schema = self.question.schema.to_string();
        let input = (self.question.input)(&Boundary::none());
        let mut hash = Sha256::new();
        for part in [
            self.task.name,
            &version,
            &target.url,
            &target.model,
            &target.name,
            &schema,
            &input,
        ] {
            hash.update(part.len().to_le_bytes());
            hash.update(part.as_bytes());
        }
        HEXLOWER.encode(&hash.finalize())
    }
}

/// What a provider promised to send, whether it did so, and whether it may be used.
fn checked<A, T>(text: &str, check: &impl Fn(A) -> Option<T>) -> Result<T, Failure>
where
    A: DeserializeOwned,
{
    let said: A = serde_json::from_str(text.trim()).map_err(|_error| Failure::WrongForm)?;
    check(said).ok_or(Failure::Unfounded)
}

/// At least as many tokens as a call uses, in most languages.
fn reservation(prompt: Prompt<'_>) -> i64 {
    let schema = prompt.schema.to_string().len();
    let bytes = prompt.instructions.len() + prompt.input.len() + schema;
    let input = u64::try_from(bytes / BYTES_PER_TOKEN + 1).unwrap_or(u64::MAX);
    count(input.saturating_add(prompt.max_tokens.into()))
}

fn count(tokens: u64) -> i64 {
    i64::try_from(tokens).unwrap_or(i64::MAX)
}
