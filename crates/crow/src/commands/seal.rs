//! `crow seal`: encryption of what is stored.

use std::time::Duration;

use anyhow::ensure;
use clap::Subcommand;

use crow_db::{Db, archive, sealing_keys};
use crow_storage::Seal;

use crate::config::Config;

/// Sessions marked in one statement.
const BATCH: u64 = 500;
/// Time between two looks at what is left.
const PAUSE: Duration = Duration::from_secs(2);

#[derive(Subcommand)]
pub(crate) enum SealCommand {
    /// Seal recordings of finished sessions that were stored unsealed. The session keepers do the
    /// work and must be running. The command can be stopped and started again.
    Migrate {
        /// Return once the sessions are marked, and do not wait for the keepers.
        #[arg(long)]
        no_wait: bool,
    },
    /// Wrap all keys again with the current master key. Until this is done, set
    /// keyring.previous_master_key to the previous key. Objects are not changed.
    Rotate {
        /// Also give this organization a new key, and wrap the keys of its sessions with it.
        #[arg(long, value_name = "ORGANIZATION")]
        org: Option<String>,
    },
    /// Print a new master key.
    NewMasterKey,
}

pub(crate) async fn run(command: SealCommand, config: &Config) -> anyhow::Result<()> {
    match command {
        SealCommand::Migrate { no_wait } => migrate(config, !no_wait).await,
        SealCommand::Rotate { org } => rotate(config, org.as_deref()).await,
        SealCommand::NewMasterKey => {
            print!("{}", crow_keyring::new_master_key());
            Ok(())
        }
    }
}

async fn migrate(config: &Config, waits: bool) -> anyhow::Result<()> {
    ensure!(
        config.storage.seal == Seal::On,
        "storage.seal is off, so the keepers would write plain objects again; turn it on first"
    );
    let db = super::open_db(config).await?;
    let (mut after, mut marked) = (String::new(), 0);
    while let Some(last) = archive::mark_unsealed(&db, &after, BATCH).await? {
        marked += last.sessions;
        after = last.session;
        eprintln!("{marked} sessions marked for sealing");
    }
    if waits {
        wait(&db).await?;
    }
    Ok(())
}

async fn wait(db: &Db) -> anyhow::Result<()> {
    let mut before = u64::MAX;
    loop {
        let left = archive::unsealed(db).await?;
        if left != before {
            eprintln!("{left} finished sessions are not sealed yet");
            before = left;
        }
        if left == 0 {
            println!("all finished sessions are sealed; the sweeper removes the plain objects");
            return Ok(());
        }
        tokio::time::sleep(PAUSE).await;
    }
}

async fn rotate(config: &Config, organization: Option<&str>) -> anyhow::Result<()> {
    let db = super::open_db(config).await?;
    let keyring = super::open_keyring(config, &db).await?;
    let wrapped = keyring.rotate_master().await?;
    println!("wrapped {wrapped} organization keys with the current master key");
    let Some(organization) = organization else {
        return Ok(());
    };
    let known = sealing_keys::organizations(&db).await?;
    ensure!(
        known.iter().any(|known| known == organization),
        "organization {organization} has no key"
    );
    let progress = |count| eprintln!("{count} session keys wrapped");
    let wrapped = keyring.rotate_organization(organization, progress).await?;
    println!("wrapped {wrapped} session keys with a new key of {organization}");
    Ok(())
}
