//! Sign-in: a key exchanged for a cookie that scripts cannot read.

use std::net::IpAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use actix_web::http::header::{CACHE_CONTROL, COOKIE, ORIGIN, SET_COOKIE};
use actix_web::web::{self, Data, Json, ServiceConfig};
use actix_web::{HttpRequest, HttpResponse};
use moka::sync::Cache;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crow_auth::{AuthError, Scope, Scopes, SignIn};
use crow_types::{ApiKeySecret, ErrorCode, Timestamp};
use crow_web::ApiError;

use crate::rest::handlers::PRIVATE;
use crate::rest::openapi::ReadErrors;
use crate::rest::{Api, CSRF_HEADER};

/// The cookie's name.
const NAME: &str = "crow_session";
/// A body is a key and a few brackets, in bytes.
const MAX_BODY: usize = 4 << 10;
/// Failed attempts of one address in a minute, before it has to wait.
const MAX_FAILURES: u32 = 20;
/// What that is counted over.
const MINUTE: Duration = Duration::from_secs(60);
/// Addresses that are remembered.
const MAX_ADDRESSES: u64 = 10_000;

/// Adds the routes. One per process, since it counts failed attempts.
pub fn configure(cfg: &mut ServiceConfig, attempts: &Attempts) {
    let body = web::JsonConfig::default()
        .limit(MAX_BODY)
        .error_handler(|error, _request| crate::rest::body_error(&error).into());
    cfg.app_data(Data::new(attempts.clone())).service(
        web::resource("/auth/session")
            .app_data(body)
            .route(web::post().to(begin))
            .route(web::get().to(show))
            .route(web::delete().to(end)),
    );
}

/// The token in a request's cookie.
pub fn token_of(request: &HttpRequest) -> Option<String> {
    let pairs = request
        .headers()
        .get_all(COOKIE)
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(';'));
    let mut tokens = pairs.filter_map(|pair| pair.trim().strip_prefix(NAME)?.strip_prefix('='));
    tokens.next().map(str::to_owned)
}

/// Failed attempts, by address. Cloning is cheap.
#[derive(Debug, Clone)]
pub struct Attempts(Cache<IpAddr, Arc<AtomicU32>>);

impl Default for Attempts {
    fn default() -> Self {
        Self(
            Cache::builder()
                .max_capacity(MAX_ADDRESSES)
                .time_to_live(MINUTE)
                .build(),
        )
    }
}

impl Attempts {
    fn check(&self, address: Option<IpAddr>) -> Result<(), ApiError> {
        let failures = address.and_then(|address| self.0.get(&address));
        let is_over = failures.is_some_and(|count| count.load(Ordering::Relaxed) >= MAX_FAILURES);
        if is_over {
            let error = ApiError::new(
                ErrorCode::RateLimited,
                "too many failed sign-ins from this address; wait a minute",
            );
            return Err(error.retry_after(60));
        }
        Ok(())
    }

    fn count(&self, address: Option<IpAddr>) {
        if let Some(address) = address {
            let failures = self.0.get_with(address, Arc::default);
            failures.fetch_add(1, Ordering::Relaxed);
        }
    }
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
}

impl From<SignIn> for SignInView {
    fn from(sign_in: SignIn) -> Self {
        Self {
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
         headers(("Set-Cookie" = String, description = "`crow_session`: HttpOnly, SameSite=Strict, and Secure over https."))),
        (status = 413, description = "The body is too large.", body = crow_web::ErrorBody),
        (status = 415, description = "The body is not JSON.", body = crow_web::ErrorBody),
        (status = 429, description = "Too many failed attempts.", body = crow_web::ErrorBody),
        ReadErrors,
    ),
)]
pub async fn begin(
    api: Data<Api>,
    attempts: Data<Attempts>,
    request: HttpRequest,
    body: Json<BeginSignIn>,
) -> Result<HttpResponse, ApiError> {
    let address = request.peer_addr().map(|peer| peer.ip());
    attempts.check(address)?;
    let verifier = api.access.verifier();
    let grant = match ApiKeySecret::parse(body.key.trim()) {
        Some(key) => verifier.verify(&key).await.map(|grant| (key, grant)),
        None => Err(AuthError::Unknown),
    };
    let (key, grant) = grant.inspect_err(|error| {
        if *error == AuthError::Unknown {
            attempts.count(address);
        }
    })?;
    let origin = request
        .headers()
        .get(ORIGIN)
        .map(|value| value.to_str().unwrap_or_default());
    if !grant.scopes.allow(Scope::Read) || !grant.allows_origin(origin) {
        return Err(ApiError::new(
            ErrorCode::Forbidden,
            "sign in with an API key that has the scope `read` and may be used from this page",
        ));
    }
    let (token, sign_in) = verifier
        .sign_in(&key, &grant)
        .await
        .map_err(|error| failed(&error))?;
    let lasts = (sign_in.expires_at - Timestamp::now().0) / 1_000;
    Ok(HttpResponse::Ok()
        .insert_header((CACHE_CONTROL, PRIVATE))
        .insert_header((SET_COOKIE, cookie(&request, &token, lasts)))
        .json(SignInView::from(sign_in)))
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
        .json(SignInView::from(sign_in)))
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
    tracing::error!(error = error.to_string(), "a sign-in was not written");
    ApiError::unavailable("sign-ins cannot be written now; try again")
}

/// Over https the browser must not send it any other way.
fn cookie(request: &HttpRequest, token: &str, lasts_secs: i64) -> String {
    let is_secure = request.connection_info().scheme() == "https";
    let secure = if is_secure { "; Secure" } else { "" };
    format!(
        "{NAME}={token}; Path=/; HttpOnly; SameSite=Strict; Max-Age={}{secure}",
        lasts_secs.max(0)
    )
}
