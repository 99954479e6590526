//! Sign-in with a passkey. The device names the passkey and its user.

use data_encoding::BASE64URL_NOPAD;
use serde_json::Value;
use webauthn_rs::prelude::{
    DiscoverableAuthentication, Passkey as Stored, PublicKeyCredential, WebauthnError,
};

use crow_auth::{Client, SignIn};
use crow_db::passkeys::{self as rows, PasskeyRow};
use crow_db::users::{self, UserRow};
use crow_types::{OrganizationId, Timestamp, log_chain};

use super::{Asked, answer, handle_of};
use crate::accounts::{Accounts, Way};
use crate::error::AccountsError;

/// In the audit log: a passkey counted fewer signatures than before, so there may be a copy of it.
const COPY_SUSPECTED: &str = "passkey.copy_suspected";

impl Accounts {
    /// Asks for a passkey of anybody.
    pub async fn start_passkey_sign_in(&self) -> Result<Asked, AccountsError> {
        let passkeys = self.enabled_passkeys()?;
        let (mut options, state) = passkeys
            .webauthn()
            .start_discoverable_authentication()
            .map_err(AccountsError::Passkey)?;
        // Somebody has pressed a button, so the browser asks at once.
        options.mediation = None;
        self.ask(None, &state, &options).await
    }

    /// Signs in with a device's answer. Returns the token for the cookie. Whether nobody has the
    /// passkey, its user is disabled, or the signature is wrong makes no difference.
    pub async fn sign_in_with_passkey(
        &self,
        token: &str,
        credential: Value,
        from: Client,
    ) -> Result<(String, SignIn), AccountsError> {
        let passkeys = self.enabled_passkeys()?;
        let credential: PublicKeyCredential = answer(credential)?;
        let state: DiscoverableAuthentication = self.asked(token, None).await?;
        let (row, user) = self.whose(&credential).await?;
        let mut stored: Stored =
            serde_json::from_str(&row.credential).map_err(AccountsError::Json)?;
        let checked =
            passkeys
                .webauthn()
                .finish_discoverable_authentication_v2(&credential, state, &stored);
        let result = match checked {
            Ok(result) if user.disabled_at.is_none() => result,
            Ok(_) => return Err(self.refuse(&user, &from)),
            Err(error) => {
                self.note_wrong(&error, &row, &user, &from);
                return Err(self.refuse(&user, &from));
            }
        };
        self.allow_password_of(&user).await?;
        stored.update_credential(&result);
        let used = serde_json::to_string(&stored).map_err(AccountsError::Json)?;
        if !rows::note_use(&self.db, &row, &used, Timestamp::now()).await? {
            return Err(AccountsError::ChallengeOver);
        }
        self.start(user, from, Way::Passkey).await
    }

    /// The passkey of an answer and its user, who must be the one that the device names.
    async fn whose(
        &self,
        credential: &PublicKeyCredential,
    ) -> Result<(PasskeyRow, UserRow), AccountsError> {
        let id = BASE64URL_NOPAD.encode(credential.get_credential_id());
        let row = rows::find_by_credential(&self.db, &id).await?;
        let row = row.ok_or(AccountsError::WrongPasskey)?;
        let handle = handle_of(&row.user_id);
        if credential.get_user_unique_id() != Some(handle.as_bytes()) {
            return Err(AccountsError::WrongPasskey);
        }
        let organization = OrganizationId::new(row.organization_id.clone())
            .map_err(|error| crow_db::Error::Unreadable(format!("passkeys: {error}")))?;
        let user = users::find(&self.db, &organization, &row.user_id).await?;
        Ok((row, user.ok_or(AccountsError::WrongPasskey)?))
    }

    fn note_wrong(&self, error: &WebauthnError, row: &PasskeyRow, user: &UserRow, from: &Client) {
        tracing::info!(error = log_chain(error), "a passkey was refused");
        if matches!(error, WebauthnError::CredentialPossibleCompromise) {
            let address = from.address.clone();
            self.note_refused(user, address, COPY_SUSPECTED, row.id.clone());
        }
    }

    fn refuse(&self, user: &UserRow, from: &Client) -> AccountsError {
        self.note_refusal(user, from.address.clone(), Way::Passkey);
        AccountsError::WrongPasskey
    }
}
