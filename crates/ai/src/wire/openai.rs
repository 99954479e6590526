//! Chat completions: `POST {url}/chat/completions`.

use serde::Deserialize;
use serde_json::json;

use super::{Prompt, Reply, Request, Tokens, read};
use crate::config::Target;
use crate::failure::Failure;

#[derive(Deserialize)]
struct Completion {
    #[serde(default)]
    choices: Vec<Choice>,
    #[serde(default)]
    usage: Option<Usage>,
}

#[derive(Deserialize)]
struct Choice {
    message: Message,
    #[serde(default)]
    finish_reason: Option<String>,
}

#[derive(Deserialize)]
struct Message {
    #[serde(default)]
    content: Option<String>,
    #[serde(default)]
    refusal: Option<String>,
}

#[derive(Deserialize, Default)]
struct Usage {
    #[serde(default)]
    prompt_tokens: u64,
    #[serde(default)]
    completion_tokens: u64,
}

pub(super) fn request(target: &Target, prompt: Prompt<'_>) -> Request {
    // Newer models of the provider refuse `max_tokens`; some servers with the same API know nothing else.
    let limit = if target.is_own_url {
        "max_completion_tokens"
    } else {
        "max_tokens"
    };
    let mut body = json!({
        "model": target.model,
        "messages": [
            {"role": "system", "content": prompt.instructions},
            {"role": "user", "content": prompt.input},
        ],
        "response_format": {
            "type": "json_schema",
            "json_schema": {"name": prompt.task, "strict": true, "schema": prompt.schema},
        },
    });
    body[limit] = prompt.max_tokens.into();
    Request {
        url: format!("{}/chat/completions", target.url),
        key_header: ("authorization", "Bearer "),
        headers: &[],
        body,
    }
}

pub(super) fn reply(body: &[u8]) -> Result<Reply, Failure> {
    let completion: Completion = read(body)?;
    let usage = completion.usage.unwrap_or_default();
    let tokens = Tokens {
        input: usage.prompt_tokens,
        output: usage.completion_tokens,
    };
    let text = match completion.choices.into_iter().next() {
        None => Err(Failure::Unreadable),
        Some(choice) => text_of(choice),
    };
    Ok(Reply { tokens, text })
}

fn text_of(choice: Choice) -> Result<String, Failure> {
    let is_refused = choice.message.refusal.is_some_and(|text| !text.is_empty());
    match choice.finish_reason.as_deref() {
        Some("content_filter") => Err(Failure::Refused),
        _ if is_refused => Err(Failure::Refused),
        Some("length") => Err(Failure::CutOff),
        _ => choice.message.content.ok_or(Failure::Unreadable),
    }
}
