//! Mail with links: to invited people, and to users who set a password. And mail with news.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use lettre::message::header::ContentType;
use lettre::message::{Mailbox, Message};
use lettre::transport::smtp::authentication::Credentials;
use lettre::{AsyncSmtpTransport, AsyncTransport, Tokio1Executor};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use url::Url;

use crow_types::log_chain;

use crate::links::{Invitation, Purpose};

mod limits;

use limits::{Limits, TooMany};

/// For one mail. Somebody waits for the answer.
const PATIENCE: Duration = Duration::from_secs(10);

/// How mail is sent.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct MailConfig {
    /// The SMTP server: `smtps://mail.example.com` (TLS from the start, port 465) or
    /// `smtp://mail.example.com` (STARTTLS, which must succeed, port 587). Plain SMTP only to this
    /// machine. Empty: no mail is sent, and who invites somebody passes the link on.
    pub smtp_url: String,
    /// Who signs in to the server. Empty: nobody.
    pub username: String,
    /// File with the password for that.
    pub password_file: PathBuf,
    /// The sender, such as `CROW <crow@example.com>`.
    pub from: String,
}

/// Why the settings cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum MailConfigError {
    /// The address of the server is wrong.
    #[error(
        "query.mail.smtp_url must look like smtps://mail.example.com or smtp://mail.example.com"
    )]
    Server,
    /// The sender is wrong.
    #[error("query.mail.from must look like CROW <crow@example.com>")]
    From(#[source] lettre::address::AddressError),
    /// Links need an address.
    #[error("query.public_url: set it, so that mail can contain links")]
    PublicUrl,
    /// The file cannot be read.
    #[error("query.mail.password_file cannot be read")]
    PasswordFile(#[source] std::io::Error),
    /// TLS cannot be set up.
    #[error("query.mail: TLS cannot be set up")]
    Tls(#[from] lettre::transport::smtp::Error),
}

/// Why a mail was not sent.
#[derive(Debug, thiserror::Error)]
enum MailError {
    #[error("the address is not one")]
    Address(#[from] lettre::address::AddressError),
    #[error("the message cannot be written")]
    Message(#[from] lettre::error::Error),
    #[error("the SMTP server did not take the message")]
    Smtp(#[from] lettre::transport::smtp::Error),
    #[error("the SMTP server did not answer within {} s", PATIENCE.as_secs())]
    Slow,
}

/// Sends mail. Cloning is cheap.
#[derive(Debug, Clone)]
pub struct Mailer {
    inner: Arc<Inner>,
}

#[derive(Debug)]
struct Inner {
    transport: AsyncSmtpTransport<Tokio1Executor>,
    from: Mailbox,
    public_url: String,
    limits: Limits,
    /// Of news, so that they leave invitations their mails.
    news: Limits,
}

impl Mailer {
    /// `None` without a server.
    pub fn new(config: &MailConfig, public_url: &str) -> Result<Option<Self>, MailConfigError> {
        if config.smtp_url.is_empty() {
            return Ok(None);
        }
        if public_url.is_empty() {
            return Err(MailConfigError::PublicUrl);
        }
        let inner = Inner {
            transport: transport(config)?,
            from: config.from.parse().map_err(MailConfigError::From)?,
            public_url: public_url.trim_end_matches('/').to_owned(),
            limits: Limits::default(),
            news: Limits::of_news(),
        };
        Ok(Some(Self {
            inner: Arc::new(inner),
        }))
    }

    /// Mails the link of an invitation, unless too many were mailed. Whether the server took it: if not, the link still works, and
    /// somebody can pass it on.
    pub async fn send_link(&self, invitation: &Invitation, token: &str) -> bool {
        let Some(to) = &invitation.email else {
            return false;
        };
        let organization = invitation.organization.as_deref().unwrap_or_default();
        if let Err(too_many) = self.inner.limits.allow(to, organization) {
            tracing::warn!(
                org.id = organization,
                reason = too_many.as_str(),
                "a link is not mailed, because too many were"
            );
            return false;
        }
        match self.send(to, invitation, token).await {
            Ok(()) => true,
            Err(error) => {
                tracing::warn!(error = log_chain(&error), "cannot mail a link");
                false
            }
        }
    }

    /// Mails news of an organization to one of its people. They have limits of their own.
    ///
    /// # Errors
    /// Why it was not sent, in words without the address.
    pub async fn send_news(
        &self,
        to: &str,
        organization: &str,
        subject: &str,
        text: String,
    ) -> Result<(), &'static str> {
        if let Err(too_many) = self.inner.news.allow(to, organization) {
            return Err(match too_many {
                TooMany::OfRecipient => "the user was sent too many mails in the last hour",
                TooMany::OfOrganization => "too many mails were sent in the last hour",
            });
        }
        self.deliver(to, subject, text).await.map_err(|error| {
            tracing::warn!(error = log_chain(&error), "cannot mail news");
            "the mail server did not take the mail"
        })
    }

    async fn send(&self, to: &str, invitation: &Invitation, token: &str) -> Result<(), MailError> {
        let link = format!("{}/app#/accept/{token}", self.inner.public_url);
        let (subject, text) = words(invitation, &link);
        self.deliver(to, subject, text).await
    }

    async fn deliver(&self, to: &str, subject: &str, text: String) -> Result<(), MailError> {
        let message = Message::builder()
            .from(self.inner.from.clone())
            .to(Mailbox::new(None, to.parse()?))
            .subject(subject)
            .header(ContentType::TEXT_PLAIN)
            .body(text)?;
        match tokio::time::timeout(PATIENCE, self.inner.transport.send(message)).await {
            Ok(sent) => Ok(sent.map(drop)?),
            Err(_elapsed) => Err(MailError::Slow),
        }
    }
}

/// TLS is required, except to this machine.
fn transport(config: &MailConfig) -> Result<AsyncSmtpTransport<Tokio1Executor>, MailConfigError> {
    let url = Url::parse(&config.smtp_url).map_err(|_error| MailConfigError::Server)?;
    let host = url.host_str().filter(|host| !host.is_empty());
    let host = host.ok_or(MailConfigError::Server)?;
    let is_here = matches!(host, "localhost" | "127.0.0.1" | "[::1]");
    let builder = match url.scheme() {
        "smtps" => AsyncSmtpTransport::<Tokio1Executor>::relay(host)?,
        "smtp" if is_here => AsyncSmtpTransport::<Tokio1Executor>::builder_dangerous(host),
        "smtp" => AsyncSmtpTransport::<Tokio1Executor>::starttls_relay(host)?,
        _ => return Err(MailConfigError::Server),
    };
    let builder = match url.port() {
        Some(port) => builder.port(port),
        None => builder,
    };
    if config.username.is_empty() {
        return Ok(builder.build());
    }
    let password = std::fs::read_to_string(&config.password_file);
    let password = password.map_err(MailConfigError::PasswordFile)?;
    let credentials = Credentials::new(config.username.clone(), password.trim().to_owned());
    Ok(builder.credentials(credentials).build())
}

/// The subject and the text. The token is in no log of a mail server's addresses, only in the text.
fn words(invitation: &Invitation, link: &str) -> (&'static str, String) {
    let organization = invitation.organization.as_deref().unwrap_or_default();
    match invitation.purpose {
        Purpose::Join => (
            "Your invitation to CROW",
            format!(
                "You are invited to {organization} in CROW. Open this link to create your account:\n\n\
                 {link}\n\n\
                 The link works once, within a week. If you do not expect it, ignore this mail.\n"
            ),
        ),
        Purpose::Password => (
            "Set your CROW password",
            format!(
                "An administrator of {organization} sends you this link. Open it to set your CROW \
                 password:\n\n\
                 {link}\n\n\
                 The link works once, within 24 hours. If you do not expect it, ignore this mail.\n"
            ),
        ),
    }
}

#[cfg(test)]
mod tests;
