//! Public links to recordings: those who make them, and those who have one.

use actix_web::dev::Payload;
use actix_web::http::header::CACHE_CONTROL;
use actix_web::web::Data;
use actix_web::{FromRequest, HttpRequest, HttpResponse, Responder};
use futures::FutureExt;
use futures::future::LocalBoxFuture;
use serde::Serialize;
use utoipa::ToSchema;

use crow_db::replay_links::ReplayLinkRow;
use crow_types::ErrorCode;
use crow_web::ApiError;

use crate::api::Api;
use crate::ask::assets::{AssetsQuestion, OneAsset};
use crate::ask::shared::{ListLinks, MakeLink, OneLink, SharedReplay};
use crate::ask::words::Format;
use crate::door::Admin;
use crate::error::Error;
use crate::rest::answers::{Answered, Done, Found, Made, OrConflict, PRIVATE};
use crate::rest::asked::{Asked, Body, Open, Sent};
use crate::rest::assets::{Asset, AssetList, AssetView};
use crate::rest::attempts::{Attempts, Use};
use crate::rest::body;
use crate::rest::described::{Description, Input, Output, Unread};
use crate::rest::replay::{Recording, stream_body};
use crate::use_cases::shared::Shared;
use crate::windows::Gap;

/// The header with the token of a link. In the link itself it is in the fragment of the address, which
/// browsers do not send, so no log of a server and no `Referer` has it.
const LINK_HEADER: &str = "x-crow-link";
/// The length of a token with some room, in characters.
const MAX_TOKEN: usize = 100;

impl Body for MakeLink {
    const MOST: usize = 4 << 10;
    const MUST_BE_TYPED: bool = true;
}

/// Public links.
#[derive(Debug, Serialize, ToSchema)]
pub struct LinkList {
    /// Those that have not expired, newest first.
    pub links: Vec<LinkView>,
}

/// A public link to the recording of one session.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct LinkView {
    /// Id of the link.
    pub id: String,
    /// The session's `id`.
    pub session_id: String,
    /// Whether texts and pictures are left out.
    pub is_masked: bool,
    /// The first moment that is shown, milliseconds since the epoch; null: the beginning.
    pub from: Option<i64>,
    /// The last moment; null: the end.
    pub to: Option<i64>,
    /// Id of the user or the key that made it.
    pub created_by: String,
    /// Milliseconds since the epoch.
    pub created_at: i64,
    /// When it stops working, milliseconds since the epoch.
    pub expires_at: i64,
    /// How often it was opened.
    pub opened: i64,
    /// When it was last opened, milliseconds since the epoch; null: never.
    pub last_opened_at: Option<i64>,
}

impl From<ReplayLinkRow> for LinkView {
    fn from(row: ReplayLinkRow) -> Self {
        Self {
            id: row.id,
            session_id: row.session_id,
            is_masked: row.is_masked,
            from: row.from_at,
            to: row.to_at,
            created_by: row.created_by,
            created_at: row.created_at,
            expires_at: row.expires_at,
            opened: row.opened,
            last_opened_at: row.last_opened_at,
        }
    }
}

/// A new public link, with its token.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct NewLink {
    /// The entry that lists show.
    #[serde(flatten)]
    pub view: LinkView,
    /// The link is the dashboard's address with `/shared.html#` and this. It is shown only here.
    pub token: String,
}

/// What a public link shows.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct SharedView {
    /// The first moment, milliseconds since the epoch.
    pub from: i64,
    /// The last moment.
    pub to: i64,
    /// Whether texts and pictures are left out.
    pub is_masked: bool,
    /// When the link stops working, milliseconds since the epoch.
    pub expires_at: i64,
    /// Batches that never arrived.
    pub gaps: Vec<Gap>,
}

pub async fn list_links(api: Data<Api>, ask: Asked<Admin, ListLinks>) -> Answered<LinkList> {
    let found = api.use_cases.links(ask.organization(), &ask.question);
    let links = found.await?.into_iter().map(LinkView::from).collect();
    Ok(Found(LinkList { links }))
}

pub async fn make_link(
    api: Data<Api>,
    sent: Sent<Admin, MakeLink>,
) -> Result<OrConflict<Made<NewLink>>, ApiError> {
    let (by, organization) = (sent.by.actor(), sent.organization());
    let made = api.use_cases.make_link(organization, &by, &sent.body);
    let (row, token) = made.await?;
    Ok(OrConflict(Made(NewLink {
        view: row.into(),
        token: token.text(),
    })))
}

