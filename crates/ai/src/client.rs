//! One call of a model.

use std::time::Duration;

use reqwest::header::{HeaderMap, RETRY_AFTER};
use secrecy::{ExposeSecret, SecretString};

use crate::config::{AiConfigError, Target};
use crate::failure::Failure;
use crate::wire::{Prompt, Reply, Request};

/// The longest answer that is read, in bytes. One of ours has a few thousand.
const MAX_ANSWER: usize = 1 << 20;

/// Speaks HTTP with providers. It follows no redirect, so that visits and keys stay where they belong.
#[derive(Debug, Clone)]
pub(crate) struct Client(reqwest::Client);

impl Client {
    pub(crate) fn new() -> Result<Self, AiConfigError> {
        reqwest::Client::builder()
            .redirect(reqwest::redirect::Policy::none())
            .connect_timeout(Duration::from_secs(5))
            .build()
            .map(Self)
            .map_err(AiConfigError::Client)
    }

    /// Asks once.
    pub(crate) async fn ask(
        &self,
        target: &Target,
        prompt: Prompt<'_>,
        deadline: Duration,
    ) -> Result<Reply, Failure> {
        let asking = self.ask_patiently(target, prompt);
        tokio::time::timeout(deadline, asking)
            .await
            .unwrap_or(Err(Failure::Slow))
    }

    async fn ask_patiently(&self, target: &Target, prompt: Prompt<'_>) -> Result<Reply, Failure> {
        let request = target.request(prompt);
        let body = self.post(request, &target.key, MAX_ANSWER).await?;
        target.reply(&body)
    }

    /// Sends a request once. Its answer has at most `most` bytes.
    pub(crate) async fn post(
        &self,
        request: Request,
        key: &SecretString,
        most: usize,
    ) -> Result<Vec<u8>, Failure> {
        let mut post = self.0.post(request.url).json(&request.body);
        for (name, value) in request.headers {
            post = post.header(*name, *value);
        }
        let key = key.expose_secret();
        if !key.is_empty() {
            let (name, prefix) = request.key_header;
            post = post.header(name, format!("{prefix}{key}"));
        }
        let response = post.send().await.map_err(|error| of(&error))?;
        let status = response.status();
        if !status.is_success() {
            // The text may repeat the prompt or the key, so nobody reads it.
            return Err(Failure::Status {
                status: status.as_u16(),
                retry_after: retry_after(response.headers()),
            });
        }
        whole(response, most).await
    }
}

/// Reads the body up to the limit. It may be chunked and have no `Content-Length`.
async fn whole(mut response: reqwest::Response, most: usize) -> Result<Vec<u8>, Failure> {
    let mut body = Vec::new();
    while let Some(part) = response.chunk().await.map_err(|error| of(&error))? {
        if body.len() + part.len() > most {
            return Err(Failure::TooLong);
        }
        body.extend_from_slice(&part);
    }
    Ok(body)
}

fn of(error: &reqwest::Error) -> Failure {
    if error.is_connect() || error.is_builder() {
        Failure::Unreachable
    } else if error.is_timeout() {
        Failure::Slow
    } else {
        Failure::BrokenOff
    }
}

/// Seconds. Providers of models send no dates.
fn retry_after(headers: &HeaderMap) -> Option<Duration> {
    let text = headers.get(RETRY_AFTER)?.to_str().ok()?;
    let seconds: f64 = text.trim().parse().ok()?;
    Duration::try_from_secs_f64(seconds).ok()
}
