//! Alerts: what organizations want to be told of, and how they are told.
//!
//! - [`rule`]: what can be watched, and its bounds.
//! - [`judge`]: whether a number is what a rule waits for; pure.
//! - [`evaluate`]: counts, judges, and stores the state with the messages in one transaction.
//! - [`content`]: what is stored of a message: ids and numbers.
//! - [`message`], [`escape`]: its words, when it is sent. Visitors wrote some of them.
//! - [`sign`]: signatures of Standard Webhooks.
//! - [`send`]: attempts, one at a time for each target.
//! - [`endpoints`], [`rules`]: what callers change.
//!
//! Any number of replicas may evaluate and send: a row is claimed before. What a process did not finish,
//! another one does again. So a message can arrive twice, with the same id, and none is lost.

use std::sync::Arc;
use std::time::Duration;

use crow_accounts::Mailer;
use crow_db::Db;
use crow_keyring::Keyring;
use crow_outbound::{Outbound, OutboundConfig};
use crow_types::OrganizationId;

use crate::analytics::Analytics;
use crate::config::WebhookConfig;

pub mod content;
pub mod endpoints;
pub mod escape;
pub mod evaluate;
pub mod judge;
pub mod message;
pub mod rule;
pub mod rules;
pub mod send;
pub mod sign;
#[cfg(test)]
mod tests;

/// How long an endpoint may take to answer.
const ANSWER: Duration = Duration::from_secs(15);

/// Rules, endpoints and messages. Cloning is cheap.
#[derive(Debug, Clone)]
pub struct Alerting {
    pub(crate) db: Db,
    pub(crate) analytics: Analytics,
    pub(crate) keyring: Keyring,
    pub(crate) outbound: Outbound,
    pub(crate) mailer: Option<Mailer>,
    /// Where the dashboard is; empty: not known.
    pub(crate) public_url: Arc<str>,
    pub(crate) allow_http: bool,
    /// How long an endpoint may take to answer.
    pub(crate) patience: Duration,
}

impl Alerting {
    /// With the addresses that `config` allows.
    ///
    /// # Errors
    /// When the operating system's certificates cannot be used.
    pub fn new(
        analytics: &Analytics,
        keyring: &Keyring,
        config: &WebhookConfig,
    ) -> Result<Self, crow_outbound::Error> {
        let outbound: &OutboundConfig = &config.outbound;
        Ok(Self {
            db: analytics.db.clone(),
            analytics: analytics.clone(),
            keyring: keyring.clone(),
            outbound: Outbound::new(outbound)?,
            mailer: None,
            public_url: Arc::from(""),
            allow_http: config.allow_http,
            patience: ANSWER,
        })
    }

    /// Sends mail to users, too.
    #[must_use]
    pub fn with_mailer(self, mailer: Option<Mailer>) -> Self {
        Self { mailer, ..self }
    }

    /// Links to the dashboard.
    #[must_use]
    pub fn with_links_to(self, public_url: &str) -> Self {
        Self {
            public_url: public_url.trim_end_matches('/').into(),
            ..self
        }
    }
}

/// The organization of a row; `None`: it is not one.
#[expect(
    clippy::disallowed_methods,
    reason = "nobody asks: the row belongs to it"
)]
fn organization_of(name: &str) -> Option<OrganizationId> {
    OrganizationId::new(name).ok()
}