pub async fn revoke_link(api: Data<Api>, ask: Asked<Admin, OneLink>) -> Result<Done, ApiError> {
    let (by, organization) = (ask.by.actor(), ask.organization());
    let revoked = api.use_cases.revoke_link(organization, &by, &ask.question);
    revoked.await?;
    Ok(Done)
}

/// Somebody who has a link.
pub struct ByLink(Shared);

impl FromRequest for ByLink {
    type Error = ApiError;
    type Future = LocalBoxFuture<'static, Result<Self, ApiError>>;

    fn from_request(request: &HttpRequest, _payload: &mut Payload) -> Self::Future {
        let request = request.clone();
        async move {
            let missing = || ApiError::unavailable("links cannot be checked");
            let api = request.app_data::<Data<Api>>().ok_or_else(missing)?;
            let attempts = request.app_data::<Data<Attempts>>().ok_or_else(missing)?;
            let token = request.headers().get(LINK_HEADER);
            let token = token.and_then(|value| value.to_str().ok());
            match api.use_cases.shared(token.unwrap_or_default()).await {
                Ok(shared) => Ok(Self(shared)),
                Err(Error::NotFound) => {
                    attempts.failed(&request)?;
                    Err(does_not_work())
                }
                Err(error) => Err(error.into_api()),
            }
        }
        .boxed_local()
    }
}

impl Input for ByLink {
    fn describe(to: &mut Description) {
        to.takes_header("X-Crow-Link", MAX_TOKEN, "The token of the link.");
    }
}

/// One answer for all reasons.
fn does_not_work() -> ApiError {
    ApiError::new(
        ErrorCode::NotFound,
        "this link does not work: it may have expired or been revoked, or the recording is gone",
    )
}

pub async fn open_shared(
    api: Data<Api>,
    attempts: Data<Attempts>,
    by: ByLink,
) -> Answered<SharedView> {
    let shared = by.0;
    attempts.uses_link(&shared.link().id, Use::Recording)?;
    api.use_cases.note_opened(&shared).await?;
    let (from, to) = shared.range();
    Ok(Found(SharedView {
        from,
        to,
        is_masked: shared.link().is_masked,
        expires_at: shared.link().expires_at,
        gaps: shared.gaps(),
    }))
}

pub async fn get_shared_replay(
    api: Data<Api>,
    attempts: Data<Attempts>,
    by: ByLink,
    ask: Open<SharedReplay>,
) -> Result<Recording, ApiError> {
    let shared = by.0;
    let stream = attempts.reads_recording(&shared.link().id)?;
    let found = api.use_cases.shared_replay(&shared, &ask.0).await?;
    let mut response = HttpResponse::Ok();
    response.content_type(super::replay::NDJSON);
    let recording = stream_body(response, found, Format::Ndjson, stream).await?;
    Ok(Recording(recording))
}

pub async fn resolve_shared_assets(
    api: Data<Api>,
    attempts: Data<Attempts>,
    request: HttpRequest,
    by: ByLink,
    body: Unread<AssetsQuestion>,
) -> Answered<AssetList> {
    let shared = by.0;
    attempts.uses_link(&shared.link().id, Use::Recording)?;
    let most = <AssetsQuestion as Body>::MOST;
    let asked: AssetsQuestion = body::json(&request, body.payload, most, true).await?;
    let found = api.use_cases.shared_assets(&shared, &asked).await?;
    Ok(Found(AssetList {
        assets: found.into_iter().map(AssetView::from).collect(),
    }))
}

pub async fn get_shared_asset(
    api: Data<Api>,
    attempts: Data<Attempts>,
    by: ByLink,
    ask: Open<OneAsset>,
) -> Result<Unstored<Asset>, ApiError> {
    let shared = by.0;
    attempts.uses_link(&shared.link().id, Use::Asset)?;
    let (mime_type, bytes) = api.use_cases.shared_asset(&shared, &ask.0).await?;
    Ok(Unstored(Asset { mime_type, bytes }))
}

/// An answer that no cache keeps, so that it cannot be had without the link.
pub struct Unstored<T>(T);

impl<T: Responder> Responder for Unstored<T> {
    type Body = T::Body;

    fn respond_to(self, request: &HttpRequest) -> HttpResponse<T::Body> {
        let mut response = self.0.respond_to(request);
        response.headers_mut().insert(CACHE_CONTROL, PRIVATE);
        response
    }
}

impl<T: Output> Output for Unstored<T> {
    fn describe(to: &mut Description) {
        T::describe(to);
    }
}
