//! API keys through the command line, and the master key of tests.

use anyhow::Context;

/// The setting `keyring.master_key` of tests.
pub const MASTER_KEY: &str = "Zm9yIHRlc3RzIG9ubHksIDMyIGJ5dGVzIGluIGFsbC4=";

/// The arguments of `crow` that make a key. [`created`] reads what it prints.
pub fn create<'a>(organization: &'a str, scope: &'a str) -> [&'a str; 7] {
    [
        "keys",
        "create",
        "--json",
        "--org",
        organization,
        "--scope",
        scope,
    ]
}

/// The key in what `crow` prints.
pub fn created(printed: &str) -> anyhow::Result<String> {
    let line: serde_json::Value =
        serde_json::from_str(printed).context("`crow keys create` prints no JSON")?;
    let key = line["key"].as_str();
    Ok(key.context("`crow keys create` prints no key")?.to_owned())
}
