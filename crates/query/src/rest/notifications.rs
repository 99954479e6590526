//! What users are told of.

use std::collections::BTreeMap;

use actix_web::web::Data;
use serde::Serialize;
use utoipa::ToSchema;

use crow_accounts::{Accounts, Notifications};
use crow_db::notifications::NotificationRow;
use crow_types::Timestamp;

use crate::ask::notifications::{NotificationPage, OneNotification, SeenNotifications};
use crate::cursor;
use crate::door::Analytics;
use crate::rest::answers::{Answered, Found};
use crate::rest::asked::Asked;

/// A page of notifications.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct NotificationList {
    /// Newest first.
    pub notifications: Vec<NotificationView>,
    /// How many are unread, on all pages.
    pub unread: u64,
    /// Send it as `cursor` for the next page; null on the last page.
    pub next_cursor: Option<String>,
}

/// What a user is told of.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct NotificationView {
    /// Its id.
    pub id: String,
    /// `role_changed`, `key_expires`, `key_expired`, `dead_letters`, `erasure_complete`,
    /// `webhook_disabled`; later versions may have more.
    pub kind: String,
    /// Ids and times, by name. Which ones depends on the kind.
    pub fields: BTreeMap<String, String>,
    /// When it happened, milliseconds since the epoch.
    pub created_at: i64,
    /// When it was marked as read; null: not yet.
    pub read_at: Option<i64>,
}

/// What is left.
#[derive(Debug, Serialize, ToSchema)]
pub struct UnreadNotifications {
    /// How many of one's notifications are unread.
    pub unread: u64,
}

impl From<NotificationRow> for NotificationView {
    fn from(row: NotificationRow) -> Self {
        Self {
            // Only this service writes them. One that cannot be read still tells its kind.
            fields: serde_json::from_str(&row.fields).unwrap_or_default(),
            id: row.id,
            kind: row.kind,
            created_at: row.created_at,
            read_at: row.read_at,
        }
    }
}

impl From<Notifications> for NotificationList {
    fn from(found: Notifications) -> Self {
        Self {
            notifications: found.rows.into_iter().map(NotificationView::from).collect(),
            unread: found.unread,
            next_cursor: found.next.as_ref().map(cursor::encode),
        }
    }
}

pub async fn list_notifications(
    accounts: Data<Accounts>,
    ask: Asked<Analytics, NotificationPage>,
) -> Answered<NotificationList> {
    let page = ask.question;
    let after = page.after.as_ref().map(|after| &after.0);
    let found = accounts.notifications(ask.by.principal(), after, page.limit.get());
    Ok(Found(found.await?.into()))
}

pub async fn read_notifications(
    accounts: Data<Accounts>,
    ask: Asked<Analytics, SeenNotifications>,
) -> Answered<UnreadNotifications> {
    let until = ask.question.until.map(|until| Timestamp(until.0));
    let left = accounts.read_notifications(ask.by.principal(), until);
    Ok(Found(UnreadNotifications {
        unread: left.await?,
    }))
}

pub async fn read_notification(
    accounts: Data<Accounts>,
    ask: Asked<Analytics, OneNotification>,
) -> Answered<UnreadNotifications> {
    let id = &ask.question.notification.0;
    let left = accounts.read_notification(ask.by.principal(), id);
    Ok(Found(UnreadNotifications {
        unread: left.await?,
    }))
}
