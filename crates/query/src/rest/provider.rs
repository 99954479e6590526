//! Sign-in with an OpenID Connect provider. A browser follows these addresses by itself, so the
//! answers are redirects.

use actix_web::body::BoxBody;
use actix_web::cookie::time::Duration;
use actix_web::cookie::{Cookie, SameSite};
use actix_web::http::header::{CACHE_CONTROL, HeaderValue, LOCATION, REFERRER_POLICY};
use actix_web::web::{Data, Query};
use actix_web::{HttpRequest, HttpResponse, Responder};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa::openapi::ResponseBuilder;

use crow_accounts::{Accounts, AccountsError, Oidc, Problem};
use crow_auth::cookie;
use crow_types::log_chain;
use crow_web::ApiError;

use crate::api::Api;
use crate::ask::accounts::StartWithProvider;
use crate::rest::answers::{Answered, Found, PRIVATE};
use crate::rest::asked::Open;
use crate::rest::attempts::Attempts;
use crate::rest::described::{Description, Output};
use crate::rest::sign_in::replace;

/// The cookie between the start and the return.
const COOKIE: &str = "crow_oidc";
/// The same over https, which no other host can set.
const SECURE_COOKIE: &str = "__Host-crow_oidc";
const START: &str = "/auth/oidc/start";
/// Where the dashboard is.
const DASHBOARD: &str = "/app";

/// The ways to sign in, besides keys and invitations.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Ways {
    /// The OpenID Connect provider; null without one.
    pub provider: Option<ProviderView>,
    /// The origin of the pages on which passkeys work; null: they are off.
    pub passkey_origin: Option<String>,
}

/// An OpenID Connect provider.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ProviderView {
    /// The text of the button.
    pub name: String,
    /// Where the button leads. `?next=/app/…` names the page to return to.
    pub start_url: String,
}

/// Sends a browser elsewhere, with cookies.
pub struct Redirect {
    to: String,
    cookies: Vec<Cookie<'static>>,
}

impl Responder for Redirect {
    type Body = BoxBody;

    fn respond_to(self, _request: &HttpRequest) -> HttpResponse {
        let mut response = HttpResponse::SeeOther()
            .insert_header((CACHE_CONTROL, PRIVATE))
            // The address of the return holds a code.
            .insert_header((REFERRER_POLICY, HeaderValue::from_static("no-referrer")))
            .insert_header((LOCATION, self.to))
            .finish();
        for cookie in &self.cookies {
            if let Err(error) = response.add_cookie(cookie) {
                tracing::error!(
                    error = log_chain(&error),
                    "cannot set the cookie of a sign-in"
                );
            }
        }
        response
    }
}

impl Output for Redirect {
    fn describe(to: &mut Description) {
        let response = ResponseBuilder::new().description("To the address in `Location`.");
        to.answer("303", response);
    }
}

/// What a provider adds to the address. It may add more than these.
#[derive(Deserialize)]
struct Returned {
    code: Option<String>,
    state: Option<String>,
}

pub async fn ways(accounts: Data<Accounts>) -> Answered<Ways> {
    let provider = accounts.oidc().map(|oidc| ProviderView {
        name: oidc.name().to_owned(),
        start_url: START.to_owned(),
    });
    let passkeys = accounts.passkeys();
    Ok(Found(Ways {
        provider,
        passkey_origin: passkeys.map(|passkeys| passkeys.origin().to_owned()),
    }))
}

pub async fn start(
    accounts: Data<Accounts>,
    request: HttpRequest,
    asked: Open<StartWithProvider>,
) -> Result<Redirect, ApiError> {
    let oidc = accounts.oidc().ok_or(AccountsError::NoProvider)?;
    let next = asked.0.next.as_ref().map(|next| next.0.as_str());
    let before = cookie::token_of(&request);
    Ok(match oidc.begin(next, before.as_deref()).await {
        Ok(started) => Redirect {
            to: started.url,
            cookies: vec![state_cookie(oidc, started.cookie, started.cookie_seconds)],
        },
        Err(problem) => refused(oidc, problem),
    })
}

pub async fn finish(
    api: Data<Api>,
    accounts: Data<Accounts>,
    attempts: Data<Attempts>,
    request: HttpRequest,
) -> Result<Redirect, ApiError> {
    let oidc = accounts.oidc().ok_or(AccountsError::NoProvider)?;
    attempts.returns(&request)?;
    let returned = Query::<Returned>::from_query(request.query_string()).ok();
    let cookie = cookie::named(&request, state_name(oidc));
    let (Some(returned), Some(cookie)) = (returned, cookie) else {
        return Ok(refused(oidc, Problem::Expired));
    };
    let Returned { code, state } = returned.into_inner();
    let Some(code) = code else {
        return Ok(refused(oidc, Problem::Denied));
    };
    let state = state.unwrap_or_default();
    let from = api.door.client_of(&request);
    let signed_in = accounts.sign_in_with(oidc, &cookie, &state, code, from);
    match signed_in.await {
        Ok((token, sign_in, next)) => {
            let own = replace(&api, &request, &token, &sign_in, oidc.is_https()).await?;
            Ok(Redirect {
                to: next.unwrap_or_else(|| DASHBOARD.to_owned()),
                cookies: vec![own, state_cookie(oidc, String::new(), 0)],
            })
        }
        Err(problem) => Ok(refused(oidc, problem)),
    }
}

/// To the dashboard, which says why. The cookie has been used.
fn refused(oidc: &Oidc, problem: Problem) -> Redirect {
    Redirect {
        to: format!("{DASHBOARD}?signInProblem={}", problem.as_str()),
        cookies: vec![state_cookie(oidc, String::new(), 0)],
    }
}

fn state_name(oidc: &Oidc) -> &'static str {
    if oidc.is_https() {
        SECURE_COOKIE
    } else {
        COOKIE
    }
}

/// `Lax`: the browser returns from another site.
fn state_cookie(oidc: &Oidc, value: String, lasts_secs: i64) -> Cookie<'static> {
    Cookie::build(state_name(oidc), value)
        .path("/")
        .http_only(true)
        .same_site(SameSite::Lax)
        .max_age(Duration::seconds(lasts_secs))
        .secure(oidc.is_https())
        .finish()
}
