//! Whether this process can receive requests.

use std::collections::BTreeMap;
use std::future::Future;
use std::sync::{Arc, RwLock};
use std::time::Duration;

use futures::future::{BoxFuture, FutureExt, join_all};

use crate::Shutdown;

/// A check without a result after this time has failed.
const CHECK_DEADLINE: Duration = Duration::from_secs(2);

type Check = Arc<dyn Fn() -> BoxFuture<'static, Result<(), String>> + Send + Sync>;

/// The conditions for this process to receive requests. Cloning is cheap; all clones share one
/// registry.
#[derive(Clone)]
pub struct Readiness {
    shutdown: Shutdown,
    checks: Arc<RwLock<Vec<(&'static str, Check)>>>,
}

impl Readiness {
    /// Without checks. Not ready once the shutdown has begun.
    #[must_use]
    pub fn new(shutdown: &Shutdown) -> Self {
        Self {
            shutdown: shutdown.clone(),
            checks: Arc::default(),
        }
    }

    /// Adds a check that returns immediately. Its error text is public, so it must hold no secret.
    pub fn add<F>(&self, name: &'static str, check: F)
    where
        F: Fn() -> Result<(), String> + Send + Sync + 'static,
    {
        self.add_async(name, move || std::future::ready(check()));
    }

    /// Adds a check with I/O. Its time limit is two seconds.
    pub fn add_async<F, Fut>(&self, name: &'static str, check: F)
    where
        F: Fn() -> Fut + Send + Sync + 'static,
        Fut: Future<Output = Result<(), String>> + Send + 'static,
    {
        let check: Check = Arc::new(move || check().boxed());
        self.checks
            .write()
            .unwrap_or_else(std::sync::PoisonError::into_inner)
            .push((name, check));
    }

    /// Runs all checks concurrently. Each value is `ok` or the error text.
    pub async fn run(&self) -> BTreeMap<&'static str, String> {
        self.run_without(&[]).await
    }

    /// Runs all checks except those with these names.
    pub async fn run_without(&self, excluded: &[String]) -> BTreeMap<&'static str, String> {
        let mut checks = self
            .checks
            .read()
            .unwrap_or_else(std::sync::PoisonError::into_inner)
            .clone();
        checks.retain(|(name, _check)| !excluded.iter().any(|excluded| excluded == name));
        let running = checks.into_iter().map(|(name, check)| async move {
            let outcome = tokio::time::timeout(CHECK_DEADLINE, check()).await;
            (
                name,
                outcome.unwrap_or_else(|_elapsed| Err("no answer within 2 s".to_owned())),
            )
        });
        let mut results: BTreeMap<_, _> = join_all(running)
            .await
            .into_iter()
            .map(|(name, outcome)| (name, outcome.err().unwrap_or_else(|| OK.to_owned())))
            .collect();
        if self.shutdown.is_started() {
            results.insert("running", "stopping".to_owned());
        }
        results
    }
}

/// The result of a check that passed.
pub const OK: &str = "ok";
