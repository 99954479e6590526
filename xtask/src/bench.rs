//! `cargo xtask bench`: builds what is measured, and measures.

use std::path::PathBuf;

use clap::Args;
use crow_testkit::{nats, paths, postgres, process};
use tokio::process::Command;

use crate::command::{self, cargo};
use crate::{instructions, tools};

/// What to measure.
#[derive(Debug, Args)]
pub struct Options {
    /// A folder with binaries. Without it a release build is made.
    #[arg(long, value_name = "FOLDER")]
    bin_dir: Option<PathBuf>,
    /// Do not measure. Count with valgrind how many instructions each function of decode, state
    /// machine and pack building takes; writes target/profile.
    #[arg(long)]
    profile: bool,
    /// What `crow-bench run` takes: names of scenarios, --quick, --rounds; `--help` lists them.
    #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
    arguments: Vec<String>,
}

/// Measures and writes `docs/benchmarks.md`.
pub async fn run(options: &Options) -> anyhow::Result<()> {
    let bin_dir = match &options.bin_dir {
        Some(folder) => std::path::absolute(folder)?,
        None => {
            let mut build = cargo(&["build", "--release", "--workspace"]);
            if options.profile {
                build.args(["--bin", "crow-bench"]);
            } else {
                build.arg("--bins");
            }
            command::run(&mut build).await?;
            paths::workspace_root().join("target/release")
        }
    };
    if options.profile {
        let folder = paths::workspace_root().join("target/profile");
        return instructions::profile(&bin_dir, &folder).await;
    }
    tools::require_postgres()?;
    let nats_server = tools::nats_server().await?;
    let pgvector = tools::pgvector().await?;
    let mut bench = Command::new(bin_dir.join("crow-bench"));
    bench
        .arg("run")
        .args(&options.arguments)
        .current_dir(paths::workspace_root())
        .env(process::BIN_DIR_VARIABLE, &bin_dir)
        .env(nats::BINARY_VARIABLE, nats_server)
        .envs(pgvector.map(|folder| (postgres::PGVECTOR_PACKAGES_VARIABLE, folder)));
    command::run(&mut bench).await
}
