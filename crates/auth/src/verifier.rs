use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use moka::future::Cache;
use moka::ops::compute::{CompResult, Op};
use subtle::ConstantTimeEq;
use tokio::sync::Semaphore;
use tracing::warn;

use crow_db::Db;
use crow_db::api_keys::ApiKeyRow;
use crow_db::sign_ins::KeyHolder;
use crow_types::{ApiKeySecret, Timestamp, log_chain};

use crate::cache::{Entry, STALE_FOR};
use crate::config::AuthConfig;
use crate::error::{AuthConfigError, AuthError};
use crate::grant::KeyGrant;
use crate::keys;
use crate::rate::KeyRates;
use crate::remote::{RemoteError, RemoteVerifier};

/// Maximum number of cached keys, known and unknown.
const MAX_ENTRIES: u64 = 10_000;
/// After a failed look-up, the same key is not looked up again for this long. Other keys are, so
/// that a key that makes the auth service fail cannot block them.
const REST: Duration = Duration::from_secs(1);
/// Concurrent look-ups. Others wait for a turn.
const LOOK_UPS: usize = 64;
/// Maximum time that a caller waits for a turn and a result.
const PATIENCE: Duration = Duration::from_secs(3);
/// The use of a key is written at most this often, in milliseconds.
const USE_NOTED_EVERY: i64 = 3_600_000;

/// Verifies API keys and caches the results. Cloning is cheap; all clones share the cache.
#[derive(Debug, Clone)]
pub struct KeyVerifier {
    inner: Arc<Inner>,
}

#[derive(Debug)]
struct Inner {
    db: Db,
    remote: Option<RemoteVerifier>,
    believed_for: Duration,
    cache: Cache<String, Entry>,
    /// Grows with each [`KeyVerifier::forget`]. A look-up that was running at that time is
    /// repeated.
    forgotten: AtomicU64,
    /// Keys whose look-up failed within the last second.
    resting: Cache<String, ()>,
    turns: Semaphore,
    rates: KeyRates,
}

impl KeyVerifier {
    /// Uses the auth service if the configuration names one, else `db`.
    ///
    /// With an auth service, the process-wide TLS provider must already be installed
    /// (`crow_runtime::install_crypto`).
    pub fn new(db: Db, config: &AuthConfig) -> Result<Self, AuthConfigError> {
        config.check()?;
        let remote = match config.service_url.as_str() {
            "" => None,
            _ => Some(RemoteVerifier::new(config)?),
        };
        let believed_for = Duration::from_secs(config.cache_seconds);
        let cache = Cache::builder()
            .max_capacity(MAX_ENTRIES)
            .time_to_live(believed_for + STALE_FOR)
            .build();
        let inner = Inner {
            db,
            remote,
            believed_for,
            cache,
            forgotten: AtomicU64::new(0),
            resting: Cache::builder()
                .max_capacity(MAX_ENTRIES)
                .time_to_live(REST)
                .build(),
            turns: Semaphore::new(LOOK_UPS),
            rates: KeyRates::new(),
        };
        Ok(Self {
            inner: Arc::new(inner),
        })
    }

    /// The rights of a key.
    ///
    /// While the source of keys is not available, a cached result is used for up to five minutes
    /// longer than usual. Concurrent callers with the same key share one look-up.
    pub async fn verify(&self, key: &ApiKeySecret) -> Result<Arc<KeyGrant>, AuthError> {
        let hash = key.hash();
        if let Some(entry) = self.inner.cache.get(&hash).await.filter(Entry::is_fresh) {
            return entry.answer();
        }
        // Boxed because it is rare, so that the future of a request stays small.
        Box::pin(self.ask(key, hash)).await
    }

    /// The rights of a key for one request, which counts toward the key's own limit.
    pub async fn admit(&self, key: &ApiKeySecret) -> Result<Arc<KeyGrant>, AuthError> {
        let grant = self.verify(key).await?;
        if let Some(rate) = grant.requests_per_second {
            self.inner.rates.count(&grant.key_id, rate)?;
        }
        Ok(grant)
    }

    /// Looks the key up, once for all concurrent callers.
    async fn ask(&self, key: &ApiKeySecret, hash: String) -> Result<Arc<KeyGrant>, AuthError> {
        let inner = &self.inner;
        let outcome = inner
            .cache
            .entry_by_ref(&hash)
            .and_try_compute_with(|known| async {
                let known = known.map(moka::Entry::into_value);
                if known.as_ref().is_some_and(Entry::is_fresh) {
                    return Ok(Op::Nop);
                }
                match inner.look_up(key, &hash).await {
                    Ok(grant) => Ok(Op::Put(Entry::new(grant, inner.believed_for))),
                    Err(error) => known
                        .and_then(|entry| entry.extended())
                        .map(Op::Put)
                        .ok_or(error),
                }
            })
            .await?;
        match outcome {
            CompResult::Inserted(entry)
            | CompResult::ReplacedWith(entry)
            | CompResult::Unchanged(entry)
            | CompResult::Removed(entry) => entry.into_value().answer(),
            CompResult::StillNone(_) => Err(AuthError::Unavailable),
        }
    }

