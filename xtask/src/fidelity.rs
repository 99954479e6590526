//! `cargo xtask fidelity`: how close a replay is to the page, measured on real pages.

use clap::Args;

use crate::{command, frontend, tools};

/// Where the tool lies.
pub const FOLDER: &str = "tools/fidelity";

/// What to measure.
#[derive(Debug, Args)]
pub struct Options {
    /// Only the page of this name; may be given several times.
    #[arg(long, value_name = "NAME")]
    only: Vec<String>,
    /// Five pages, with thresholds: misses are an error. What CI runs.
    #[arg(long)]
    quick: bool,
    /// Only our recorder and player. Faster while you work on them.
    #[arg(long, conflicts_with = "quick")]
    ours: bool,
    /// Write docs/fidelity.md with its table and pictures. Needs all pages.
    #[arg(long, conflicts_with_all = ["only", "quick", "ours"])]
    report: bool,
    /// Keep pictures and recordings in this folder.
    #[arg(long, value_name = "FOLDER")]
    keep: Option<String>,
}

/// Builds what is measured, then measures.
pub async fn run(options: &Options) -> anyhow::Result<()> {
    frontend::build_all().await?;
    measure(&arguments(options)).await
}

/// The quick run against the front ends that were built last.
pub async fn check() -> anyhow::Result<()> {
    command::progress("fidelity: five pages beside their replays");
    measure(&["--quick".to_owned()]).await
}

async fn measure(arguments: &[String]) -> anyhow::Result<()> {
    let chromium = tools::chromium()?;
    frontend::install(FOLDER).await?;
    let mut run = frontend::npm(FOLDER, &["run", "--silent", "fidelity", "--"])?;
    run.args(arguments).env(tools::CHROMIUM_VARIABLE, chromium);
    command::run(&mut run).await
}

fn arguments(options: &Options) -> Vec<String> {
    let mut arguments = Vec::new();
    for name in &options.only {
        arguments.extend(["--only".to_owned(), name.clone()]);
    }
    let flags = [
        ("--quick", options.quick),
        ("--ours", options.ours),
        ("--report", options.report),
    ];
    let set = flags.iter().filter(|(_, is_set)| *is_set);
    arguments.extend(set.map(|(flag, _)| (*flag).to_owned()));
    if let Some(folder) = &options.keep {
        arguments.extend(["--keep".to_owned(), folder.clone()]);
    }
    arguments
}
