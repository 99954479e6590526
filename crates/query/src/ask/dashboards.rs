//! Parameters and bodies of requests about dashboards. What a tile asks is checked by
//! [`crate::dashboards`].

use serde::Deserialize;
use utoipa::ToSchema;

use crate::ask::conditions::Conditions;
use crate::ask::question::questions;
use crate::ask::values::Name;
use crate::dashboards::{Content, Draft, Tile};
use crate::error::{Error, Result};

questions! {
    /// One dashboard.
    OneDashboard {
        /// The dashboard's `id`.
        dashboard "dashboardId": Name,
    }
}

/// A dashboard to store.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct SaveDashboard {
    /// Its name: 1 to 100 characters.
    pub name: String,
    /// Whether everybody in the organization sees it.
    #[serde(default)]
    pub is_shared: bool,
    /// Its range: the last hours, 1 to 8,784. Without it, whoever looks at it chooses.
    #[serde(default)]
    #[schema(minimum = 1, maximum = 8_784)]
    pub last_hours: Option<u32>,
    /// Conditions that combine, for all tiles that have conditions, besides their own.
    #[serde(default, rename = "where")]
    #[schema(value_type = Option<Vec<Vec<Object>>>)]
    pub conditions: Conditions,
    /// In order, at most 24.
    #[serde(default)]
    #[schema(max_items = 24)]
    pub tiles: Vec<Tile>,
    /// For a change, required: the version that you read. A new dashboard has none.
    #[serde(default)]
    pub version: Option<i64>,
}

impl SaveDashboard {
    /// A new dashboard.
    ///
    /// # Errors
    /// `Malformed` with a version.
    pub fn new_draft(self) -> Result<Draft> {
        if self.version.is_some() {
            let text = "version: a new dashboard has no version; leave it out";
            return Err(Error::Malformed(text.to_owned()));
        }
        Ok(self.draft())
    }

    /// A change, and the version that it was made from.
    ///
    /// # Errors
    /// `Malformed` without a version.
    pub fn change(self) -> Result<(Draft, i64)> {
        let text = "version: is required; send the one that you read";
        let version = self.version;
        let version = version.ok_or_else(|| Error::Malformed(text.to_owned()))?;
        Ok((self.draft(), version))
    }

    fn draft(self) -> Draft {
        Draft {
            name: self.name,
            is_shared: self.is_shared,
            content: Content {
                last_hours: self.last_hours,
                conditions: self.conditions,
                tiles: self.tiles,
            },
        }
    }
}
