use serde::{Deserialize, Serialize};

/// The state of a visitor who does not agree.
const DENIED: &str = "denied";

/// What a visitor agreed to: the column `sessions.consent`, as JSON.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Consent {
    /// `granted`, `pending` or `denied`, as the client said last.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub state: Option<String>,
    /// The version of what the visitor agreed to, in the client's words.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub version: Option<String>,
    /// `gpc` or `dnt`: the signal of the browser for which the session is stored without what names
    /// the visitor.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub signal: Option<String>,
}

impl Consent {
    /// Whether the column says that the client last said `denied`.
    #[must_use]
    pub fn is_denied(column: Option<&str>) -> bool {
        let column = column.filter(|text| text.contains(DENIED));
        Self::read(column).is_some_and(|consent| consent.state.as_deref() == Some(DENIED))
    }

    /// Reads the column. What cannot be read counts as absent.
    #[must_use]
    pub fn read(column: Option<&str>) -> Option<Self> {
        column.and_then(|text| serde_json::from_str(text).ok())
    }
}
