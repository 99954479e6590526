//! What admins ask and change, with scope `admin`.

pub mod letters;

use actix_web::http::StatusCode;
use actix_web::http::header::CACHE_CONTROL;
use actix_web::web::{self, Data, Path, Payload, ServiceConfig};
use actix_web::{HttpRequest, HttpResponse, HttpResponseBuilder};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crow_auth::keys::ApiKeyRecord;
use crow_auth::{Scope, Scopes};
use crow_types::{ApiKeySecret, ErrorCode, OrganizationId};
use crow_web::ApiError;

use crate::admin::{Admin, Health};
use crate::rest::handlers::PRIVATE;
use crate::rest::openapi::ReadErrors;
use crate::rest::params::Params;
use crate::rest::{Api, body, get};

/// A body is a few texts, in bytes.
const MAX_BODY: usize = 64 << 10;

/// Adds the routes.
pub fn configure(cfg: &mut ServiceConfig, admin: &Admin) {
    cfg.app_data(Data::new(admin.clone()))
        .service(
            web::resource("/admin/{orgId}/keys")
                .route(web::get().to(list_keys))
                .route(web::post().to(create_key)),
        )
        .service(web::resource("/admin/{orgId}/keys/{keyId}").route(web::delete().to(revoke_key)))
        .service(
            web::resource("/admin/{orgId}/keys/{keyId}/rotate").route(web::post().to(rotate_key)),
        )
        .service(get("/admin/{orgId}/health", web::get().to(health)))
        .configure(letters::configure);
}

/// The organization of the path, when the request may administer it.
async fn admitted(
    api: &Api,
    request: &HttpRequest,
    organization: &str,
) -> Result<OrganizationId, ApiError> {
    let admission = api.admit(request, Scope::Admin, organization).await?;
    Params::parse(request.query_string(), &[])?;
    Ok(admission.organization)
}

fn private(status: StatusCode) -> HttpResponseBuilder {
    let mut response = HttpResponse::build(status);
    response.insert_header((CACHE_CONTROL, PRIVATE));
    response
}

/// The keys of an organization.
#[derive(Debug, Serialize, ToSchema)]
pub struct KeyList {
    /// Oldest first, revoked ones too.
    pub keys: Vec<KeyView>,
}

/// A key without its secret.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct KeyView {
    /// Names the key.
    pub id: String,
    /// What people call it.
    pub name: String,
    /// First characters of the key.
    pub prefix: String,
    /// `ingest`, `read`, `admin`.
    #[schema(value_type = Vec<String>)]
    pub scopes: Scopes,
    /// Origins from which a browser may use it; null: any.
    pub allowed_origins: Option<Vec<String>>,
    /// Milliseconds since the epoch.
    pub created_at: i64,
    /// Milliseconds since the epoch; null while it is valid.
    pub revoked_at: Option<i64>,
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
        }
    }
}

/// A new key.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct NewKey {
    /// What the list will show.
    #[serde(flatten)]
    pub view: KeyView,
    /// The key. It is shown here, and never again.
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

/// A key to make.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct CreateKey {
    /// What people call it: 1 to 100 characters.
    #[schema(min_length = 1, max_length = 100)]
    name: String,
    /// `ingest`, `read`, `admin`: at least one.
    #[schema(min_items = 1, example = json!(["read"]))]
    scopes: Vec<String>,
    /// Origins from which a browser may use it, such as `https://shop.example`; absent or
    /// empty: any.
    #[serde(default)]
    allowed_origins: Option<Vec<String>>,
}

/// The keys of an organization, oldest first.
#[utoipa::path(
    get,
    path = "/admin/{orgId}/keys",
    tag = "admin",
    params(("orgId" = String, Path, description = "The organization of the key.")),
    responses((status = 200, description = "The keys.", body = KeyList), ReadErrors),
    security(("bearer" = []), ("apiKey" = []), ("signIn" = [])),
)]
pub async fn list_keys(
    api: Data<Api>,
    admin: Data<Admin>,
    request: HttpRequest,
    path: Path<String>,
) -> Result<HttpResponse, ApiError> {
    let organization = admitted(&api, &request, &path).await?;
    let keys = admin.keys(&organization).await?;
    Ok(private(StatusCode::OK).json(KeyList {
        keys: keys.into_iter().map(KeyView::from).collect(),
    }))
}

