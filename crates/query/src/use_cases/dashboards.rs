//! Dashboards: who sees them, and who changes them.

use std::collections::HashMap;

use crow_auth::{Principal, Scope};
use crow_db::dashboards::{
    self, Changed, DashboardRow, ListedDashboard, MOST, MOST_OF_OWNER, Made,
};
use crow_db::users;
use crow_types::{ErrorCode, Timestamp};
use crow_web::ApiError;

use super::UseCases;
use super::kept::Writer;
use crate::alerting::endpoints::checked_name;
use crate::ask::values::Name;
use crate::dashboards::{Content, Draft};
use crate::error::{Error, Result};

/// A dashboard with its content.
#[derive(Debug)]
pub struct Dashboard {
    /// The row.
    pub row: DashboardRow,
    /// What is in it.
    pub content: Content,
    /// The name of the user who made it; `None`: a key made it, or the user is gone.
    pub owner_name: Option<String>,
    /// Whether whoever asks may change and remove it.
    pub may_change: bool,
}

impl UseCases {
    /// One's own dashboards and those that others share, by name, each with the name of its owner.
    pub async fn dashboards(
        &self,
        by: &Principal,
    ) -> Result<Vec<(ListedDashboard, Option<String>)>> {
        let organization = by.organization();
        let found = dashboards::list(&self.db, organization, by.id()).await?;
        let users = users::list(&self.db, organization).await?;
        let names: HashMap<String, String> =
            users.into_iter().map(|user| (user.id, user.name)).collect();
        let named = found.into_iter().map(|listed| {
            let name = names.get(&listed.owner_id).cloned();
            (listed, name)
        });
        Ok(named.collect())
    }

    /// One dashboard.
    ///
    /// # Errors
    /// `not_found` when the caller does not see it.
    pub async fn dashboard(
        &self,
        by: &Principal,
        id: &Name,
    ) -> std::result::Result<Dashboard, ApiError> {
        let organization = by.organization();
        let found = dashboards::find(&self.db, organization, by.id(), id.stored()?);
        let found = found.await.map_err(Error::from)?;
        self.whole(by, found.ok_or(Error::NotFound)?).await
    }

    async fn whole(
        &self,
        by: &Principal,
        row: DashboardRow,
    ) -> std::result::Result<Dashboard, ApiError> {
        let owner = users::find(&self.db, by.organization(), &row.owner_id).await;
        let content = serde_json::from_str(&row.content);
        Ok(Dashboard {
            content: content.map_err(|error| ApiError::internal(&error))?,
            owner_name: owner.map_err(Error::from)?.map(|user| user.name),
            may_change: row.owner_id == by.id() || by.scopes().allow(Scope::Admin),
            row,
        })
    }

    /// Stores a dashboard.
    ///
    /// # Errors
    /// `malformed` when a tile cannot be asked; `forbidden` when the caller may not ask it; `conflict`
    /// when there are too many.
    pub async fn add_dashboard(
        &self,
        by: &Writer<'_>,
        draft: Draft,
    ) -> std::result::Result<Dashboard, ApiError> {
        let name = checked_name(&draft.name)?;
        check(by.principal, &draft.content)?;
        by.may_write()?;
        let now = Timestamp::now().0;
        let row = DashboardRow {
            id: format!("dsh_{}", ulid::Ulid::new()),
            organization_id: by.organization().as_str().to_owned(),
            owner_id: by.principal.id().to_owned(),
            name,
            is_shared: draft.is_shared,
            content: json(&draft.content),
            tiles: count(&draft.content),
            version: 1,
            created_at: now,
            updated_at: now,
        };
        let made = dashboards::insert(&self.db, &by.actor, row.clone()).await;
        let problem = match made.map_err(Error::from)? {
            Made::Done => return self.whole(by.principal, row).await,
            Made::TooManyOfOwner => format!("you have {MOST_OF_OWNER} dashboards; remove one"),
            Made::TooMany => format!("the organization has {MOST} dashboards; remove one"),
        };
        Err(ApiError::new(ErrorCode::Conflict, problem))
    }

    /// Replaces a dashboard, unless somebody changed it since the caller read `version`.
    ///
    /// # Errors
    /// `not_found` when the caller does not see it; `forbidden` when it belongs to somebody else, or holds
    /// what the caller does not see; `conflict` with another version.
    pub async fn change_dashboard(
        &self,
        by: &Writer<'_>,
        id: &Name,
        (draft, version): (Draft, i64),
    ) -> std::result::Result<Dashboard, ApiError> {
        let stored = self.dashboard_to_change(by, id).await?;
        let name = checked_name(&draft.name)?;
        check(by.principal, &draft.content)?;
        if !by.principal.scopes().allow(Scope::Read) {
            // What they do not see would be lost.
            stored.content.check_masked()?;
        }
        let row = DashboardRow {
            name,
            is_shared: draft.is_shared,
            content: json(&draft.content),
            tiles: count(&draft.content),
            version,
            updated_at: Timestamp::now().0,
            ..stored.row
        };
        let changed = dashboards::change(&self.db, &by.actor, &row).await;
        match changed.map_err(Error::from)? {
            // An admin who ends its sharing does not see it again.
            Changed::Done => {
                let version = row.version + 1;
                self.whole(by.principal, DashboardRow { version, ..row })
                    .await
            }
            Changed::Other => {
                let now = self.dashboard(by.principal, id).await?.row.version;
                let text = format!(
                    "somebody changed the dashboard: you read version {version}, and it has version {now}; \
                     read it again, and repeat your change"
                );
                Err(ApiError::new(ErrorCode::Conflict, text))
            }
        }
    }

    /// Removes a dashboard.
    ///
    /// # Errors
    /// `not_found` when the caller does not see it; `forbidden` when it belongs to somebody else.
    pub async fn remove_dashboard(
        &self,
        by: &Writer<'_>,
        id: &Name,
    ) -> std::result::Result<(), ApiError> {
        let stored = self.dashboard_to_change(by, id).await?;
        let removed = dashboards::remove(&self.db, &by.actor, &stored.row).await;
        if removed.map_err(Error::from)? {
            return Ok(());
        }
        Err(Error::NotFound.into_api())
    }

    async fn dashboard_to_change(
        &self,
        by: &Writer<'_>,
        id: &Name,
    ) -> std::result::Result<Dashboard, ApiError> {
        let stored = self.dashboard(by.principal, id).await?;
        by.may_write()?;
        if stored.may_change {
            return Ok(stored);
        }
        let text = "only its owner or an admin changes a dashboard; save a copy of it instead";
        Err(ApiError::new(ErrorCode::Forbidden, text))
    }
}

/// Checks that what is in it can be asked, also by whoever stores it.
fn check(by: &Principal, content: &Content) -> std::result::Result<(), ApiError> {
    content.check()?;
    if by.scopes().allow(Scope::Read) {
        return Ok(());
    }
    content.check_masked()
}

fn count(content: &Content) -> i64 {
    i64::try_from(content.tiles.len()).unwrap_or(i64::MAX)
}

fn json(content: &Content) -> String {
    serde_json::to_string(content).unwrap_or_else(|_never| "{}".to_owned())
}
