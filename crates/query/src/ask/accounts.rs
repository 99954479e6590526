//! Parameters of requests about users and invitations.

use serde::Deserialize;
use utoipa::ToSchema;

use crow_accounts::ChangeMember;
use crow_auth::Role;

use crate::ask::question::questions;
use crate::ask::values::Name;
use crate::error::{Error, Result};

questions! {
    /// One sign-in.
    OneSignIn {
        /// The sign-in's `id`.
        sign_in "signInId": Name,
    }

    /// One passkey.
    OnePasskey {
        /// The passkey's `id`.
        passkey "passkeyId": Name,
    }

    /// Where to return after a sign-in with the provider.
    StartWithProvider {
        /// The page of the dashboard, such as `/app/sessions`. Other addresses are ignored.
        next "next": Option<Name>,
    }

    /// One user.
    OneUser {
        /// The user's `id`.
        user "userId": Name,
    }

    /// One invitation.
    OneInvitation {
        /// The invitation's `id`.
        invitation "invitationId": Name,
    }
}

/// Somebody to invite.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Invite {
    /// The e-mail address.
    pub email: String,
    /// `owner`, `admin`, `member` or `marketing`.
    role: String,
}

impl Invite {
    /// The role.
    ///
    /// # Errors
    /// `Malformed` when there is no such role.
    pub fn role(&self) -> Result<Role> {
        role(&self.role)
    }
}

/// A change of a user. What is left out stays.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ChangeUser {
    /// `owner`, `admin`, `member` or `marketing`.
    #[serde(default)]
    role: Option<String>,
    /// Whether the user may not sign in.
    #[serde(default)]
    is_disabled: Option<bool>,
}

impl ChangeUser {
    /// The change.
    ///
    /// # Errors
    /// `Malformed` when there is no such role, or nothing to change.
    pub fn change(&self) -> Result<ChangeMember> {
        if self.role.is_none() && self.is_disabled.is_none() {
            let text = "the body: give `role` or `isDisabled`";
            return Err(Error::Malformed(text.to_owned()));
        }
        Ok(ChangeMember {
            role: self.role.as_deref().map(role).transpose()?,
            is_disabled: self.is_disabled,
        })
    }
}

fn role(text: &str) -> Result<Role> {
    text.parse()
        .map_err(|error| Error::Malformed(format!("role: {error}")))
}
