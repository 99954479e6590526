//! `crow seed`: writes made-up sessions.

use std::path::PathBuf;
use std::time::Instant;

use anyhow::Context;
use clap::Args;

use crow_db::installation;
use crow_seed::{Objects, Plan, Recordings};
use crow_storage::Store;
use crow_types::{OrganizationId, Timestamp};

use crate::config::Config;

#[derive(Args)]
pub(crate) struct SeedArgs {
    /// The organization that gets the sessions.
    #[arg(long, default_value = "demo")]
    org: String,
    /// Number of sessions. Each has about ten events.
    #[arg(long, default_value_t = 10_000)]
    sessions: u64,
    /// The same seed makes the same sessions.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Days before `--until` in which the sessions start.
    #[arg(long, default_value_t = 30)]
    days: u32,
    /// Latest start, in milliseconds since the epoch. Default: now.
    #[arg(long, value_name = "MILLISECONDS")]
    until: Option<i64>,
    /// Number of newest sessions that get the recording.
    #[arg(long, default_value_t = 0, requires = "recording")]
    recordings: u64,
    /// A file with a JSON array of rrweb events.
    #[arg(long, value_name = "FILE")]
    recording: Option<PathBuf>,
}

pub(crate) async fn run(args: SeedArgs, config: &Config) -> anyhow::Result<()> {
    crow_runtime::telemetry::init_tracing(&config.log)?;
    let db = super::make_db(config).await?;
    let partitions = installation::ensure(&db, config.bus.partitions).await?;
    let organization = OrganizationId::new(args.org.as_str()).context("--org")?;
    let until = args.until.unwrap_or_else(|| Timestamp::now().0);
    let plan = Plan::new(
        organization,
        args.seed,
        args.sessions,
        args.days,
        until,
        partitions,
    );
    let events = match &args.recording {
        Some(file) => {
            let text =
                std::fs::read(file).with_context(|| format!("reading {}", file.display()))?;
            serde_json::from_slice(&text)
                .with_context(|| format!("{} is not a JSON array", file.display()))?
        }
        None => Vec::new(),
    };
    let objects = Objects {
        store: Store::open(&config.storage)?,
        keyring: super::open_keyring(config, &db).await?,
        recordings: Recordings {
            events,
            sessions: args.recordings,
        },
    };
    let started = Instant::now();
    let mut said = 0;
    let progress = |written: u64| {
        if written >= said + 50_000 {
            said = written;
            eprintln!(
                "{written} sessions after {:.0} s",
                started.elapsed().as_secs_f64()
            );
        }
    };
    crow_seed::write(&db, &plan, Some(&objects), progress).await?;
    println!(
        "wrote {} sessions of organization {} in {:.1} s",
        args.sessions,
        args.org,
        started.elapsed().as_secs_f64()
    );
    Ok(())
}
