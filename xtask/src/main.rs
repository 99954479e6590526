//! The commands of this workspace: `cargo xtask --help`.

use std::process::ExitCode;

use clap::{Parser, Subcommand};

mod analytics;
mod bench;
mod browsers;
mod command;
mod deploy_check;
mod dev;
mod dist;
mod embeddings;
mod evaluate;
mod fidelity;
mod frontend;
mod image;
mod instructions;
mod interrupt;
mod sim;
mod test;
mod tidy;
mod tools;
mod upgrade_check;

/// Commands for working on CROW.
#[derive(Debug, Parser)]
#[command(name = "cargo xtask")]
struct Arguments {
    #[command(subcommand)]
    chore: Chore,
}

#[derive(Debug, Subcommand)]
enum Chore {
    /// Build and run everything on this machine, with a demo session to look at.
    Dev(dev::Options),
    /// Fetch the pinned nats-server, and print where it is. `crow serve` finds it there.
    Tools,
    /// Run all checks and tests against real NATS, Postgres and S3 servers; what CI runs.
    Test(test::Options),
    /// Kill, pause and cut off the parts of a whole installation under load, then check that every
    /// acknowledged event is stored once.
    Chaos(test::ChaosOptions),
    /// Run the keeper on a simulated bus, store and clock, with seeded crashes and faults
    /// between any two steps.
    Sim(sim::Options),
    /// Measure the read API on a million generated sessions, and write docs/analytics.md.
    AnalyticsBench(analytics::Options),
    /// Measure gateway, keeper, read API and all together, and write docs/benchmarks.md.
    Bench(bench::Options),
    /// Count the instructions for fixed inputs, and compare them with the committed figures.
    Instructions(instructions::Options),
    /// Build the SDK and run its tests.
    Sdk(frontend::Options),
    /// Build the dashboard and run its tests.
    Dashboard(frontend::Options),
    /// Make the table of crates/embedding from the pinned model. It takes minutes, and is committed.
    Embeddings(embeddings::Options),
    /// Let the models of a configuration tell the sessions of the evaluation set, and print how well
    /// they did. It costs tokens.
    Evaluate(evaluate::Options),
    /// Compare replays with the pages they show, beside rrweb's replays: pixels, bytes and time.
    Fidelity(fidelity::Options),
    /// Pack a release into target/dist: stripped programs, debug information, licences, SBOM, SDK.
    Dist(dist::Options),
    /// Build the container image, without a registry.
    Image(image::Options),
    /// Check everything in deploy/: manifests, alert rules, and the pods of the production overlay
    /// on real servers.
    DeployCheck(deploy_check::Options),
    /// Upgrade an installation under load from an earlier commit to this one, and partly back.
    UpgradeCheck(upgrade_check::Options),
    /// Check the workspace's own rules: dependencies, file length, paths in documents.
    Tidy,
}

fn printed(path: anyhow::Result<std::path::PathBuf>) -> anyhow::Result<()> {
    println!("{}", path?.display());
    Ok(())
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    let result = match Arguments::parse().chore {
        Chore::Dev(options) => dev::run(&options).await,
        Chore::Tools => printed(tools::nats_server().await),
        Chore::Test(options) => interrupt::or_interrupted(test::run(&options)).await,
        Chore::Chaos(options) => interrupt::or_interrupted(test::chaos(&options)).await,
        Chore::Sim(options) => interrupt::or_interrupted(sim::run(&options)).await,
        Chore::AnalyticsBench(options) => interrupt::or_interrupted(analytics::run(&options)).await,
        Chore::Bench(options) => interrupt::or_interrupted(bench::run(&options)).await,
        Chore::Instructions(options) => {
            interrupt::or_interrupted(instructions::run(&options)).await
        }
        Chore::Sdk(options) => {
            interrupt::or_interrupted(frontend::build_and_test(&frontend::SDK, &options)).await
        }
        Chore::Dashboard(options) => {
            interrupt::or_interrupted(frontend::build_and_test(&frontend::DASHBOARD, &options))
                .await
        }
        Chore::Embeddings(options) => interrupt::or_interrupted(embeddings::run(&options)).await,
        Chore::Evaluate(options) => interrupt::or_interrupted(evaluate::run(&options)).await,
        Chore::Fidelity(options) => interrupt::or_interrupted(fidelity::run(&options)).await,
        Chore::Dist(options) => interrupt::or_interrupted(dist::run(&options)).await,
        Chore::Image(options) => interrupt::or_interrupted(image::run(&options)).await,
        Chore::DeployCheck(options) => interrupt::or_interrupted(deploy_check::run(&options)).await,
        Chore::UpgradeCheck(options) => {
            interrupt::or_interrupted(upgrade_check::run(&options)).await
        }
        Chore::Tidy => tidy::run(),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("xtask: {error:#}");
            command::exit_code(&error)
        }
    }
}
