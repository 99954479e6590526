//! `crow migrate`.

use anyhow::Context;

use crow_db::Db;

use crate::config::Config;

/// Applies pending migrations and prints them.
pub(crate) async fn run(config: &Config) -> anyhow::Result<()> {
    let mut settings = config.database.clone();
    settings.migrate_on_start = false;
    let db = Db::connect(&settings)
        .await
        .context("opening the database")?;
    let pending = db.pending_migrations().await?;
    db.migrate().await?;
    if pending.is_empty() {
        eprintln!("the schema is up to date");
    }
    for name in pending {
        eprintln!("applied {name}");
    }
    Ok(())
}
