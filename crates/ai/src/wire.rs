//! What providers are sent, and what they answer.

mod anthropic;
mod gemini;
mod openai;

use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::config::{Api, Target};
use crate::failure::Failure;

/// Tokens of a call, as the provider counts them.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Tokens {
    /// Of what was sent.
    pub input: u64,
    /// Of what was answered, with the reasoning.
    pub output: u64,
}

impl Tokens {
    /// All that are paid for.
    #[must_use]
    pub fn total(self) -> u64 {
        self.input.saturating_add(self.output)
    }
}

/// A question as all providers get it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Prompt<'a> {
    /// What the answer is for. One word.
    pub(crate) task: &'a str,
    /// Ours.
    pub(crate) instructions: &'a str,
    /// With text of visitors inside of a fence.
    pub(crate) input: &'a str,
    /// JSON schema of the answer. Ours.
    pub(crate) schema: &'a Value,
    pub(crate) max_tokens: u32,
}

/// A request to a provider.
#[derive(Debug)]
pub(crate) struct Request {
    pub(crate) url: String,
    /// The header of the key, and what comes before the key in it.
    pub(crate) key_header: (&'static str, &'static str),
    /// Further headers.
    pub(crate) headers: &'static [(&'static str, &'static str)],
    pub(crate) body: Value,
}

/// What a provider answered: the text of the model, or why there is none.
#[derive(Debug, PartialEq)]
pub(crate) struct Reply {
    pub(crate) tokens: Tokens,
    pub(crate) text: Result<String, Failure>,
}

impl Target {
    pub(crate) fn request(&self, prompt: Prompt<'_>) -> Request {
        match self.api {
            Api::OpenAi => openai::request(self, prompt),
            Api::Gemini => gemini::request(self, prompt),
            Api::Anthropic => anthropic::request(self, prompt),
        }
    }

    /// Reads the body of an answer with status 200.
    pub(crate) fn reply(&self, body: &[u8]) -> Result<Reply, Failure> {
        match self.api {
            Api::OpenAi => openai::reply(body),
            Api::Gemini => gemini::reply(body),
            Api::Anthropic => anthropic::reply(body),
        }
    }
}

pub(crate) fn read<T: DeserializeOwned>(body: &[u8]) -> Result<T, Failure> {
    serde_json::from_slice(body).map_err(|_error| Failure::Unreadable)
}