    /// The rights of a key as the table has them now, past the cache; for another service, which has
    /// a cache of its own. A service that drops a key after a notice and asks again must not get the
    /// answer from before.
    pub async fn verify_for_others(
        &self,
        key: &ApiKeySecret,
    ) -> Result<Option<KeyGrant>, AuthError> {
        self.inner.look_up(key, &key.hash()).await
    }

    /// Drops a revoked key from the cache. Takes effect immediately.
    pub async fn forget(&self, key_id: &str) {
        self.inner.forgotten.fetch_add(1, Ordering::SeqCst);
        let hashes: Vec<Arc<String>> = self
            .inner
            .cache
            .iter()
            .filter(|(_, entry)| entry.is_of(key_id))
            .map(|(hash, _)| hash)
            .collect();
        for hash in hashes {
            self.inner.cache.invalidate(hash.as_str()).await;
        }
    }

    pub(crate) fn db(&self) -> &Db {
        &self.inner.db
    }

    /// Whether keys are created and revoked by an auth service.
    #[must_use]
    pub fn is_remote(&self) -> bool {
        self.inner.remote.is_some()
    }

    /// The source of keys.
    pub(crate) fn key_holder(&self) -> KeyHolder {
        match self.inner.remote {
            Some(_) => KeyHolder::Elsewhere,
            None => KeyHolder::Table,
        }
    }
}

impl Inner {
    async fn look_up(&self, key: &ApiKeySecret, hash: &str) -> Result<Option<KeyGrant>, AuthError> {
        if self.resting.contains_key(hash) {
            return Err(AuthError::Unavailable);
        }
        let answer = tokio::time::timeout(PATIENCE, self.look_up_now(key, hash)).await;
        let failure = match answer {
            Ok(Ok(grant)) => return Ok(grant),
            Ok(Err(failure)) => failure,
            Err(_elapsed) => LookUpError::Slow,
        };
        self.resting.insert(hash.to_owned(), ()).await;
        warn!(error = log_chain(&failure), "API key look-up failed");
        Err(AuthError::Unavailable)
    }

    async fn look_up_now(
        &self,
        key: &ApiKeySecret,
        hash: &str,
    ) -> Result<Option<KeyGrant>, LookUpError> {
        let _turn = self.turns.acquire().await;
        for _ in 0..3 {
            let forgotten = self.forgotten.load(Ordering::SeqCst);
            let answer = match &self.remote {
                Some(remote) => remote.verify(key).await?,
                None => self.find(hash).await?,
            };
            // Otherwise a key was revoked during the look-up, and it may have been this one.
            if self.forgotten.load(Ordering::SeqCst) == forgotten {
                return Ok(answer);
            }
        }
        Err(LookUpError::Changing)
    }

    async fn find(&self, hash: &str) -> Result<Option<KeyGrant>, crow_db::Error> {
        let now = Timestamp::now();
        let Some(row) = crow_db::api_keys::find_active(&self.db, hash, now).await? else {
            return Ok(None);
        };
        // The index compared the hashes bytewise. This comparison, which grants access, runs in
        // constant time.
        let is_same: bool = row.key_hash.as_bytes().ct_eq(hash.as_bytes()).into();
        if !is_same {
            return Ok(None);
        }
        self.note_use(&row, now);
        keys::grant_of(row).map(Some)
    }

    /// A look-up means use. Nobody waits for the write, and nothing depends on it.
    fn note_use(&self, row: &ApiKeyRow, now: Timestamp) {
        let since = now.plus(-USE_NOTED_EVERY);
        if row.last_used_at.is_some_and(|at| at >= since.0) {
            return;
        }
        let (db, id) = (self.db.clone(), row.id.clone());
        tokio::spawn(async move {
            if let Err(error) = crow_db::api_keys::note_use(&db, &id, now, since).await {
                tracing::debug!(
                    error = log_chain(&error),
                    "cannot note the use of an API key"
                );
            }
        });
    }
}

/// Why a key could not be verified.
#[derive(Debug, thiserror::Error)]
enum LookUpError {
    #[error("asking the auth service")]
    Remote(#[from] RemoteError),
    #[error("reading the key's row")]
    Row(#[from] crow_db::Error),
    #[error("no answer within {} s", PATIENCE.as_secs())]
    Slow,
    #[error("keys were revoked during each attempt")]
    Changing,
}
