use std::cmp::{max, min};
use std::collections::HashSet;

use futures::TryStreamExt;
use sea_orm::sea_query::{Alias, Condition, Expr, ExprTrait, JoinType, Query};
use sea_orm::{
    ColumnTrait, ConnectionTrait, DbBackend, DbErr, EntityTrait, QueryFilter, QueryOrder,
    QueryResult, QuerySelect, QueryTrait, Select, StreamTrait,
};

use crow_types::OrganizationId;

use super::filter::{SessionFilter, TextSearch};
use super::needs::{Need, condition};
use super::sessions::{KeptFilter, SessionKey, is_after};
use crate::Db;
use crate::analytics::{Facts, SampledSession, Steps};
use crate::by_key::belongs_to;
use crate::entity::sessions;
use crate::error::{Error, Result};

/// Rows of one statement.
const BATCH: u64 = 1_000;
/// Rows of one statement with steps. All are in memory together, and each may have some 180 KiB: the
/// limit of a row and the last segment.
pub(crate) const BATCH_WITH_STEPS: u64 = 100;
/// Sessions of the first window. Most pages are full after it.
const FIRST_WINDOW: u64 = 1_000;
/// Rows of the first statement.
const FIRST_BATCH: u64 = 200;
/// Sessions of the last windows.
const LEAST_WINDOW: u64 = 500;

/// The work of reading the facts of a session. That of passing over its row is 1, about a microsecond.
const ROW_WORK: u64 = 8;
/// So many bytes of facts and steps are further work of 1.
const BYTES_OF_WORK: u64 = 200;

const LOOKING: &str = "looking at sessions";

/// Which sessions to look at.
#[derive(Debug, Clone, Copy)]
pub struct Walk<'a> {
    /// The tenant.
    pub organization: &'a OrganizationId,
    /// All that must hold, besides what `look` decides.
    pub filter: &'a SessionFilter,
    /// What people keep with them, that must hold, too.
    pub kept: &'a KeptFilter,
    /// Only sessions whose row has one need of each group. They must leave out only those of which
    /// `look` would say no.
    pub needs: &'a [Vec<Need>],
    /// Where to begin; `None`: at the newest.
    pub after: Option<&'a SessionKey>,
    /// Their events are needed, too.
    pub with_steps: bool,
    /// How many sessions to find at most.
    pub limit: usize,
    /// How much work to do at most. To pass over a session is 1. To read its facts is 8, and 1 for every
    /// 200 bytes of facts and events. A row is read whole, however long it is.
    pub most: u64,
}

/// What a walk found.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Walked {
    /// The sessions that fit, newest first.
    pub found: Vec<SessionKey>,
    /// The last session that was looked at, if there may be further ones.
    pub stopped_at: Option<SessionKey>,
}

