use std::fmt;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A page of the dashboard that the scope `analytics` is enough for. The word is the page's name in
/// the dashboard's addresses.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema,
)]
#[serde(rename_all = "lowercase")]
pub enum DashboardPage {
    /// The list of sessions.
    Sessions,
    /// Sessions, visitors and page views, and the most frequent values.
    Overview,
    /// Events by type, name and time.
    Events,
    /// The sequences of pages that visitors see.
    Journeys,
    /// Where people click on a page, and how far they scroll.
    Heatmaps,
    /// How many people return.
    Retention,
    /// How fast pages load and respond.
    Vitals,
}

impl DashboardPage {
    /// All of them, in the order of the dashboard's menu.
    pub const ALL: [Self; 7] = [
        Self::Sessions,
        Self::Overview,
        Self::Events,
        Self::Journeys,
        Self::Heatmaps,
        Self::Retention,
        Self::Vitals,
    ];

    /// The word in settings and responses.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Sessions => "sessions",
            Self::Overview => "overview",
            Self::Events => "events",
            Self::Journeys => "journeys",
            Self::Heatmaps => "heatmaps",
            Self::Retention => "retention",
            Self::Vitals => "vitals",
        }
    }
}

impl fmt::Display for DashboardPage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
