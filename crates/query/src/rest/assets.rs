//! Pictures and fonts of recorded pages, as they were then.

use actix_web::http::header::{
    CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_SECURITY_POLICY, HeaderName, HeaderValue,
    X_CONTENT_TYPE_OPTIONS,
};
use actix_web::web::{self, Data, Path, Payload, ServiceConfig};
use actix_web::{HttpRequest, HttpResponse};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crow_types::{AssetUrl, Timestamp};
use crow_web::ApiError;

use crate::error::Error;
use crate::rest::handlers::answer;
use crate::rest::openapi::{BodyErrors, ReadErrors};
use crate::rest::params::Params;
use crate::rest::{Api, body};

/// Addresses of one question.
const MAX_URLS: usize = 1_000;
/// The largest question, in bytes.
const MAX_BODY: usize = 2 << 20;

/// The bytes behind a hash never change; they may be seen by whoever has the key only.
const FOR_EVER: HeaderValue = HeaderValue::from_static("private, max-age=31536000, immutable");
/// Opened as a document it runs nothing and loads nothing.
const SANDBOX: HeaderValue =
    HeaderValue::from_static("sandbox; default-src 'none'; style-src 'unsafe-inline'");
/// Opened by itself it is saved and not shown.
const ATTACHMENT: HeaderValue = HeaderValue::from_static("attachment");
const RESOURCE_POLICY: HeaderName = HeaderName::from_static("cross-origin-resource-policy");

/// Adds the routes.
pub fn configure(cfg: &mut ServiceConfig) {
    cfg.service(web::resource("/assets/{orgId}/resolve").route(web::post().to(resolve_assets)))
        .service(web::resource("/assets/{orgId}/{hash}").route(web::get().to(get_asset)));
}

/// Addresses to look up.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AssetsQuestion {
    /// The moment of the recording, milliseconds since the epoch.
    #[schema(minimum = 0)]
    at: i64,
    /// Absolute addresses of pictures and fonts.
    #[schema(max_items = 1000)]
    urls: Vec<String>,
}

/// What is stored of the addresses; the others are left out.
#[derive(Debug, Serialize, ToSchema)]
pub struct AssetList {
    /// At most one for each address.
    pub assets: Vec<AssetView>,
}

/// The version that an address had at the moment, else its oldest one.
#[derive(Debug, Serialize, ToSchema)]
pub struct AssetView {
    /// As it was asked for.
    pub url: String,
    /// SHA-256 of the bytes, hexadecimal: its name in `/assets/{orgId}/{hash}`.
    pub hash: String,
    /// MIME type.
    #[schema(example = "image/png")]
    pub r#type: String,
    /// How many bytes it has.
    pub bytes: i64,
}

/// Which pictures and fonts are stored for a moment of a recording.
#[utoipa::path(
    post,
    path = "/assets/{orgId}/resolve",
    tag = "assets",
    params(("orgId" = String, Path, description = "The organization of the key.")),
    request_body = AssetsQuestion,
    responses((status = 200, description = "Those that are stored.", body = AssetList), BodyErrors),
    security(("bearer" = []), ("apiKey" = []), ("signIn" = [])),
)]
pub async fn resolve_assets(
    api: Data<Api>,
    request: HttpRequest,
    path: Path<String>,
    payload: Payload,
) -> Result<HttpResponse, ApiError> {
    let organization = api.organization(&request, &path).await?;
    Params::parse(request.query_string(), &[])?;
    let question = read_question(payload).await?;
    // What can be no address of an asset is not stored.
    let urls: Vec<(String, AssetUrl)> = question
        .urls
        .into_iter()
        .filter_map(|given| AssetUrl::parse(&given).ok().map(|url| (given, url)))
        .collect();
    let at = Timestamp(question.at);
    let found = api.use_cases.assets_at(&organization, &urls, at).await?;
    let assets = found
        .into_iter()
        .map(|found| AssetView {
            url: found.url,
            hash: found.content.to_string(),
            r#type: found.mime_type,
            bytes: found.length,
        })
        .collect();
    Ok(answer(&AssetList { assets }))
}

async fn read_question(payload: Payload) -> Result<AssetsQuestion, ApiError> {
    let body = body::read(payload, MAX_BODY).await?;
    let question: AssetsQuestion = serde_json::from_slice(&body)
        .map_err(|error| Error::Malformed(format!("the body: {error}")))?;
    if question.at < 0 {
        return Err(Error::Malformed("at: must not be negative".to_owned()).into());
    }
    if question.urls.len() > MAX_URLS {
        let message = format!("urls: must be at most {MAX_URLS}");
        return Err(Error::Malformed(message).into());
    }
    Ok(question)
}

/// The bytes of a picture or a font.
#[utoipa::path(
    get,
    path = "/assets/{orgId}/{hash}",
    tag = "assets",
    params(
        ("orgId" = String, Path, description = "The organization of the key."),
        ("hash" = String, Path, description = "A `hash` of `/assets/{orgId}/resolve`."),
    ),
    responses(
        (status = 200, description = "The bytes, with the type that they were recognised as.", body = Vec<u8>, content_type = "application/octet-stream"),
        ReadErrors,
    ),
    security(("bearer" = []), ("apiKey" = []), ("signIn" = [])),
)]
pub async fn get_asset(
    api: Data<Api>,
    request: HttpRequest,
    path: Path<(String, String)>,
) -> Result<HttpResponse, ApiError> {
    let (organization, hash) = path.into_inner();
    let organization = api.organization(&request, &organization).await?;
    Params::parse(request.query_string(), &[])?;
    let (mime_type, bytes) = api.use_cases.asset(&organization, &hash).await?;
    Ok(HttpResponse::Ok()
        .content_type(mime_type)
        .insert_header((CACHE_CONTROL, FOR_EVER))
        .insert_header((X_CONTENT_TYPE_OPTIONS, "nosniff"))
        .insert_header((CONTENT_SECURITY_POLICY, SANDBOX))
        .insert_header((CONTENT_DISPOSITION, ATTACHMENT))
        .insert_header((RESOURCE_POLICY, "same-origin"))
        .body(bytes))
}
