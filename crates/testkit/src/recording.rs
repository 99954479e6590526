//! The recording in `tests/data`: a real session of 81 s.

use std::fs;

use serde_json::Value;

use crate::paths;

#[cfg(test)]
mod tests;

/// The 272 rrweb events of the demo recording, in order of time.
pub fn rrweb_recording() -> Vec<Value> {
    let path = paths::workspace_root().join("tests/data/rrweb-demo-session.json");
    let text =
        fs::read(&path).unwrap_or_else(|error| panic!("cannot read {}: {error}", path.display()));
    serde_json::from_slice(&text).expect("the recording is a JSON array")
}
