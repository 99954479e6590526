//! Checks tokens with the keys of the gateway, which it fetches.

use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use moka::sync::Cache;
use tokio::sync::Mutex;
use tokio::time::Instant;
use tracing::warn;

use crow_types::{Timestamp, log_chain};

use super::{Jwks, KeySet, Opened, TokenError};
use crate::cache::STALE_FOR;
use crate::config::AuthConfig;
use crate::error::AuthConfigError;
use crate::principal::Principal;
use crate::remote::{RemoteError, client, whole};

/// How long a document is believed. A key that the gateway drops is refused after this.
const FRESH: Duration = Duration::from_secs(60);
/// The most tokens whose signature is remembered.
const MAX_OPENED: u64 = 10_000;
/// Time between two fetches, whatever tokens say.
const PAUSE: Duration = Duration::from_secs(5);

/// Checks tokens. The keys come from a document of the gateway, and are fetched again every minute
/// and for a token with an unknown key. Cloning is cheap.
#[derive(Debug, Clone)]
pub struct TokenVerifier {
    inner: Arc<Inner>,
}

#[derive(Debug)]
struct Inner {
    client: reqwest::Client,
    url: String,
    environment: String,
    known: RwLock<Known>,
    /// Tokens that these keys have signed: the gateway sends the same one for a minute.
    opened: Cache<String, Opened>,
    /// Held while fetching, so that there is one fetch at a time.
    turn: Mutex<()>,
}

#[derive(Debug, Clone, Default)]
struct Known {
    set: Arc<KeySet>,
    fetched: Option<Instant>,
    tried: Option<Instant>,
}

impl Known {
    fn is_fresh(&self) -> bool {
        self.fetched.is_some_and(|at| at.elapsed() < FRESH)
    }

    fn is_usable(&self) -> bool {
        self.fetched
            .is_some_and(|at| at.elapsed() < FRESH + STALE_FOR)
    }

    fn may_try(&self) -> bool {
        self.tried.is_none_or(|at| at.elapsed() >= PAUSE)
    }
}

impl TokenVerifier {
    /// With the document at `auth.jwks_url`, for tokens of this environment.
    ///
    /// # Errors
    /// When the HTTP client cannot be created.
    pub fn new(config: &AuthConfig, environment: &str) -> Result<Self, AuthConfigError> {
        let inner = Inner {
            client: client(config.client_tls()?)?,
            url: config.jwks_url.clone(),
            environment: environment.to_owned(),
            known: RwLock::default(),
            opened: Cache::builder()
                .max_capacity(MAX_OPENED)
                .time_to_live(FRESH)
                .build(),
            turn: Mutex::default(),
        };
        Ok(Self {
            inner: Arc::new(inner),
        })
    }

    /// The principal of a valid token.
    ///
    /// # Errors
    /// When it is not to be believed, or the keys are not available.
    pub async fn verify(&self, token: &str) -> Result<Principal, TokenError> {
        let mut known = self.inner.known();
        if !known.is_fresh() {
            known = self.inner.fetch().await;
        }
        let outcome = self.inner.check(&known, token);
        if outcome != Err(TokenError::UnknownKey) || !known.may_try() {
            return outcome;
        }
        let known = self.inner.fetch().await;
        self.inner.check(&known, token)
    }
}

#[cfg(test)]
impl TokenVerifier {
    /// As if the last fetch were long ago.
    pub(crate) fn forget_try(&self) {
        self.inner.known.write().unwrap().tried = None;
    }
}

impl Inner {
    fn known(&self) -> Known {
        let known = self.known.read().unwrap_or_else(PoisonError::into_inner);
        known.clone()
    }

    fn check(&self, known: &Known, token: &str) -> Result<Principal, TokenError> {
        if !known.is_usable() {
            return Err(TokenError::NoKeys);
        }
        let now = Timestamp::now();
        if let Some(opened) = self.opened.get(token) {
            return if opened.has_expired(now.0.div_euclid(1_000)) {
                Err(TokenError::Expired)
            } else {
                Ok(opened.principal)
            };
        }
        let opened = known.set.open(token, &self.environment, now)?;
        self.opened.insert(token.to_owned(), opened.clone());
        Ok(opened.principal)
    }

    /// Fetches the document, unless that was tried just now. Returns what is known then.
    async fn fetch(&self) -> Known {
        let _turn = self.turn.lock().await;
        if !self.known().may_try() {
            return self.known();
        }
        let answer = self.ask().await;
        let mut known = self.known.write().unwrap_or_else(PoisonError::into_inner);
        known.tried = Some(Instant::now());
        match answer {
            Ok(document) => {
                known.set = Arc::new(KeySet::new(&document));
                known.fetched = known.tried;
                // A key may be gone.
                self.opened.invalidate_all();
            }
            Err(error) => warn!(
                error = log_chain(&error),
                "cannot fetch the keys of the gateway"
            ),
        }
        known.clone()
    }

    async fn ask(&self) -> Result<Jwks, RemoteError> {
        let response = self.client.get(&self.url).send().await;
        let response = response.map_err(reqwest::Error::without_url)?;
        if !response.status().is_success() {
            return Err(RemoteError::Status(response.status().as_u16()));
        }
        let body = whole(response).await?;
        serde_json::from_slice(&body)
            .map_err(|_error| RemoteError::Answer("it is not the expected JSON"))
    }
}
