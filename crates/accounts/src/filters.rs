//! Filters of pages of the dashboard that people save, for themselves or for everybody in the
//! organization. What a page of analytics is asked is saved with its filters.

use crow_auth::{Principal, Scope, keys};
use crow_db::audit_log::Actor;
use crow_db::saved_filters::{self, Change, Changed, Saved, SavedFilterRow};
use crow_types::Timestamp;

use crate::accounts::Accounts;
use crate::error::AccountsError;

/// The most filters that one may save.
const MOST: u64 = 200;
/// The longest name, in characters.
const MAX_NAME: usize = 100;
/// The longest query, in bytes.
const MAX_QUERY: usize = 4_096;

/// The page of a filter, when none is named.
const SESSIONS: &str = "sessions";
/// Pages of the dashboard that have saved filters.
const PAGES: [&str; 8] = [
    SESSIONS,
    "overview",
    "events",
    "funnels",
    "journeys",
    "heatmaps",
    "retention",
    "vitals",
];

/// A filter with a name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SavedFilter {
    /// Its id; safe to log.
    pub id: String,
    /// Id of the user or the key that saved it.
    pub owner: String,
    /// Its name.
    pub name: String,
    /// The page that it belongs to.
    pub page: String,
    /// The parameters of the page's address, without `?`.
    pub query: String,
    /// Whether everybody in the organization sees it.
    pub is_shared: bool,
    /// Milliseconds since the epoch.
    pub created_at: i64,
    /// Milliseconds since the epoch.
    pub updated_at: i64,
}

impl From<SavedFilterRow> for SavedFilter {
    fn from(row: SavedFilterRow) -> Self {
        Self {
            id: row.id,
            owner: row.owner_id,
            name: row.name,
            page: row.page,
            query: row.query,
            is_shared: row.is_shared,
            created_at: row.created_at,
            updated_at: row.updated_at,
        }
    }
}

/// What is to be saved. In a change, what is `None` stays.
#[derive(Debug, Clone, Default)]
pub struct FilterFields {
    /// Its name.
    pub name: Option<String>,
    /// The page that it belongs to. It never changes.
    pub page: Option<String>,
    /// The parameters of the dashboard's address.
    pub query: Option<String>,
    /// Whether everybody in the organization sees it.
    pub is_shared: Option<bool>,
}

impl Accounts {
    /// One's own filters and those that others share, by name.
    pub async fn filters(&self, by: &Principal) -> Result<Vec<SavedFilter>, AccountsError> {
        let rows = saved_filters::list(&self.db, by.organization(), by.id()).await?;
        Ok(rows.into_iter().map(SavedFilter::from).collect())
    }

    /// Saves a filter.
    pub async fn save_filter(
        &self,
        by: &Principal,
        actor: &Actor,
        fields: FilterFields,
    ) -> Result<SavedFilter, AccountsError> {
        let now = Timestamp::now().0;
        let row = SavedFilterRow {
            id: format!("flt_{}", keys::random_text(20)?),
            organization_id: by.organization().as_str().to_owned(),
            owner_id: by.id().to_owned(),
            name: checked_name(&fields.name.unwrap_or_default())?,
            page: checked_page(fields.page)?,
            query: checked_query(&fields.query.unwrap_or_default())?,
            is_shared: fields.is_shared.unwrap_or(false),
            created_at: now,
            updated_at: now,
        };
        match saved_filters::insert(&self.db, actor, row.clone(), MOST).await? {
            Saved::Done => Ok(row.into()),
            Saved::NameTaken => Err(AccountsError::FilterExists),
            Saved::TooMany => Err(AccountsError::TooManyFilters),
        }
    }

    /// Changes a filter that is [to be changed](Self::filter_to_change).
    pub async fn change_filter(
        &self,
        by: &Actor,
        filter: &SavedFilterRow,
        fields: FilterFields,
    ) -> Result<SavedFilter, AccountsError> {
        let name = fields.name.as_deref().map(checked_name).transpose()?;
        let query = fields.query.as_deref().map(checked_query).transpose()?;
        let change = Change {
            name: name.as_deref(),
            query: query.as_deref(),
            is_shared: fields.is_shared,
        };
        match saved_filters::change(&self.db, by, filter, change, Timestamp::now()).await? {
            Changed::Done(row) => Ok(row.into()),
            Changed::Gone => Err(AccountsError::NotFound),
            Changed::NameTaken => Err(AccountsError::FilterExists),
        }
    }

    /// Removes a filter that is [to be changed](Self::filter_to_change).
    pub async fn remove_filter(
        &self,
        by: &Actor,
        filter: &SavedFilterRow,
    ) -> Result<(), AccountsError> {
        match saved_filters::remove(&self.db, by, filter).await? {
            true => Ok(()),
            false => Err(AccountsError::NotFound),
        }
    }

    /// A filter that one may change: one's own, and for an admin also what others share.
    pub async fn filter_to_change(
        &self,
        by: &Principal,
        id: &str,
    ) -> Result<SavedFilterRow, AccountsError> {
        let found = saved_filters::find(&self.db, by.organization(), id).await?;
        let is_seen = |row: &SavedFilterRow| row.owner_id == by.id() || row.is_shared;
        let row = found.filter(is_seen).ok_or(AccountsError::NotFound)?;
        if row.owner_id != by.id() && !by.scopes().allow(Scope::Admin) {
            return Err(AccountsError::OthersFilter);
        }
        Ok(row)
    }
}

/// A name of what somebody saves.
pub(crate) fn checked_name(name: &str) -> Result<String, AccountsError> {
    let name = name.trim();
    let is_name =
        (1..=MAX_NAME).contains(&name.chars().count()) && !name.chars().any(char::is_control);
    if is_name {
        return Ok(name.to_owned());
    }
    let problem = "must be 1 to 100 characters without control characters";
    Err(AccountsError::field("name", problem))
}

fn checked_page(page: Option<String>) -> Result<String, AccountsError> {
    let page = page.unwrap_or_else(|| SESSIONS.to_owned());
    if PAGES.contains(&page.as_str()) {
        return Ok(page);
    }
    let problem =
        "must be sessions, overview, events, funnels, journeys, heatmaps, retention or vitals";
    Err(AccountsError::field("page", problem))
}

fn checked_query(query: &str) -> Result<String, AccountsError> {
    let query = query.strip_prefix('?').unwrap_or(query);
    // What an address can hold: it goes behind the `?` of one.
    let is_query = (1..=MAX_QUERY).contains(&query.len())
        && query.bytes().all(|b| b.is_ascii_graphic() && b != b'#');
    if is_query {
        return Ok(query.to_owned());
    }
    let problem =
        "must be the parameters of an address, such as country=DE&errors=true, at most 4096 bytes";
    Err(AccountsError::field("query", problem))
}
