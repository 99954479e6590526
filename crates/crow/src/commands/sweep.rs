//! `crow sweep`: removes objects that nothing refers to.

use clap::Args;

use crow_session::{SweepOptions, sweep};
use crow_storage::Store;

use crate::config::Config;

#[derive(Args)]
pub(crate) struct SweepArgs {
    /// Say what would be removed, and remove nothing.
    #[arg(long)]
    dry_run: bool,
}

pub(crate) async fn run(args: SweepArgs, config: &Config) -> anyhow::Result<()> {
    let db = super::open_db(config).await?;
    let store = Store::open(&config.storage)?;
    let options = SweepOptions {
        is_dry_run: args.dry_run,
        ..SweepOptions::default()
    };
    let swept = sweep(&db, &store, options).await?;
    let verb = if args.dry_run {
        "would remove"
    } else {
        "removed"
    };
    println!(
        "{verb} {} replaced objects and {} orphans; {} looked at and kept",
        swept.replaced, swept.orphans, swept.kept
    );
    Ok(())
}
