//! `crow audit`.

use std::process::ExitCode;

use anyhow::Context;
use clap::Subcommand;

use crow_db::audit_log::{self, Head, Verdict};
use crow_types::OrganizationId;

use crate::config::Config;

use super::open_db;

#[derive(Subcommand)]
pub(crate) enum AuditCommand {
    /// Check that no entry of the audit log was changed or removed. Prints the last entry of each
    /// chain; keep that elsewhere, and give it with --head the next time.
    Verify {
        /// Only this organization.
        #[arg(long)]
        org: Option<OrganizationId>,
        /// The last entry as it was printed earlier, such as `12:9f86…`.
        #[arg(long, requires = "org", value_parser = head)]
        head: Option<Head>,
    },
}

pub(crate) async fn run(command: AuditCommand, config: &Config) -> anyhow::Result<ExitCode> {
    let db = open_db(config).await?;
    let AuditCommand::Verify { org, head } = command;
    let organizations = match org {
        Some(org) => vec![org.as_str().to_owned()],
        None => audit_log::organizations(&db).await?,
    };
    let mut is_whole = true;
    for organization in organizations {
        let verdict = audit_log::verify(&db, &organization, head.as_ref()).await?;
        is_whole &= matches!(verdict, Verdict::Whole { .. });
        println!("{organization}: {}", text(&verdict));
    }
    Ok(if is_whole {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

fn text(verdict: &Verdict) -> String {
    match verdict {
        Verdict::Whole { head, unchained } => {
            let end = head.as_ref().map_or("no entries".to_owned(), |head| {
                format!("whole, last entry {}:{}", head.sequence, head.hash)
            });
            match unchained {
                0 => end,
                _ => format!("{end}; {unchained} entries of earlier releases are in no chain"),
            }
        }
        Verdict::BrokenAt(sequence) => {
            format!("BROKEN: entry {sequence} is missing, or was changed")
        }
        Verdict::CutAfter(sequence) => {
            format!("BROKEN: entries after {sequence} were removed")
        }
        Verdict::Replaced(sequence) => {
            format!("BROKEN: entry {sequence} is not the one that was printed earlier")
        }
    }
}

fn head(text: &str) -> anyhow::Result<Head> {
    let (sequence, hash) = text
        .split_once(':')
        .context("it must look like 12:9f86…, as `crow audit verify` prints it")?;
    Ok(Head {
        sequence: sequence.parse().context("before the colon is no number")?,
        hash: hash.to_owned(),
    })
}