/// Looks at the facts of sessions, newest first, and keeps those of which `look` says yes. `may_fit` is
/// asked before, about the facts alone: a session of which it says no has its events not read. A
/// session without facts, or with facts that cannot be read, does not fit.
///
/// # Errors
/// When the database fails.
pub async fn walk(
    db: &Db,
    asked: Walk<'_>,
    may_fit: impl FnMut(&SampledSession<'_>) -> bool,
    look: impl FnMut(&SampledSession<'_>) -> bool,
) -> Result<Walked> {
    let mut walker = Walker {
        db,
        asked,
        reader: Reader::new(asked.with_steps, may_fit, look),
        found: Vec::new(),
        place: asked.after.cloned(),
        left: asked.most,
    };
    let (mut window, mut batch) = (FIRST_WINDOW, FIRST_BATCH);
    while walker.left > 0 {
        let end = walker.end_of_window(window).await?;
        loop {
            match walker.look_on(end.as_ref(), batch).await? {
                Ended::Batch => batch = BATCH,
                Ended::Window => break,
                Ended::Walk => return Ok(walker.stopped()),
            }
        }
        let Some(end) = end else {
            return Ok(Walked {
                found: walker.found,
                stopped_at: None,
            });
        };
        walker.place = Some(end);
        (window, batch) = (u64::MAX, BATCH);
    }
    Ok(walker.stopped())
}

struct Walker<'a, M, L> {
    db: &'a Db,
    asked: Walk<'a>,
    reader: Reader<M, L>,
    found: Vec<SessionKey>,
    /// The last session that was looked at or passed over.
    place: Option<SessionKey>,
    /// Work that may still be done.
    left: u64,
}

/// Why a statement had no further rows, or no more of them were read.
enum Ended {
    /// It had as many as it was asked for.
    Batch,
    /// The window has no more.
    Window,
    /// Enough was found or done.
    Walk,
}

impl<M, L> Walker<'_, M, L>
where
    M: FnMut(&SampledSession<'_>) -> bool,
    L: FnMut(&SampledSession<'_>) -> bool,
{
    fn stopped(self) -> Walked {
        Walked {
            found: self.found,
            stopped_at: self.place,
        }
    }

    /// The last session of a window of so many. A statement passes over all sessions that its conditions
    /// leave out, however many, so without a window one request could pass over all. `None`: there are
    /// fewer, or the statement passes over none.
    async fn end_of_window(&mut self, most: u64) -> Result<Option<SessionKey>> {
        use sessions::Column;
        let indexed = by_index(self.asked.filter);
        if self.asked.needs.is_empty() && indexed == *self.asked.filter {
            return Ok(None);
        }
        // The other half is for reading what is found.
        let half = max(self.left / 2, LEAST_WINDOW);
        let count = min(min(most, half), self.left);
        self.left -= count;
        let last: Option<(i64, String)> = sessions::Entity::find()
            .select_only()
            .columns([Column::StartedAt, Column::Id])
            .filter(Column::OrganizationId.eq(self.asked.organization.as_str()))
            .filter(indexed.condition(TextSearch::of(self.db)))
            .filter(self.asked.kept.condition(self.asked.organization))
            .filter(Condition::all().add_option(self.place.as_ref().map(is_after)))
            .order_by_desc(Column::StartedAt)
            .order_by_desc(Column::Id)
            .offset(count - 1)
            .into_tuple()
            .one(&self.db.read)
            .await
            .map_err(Error::sql(LOOKING))?;
        Ok(last.map(|(started_at, id)| SessionKey { started_at, id }))
    }

    /// Looks at sessions of the window, with one statement of at most `batch` rows.
    async fn look_on(&mut self, end: Option<&SessionKey>, batch: u64) -> Result<Ended> {
        let statement = self.select(end, batch).build(backend(self.db));
        let rows = self.db.read.stream_raw(statement).await;
        let mut rows = rows.map_err(Error::sql(LOOKING))?;
        let mut count = 0;
        while let Some(row) = rows.try_next().await.map_err(Error::sql(LOOKING))? {
            count += 1;
            let read = self.reader.read(&row).map_err(Error::sql(LOOKING))?;
            let work = ROW_WORK + read.bytes / BYTES_OF_WORK;
            self.left = self.left.saturating_sub(work);
            self.place = Some(read.key.clone());
            if read.fits {
                self.found.push(read.key);
            }
            if self.left == 0 || self.found.len() == self.asked.limit {
                return Ok(Ended::Walk);
            }
        }
        Ok(if count < batch {
            Ended::Window
        } else {
            Ended::Batch
        })
    }

    fn select(&self, end: Option<&SessionKey>, batch: u64) -> Select<sessions::Entity> {
        let (asked, search) = (&self.asked, TextSearch::of(self.db));
        looked_at(self.db, asked.with_steps)
            .filter(sessions::Column::OrganizationId.eq(asked.organization.as_str()))
            .filter(asked.filter.condition(search))
            .filter(asked.kept.condition(asked.organization))
            .filter(condition(asked.needs, search))
            .filter(Condition::all().add_option(self.place.as_ref().map(is_after)))
            .filter(Condition::all().add_option(end.map(is_not_after)))
            .order_by_desc(sessions::Column::StartedAt)
            .order_by_desc(sessions::Column::Id)
            .limit(batch)
    }
}

/// The part of a filter that an index answers: the sessions that it leaves out are not even passed over.
fn by_index(filter: &SessionFilter) -> SessionFilter {
    SessionFilter {
        from: filter.from,
        to: filter.to,
        user_id: filter.user_id.clone(),
        visitor_id: filter.visitor_id.clone(),
        is_open: filter.is_open.filter(|is_open| *is_open),
        live: filter.live.filter(|live| *live),
        ..SessionFilter::default()
    }
}

/// Which of these sessions pass the filter, and fit as in [`walk`].
///
/// # Errors
/// When the database fails.
pub async fn fitting(
    db: &Db,
    organization: &OrganizationId,
    filter: &SessionFilter,
    ids: &[String],
    with_steps: bool,
    look: impl FnMut(&SampledSession<'_>) -> bool,
) -> Result<HashSet<String>> {
    let mut reader = Reader::new(with_steps, |_: &SampledSession<'_>| true, look);
    let mut found = HashSet::new();
    let most = if with_steps { BATCH_WITH_STEPS } else { BATCH };
    for ids in ids.chunks(usize::try_from(most).unwrap_or(usize::MAX)) {
        let select = looked_at(db, with_steps)
            .filter(belongs_to(
                sessions::Column::OrganizationId,
                organization.as_str(),
            ))
            .filter(sessions::Column::Id.is_in(ids))
            .filter(filter.condition(TextSearch::of(db)));
        let rows = db.read.query_all_raw(select.build(backend(db))).await;
        for row in rows.map_err(Error::sql(LOOKING))? {
            let read = reader.read(&row).map_err(Error::sql(LOOKING))?;
            if read.fits {
                found.insert(read.key.id);
            }
        }
    }
    Ok(found)
}

fn backend(db: &Db) -> DbBackend {
    ConnectionTrait::get_database_backend(&db.read)
}

/// Sessions with their facts, which are looked for row by row, so that the database keeps to the index
/// of the list. SQLite joins in no other way, and Postgres takes what has an offset as it is.
fn looked_at(db: &Db, with_steps: bool) -> Select<sessions::Entity> {
    const TABLE: &str = "session_facts";
    let mut select = sessions::Entity::find()
        .select_only()
        .columns([sessions::Column::Id, sessions::Column::StartedAt])
        .expr_as(Expr::cust("f.facts"), "facts");
    if with_steps {
        select = select.expr_as(Expr::cust("f.steps"), "steps");
    }
    let of_session = |facts: &str| Expr::cust(format!("{facts}.session_id = sessions.id"));
    let (left, f) = (JoinType::LeftJoin, Alias::new("f"));
    if db.is_sqlite() {
        let of_session = of_session("f");
        QueryTrait::query(&mut select).join_as(left, Alias::new(TABLE), f, of_session);
    } else {
        let facts = Query::select()
            .expr(Expr::cust("g.facts"))
            .expr(Expr::cust("g.steps"))
            .from_as(Alias::new(TABLE), Alias::new("g"))
            .and_where(of_session("g"))
            .offset(0)
            .take();
        let always = Expr::cust("true");
        QueryTrait::query(&mut select).join_lateral(left, facts, f, always);
    }
    select
}

/// The session with this key or a newer one. The second condition implies the first, which lets the
/// database use an index.
fn is_not_after(key: &SessionKey) -> Expr {
    let started_at = sessions::Column::StartedAt;
    let is_newer = started_at.gt(key.started_at);
    let is_tie_before = sessions::Column::Id.gte(key.id.as_str());
    started_at
        .gte(key.started_at)
        .and(is_newer.or(is_tie_before))
}

/// Reads rows of [`looked_at`].
struct Reader<M, L> {
    with_steps: bool,
    may_fit: M,
    look: L,
    steps: Steps,
    no_steps: Steps,
}

struct Read {
    key: SessionKey,
    fits: bool,
    /// Of facts and steps.
    bytes: u64,
}

impl<M, L> Reader<M, L>
where
    M: FnMut(&SampledSession<'_>) -> bool,
    L: FnMut(&SampledSession<'_>) -> bool,
{
    fn new(with_steps: bool, may_fit: M, look: L) -> Self {
        Self {
            with_steps,
            may_fit,
            look,
            steps: Steps::default(),
            no_steps: Steps::default(),
        }
    }

    fn read(&mut self, row: &QueryResult) -> std::result::Result<Read, DbErr> {
        let id: String = row.try_get_by_index(0)?;
        let started_at: i64 = row.try_get_by_index(1)?;
        let facts: Option<Vec<u8>> = row.try_get_by_index(2)?;
        let steps: Option<Vec<u8>> = if self.with_steps {
            row.try_get_by_index(3)?
        } else {
            None
        };
        let (facts, steps) = (facts.unwrap_or_default(), steps.unwrap_or_default());
        let fits = Facts::decode(&facts).is_some_and(|facts| {
            let mut session = SampledSession {
                id: &id,
                started_at,
                facts,
                steps: &self.no_steps,
            };
            if !(self.may_fit)(&session) || self.steps.decode(&steps).is_none() {
                return false;
            }
            session.steps = &self.steps;
            (self.look)(&session)
        });
        Ok(Read {
            key: SessionKey { started_at, id },
            fits,
            bytes: (facts.len() + steps.len()) as u64,
        })
    }
}
