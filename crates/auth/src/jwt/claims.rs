//! What a token says.

use serde::{Deserialize, Serialize};

/// Who makes tokens.
pub(super) const ISSUER: &str = "crow-gateway";

#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Claims {
    pub(super) iss: String,
    pub(super) aud: String,
    pub(super) iat: i64,
    pub(super) nbf: i64,
    /// Absent: it does not expire.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) exp: Option<i64>,
    #[serde(flatten)]
    pub(super) who: Who,
}

/// The principal in a token.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Who {
    pub(crate) sub: String,
    /// Absent: a public caller, whom no organization knows.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) org: Option<String>,
    pub(crate) kind: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) role: Option<String>,
    pub(crate) scopes: Vec<String>,
}
