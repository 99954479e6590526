//! The use cases about sessions, shared by REST and gRPC.

mod collections;
pub mod dashboards;
mod interactions;
pub mod issues;
pub mod kept;
pub mod meaning;
pub mod people;
pub mod products;
pub mod shared;
mod usage;

use std::sync::Arc;

use crow_ai::{Ai, Embedder};
use crow_bus::Bus;
use crow_db::Db;
use crow_db::products::catalogues::Catalogues;
use crow_db::read::{self, EventKey, GenerationLink, KeptFilter, SessionFilter, SessionKey};
use crow_db::records::StoredSession;
use crow_keyring::Keyring;
use crow_storage::Store;
use crow_types::{EventRecord, OrganizationId, SessionId, SessionRecord, Timestamp};

use crate::ask::replay::GetReplay;
use crate::ask::sessions::{ListEvents, ListSessions, OneSession};
use crate::ask::values::Name;
use crate::error::{Error, Result};
use crate::events;
use crate::live::held;
pub use crate::page::Page;
use crate::place::host_of;
use crate::replay::cut::Cut;
use crate::replay::seek::window_starts;
use crate::replay::stored::{Recording, StoredChunks};
use crate::replay::{Replay, ReplayRange};
use crate::scheduler::Scheduler;
use crate::source_maps::{Limits, SourceMaps};
use crate::watched::Watched;
use crate::windows::{self, Gap, Window};

/// The maximum number of links to other generations in a session; the latest ones.
const MAX_GENERATIONS: u64 = 200;
/// How often the stored part is read again because a keeper has stored more meanwhile.
const ATTEMPTS: usize = 3;
/// Products in memory, of all organizations.
const PRODUCTS: u64 = 100_000;
/// The maximum length of an id, in bytes.
const MAX_ID: usize = 128;

/// A session with the state of its windows.
#[derive(Debug)]
pub struct Session {
    /// The row.
    pub row: SessionRecord,
    /// Whether it is still open.
    pub is_open: bool,
    /// Why it ended.
    pub end_reason: Option<String>,
    /// What retention or an anonymizing took from it.
    pub removed: Option<String>,
    /// Its windows.
    pub windows: Vec<Window>,
    /// Batches that never arrived.
    pub gaps: Vec<Gap>,
    /// All generations of its session id, latest first; empty in lists.
    pub generations: Vec<GenerationLink>,
    /// What people keep with it; `None`: not read, or not for the caller.
    pub kept: Option<kept::Kept>,
}

impl Session {
    /// Whether one of its pages is open, or was within the last minute.
    pub(crate) fn is_live(&self) -> bool {
        let until = self.row.live_until;
        self.is_open && until.is_some_and(|until| until > Timestamp::now().0)
    }

    /// `open` or `closed`.
    pub(crate) fn status(&self) -> &'static str {
        if self.is_open { "open" } else { "closed" }
    }

    /// The form for lists.
    pub(crate) fn listed(row: StoredSession) -> Self {
        Self::new(row, Vec::new())
    }

    fn new(stored: StoredSession, generations: Vec<GenerationLink>) -> Self {
        let mut row = stored.record;
        let (windows, gaps) = windows::parse(&row.windows);
        row.referrer = row
            .referrer
            .filter(|referrer| !is_own_page(referrer, row.initial_url.as_deref()));
        Self {
            row,
            is_open: stored.is_open,
            end_reason: stored.end_reason,
            removed: stored.removed,
            windows,
            gaps,
            generations,
            kept: None,
        }
    }
}

/// Whether the referrer is a page of the site itself.
fn is_own_page(referrer: &str, first_page: Option<&str>) -> bool {
    let (host, own) = (host_of(referrer), host_of(first_page.unwrap_or_default()));
    !host.is_empty() && host.eq_ignore_ascii_case(&own)
}

/// A recording, and what is missing from it.
pub struct SessionReplay {
    /// `sessions.id`.
    pub session: String,
    /// The lines.
    pub replay: Replay<StoredChunks>,
    /// Batches that never arrived.
    pub gaps: Vec<Gap>,
}

/// Answers questions about sessions. Cloning is cheap.
#[derive(Debug, Clone)]
pub struct UseCases {
    pub(crate) db: Db,
    pub(crate) store: Store,
    keyring: Keyring,
    pub(crate) scheduler: Scheduler,
    pub(crate) bus: Bus,
    pub(crate) watched: Watched,
    pub(crate) source_maps: SourceMaps,
    pub(crate) catalogues: Catalogues,
    /// `None`: rules write all texts.
    ai: Option<Ai>,
    embeddings: meaning::Embeddings,
}

impl UseCases {
    /// Uses this database and object store. Questions that read many rows take their turn at
    /// `scheduler`. Keepers are asked over `bus` for what they have not stored yet.
    #[must_use]
    pub fn new(db: Db, store: Store, keyring: Keyring, scheduler: Scheduler, bus: Bus) -> Self {
        Self {
            watched: Watched::new(db.clone()),
            source_maps: SourceMaps::new(db.clone(), store.clone()),
            catalogues: Catalogues::new(db.for_questions(), PRODUCTS),
            db,
            store,
            keyring,
            scheduler,
            bus,
            ai: None,
            embeddings: meaning::Embeddings::default(),
        }
    }

    /// Lets these models word summaries of ranges.
    #[must_use]
    pub fn with_models(self, ai: Ai) -> Self {
        Self {
            ai: Some(ai),
            ..self
        }
    }

    /// Searches by meaning with the vectors of this model.
    #[must_use]
    pub fn with_embedder(self, embedder: Embedder) -> Self {
        Self {
            embeddings: meaning::Embeddings::of(embedder),
            ..self
        }
    }

