//! `POST {url}/models/{model}:generateContent`.

use serde::Deserialize;
use serde_json::{Value, json};

use super::{Prompt, Reply, Request, Tokens, read};
use crate::config::Target;
use crate::failure::Failure;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Generated {
    #[serde(default)]
    candidates: Vec<Candidate>,
    #[serde(default)]
    prompt_feedback: Option<Value>,
    #[serde(default)]
    usage_metadata: Usage,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Candidate {
    #[serde(default)]
    content: Content,
    #[serde(default)]
    finish_reason: Option<String>,
}

#[derive(Deserialize, Default)]
struct Content {
    #[serde(default)]
    parts: Vec<Part>,
}

#[derive(Deserialize)]
struct Part {
    #[serde(default)]
    text: String,
    /// Reasoning.
    #[serde(default)]
    thought: bool,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase", default)]
struct Usage {
    prompt_token_count: u64,
    candidates_token_count: u64,
    thoughts_token_count: u64,
}

pub(super) fn request(target: &Target, prompt: Prompt<'_>) -> Request {
    Request {
        url: format!("{}/models/{}:generateContent", target.url, target.model),
        key_header: ("x-goog-api-key", ""),
        headers: &[],
        body: json!({
            "systemInstruction": {"parts": [{"text": prompt.instructions}]},
            "contents": [{"role": "user", "parts": [{"text": prompt.input}]}],
            "generationConfig": {
                "responseMimeType": "application/json",
                "responseJsonSchema": prompt.schema,
                "maxOutputTokens": prompt.max_tokens,
            },
        }),
    }
}

pub(super) fn reply(body: &[u8]) -> Result<Reply, Failure> {
    let generated: Generated = read(body)?;
    let usage = generated.usage_metadata;
    let tokens = Tokens {
        input: usage.prompt_token_count,
        output: usage.candidates_token_count + usage.thoughts_token_count,
    };
    let text = match generated.candidates.into_iter().next() {
        Some(candidate) => text_of(candidate),
        // The input was blocked.
        None if generated.prompt_feedback.is_some() => Err(Failure::Refused),
        None => Err(Failure::Unreadable),
    };
    Ok(Reply { tokens, text })
}

fn text_of(candidate: Candidate) -> Result<String, Failure> {
    match candidate.finish_reason.as_deref() {
        None | Some("STOP") => {}
        Some("MAX_TOKENS") => return Err(Failure::CutOff),
        // Safety, recitation, a blocklist and whatever comes.
        Some(_) => return Err(Failure::Refused),
    }
    let parts = candidate.content.parts.into_iter();
    let texts: Vec<String> = parts
        .filter(|part| !part.thought)
        .map(|part| part.text)
        .collect();
    Ok(texts.concat())
}
