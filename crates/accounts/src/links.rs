//! What a link is for, without its token.

use crow_auth::Role;
use crow_db::invitations::InvitationRow;

use crate::error::AccountsError;

/// What a link is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// It makes a user.
    Join,
    /// It sets the password of a user.
    Password,
}

impl Purpose {
    /// The word in responses.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Join => "join",
            Self::Password => "password",
        }
    }
}

/// An invitation without its token.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Invitation {
    /// Its id; safe to log.
    pub id: String,
    /// What it is for.
    pub purpose: Purpose,
    /// The tenant; `None`: the first user names it.
    pub organization: Option<String>,
    /// The address; `None`: the first user says it.
    pub email: Option<String>,
    /// The role.
    pub role: Role,
    /// Id of the user or key that made it.
    pub created_by: String,
    /// Milliseconds since the epoch.
    pub created_at: i64,
    /// Milliseconds since the epoch.
    pub expires_at: i64,
}

impl TryFrom<InvitationRow> for Invitation {
    type Error = AccountsError;

    fn try_from(row: InvitationRow) -> Result<Self, AccountsError> {
        Ok(Self {
            role: row.role.parse()?,
            purpose: match row.user_id {
                Some(_) => Purpose::Password,
                None => Purpose::Join,
            },
            id: row.id,
            organization: row.organization_id,
            email: row.email,
            created_by: row.created_by,
            created_at: row.created_at,
            expires_at: row.expires_at,
        })
    }
}
