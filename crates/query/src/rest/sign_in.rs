//! Sign-in: exchanges a key for a cookie that scripts cannot read.

use std::collections::BTreeSet;

use actix_web::body::BoxBody;
use actix_web::cookie::time::Duration;
use actix_web::cookie::{Cookie, SameSite};
use actix_web::http::header::ORIGIN;
use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse, Responder};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crow_auth::cookie::{COOKIE_NAME, SECURE_COOKIE_NAME, is_forwarded_https, token_of};
use crow_auth::{AuthError, Client, Holder, KeyGrant, PrincipalKind, Role, Scope, Scopes, SignIn};
use crow_db::audit_log::Actor;
use crow_db::settings;
use crow_types::settings::DashboardPage;
use crow_types::{ApiKeySecret, ErrorCode, Timestamp, log_chain};
use crow_web::ApiError;

use crate::admin::Admin;
use crate::api::Api;
use crate::door::http::SignedIn;
use crate::door::pages::open_pages;
use crate::error::Error;
use crate::rest::answers::{Answered, Done, Found};
use crate::rest::attempts::Attempts;
use crate::rest::body;
use crate::rest::described::{Description, Output, Unread};

/// Body limit in bytes. The body holds only a key.
const MAX_BODY: usize = 4 << 10;

/// A response that sets the cookie.
pub struct WithCookie<T> {
    cookie: Cookie<'static>,
    answer: T,
}

impl<T: Responder<Body = BoxBody>> Responder for WithCookie<T> {
    type Body = BoxBody;

    fn respond_to(self, request: &HttpRequest) -> HttpResponse {
        let mut response = self.answer.respond_to(request);
        if let Err(error) = response.add_cookie(&self.cookie) {
            tracing::error!(
                error = log_chain(&error),
                "cannot set the cookie of a sign-in"
            );
        }
        response
    }
}

