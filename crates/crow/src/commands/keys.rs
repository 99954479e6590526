//! `crow keys`.

use std::path::Path;

use anyhow::Context;
use clap::Subcommand;
use serde_json::json;

use crow_auth::keys::{self, NewKey, Overlap};
use crow_auth::{KeyRate, Scope, Scopes};
use crow_bus::notices::{self, KeyNotice};
use crow_db::audit_log::Actor;
use crow_types::{OrganizationId, Timestamp};

use crate::config::Config;

use super::{open_bus, open_db};

#[derive(Subcommand)]
pub(crate) enum KeysCommand {
    /// Create a key. It is shown once and stored as a hash.
    Create {
        /// The organization that the key belongs to.
        #[arg(long)]
        org: OrganizationId,
        /// Scope of the key: ingest, analytics, read or admin. A key with only `ingest` is safe in a page,
        /// because it can only write. May be given several times.
        #[arg(long, required = true)]
        scope: Vec<Scope>,
        /// Name of the key, for people.
        #[arg(long, default_value = "unnamed")]
        name: String,
        /// Only pages of this origin may use the key. May be given several times.
        #[arg(long)]
        origin: Vec<String>,
        /// Days until the key stops working. Default: never.
        #[arg(long, value_parser = clap::value_parser!(u16).range(1..=3650))]
        expires_in_days: Option<u16>,
        /// Requests per second that the key may make at each process of a service. Default: what the
        /// service allows every key.
        #[arg(long, value_parser = clap::value_parser!(u32).range(1..=100_000))]
        requests_per_second: Option<u32>,
        /// Print one line of JSON.
        #[arg(long)]
        json: bool,
    },
    /// List the keys of an organization.
    List {
        /// The organization.
        #[arg(long)]
        org: OrganizationId,
        /// Print JSON.
        #[arg(long)]
        json: bool,
    },
    /// Replace a key with a new one that has the same rights. It is shown once.
    Rotate {
        /// The key's id, as `list` shows it.
        id: String,
        /// The organization that the key belongs to.
        #[arg(long)]
        org: OrganizationId,
        /// Hours for which the old key keeps working. Default: it is revoked at once.
        #[arg(long, default_value_t = 0, value_parser = clap::value_parser!(u16).range(0..=720))]
        overlap_hours: u16,
    },
    /// Revoke a key, at once and for good.
    Revoke {
        /// The key's id, as `list` shows it.
        id: String,
    },
}

pub(crate) async fn run(
    command: KeysCommand,
    data_dir: &Path,
    config: &Config,
) -> anyhow::Result<()> {
    let db = open_db(config).await?;
    let by = Actor::system_named("crow keys");
    match command {
        KeysCommand::Create {
            org,
            scope,
            name,
            origin,
            expires_in_days,
            requests_per_second,
            json,
        } => {
            let origins = (!origin.is_empty()).then_some(origin);
            let expires_at = expires_in_days.map(|days| {
                let lasts = i64::from(days) * 86_400_000;
                Timestamp::now().plus(lasts).0
            });
            let new = NewKey {
                name,
                scopes: scope.into_iter().collect::<Scopes>(),
                allowed_origins: origins,
                expires_at,
                requests_per_second: requests_per_second.and_then(KeyRate::new),
            };
            let (record, secret) = keys::create_as(&db, &by, &org, new).await?;
            if json {
                let scopes = serde_json::to_value(record.scopes)?;
                let line = json!({ "id": record.id, "key": secret.expose(), "organization": org.as_str(), "scopes": scopes });
                println!("{line}");
            } else {
                println!("{}", secret.expose());
                let place = config.database.place();
                eprintln!(
                    "key {} of {org} in {place}. It is not shown again.",
                    record.id
                );
            }
        }
        KeysCommand::List { org, json } => {
            let records = keys::list(&db, &org).await?;
            if json {
                println!("{}", serde_json::to_string_pretty(&records)?);
            }
            for record in records.iter().filter(|_record| !json) {
                let state = record.state(Timestamp::now());
                let scopes = serde_json::to_string(&record.scopes)?;
                println!(
                    "{}  {}…  {state}  {scopes}  {}",
                    record.id, record.prefix, record.name
                );
            }
        }
        KeysCommand::Rotate {
            id,
            org,
            overlap_hours,
        } => {
            let seconds = u64::from(overlap_hours) * 3_600;
            let overlap = Overlap::of_seconds(seconds).context("the overlap is too long")?;
            let rotated = keys::rotate(&db, &by, &org, &id, overlap).await?;
            let rotated = rotated.with_context(|| {
                format!("{org} has no valid key {id}; see `crow keys list --org {org}`")
            })?;
            println!("{}", rotated.secret.expose());
            let place = config.database.place();
            eprintln!(
                "key {} of {org} in {place}. It is not shown again.",
                rotated.key.id
            );
            let until = rotated.old_ends;
            tell_services(data_dir, config, &db, KeyNotice { key_id: id, until }).await;
        }
        KeysCommand::Revoke { id } => {
            anyhow::ensure!(
                keys::revoke_as(&db, &by, &id).await?.is_some(),
                "there is no valid key {id}; see `crow keys list`"
            );
            eprintln!("key {id} is revoked");
            let (key_id, until) = (id, None);
            tell_services(data_dir, config, &db, KeyNotice { key_id, until }).await;
        }
    }
    Ok(())
}

/// Clears the key from all caches at once. Without the bus, caches drop it within about a minute.
async fn tell_services(data_dir: &Path, config: &Config, db: &crow_db::Db, notice: KeyNotice) {
    let told = async {
        let bus = open_bus(data_dir, config, db).await?;
        notices::publish(&bus, notices::KEY_REVOKED, notice.encode()).await?;
        anyhow::Ok(())
    };
    if let Err(error) = told.await {
        let seconds = config.auth.cache_seconds;
        eprintln!(
            "cannot notify the services ({error:#}); they accept the key for up to {seconds} s"
        );
    }
}