/// Makes a key. The answer is the only place that ever shows it.
#[utoipa::path(
    post,
    path = "/admin/{orgId}/keys",
    tag = "admin",
    params(("orgId" = String, Path, description = "The organization of the key.")),
    request_body = CreateKey,
    responses(
        (status = 201, description = "Made.", body = NewKey),
        (status = 408, description = "The body did not arrive in time.", body = crow_web::ErrorBody),
        (status = 413, description = "The body is too large.", body = crow_web::ErrorBody),
        (status = 415, description = "The body is not JSON.", body = crow_web::ErrorBody),
        (status = 422, description = "Keys are made by the auth service.", body = crow_web::ErrorBody),
        ReadErrors,
    ),
    security(("bearer" = []), ("apiKey" = []), ("signIn" = [])),
)]
pub async fn create_key(
    api: Data<Api>,
    admin: Data<Admin>,
    request: HttpRequest,
    path: Path<String>,
    body: Payload,
) -> Result<HttpResponse, ApiError> {
    let organization = admitted(&api, &request, &path).await?;
    let CreateKey {
        name,
        scopes,
        allowed_origins,
    } = body::json(&request, body, MAX_BODY).await?;
    let scopes: Result<Vec<Scope>, _> = scopes.iter().map(|word| word.parse()).collect();
    let scopes =
        scopes.map_err(|error| ApiError::new(ErrorCode::Malformed, format!("scopes: {error}")))?;
    let origins = allowed_origins.filter(|origins| !origins.is_empty());
    let made = admin
        .create_key(&organization, &name, scopes.into_iter().collect(), origins)
        .await?;
    Ok(private(StatusCode::CREATED).json(NewKey::new(made)))
}

/// Revokes a key for good, and ends its sign-ins and streams at once.
#[utoipa::path(
    delete,
    path = "/admin/{orgId}/keys/{keyId}",
    tag = "admin",
    params(
        ("orgId" = String, Path, description = "The organization of the key."),
        ("keyId" = String, Path, description = "The key's `id`."),
    ),
    responses(
        (status = 204, description = "Revoked, now or before."),
        (status = 422, description = "Keys are revoked by the auth service.", body = crow_web::ErrorBody),
        ReadErrors,
    ),
    security(("bearer" = []), ("apiKey" = []), ("signIn" = [])),
)]
pub async fn revoke_key(
    api: Data<Api>,
    admin: Data<Admin>,
    request: HttpRequest,
    path: Path<(String, String)>,
) -> Result<HttpResponse, ApiError> {
    let (organization, id) = path.into_inner();
    let organization = admitted(&api, &request, &organization).await?;
    admin.revoke_key(&organization, &id).await?;
    Ok(private(StatusCode::NO_CONTENT).finish())
}

/// Makes a key that may do the same as this one, and revokes this one.
#[utoipa::path(
    post,
    path = "/admin/{orgId}/keys/{keyId}/rotate",
    tag = "admin",
    params(
        ("orgId" = String, Path, description = "The organization of the key."),
        ("keyId" = String, Path, description = "The `id` of a valid key."),
    ),
    responses(
        (status = 201, description = "The new key.", body = NewKey),
        (status = 422, description = "Keys are made by the auth service.", body = crow_web::ErrorBody),
        ReadErrors,
    ),
    security(("bearer" = []), ("apiKey" = []), ("signIn" = [])),
)]
pub async fn rotate_key(
    api: Data<Api>,
    admin: Data<Admin>,
    request: HttpRequest,
    path: Path<(String, String)>,
) -> Result<HttpResponse, ApiError> {
    let (organization, id) = path.into_inner();
    let organization = admitted(&api, &request, &organization).await?;
    let made = admin.rotate_key(&organization, &id).await?;
    Ok(private(StatusCode::CREATED).json(NewKey::new(made)))
}

