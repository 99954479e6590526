//! Robots that identify themselves in the user agent. These lists are the only ones in the product;
//! the SDK has none.

use std::borrow::Cow;
use std::sync::LazyLock;

use regex::bytes::{RegexSet, RegexSetBuilder};

/// Limit for the compiled patterns, which take about 6 MB.
const MAX_COMPILED_BYTES: usize = 64 << 20;

/// The patterns of crawler-user-agents, compiled when the first user agent arrives.
static KNOWN: LazyLock<RegexSet> = LazyLock::new(|| {
    let patterns: Vec<String> =
        serde_json::from_str(include_str!("../../data/bots.json")).expect("the list is JSON");
    RegexSetBuilder::new(patterns)
        .unicode(false)
        .size_limit(MAX_COMPILED_BYTES)
        .build()
        .expect("a test compiles the patterns")
});

/// Whether a user agent names a robot. Expects it without the phone's model.
pub(super) fn is_robot(user_agent: &str) -> bool {
    names_robot(user_agent) || KNOWN.is_match(user_agent.as_bytes())
}

/// Whether a word of the user agent marks a robot that the list does not know yet.
fn names_robot(user_agent: &str) -> bool {
    const PARTS: [&str; 5] = [
        "headless",
        "crawler",
        "spider",
        "lighthouse",
        "screaming frog",
    ];
    let lower = user_agent.to_ascii_lowercase();
    let mut words = lower.split(|letter: char| !letter.is_ascii_alphanumeric());
    PARTS.iter().any(|part| lower.contains(part)) || words.any(is_word_of_robot)
}

/// Whether the word is like `Googlebot`, `bot` or `bots`.
fn is_word_of_robot(word: &str) -> bool {
    word.ends_with("bot") || word.ends_with("bots")
}

/// Removes phone names that look like a bot: `CUBOT NOTE 20`, `M BOT 551`. A phone names its model
/// in the same brackets as Android. A bot has separate brackets with its address.
pub(super) fn without_phone_model(user_agent: &str) -> Cow<'_, str> {
    let Some((before, rest)) = user_agent.split_once('(') else {
        return Cow::Borrowed(user_agent);
    };
    let Some((system, after)) = rest.split_once(')') else {
        return Cow::Borrowed(user_agent);
    };
    let is_android = system.contains("Android") || system.contains("Adr ");
    let has_address = ["compatible", "http", "www.", "@"]
        .iter()
        .any(|word| system.contains(word));
    if !is_android || has_address || !names_robot(system) {
        return Cow::Borrowed(user_agent);
    }
    let parts: Vec<&str> = system
        .split(';')
        .map(|part| if names_robot(part) { " K" } else { part })
        .collect();
    Cow::Owned(format!("{before}({}){after}", parts.join(";")))
}
