//! Which sessions of an organization change.

use std::collections::{BTreeSet, HashSet};

use tokio::sync::mpsc;
use tokio::time::{Instant, MissedTickBehavior};
use tokio_stream::StreamExt;
use tokio_stream::wrappers::ReceiverStream;

use crow_bus::live as wire;
use crow_db::analytics::SampledSession;
use crow_db::health;
use crow_db::read;
use crow_db::records::StoredSession;
use crow_proto::live::Watch;
use crow_types::Partition;
use crow_web::ApiError;

use super::{Cut, HEARTBEAT, Live, Outlet, PARTS, slots};
use crate::analytics::conditions::Wanted;
use crate::analytics::members::Members;
use crate::ask::sessions::WatchSessions;
use crate::door::{Allowed, Read};
use crate::error::{Error, Result};
use crate::use_cases::Session;

/// The maximum number of waiting changes. If there are more, the client has to reload the list.
const MAX_WAITING: usize = 10_000;
/// Sessions that are sent at once.
const AT_ONCE: usize = 200;
/// A session is sent at most once in this time.
const PACE: std::time::Duration = std::time::Duration::from_secs(1);

/// What a watcher of a list receives.
pub enum Change {
    /// Sessions that started, changed or ended, in the same form as in the list. Then the ids of those
    /// that changed and are not, or not any more, what the watcher wants.
    Sessions(Vec<Session>, Vec<String>),
    /// Nothing; keeps the connection open.
    Heartbeat,
}

/// The changes of a list. An error ends the stream.
pub type Changes = ReceiverStream<std::result::Result<Change, ApiError>>;

impl Live {
    /// Watches the sessions of an organization. Earlier changes are in the list.
    pub async fn changes(&self, watcher: &Allowed<Read>, asked: WatchSessions) -> Result<Changes> {
        let slot = self.slot(watcher)?;
        let rows = health::partitions(&self.use_cases.db).await?;
        let (parts, out) = mpsc::channel(PARTS);
        let list = List {
            live: self.clone(),
            watcher: watcher.clone(),
            asked,
            partitions: rows.iter().map(health::PartitionRow::partition).collect(),
            out: Outlet { parts },
            _slot: slot,
        };
        tokio::spawn(list.run());
        Ok(ReceiverStream::new(out))
    }
}

struct List {
    live: Live,
    watcher: Allowed<Read>,
    asked: WatchSessions,
    partitions: Vec<Partition>,
    out: Outlet<Change>,
    _slot: slots::Slot,
}

impl List {
    async fn run(self) {
        if let Err(cut) = self.follow().await {
            self.out.cut(cut);
        }
    }

    async fn follow(&self) -> std::result::Result<(), Cut> {
        let live = &self.live;
        let mut changes = wire::changes(&live.bus, self.watcher.organization())
            .await
            .map_err(|_error| Cut::Stopping)?;
        // Sent immediately, so that the watcher knows that its subscription is active.
        self.ask().await;
        self.out.send(Change::Heartbeat).await?;
        let mut renewal = tokio::time::interval_at(Instant::now() + wire::RENEWAL, wire::RENEWAL);
        let mut heartbeat = tokio::time::interval_at(Instant::now() + HEARTBEAT, HEARTBEAT);
        let mut pace = tokio::time::interval(PACE);
        pace.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut waiting: BTreeSet<String> = BTreeSet::new();
        loop {
            tokio::select! {
                () = live.shutdown.started() => return Err(Cut::Stopping),
                () = self.out.parts.closed() => return Err(Cut::Slow),
                Some(changed) = changes.next() => {
                    waiting.extend(changed.visits);
                    if waiting.len() > MAX_WAITING {
                        return Err(Cut::BeginAnew);
                    }
                }
                _ = pace.tick(), if !waiting.is_empty() => self.show(&mut waiting).await?,
                _ = renewal.tick() => {
                    live.check(&self.watcher).await?;
                    self.ask().await;
                }
                _ = heartbeat.tick() => self.out.send(Change::Heartbeat).await?,
            }
        }
    }

    async fn show(&self, waiting: &mut BTreeSet<String>) -> std::result::Result<(), Cut> {
        let mut ids = Vec::new();
        while ids.len() < AT_ONCE {
            let Some(id) = waiting.pop_first() else { break };
            ids.push(id);
        }
        let (db, of) = (&self.live.use_cases.db, self.watcher.organization());
        let rows = read::sessions_by_id(db, of, &ids).await;
        let rows = rows.map_err(Error::from)?;
        let wanted = if self.asked.is_everything() {
            None
        } else {
            Some(self.fitting(&ids).await?)
        };
        let is_wanted = |row: &StoredSession| {
            let wanted = wanted.as_ref();
            wanted.is_none_or(|wanted| wanted.contains(&row.record.id))
        };
        let (shown, others): (Vec<_>, Vec<_>) = rows.into_iter().partition(is_wanted);
        let sessions = shown.into_iter().map(Session::listed).collect();
        let others = others.into_iter().map(|row| row.record.id).collect();
        self.out.send(Change::Sessions(sessions, others)).await
    }

    /// Those that the watcher wants, by what is stored of them.
    async fn fitting(&self, ids: &[String]) -> Result<HashSet<String>> {
        let (db, of) = (&self.live.use_cases.db, self.watcher.organization());
        let nobody = Members::default();
        let wanted = Wanted::new(&self.asked.conditions, &nobody);
        let (filter, with_steps) = (&self.asked.filter, wanted.needs_steps());
        let fits = |session: &SampledSession<'_>| wanted.matches(session);
        Ok(read::fitting(db, of, filter, ids, with_steps, fits).await?)
    }

    async fn ask(&self) {
        for partition in &self.partitions {
            let watch = Watch {
                organization_id: self.watcher.organization().as_str().to_owned(),
                ..Watch::default()
            };
            if let Err(error) = wire::watch(&self.live.bus, *partition, &watch).await {
                tracing::debug!(
                    error = crow_types::log_chain(&error),
                    "cannot announce interest to the keeper"
                );
                return;
            }
        }
    }
}
