//! API keys.

use actix_web::web::Data;
use serde::Serialize;
use utoipa::ToSchema;

use crow_auth::keys::ApiKeyRecord;
use crow_auth::{KeyRate, Scopes};
use crow_types::ApiKeySecret;
use crow_web::ApiError;

use crate::admin::Admin;
use crate::ask::admin::{CreateKey, OneKey, RotateKey};
use crate::door;
use crate::rest::answers::{Answered, Done, Found, Made};
use crate::rest::asked::{Asked, Body, Sent};

impl Body for CreateKey {
    /// Body limit in bytes. A key description is a few texts.
    const MOST: usize = 64 << 10;
    const MUST_BE_TYPED: bool = true;
}

pub async fn list_keys(admin: Data<Admin>, ask: Asked<door::Admin, ()>) -> Answered<KeyList> {
    let keys = admin.keys(ask.organization()).await?;
    Ok(Found(KeyList {
        keys: keys.into_iter().map(KeyView::from).collect(),
    }))
}

pub async fn create_key(
    admin: Data<Admin>,
    sent: Sent<door::Admin, CreateKey>,
) -> Result<Made<NewKey>, ApiError> {
    let by = sent.by.actor();
    let made = admin
        .create_key(&by, sent.organization(), &sent.body)
        .await?;
    Ok(Made(NewKey::new(made)))
}

pub async fn revoke_key(
    admin: Data<Admin>,
    ask: Asked<door::Admin, OneKey>,
) -> Result<Done, ApiError> {
    let by = ask.by.actor();
    admin
        .revoke_key(&by, ask.organization(), &ask.question)
        .await?;
    Ok(Done)
}

pub async fn rotate_key(
    admin: Data<Admin>,
    ask: Asked<door::Admin, RotateKey>,
) -> Result<Made<NewKey>, ApiError> {
    let by = ask.by.actor();
    let made = admin
        .rotate_key(&by, ask.organization(), &ask.question)
        .await?;
    Ok(Made(NewKey::new(made)))
}

/// The keys of an organization.
#[derive(Debug, Serialize, ToSchema)]
pub struct KeyList {
    /// Oldest first, including revoked ones.
    pub keys: Vec<KeyView>,
}

/// A key without its secret.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct KeyView {
    /// Id of the key.
    pub id: String,
    /// Name of the key.
    pub name: String,
    /// First characters of the key.
    pub prefix: String,
    /// `ingest`, `analytics`, `read`, `admin`.
    #[schema(value_type = Vec<String>)]
    pub scopes: Scopes,
    /// Origins from which a browser may use it; null: any.
    pub allowed_origins: Option<Vec<String>>,
    /// Milliseconds since the epoch.
    pub created_at: i64,
    /// Milliseconds since the epoch; null if it was not revoked.
    pub revoked_at: Option<i64>,
    /// When it stops working, milliseconds since the epoch; null: never.
    pub expires_at: Option<i64>,
    /// About when it was last used, milliseconds since the epoch; null: never, or not since this is
    /// noted. Each service notes it at most once an hour.
    pub last_used_at: Option<i64>,
    /// Requests per second that it may make at each service; null: as any key.
    #[schema(value_type = Option<u32>)]
    pub requests_per_second: Option<KeyRate>,
}

impl From<ApiKeyRecord> for KeyView {
    fn from(record: ApiKeyRecord) -> Self {
        Self {
            id: record.id,
            name: record.name,
            prefix: record.prefix,
            scopes: record.scopes,
            allowed_origins: record.allowed_origins,
            created_at: record.created_at,
            revoked_at: record.revoked_at,
            expires_at: record.expires_at,
            last_used_at: record.last_used_at,
            requests_per_second: record.requests_per_second,
        }
    }
}

/// A new key.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct NewKey {
    /// The entry that lists show.
    #[serde(flatten)]
    pub view: KeyView,
    /// The key with its secret. It is shown only here.
    pub key: String,
}

impl NewKey {
    fn new((record, secret): (ApiKeyRecord, ApiKeySecret)) -> Self {
        Self {
            view: record.into(),
            key: secret.expose().to_owned(),
        }
    }
}
