//! Filters of the list of sessions that people save: for themselves, or for everybody in their
//! organization.

use crow_auth::{Principal, Scope, keys};
use crow_db::saved_filters::{self, Content, Owned, SavedFilterRow};
use crow_types::Timestamp;

use crate::accounts::Accounts;
use crate::error::AccountsError;
use crate::members::checked_name;

/// Filters of one user or key.
const MOST: u64 = 200;
/// Filters that are listed, with shared ones.
const MAX_LISTED: u64 = 1_000;
/// The longest query string, in bytes.
const MAX_QUERY: usize = 2_000;

/// What a filter says.
#[derive(Debug)]
pub struct FilterContent {
    /// Its name.
    pub name: String,
    /// The query string of the list of sessions.
    pub query: String,
    /// Whether everybody in the organization sees it.
    pub is_shared: bool,
}

/// A saved filter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SavedFilter {
    /// Its row.
    pub row: SavedFilterRow,
    /// Whether the caller saved it.
    pub is_own: bool,
}

impl SavedFilter {
    fn of(row: SavedFilterRow, by: &Principal) -> Self {
        let is_own = row.owner_id == by.id();
        Self { row, is_own }
    }
}

impl Accounts {
    /// One's own filters and shared ones, by name.
    pub async fn filters(&self, by: &Principal) -> Result<Vec<SavedFilter>, AccountsError> {
        let rows = saved_filters::list(&self.db, by.organization(), by.id(), MAX_LISTED).await?;
        let of = |row| SavedFilter::of(row, by);
        Ok(rows.into_iter().map(of).collect())
    }

    /// Saves a filter.
    pub async fn save_filter(
        &self,
        by: &Principal,
        content: FilterContent,
    ) -> Result<SavedFilter, AccountsError> {
        let content = checked(content)?;
        if saved_filters::count(&self.db, by.organization(), by.id()).await? >= MOST {
            let problem = format!("you have {MOST} filters; remove some first");
            return Err(AccountsError::field("filters", problem));
        }
        let now = Timestamp::now().0;
        let row = SavedFilterRow {
            id: format!("flt_{}", keys::random_text(20)?),
            organization_id: by.organization().as_str().to_owned(),
            owner_id: by.id().to_owned(),
            name: content.name,
            query: content.query,
            is_shared: content.is_shared,
            created_at: now,
            updated_at: now,
        };
        saved_filters::insert(&self.db, row.clone()).await?;
        Ok(SavedFilter::of(row, by))
    }

    /// Replaces what a filter says.
    pub async fn change_filter(
        &self,
        by: &Principal,
        id: &str,
        content: FilterContent,
    ) -> Result<SavedFilter, AccountsError> {
        let checked = checked(content)?;
        let content = Content {
            name: &checked.name,
            query: &checked.query,
            is_shared: checked.is_shared,
        };
        let (organization, now) = (by.organization(), Timestamp::now().0);
        let changed =
            saved_filters::change(&self.db, organization, id, owned(by), content, now).await?;
        let row = changed.ok_or(AccountsError::NotFound)?;
        Ok(SavedFilter::of(row, by))
    }

    /// Removes a filter.
    pub async fn remove_filter(&self, by: &Principal, id: &str) -> Result<(), AccountsError> {
        match saved_filters::remove(&self.db, by.organization(), id, owned(by)).await? {
            true => Ok(()),
            false => Err(AccountsError::NotFound),
        }
    }
}

/// Admins keep the shared ones in order.
fn owned(by: &Principal) -> Owned<'_> {
    if by.scopes().allow(Scope::Admin) {
        Owned::OrShared(by.id())
    } else {
        Owned::By(by.id())
    }
}

fn checked(content: FilterContent) -> Result<FilterContent, AccountsError> {
    let name = checked_name(&content.name)?;
    let is_plain = content.query.bytes().all(|b| b.is_ascii_graphic());
    if content.query.len() > MAX_QUERY || !is_plain {
        let problem = format!("must be a query string of at most {MAX_QUERY} characters");
        return Err(AccountsError::field("query", problem));
    }
    Ok(FilterContent { name, ..content })
}
