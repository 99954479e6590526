//! `crow access`: what is stored of one person, as a zip.

use std::fs::{self, OpenOptions};
use std::io::Write;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use clap::Args;
use futures::{StreamExt, pin_mut};

use crow_db::audit_log::Actor;
use crow_db::erasure::Subject;
use crow_keyring::Keyring;
use crow_query::{Access, Scheduler, UseCases};
use crow_storage::{Seal, Store};
use crow_types::OrganizationId;

use crate::config::Config;

use super::{open_bus, open_db};

#[derive(Args)]
pub(crate) struct AccessArgs {
    /// The organization.
    #[arg(long)]
    org: OrganizationId,
    /// The sessions of this user.
    #[arg(long, value_name = "USER", group = "subject")]
    user: Option<String>,
    /// The sessions with this visitor id: one browser profile or installed app, signed in or not.
    #[arg(long, value_name = "VISITOR", group = "subject")]
    visitor: Option<String>,
    /// This session: the SDK's session id means all its visits, the session's `id` one visit. May be
    /// given several times.
    #[arg(long, value_name = "SESSION", group = "subject")]
    session: Vec<String>,
    /// The file to write. It must not exist.
    #[arg(long, value_name = "FILE")]
    output: PathBuf,
}

impl AccessArgs {
    fn subject(&self) -> anyhow::Result<Subject> {
        if let Some(user) = &self.user {
            Ok(Subject::User(user.clone()))
        } else if let Some(visitor) = &self.visitor {
            Ok(Subject::Visitor(visitor.clone()))
        } else if self.session.is_empty() {
            bail!("specify whose data: --user, --visitor or --session")
        } else {
            Ok(Subject::Sessions(self.session.clone()))
        }
    }
}

pub(crate) async fn run(args: AccessArgs, data_dir: &Path, config: &Config) -> anyhow::Result<()> {
    let subject = args.subject()?;
    let db = open_db(config).await?;
    let bus = open_bus(data_dir, config, &db).await?;
    let store = Store::open(&config.storage)?;
    // It seals nothing.
    let keyring = Keyring::open(&db, &config.keyring, Seal::Off)?;
    let scheduler = Scheduler::new(&config.query).context("cannot start threads")?;
    let use_cases = UseCases::new(db, store, keyring, scheduler, bus);
    let mut file = OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(&args.output)
        .with_context(|| format!("creating {}", args.output.display()))?;
    let access = use_cases
        .access(&args.org, subject, &Actor::system_named("crow access"))
        .await?;
    let (id, sessions) = (access.id.clone(), access.sessions());
    let written = write(access, &mut file).await;
    if written.is_err() {
        // It could not be opened anyway.
        let _stays = fs::remove_file(&args.output);
    }
    written?;
    println!(
        "{}: {sessions} sessions (access request {id})",
        args.output.display()
    );
    Ok(())
}

async fn write(access: Access, file: &mut fs::File) -> anyhow::Result<()> {
    let blocks = access.blocks();
    pin_mut!(blocks);
    while let Some(block) = blocks.next().await {
        file.write_all(&block?).context("writing the zip")?;
    }
    file.sync_all().context("writing the zip")
}
