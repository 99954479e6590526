//! Authentication and authorization: API keys and sign-ins.
//!
//! - [`KeyVerifier`]: from a key to its [`KeyGrant`], cached.
//! - [`key_from_headers`]: the key of a request.
//! - [`SignIn`]: a key or a password exchanged for a cookie.
//! - [`Principal`]: who makes a request, whichever way they came in.
//! - [`GatewayChannel`]: what the API gateway forwards, with a token.
//! - [`KnownServices`]: which services are recognised, by certificate or secret.
//! - [`LinkToken`]: the token of a public link.
//! - [`keys`]: creates, lists and revokes keys.
//!
//! Only the owner has the secret of a key. The database and the cache hold its SHA-256, and logs
//! hold its id.

mod cache;
mod channel;
mod check;
mod config;
pub mod cookie;
mod error;
mod grant;
mod headers;
mod jwt;
pub mod keys;
mod link;
mod origin;
mod principal;
mod rate;
mod remote;
mod role;
mod secret;
mod service;
mod sign_in;
#[cfg(test)]
mod tests;
mod verifier;

pub use channel::{Forwarded, GATEWAY_KEY_HEADER, GatewayChannel, ORGANIZATION_HEADER};
pub use config::AuthConfig;
pub use error::{AuthConfigError, AuthError};
pub use grant::{KeyGrant, Scope, Scopes, UnknownScope};
pub use headers::{key_from_bearer, key_from_headers};
pub use jwt::verifier::TokenVerifier;
pub use jwt::{InvalidSigningKey, Jwks, KeySet, Signer, TokenError};
pub use link::LinkToken;
pub use origin::{OriginError, normalised as normalised_origin};
pub use principal::{Principal, PrincipalKind};
pub use rate::KeyRate;
pub use role::{Role, UnknownRole};
pub use secret::SharedSecret;
pub use service::{KnownServices, NotRecognised, Presented};
pub use sign_in::{Client, Holder, SignIn, SignedInUser, hash_of};
pub use verifier::KeyVerifier;
