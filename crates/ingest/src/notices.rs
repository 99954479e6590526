//! Notices from keepers and watchers for clients, kept until a receipt can carry them.

use std::convert::Infallible;
use std::hash::Hash;
use std::time::Duration;

use futures::StreamExt;
use moka::Equivalent;
use moka::sync::Cache;

use crow_bus::notices::{self, Notice};
use crow_bus::{Bus, live};
use crow_proto::events::Batch;
use crow_proto::live::Watch;
use crow_runtime::Shutdown;

use crow_runtime::retry::keep_listening;

/// Notices expire after this. The keeper repeats them while they hold.
const KEEP: Duration = Duration::from_secs(300);
/// A watcher that is silent for this long is gone.
const KEEP_WATCHED: Duration = live::RENEWAL.saturating_mul(3);
/// Limit for windows, and for sessions, in memory. The oldest are dropped first.
const MAX_WINDOWS: u64 = 100_000;

/// A window of a session.
#[derive(Debug, PartialEq, Eq, Hash)]
struct Window<T> {
    session: Session<T>,
    window: T,
}

/// A session of an organization.
#[derive(Debug, PartialEq, Eq, Hash)]
struct Session<T> {
    organization: T,
    session: T,
}

/// The notices for the next receipts.
#[derive(Debug, Clone)]
pub(crate) struct Notices {
    /// Windows that should send a full snapshot.
    snapshots: Cache<Window<String>, ()>,
    /// Windows that should continue as another window.
    reused: Cache<Window<String>, ()>,
    /// Sessions that are over.
    ended: Cache<Session<String>, ()>,
    /// Sessions with a watcher.
    watched: Cache<Session<String>, ()>,
}

impl Notices {
    pub(crate) fn new() -> Self {
        Self {
            snapshots: cache(KEEP),
            reused: cache(KEEP),
            ended: cache(KEEP),
            watched: cache(KEEP_WATCHED),
        }
    }

    fn add(&self, notice: Notice) {
        let session = Session {
            organization: notice.organization_id,
            session: notice.session_id,
        };
        let window = notice.window_id;
        if notice.need_snapshot {
            self.snapshots.insert(Window { session, window }, ());
        } else if notice.new_window {
            self.reused.insert(Window { session, window }, ());
        } else if notice.session_ended {
            self.ended.insert(session, ());
        }
    }

    /// Notes interest in a session. Interest in an organization names no session.
    fn add_watch(&self, watch: Watch) {
        if !watch.session_id.is_empty() {
            let session = Session {
                organization: watch.organization_id,
                session: watch.session_id,
            };
            self.watched.insert(session, ());
        }
    }

    /// Whether the window of the batch should send a full snapshot. Returns true once.
    pub(crate) fn take_snapshot_wish(&self, batch: &Batch) -> bool {
        take(&self.snapshots, batch)
    }

    /// Whether the window of the batch should continue as another window. Returns true once.
    pub(crate) fn take_window_wish(&self, batch: &Batch) -> bool {
        take(&self.reused, batch)
    }

    /// Whether the session of the batch is over. Returns true for each of its windows.
    pub(crate) fn has_ended(&self, batch: &Batch) -> bool {
        self.ended.contains_key(&Session::of(batch))
    }

    /// Whether the session of the batch is watched.
    pub(crate) fn is_watched(&self, batch: &Batch) -> bool {
        self.watched.contains_key(&Session::of(batch))
    }
}

impl<'a> Session<&'a str> {
    fn of(batch: &'a Batch) -> Self {
        Self {
            organization: &batch.organization_id,
            session: &batch.session_id,
        }
    }
}

// A borrowed text has the same hash as an owned one.
impl Equivalent<Session<String>> for Session<&str> {
    fn equivalent(&self, key: &Session<String>) -> bool {
        self.organization == key.organization && self.session == key.session
    }
}

impl Equivalent<Window<String>> for Window<&str> {
    fn equivalent(&self, key: &Window<String>) -> bool {
        self.session.equivalent(&key.session) && self.window == key.window
    }
}

/// Removes the window of the batch from the cache. Returns whether it was there.
fn take(windows: &Cache<Window<String>, ()>, batch: &Batch) -> bool {
    let window = Window {
        session: Session::of(batch),
        window: batch.window_id.as_str(),
    };
    windows.contains_key(&window) && windows.remove(&window).is_some()
}

fn cache<K: Hash + Eq + Send + Sync + 'static>(keep: Duration) -> Cache<K, ()> {
    let cache = Cache::builder().max_capacity(MAX_WINDOWS);
    cache.time_to_live(keep).build()
}

/// Listens until the shutdown starts.
pub(crate) async fn follow(bus: Bus, notices: Notices, shutdown: Shutdown) -> anyhow::Result<()> {
    let listen = move || listen(bus.clone(), notices.clone());
    keep_listening("notices", listen, &shutdown).await;
    Ok(())
}

async fn listen(bus: Bus, notices: Notices) -> crow_bus::Result<Infallible> {
    let mut payloads = notices::subscribe(&bus, notices::NOTICE).await?;
    let mut watches = live::all_watches(&bus).await?;
    loop {
        tokio::select! {
            Some(payload) = payloads.next() => {
                if let Some(notice) = Notice::decode(&payload) {
                    notices.add(notice);
                }
            }
            Some(watch) = watches.next() => if !watch.once {
                notices.add_watch(watch);
            },
            else => return Err(crow_bus::Error::Disconnected),
        }
    }
}
