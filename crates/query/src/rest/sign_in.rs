//! Sign-in: a key exchanged for a cookie that scripts cannot read.

use std::hash::Hash;
use std::net::IpAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use actix_web::http::header::{CACHE_CONTROL, COOKIE, ORIGIN, SET_COOKIE};
use actix_web::web::{self, Data, Payload, ServiceConfig};
use actix_web::{HttpRequest, HttpResponse};
use ipnet::IpNet;
use moka::sync::Cache;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crow_auth::{AuthError, Scope, Scopes, SignIn};
use crow_types::{ApiKeySecret, ErrorCode, Timestamp, log_chain};
use crow_web::{ApiError, proxies};

use crate::rest::handlers::PRIVATE;
use crate::rest::openapi::ReadErrors;
use crate::rest::{Api, CSRF_HEADER, body};

/// The cookie's name over http, which is for trying things out.
const NAME: &str = "crow_session";
/// Over https: browsers take a cookie of this name only from this very host, and only
/// `Secure`. A neighbour under the same domain cannot set it.
const SECURE_NAME: &str = "__Host-crow_session";
/// A body is a key and a few brackets, in bytes.
const MAX_BODY: usize = 4 << 10;
/// Failed attempts of one address in a minute, after which it hears only that.
const MAX_FAILURES: u32 = 20;
/// Sign-ins with one key in a minute.
const MAX_SIGN_INS: u32 = 60;
/// What that is counted over.
const MINUTE: Duration = Duration::from_secs(60);
/// Addresses and keys that are remembered.
const MAX_COUNTED: u64 = 10_000;

/// Adds the routes. One per process, since it counts failed attempts.
pub fn configure(cfg: &mut ServiceConfig, attempts: &Attempts) {
    cfg.app_data(Data::new(attempts.clone())).service(
        web::resource("/auth/session")
            .route(web::post().to(begin))
            .route(web::get().to(show))
            .route(web::delete().to(end)),
    );
}

/// The token in a request's cookie. Over https only the cookie counts that no other host
/// can have set.
pub fn token_of(request: &HttpRequest) -> Option<String> {
    let plain = || cookie_named(request, NAME);
    match cookie_named(request, SECURE_NAME) {
        Some(token) => Some(token),
        None if is_forwarded_https(request) => None,
        None => plain(),
    }
}

fn cookie_named(request: &HttpRequest, name: &str) -> Option<String> {
    let pairs = request
        .headers()
        .get_all(COOKIE)
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(';'));
    let mut tokens = pairs.filter_map(|pair| pair.trim().strip_prefix(name)?.strip_prefix('='));
    tokens.next().map(str::to_owned)
}

/// Counts attempts, so that nobody makes too many. Cloning is cheap.
#[derive(Debug, Clone)]
pub struct Attempts {
    failures: Counts<IpAddr>,
    sign_ins: Counts<String>,
    trusted_proxies: Arc<Vec<IpNet>>,
}

type Counts<K> = Cache<K, Arc<AtomicU32>>;

impl Attempts {
    /// Behind these proxies.
    #[must_use]
    pub fn new(trusted_proxies: Vec<IpNet>) -> Self {
        Self {
            failures: counts(),
            sign_ins: counts(),
            trusted_proxies: Arc::new(trusted_proxies),
        }
    }

    /// Counts a wrong key. What was counted never refuses a right one.
    fn failed(&self, request: &HttpRequest) -> Result<(), ApiError> {
        let Some(peer) = request.peer_addr() else {
            return Ok(());
        };
        let client = proxies::client(peer.ip(), request.headers(), &self.trusted_proxies);
        if count(&self.failures, client) > MAX_FAILURES {
            return Err(wait("too many failed sign-ins from this address"));
        }
        Ok(())
    }

    /// Counts a sign-in with a right key.
    fn signs_in(&self, key_id: &str) -> Result<(), ApiError> {
        if count(&self.sign_ins, key_id.to_owned()) > MAX_SIGN_INS {
            return Err(wait("too many sign-ins with this key"));
        }
        Ok(())
    }
}

fn counts<K: Hash + Eq + Send + Sync + 'static>() -> Counts<K> {
    Cache::builder()
        .max_capacity(MAX_COUNTED)
        .time_to_live(MINUTE)
        .build()
}

fn count<K: Hash + Eq + Send + Sync + 'static>(counts: &Counts<K>, of: K) -> u32 {
    let count = counts.get_with(of, Arc::default);
    count.fetch_add(1, Ordering::Relaxed).saturating_add(1)
}

fn wait(what: &str) -> ApiError {
    ApiError::new(ErrorCode::RateLimited, format!("{what}; wait a minute")).retry_after(60)
}

/// A key to sign in with.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct BeginSignIn {
    /// An API key with scope `read`.
    #[schema(example = "crow_…")]
    key: String,
}

/// Who is signed in.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct SignInView {
    /// The organization of the key.
    pub organization_id: String,
    /// What the key may do.
    #[schema(value_type = Vec<String>)]
    pub scopes: Scopes,
    /// First characters of the key.
    pub key_prefix: String,
    /// When it is over, milliseconds since the epoch.
    pub expires_at: i64,
    /// To be sent as `X-Crow-CSRF` with every request but GET.
    pub csrf_token: String,
    /// Where browsers reach the gateway; null when the server was not told.
    pub gateway_url: Option<String>,
}

impl SignInView {
    fn new(sign_in: SignIn, gateway_url: &str) -> Self {
        Self {
            gateway_url: Some(gateway_url.to_owned()).filter(|url| !url.is_empty()),
            organization_id: sign_in.organization.as_str().to_owned(),
            scopes: sign_in.scopes,
            key_prefix: sign_in.key_prefix,
            expires_at: sign_in.expires_at,
            csrf_token: sign_in.csrf_token,
        }
    }
}

