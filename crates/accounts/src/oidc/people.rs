//! Which user somebody is, and with which role.

use crow_auth::{Client, Role, SignIn};
use crow_db::audit_log::Actor;
use crow_db::identities::{self, IdentityRow, Linked};
use crow_db::invitations;
use crow_db::sign_ins;
use crow_db::users::{self, Change, Changed, UserRow};
use crow_types::{OrganizationId, Timestamp, log_chain};

use super::{Oidc, Person, Problem};
use crate::accounts::{Accounts, By, Way, actor_of};
use crate::email;
use crate::error::AccountsError;
use crate::members::{checked_name, new_id};

/// No hash of a password: nothing matches it.
const NO_PASSWORD: &str = "";

impl Accounts {
    /// Signs in somebody who returned from the provider, and ends the sign-in that the browser had. Returns the token for the cookie, the
    /// sign-in, and the page to return to.
    pub async fn sign_in_with(
        &self,
        oidc: &Oidc,
        cookie: &str,
        state: &str,
        code: String,
        from: Client,
    ) -> Result<(String, SignIn, Option<String>), Problem> {
        let (person, kept) = oidc.finish(cookie, state, code).await?;
        let user = self.user_of(oidc, &person, &from).await?;
        if let Some(previous) = kept.previous {
            sign_ins::remove(&self.db, &previous)
                .await
                .map_err(failed)?;
        }
        let started = self.start(user, from, Way::Provider).await;
        let (token, sign_in) = started.map_err(|error| unavailable(&error))?;
        Ok((token, sign_in, kept.next))
    }

    /// Unlinks a user from the provider, so that another person there can be linked.
    pub async fn unlink(&self, by: &By, email: &str) -> Result<(), AccountsError> {
        let user = users::find_by_email(&self.db, email).await?;
        let user = user.ok_or(AccountsError::NotFound)?;
        let unlinked = identities::unlink(&self.db, &by.actor, &user, Timestamp::now()).await?;
        if unlinked {
            Ok(())
        } else {
            Err(AccountsError::NotFound)
        }
    }

    async fn user_of(
        &self,
        oidc: &Oidc,
        person: &Person,
        from: &Client,
    ) -> Result<UserRow, Problem> {
        let known = identities::find(&self.db, &person.issuer, &person.subject).await;
        let user = match known.map_err(failed)? {
            Some(known) => self.known(oidc, &known).await?,
            None => self.newcomer(oidc, person, from).await?,
        };
        let refused = if user.disabled_at.is_some() {
            Err(Problem::Disabled)
        } else {
            self.with_role(oidc, person, &user).await
        };
        if refused.is_err() {
            self.note_refusal(&user, from.address.clone(), Way::Provider);
        }
        refused
    }

    /// The settings may have changed since the person was linked.
    async fn known(&self, oidc: &Oidc, known: &IdentityRow) -> Result<UserRow, Problem> {
        let settings = &oidc.inner.settings;
        if known.organization_id != settings.organization.as_str() {
            return Err(Problem::OtherAccount);
        }
        let user = users::find(&self.db, &settings.organization, &known.user_id).await;
        let user = user.map_err(failed)?.ok_or(Problem::NoAccount)?;
        if !settings.allows(&user.email) {
            return Err(Problem::Domain);
        }
        Ok(user)
    }

    /// Somebody who signs in with the provider for the first time.
    async fn newcomer(
        &self,
        oidc: &Oidc,
        person: &Person,
        from: &Client,
    ) -> Result<UserRow, Problem> {
        let email = person.email.as_deref().ok_or(Problem::Unverified)?;
        if !person.is_verified {
            return Err(Problem::Unverified);
        }
        let email = email::normalised(email).map_err(|_error| Problem::Unverified)?;
        // Characters that look alike, or have the same lower case, may be two mailboxes.
        if !person.email.as_ref().is_some_and(|given| given.is_ascii()) {
            return Err(Problem::Unverified);
        }
        if !oidc.inner.settings.allows(&email) {
            return Err(Problem::Domain);
        }
        let user = users::find_by_email(&self.db, &email).await;
        match user.map_err(failed)? {
            Some(user) => self.link(oidc, person, user, from).await,
            None => self.join(oidc, person, email, from).await,
        }
    }

