//! Accounts: people, how they get in, and what they are in an organization.
//!
//! - [`Accounts`]: sign-in by password, passwords, members, invitations.
//! - [`Passwords`]: hashes, and how many are computed at a time.
//! - [`Oidc`]: sign-in with an OpenID Connect provider.
//! - [`Passkeys`]: sign-in with a key on a device.
//! - [`Mailer`]: mail with links, and with news.
//! - `filters`: filters that they save.
//! - `cohorts`: cohorts that they save.
//! - `notifications`: what they are told of.
//! - `guesses`: limits for those who guess passwords.
//!
//! `crow-query` serves the routes, because it serves the dashboard: one origin, one cookie.

mod accounts;
mod cohorts;
mod counts;
mod email;
mod error;
mod filters;
mod guesses;
mod invitations;
mod links;
mod mail;
mod members;
mod notifications;
mod oidc;
mod passkeys;
mod passwords;
#[cfg(test)]
mod tests;

pub use accounts::{Accounts, By};
pub use cohorts::{Cohort, CohortFields};
pub use email::normalised as normalised_email;
pub use error::AccountsError;
pub use filters::{FilterFields, SavedFilter};
pub use invitations::{Accept, FIRST_LASTS_HOURS};
pub use links::{Invitation, Purpose};
pub use mail::{MailConfig, MailConfigError, Mailer};
pub use members::{ChangeMember, Member, NewMember};
pub use notifications::Notifications;
pub use oidc::{Oidc, OidcConfig, OidcConfigError, Problem, Started};
pub use passkeys::Asked;
pub use passkeys::add::{AddPasskey, Passkey};
pub use passkeys::relying_party::Passkeys;
pub use passwords::Passwords;
