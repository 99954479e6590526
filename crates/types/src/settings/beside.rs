//! What the SDK may record of a page beside what it shows: console and requests.
//!
//! The page's own options say what is recorded. An organization can only take from that.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::SettingsError;

/// The highest limit on lines or requests a minute.
const MAX_PER_MINUTE: u16 = 10_000;

/// What the SDK may record of the console.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", default)]
pub struct ConsoleSettings {
    /// Whether lines are stored.
    pub enabled: bool,
    /// The most lines of each level that a page records in a minute. Absent: as many as the SDK
    /// records by itself.
    #[schema(minimum = 1, maximum = 10000)]
    pub max_per_minute: Option<u16>,
}

impl Default for ConsoleSettings {
    fn default() -> Self {
        Self {
            enabled: true,
            max_per_minute: None,
        }
    }
}

/// What the SDK may record of requests.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", default)]
pub struct NetworkSettings {
    /// Whether requests are stored.
    pub enabled: bool,
    /// The most requests that a page records in a minute. Requests that failed, other calls of
    /// programs, and files that the page loads are counted apart. Absent: as many as the SDK records
    /// by itself.
    #[schema(minimum = 1, maximum = 10000)]
    pub max_per_minute: Option<u16>,
    /// Whether the headers that the page names are stored. `traceparent` always is.
    pub headers: bool,
    /// Whether the bodies that the page names are stored.
    pub bodies: bool,
}

impl Default for NetworkSettings {
    fn default() -> Self {
        Self {
            enabled: true,
            max_per_minute: None,
            headers: true,
            bodies: true,
        }
    }
}

/// What an organization takes from what pages record beside what they show, in few words for the
/// SDK.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct RecordingLimits {
    /// The most lines of each level of the console in a minute. 0: the console is not recorded.
    /// Absent: no limit.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false, maximum = 10000)]
    pub console: Option<u16>,
    /// The most requests of each kind in a minute. 0: requests are not recorded. Absent: no limit.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false, maximum = 10000)]
    pub network: Option<u16>,
    /// Whether headers may be recorded that the page names.
    pub headers: bool,
    /// Whether bodies may be recorded that the page names.
    pub bodies: bool,
}

impl RecordingLimits {
    /// `None`: all is allowed.
    pub(super) fn of(console: &ConsoleSettings, network: &NetworkSettings) -> Option<Self> {
        let most = |enabled, max_per_minute| if enabled { max_per_minute } else { Some(0) };
        let is_limited =
            *console != ConsoleSettings::default() || *network != NetworkSettings::default();
        is_limited.then(|| Self {
            console: most(console.enabled, console.max_per_minute),
            network: most(network.enabled, network.max_per_minute),
            headers: network.headers,
            bodies: network.bodies,
        })
    }
}

/// Rejects a limit out of range.
pub(super) fn check(
    console: &ConsoleSettings,
    network: &NetworkSettings,
) -> Result<(), SettingsError> {
    for (field, most) in [
        ("recording.console.maxPerMinute", console.max_per_minute),
        ("recording.network.maxPerMinute", network.max_per_minute),
    ] {
        if most.is_some_and(|most| !(1..=MAX_PER_MINUTE).contains(&most)) {
            let problem = format!("must be 1 to {MAX_PER_MINUTE}, or null");
            return Err(SettingsError { field, problem });
        }
    }
    Ok(())
}
