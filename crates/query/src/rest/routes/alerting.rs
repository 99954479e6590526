//! Routes about alerts and webhooks.

use crate::rest::table::{Entry, delete, get, post, put};
use crate::rest::{alerts, webhooks};

pub(super) fn alerts() -> Vec<Entry> {
    const ALL: &str = "/alerts/{orgId}";
    const ONE: &str = "/alerts/{orgId}/{alertId}";
    vec![
        get(
            ALL,
            "list_alerts",
            "The alerts of an organization with their state, oldest first.",
            alerts::list_alerts,
        ),
        post(
            ALL,
            "create_alert",
            "Adds an alert. It is evaluated each minute. 409: the organization has 50.\n\nAn alert about issues does not report issues that already exist.",
            alerts::create_alert,
        ),
        put(
            ONE,
            "change_alert",
            "Replaces all fields of an alert.\n\nWith another rule, or after it was disabled, its state is reset.",
            alerts::change_alert,
        ),
        delete(
            ONE,
            "remove_alert",
            "Removes an alert. Messages that it made are still sent.",
            alerts::remove_alert,
        ),
    ]
}

pub(super) fn webhooks() -> Vec<Entry> {
    const ALL: &str = "/webhooks/{orgId}";
    const ONE: &str = "/webhooks/{orgId}/{webhookId}";
    vec![
        get(
            ALL,
            "list_webhooks",
            "The webhooks of an organization, oldest first.",
            webhooks::list_webhooks,
        ),
        post(
            ALL,
            "add_webhook",
            "Adds a webhook. 409: the organization has 10.\n\nThe secret is shown only here. Messages are signed as Standard Webhooks says; see docs/alerts.md.",
            webhooks::add_webhook,
        ),
        put(
            ONE,
            "change_webhook",
            "Changes a webhook, or enables or disables it.",
            webhooks::change_webhook,
        ),
        delete(
            ONE,
            "remove_webhook",
            "Removes a webhook with its messages, also from the alerts that name it.",
            webhooks::remove_webhook,
        ),
        post(
            "/webhooks/{orgId}/{webhookId}/rotate",
            "rotate_webhook_secret",
            "Gives a webhook a new secret. For some hours messages have a signature with the old one, too.",
            webhooks::rotate_webhook_secret,
        ),
        post(
            "/webhooks/{orgId}/{webhookId}/test",
            "test_webhook",
            "Sends a test message. 422: the webhook is disabled.",
            webhooks::test_webhook,
        ),
        get(
            "/webhooks/{orgId}/{webhookId}/deliveries",
            "list_deliveries",
            "The messages of the last 30 days for a webhook, newest first, in pages.",
            webhooks::list_deliveries,
        ),
        post(
            "/webhooks/{orgId}/{webhookId}/deliveries/{deliveryId}/replay",
            "replay_delivery",
            "Sends a message again, with the same id and with all attempts. 422: the webhook is disabled.",
            webhooks::replay_delivery,
        ),
    ]
}
