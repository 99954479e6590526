//! `crow users`.

use std::io::{IsTerminal, stdin};

use anyhow::Context;
use clap::Subcommand;
use secrecy::SecretString;
use serde_json::json;

use crow_accounts::{Accounts, By, ChangeMember, Member, NewMember, normalised_email};
use crow_auth::{KeyVerifier, Role, Scope};
use crow_db::Db;
use crow_db::audit_log::Actor;
use crow_types::OrganizationId;

use crate::config::Config;

use super::open_db;

#[derive(Subcommand)]
pub(crate) enum UsersCommand {
    /// Create a user. The password is asked for, or read from standard input, one line.
    Create {
        /// The organization that the user belongs to.
        #[arg(long)]
        org: OrganizationId,
        /// The e-mail address to sign in with.
        #[arg(long)]
        email: String,
        /// The name of the user.
        #[arg(long)]
        name: String,
        /// Role of the user: owner, admin, member or marketing.
        #[arg(long)]
        role: Role,
    },
    /// Print a link that makes a user. It works once, within a week.
    Invite {
        /// The organization that the user will belong to.
        #[arg(long)]
        org: OrganizationId,
        /// The e-mail address of the new user.
        #[arg(long)]
        email: String,
        /// Role of the new user: owner, admin, member or marketing.
        #[arg(long)]
        role: Role,
    },
    /// List the users of an organization.
    List {
        /// The organization.
        #[arg(long)]
        org: OrganizationId,
        /// Print JSON.
        #[arg(long)]
        json: bool,
    },
    /// Sign a user out everywhere, at once, and refuse further sign-ins.
    Disable {
        /// The e-mail address.
        email: String,
    },
    /// Let a disabled user sign in again.
    Enable {
        /// The e-mail address.
        email: String,
    },
    /// Unlink a user from the OpenID Connect provider. The next sign-in with a verified address links
    /// the user again.
    Unlink {
        /// The e-mail address.
        email: String,
    },
    /// Print a link that sets the password of a user. It works once, within 24 hours.
    PasswordLink {
        /// The e-mail address.
        email: String,
    },
}

pub(crate) async fn run(command: UsersCommand, config: &Config) -> anyhow::Result<()> {
    let db = open_db(config).await?;
    let accounts = accounts(&db, config)?;
    let by = By {
        actor: Actor::system_named("crow users"),
        scopes: [Scope::Owner].into_iter().collect(),
    };
    match command {
        UsersCommand::Create {
            org,
            email,
            name,
            role,
        } => {
            let new = NewMember {
                email: &email,
                name: &name,
                role,
                password: read_password()?,
            };
            let member = accounts.create_member(&by, &org, new).await?;
            println!("{}", member.id);
        }
        UsersCommand::Invite { org, email, role } => {
            let (_, token) = accounts.invite(&by, &org, &email, role).await?;
            println!("{}", link(config, &token));
        }
        UsersCommand::List { org, json } => print(&accounts.members(&org).await?, json)?,
        UsersCommand::Disable { email } => set_disabled(&db, &accounts, &by, &email, true).await?,
        UsersCommand::Enable { email } => set_disabled(&db, &accounts, &by, &email, false).await?,
        UsersCommand::Unlink { email } => {
            accounts.unlink(&by, &normalised_email(&email)?).await?;
            eprintln!("the user is unlinked");
        }
        UsersCommand::PasswordLink { email } => {
            let (org, id) = user(&db, &email).await?;
            let (_, token) = accounts.password_link(&by, &org, &id).await?;
            println!("{}", link(config, &token));
        }
    }
    Ok(())
}

/// Accounts of this installation.
pub(crate) fn accounts(db: &Db, config: &Config) -> anyhow::Result<Accounts> {
    let verifier = KeyVerifier::new(db.clone(), &config.auth)?;
    Ok(Accounts::new(db.clone(), verifier))
}

/// The link in which the dashboard finds a token. Browsers do not send what follows `#`, so no log
/// of a proxy has it.
pub(crate) fn link(config: &Config, token: &str) -> String {
    format!("{}/app#/accept/{token}", config.dashboard_url())
}

async fn set_disabled(
    db: &Db,
    accounts: &Accounts,
    by: &By,
    email: &str,
    is_disabled: bool,
) -> anyhow::Result<()> {
    let (org, id) = user(db, email).await?;
    let change = ChangeMember {
        is_disabled: Some(is_disabled),
        ..ChangeMember::default()
    };
    accounts.change_member(by, &org, &id, change).await?;
    eprintln!(
        "user {id} is {}",
        if is_disabled { "disabled" } else { "enabled" }
    );
    Ok(())
}

async fn user(db: &Db, email: &str) -> anyhow::Result<(OrganizationId, String)> {
    let found = crow_db::users::find_by_email(db, &normalised_email(email)?).await?;
    let row = found.with_context(|| {
        format!("there is no user {email}; see `crow users list --org ORGANIZATION`")
    })?;
    Ok((OrganizationId::new(row.organization_id)?, row.id))
}

/// From a terminal without showing it, else the first line.
fn read_password() -> anyhow::Result<SecretString> {
    if stdin().is_terminal() {
        let typed = rpassword::prompt_password("Password (it is not shown): ");
        return Ok(typed.context("reading the password")?.into());
    }
    let mut line = String::new();
    stdin()
        .read_line(&mut line)
        .context("reading the password")?;
    Ok(line.trim_end_matches(['\r', '\n']).to_owned().into())
}

fn print(members: &[Member], as_json: bool) -> anyhow::Result<()> {
    let state = |member: &Member| match member.disabled_at {
        Some(_) => "disabled",
        None => "active",
    };
    if as_json {
        let view = |member: &Member| {
            json!({
                "id": member.id,
                "email": member.email,
                "name": member.name,
                "role": member.role,
                "createdAt": member.created_at,
                "disabledAt": member.disabled_at,
            })
        };
        let views: Vec<_> = members.iter().map(view).collect();
        println!("{}", serde_json::to_string_pretty(&views)?);
        return Ok(());
    }
    for member in members {
        let state = state(member);
        println!(
            "{}  {state}  {}  {}  {}",
            member.id, member.role, member.email, member.name
        );
    }
    Ok(())
}
