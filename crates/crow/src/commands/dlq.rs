//! `crow dlq`.

use std::path::Path;

use clap::Subcommand;
use data_encoding::HEXLOWER;

use crow_bus::dead_letters;

use crate::config::Config;

use super::{open_bus, open_db};

#[derive(Subcommand)]
pub(crate) enum DlqCommand {
    /// List the newest dead letters.
    List {
        /// Maximum number of letters.
        #[arg(long, default_value_t = 50)]
        limit: usize,
        /// Print JSON.
        #[arg(long)]
        json: bool,
    },
    /// Show one dead letter, with its payload in hexadecimal.
    Show {
        /// Number of the letter, as `list` shows it.
        id: u64,
    },
    /// Retry one: put it back into its stream.
    Retry {
        /// Number of the letter, as `list` shows it.
        id: u64,
    },
    /// Delete one.
    Drop {
        /// Number of the letter, as `list` shows it.
        id: u64,
    },
}

pub(crate) async fn run(
    command: DlqCommand,
    data_dir: &Path,
    config: &Config,
) -> anyhow::Result<()> {
    let db = open_db(config).await?;
    let bus = open_bus(data_dir, config, &db).await?;
    let missing = |id| format!("there is no dead letter {id}; see `crow dlq list`");
    match command {
        DlqCommand::List { limit, json } => {
            let letters = dead_letters::list(&bus, limit).await?;
            if json {
                println!("{}", serde_json::to_string_pretty(&letters)?);
                return Ok(());
            }
            for letter in &letters {
                println!(
                    "{:>6}  {}#{}  {} ({} attempts)",
                    letter.id, letter.subject, letter.sequence, letter.reason, letter.attempts
                );
            }
            if letters.is_empty() {
                eprintln!("there are no dead letters");
            }
        }
        DlqCommand::Show { id } => {
            let letter = dead_letters::show(&bus, id)
                .await?
                .ok_or_else(|| anyhow::anyhow!(missing(id)))?;
            println!("{}", serde_json::to_string_pretty(&letter)?);
            for line in letter.payload.chunks(32) {
                println!("{}", HEXLOWER.encode(line));
            }
        }
        DlqCommand::Retry { id } => {
            anyhow::ensure!(dead_letters::retry(&bus, id).await?, missing(id));
            eprintln!("dead letter {id} was put back");
        }
        DlqCommand::Drop { id } => {
            anyhow::ensure!(dead_letters::drop_letter(&bus, id).await?, missing(id));
            eprintln!("dead letter {id} was dropped");
        }
    }
    Ok(())
}
