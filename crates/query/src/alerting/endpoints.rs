//! Endpoints: what callers change, and the URLs and secrets behind them.

use serde::{Deserialize, Serialize};
use url::Url;
use utoipa::ToSchema;

use crow_db::audit_log::Actor;
use crow_db::webhooks::deliveries::{
    self, DeliveryKey, DeliveryRow, NewDelivery, Replayed, Target,
};
use crow_db::webhooks::{self, Change, EndpointRow};
use crow_keyring::SealedSecret;
use crow_types::{ErrorCode, OrganizationId, Timestamp};
use crow_web::ApiError;

use super::content::{Content, TEST};
use super::{Alerting, sign};
use crate::error::{Error, Result};
use crate::use_cases::Page;

/// The longest URL, in bytes.
const MAX_URL: usize = 2_000;
/// The longest name, in characters.
const MAX_NAME: usize = 100;

/// How an endpoint is spoken to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = WebhookKind)]
pub enum Kind {
    /// Standard Webhooks: JSON with a signature.
    Standard,
    /// A text for Slack, or for what takes the same. The URL is the secret.
    Slack,
}

impl Kind {
    /// The word in rows.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Standard => "standard",
            Self::Slack => "slack",
        }
    }

    /// The kind with this word.
    #[must_use]
    pub fn of(word: &str) -> Self {
        match word {
            "slack" => Self::Slack,
            _ => Self::Standard,
        }
    }
}

/// What is sealed of an endpoint.
#[derive(Clone, Serialize, Deserialize)]
pub struct Secrets {
    /// Where to send to.
    pub url: String,
    /// The newest first. Empty of Slack.
    keys: Vec<Key>,
}

/// Something that signs.
#[derive(Clone, Serialize, Deserialize)]
struct Key {
    secret: String,
    /// Milliseconds since the epoch; `None`: until it is rotated.
    until: Option<i64>,
}

/// Neither URL nor secrets get into a log.
impl std::fmt::Debug for Secrets {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("Secrets")
    }
}

impl Secrets {
    /// The secrets that sign at a moment, the newest first.
    pub fn valid(&self, now: i64) -> impl Iterator<Item = &str> {
        let is_valid = move |key: &&Key| key.until.is_none_or(|until| until > now);
        self.keys
            .iter()
            .filter(is_valid)
            .map(|key| key.secret.as_str())
    }
}

/// An endpoint to add.
#[derive(Debug, Clone)]
pub struct NewEndpoint {
    /// How it is spoken to.
    pub kind: Kind,
    /// Its name.
    pub name: String,
    /// Where it is.
    pub url: String,
}

/// What is to be changed. What is `None` stays.
#[derive(Debug, Clone, Default)]
pub struct EndpointChange {
    /// Its name.
    pub name: Option<String>,
    /// Where it is.
    pub url: Option<String>,
    /// Whether it is in use.
    pub is_enabled: Option<bool>,
}

impl Alerting {
    /// The endpoints of an organization.
    pub async fn endpoints(&self, organization: &OrganizationId) -> Result<Vec<EndpointRow>> {
        Ok(webhooks::list(&self.db, organization).await?)
    }

    /// Adds an endpoint. The secret is shown only here; one of Slack has none.
    pub async fn add_endpoint(
        &self,
        organization: &OrganizationId,
        by: &Actor,
        new: NewEndpoint,
    ) -> std::result::Result<(EndpointRow, Option<String>), ApiError> {
        let name = checked_name(&new.name)?;
        let url = self.checked_url(&new.url).map_err(|why| wrong_url(&why))?;
        let secret = match new.kind {
            Kind::Standard => Some(fresh_secret()?),
            Kind::Slack => None,
        };
        let keys = secret.iter().map(|secret| Key {
            secret: secret.clone(),
            until: None,
        });
        let secrets = Secrets {
            url: url.as_str().to_owned(),
            keys: keys.collect(),
        };
        let now = Timestamp::now().0;
        let row = EndpointRow {
            id: format!("whk_{}", ulid::Ulid::new()),
            organization_id: organization.as_str().to_owned(),
            kind: new.kind.as_str().to_owned(),
            name,
            shown_url: shown(&url),
            sealed: Vec::new(),
            wrapped: Vec::new(),
            master: String::new(),
            version: 0,
            failing_since: None,
            disabled_at: None,
            created_at: now,
            updated_at: now,
        };
        let row = self.seal(row, &secrets).await?;
        let is_added = webhooks::insert(&self.db, by, row.clone()).await;
        if is_added.map_err(Error::from)? {
            return Ok((row, secret));
        }
        let text = format!("the organization has {} webhooks", webhooks::MOST);
        Err(ApiError::new(ErrorCode::Conflict, text))
    }