/// How the installation and the organization are doing.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct HealthView {
    /// Partitions of the whole installation.
    pub partitions: Vec<PartitionView>,
    /// Session keepers of the whole installation.
    pub keepers: Vec<KeeperView>,
    /// Dead letters of the whole installation; null when the bus does not say.
    pub dead_letters: Option<DeadLetterCounts>,
    /// What the organization has stored, up to a minute old.
    pub storage: StorageView,
    /// What comes in for the organization.
    pub ingest: IngestView,
}

/// A partition.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct PartitionView {
    /// Its number.
    pub id: i64,
    /// The keeper that owns it; null when nobody does.
    pub owner: Option<String>,
    /// Grows with each owner.
    pub epoch: i64,
    /// Messages that are not processed; null when the bus does not say.
    pub lag: Option<u64>,
    /// Position in its stream whose effects are committed.
    pub checkpoint: i64,
    /// When the lease ends if it is not renewed, milliseconds since the epoch.
    pub lease_until: i64,
}

/// A session keeper.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct KeeperView {
    /// Its name.
    pub id: String,
    /// When it counts as dead if it is not heard of, milliseconds since the epoch.
    pub alive_until: i64,
}

/// Dead letters that wait for a decision.
#[derive(Debug, Serialize, ToSchema)]
pub struct DeadLetterCounts {
    /// Messages with events.
    pub events: u64,
    /// Announcements of finished sessions.
    pub completions: u64,
}

/// What an organization has stored.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct StorageView {
    /// Bytes of recordings in archives, compressed.
    pub archive_bytes: i64,
    /// Bytes of recordings in packs, compressed.
    pub pack_bytes: i64,
    /// Sessions.
    pub sessions: i64,
    /// Interactions.
    pub events: i64,
    /// Parts of recordings.
    pub chunks: i64,
}

/// What comes in.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct IngestView {
    /// Interactions in each minute of the last hour, oldest first; those with rows.
    pub events_per_minute: Vec<MinuteView>,
    /// Begin of the first session, milliseconds since the epoch; null when there is none.
    pub first_event_at: Option<i64>,
}

/// Interactions in one minute.
#[derive(Debug, Serialize, ToSchema)]
pub struct MinuteView {
    /// Its begin, milliseconds since the epoch.
    pub t: i64,
    /// How many.
    pub count: i64,
}

impl From<Health> for HealthView {
    fn from(health: Health) -> Self {
        let partitions = health
            .partitions
            .into_iter()
            .map(|(row, lag)| PartitionView {
                id: row.id,
                owner: row.owner,
                epoch: row.epoch,
                lag,
                checkpoint: row.checkpoint,
                lease_until: row.lease_until,
            });
        let keepers = health.keepers.into_iter().map(|row| KeeperView {
            id: row.id,
            alive_until: row.alive_until,
        });
        let minutes = health.minutes.into_iter().map(|minute| MinuteView {
            t: minute.t,
            count: minute.count,
        });
        let stored = health.stored;
        Self {
            partitions: partitions.collect(),
            keepers: keepers.collect(),
            dead_letters: health.dead_letters.map(|letters| DeadLetterCounts {
                events: letters.events,
                completions: letters.completions,
            }),
            storage: StorageView {
                archive_bytes: stored.archive_bytes,
                pack_bytes: stored.pack_bytes,
                sessions: stored.sessions,
                events: stored.events,
                chunks: stored.chunks,
            },
            ingest: IngestView {
                events_per_minute: minutes.collect(),
                first_event_at: stored.first_at,
            },
        }
    }
}

/// How the installation and the organization are doing. Partitions, keepers and dead
/// letters are those of the whole installation, and hold nothing of other organizations.
#[utoipa::path(
    get,
    path = "/admin/{orgId}/health",
    tag = "admin",
    params(("orgId" = String, Path, description = "The organization of the key.")),
    responses((status = 200, description = "The state now.", body = HealthView), ReadErrors),
    security(("bearer" = []), ("apiKey" = []), ("signIn" = [])),
)]
pub async fn health(
    api: Data<Api>,
    admin: Data<Admin>,
    request: HttpRequest,
    path: Path<String>,
) -> Result<HttpResponse, ApiError> {
    let organization = admitted(&api, &request, &path).await?;
    let health = admin.health(&organization).await?;
    Ok(private(StatusCode::OK).json(HealthView::from(health)))
}
