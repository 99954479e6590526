//! Links that make a user or set a password. The token is in the link and nowhere else.

use secrecy::SecretString;

use crow_auth::{Client, Role, SignIn, hash_of, keys};
use crow_db::invitations::{self, InvitationRow, Used};
use crow_db::users::{self, UserRow};
use crow_types::{OrganizationId, Timestamp};

use crate::accounts::{Accounts, By, Way, actor_of};
use crate::email;
use crate::error::AccountsError;
use crate::links::Invitation;
use crate::members::{Member, checked_name, new_id};
use crate::passwords;

/// Characters of a token: 43 characters of base62 carry 256 bits.
const TOKEN_CHARS: usize = 43;
const HOUR: i64 = 3_600_000;
/// How long an invitation lasts: a week.
const LASTS: i64 = 7 * 24 * HOUR;
/// How long a link that sets a password lasts.
const PASSWORD_LINK_LASTS: i64 = 24 * HOUR;
/// How long the link for the first user lasts, in hours.
pub const FIRST_LASTS_HOURS: i64 = 24;

/// What somebody says who uses a link.
#[derive(Debug)]
pub struct Accept {
    /// The token.
    pub token: String,
    /// The password.
    pub password: SecretString,
    /// The name of a new user.
    pub name: Option<String>,
    /// The address, if the invitation has none.
    pub email: Option<String>,
    /// The organization, if the invitation has none.
    pub organization: Option<String>,
}

impl Accounts {
    /// Invites somebody. Returns the token for the link, which cannot be shown again.
    pub async fn invite(
        &self,
        by: &By,
        organization: &OrganizationId,
        email: &str,
        role: Role,
    ) -> Result<(Invitation, String), AccountsError> {
        by.may_decide_about(role)?;
        let email = email::normalised(email)?;
        if users::find_by_email(&self.db, &email).await?.is_some() {
            return Err(AccountsError::EmailTaken);
        }
        let (row, token) = new_row(&by.actor.id, role, LASTS)?;
        let row = InvitationRow {
            organization_id: Some(organization.as_str().to_owned()),
            email: Some(email),
            ..row
        };
        invitations::insert(&self.db, &by.actor, organization, row.clone()).await?;
        Ok((row.try_into()?, token))
    }

    /// A link that sets the password of a user, who forgot it.
    pub async fn password_link(
        &self,
        by: &By,
        organization: &OrganizationId,
        user: &str,
    ) -> Result<(Invitation, String), AccountsError> {
        let member: Member = self.member(organization, user).await?;
        by.may_decide_about(member.role)?;
        let (row, token) = new_row(&by.actor.id, member.role, PASSWORD_LINK_LASTS)?;
        let row = InvitationRow {
            organization_id: Some(organization.as_str().to_owned()),
            email: Some(member.email),
            user_id: Some(member.id),
            ..row
        };
        invitations::insert(&self.db, &by.actor, organization, row.clone()).await?;
        Ok((row.try_into()?, token))
    }

    /// The token of a link for the first user, who becomes an owner; `None` when there is a user.
    /// Earlier ones no longer work.
    pub async fn first_link(&self) -> Result<Option<String>, AccountsError> {
        if users::is_any(&self.db).await? {
            return Ok(None);
        }
        let (row, token) = new_row("crow", Role::Owner, FIRST_LASTS_HOURS * HOUR)?;
        invitations::replace_first(&self.db, row).await?;
        Ok(Some(token))
    }

    /// The open invitations of an organization, oldest first.
    pub async fn invitations(
        &self,
        organization: &OrganizationId,
    ) -> Result<Vec<Invitation>, AccountsError> {
        let rows = invitations::list(&self.db, organization, Timestamp::now()).await?;
        rows.into_iter().map(Invitation::try_from).collect()
    }

    /// Withdraws an invitation.
    pub async fn withdraw(
        &self,
        by: &By,
        organization: &OrganizationId,
        id: &str,
    ) -> Result<(), AccountsError> {
        let now = Timestamp::now();
        match invitations::remove(&self.db, &by.actor, organization, id, now).await? {
            true => Ok(()),
            false => Err(AccountsError::NotFound),
        }
    }

    /// What a link is for.
    pub async fn invitation(&self, token: &str) -> Result<Invitation, AccountsError> {
        self.open(token).await?.try_into()
    }

    /// Uses a link, and signs in.
    pub async fn accept(
        &self,
        accept: Accept,
        from: Client,
    ) -> Result<(String, SignIn), AccountsError> {
        let row = self.open(&accept.token).await?;
        let hash = hash_of(&accept.token);
        let now = Timestamp::now();
        let used = match &row.user_id {
            Some(user) => {
                let user = users::find_active(&self.db, user).await?;
                let user = user.ok_or(AccountsError::NotFound)?;
                self.allow_password_of(&user).await?;
                passwords::check("password", &accept.password, &user.email)?;
                let password = self.passwords.hash(accept.password).await?;
                let by = actor_of(&user.id, from.address.clone());
                invitations::reset(&self.db, &by, &hash, &password, now).await?
            }
            None => {
                let user = self.new_user(&row, accept).await?;
                let by = actor_of(&user.id, from.address.clone());
                invitations::accept(&self.db, &by, &hash, user, now).await?
            }
        };
        match used {
            Used::Done(user) => self.start(user, from, Way::Password).await,
            Used::Unknown => Err(AccountsError::NotFound),
            Used::EmailTaken => Err(AccountsError::EmailTaken),
        }
    }

    async fn new_user(
        &self,
        row: &InvitationRow,
        accept: Accept,
    ) -> Result<UserRow, AccountsError> {
        let organization = match (&row.organization_id, accept.organization) {
            (Some(organization), _) => organization.clone(),
            (None, named) => OrganizationId::new(named.unwrap_or_default())
                .map_err(|error| AccountsError::field("organizationId", error.to_string()))?
                .as_str()
                .to_owned(),
        };
        let email = match (&row.email, accept.email) {
            (Some(email), _) => email.clone(),
            (None, said) => email::normalised(&said.unwrap_or_default())?,
        };
        self.allow_password(&email)?;
        let name = checked_name(&accept.name.unwrap_or_default())?;
        passwords::check("password", &accept.password, &email)?;
        Ok(UserRow {
            id: new_id()?,
            organization_id: organization,
            email,
            name,
            role: row.role.clone(),
            password_hash: self.passwords.hash(accept.password).await?,
            created_at: Timestamp::now().0,
            disabled_at: None,
        })
    }

    /// The row of an invitation that can be used.
    async fn open(&self, token: &str) -> Result<InvitationRow, AccountsError> {
        let found = invitations::find(&self.db, &hash_of(token), Timestamp::now()).await?;
        let row = found.ok_or(AccountsError::NotFound)?;
        // Another first user was quicker.
        let is_first = row.organization_id.is_none();
        if is_first && users::is_any(&self.db).await? {
            return Err(AccountsError::NotFound);
        }
        Ok(row)
    }
}

fn new_row(
    created_by: &str,
    role: Role,
    lasts: i64,
) -> Result<(InvitationRow, String), AccountsError> {
    let token = keys::random_text(TOKEN_CHARS)?;
    let now = Timestamp::now();
    let row = InvitationRow {
        id: format!("inv_{}", keys::random_text(20)?),
        token_hash: hash_of(&token),
        organization_id: None,
        email: None,
        role: role.as_str().to_owned(),
        user_id: None,
        created_by: created_by.to_owned(),
        created_at: now.0,
        expires_at: now.plus(lasts).0,
    };
    Ok((row, token))
}
