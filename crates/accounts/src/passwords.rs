use std::sync::Arc;
use std::sync::LazyLock;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use argon2::{Algorithm, Argon2, Params, PasswordHasher, PasswordVerifier, Version};
use secrecy::{ExposeSecret, SecretString};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::error::AccountsError;

/// Memory of one hash, in KiB. With two passes and one lane it is what OWASP recommends.
const MEMORY: u32 = 19 * 1024;
const PASSES: u32 = 2;
/// Hashes at a time. Each takes a core for some 50 ms.
const AT_ONCE: usize = 2;
/// How long a caller waits for a turn.
const PATIENCE: Duration = Duration::from_secs(3);
/// Shorter passwords can be guessed.
const MIN_CHARS: usize = 12;
/// Longer ones only cost time.
const MAX_CHARS: usize = 128;

/// What is compared when there is no account, so that this takes as long. No password has this hash.
static NOBODY: LazyLock<String> = LazyLock::new(|| {
    let salt = "bm9ib2R5bm9ib2R5bm9ibw";
    let hash = "A".repeat(43);
    format!("$argon2id$v=19$m={MEMORY},t={PASSES},p=1${salt}${hash}")
});

/// Hashes passwords in threads of their own, a few at a time. Cloning is cheap.
#[derive(Debug, Clone)]
pub struct Passwords {
    turns: Arc<Semaphore>,
    computed: Arc<AtomicU64>,
}

impl Default for Passwords {
    fn default() -> Self {
        Self {
            turns: Arc::new(Semaphore::new(AT_ONCE)),
            computed: Arc::default(),
        }
    }
}

impl Passwords {
    /// The hash to store.
    pub async fn hash(&self, password: SecretString) -> Result<String, AccountsError> {
        let turn = self.turn().await?;
        self.compute(turn, move || {
            let hash = argon2().hash_password(password.expose_secret().as_bytes());
            hash.map(|hash| hash.to_string())
                .map_err(|error| AccountsError::Hash(error.to_string()))
        })
        .await
    }

    /// Whether the password has this hash. Without one it computes as long, and the answer is no.
    pub async fn is_right(
        &self,
        password: SecretString,
        hash: Option<String>,
    ) -> Result<bool, AccountsError> {
        let turn = self.turn().await?;
        self.compute(turn, move || {
            let against = hash.as_deref().unwrap_or(&NOBODY);
            let password = password.expose_secret().as_bytes();
            let is_same = argon2().verify_password(password, against).is_ok();
            Ok(is_same && hash.is_some())
        })
        .await
    }

    /// How many hashes were computed.
    #[must_use]
    pub fn computed(&self) -> u64 {
        self.computed.load(Ordering::Relaxed)
    }

    async fn turn(&self) -> Result<OwnedSemaphorePermit, AccountsError> {
        let turn = Arc::clone(&self.turns).acquire_owned();
        match tokio::time::timeout(PATIENCE, turn).await {
            Ok(Ok(turn)) => Ok(turn),
            Ok(Err(_)) | Err(_) => Err(AccountsError::Busy),
        }
    }

    /// The turn ends with the computation, also when the caller has gone.
    async fn compute<T: Send + 'static>(
        &self,
        turn: OwnedSemaphorePermit,
        work: impl FnOnce() -> Result<T, AccountsError> + Send + 'static,
    ) -> Result<T, AccountsError> {
        let computed = Arc::clone(&self.computed);
        let running = tokio::task::spawn_blocking(move || {
            let _turn = turn;
            computed.fetch_add(1, Ordering::Relaxed);
            work()
        });
        running
            .await
            .map_err(|error| AccountsError::Hash(error.to_string()))?
    }
}

fn argon2() -> Argon2<'static> {
    let params = Params::new(MEMORY, PASSES, 1, None).expect("these are within the limits");
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
}

/// Refuses passwords that are easily guessed. No rules about characters: length is what counts.
pub(crate) fn check(
    field: &'static str,
    password: &SecretString,
    email: &str,
) -> Result<(), AccountsError> {
    let text = password.expose_secret();
    let length = text.chars().count();
    if !(MIN_CHARS..=MAX_CHARS).contains(&length) {
        let problem = format!("must have {MIN_CHARS} to {MAX_CHARS} characters");
        return Err(AccountsError::field(field, problem));
    }
    let is_one_character = text.chars().all(|c| text.starts_with(c));
    let names_email = !email.is_empty() && text.to_lowercase().contains(email);
    if is_one_character || names_email {
        let problem = "must not be one character repeated, or contain the e-mail address";
        return Err(AccountsError::field(field, problem));
    }
    Ok(())
}