    /// Changes an endpoint. One that is enabled again starts without failures.
    pub async fn change_endpoint(
        &self,
        organization: &OrganizationId,
        by: &Actor,
        id: &str,
        change: EndpointChange,
    ) -> std::result::Result<EndpointRow, ApiError> {
        let mut row = self.endpoint(organization, id).await?;
        let now = Timestamp::now().0;
        if let Some(name) = change.name {
            row.name = checked_name(&name)?;
        }
        if let Some(url) = change.url {
            let url = self.checked_url(&url).map_err(|why| wrong_url(&why))?;
            let mut secrets = self.open(&row).await?;
            url.as_str().clone_into(&mut secrets.url);
            row.shown_url = shown(&url);
            row = self.seal(row, &secrets).await?;
        }
        match change.is_enabled {
            Some(true) if row.disabled_at.is_some() => {
                (row.disabled_at, row.failing_since) = (None, None);
            }
            Some(false) if row.disabled_at.is_none() => row.disabled_at = Some(now),
            _ => {}
        }
        row.updated_at = now;
        self.store(by, row, "webhook.changed").await
    }

    /// Gives an endpoint a new secret. The one before signs, too, for `overlap` milliseconds.
    pub async fn rotate_secret(
        &self,
        organization: &OrganizationId,
        by: &Actor,
        id: &str,
        overlap: i64,
    ) -> std::result::Result<(EndpointRow, Option<String>), ApiError> {
        let mut row = self.endpoint(organization, id).await?;
        if Kind::of(&row.kind) == Kind::Slack {
            let text = "Slack webhooks have no signing secret; replace the URL instead";
            return Err(ApiError::new(ErrorCode::Unprocessable, text));
        }
        let now = Timestamp::now().0;
        let mut secrets = self.open(&row).await?;
        let secret = fresh_secret()?;
        let before = secrets.keys.into_iter().next();
        let fresh = Key {
            secret: secret.clone(),
            until: None,
        };
        let before = before.map(|key| Key {
            until: Some(now + overlap),
            ..key
        });
        secrets.keys = std::iter::once(fresh).chain(before).collect();
        row = self.seal(row, &secrets).await?;
        row.updated_at = now;
        let row = self.store(by, row, "webhook.secret_rotated").await?;
        Ok((row, Some(secret)))
    }

    /// Removes an endpoint.
    pub async fn remove_endpoint(
        &self,
        organization: &OrganizationId,
        by: &Actor,
        id: &str,
    ) -> Result<()> {
        let now = Timestamp::now().0;
        match webhooks::remove(&self.db, by, organization, id, now).await? {
            true => Ok(()),
            false => Err(Error::NotFound),
        }
    }

    /// The messages for an endpoint, newest first.
    pub async fn deliveries(
        &self,
        organization: &OrganizationId,
        id: &str,
        (after, size): (Option<&DeliveryKey>, u64),
    ) -> Result<Page<DeliveryRow, DeliveryKey>> {
        self.endpoint(organization, id).await?;
        let rows = deliveries::list(&self.db, organization, id, after, size + 1).await?;
        Ok(Page::cut(rows, size, |row: &DeliveryRow| DeliveryKey {
            created_at: row.created_at,
            id: row.id.clone(),
        }))
    }

    /// Sends a message again.
    pub async fn replay(
        &self,
        organization: &OrganizationId,
        by: &Actor,
        (endpoint, id): (&str, &str),
    ) -> std::result::Result<(), ApiError> {
        self.endpoint(organization, endpoint).await?;
        let (db, now) = (&self.db, Timestamp::now().0);
        let replayed = deliveries::replay(db, by, organization, (endpoint, id), now).await;
        checked(replayed.map_err(Error::from)?)
    }

    /// Sends a test, unless one is waiting.
    pub async fn test(
        &self,
        organization: &OrganizationId,
        by: &Actor,
        endpoint: &str,
    ) -> std::result::Result<(), ApiError> {
        self.endpoint(organization, endpoint).await?;
        let now = Timestamp::now().0;
        let new = NewDelivery {
            target: Target::Webhook(endpoint.to_owned()),
            event: TEST,
            content: Content::test(now).to_json(),
        };
        let added = deliveries::add_test(&self.db, by, organization, new, now).await;
        checked(added.map_err(Error::from)?)
    }

