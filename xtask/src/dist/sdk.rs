//! The SDK as npm publishes it.

use std::path::{Path, PathBuf};

use anyhow::{Context, ensure};
use serde::Deserialize;

use crate::command;
use crate::frontend;

/// What npm says about a tarball.
#[derive(Deserialize)]
struct Packed {
    filename: String,
    files: Vec<Member>,
}

#[derive(Deserialize)]
struct Member {
    path: String,
}

/// Files without which nobody should publish it.
const REQUIRED: [&str; 4] = ["LICENSE", "README.md", "package.json", "dist/index.mjs"];

/// Writes the tarball into `dir`.
pub async fn pack(dir: &Path) -> anyhow::Result<PathBuf> {
    let mut npm = frontend::npm(
        frontend::SDK.folder,
        &["pack", "--json", "--ignore-scripts"],
    )?;
    npm.arg("--pack-destination").arg(dir);
    let answer = command::output(&mut npm).await?;
    let packed: Vec<Packed> = serde_json::from_str(&answer).context("cannot read npm's answer")?;
    let packed = packed.first().context("npm packed nothing")?;
    for required in REQUIRED {
        ensure!(
            packed.files.iter().any(|member| member.path == required),
            "the tarball of the SDK lacks {required}"
        );
    }
    Ok(dir.join(&packed.filename))
}
