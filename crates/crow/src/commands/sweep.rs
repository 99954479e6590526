//! `crow sweep`: removes objects that nothing refers to.

use std::path::Path;

use clap::Args;

use crow_db::{Db, holds};
use crow_session::{AssetSweepOptions, SweepOptions, sweep, sweep_all, sweep_assets};
use crow_storage::Store;
use crow_types::Timestamp;

use crate::config::Config;

#[derive(Args)]
pub(crate) struct SweepArgs {
    /// Print what would be removed, and remove nothing.
    #[arg(long)]
    dry_run: bool,
    /// Seconds for which a replaced object is kept, for replays that are reading it.
    #[arg(long, default_value_t = 3_600, value_name = "SECONDS")]
    keep: u32,
    /// Seconds by which a partition's last commit must be later than an orphaned pack. Must exceed
    /// the difference between the clocks of the keepers.
    #[arg(long, default_value_t = 600, value_name = "SECONDS")]
    margin: u32,
    /// Remove objects although a backup copies them, or although the database was restored less than
    /// a week ago.
    #[arg(long)]
    ignore_holds: bool,
    /// Remove nothing, and keep the session keepers from removing anything, for so many hours. For
    /// a database that was set back by other means than `crow restore`. 0 ends it.
    #[arg(long, value_name = "HOURS", conflicts_with_all = ["dry_run", "ignore_holds"])]
    hold: Option<u32>,
}

/// A hold that lasts longer ends by what it waits for: ten years.
const LONG_SECONDS: i64 = 10 * 365 * 86_400;
/// The name of what `--hold` holds.
const BY_HAND: &str = "crow sweep --hold";

pub(crate) async fn run(args: SweepArgs, data_dir: &Path, config: &Config) -> anyhow::Result<()> {
    let db = super::open_db(config).await?;
    if let Some(hours) = args.hold {
        return hold(&db, hours).await;
    }
    let store = Store::open(&config.storage)?;
    // Before the objects, which it notes.
    let options = AssetSweepOptions {
        is_dry_run: args.dry_run,
        ..AssetSweepOptions::default()
    };
    let assets = sweep_assets(&db, options).await?;
    let options = SweepOptions {
        is_dry_run: args.dry_run,
        keep_ms: i64::from(args.keep) * 1_000,
        margin_ms: i64::from(args.margin) * 1_000,
        ignores_holds: args.ignore_holds,
    };
    let swept = match super::open_bus(data_dir, config, &db).await {
        Ok(bus) => sweep_all(&db, &store, &bus, options).await?,
        Err(error) => {
            eprintln!("the inbox is left alone, since the bus cannot be asked: {error:#}");
            sweep(&db, &store, options).await?
        }
    };
    let verb = if args.dry_run {
        "would remove"
    } else {
        "removed"
    };
    println!(
        "{verb} {} assets that no session needs; {} looked at and kept",
        assets.addresses, assets.kept
    );
    println!(
        "{verb} {} replaced objects, {} orphans and {} from the inbox; {} looked at and kept",
        swept.replaced, swept.orphans, swept.inbox, swept.kept
    );
    tell_holds(&db).await
}

async fn hold(db: &Db, hours: u32) -> anyhow::Result<()> {
    if hours == 0 {
        holds::release(db, BY_HAND).await?;
    } else {
        holds::hold(db, BY_HAND, i64::from(hours) * 3_600_000).await?;
    }
    tell_holds(db).await
}

async fn tell_holds(db: &Db) -> anyhow::Result<()> {
    if let Some(hold) = holds::live(db).await?.first() {
        let seconds = (hold.until.0 - Timestamp::now().0).max(0) / 1_000;
        if seconds > LONG_SECONDS {
            println!("no objects are removed, because of `{}`", hold.id);
            return Ok(());
        }
        let (hours, minutes) = (seconds / 3_600, seconds / 60 % 60);
        println!(
            "no objects are removed for another {hours} h {minutes} min, because of `{}`; \
             --ignore-holds removes them now",
            hold.id
        );
    }
    Ok(())
}
