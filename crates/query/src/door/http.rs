//! HTTP requests: the key in a header, else the cookie of a sign-in.

use actix_web::cookie::Cookie;
use actix_web::dev::Payload;
use actix_web::http::header::{COOKIE, ORIGIN, USER_AGENT};
use actix_web::web::{Data, Path};
use actix_web::{FromRequest, HttpRequest};
use futures::FutureExt;
use futures::future::LocalBoxFuture;
use std::collections::BTreeMap;

use crow_auth::{AuthError, Client, Scope, SignIn, key_from_headers};
use crow_web::{ApiError, proxies};

use super::{Allowed, Caller, Credential, Door, Needed, may_be_forged};
use crate::error::Error;
use crate::mask;

/// The path parameter that holds the organization.
pub const ORGANIZATION: &str = "orgId";
/// The cookie's name over http, which is meant for local trials.
pub const COOKIE_NAME: &str = "crow_session";
/// The cookie's name over https. Browsers accept a cookie of this name only from this host and only
/// with `Secure`, so another host under the same domain cannot set it.
pub const SECURE_COOKIE_NAME: &str = "__Host-crow_session";
/// The header that repeats the CSRF token when a request with the cookie changes something.
const CSRF_HEADER: &str = "x-crow-csrf";

impl<S: Needed> FromRequest for Allowed<S> {
    type Error = ApiError;
    type Future = LocalBoxFuture<'static, Result<Self, ApiError>>;

    fn from_request(request: &HttpRequest, _payload: &mut Payload) -> Self::Future {
        let request = request.clone();
        async move {
            let path = path_values(&request)?;
            let organization = path.get(ORGANIZATION).map(String::as_str);
            let caller = caller_of(&request)?;
            // An empty name matches no organization, so a path without one admits nobody.
            let door = door_of(&request)?;
            let admitted = door.admit(caller, organization.unwrap_or_default()).await?;
            if !admitted.principal.scopes().allow(Scope::Read) {
                mask::mask_answer(&request);
            }
            Ok(admitted)
        }
        .boxed_local()
    }
}

/// A caller with a key, in the organization of the key. The cookie of a sign-in does not count:
/// these routes are for programs.
pub struct ByKey<S>(pub Allowed<S>);

impl<S: Needed> FromRequest for ByKey<S> {
    type Error = ApiError;
    type Future = LocalBoxFuture<'static, Result<Self, ApiError>>;

    fn from_request(request: &HttpRequest, _payload: &mut Payload) -> Self::Future {
        let request = request.clone();
        async move {
            let key = key_from_headers(request.headers())?;
            let caller = Caller {
                credential: key.map(Credential::Key),
                ..caller_of(&request)?
            };
            let admitted = door_of(&request)?.admit_to_own(caller).await?;
            Ok(Self(admitted))
        }
        .boxed_local()
    }
}

/// A signed-in caller of any organization, with the token of its cookie.
pub struct SignedIn {
    /// The token.
    pub token: String,
    /// The sign-in.
    pub sign_in: SignIn,
}

impl FromRequest for SignedIn {
    type Error = ApiError;
    type Future = LocalBoxFuture<'static, Result<Self, ApiError>>;

    fn from_request(request: &HttpRequest, _payload: &mut Payload) -> Self::Future {
        let request = request.clone();
        async move {
            let token = token_of(&request).ok_or(AuthError::SignedOut)?;
            let sign_in = door_of(&request)?.verifier().signed_in(&token).await?;
            let given = header(&request, CSRF_HEADER).unwrap_or_default();
            if !request.method().is_safe() && !sign_in.is_meant(&given) {
                return Err(may_be_forged());
            }
            Ok(Self { token, sign_in })
        }
        .boxed_local()
    }
}

fn door_of(request: &HttpRequest) -> Result<Data<Door>, ApiError> {
    let door = request.app_data::<Data<Door>>().cloned();
    door.ok_or_else(|| ApiError::unavailable("access cannot be checked"))
}

/// The values in the path, by name.
pub fn path_values(request: &HttpRequest) -> Result<BTreeMap<String, String>, ApiError> {
    let names = request.match_info().iter().map(|(name, _)| name.to_owned());
    let values = Path::<Vec<String>>::extract(request).into_inner();
    let values = values.map_err(|_no_text| Error::NotFound.into_api())?;
    Ok(names.zip(values.into_inner()).collect())
}

fn caller_of(request: &HttpRequest) -> Result<Caller, ApiError> {
    let credential = match key_from_headers(request.headers())? {
        Some(key) => Some(Credential::Key(key)),
        None => token_of(request).map(Credential::SignIn),
    };
    let address = door_of(request)?.client_of(request).address;
    Ok(Caller {
        address,
        credential,
        origin: header(request, ORIGIN.as_str()),
        changes: !request.method().is_safe(),
        csrf_token: header(request, CSRF_HEADER),
    })
}

impl Door {
    /// Where a request comes from.
    pub fn client_of(&self, request: &HttpRequest) -> Client {
        let address = request
            .peer_addr()
            .map(|peer| proxies::client(peer.ip(), request.headers(), &self.trusted_proxies));
        Client {
            address: address.map(|address| address.to_string()),
            user_agent: header(request, USER_AGENT.as_str()),
        }
    }
}

/// An unreadable header counts as present but invalid.
fn header(request: &HttpRequest, name: &str) -> Option<String> {
    let value = request.headers().get(name)?;
    Some(value.to_str().unwrap_or_default().to_owned())
}

/// The token in a request's cookie. Over https only the `__Host-` cookie counts, which no other
/// host can set.
pub fn token_of(request: &HttpRequest) -> Option<String> {
    match cookie_named(request, SECURE_COOKIE_NAME) {
        Some(token) => Some(token),
        None if is_forwarded_https(request) => None,
        None => cookie_named(request, COOKIE_NAME),
    }
}

/// Skips malformed cookies: other applications on this host may have set them.
fn cookie_named(request: &HttpRequest, name: &str) -> Option<String> {
    let mut cookies = request
        .headers()
        .get_all(COOKIE)
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(';'))
        .filter_map(|cookie| Cookie::parse(cookie.trim()).ok());
    let found = cookies.find(|cookie| cookie.name() == name)?;
    Some(found.value().to_owned())
}

/// Whether the proxy says that the browser uses https.
pub fn is_forwarded_https(request: &HttpRequest) -> bool {
    request.connection_info().scheme() == "https"
}
