//! Authentication and authorization: API keys and sign-ins.
//!
//! - [`KeyVerifier`]: from a key to its [`KeyGrant`], cached.
//! - [`key_from_headers`]: the key of a request.
//! - [`SignIn`]: a key exchanged for a cookie.
//! - [`keys`]: creates, lists and revokes keys.
//!
//! Only the owner has the secret of a key. The database and the cache hold its SHA-256, and logs
//! hold its id.

mod cache;
mod config;
mod error;
mod grant;
mod headers;
pub mod keys;
mod origin;
mod remote;
mod sign_in;
#[cfg(test)]
mod tests;
mod verifier;

pub use config::AuthConfig;
pub use error::{AuthConfigError, AuthError};
pub use grant::{KeyGrant, Scope, Scopes, UnknownScope};
pub use headers::{key_from_bearer, key_from_headers};
pub use origin::{OriginError, normalised as normalised_origin};
pub use sign_in::SignIn;
pub use verifier::KeyVerifier;
