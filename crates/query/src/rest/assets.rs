//! Pictures and fonts of recorded pages, in the version of that time.

use actix_web::body::BoxBody;
use actix_web::http::header::{
    CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_SECURITY_POLICY, HeaderName, HeaderValue,
    X_CONTENT_TYPE_OPTIONS,
};
use actix_web::web::{Bytes, Data};
use actix_web::{HttpRequest, HttpResponse, Responder};
use serde::Serialize;
use utoipa::ToSchema;

use crow_web::ApiError;

use crate::api::Api;
use crate::ask::assets::{AssetsQuestion, OneAsset};
use crate::assets::FoundAsset;
use crate::door::Read;
use crate::rest::answers::{Answered, Found, describe_text, text};
use crate::rest::asked::{Asked, Body, Sent};
use crate::rest::described::{Description, Output};

/// The bytes behind a hash never change. Only private caches may keep them.
const FOR_EVER: HeaderValue = HeaderValue::from_static("private, max-age=31536000, immutable");
/// If the asset is opened as a document, it runs and loads nothing.
const SANDBOX: HeaderValue =
    HeaderValue::from_static("sandbox; default-src 'none'; style-src 'unsafe-inline'");
/// If the asset is opened directly, the browser saves it instead of showing it.
const ATTACHMENT: HeaderValue = HeaderValue::from_static("attachment");
const RESOURCE_POLICY: HeaderName = HeaderName::from_static("cross-origin-resource-policy");

impl Body for AssetsQuestion {
    const MOST: usize = 2 << 20;
}

pub async fn resolve_assets(
    api: Data<Api>,
    sent: Sent<Read, AssetsQuestion>,
) -> Answered<AssetList> {
    let found = api
        .use_cases
        .assets_at(sent.organization(), &sent.body)
        .await?;
    Ok(Found(AssetList {
        assets: found.into_iter().map(AssetView::from).collect(),
    }))
}

pub async fn get_asset(api: Data<Api>, ask: Asked<Read, OneAsset>) -> Result<Asset, ApiError> {
    let (mime_type, bytes) = api
        .use_cases
        .asset(ask.organization(), &ask.question)
        .await?;
    Ok(Asset { mime_type, bytes })
}

/// The bytes of an asset.
pub struct Asset {
    pub(super) mime_type: String,
    pub(super) bytes: Bytes,
}

impl Responder for Asset {
    type Body = BoxBody;

    fn respond_to(self, _request: &HttpRequest) -> HttpResponse {
        HttpResponse::Ok()
            .content_type(self.mime_type)
            .insert_header((CACHE_CONTROL, FOR_EVER))
            .insert_header((X_CONTENT_TYPE_OPTIONS, "nosniff"))
            .insert_header((CONTENT_SECURITY_POLICY, SANDBOX))
            .insert_header((CONTENT_DISPOSITION, ATTACHMENT))
            .insert_header((RESOURCE_POLICY, "same-origin"))
            .body(self.bytes)
    }
}

impl Output for Asset {
    fn describe(to: &mut Description) {
        let about = "The bytes, with the detected content type.";
        describe_text(to, about, &[("application/octet-stream", text())]);
    }
}

/// The stored assets. Addresses without one are left out.
#[derive(Debug, Serialize, ToSchema)]
pub struct AssetList {
    /// At most one for each address.
    pub assets: Vec<AssetView>,
}

/// The version of an address at that moment, else its oldest version.
#[derive(Debug, Serialize, ToSchema)]
pub struct AssetView {
    /// The address as requested.
    pub url: String,
    /// SHA-256 of the bytes, hexadecimal: its name in `/assets/{orgId}/{hash}`.
    pub hash: String,
    /// MIME type.
    #[schema(example = "image/png")]
    pub r#type: String,
    /// Number of bytes.
    pub bytes: i64,
}

impl From<FoundAsset> for AssetView {
    fn from(found: FoundAsset) -> Self {
        Self {
            url: found.url,
            hash: found.content.to_string(),
            r#type: found.mime_type,
            bytes: found.length,
        }
    }
}
