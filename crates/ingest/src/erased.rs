//! What was erased is refused before it is stored. Keepers check again: they know every erasure
//! that was committed, while this may lag by a moment.

use std::convert::Infallible;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use futures::StreamExt;
use tracing::warn;

use crow_bus::{Bus, notices};
use crow_db::Db;
use crow_db::tombstones::{Arriving, Tombstones};
use crow_proto::events::Batch;
use crow_runtime::Shutdown;
use crow_types::log_chain;

use crow_runtime::retry::keep_listening;

/// How often tombstones are read without a notice. A notice may be lost.
const REFRESH: Duration = Duration::from_secs(60);

/// Which refresh reads all tombstones.
const FULL: u64 = 60;

/// The tombstones of all organizations. Cloning is cheap.
#[derive(Debug, Clone)]
pub(crate) struct Erased {
    db: Db,
    known: Arc<RwLock<Arc<Tombstones>>>,
    refreshes: Arc<AtomicU64>,
}

impl Erased {
    pub(crate) async fn load(db: &Db) -> crow_db::Result<Self> {
        let tombstones = Tombstones::load(db, None).await?;
        Ok(Self {
            db: db.clone(),
            known: Arc::new(RwLock::new(Arc::new(tombstones))),
            refreshes: Arc::default(),
        })
    }

    /// Whether the batch belongs to something that was erased.
    pub(crate) fn refuse(&self, batch: &Batch) -> bool {
        self.known().refuse(&Arriving::of(batch))
    }

    fn known(&self) -> Arc<Tombstones> {
        Arc::clone(&self.known.read().unwrap_or_else(PoisonError::into_inner))
    }

    async fn refresh(&self) {
        match self.read().await {
            Ok(tombstones) => {
                let mut known = self.known.write().unwrap_or_else(PoisonError::into_inner);
                *known = Arc::new(tombstones);
            }
            Err(error) => warn!(
                error = log_chain(&error),
                "cannot read what was erased; keepers refuse it"
            ),
        }
    }

    /// Reads all of them now and then, so that expired ones are forgotten.
    async fn read(&self) -> crow_db::Result<Tombstones> {
        let count = self.refreshes.fetch_add(1, Ordering::Relaxed);
        if count % FULL == FULL - 1 {
            return Tombstones::load(&self.db, None).await;
        }
        let mut tombstones = Tombstones::clone(&self.known());
        tombstones.refresh(&self.db).await?;
        Ok(tombstones)
    }

    /// Follows erasures until the shutdown starts.
    pub(crate) async fn follow(self, bus: Bus, shutdown: Shutdown) -> anyhow::Result<()> {
        let listen = || self.listen(&bus);
        keep_listening("erasures", listen, &shutdown).await;
        Ok(())
    }

    async fn listen(&self, bus: &Bus) -> crow_bus::Result<Infallible> {
        let told = notices::subscribe(bus, notices::ERASED).await;
        // What was erased before, and what nobody can tell of now.
        self.refresh().await;
        let mut told = told?;
        while let Ok(Some(_)) | Err(_) = tokio::time::timeout(REFRESH, told.next()).await {
            self.refresh().await;
        }
        Err(crow_bus::Error::Disconnected)
    }
}
