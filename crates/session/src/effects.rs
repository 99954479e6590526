//! The tasks of a driver. Each runs separately, and its result comes back as a [`Done`].
//!
//! A task retries while the store, the bus or the database fails, and reports that in [`Troubles`].
//! It can be dropped at any time: the next owner reads the same messages again.

use std::collections::{BTreeMap, VecDeque};
use std::future::Future;
use std::time::Duration;

use bytes::Bytes;
use tokio_util::task::AbortOnDropHandle;
use tracing::warn;

use crow_bus::Bus;
use crow_bus::reader::{Delivery, StreamState, stream_state};
use crow_db::Db;
use crow_db::sessions as rows;
use crow_proto::events::Batch;
use crow_session_core::{Incoming, Loaded, SessionKey};
use crow_storage::Store;
use crow_types::{EventRowId, Partition, Sequence, Timestamp, log_chain};
use crow_web::Troubles;

use crate::{intake, loading};

/// Name of this operation in readiness and metrics, if it keeps failing.
pub(crate) const LOADING: &str = "loading";
/// Inflated payload bytes opened at once. The last message may exceed it.
const MAX_OPENED_BYTES: usize = 2 << 20;
/// Due sessions looked at in one go.
const MAX_DUE: u64 = 1_000;
/// Pause before a retry.
const PAUSE: Duration = Duration::from_millis(500);

/// A task, ended when it is dropped.
pub(crate) type Effect = AbortOnDropHandle<Done>;

/// What came of a task.
pub(crate) enum Done {
    /// Deliveries were opened, in order. `rest` exceeded the limit.
    Opened {
        messages: Vec<Message>,
        rest: VecDeque<Delivery>,
    },
    /// Sessions or events were read. `unreadable` has the sessions that this version cannot read,
    /// with the reason.
    Loaded {
        loaded: Loaded,
        unreadable: BTreeMap<SessionKey, String>,
    },
    /// Batches are in the dead letters.
    Buried,
    /// What may be due.
    Due(Due),
}

/// An opened delivery.
pub(crate) struct Message {
    pub(crate) sequence: Sequence,
    pub(crate) stored_at: Timestamp,
    pub(crate) batches: Vec<Incoming>,
    /// The object of a claim check, to be deleted once the effects are committed.
    pub(crate) claimed: Option<String>,
    /// As it came.
    pub(crate) payload: Bytes,
}

/// Sessions that may be due.
pub(crate) struct Due {
    pub(crate) asked_at: Timestamp,
    pub(crate) sessions: Vec<SessionKey>,
    /// The stream after `asked_at`; `None` when it was not asked.
    pub(crate) stream: Option<StreamState>,
}

/// A batch for the dead letters.
pub(crate) struct Letter {
    pub(crate) sequence: Sequence,
    pub(crate) reason: &'static str,
    pub(crate) batch: Batch,
    /// The whole message, if a batch alone is too large.
    pub(crate) message: Bytes,
}

/// What the tasks work with. Cloning is cheap.
#[derive(Clone)]
pub(crate) struct Tools {
    pub(crate) db: Db,
    pub(crate) store: Store,
    pub(crate) bus: Bus,
    pub(crate) partition: Partition,
    pub(crate) troubles: Troubles,
}

impl Tools {
    pub(crate) fn open(&self, deliveries: VecDeque<Delivery>) -> Effect {
        let tools = self.clone();
        spawn(async move { tools.open_all(deliveries).await })
    }

    pub(crate) fn load_sessions(&self, keys: Vec<SessionKey>) -> Effect {
        let tools = self.clone();
        spawn(async move { tools.read_sessions(&keys).await })
    }

    pub(crate) fn load_events(&self, wanted: BTreeMap<SessionKey, Vec<EventRowId>>) -> Effect {
        let tools = self.clone();
        spawn(async move {
            let read = || loading::known_events(&tools.db, &wanted);
            // Rows of events have no field that could be unreadable.
            let loaded = tools.until_it_works("looking up events", |_error| true, read);
            Done::Loaded {
                loaded: loaded.await.unwrap_or_default(),
                unreadable: BTreeMap::new(),
            }
        })
    }

