//! Parameters of requests about saved filters.

use serde::Deserialize;
use utoipa::ToSchema;

use crow_accounts::FilterFields;

use crate::ask::question::questions;
use crate::ask::values::Name;
use crate::error::{Error, Result};

questions! {
    /// One saved filter.
    OneFilter {
        /// The filter's `id`.
        filter "filterId": Name,
    }
}

/// A filter to save.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct SaveFilter {
    /// Its name: 1 to 100 characters. On one page, one's names are unique.
    name: String,
    /// The page that it belongs to: sessions, overview, events, funnels, journeys, heatmaps, retention
    /// or vitals. Default: sessions.
    #[serde(default)]
    page: Option<String>,
    /// The parameters of the page, such as `country=DE&errors=true`: at most 4,096 bytes.
    query: String,
    /// Whether everybody in the organization sees it.
    #[serde(default)]
    is_shared: bool,
}

impl From<SaveFilter> for FilterFields {
    fn from(asked: SaveFilter) -> Self {
        Self {
            name: Some(asked.name),
            page: asked.page,
            query: Some(asked.query),
            is_shared: Some(asked.is_shared),
        }
    }
}

/// A change of a saved filter. What is left out stays.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ChangeFilter {
    /// Its name: 1 to 100 characters. On one page, one's names are unique.
    #[serde(default)]
    name: Option<String>,
    /// The parameters of the page, such as `country=DE&errors=true`: at most 4,096 bytes.
    #[serde(default)]
    query: Option<String>,
    /// Whether everybody in the organization sees it.
    #[serde(default)]
    is_shared: Option<bool>,
}

impl ChangeFilter {
    /// The change.
    ///
    /// # Errors
    /// `Malformed` when there is nothing to change.
    pub fn fields(self) -> Result<FilterFields> {
        if self.name.is_none() && self.query.is_none() && self.is_shared.is_none() {
            let text = "the body: give `name`, `query` or `isShared`";
            return Err(Error::Malformed(text.to_owned()));
        }
        Ok(FilterFields {
            name: self.name,
            page: None,
            query: self.query,
            is_shared: self.is_shared,
        })
    }
}