    async fn link(
        &self,
        oidc: &Oidc,
        person: &Person,
        user: UserRow,
        from: &Client,
    ) -> Result<UserRow, Problem> {
        if user.organization_id != oidc.inner.settings.organization.as_str() {
            return Err(Problem::OtherAccount);
        }
        if user.disabled_at.is_some() {
            return Ok(user);
        }
        let by = actor_of(&user.id, from.address.clone());
        let row = identity(person, &user, Timestamp::now());
        match identities::link(&self.db, &by, row).await.map_err(failed)? {
            Linked::Done => Ok(user),
            Linked::Taken => Err(Problem::OtherAccount),
        }
    }

    /// Makes a user: for an invitation of the address, or because the provider's people have accounts.
    async fn join(
        &self,
        oidc: &Oidc,
        person: &Person,
        email: String,
        from: &Client,
    ) -> Result<UserRow, Problem> {
        let settings = &oidc.inner.settings;
        let now = Timestamp::now();
        let open = invitations::of_address(&self.db, &email, now).await;
        let organization = settings.organization.as_str();
        let mut open = open.map_err(failed)?.into_iter();
        let invited = open.find(|row| row.organization_id.as_deref() == Some(organization));
        let role = match &invited {
            Some(row) => Some(row.role.clone()),
            None => {
                let role = settings.role_of(person.groups.as_deref().unwrap_or_default());
                role.map(|role| role.as_str().to_owned())
            }
        };
        let user = UserRow {
            id: new_id().map_err(|error| unavailable(&error))?,
            organization_id: organization.to_owned(),
            name: name_of(person, &email),
            email,
            role: role.ok_or(Problem::NoRole)?,
            password_hash: NO_PASSWORD.to_owned(),
            created_at: now.0,
            disabled_at: None,
        };
        let by = actor_of(&user.id, from.address.clone());
        let row = identity(person, &user, now);
        let invitation = invited.as_ref().map(|row| row.token_hash.as_str());
        let joined = identities::join(&self.db, &by, user.clone(), row, invitation).await;
        match joined.map_err(failed)? {
            Linked::Done => Ok(user),
            // Somebody was faster; the next attempt finds the user.
            Linked::Taken => Err(Problem::Unavailable),
        }
    }

    /// With a claim for it, the provider decides about the role at each sign-in.
    async fn with_role(
        &self,
        oidc: &Oidc,
        person: &Person,
        user: &UserRow,
    ) -> Result<UserRow, Problem> {
        let settings = &oidc.inner.settings;
        if settings.role_claim.is_none() {
            return Ok(user.clone());
        }
        let role = settings.role_of(person.groups.as_deref().unwrap_or_default());
        let role = role.ok_or(Problem::NoRole)?;
        if user.role == role.as_str() {
            return Ok(user.clone());
        }
        self.change_role(user, role).await
    }

    async fn change_role(&self, user: &UserRow, role: Role) -> Result<UserRow, Problem> {
        let organization = OrganizationId::new(user.organization_id.clone())
            .map_err(|error| failed(crow_db::Error::Unreadable(error.to_string())))?;
        let by = Actor::system_named("oidc");
        let change = Change {
            role: Some(role.as_str()),
            is_disabled: None,
        };
        let now = Timestamp::now();
        let changed = users::change(&self.db, &by, &organization, &user.id, change, now).await;
        match changed.map_err(failed)? {
            Changed::Done(user) => Ok(user),
            Changed::Unknown => Err(Problem::NoAccount),
            Changed::LastOwner => {
                tracing::warn!(
                    user.id = user.id,
                    "the provider's groups would take the role from the last owner"
                );
                Ok(user.clone())
            }
        }
    }
}

fn identity(person: &Person, user: &UserRow, now: Timestamp) -> IdentityRow {
    IdentityRow {
        issuer: person.issuer.clone(),
        subject: person.subject.clone(),
        organization_id: user.organization_id.clone(),
        user_id: user.id.clone(),
        created_at: now.0,
    }
}

/// The name at the provider, else the part of the address before the `@`.
fn name_of(person: &Person, email: &str) -> String {
    let named = person
        .name
        .as_deref()
        .and_then(|name| checked_name(name).ok());
    named.unwrap_or_else(|| email.split('@').next().unwrap_or(email).to_owned())
}

fn failed(error: crow_db::Error) -> Problem {
    unavailable(&error.into())
}

fn unavailable(error: &AccountsError) -> Problem {
    tracing::error!(error = log_chain(error), "accounts are not available");
    Problem::Unavailable
}
