use std::net::IpAddr;

use secrecy::SecretString;

use crow_auth::{Client, KeyVerifier, Scopes, SignIn};
use crow_db::Db;
use crow_db::audit_log::{self, Actor, Entry, Outcome};
use crow_db::identities;
use crow_db::sign_ins;
use crow_db::users::{self, UserRow};
use crow_types::{Timestamp, log_chain};

use crate::email;
use crate::error::AccountsError;
use crate::guesses::{Guesses, Limited};
use crate::links::Invitation;
use crate::mail::Mailer;
use crate::oidc::Oidc;
use crate::passkeys::relying_party::Passkeys;
use crate::passwords::{self, Passwords};

/// Sign-ins of a user that are listed.
const MAX_LISTED: u64 = 200;

/// Serves accounts. Cloning is cheap.
#[derive(Debug, Clone)]
pub struct Accounts {
    pub(crate) db: Db,
    pub(crate) passwords: Passwords,
    verifier: KeyVerifier,
    guesses: Guesses,
    oidc: Option<Oidc>,
    passkeys: Option<Passkeys>,
    mailer: Option<Mailer>,
}

/// How somebody signs in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Way {
    Password,
    Provider,
    Passkey,
}

impl Way {
    /// The word of the audit log.
    pub(crate) fn action(self) -> &'static str {
        match self {
            Self::Password => "sign_in.password",
            Self::Provider => "sign_in.provider",
            Self::Passkey => "sign_in.passkey",
        }
    }
}

/// Who does something, and what they may do.
#[derive(Debug, Clone)]
pub struct By {
    /// Who.
    pub actor: Actor,
    /// What they may do.
    pub scopes: Scopes,
}

impl Accounts {
    /// Uses this database, and this verifier for the cookies.
    #[must_use]
    pub fn new(db: Db, verifier: KeyVerifier) -> Self {
        Self {
            db,
            passwords: Passwords::default(),
            verifier,
            guesses: Guesses::default(),
            oidc: None,
            passkeys: None,
            mailer: None,
        }
    }

    /// With a provider to sign in with.
    #[must_use]
    pub fn with_oidc(self, oidc: Option<Oidc>) -> Self {
        Self { oidc, ..self }
    }

    /// With passkeys to sign in with.
    #[must_use]
    pub fn with_passkeys(self, passkeys: Option<Passkeys>) -> Self {
        Self { passkeys, ..self }
    }

    /// Mails links, besides showing them.
    #[must_use]
    pub fn with_mailer(self, mailer: Option<Mailer>) -> Self {
        Self { mailer, ..self }
    }

    /// Mails the link of an invitation; false without a mail server, or when it fails.
    pub async fn mail_link(&self, invitation: &Invitation, token: &str) -> bool {
        match &self.mailer {
            Some(mailer) => mailer.send_link(invitation, token).await,
            None => false,
        }
    }

    /// The provider to sign in with.
    #[must_use]
    pub fn oidc(&self) -> Option<&Oidc> {
        self.oidc.as_ref()
    }

    /// The passkeys to sign in with.
    #[must_use]
    pub fn passkeys(&self) -> Option<&Passkeys> {
        self.passkeys.as_ref()
    }

    /// Whether somebody with this address may have and use a password.
    pub(crate) fn allow_password(&self, email: &str) -> Result<(), AccountsError> {
        match &self.oidc {
            Some(oidc) if oidc.enforces(email) => Err(AccountsError::ProviderOnly),
            Some(_) | None => Ok(()),
        }
    }

    /// Whether a user may have and use a password or a passkey: not one whose role the provider decides.
    pub(crate) async fn allow_password_of(&self, user: &UserRow) -> Result<(), AccountsError> {
        self.allow_password(&user.email)?;
        let decides = self.oidc.as_ref().is_some_and(Oidc::decides_roles);
        if decides && identities::is_linked(&self.db, &user.id).await? {
            return Err(AccountsError::ProviderOnly);
        }
        Ok(())
    }

    /// The hashes.
    #[must_use]
    pub fn passwords(&self) -> &Passwords {
        &self.passwords
    }

    /// Signs a user in by password. Returns the token for the cookie. Whether there is no such
    /// account, it is disabled, or the password is wrong makes no difference, also in time.
    pub async fn sign_in(
        &self,
        email: &str,
        password: SecretString,
        from: Client,
    ) -> Result<(String, SignIn), AccountsError> {
        // An address that cannot exist takes the same way as one that does not.
        let email = email::normalised(email).unwrap_or_default();
        let address = address_of(&from);
        let limited = self.guesses.begin(&email, address).err();
        if limited == Some(Limited::Own) {
            return Err(AccountsError::TooManyAttempts);
        }
        self.allow_password(&email)?;
        let user = users::find_by_email(&self.db, &email).await?;
        if limited.is_some() && !self.is_known(user.as_ref(), &from).await? {
            return Err(AccountsError::TooManyAttempts);
        }
        let hash = user.as_ref().and_then(hash_of);
        let is_right = self.passwords.is_right(password, hash).await?;
        match user {
            Some(user) if is_right && user.disabled_at.is_none() => {
                self.allow_password_of(&user).await?;
                self.guesses.succeeded(&email, address);
                self.start(user, from, Way::Password).await
            }
            Some(user) => {
                self.note_refusal(&user, from.address, Way::Password);
                Err(AccountsError::WrongPassword)
            }
            None => Err(AccountsError::WrongPassword),
        }
    }

