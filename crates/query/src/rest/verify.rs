//! Verification of keys for other services.

use actix_web::HttpRequest;
use actix_web::web::Data;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crow_auth::{KeyGrant, KeyRate, Scopes};
use crow_types::{ApiKeySecret, ErrorCode};
use crow_web::ApiError;

use crate::api::Api;
use crate::door::http::BySystem;
use crate::rest::answers::{Answered, Found};
use crate::rest::body;
use crate::rest::described::Unread;

/// Body limit in bytes. The body holds only a key.
const MAX_BODY: usize = 4 << 10;

/// A key to verify.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct VerifyKey {
    /// The key.
    #[schema(example = "crow_…")]
    key: String,
}

/// The rights of a key. An invalid one has only `valid`.
#[derive(Debug, Default, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct VerifiedKey {
    /// Whether the key can be used. An unknown, a revoked and an expired key look the same.
    pub valid: bool,
    /// Id of the key; safe to log.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub key_id: Option<String>,
    /// The organization of the key.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub organization_id: Option<String>,
    /// `ingest`, `analytics`, `read`, `admin`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Vec<String>>)]
    pub scopes: Option<Scopes>,
    /// Origins from which a browser may use it; absent: any.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub allowed_origins: Option<Vec<String>>,
    /// When it stops working, milliseconds since the epoch; absent: never.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expires_at: Option<i64>,
    /// Requests per second that it may make at each service; absent: as any key.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<u32>)]
    pub requests_per_second: Option<KeyRate>,
}

impl From<KeyGrant> for VerifiedKey {
    fn from(grant: KeyGrant) -> Self {
        Self {
            valid: true,
            key_id: Some(grant.key_id),
            organization_id: Some(grant.organization.as_str().to_owned()),
            scopes: Some(grant.scopes),
            allowed_origins: grant.allowed_origins,
            expires_at: grant.expires_at,
            requests_per_second: grant.requests_per_second,
        }
    }
}

pub async fn verify_key(
    api: Data<Api>,
    request: HttpRequest,
    _by: BySystem,
    body: Unread<VerifyKey>,
) -> Answered<VerifiedKey> {
    let verifier = api.door.verifier();
    if verifier.is_remote() {
        return Err(ApiError::new(
            ErrorCode::Unprocessable,
            "keys are verified by another auth service (AUTH_SERVICE_URL); ask that one",
        ));
    }
    let asked: VerifyKey = body::json(&request, body.payload, MAX_BODY, true).await?;
    let Some(key) = ApiKeySecret::parse(asked.key.trim()) else {
        return Ok(Found(VerifiedKey::default()));
    };
    let grant = verifier.verify_for_others(&key).await?;
    Ok(Found(grant.map(VerifiedKey::from).unwrap_or_default()))
}
