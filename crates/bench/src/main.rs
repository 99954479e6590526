//! Measures CROW against its baselines on this machine: `cargo xtask bench`.
//!
//! - [`traffic`]: requests as the SDK sends them. [`load`]: sends them and notes how long
//!   each took.
//! - [`stack`]: a private installation. [`bare`], [`bare_rows`]: a server that does nothing and
//!   rows without a keeper, for comparison.
//! - [`stage`]: single parts, for counting instructions.
//! - [`scenario`]: what is measured, one file each. [`results`], [`report`]: what came of it.

use std::net::SocketAddr;
use std::path::PathBuf;

use anyhow::ensure;
use clap::{Parser, Subcommand};

mod bare;
mod bare_rows;
mod http;
mod load;
mod meter;
mod plot;
mod report;
mod results;
mod scenario;
mod stack;
mod stage;
mod traffic;

use scenario::Scenario;
use stage::Stage;

/// Measures CROW against its baselines.
#[derive(Debug, Parser)]
#[command(name = "crow-bench")]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Run scenarios and write the report.
    Run(Options),
    /// Serve as the gateway's baseline: read bodies and discard them, or publish each of them.
    Bare {
        /// Address and port.
        #[arg(long)]
        listen: SocketAddr,
        /// Address of NATS, to publish.
        #[arg(long, requires = "subjects")]
        nats: Option<String>,
        /// Where to publish, in turn.
        #[arg(long, value_delimiter = ',')]
        subjects: Vec<String>,
    },
    /// Run a stage on fixed inputs, for counting its instructions.
    Stage {
        stage: Stage,
        /// How often.
        #[arg(long, default_value_t = 1)]
        times: usize,
    },
}

/// What to measure, and how long.
#[derive(Debug, clap::Args)]
pub struct Options {
    /// Which; all when none is named.
    scenarios: Vec<Scenario>,
    /// One short round, to see that everything works. Do not keep its figures.
    #[arg(long)]
    quick: bool,
    /// Rounds per measurement, alternating with the others. Default: 3, or 1 with
    /// --quick.
    #[arg(long)]
    rounds: Option<usize>,
    /// Interactions of the organization in `search`.
    #[arg(long, value_name = "NUMBER")]
    interactions: Option<u64>,
    /// Only measurements of `gateway`, `sustained`, `keeper`, `interactions` and `search` with this text in
    /// their name.
    /// Prints figures and writes no report.
    #[arg(long, value_name = "TEXT")]
    only: Option<String>,
    /// Folder of the report.
    #[arg(long, default_value = "docs", value_name = "FOLDER")]
    out: PathBuf,
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> anyhow::Result<()> {
    match Arguments::parse().command {
        Command::Run(options) => run(&options).await,
        Command::Bare {
            listen,
            nats: Some(nats),
            subjects,
        } => bare::publish(listen, &nats, subjects).await,
        Command::Bare { listen, .. } => bare::serve(listen).await,
        Command::Stage { stage, times } => stage::run(stage, times),
    }
}

async fn run(options: &Options) -> anyhow::Result<()> {
    let mut length =
        scenario::Length::new(options.quick, options.rounds).only(options.only.clone());
    length.interactions = options.interactions;
    let mut results = results::Results::default();
    for scenario in Scenario::chosen(&options.scenarios) {
        let sheet = scenario.run(&length, &results).await?;
        println!("\n## {}\n\n{}", sheet.name, report::table(&sheet));
        results.scenarios.push(sheet);
    }
    if let Some(only) = &options.only {
        let has_figures = results.scenarios.iter().any(|sheet| !sheet.rows.is_empty());
        ensure!(has_figures, "no measurement has {only:?} in its name");
        return Ok(());
    }
    let about = report::About {
        command: command_line(options),
        rounds: length.rounds,
        nats_server: crow_testkit::nats::binary()?.display().to_string(),
    };
    report::write(&options.out, &results, &about)
}

/// How to do it again.
fn command_line(options: &Options) -> String {
    let mut line = "cargo xtask bench".to_owned();
    for scenario in &options.scenarios {
        line.push_str(&format!(" {}", scenario.name()));
    }
    if options.quick {
        line.push_str(" --quick");
    }
    if let Some(interactions) = options.interactions {
        line.push_str(&format!(" --interactions {interactions}"));
    }
    if let Some(rounds) = options.rounds {
        line.push_str(&format!(" --rounds {rounds}"));
    }
    line
}
