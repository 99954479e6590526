//! What people are told of. One sees and marks only one's own.

use crow_auth::Principal;
use crow_db::notifications::{self, NotificationKey, NotificationRow};
use crow_types::Timestamp;

use crate::accounts::Accounts;
use crate::error::AccountsError;

/// A page of notifications.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notifications {
    /// Newest first.
    pub rows: Vec<NotificationRow>,
    /// Where the next page begins; `None` on the last page.
    pub next: Option<NotificationKey>,
    /// How many are unread, on all pages.
    pub unread: u64,
}

impl Accounts {
    /// One's notifications, newest first, at most `limit`.
    pub async fn notifications(
        &self,
        by: &Principal,
        after: Option<&NotificationKey>,
        limit: u64,
    ) -> Result<Notifications, AccountsError> {
        let (organization, user) = (by.organization(), by.id());
        let unread = self.unread(by).await?;
        let asked = limit.saturating_add(1);
        let mut rows = notifications::list(&self.db, organization, user, after, asked).await?;
        let is_more = rows.len() as u64 > limit;
        rows.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
        let last = rows.last().filter(|_last| is_more);
        let next = last.map(|row| NotificationKey {
            created_at: row.created_at,
            id: row.id.clone(),
        });
        Ok(Notifications { rows, next, unread })
    }

    /// Marks one of one's notifications as read; returns how many are unread.
    pub async fn read_notification(&self, by: &Principal, id: &str) -> Result<u64, AccountsError> {
        let (organization, user, now) = (by.organization(), by.id(), Timestamp::now());
        if !notifications::read(&self.db, organization, user, id, now).await? {
            return Err(AccountsError::NotFound);
        }
        self.unread(by).await
    }

    /// Marks one's notifications as read, those up to `until` or all; returns how many are unread.
    pub async fn read_notifications(
        &self,
        by: &Principal,
        until: Option<Timestamp>,
    ) -> Result<u64, AccountsError> {
        let (organization, user, now) = (by.organization(), by.id(), Timestamp::now());
        notifications::read_all(&self.db, organization, user, until, now).await?;
        self.unread(by).await
    }

    async fn unread(&self, by: &Principal) -> Result<u64, AccountsError> {
        Ok(notifications::count_unread(&self.db, by.organization(), by.id()).await?)
    }
}
