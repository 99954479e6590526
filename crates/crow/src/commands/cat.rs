//! `crow cat`: the lines of an object.

use std::io::{BufWriter, Write, stdout};

use anyhow::Context;
use clap::Args;

use crow_keyring::Keyring;
use crow_storage::{Seal, Store, whole};

use crate::config::Config;

#[derive(Args)]
pub(crate) struct CatArgs {
    /// Key of the object, as in `replay_chunks.r2_key`: `packs/…` or `sessions/…`.
    object: String,
    /// Print only the parts of this session row. A pack holds parts of many sessions.
    #[arg(long, value_name = "ROW")]
    session: Option<String>,
}

/// Writes the lines to standard output. Parts whose key was erased are named on standard error.
pub(crate) async fn run(args: CatArgs, config: &Config) -> anyhow::Result<()> {
    let db = super::open_db(config).await?;
    let store = Store::open(&config.storage)?;
    // It seals nothing.
    let keyring = Keyring::open(&db, &config.keyring, Seal::Off)?;
    let object = store.get(&args.object).await?;
    let mut out = BufWriter::new(stdout().lock());
    for part in whole::parts(&args.object, &object)? {
        let key = match &part.session {
            Some(row) if args.session.as_ref().is_some_and(|wanted| wanted != row) => continue,
            Some(row) => {
                let key = keyring.key_of(row).await?;
                if key.is_none() {
                    eprintln!(
                        "session row {row}: skipped, its key no longer exists (the session was erased)"
                    );
                    continue;
                }
                key
            }
            None => None,
        };
        let mut lines = part.lines(&args.object, &object, key.as_ref())?;
        while let Some(text) = lines.next_text()? {
            out.write_all(text)
                .and_then(|()| out.write_all(b"\n"))
                .context("writing to standard output")?;
        }
    }
    out.flush().context("writing to standard output")
}
