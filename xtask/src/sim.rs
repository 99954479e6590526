//! `cargo xtask sim`: the deterministic simulation, for as many runs as asked.

use clap::Args;

use crate::command::{self, cargo};

/// Which runs.
#[derive(Debug, Args)]
pub struct Options {
    /// Seed of the first run; each further run takes the next number.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Number of runs.
    #[arg(long, default_value_t = 1_000)]
    runs: u64,
    /// Print each step of a single run.
    #[arg(long)]
    trace: bool,
}

/// From this number of runs on, an optimised build pays off.
const WORTH_OPTIMISING: u64 = 2_000;

/// Runs only the simulation and prints its statistics.
pub async fn run(options: &Options) -> anyhow::Result<()> {
    let mut command = cargo(&["test", "-p", "crow-session", "--lib"]);
    if options.runs >= WORTH_OPTIMISING {
        command.args(["--profile", "sim"]);
    }
    command.args(["simulation_keeps", "--", "--nocapture"]);
    command.env("CROW_SIM_SEED", options.seed.to_string());
    command.env("CROW_SIM_RUNS", options.runs.to_string());
    if options.trace {
        command.env("CROW_SIM_TRACE", "1");
    }
    command::run(&mut command).await
}
