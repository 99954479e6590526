//! Parameters of admin requests.

use serde::Deserialize;
use serde_json::Value as Json;
use utoipa::ToSchema;

use crow_auth::keys::{NewKey, Overlap};
use crow_auth::{KeyRate, Scope, Scopes};
use crow_bus::dead_letters::LetterKind;
use crow_types::settings::OrganizationSettings;

use crate::ask::question::{Count, questions};
use crate::ask::values::{Name, Shape, Value};
use crate::error::{Error, Result};

questions! {
    /// One key.
    OneKey {
        /// The key's `id`.
        key "keyId": Name,
    }

    /// A key to rotate.
    RotateKey {
        /// The key's `id`.
        key "keyId": Name,
        /// Seconds for which the old key keeps working, at most 2592000 (30 days). Default: it is
        /// revoked at once.
        overlap "overlapSeconds": Option<Overlap>,
    }

    /// Dead letters, newest first.
    ListLetters {
        /// `events` (default) or `completions`.
        kind "kind": Option<LetterKind>,
        /// `nextCursor` of the previous page.
        before "cursor": Option<LetterCursor>,
        /// Letters per page.
        limit "limit": Count<50, 200>,
    }

    /// One dead letter.
    OneLetter {
        /// The letter's `id`.
        letter "letterId": Name,
    }
}

impl OneLetter {
    /// The sequence number, from 1, that the bus gave the letter.
    ///
    /// # Errors
    /// `NotFound` when no letter can have this id.
    pub fn number(&self) -> Result<u64> {
        number(&self.letter.0).ok_or(Error::NotFound)
    }
}

impl Value for Overlap {
    fn expected() -> String {
        format!("0 to {} seconds", Self::MOST)
    }

    fn shape() -> Shape {
        Shape::Number {
            least: 0,
            most: Some(u64::from(Self::MOST)),
            default: Some(0),
        }
    }

    fn read(text: &str) -> Option<Self> {
        text.parse().ok().and_then(Self::of_seconds)
    }
}

/// Where a page of letters ended. An empty cursor is the start.
#[derive(Debug, Clone, Copy)]
pub struct LetterCursor(pub Option<u64>);

impl Value for LetterCursor {
    fn expected() -> String {
        "nextCursor of the page before".to_owned()
    }

    fn shape() -> Shape {
        Shape::Text { most: None }
    }

    fn read(text: &str) -> Option<Self> {
        match text {
            "" => Some(Self(None)),
            text => number(text).map(|number| Self(Some(number))),
        }
    }
}

fn number(text: &str) -> Option<u64> {
    text.parse().ok().filter(|number| *number > 0)
}

/// The key to create.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct CreateKey {
    /// Name of the key: 1 to 100 characters.
    #[schema(min_length = 1, max_length = 100)]
    name: String,
    /// At least one of `ingest`, `analytics`, `read` and `admin`.
    #[schema(min_items = 1, example = json!(["read"]))]
    scopes: Vec<String>,
    /// Origins from which browsers may use the key, such as `https://shop.example`. Default: any.
    #[serde(default)]
    allowed_origins: Option<Vec<String>>,
    /// When the key stops working, milliseconds since the epoch; at most ten years away. Default:
    /// never.
    #[serde(default)]
    expires_at: Option<i64>,
    /// Requests per second that the key may make at each process of a service, 1 to 100000. Default:
    /// what the service allows every key.
    #[serde(default)]
    #[schema(minimum = 1, maximum = 100000)]
    requests_per_second: Option<u32>,
}

impl CreateKey {
    /// The key.
    ///
    /// # Errors
    /// `Malformed` when a word is not a scope.
    pub fn key(&self) -> Result<NewKey> {
        let scopes: std::result::Result<Scopes, _> = self
            .scopes
            .iter()
            .map(|word| word.parse::<Scope>())
            .collect();
        let scopes = scopes.map_err(|error| Error::Malformed(format!("scopes: {error}")))?;
        let origins = self.allowed_origins.clone();
        let rate = self.requests_per_second.map(|rate| {
            let wrong = || format!("requestsPerSecond: must be 1 to {}", KeyRate::MOST);
            KeyRate::new(rate).ok_or_else(|| Error::Malformed(wrong()))
        });
        Ok(NewKey {
            name: self.name.clone(),
            scopes,
            allowed_origins: origins.filter(|origins| !origins.is_empty()),
            expires_at: self.expires_at,
            requests_per_second: rate.transpose()?,
        })
    }
}

/// New settings of an organization.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ChangeSettings {
    /// `version` of the settings that the change was made from.
    #[schema(minimum = 0)]
    pub version: i64,
    /// All settings. What is left out has its default.
    #[schema(value_type = OrganizationSettings)]
    pub settings: Json,
}