impl<T: Output> Output for WithCookie<T> {
    fn describe(to: &mut Description) {
        T::describe(to);
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

/// A sign-in.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct SignInView {
    /// The organization of the key or user.
    pub organization_id: String,
    /// What the key or user may do.
    #[schema(value_type = Vec<String>)]
    pub scopes: Scopes,
    /// `owner`, `admin`, `member` or `marketing`; null with a key.
    #[schema(value_type = Option<String>)]
    pub role: Option<Role>,
    /// Who signed in by password; null with a key.
    pub user: Option<UserView>,
    /// First characters of the key; null without one.
    pub key_prefix: Option<String>,
    /// When it expires, milliseconds since the epoch.
    pub expires_at: i64,
    /// Send it as `X-Crow-CSRF` with every request except GET.
    pub csrf_token: String,
    /// Where browsers reach the gateway; null when unknown.
    pub gateway_url: Option<String>,
    /// The setting `traceLink` of the organization.
    pub trace_link: Option<String>,
    /// Pages of the dashboard that the organization opens to the role `marketing`; null: all, and
    /// with any other role.
    pub pages: Option<BTreeSet<DashboardPage>>,
}

/// A user that is signed in.
#[derive(Debug, Serialize, ToSchema)]
pub struct UserView {
    /// Id of the user.
    pub id: String,
    /// The e-mail address.
    pub email: String,
    /// The name.
    pub name: String,
}

impl SignInView {
    async fn of(api: &Api, sign_in: SignIn) -> Result<Self, Error> {
        let settings = settings::read(&api.use_cases.db, &sign_in.organization).await?;
        let (key_prefix, user) = match sign_in.holder {
            Holder::Key { prefix, .. } => (Some(prefix), None),
            Holder::User(user) => (None, Some(user)),
        };
        let role = user.as_ref().map(|user| user.role);
        Ok(Self {
            gateway_url: Some(api.gateway_url.clone()).filter(|url| !url.is_empty()),
            pages: open_pages(role, &settings.settings).cloned(),
            trace_link: settings.settings.trace_link,
            organization_id: sign_in.organization.as_str().to_owned(),
            scopes: sign_in.scopes,
            role,
            user: user.map(|user| UserView {
                id: user.id,
                email: user.email,
                name: user.name,
            }),
            key_prefix,
            expires_at: sign_in.expires_at,
            csrf_token: sign_in.csrf_token,
        })
    }
}

pub async fn begin(
    api: Data<Api>,
    admin: Data<Admin>,
    attempts: Data<Attempts>,
    request: HttpRequest,
    body: Unread<BeginSignIn>,
) -> Result<WithCookie<Found<SignInView>>, ApiError> {
    let asked: BeginSignIn = body::json(&request, body.payload, MAX_BODY, true).await?;
    let verifier = api.door.verifier();
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
    let from = api.door.client_of(&request);
    note(&admin, &grant, &from).await?;
    let started = verifier.sign_in(&key, &grant, from).await;
    let started = started.map_err(|error| failed(&error))?;
    hand_over(&api, &request, started).await
}

async fn note(admin: &Admin, grant: &KeyGrant, from: &Client) -> Result<(), ApiError> {
    let by = Actor {
        kind: PrincipalKind::Key.as_str(),
        id: grant.key_id.clone(),
        address: from.address.clone(),
    };
    Ok(admin.note_sign_in(&by, &grant.organization).await?)
}

/// Sets the cookie of a new sign-in, which replaces the previous one.
pub async fn hand_over(
    api: &Api,
    request: &HttpRequest,
    (token, sign_in): (String, SignIn),
) -> Result<WithCookie<Found<SignInView>>, ApiError> {
    // Before the previous one ends: it stays if this fails.
    let answer = SignInView::of(api, sign_in.clone()).await;
    let answer = answer.map_err(Error::into_api)?;
    let cookie = replace(api, request, &token, &sign_in, is_secure(request)).await?;
    Ok(WithCookie {
        cookie,
        answer: Found(answer),
    })
}

/// The cookie of a new sign-in. Ends the previous one.
pub async fn replace(
    api: &Api,
    request: &HttpRequest,
    token: &str,
    sign_in: &SignIn,
    is_secure: bool,
) -> Result<Cookie<'static>, ApiError> {
    if let Some(before) = token_of(request)
        && let Err(error) = api.door.verifier().sign_out(&before).await
    {
        return Err(failed(&error));
    }
    let lasts = (sign_in.expires_at - Timestamp::now().0) / 1_000;
    Ok(cookie(token, lasts, is_secure))
}

pub async fn show(api: Data<Api>, by: SignedIn) -> Answered<SignInView> {
    Ok(Found(SignInView::of(&api, by.sign_in).await?))
}

pub async fn end(
    api: Data<Api>,
    request: HttpRequest,
    by: SignedIn,
) -> Result<WithCookie<Done>, ApiError> {
    let ended = api.door.verifier().sign_out(&by.token).await;
    ended.map_err(|error| failed(&error))?;
    Ok(WithCookie {
        cookie: cookie("", 0, is_secure(&request)),
        answer: Done,
    })
}

fn failed(error: &(dyn std::error::Error + 'static)) -> ApiError {
    tracing::error!(error = log_chain(error), "cannot write a sign-in");
    ApiError::unavailable("sign-ins cannot be written now; try again")
}

fn origin_of(request: &HttpRequest) -> Option<&str> {
    let value = request.headers().get(ORIGIN)?;
    Some(value.to_str().unwrap_or_default())
}

/// The page's origin shows https even if the proxy does not report it.
fn is_secure(request: &HttpRequest) -> bool {
    let is_page_https = origin_of(request).is_some_and(|origin| origin.starts_with("https://"));
    is_page_https || is_forwarded_https(request)
}

/// Over https the cookie is `Secure`.
fn cookie(token: &str, lasts_secs: i64, is_secure: bool) -> Cookie<'static> {
    let name = if is_secure {
        SECURE_COOKIE_NAME
    } else {
        COOKIE_NAME
    };
    Cookie::build(name, token.to_owned())
        .path("/")
        .http_only(true)
        .same_site(SameSite::Strict)
        .max_age(Duration::seconds(lasts_secs.max(0)))
        .secure(is_secure)
        .finish()
}
