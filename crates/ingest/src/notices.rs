//! What session keepers want clients to know, kept until a receipt can say it.

use std::time::Duration;

use actix_web::web::Data;
use futures::StreamExt;
use moka::sync::Cache;
use tracing::warn;

use crow_bus::notices::{self, Notice};
use crow_proto::events::Batch;
use crow_runtime::Shutdown;

use crate::gateway::Gateway;

/// Longer than this nobody waits: the keeper says it again while it is true.
const KEEP: Duration = Duration::from_secs(300);
/// Windows in memory; the oldest go first.
const MAX_WINDOWS: u64 = 100_000;

/// Organization, session, window.
type Window = (String, String, String);

/// Windows that should send a full snapshot.
#[derive(Debug, Clone)]
pub(crate) struct Notices(Cache<Window, ()>);

impl Notices {
    pub(crate) fn new() -> Self {
        let cache = Cache::builder().max_capacity(MAX_WINDOWS);
        Self(cache.time_to_live(KEEP).build())
    }

    fn add(&self, notice: Notice) {
        if notice.need_snapshot {
            let window = (notice.organization_id, notice.session_id, notice.window_id);
            self.0.insert(window, ());
        }
    }

    /// Whether the window of the batch should send a full snapshot. Says so once.
    pub(crate) fn take_snapshot_wish(&self, batch: &Batch) -> bool {
        let window = (
            batch.organization_id.clone(),
            batch.session_id.clone(),
            batch.window_id.clone(),
        );
        self.0.contains_key(&window) && self.0.remove(&window).is_some()
    }
}

/// Listens until the shutdown starts.
pub(crate) async fn follow(gateway: Data<Gateway>, shutdown: Shutdown) -> anyhow::Result<()> {
    let listen = async {
        loop {
            match notices::subscribe(&gateway.bus, notices::NOTICE).await {
                Ok(mut payloads) => {
                    while let Some(payload) = payloads.next().await {
                        if let Some(notice) = Notice::decode(&payload) {
                            gateway.notices.add(notice);
                        }
                    }
                }
                Err(error) => warn!(error = error.to_string(), "cannot subscribe to notices"),
            }
            tokio::time::sleep(Duration::from_secs(1)).await;
        }
    };
    tokio::select! {
        () = listen => {}
        () = shutdown.started() => {}
    }
    Ok(())
}