    pub(crate) fn bury(&self, letters: Vec<Letter>) -> Effect {
        let tools = self.clone();
        spawn(async move {
            for letter in letters {
                let payload = intake::payload_of(&tools.bus, letter.batch, &letter.message);
                let Letter {
                    sequence, reason, ..
                } = letter;
                intake::bury(&tools, sequence, reason, payload).await;
            }
            Done::Buried
        })
    }

    /// The rows' due times are hints.
    pub(crate) fn find_due(&self, until: Timestamp) -> Effect {
        let tools = self.clone();
        spawn(async move {
            let asked_at = Timestamp::now();
            let found = tools.ask_due(until).await.unwrap_or_else(|error| {
                warn!(
                    partition = tools.partition.0,
                    error = format!("{error:#}"),
                    "looking for due sessions failed"
                );
                (Vec::new(), None)
            });
            let (sessions, stream) = found;
            Done::Due(Due {
                asked_at,
                sessions,
                stream,
            })
        })
    }

    async fn ask_due(
        &self,
        until: Timestamp,
    ) -> anyhow::Result<(Vec<SessionKey>, Option<StreamState>)> {
        let due = rows::due(&self.db, self.partition, until, MAX_DUE).await?;
        let stream = if due.is_empty() {
            None
        } else {
            Some(stream_state(&self.bus, self.partition).await?)
        };
        Ok((due.iter().filter_map(loading::key_of).collect(), stream))
    }

    async fn open_all(&self, mut rest: VecDeque<Delivery>) -> Done {
        let mut messages = Vec::with_capacity(rest.len());
        let mut bytes = 0;
        while bytes < MAX_OPENED_BYTES
            && let Some(delivery) = rest.pop_front()
        {
            let opened = intake::open(self, &delivery).await;
            bytes += opened.batches.iter().map(Incoming::size).sum::<usize>();
            messages.push(Message {
                sequence: delivery.sequence,
                stored_at: delivery.stored_at,
                batches: opened.batches,
                claimed: opened.claimed,
                payload: delivery.payload,
            });
        }
        Done::Opened { messages, rest }
    }

    /// Reads all at once. If a row is unreadable, reads one by one, so that only that session is
    /// affected.
    async fn read_sessions(&self, keys: &[SessionKey]) -> Done {
        let mut unreadable = BTreeMap::new();
        let mut loaded = Loaded::default();
        let Err(_some_row) = self.try_sessions(keys, &mut loaded).await else {
            return Done::Loaded { loaded, unreadable };
        };
        for key in keys {
            if let Err(error) = self
                .try_sessions(std::slice::from_ref(key), &mut loaded)
                .await
            {
                unreadable.insert(key.clone(), log_chain(&error));
            }
        }
        Done::Loaded { loaded, unreadable }
    }

    async fn try_sessions(&self, keys: &[SessionKey], loaded: &mut Loaded) -> crow_db::Result<()> {
        let read = || loading::sessions(&self.db, keys);
        let is_worth_it = |error: &crow_db::Error| !matches!(error, crow_db::Error::Unreadable(_));
        let found = self.until_it_works("loading sessions", is_worth_it, read);
        loaded.sessions.extend(found.await?.sessions);
        Ok(())
    }

    /// The partition needs the answer to continue, and must not skip anything.
    async fn until_it_works<T, F>(
        &self,
        what: &'static str,
        is_worth_it: impl Fn(&crow_db::Error) -> bool,
        call: impl Fn() -> F,
    ) -> crow_db::Result<T>
    where
        F: Future<Output = crow_db::Result<T>>,
    {
        let watch = self.troubles.watch(LOADING, self.partition.0);
        loop {
            match call().await {
                Err(error) if is_worth_it(&error) => {
                    let told = log_chain(&error);
                    warn!(
                        partition = self.partition.0,
                        what,
                        error = told,
                        "database failed, retrying"
                    );
                    watch.failed(told);
                    tokio::time::sleep(PAUSE).await;
                }
                outcome => return outcome,
            }
        }
    }
}

fn spawn(work: impl Future<Output = Done> + Send + 'static) -> Effect {
    AbortOnDropHandle::new(tokio::spawn(work))
}
