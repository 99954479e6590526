//! `crow erase`: erases or anonymizes sessions for good.

use std::path::Path;
use std::time::Duration;

use anyhow::{Context, bail, ensure};
use clap::Args;

use crow_bus::notices;
use crow_db::Db;
use crow_db::audit_log::Actor;
use crow_db::erasure::{self, Erasure, Mode, Request, Subject};
use crow_types::OrganizationId;

use crate::config::Config;

use super::{open_bus, open_db};

/// Time between two looks at the receipts.
const PAUSE: Duration = Duration::from_secs(2);

#[derive(Args)]
pub(crate) struct EraseArgs {
    /// The organization.
    #[arg(long)]
    org: OrganizationId,
    /// Erase this session: the SDK's session id means all its visits, the session's `id` one visit. May
    /// be given several times.
    #[arg(long, value_name = "SESSION", group = "subject")]
    session: Vec<String>,
    /// Erase all sessions of this user.
    #[arg(long, value_name = "USER", group = "subject")]
    user: Option<String>,
    /// Erase all sessions with this visitor id.
    #[arg(long, value_name = "VISITOR", group = "subject")]
    visitor: Option<String>,
    /// Erase all sessions with data at or after this time, such as `2026-11-28T10:00:00Z`.
    #[arg(long, value_name = "TIME", requires = "to", group = "subject")]
    from: Option<jiff::Timestamp>,
    /// End of the time range (exclusive).
    #[arg(long, value_name = "TIME", requires = "from")]
    to: Option<jiff::Timestamp>,
    /// Erase all sessions whose user has this trait.
    #[arg(long, value_name = "NAME=VALUE", group = "subject")]
    property: Option<String>,
    /// Erase all sessions of the organization.
    #[arg(long, group = "subject")]
    all: bool,
    /// Keep the sessions and their counts. Remove events, recordings and whatever names the visitor.
    #[arg(long)]
    anonymize: bool,
    /// Print what would be erased, and erase nothing.
    #[arg(long)]
    dry_run: bool,
    /// Return as soon as keys and rows are gone, without waiting for every store to be verified.
    #[arg(long)]
    no_wait: bool,
}

impl EraseArgs {
    fn mode(&self) -> Mode {
        if self.anonymize {
            Mode::Anonymize
        } else {
            Mode::Erase
        }
    }

    fn done(&self) -> &'static str {
        if self.anonymize {
            "anonymized"
        } else {
            "erased"
        }
    }

    fn subject(&self) -> anyhow::Result<Subject> {
        let from_to = self.from.zip(self.to);
        if !self.session.is_empty() {
            Ok(Subject::Sessions(self.session.clone()))
        } else if let Some(user) = &self.user {
            Ok(Subject::User(user.clone()))
        } else if let Some(visitor) = &self.visitor {
            Ok(Subject::Visitor(visitor.clone()))
        } else if let Some((from, to)) = from_to {
            let (from, to) = (from.as_millisecond(), to.as_millisecond());
            ensure!(from < to, "--from must be before --to");
            Ok(Subject::Time { from, to })
        } else if let Some(property) = &self.property {
            let pair = property
                .split_once('=')
                .context("--property is NAME=VALUE")?;
            let (name, value) = (pair.0.to_owned(), pair.1.to_owned());
            Ok(Subject::Property { name, value })
        } else if self.all {
            Ok(Subject::Organization)
        } else {
            bail!(
                "specify what to erase: --session, --user, --visitor, --from and --to, --property, or --all"
            )
        }
    }
}

pub(crate) async fn run(args: EraseArgs, data_dir: &Path, config: &Config) -> anyhow::Result<()> {
    let subject = args.subject()?;
    let db = open_db(config).await?;
    if args.dry_run {
        let found = erasure::find(&db, &args.org, &subject, args.mode()).await?;
        println!(
            "{} sessions with {} parts in the object store would be {}",
            found.sessions,
            found.chunks,
            args.done()
        );
        return Ok(());
    }
    let request = Request {
        organization: &args.org,
        subject: &subject,
        mode: args.mode(),
        requested_by: &Actor::system_named("crow erase"),
    };
    let erasure = erasure::erase(&db, &request).await?;
    println!(
        "{} sessions {}; no request finds what was removed (erasure {})",
        erasure.sessions,
        args.done(),
        erasure.id
    );
    tell_services(data_dir, config, &db, &erasure.id).await;
    if args.no_wait {
        return Ok(());
    }
    wait(&db, &args.org, &erasure.id).await
}

/// Without the bus, keepers notice at their next commit and gateways within a minute.
async fn tell_services(data_dir: &Path, config: &Config, db: &Db, id: &str) {
    let told = async {
        let bus = open_bus(data_dir, config, db).await?;
        notices::publish(&bus, notices::ERASED, id.to_owned().into()).await?;
        anyhow::Ok(())
    };
    if let Err(error) = told.await {
        eprintln!(
            "cannot notify the services ({error:#}); they will pick up the erasure within a minute"
        );
    }
}

/// A session keeper does the work.
async fn wait(db: &Db, organization: &OrganizationId, id: &str) -> anyhow::Result<()> {
    let mut before = None;
    loop {
        let erasure = erasure::get(db, organization.as_str(), id).await?;
        let erasure = erasure.context("the record of the erasure no longer exists")?;
        if before.as_ref() != Some(&erasure) {
            show(&erasure);
        }
        if erasure.completed_at.is_some() {
            println!("every store is verified");
            return Ok(());
        }
        before = Some(erasure);
        tokio::time::sleep(PAUSE).await;
    }
}

fn show(erasure: &Erasure) {
    for receipt in &erasure.receipts {
        let state = match receipt.verified_at {
            Some(_at) => "verified",
            None => "waiting",
        };
        eprintln!(
            "{:>14}  {} found, {} removed, {state}",
            receipt.store, receipt.found, receipt.removed
        );
    }
    eprintln!();
}