    /// Limits uploads of source maps.
    #[must_use]
    pub(crate) fn with_source_maps(self, limits: Limits) -> Self {
        Self {
            source_maps: self.source_maps.limited(limits),
            ..self
        }
    }

    /// Sessions that pass a filter, newest first. `watcher` is whoever asks.
    pub async fn list_sessions(
        &self,
        organization: &OrganizationId,
        watcher: &str,
        asked: &ListSessions,
    ) -> Result<Page<Session, SessionKey>> {
        let kept = asked.kept.of(watcher)?;
        if !asked.conditions.is_empty() {
            return self.fitting(organization, asked, kept).await;
        }
        let size = asked.page.limit.get();
        let after = asked.page.after.as_ref().map(|cursor| &cursor.0);
        let rows = self.matching(organization, (&asked.filter, &kept), after, size + 1);
        let page = Page::cut(rows.await?, size, |row| SessionKey {
            started_at: row.record.started_at,
            id: row.record.id.clone(),
        });
        Ok(Page {
            items: page.items.into_iter().map(Session::listed).collect(),
            next: page.next,
        })
    }

    /// A page by time alone reads only its own rows. Any other filter may read all sessions.
    async fn matching(
        &self,
        organization: &OrganizationId,
        (filter, kept): (&SessionFilter, &KeptFilter),
        after: Option<&SessionKey>,
        limit: u64,
    ) -> Result<Vec<StoredSession>> {
        if filter.is_by_time() && kept.is_empty() {
            let rows = read::sessions(&self.db, organization, filter, kept, after, limit);
            return Ok(rows.await?);
        }
        let (db, of) = (self.db.for_questions(), organization.clone());
        let (filter, kept, after) = (filter.clone(), kept.clone(), after.cloned());
        let question = async move {
            let rows = read::sessions(&db, &of, &filter, &kept, after.as_ref(), limit);
            Ok(rows.await?)
        };
        self.scheduler.ask(organization, question).await
    }

    /// One session, by row id or as the latest generation of a session id.
    pub async fn session(
        &self,
        organization: &OrganizationId,
        asked: &OneSession,
    ) -> Result<Session> {
        let row = self.row(organization, &asked.session).await?;
        let session = &row.record.session_id;
        let generations =
            read::generations(&self.db, organization, session, MAX_GENERATIONS).await?;
        Ok(Session::new(row, generations))
    }

    /// The interactions of a session, ordered by time, batch number and place in the batch.
    pub async fn events(
        &self,
        organization: &OrganizationId,
        asked: &ListEvents,
    ) -> Result<Page<EventRecord, EventKey>> {
        let row = self.row(organization, &asked.session).await?.record;
        let (events, _is_whole) = self.page_of_events(organization, &row, asked).await?;
        Ok(Page::cut(events, asked.limit.get(), |event| EventKey {
            timestamp: event.timestamp,
            place: event.place,
            id: event.id.clone(),
        }))
    }

    /// Of an open session also those that are not stored yet; false: no keeper answers for these.
    async fn page_of_events(
        &self,
        organization: &OrganizationId,
        row: &SessionRecord,
        asked: &ListEvents,
    ) -> Result<(Vec<EventRecord>, bool)> {
        let recording = self.recording(organization, &row.id);
        if row.end_reason.is_none() {
            for _attempt in 0..ATTEMPTS {
                let state = read::tail_state(&self.db, organization, &row.id).await?;
                let state = state.ok_or(Error::NotFound)?;
                let session = SessionId::new(row.session_id.as_str());
                let session = session.map_err(|_error| Error::NotFound)?;
                let held = held::lines(&self.bus, organization, &session, &row.id, &state).await;
                if let Some(held) = held {
                    let chunks = Some(state.chunk_count);
                    let page = events::page(recording, chunks, &held, asked).await?;
                    return Ok((page, true));
                }
            }
        }
        let page = events::page(recording, None, &[], asked).await?;
        Ok((page, row.end_reason.is_some()))
    }

    /// The recording of a session.
    pub async fn replay(
        &self,
        organization: &OrganizationId,
        asked: &GetReplay,
    ) -> Result<SessionReplay> {
        let range = ReplayRange {
            from: asked.from.map(|moment| moment.0),
            to: asked.to.map(|moment| moment.0),
        };
        if let (Some(from), Some(to)) = (range.from, range.to)
            && from > to
        {
            return Err(Error::Malformed("from: must not be after `to`".to_owned()));
        }
        let row = self.row(organization, &asked.session).await?.record;
        let (_, gaps) = windows::parse(&row.windows);
        let recording = self.recording(organization, &row.id);
        let starts = match range.from {
            Some(from) => window_starts(&recording, from).await?,
            None => Default::default(),
        };
        let chunks = StoredChunks::new(recording, range, starts.clone());
        Ok(SessionReplay {
            session: row.id,
            replay: Replay::new(chunks, Cut::new(range, starts)),
            gaps,
        })
    }

    /// The location of the recording of the session with this row id.
    pub(crate) fn recording(&self, organization: &OrganizationId, session: &str) -> Recording {
        Recording {
            db: self.db.clone(),
            store: self.store.clone(),
            keyring: self.keyring.clone(),
            key: Arc::default(),
            organization: organization.clone(),
            session: session.to_owned(),
        }
    }

    /// A session's row, by row id or as the latest generation of a session id.
    pub(crate) async fn row(
        &self,
        organization: &OrganizationId,
        name: &Name,
    ) -> Result<StoredSession> {
        let id = name.0.as_str();
        let is_possible = !id.is_empty() && id.len() <= MAX_ID && !id.contains('\0');
        if !is_possible {
            return Err(Error::NotFound);
        }
        read::session(&self.db, organization, id)
            .await?
            .ok_or(Error::NotFound)
    }
}