/// Signs in: exchanges a key for a cookie that lasts twelve hours, or one where an auth
/// service verifies keys. Revoking the key ends it at once.
#[utoipa::path(
    post,
    operation_id = "sign_in",
    path = "/auth/session",
    tag = "sign-in",
    request_body = BeginSignIn,
    responses(
        (status = 200, description = "Signed in.", body = SignInView,
         headers(("Set-Cookie" = String, description = "`__Host-crow_session` over https, Secure; `crow_session` over http. HttpOnly, SameSite=Strict."))),
        (status = 408, description = "The body did not arrive in time.", body = crow_web::ErrorBody),
        (status = 413, description = "The body is too large.", body = crow_web::ErrorBody),
        (status = 415, description = "The body is not JSON.", body = crow_web::ErrorBody),
        (status = 429, description = "Too many failed attempts, or too many sign-ins with the key.", body = crow_web::ErrorBody),
        ReadErrors,
    ),
)]
pub async fn begin(
    api: Data<Api>,
    attempts: Data<Attempts>,
    request: HttpRequest,
    body: Payload,
) -> Result<HttpResponse, ApiError> {
    let asked: BeginSignIn = body::json(&request, body, MAX_BODY).await?;
    let verifier = api.access.verifier();
    let grant = match ApiKeySecret::parse(asked.key.trim()) {
        Some(key) => verifier.verify(&key).await.map(|grant| (key, grant)),
        None => Err(AuthError::Unknown),
    };
    if matches!(grant, Err(AuthError::Unknown)) {
        attempts.failed(&request)?;
    }
    let (key, grant) = grant?;
    if !grant.scopes.allow(Scope::Read) || !grant.allows_origin(origin_of(&request)) {
        return Err(ApiError::new(
            ErrorCode::Forbidden,
            "sign in with an API key that has the scope `read` and may be used from this page",
        ));
    }
    attempts.signs_in(&grant.key_id)?;
    let (token, sign_in) = verifier
        .sign_in(&key, &grant)
        .await
        .map_err(|error| failed(&error))?;
    // Who signs in again has no use for the sign-in before.
    if let Some(before) = token_of(&request)
        && let Err(error) = verifier.sign_out(&before).await
    {
        return Err(failed(&error));
    }
    let lasts = (sign_in.expires_at - Timestamp::now().0) / 1_000;
    Ok(HttpResponse::Ok()
        .insert_header((CACHE_CONTROL, PRIVATE))
        .insert_header((SET_COOKIE, cookie(&request, &token, lasts)))
        .json(SignInView::new(sign_in, &api.gateway_url)))
}

/// Who is signed in.
#[utoipa::path(
    get,
    operation_id = "get_signed_in",
    path = "/auth/session",
    tag = "sign-in",
    responses((status = 200, description = "Signed in.", body = SignInView), ReadErrors),
    security(("signIn" = [])),
)]
pub async fn show(api: Data<Api>, request: HttpRequest) -> Result<HttpResponse, ApiError> {
    let (_token, sign_in) = signed_in(&api, &request).await?;
    Ok(HttpResponse::Ok()
        .insert_header((CACHE_CONTROL, PRIVATE))
        .json(SignInView::new(sign_in, &api.gateway_url)))
}

/// Signs out.
#[utoipa::path(
    delete,
    operation_id = "sign_out",
    path = "/auth/session",
    tag = "sign-in",
    responses((status = 204, description = "Signed out."), ReadErrors),
    security(("signIn" = [])),
)]
pub async fn end(api: Data<Api>, request: HttpRequest) -> Result<HttpResponse, ApiError> {
    let (token, sign_in) = signed_in(&api, &request).await?;
    let given = request.headers().get(CSRF_HEADER);
    let given = given.and_then(|value| value.to_str().ok());
    if !sign_in.is_meant(given.unwrap_or_default()) {
        return Err(crate::access::may_be_forged());
    }
    api.access
        .verifier()
        .sign_out(&token)
        .await
        .map_err(|error| failed(&error))?;
    Ok(HttpResponse::NoContent()
        .insert_header((CACHE_CONTROL, PRIVATE))
        .insert_header((SET_COOKIE, cookie(&request, "", 0)))
        .finish())
}

async fn signed_in(api: &Api, request: &HttpRequest) -> Result<(String, SignIn), ApiError> {
    let token = token_of(request).ok_or(AuthError::SignedOut)?;
    let sign_in = api.access.verifier().signed_in(&token).await?;
    Ok((token, sign_in))
}

fn failed(error: &(dyn std::error::Error + 'static)) -> ApiError {
    tracing::error!(error = log_chain(error), "a sign-in was not written");
    ApiError::unavailable("sign-ins cannot be written now; try again")
}

fn origin_of(request: &HttpRequest) -> Option<&str> {
    let value = request.headers().get(ORIGIN)?;
    Some(value.to_str().unwrap_or_default())
}

fn is_forwarded_https(request: &HttpRequest) -> bool {
    request.connection_info().scheme() == "https"
}

/// Over https the browser must not send it any other way. A page says where it is, also
/// when the proxy does not.
fn cookie(request: &HttpRequest, token: &str, lasts_secs: i64) -> String {
    let is_page_https = origin_of(request).is_some_and(|origin| origin.starts_with("https://"));
    let (name, secure) = if is_page_https || is_forwarded_https(request) {
        (SECURE_NAME, "; Secure")
    } else {
        (NAME, "")
    };
    format!(
        "{name}={token}; Path=/; HttpOnly; SameSite=Strict; Max-Age={}{secure}",
        lasts_secs.max(0)
    )
}
