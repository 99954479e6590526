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
    /// `not_found` when the caller does not see it; `malformed` when another release stored it in a form
    /// that this one cannot read.
    pub async fn dashboard(
        &self,
        by: &Principal,
        id: &Name,
    ) -> std::result::Result<Dashboard, ApiError> {
        let row = self.dashboard_row(by, id).await?;
        self.whole(by, row).await
    }

    async fn dashboard_row(&self, by: &Principal, id: &Name) -> Result<DashboardRow> {
        let organization = by.organization();
        let found = dashboards::find(&self.db, organization, by.id(), id.stored()?).await?;
        found.ok_or(Error::NotFound)
    }

    async fn whole(
        &self,
        by: &Principal,
        row: DashboardRow,
    ) -> std::result::Result<Dashboard, ApiError> {
        let owner = users::find(&self.db, by.organization(), &row.owner_id).await;
        Ok(Dashboard {
            content: stored_content(&row)?,
            owner_name: owner.map_err(Error::from)?.map(|user| user.name),
            may_change: may_change(by, &row),
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
            Made::TooMany => shares_most(),
        };
        Err(ApiError::new(ErrorCode::Conflict, problem))
    }

    /// Replaces a dashboard, unless somebody changed it since the caller read `version`.
    ///
    /// # Errors
    /// `not_found` when the caller does not see it; `forbidden` when it belongs to somebody else, or holds
    /// what the caller does not see; `conflict` with another version, or when it would be one shared
    /// dashboard too many; `malformed` as for [`Self::dashboard`].
    pub async fn change_dashboard(
        &self,
        by: &Writer<'_>,
        id: &Name,
        (draft, version): (Draft, i64),
    ) -> std::result::Result<Dashboard, ApiError> {
        let stored = self.dashboard_to_change(by, id).await?;
        let name = checked_name(&draft.name)?;
        check(by.principal, &draft.content)?;
        // What the caller does not see would be lost. What this release cannot read, nobody has seen.
        let content = stored_content(&stored)?;
        if !by.principal.scopes().allow(Scope::Read) {
            content.check_masked()?;
        }
        let row = DashboardRow {
            name,
            is_shared: draft.is_shared,
            content: json(&draft.content),
            tiles: count(&draft.content),
            version,
            updated_at: Timestamp::now().0,
            ..stored
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
                let now = self.dashboard_row(by.principal, id).await?.version;
                let text = format!(
                    "somebody changed the dashboard: you read version {version}, and it has version {now}; \
                     read it again, and repeat your change"
                );
                Err(ApiError::new(ErrorCode::Conflict, text))
            }
            Changed::TooMany => Err(ApiError::new(ErrorCode::Conflict, shares_most())),
        }
    }

    /// Removes a dashboard, also one that this release cannot read.
    ///
    /// # Errors
    /// `not_found` when the caller does not see it; `forbidden` when it belongs to somebody else.
    pub async fn remove_dashboard(
        &self,
        by: &Writer<'_>,
        id: &Name,
    ) -> std::result::Result<(), ApiError> {
        let stored = self.dashboard_to_change(by, id).await?;
        let removed = dashboards::remove(&self.db, &by.actor, &stored).await;
        if removed.map_err(Error::from)? {
            return Ok(());
        }
        Err(Error::NotFound.into_api())
    }

    async fn dashboard_to_change(
        &self,
        by: &Writer<'_>,
        id: &Name,
    ) -> std::result::Result<DashboardRow, ApiError> {
        let stored = self.dashboard_row(by.principal, id).await?;
        if may_change(by.principal, &stored) {
            return Ok(stored);
        }
        let text = "only the owner or an admin may change this dashboard; save a copy instead";
        Err(ApiError::new(ErrorCode::Forbidden, text))
    }
}

fn may_change(by: &Principal, row: &DashboardRow) -> bool {
    row.owner_id == by.id() || by.scopes().allow(Scope::Admin)
}

fn stored_content(row: &DashboardRow) -> Result<Content> {
    let unreadable = "the dashboard cannot be read: another release of CROW stored it; \
                      use that release, or remove the dashboard";
    serde_json::from_str(&row.content).map_err(|_error| Error::Malformed(unreadable.to_owned()))
}

fn shares_most() -> String {
    format!("the organization shares {MOST} dashboards; remove one, or stop sharing one")
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
