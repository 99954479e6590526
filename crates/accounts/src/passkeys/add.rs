//! The passkeys of somebody who is signed in.

use data_encoding::BASE64URL_NOPAD;
use serde_json::Value;
use webauthn_rs::prelude::{
    CreationChallengeResponse, CredentialID, PasskeyRegistration, RegisterPublicKeyCredential,
    WebauthnError,
};
use webauthn_rs_proto::ResidentKeyRequirement;

use crow_auth::keys;
use crow_db::passkeys::{self as rows, Added, PasskeyRow};
use crow_db::sign_ins::{self, KeyHolder};
use crow_db::users::{self, UserRow};
use crow_types::{Timestamp, log_chain};

use super::{Asked, answer, handle_of, unusable};
use crate::accounts::{Accounts, actor_of};
use crate::error::AccountsError;
use crate::members::checked_name;

/// How old a sign-in may be that adds a passkey, in milliseconds. A cookie that was stolen later gives
/// no lasting access.
const FRESH: i64 = 3_600_000;
/// The longest name that a device may give a passkey, in bytes. WebAuthn sets this limit.
const MAX_CREDENTIAL_ID: usize = 1_023;

/// A passkey of a user.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Passkey {
    /// Its id; safe to log.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Milliseconds since the epoch.
    pub created_at: i64,
    /// Milliseconds since the epoch; `None`: never.
    pub last_used_at: Option<i64>,
}

impl From<PasskeyRow> for Passkey {
    fn from(row: PasskeyRow) -> Self {
        Self {
            id: row.id,
            name: row.name,
            created_at: row.created_at,
            last_used_at: row.last_used_at,
        }
    }
}

/// A device's answer that adds a passkey.
#[derive(Debug)]
pub struct AddPasskey {
    /// The token of the challenge.
    pub token: String,
    /// The name of the passkey.
    pub name: String,
    /// What the device said.
    pub credential: Value,
}

impl Accounts {
    /// The passkeys of a user, oldest first.
    pub async fn passkeys_of(&self, user: &str) -> Result<Vec<Passkey>, AccountsError> {
        let user = self.active(user).await?;
        let found = rows::of_user(&self.db, &user.organization_id, &user.id).await?;
        Ok(found.into_iter().map(Passkey::from).collect())
    }

    /// Asks for a passkey of a user who is signed in with the token hash `signed_in`.
    pub async fn start_passkey(&self, user: &str, signed_in: &str) -> Result<Asked, AccountsError> {
        let passkeys = self.enabled_passkeys()?;
        let user = self.active(user).await?;
        self.allow_password_of(&user).await?;
        self.is_fresh(signed_in).await?;
        let has = rows::of_user(&self.db, &user.organization_id, &user.id).await?;
        if has.len() as u64 >= rows::MOST {
            return Err(AccountsError::TooManyPasskeys);
        }
        let known = has.iter().filter_map(credential_id).collect();
        let (mut options, state) = passkeys
            .webauthn()
            .start_passkey_registration(handle_of(&user.id), &user.email, &user.name, Some(known))
            .map_err(AccountsError::Passkey)?;
        must_know_its_user(&mut options);
        self.ask(Some(&user.id), &state, &options).await
    }

    /// Adds a passkey of a user who is signed in with the token hash `signed_in`.
    pub async fn add_passkey(
        &self,
        user: &str,
        signed_in: &str,
        add: AddPasskey,
        address: Option<String>,
    ) -> Result<Passkey, AccountsError> {
        let passkeys = self.enabled_passkeys()?;
        let name = checked_name(&add.name)?;
        let credential: RegisterPublicKeyCredential = answer(add.credential)?;
        let user = self.active(user).await?;
        self.allow_password_of(&user).await?;
        let state: PasskeyRegistration = self.asked(&add.token, Some(&user.id)).await?;
        let made = passkeys
            .webauthn()
            .finish_passkey_registration(&credential, &state)
            .map_err(|error| refused(&error))?;
        if made.cred_id().len() > MAX_CREDENTIAL_ID {
            return Err(unusable());
        }
        let row = PasskeyRow {
            id: format!("psk_{}", keys::random_text(20)?),
            organization_id: user.organization_id.clone(),
            user_id: user.id.clone(),
            credential_id: BASE64URL_NOPAD.encode(made.cred_id()),
            credential: serde_json::to_string(&made).map_err(AccountsError::Json)?,
            name,
            created_at: Timestamp::now().0,
            last_used_at: None,
        };
        let by = actor_of(&user.id, address);
        match rows::add(&self.db, &by, row.clone(), signed_in).await? {
            Added::Done => Ok(row.into()),
            Added::SignedOut => Err(AccountsError::ChallengeOver),
            Added::TooMany => Err(AccountsError::TooManyPasskeys),
            Added::Taken => Err(AccountsError::PasskeyTaken),
        }
    }

    /// Gives a passkey another name.
    pub async fn rename_passkey(
        &self,
        user: &str,
        id: &str,
        name: &str,
    ) -> Result<(), AccountsError> {
        let user = self.active(user).await?;
        let name = checked_name(name)?;
        match rows::rename(&self.db, &user, id, &name).await? {
            true => Ok(()),
            false => Err(AccountsError::NotFound),
        }
    }

    /// Removes a passkey. Sign-ins with it go on.
    pub async fn remove_passkey(
        &self,
        user: &str,
        id: &str,
        address: Option<String>,
    ) -> Result<(), AccountsError> {
        let user = self.active(user).await?;
        let by = actor_of(&user.id, address);
        match rows::remove(&self.db, &by, &user, id, Timestamp::now()).await? {
            true => Ok(()),
            false => Err(AccountsError::NotFound),
        }
    }

    async fn active(&self, user: &str) -> Result<UserRow, AccountsError> {
        let found = users::find_active(&self.db, user).await?;
        found.ok_or(AccountsError::NotFound)
    }

    async fn is_fresh(&self, signed_in: &str) -> Result<(), AccountsError> {
        let now = Timestamp::now();
        let row = sign_ins::find(&self.db, signed_in, KeyHolder::Table, now).await?;
        match row {
            Some(row) if now.0 - row.created_at < FRESH => Ok(()),
            Some(_) | None => Err(AccountsError::SignInTooOld),
        }
    }
}

/// Only a passkey that knows its user signs in without an address.
fn must_know_its_user(options: &mut CreationChallengeResponse) {
    if let Some(selection) = &mut options.public_key.authenticator_selection {
        selection.resident_key = Some(ResidentKeyRequirement::Required);
        selection.require_resident_key = true;
    }
}

/// So that a device does not make a second one for the same user.
fn credential_id(row: &PasskeyRow) -> Option<CredentialID> {
    BASE64URL_NOPAD.decode(row.credential_id.as_bytes()).ok()
}

fn refused(error: &WebauthnError) -> AccountsError {
    tracing::info!(error = log_chain(error), "a passkey was not added");
    let problem = match error {
        WebauthnError::InvalidRPOrigin | WebauthnError::InvalidRPIDHash => {
            "was made on another page; open the dashboard at its public address"
        }
        WebauthnError::UserNotVerified => {
            "the device did not recognise its user; set a PIN or a screen lock, and start again"
        }
        _ => "is no valid answer to the options; start again",
    };
    AccountsError::field("credential", problem)
}
