//! The tasks of a driver. Each runs separately, and its result comes back as a [`Done`].
//!
//! A task retries while the store, the bus or the database fails, and reports that in `Troubles`.
//! If a retry does not help, its result is [`Done::Hopeless`]. It can be dropped at any time: the
//! next owner reads the same messages again.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::future::Future;

use bytes::Bytes;

use crow_bus::reader::{Delivery, StreamState};
use crow_db::sessions as rows;
use crow_proto::events::Batch;
use crow_session_core::{Incoming, Loaded, SessionKey};
use crow_types::{Sequence, Timestamp, log_chain};

use crate::outside::Running;
use crate::retry::Hopeless;
use crate::tools::Tools;
use crate::{intake, loading};

/// Name of this operation in readiness and metrics, if it keeps failing.
pub(crate) const LOADING: &str = "loading";
pub(crate) const DUE: &str = "due sessions";
/// Inflated payload bytes opened at once. The last message may exceed it.
const MAX_OPENED_BYTES: usize = 2 << 20;
/// Due sessions looked at in one go.
const MAX_DUE: u64 = 1_000;

/// A task, stopped when it is dropped.
pub(crate) type Effect = Running<Done>;

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
    /// The partition cannot continue, and a retry does not help.
    Hopeless(Hopeless),
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
#[derive(Default)]
pub(crate) struct Due {
    pub(crate) asked_at: Timestamp,
    pub(crate) sessions: Vec<SessionKey>,
    /// Rows that may be due and that this version cannot read.
    pub(crate) unreadable: BTreeSet<String>,
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

impl Tools {
    pub(crate) fn open(&self, deliveries: VecDeque<Delivery>) -> Effect {
        let tools = self.clone();
        self.start(async move { tools.open_all(deliveries).await })
    }

    pub(crate) fn load_sessions(&self, keys: Vec<SessionKey>) -> Effect {
        let tools = self.clone();
        self.start(async move { tools.read_sessions(&keys).await })
    }

    pub(crate) fn load_events(&self, keys: Vec<SessionKey>) -> Effect {
        let tools = self.clone();
        self.start(async move {
            let retry = tools.retry(LOADING);
            let Tools {
                db, store, keyring, ..
            } = &tools;
            let read = retry.run(|| loading::known_events(db, store, keyring, &keys));
            let loaded = read.await.map_err(|error| retry.give_up(&error))?;
            Ok(Done::Loaded {
                loaded,
                unreadable: BTreeMap::new(),
            })
        })
    }

    pub(crate) fn bury(&self, letters: Vec<Letter>) -> Effect {
        let tools = self.clone();
        self.start(async move {
            for letter in letters {
                let payload = intake::payload_of(&tools, letter.batch, &letter.message);
                let Letter {
                    sequence, reason, ..
                } = letter;
                intake::bury(&tools, sequence, reason, payload).await?;
            }
            Ok(Done::Buried)
        })
    }

    /// The rows' due times are hints. After a failure that a retry may mend, the core asks again
    /// within a second; nothing else waits for it.
    pub(crate) fn find_due(&self, until: Timestamp) -> Effect {
        let tools = self.clone();
        self.start(async move {
            let due = tools.ask_due(until).await?;
            Ok(Done::Due(due.unwrap_or_default()))
        })
    }

    async fn ask_due(&self, until: Timestamp) -> Result<Option<Due>, Hopeless> {
        let asked_at = self.outside.now();
        let retry = self.retry(DUE);
        let found = rows::due(&self.db, self.partition, until, MAX_DUE).await;
        let Some((found, unreadable)) = retry.once(found)? else {
            return Ok(None);
        };
        let mut due = Due {
            asked_at,
            sessions: found.iter().filter_map(loading::key_of).collect(),
            unreadable,
            stream: None,
        };
        if !found.is_empty() {
            due.stream = retry.once(self.outside.stream_state().await)?;
            if due.stream.is_none() {
                return Ok(None);
            }
        }
        retry.ended();
        Ok(Some(due))
    }

    fn start(&self, work: impl Future<Output = Result<Done, Hopeless>> + Send + 'static) -> Effect {
        let work = async { work.await.unwrap_or_else(Done::Hopeless) };
        Running::start(self.outside.as_ref(), work)
    }

    async fn open_all(&self, mut rest: VecDeque<Delivery>) -> Result<Done, Hopeless> {
        let mut messages = Vec::with_capacity(rest.len());
        let mut bytes = 0;
        while bytes < MAX_OPENED_BYTES
            && let Some(delivery) = rest.pop_front()
        {
            let opened = intake::open(self, &delivery).await?;
            bytes += opened.batches.iter().map(Incoming::size).sum::<usize>();
            messages.push(Message {
                sequence: delivery.sequence,
                stored_at: delivery.stored_at,
                batches: opened.batches,
                claimed: opened.claimed,
                payload: delivery.payload,
            });
        }
        Ok(Done::Opened { messages, rest })
    }

    /// Reads all at once. If a row is unreadable, reads one by one, so that only that session is
    /// affected.
    async fn read_sessions(&self, keys: &[SessionKey]) -> Result<Done, Hopeless> {
        let mut unreadable = BTreeMap::new();
        let mut loaded = Loaded::default();
        if self.try_sessions(keys, &mut loaded).await?.is_some() {
            for key in keys {
                let one = std::slice::from_ref(key);
                if let Some(reason) = self.try_sessions(one, &mut loaded).await? {
                    unreadable.insert(key.clone(), reason);
                }
            }
        }
        Ok(Done::Loaded { loaded, unreadable })
    }

    /// Returns why a row is unreadable, if one is.
    async fn try_sessions(
        &self,
        keys: &[SessionKey],
        loaded: &mut Loaded,
    ) -> Result<Option<String>, Hopeless> {
        let retry = self.retry(LOADING);
        match retry.run(|| loading::sessions(&self.db, keys)).await {
            Ok(found) => {
                loaded.sessions.extend(found.sessions);
                Ok(None)
            }
            Err(error @ crow_db::Error::Unreadable(_)) => Ok(Some(log_chain(&error))),
            Err(error) => Err(retry.give_up(&error)),
        }
    }
}
