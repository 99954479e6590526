//! HTTP requests: the key in a header, else the cookie of a sign-in.

use actix_web::dev::Payload;
use actix_web::http::header::{AUTHORIZATION, ORIGIN, USER_AGENT};
use actix_web::web::{Data, Path};
use actix_web::{FromRequest, HttpRequest};
use futures::FutureExt;
use futures::future::LocalBoxFuture;
use std::collections::BTreeMap;
use std::future::{Ready, ready};

use crow_auth::cookie::{CSRF_HEADER, token_of};
use crow_auth::{
    AuthError, Client, Forwarded, NotRecognised, Presented, PrincipalKind, Scope, SignIn,
    key_from_headers,
};
use crow_types::ErrorCode;
use crow_web::{ApiError, Peer, proxies};

use super::{Allowed, Caller, Credential, Door, Needed, may_be_forged};
use crate::error::Error;
use crate::mask;

/// The path parameter that holds the organization.
pub const ORGANIZATION: &str = "orgId";

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
/// these routes are for programs. The key may have come through the API gateway.
pub struct ByKey<S>(pub Allowed<S>);

impl<S: Needed> FromRequest for ByKey<S> {
    type Error = ApiError;
    type Future = LocalBoxFuture<'static, Result<Self, ApiError>>;

    fn from_request(request: &HttpRequest, _payload: &mut Payload) -> Self::Future {
        let request = request.clone();
        async move {
            let mut caller = caller_of(&request)?;
            let is_cookie = |shown: &Credential| matches!(shown, Credential::SignIn(_));
            caller.credential = caller.credential.filter(|shown| !is_cookie(shown));
            let admitted = door_of(&request)?.admit_to_own(caller).await?;
            match admitted.principal.kind() {
                PrincipalKind::Key => Ok(Self(admitted)),
                PrincipalKind::User | PrincipalKind::Public | PrincipalKind::System => {
                    Err(keys_only())
                }
            }
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

/// Another service, which presented its certificate or the system secret. It belongs to no
/// organization, so no route of one takes it. The routes that do take it are all that it may use.
pub struct BySystem(());

impl FromRequest for BySystem {
    type Error = ApiError;
    type Future = Ready<Result<Self, ApiError>>;

    fn from_request(request: &HttpRequest, _payload: &mut Payload) -> Self::Future {
        let header = header(request, AUTHORIZATION.as_str()).unwrap_or_default();
        let secret = header
            .split_once(' ')
            .filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer"));
        let secret = secret.map_or("", |(_, secret)| secret.trim());
        let peer = Peer::of(request);
        let presented = Presented::of(request, peer.as_ref(), secret);
        let recognised = door_of(request).and_then(|door| {
            let outcome = door.system.recognise(&presented);
            outcome.map_err(not_for_you)
        });
        ready(recognised.map(Self))
    }
}

fn not_for_you(reason: NotRecognised) -> ApiError {
    let text = match reason {
        NotRecognised::Identity => {
            "this route is for services: auth.system_identities has no name of your certificate"
        }
        NotRecognised::Secret => {
            "this route is for services: send the system secret as `Authorization: Bearer …`"
        }
        NotRecognised::Proxied => {
            "this route is for services inside: call crow-query itself, not through a proxy"
        }
    };
    ApiError::new(ErrorCode::Unauthenticated, text)
}

/// The API gateway has made a token of a cookie.
fn keys_only() -> ApiError {
    ApiError::new(
        ErrorCode::Forbidden,
        "this route is for programs: send an API key as `Authorization: Bearer crow_…`",
    )
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
    let credential = match Forwarded::of(request) {
        Some(forwarded) => Some(Credential::Forwarded(forwarded)),
        None => match key_from_headers(request.headers())? {
            Some(key) => Some(Credential::Key(key)),
            None => token_of(request).map(Credential::SignIn),
        },
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
