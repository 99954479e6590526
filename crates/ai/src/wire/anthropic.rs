//! Messages: `POST {url}/messages`.

use serde::Deserialize;
use serde_json::json;

use super::{Prompt, Reply, Request, Tokens, read};
use crate::config::Target;
use crate::failure::Failure;

#[derive(Deserialize)]
struct Message {
    content: Vec<Block>,
    #[serde(default)]
    stop_reason: Option<String>,
    #[serde(default)]
    usage: Usage,
}

#[derive(Deserialize)]
struct Block {
    #[serde(rename = "type")]
    kind: String,
    #[serde(default)]
    text: String,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Usage {
    input_tokens: u64,
    cache_creation_input_tokens: Option<u64>,
    cache_read_input_tokens: Option<u64>,
    output_tokens: u64,
}

pub(super) fn request(target: &Target, prompt: Prompt<'_>) -> Request {
    Request {
        url: format!("{}/messages", target.url),
        key_header: ("x-api-key", ""),
        headers: &[("anthropic-version", "2023-06-01")],
        body: json!({
            "model": target.model,
            "max_tokens": prompt.max_tokens,
            "system": prompt.instructions,
            "messages": [{"role": "user", "content": prompt.input}],
            "output_config": {"format": {"type": "json_schema", "schema": prompt.schema}},
        }),
    }
}

pub(super) fn reply(body: &[u8]) -> Result<Reply, Failure> {
    let message: Message = read(body)?;
    let usage = message.usage;
    let cached = [
        usage.cache_creation_input_tokens,
        usage.cache_read_input_tokens,
    ];
    let cached: u64 = cached.into_iter().flatten().sum();
    let tokens = Tokens {
        input: usage.input_tokens + cached,
        output: usage.output_tokens,
    };
    let text = match message.stop_reason.as_deref() {
        Some("refusal") => Err(Failure::Refused),
        Some("max_tokens" | "model_context_window_exceeded") => Err(Failure::CutOff),
        _ => {
            let texts = message.content.into_iter();
            let texts = texts.filter(|block| block.kind == "text");
            Ok(texts.map(|block| block.text).collect())
        }
    };
    Ok(Reply { tokens, text })
}
