//! `cargo xtask instructions`: counts the instructions for fixed inputs and compares them with the
//! committed figures. The count is the same in every run on the same kind of machine.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, bail, ensure};
use clap::Args;
use crow_testkit::{paths, process};
use tempfile::TempDir;
use tokio::process::Command;

use crate::command::{self, cargo, progress};

const STAGES: [&str; 3] = ["decode", "apply", "pack"];
/// Runs of a stage after the first. The difference removes the cost of starting.
const MORE: u64 = 4;
/// Allowed difference from the committed figure. More above is an error; more below is reported.
const TOLERANCE: f64 = 0.03;

/// What to do with the figures.
#[derive(Debug, Args)]
pub struct Options {
    /// Write the figures in place of the committed ones.
    #[arg(long)]
    update: bool,
}

/// Counts, and compares or writes.
pub async fn run(options: &Options) -> anyhow::Result<()> {
    command::run(&mut cargo(&["build", "--workspace", "--bins"])).await?;
    ensure!(
        paths::on_path("valgrind").is_some(),
        "valgrind is missing; install it: apt-get install valgrind"
    );
    check(options.update).await
}

/// As [`run`], with everything built; nothing without valgrind.
pub async fn check_if_possible() -> anyhow::Result<()> {
    if paths::on_path("valgrind").is_none() {
        progress("instructions are not counted: there is no valgrind");
        return Ok(());
    }
    check(false).await
}

async fn check(update: bool) -> anyhow::Result<()> {
    let mut counted = BTreeMap::new();
    for stage in STAGES {
        let (once, more) = (count(stage, 1).await?, count(stage, 1 + MORE).await?);
        counted.insert(stage.to_owned(), more.saturating_sub(once) / MORE);
    }
    if update {
        fs::write(file(), serde_json::to_string_pretty(&counted)? + "\n")?;
        return Ok(());
    }
    let text = fs::read_to_string(file()).context("reading the committed figures")?;
    compare(&counted, &serde_json::from_str(&text)?)
}

fn file() -> PathBuf {
    paths::workspace_root().join("crates/bench/instructions.json")
}

fn compare(
    counted: &BTreeMap<String, u64>,
    committed: &BTreeMap<String, u64>,
) -> anyhow::Result<()> {
    let mut slower = Vec::new();
    for (stage, now) in counted {
        let before = *committed
            .get(stage)
            .with_context(|| format!("no figure for {stage}"))?;
        let change = *now as f64 / before as f64 - 1.0;
        let line = format!(
            "{stage}: {now} instructions, {before} committed, {:+.1} %",
            change * 100.0
        );
        progress(&line);
        if change > TOLERANCE {
            slower.push(line);
        }
    }
    if slower.is_empty() {
        return Ok(());
    }
    bail!(
        "more instructions than committed; if that is meant, `cargo xtask instructions --update`:\n{}",
        slower.join("\n")
    )
}

/// Instructions of a process that runs a stage repeatedly.
async fn count(stage: &str, times: u64) -> anyhow::Result<u64> {
    let folder = TempDir::new()?;
    let out = folder.path().join("callgrind.out");
    callgrind(&process::bin_dir()?, stage, times, &out).await?;
    let text = fs::read_to_string(&out).context("reading what callgrind counted")?;
    let total = text.lines().find_map(|line| line.strip_prefix("totals: "));
    Ok(total.context("callgrind gave no total")?.trim().parse()?)
}

async fn callgrind(bin_dir: &Path, stage: &str, times: u64, out: &Path) -> anyhow::Result<()> {
    let mut command = command::background("valgrind");
    command
        .args(["--tool=callgrind", "--quiet"])
        .arg(format!("--callgrind-out-file={}", out.display()))
        .arg(bin_dir.join("crow-bench"))
        .args(["stage", stage, "--times", &times.to_string()]);
    command::run(&mut command).await
}

/// Writes into `folder` which functions of these binaries each stage spends its instructions in.
pub async fn profile(bin_dir: &Path, folder: &Path) -> anyhow::Result<()> {
    ensure!(
        paths::on_path("callgrind_annotate").is_some(),
        "valgrind is missing; install it: apt-get install valgrind"
    );
    fs::create_dir_all(folder)?;
    for stage in STAGES {
        let out = folder.join(format!("{stage}.callgrind"));
        callgrind(bin_dir, stage, 1 + MORE, &out).await?;
        let annotated = Command::new("callgrind_annotate")
            .args(["--auto=no", "--threshold=95"])
            .arg(&out)
            .output()
            .await?;
        ensure!(
            annotated.status.success(),
            "callgrind_annotate cannot read {}",
            out.display()
        );
        let text = folder.join(format!("{stage}.txt"));
        fs::write(&text, annotated.stdout)?;
        progress(format!("{} (all of it: {})", text.display(), out.display()));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn figures(decode: u64) -> BTreeMap<String, u64> {
        BTreeMap::from([("decode".to_owned(), decode)])
    }

    #[test]
    fn what_got_slower_is_an_error() {
        assert!(compare(&figures(1_020), &figures(1_000)).is_ok());
        assert!(compare(&figures(500), &figures(1_000)).is_ok());
        assert!(compare(&figures(1_031), &figures(1_000)).is_err());
        assert!(compare(&figures(1_000), &BTreeMap::new()).is_err());
    }
}
