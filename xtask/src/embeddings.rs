//! `cargo xtask embeddings`: the table of `crates/embedding`, from the pinned model.

use std::fs;
use std::path::Path;

use anyhow::{Context, ensure};
use clap::Args;
use crow_testkit::paths;
use tokio::process::Command;

use crate::{command, tools};

/// Where the program lies.
const PROGRAM: &str = "tools/embeddings/distil.py";
/// Where the table lies.
const DATA: &str = "crates/embedding/data";
/// What the program makes.
const FILES: [&str; 2] = ["table.bin", "vocab.txt"];

/// What to do with the table.
#[derive(Debug, Args)]
pub struct Options {
    /// Only compare with the committed table; a difference is an error.
    #[arg(long)]
    check: bool,
}

/// Makes the table, which takes minutes, and replaces the committed one unless it is only compared.
pub async fn run(options: &Options) -> anyhow::Result<()> {
    let root = paths::workspace_root();
    let made = root.join("target/embeddings");
    fs::create_dir_all(&made).context("cannot make target/embeddings")?;
    let python = tools::for_embeddings().await?;
    let mut distil = Command::new(python);
    distil.arg(root.join(PROGRAM)).arg(&made);
    command::run_aside(&mut distil).await?;
    for name in FILES {
        let (new, old) = (made.join(name), root.join(DATA).join(name));
        if is_same(&new, &old)? {
            println!("{DATA}/{name} is as committed");
            continue;
        }
        ensure!(!options.check, "{DATA}/{name} is not what {PROGRAM} makes");
        fs::copy(&new, &old).with_context(|| format!("cannot write {}", old.display()))?;
        println!("{DATA}/{name} has changed: give the model another name, and the test its hash");
    }
    Ok(())
}

fn is_same(new: &Path, old: &Path) -> anyhow::Result<bool> {
    let made = fs::read(new).with_context(|| format!("cannot read {}", new.display()))?;
    Ok(fs::read(old).is_ok_and(|committed| committed == made))
}