    async fn endpoint(&self, organization: &OrganizationId, id: &str) -> Result<EndpointRow> {
        if !is_id(id) {
            return Err(Error::NotFound);
        }
        let found = webhooks::find(&self.db, organization, id).await?;
        found.ok_or(Error::NotFound)
    }

    async fn store(
        &self,
        by: &Actor,
        row: EndpointRow,
        action: &str,
    ) -> std::result::Result<EndpointRow, ApiError> {
        let changed = webhooks::change(&self.db, by, &row, action).await;
        match changed.map_err(Error::from)? {
            Change::Done => Ok(row),
            Change::Unknown => Err(Error::NotFound.into_api()),
            Change::Outdated => Err(ApiError::new(
                ErrorCode::Conflict,
                "the webhook was changed meanwhile; try again",
            )),
        }
    }

    /// Opens the URL and the secrets of an endpoint.
    pub(super) async fn open(&self, row: &EndpointRow) -> Result<Secrets> {
        let secret = SealedSecret {
            sealed: row.sealed.clone(),
            wrapped: row.wrapped.clone(),
            master: row.master.clone(),
        };
        let opening = self
            .keyring
            .open_secret(&row.organization_id, &row.id, &secret);
        let damaged = || crow_keyring::Error::Damaged { of: row.id.clone() };
        Ok(serde_json::from_slice(&opening.await?).map_err(|_other| damaged())?)
    }

    async fn seal(&self, row: EndpointRow, secrets: &Secrets) -> Result<EndpointRow> {
        let clear = serde_json::to_vec(secrets).unwrap_or_default();
        let sealing = self
            .keyring
            .seal_secret(&row.organization_id, &row.id, &clear);
        let SealedSecret {
            sealed,
            wrapped,
            master,
        } = sealing.await?;
        Ok(EndpointRow {
            sealed,
            wrapped,
            master,
            ..row
        })
    }

    /// A URL that may be asked, as far as it can be known before a connection.
    pub(super) fn checked_url(&self, text: &str) -> std::result::Result<Url, String> {
        if text.len() > MAX_URL {
            return Err(format!("must have at most {MAX_URL} bytes"));
        }
        let url = Url::parse(text).map_err(|error| format!("is no URL: {error}"))?;
        if url.scheme() != "https" && !(self.allow_http && url.scheme() == "http") {
            return Err("must begin with https://".to_owned());
        }
        match self.outbound.check(&url) {
            Ok(()) => Ok(url),
            Err(why) => Err(format!("is refused: {why}")),
        }
    }
}

/// Whether a row can have this id. Postgres stores no NUL.
pub(super) fn is_id(id: &str) -> bool {
    (1..=64).contains(&id.len()) && id.bytes().all(|byte| byte.is_ascii_graphic())
}

fn checked(replayed: Replayed) -> std::result::Result<(), ApiError> {
    match replayed {
        Replayed::Done => Ok(()),
        Replayed::Unknown => Err(Error::NotFound.into_api()),
        Replayed::Disabled => Err(ApiError::new(
            ErrorCode::Unprocessable,
            "the webhook is disabled; enable it first",
        )),
        Replayed::Waiting => Err(ApiError::new(
            ErrorCode::Conflict,
            "a test is waiting already",
        )),
    }
}

fn fresh_secret() -> std::result::Result<String, ApiError> {
    let random = || ApiError::unavailable("there are no random numbers; try again");
    sign::new_secret().ok_or_else(random)
}

fn wrong_url(why: &str) -> ApiError {
    ApiError::new(ErrorCode::Malformed, format!("url: {why}"))
}

/// A name of an endpoint or a rule.
pub fn checked_name(name: &str) -> Result<String> {
    let name = name.trim();
    let is_name =
        (1..=MAX_NAME).contains(&name.chars().count()) && !name.chars().any(char::is_control);
    if is_name {
        return Ok(name.to_owned());
    }
    let text = "name: must be 1 to 100 characters without control characters";
    Err(Error::Malformed(text.to_owned()))
}

/// What may be shown of a URL: nothing that could be a secret. Many services have it in the path.
fn shown(url: &Url) -> String {
    format!("{}/…", url.origin().ascii_serialization())
}
