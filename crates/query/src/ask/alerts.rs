//! Parameters and bodies of requests about alerts and webhooks.

use serde::Deserialize;
use utoipa::ToSchema;

use crow_db::webhooks::deliveries::DeliveryKey;

use crate::alerting::endpoints::{EndpointChange, Kind, NewEndpoint};
use crate::alerting::rule::{Rule, Target};
use crate::alerting::rules::Draft;
use crate::ask::question::{Count, questions};
use crate::ask::values::{Cursor, Name};
use crate::error::{Error, Result};

questions! {
    /// One alert.
    OneAlert {
        /// The alert's `id`.
        alert "alertId": Name,
    }

    /// One webhook.
    OneWebhook {
        /// The webhook's `id`.
        webhook "webhookId": Name,
    }

    /// A webhook that gets a new secret.
    RotateWebhook {
        /// The webhook's `id`.
        webhook "webhookId": Name,
        /// Hours for which messages have a signature with the old secret, too.
        overlap "overlapHours": Count<24, 168>,
    }

    /// Messages for a webhook, newest first.
    ListDeliveries {
        /// The webhook's `id`.
        webhook "webhookId": Name,
        /// Messages per page.
        limit "limit": Count<50, 100>,
        /// `nextCursor` of the previous page.
        after "cursor": Option<Cursor<DeliveryKey>>,
    }

    /// One message for a webhook.
    OneDelivery {
        /// The webhook's `id`.
        webhook "webhookId": Name,
        /// The message's `id`.
        delivery "deliveryId": Name,
    }
}

/// An alert to store.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct SaveAlert {
    /// Its name: 1 to 100 characters.
    name: String,
    /// What is watched, and when it is told.
    rule: Rule,
    /// Whom to tell: at most 10.
    #[serde(default)]
    targets: Vec<Target>,
    /// Whether to tell when the condition does not hold any more.
    #[serde(default)]
    tells_resolved: bool,
    /// Whether it is evaluated. Default: true.
    #[serde(default)]
    is_enabled: Option<bool>,
}

impl From<SaveAlert> for Draft {
    fn from(asked: SaveAlert) -> Self {
        Self {
            name: asked.name,
            rule: asked.rule,
            targets: asked.targets,
            tells_resolved: asked.tells_resolved,
            is_enabled: asked.is_enabled.unwrap_or(true),
        }
    }
}

/// A webhook to add.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct AddWebhook {
    /// How it is spoken to.
    kind: Kind,
    /// Its name: 1 to 100 characters.
    name: String,
    /// Where it is: https, at most 2,000 bytes.
    url: String,
}

impl From<AddWebhook> for NewEndpoint {
    fn from(asked: AddWebhook) -> Self {
        Self {
            kind: asked.kind,
            name: asked.name,
            url: asked.url,
        }
    }
}

/// A change of a webhook. What is left out stays.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ChangeWebhook {
    /// Its name: 1 to 100 characters.
    #[serde(default)]
    name: Option<String>,
    /// Where it is: https, at most 2,000 bytes.
    #[serde(default)]
    url: Option<String>,
    /// Whether it gets messages.
    #[serde(default)]
    is_enabled: Option<bool>,
}

impl ChangeWebhook {
    /// The change.
    ///
    /// # Errors
    /// `Malformed` when there is nothing to change.
    pub fn change(self) -> Result<EndpointChange> {
        if self.name.is_none() && self.url.is_none() && self.is_enabled.is_none() {
            let text = "the body: give `name`, `url` or `isEnabled`";
            return Err(Error::Malformed(text.to_owned()));
        }
        Ok(EndpointChange {
            name: self.name,
            url: self.url,
            is_enabled: self.is_enabled,
        })
    }
}