    /// Starts a sign-in and notes it.
    pub(crate) async fn start(
        &self,
        user: UserRow,
        from: Client,
        way: Way,
    ) -> Result<(String, SignIn), AccountsError> {
        let actor = actor_of(&user.id, from.address.clone());
        let entry = Entry {
            organization: &user.organization_id.clone(),
            by: &actor,
            action: way.action(),
            subject: &user.id.clone(),
            outcome: Outcome::Done,
            at: Timestamp::now(),
        };
        audit_log::note(&self.db, entry).await?;
        Ok(self.verifier.sign_in_user(user, from).await?)
    }

    /// Whether the user signed in from there. Without a user it looks as well, so that the time of
    /// the answer does not tell which accounts exist. No user has an empty id.
    async fn is_known(&self, user: Option<&UserRow>, from: &Client) -> Result<bool, AccountsError> {
        let id = user.map_or("", |user| user.id.as_str());
        match &from.address {
            Some(address) => Ok(sign_ins::is_known_address(&self.db, id, address).await?),
            None => Ok(false),
        }
    }

    /// In a task, so that the answer takes as long as for an address without an account.
    pub(crate) fn note_refusal(&self, user: &UserRow, address: Option<String>, way: Way) {
        self.note_refused(user, address, way.action(), user.id.clone());
    }

    /// The same about something else than the user.
    pub(crate) fn note_refused(
        &self,
        user: &UserRow,
        address: Option<String>,
        action: &'static str,
        subject: String,
    ) {
        let (db, organization) = (self.db.clone(), user.organization_id.clone());
        tokio::spawn(async move {
            let actor = Actor {
                kind: "public",
                id: String::new(),
                address,
            };
            let entry = Entry {
                organization: &organization,
                by: &actor,
                action,
                subject: &subject,
                outcome: Outcome::Refused,
                at: Timestamp::now(),
            };
            if let Err(error) = audit_log::note(&db, entry).await {
                tracing::error!(error = log_chain(&error), "cannot note a refused sign-in");
            }
        });
    }

    /// Changes the password of a user that is signed in with the token hash `signed_in`, and ends
    /// the other sign-ins.
    pub async fn change_password(
        &self,
        user_id: &str,
        current: SecretString,
        new: SecretString,
        signed_in: &str,
        from: &Client,
    ) -> Result<(), AccountsError> {
        let user = users::find_active(&self.db, user_id).await?;
        let user = user.ok_or(AccountsError::NotFound)?;
        self.allow_password_of(&user).await?;
        passwords::check("newPassword", &new, &user.email)?;
        // Somebody with a stolen cookie must not find the password out.
        let address = address_of(from);
        if self.guesses.begin(&user.email, address) == Err(Limited::Own) {
            return Err(AccountsError::TooManyAttempts);
        }
        if !self.passwords.is_right(current, hash_of(&user)).await? {
            return Err(AccountsError::WrongCurrentPassword);
        }
        self.guesses.succeeded(&user.email, address);
        let hash = self.passwords.hash(new).await?;
        let by = actor_of(&user.id, from.address.clone());
        let now = Timestamp::now();
        users::set_password(&self.db, &by, &user, &hash, Some(signed_in), now).await?;
        Ok(())
    }

    /// The sign-ins of a user, newest first.
    pub async fn sign_ins(&self, user: &str) -> Result<Vec<sign_ins::SignInRow>, AccountsError> {
        Ok(sign_ins::of_user(&self.db, user, Timestamp::now(), MAX_LISTED).await?)
    }

    /// Ends a sign-in of a user.
    pub async fn end_sign_in(&self, user: &str, id: &str) -> Result<(), AccountsError> {
        if sign_ins::remove_one_of_user(&self.db, user, id).await? {
            Ok(())
        } else {
            Err(AccountsError::NotFound)
        }
    }

    /// Ends the sign-ins of a user but the one with the token hash `but`.
    pub async fn end_sign_ins(&self, user: &str, but: Option<&str>) -> Result<(), AccountsError> {
        sign_ins::remove_of_user(&self.db, user, but).await?;
        Ok(())
    }
}

/// Who has no password takes as long as somebody whose password is wrong.
fn hash_of(user: &UserRow) -> Option<String> {
    Some(user.password_hash.clone()).filter(|hash| !hash.is_empty())
}

pub(crate) fn actor_of(user: &str, address: Option<String>) -> Actor {
    Actor {
        kind: "user",
        id: user.to_owned(),
        address,
    }
}

fn address_of(from: &Client) -> Option<IpAddr> {
    from.address.as_ref().and_then(|text| text.parse().ok())
}
