//! `cargo xtask upgrade-check --from <commit>`: upgrades an installation under load from the
//! programs of an earlier commit to those of this one, and back in part.
//!
//! Not part of `cargo xtask test`, because it compiles the earlier commit.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::Context;
use clap::Args;
use crow_testkit::paths;
use tokio::process::Command;

use crate::command::{self, cargo, progress};
use crate::test;

/// The programs that the check starts.
const PROGRAMS: [&str; 4] = ["crow", "crow-ingest", "crow-session", "crow-query"];
/// Folders that the programs embed; empty ones will do.
const FRONT_ENDS: [&str; 2] = ["sdk/dist", "dashboard/dist"];

/// From where to upgrade.
#[derive(Debug, Args)]
pub struct Options {
    /// The commit whose programs run first. Its programs stay in target/upgrade for the next time.
    #[arg(long, value_name = "COMMIT")]
    from: String,
}

/// Builds both versions, and runs the check.
pub async fn run(options: &Options) -> anyhow::Result<()> {
    let commit = commit(&options.from).await?;
    let programs = folder().join("programs").join(&commit);
    if PROGRAMS.iter().all(|name| programs.join(name).is_file()) {
        progress(format!(
            "programs of {commit} are in {}",
            programs.display()
        ));
    } else {
        build(&commit, &programs).await?;
    }
    test::upgrade(&programs).await
}

fn folder() -> PathBuf {
    paths::workspace_root().join("target/upgrade")
}

/// The full name of a commit.
async fn commit(name: &str) -> anyhow::Result<String> {
    let revision = format!("{name}^{{commit}}");
    let mut parse = git(&["rev-parse", "--verify", &revision]);
    Ok(command::output(&mut parse).await?.trim().to_owned())
}

/// Builds a commit in a working tree of its own. Its dependencies are kept between builds.
async fn build(commit: &str, programs: &Path) -> anyhow::Result<()> {
    let source = folder().join("source");
    let path = source.to_str().context("the path is not UTF-8")?;
    if source.exists() {
        command::run(&mut git(&["worktree", "remove", "--force", path])).await?;
    }
    command::run(&mut git(&["worktree", "add", "--detach", path, commit])).await?;
    for front_end in FRONT_ENDS {
        fs::create_dir_all(source.join(front_end))?;
    }
    let target = folder().join("target");
    let mut build = cargo(&["build", "--workspace", "--bins"]);
    build.current_dir(&source).env("CARGO_TARGET_DIR", &target);
    command::run(&mut build).await?;
    fs::create_dir_all(programs)?;
    for name in PROGRAMS {
        let built = target.join("debug").join(name);
        fs::copy(&built, programs.join(name))
            .with_context(|| format!("cannot copy {}", built.display()))?;
    }
    command::run(&mut git(&["worktree", "remove", "--force", path])).await
}

fn git(arguments: &[&str]) -> Command {
    let mut command = Command::new("git");
    command.current_dir(paths::workspace_root()).args(arguments);
    command
}
