//! The users of an organization.

use secrecy::SecretString;

use crow_auth::{Role, Scope, keys};
use crow_db::audit_log::{self, Entry, Outcome};
use crow_db::users::{self, Change, Changed, UserRow};
use crow_types::{OrganizationId, Timestamp};

use crate::accounts::{Accounts, By};
use crate::email;
use crate::error::AccountsError;
use crate::passwords;

/// A user as others see it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Member {
    /// Id of the user; safe to log.
    pub id: String,
    /// The address.
    pub email: String,
    /// The name.
    pub name: String,
    /// The role.
    pub role: Role,
    /// Milliseconds since the epoch.
    pub created_at: i64,
    /// Milliseconds since the epoch; `None` while the user may sign in.
    pub disabled_at: Option<i64>,
}

impl TryFrom<UserRow> for Member {
    type Error = AccountsError;

    fn try_from(row: UserRow) -> Result<Self, AccountsError> {
        Ok(Self {
            role: row.role.parse()?,
            id: row.id,
            email: row.email,
            name: row.name,
            created_at: row.created_at,
            disabled_at: row.disabled_at,
        })
    }
}

/// A user to create.
#[derive(Debug)]
pub struct NewMember<'a> {
    /// The address.
    pub email: &'a str,
    /// The name.
    pub name: &'a str,
    /// The role.
    pub role: Role,
    /// The password.
    pub password: SecretString,
}

/// A change of a user; what is `None` stays.
#[derive(Debug, Clone, Copy, Default)]
pub struct ChangeMember {
    /// The new role.
    pub role: Option<Role>,
    /// Whether the user may not sign in.
    pub is_disabled: Option<bool>,
}

impl By {
    /// Only owners decide about owners.
    pub(crate) fn may_decide_about(&self, role: Role) -> Result<(), AccountsError> {
        if role == Role::Owner && !self.scopes.allow(Scope::Owner) {
            return Err(AccountsError::OwnersOnly);
        }
        Ok(())
    }
}

impl Accounts {
    /// The users of an organization, oldest first.
    pub async fn members(
        &self,
        organization: &OrganizationId,
    ) -> Result<Vec<Member>, AccountsError> {
        let rows = users::list(&self.db, organization).await?;
        rows.into_iter().map(Member::try_from).collect()
    }

    /// Creates a user with a password, without an invitation.
    pub async fn create_member(
        &self,
        by: &By,
        organization: &OrganizationId,
        new: NewMember<'_>,
    ) -> Result<Member, AccountsError> {
        by.may_decide_about(new.role)?;
        let email = email::normalised(new.email)?;
        let name = checked_name(new.name)?;
        passwords::check("password", &new.password, &email)?;
        let row = UserRow {
            id: new_id()?,
            organization_id: organization.as_str().to_owned(),
            email,
            name,
            role: new.role.as_str().to_owned(),
            password_hash: self.passwords.hash(new.password).await?,
            created_at: Timestamp::now().0,
            disabled_at: None,
        };
        if !users::insert(&self.db, &by.actor, row.clone()).await? {
            return Err(AccountsError::EmailTaken);
        }
        row.try_into()
    }

    /// Changes a user of an organization.
    pub async fn change_member(
        &self,
        by: &By,
        organization: &OrganizationId,
        id: &str,
        change: ChangeMember,
    ) -> Result<Member, AccountsError> {
        let member = self.member(organization, id).await?;
        by.may_decide_about(member.role)?;
        if let Some(role) = change.role {
            by.may_decide_about(role)?;
        }
        let change = Change {
            role: change.role.map(Role::as_str),
            is_disabled: change.is_disabled,
        };
        let now = Timestamp::now();
        match users::change(&self.db, &by.actor, organization, id, change, now).await? {
            Changed::Done(row) => row.try_into(),
            Changed::Unknown => Err(AccountsError::NotFound),
            Changed::LastOwner => Err(AccountsError::LastOwner),
        }
    }

    /// Signs a user out everywhere.
    pub async fn sign_member_out(
        &self,
        by: &By,
        organization: &OrganizationId,
        id: &str,
    ) -> Result<(), AccountsError> {
        let member = self.member(organization, id).await?;
        by.may_decide_about(member.role)?;
        let entry = Entry {
            organization: organization.as_str(),
            by: &by.actor,
            action: "user.signed_out",
            subject: id,
            outcome: Outcome::Done,
            at: Timestamp::now(),
        };
        audit_log::note(&self.db, entry).await?;
        self.end_sign_ins(id, None).await
    }

    pub(crate) async fn member(
        &self,
        organization: &OrganizationId,
        id: &str,
    ) -> Result<Member, AccountsError> {
        let row = users::find(&self.db, organization, id).await?;
        row.ok_or(AccountsError::NotFound)?.try_into()
    }
}

pub(crate) fn new_id() -> Result<String, AccountsError> {
    Ok(format!("usr_{}", keys::random_text(20)?))
}

pub(crate) fn checked_name(name: &str) -> Result<String, AccountsError> {
    let name = name.trim();
    let is_name = (1..=100).contains(&name.chars().count()) && !name.chars().any(char::is_control);
    if is_name {
        return Ok(name.to_owned());
    }
    let problem = "must be 1 to 100 characters without control characters";
    Err(AccountsError::field("name", problem))
}
