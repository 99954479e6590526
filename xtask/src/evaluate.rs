//! `cargo xtask evaluate`: the evaluation set of `crates/story` against language models.

use std::path::PathBuf;

use clap::Args;

use crate::command::{self, cargo};

/// Which models.
#[derive(Debug, Args)]
pub struct Options {
    /// A configuration with the section `ai`, such as `crow.toml`. Keys can come from the environment.
    #[arg(long, value_name = "FILE")]
    config: PathBuf,
}

/// Asks the models about each session, in their order as in the configuration, and prints the row for
/// `docs/interactions.md`.
pub async fn run(options: &Options) -> anyhow::Result<()> {
    let config = std::path::absolute(&options.config)?;
    anyhow::ensure!(config.is_file(), "{} does not exist", config.display());
    let test = "a_model_against_the_evaluation_set";
    let mut command = cargo(&["test", "--workspace", "--lib", test]);
    command.args(["--", "--ignored", "--nocapture"]);
    command.env("CROW_EVALUATE_CONFIG", config);
    command::run(&mut command).await
}
