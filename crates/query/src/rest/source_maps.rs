//! Source maps, and the stacks that they explain.

use std::future::{Ready, ready};
use std::time::Duration;

use actix_web::http::header::CONTENT_ENCODING;
use actix_web::web::{Data, Payload};
use actix_web::{FromRequest, HttpMessage, HttpRequest};
use serde::Serialize;
use utoipa::ToSchema;

use crow_db::source_maps::{SourceMapKey, SourceMapRow};
use crow_types::ErrorCode;
use crow_web::ApiError;
use crow_web::body::{self, BodyLimits};

use crate::api::Api;
use crate::ask::source_maps::{ListSourceMaps, OneSourceMap, StackOfEvent, UploadSourceMap};
use crate::cursor;
use crate::door::{Admin, Read};
use crate::error::Error;
use crate::rest::answers::{Answered, Done, Found, Made};
use crate::rest::asked::Asked;
use crate::rest::described::{Description, Input};
use crate::rest::issues::StackView;
use crate::source_maps::Encoding;
use crate::source_maps::upload::Body;
use crate::use_cases::Page;

/// The whole map must arrive within this time.
const TIME: Duration = Duration::from_secs(120);
const JSON: &str = "application/json";

/// A source map in the body.
pub struct MapFile {
    payload: Payload,
    kind: String,
    encoding: Option<String>,
}

impl FromRequest for MapFile {
    type Error = actix_web::Error;
    type Future = Ready<Result<Self, actix_web::Error>>;

    fn from_request(request: &HttpRequest, payload: &mut actix_web::dev::Payload) -> Self::Future {
        let payload = Payload::from_request(request, payload).into_inner();
        let kind = request.content_type().to_lowercase();
        let encoding = request.headers().get(CONTENT_ENCODING);
        // A header that is no text names no encoding that we know.
        let encoding = encoding.map(|value| value.to_str().unwrap_or("?").to_lowercase());
        ready(payload.map(|payload| Self {
            payload,
            kind,
            encoding,
        }))
    }
}

impl Input for MapFile {
    fn describe(to: &mut Description) {
        to.takes_file(&[JSON]);
    }
}

impl MapFile {
    fn encoding(&self) -> Result<Encoding, ApiError> {
        if self.kind != JSON {
            let text = format!("send the source map as `Content-Type: {JSON}`");
            return Err(ApiError::new(ErrorCode::UnsupportedMedia, text));
        }
        match self.encoding.as_deref().map(str::trim) {
            None | Some("" | "identity") => Ok(Encoding::Identity),
            Some("gzip" | "x-gzip") => Ok(Encoding::Gzip),
            Some("zstd") => Ok(Encoding::Zstd),
            Some(_other) => {
                let text = "send `Content-Encoding: gzip` or `zstd`, or none";
                Err(ApiError::new(ErrorCode::UnsupportedMedia, text))
            }
        }
    }

    async fn read(self, max_bytes: usize) -> Result<Body, ApiError> {
        let encoding = self.encoding()?;
        let limits = BodyLimits {
            max_bytes,
            timeout: TIME,
        };
        let bytes = body::read(self.payload, limits, |_bytes| Ok(())).await?;
        Ok(Body { bytes, encoding })
    }
}

/// A source map of an organization. Its content is never in an answer.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct SourceMapView {
    /// Its id.
    pub id: String,
    /// The version of the page.
    pub release: String,
    /// The path of the script's address.
    pub path: String,
    /// The debug id of the script.
    pub debug_id: Option<String>,
    /// Bytes of the map.
    pub bytes: i64,
    /// SHA-256 of the map, hexadecimal.
    pub hash: String,
    /// When it was uploaded, milliseconds since the epoch.
    pub uploaded_at: i64,
    /// Who uploaded it: `user`, `key` or `system`.
    pub uploaded_kind: String,
    /// Id of the user or key.
    pub uploaded_by: String,
}

impl From<SourceMapRow> for SourceMapView {
    fn from(row: SourceMapRow) -> Self {
        Self {
            id: row.id,
            release: row.app_release,
            path: row.path,
            debug_id: Some(row.debug_id).filter(|id| !id.is_empty()),
            bytes: row.byte_length,
            hash: data_encoding::HEXLOWER.encode(&row.content_hash),
            uploaded_at: row.uploaded_at,
            uploaded_kind: row.uploaded_kind,
            uploaded_by: row.uploaded_by,
        }
    }
}

/// A page of source maps.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct SourceMapList {
    /// The newest first.
    pub source_maps: Vec<SourceMapView>,
    /// Send it as `cursor` for the next page; null on the last page.
    pub next_cursor: Option<String>,
}

impl From<Page<SourceMapRow, SourceMapKey>> for SourceMapList {
    fn from(page: Page<SourceMapRow, SourceMapKey>) -> Self {
        Self {
            source_maps: page.items.into_iter().map(SourceMapView::from).collect(),
            next_cursor: page.next.as_ref().map(cursor::encode),
        }
    }
}

pub async fn upload_source_map(
    api: Data<Api>,
    ask: Asked<Admin, UploadSourceMap>,
    file: MapFile,
) -> Result<Made<SourceMapView>, ApiError> {
    let (organization, by) = (ask.organization().clone(), ask.by.actor());
    let script = ask.question.script().map_err(Error::into_api)?;
    let maps = &api.use_cases.source_maps;
    let body = file.read(maps.max_bytes());
    let row = maps.upload(&organization, &by, script, body).await?;
    Ok(Made(row.into()))
}

pub async fn list_source_maps(
    api: Data<Api>,
    ask: Asked<Admin, ListSourceMaps>,
) -> Answered<SourceMapList> {
    let maps = &api.use_cases.source_maps;
    let page = maps.list(ask.organization(), &ask.question).await?;
    Ok(Found(page.into()))
}

pub async fn remove_source_map(
    api: Data<Api>,
    ask: Asked<Admin, OneSourceMap>,
) -> Result<Done, ApiError> {
    let (maps, by) = (&api.use_cases.source_maps, ask.by.actor());
    maps.remove(ask.organization(), &by, &ask.question).await?;
    Ok(Done)
}

pub async fn get_stack(api: Data<Api>, ask: Asked<Read, StackOfEvent>) -> Answered<StackView> {
    let found = api
        .use_cases
        .stack_of_event(ask.organization(), &ask.question);
    Ok(Found(StackView::from(&found.await?)))
}
