//! Who may do what: API keys and their verification.
//!
//! - [`KeyVerifier`]: from a key to its [`KeyGrant`], cached.
//! - [`key_from_headers`]: where a request carries its key.
//! - [`SignIn`]: a key exchanged for a cookie.
//! - [`keys`]: creating, listing and revoking keys, for the command line.
//!
//! The secret of a key is nowhere but in the hands of its owner: the database and the
//! cache know its SHA-256, logs know its id.

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
