//! What the keeper reads: the visits of session ids, and what is due.

use std::collections::BTreeSet;

use sea_orm::sea_query::{Alias, Expr, ExprTrait, Query, SelectStatement};
use sea_orm::{
    ColumnTrait, Condition, EntityTrait, Order, QueryFilter, QueryOrder, QuerySelect, Select,
};

use crow_types::{
    ChunkRecord, EventRecord, EventRowId, OrganizationId, Partition, SessionId, SessionRecord,
    Timestamp,
};

use crate::connection::Db;
use crate::entity::{events, replay_chunks, sessions};
use crate::error::{Error, Result};
use crate::records::session_record;

#[cfg(test)]
mod tests;

/// Keys per statement.
const KEYS: usize = 500;

/// The newest visits of the given session ids, at most `limit` of each, oldest first.
///
/// It and what follows here do not wait for the one writer of SQLite, behind which the flushes
/// of all partitions queue up: each statement sees what was committed before it began.
pub async fn load(
    db: &Db,
    keys: &[(OrganizationId, SessionId)],
    limit: usize,
) -> Result<Vec<SessionRecord>> {
    let mut found = Vec::new();
    let is_recent = Expr::cust(format!(
        "generation > (select max(newest.generation) from sessions newest \
         where newest.organization_id = sessions.organization_id \
         and newest.session_id = sessions.session_id) - {limit}"
    ));
    for keys in keys.chunks(KEYS) {
        let mut any = Condition::any();
        for (organization, session) in keys {
            any = any.add(
                Condition::all()
                    .add(sessions::Column::OrganizationId.eq(organization.as_str()))
                    .add(sessions::Column::SessionId.eq(session.as_str())),
            );
        }
        let rows = sessions::Entity::find()
            .filter(any)
            .filter(is_recent.clone())
            .order_by_asc(sessions::Column::Generation)
            .all(&db.read)
            .await
            .map_err(Error::row("loading sessions"))?;
        for row in rows {
            found.push(session_record(row)?);
        }
    }
    Ok(found)
}

/// Open sessions of the partition that were due at or before the time, oldest first, and the row ids
/// of those that this version cannot read. They do not hold up the timers of the others.
pub async fn due(
    db: &Db,
    partition: Partition,
    at: Timestamp,
    limit: u64,
) -> Result<(Vec<SessionRecord>, BTreeSet<String>)> {
    // The database makes it from `due_at`, and it is what the index holds.
    let due_minute = || Expr::col(Alias::new("due_minute"));
    let query = sessions::Entity::find()
        .filter(sessions::Column::Partition.eq(i64::from(partition.0)))
        .filter(sessions::Column::Status.eq("open"))
        .filter(due_minute().lte(at.0 / 60_000))
        .filter(sessions::Column::DueAt.lte(at.0))
        .order_by(due_minute(), Order::Asc)
        .order_by_asc(sessions::Column::DueAt)
        .limit(limit);
    let (mut due, mut unreadable) = (Vec::new(), BTreeSet::new());
    for (id, session) in each(db, query, "looking for due sessions").await? {
        match session {
            Ok(record) => due.push(record),
            Err(_of_another_version) => drop(unreadable.insert(id)),
        }
    }
    Ok((due, unreadable))
}

/// The sessions of a query, each with its id and an error if this version cannot read it. If one
/// row holds a value of another type, reads them one by one.
pub(crate) async fn each(
    db: &Db,
    query: Select<sessions::Entity>,
    what: &'static str,
) -> Result<Vec<(String, Result<SessionRecord>)>> {
    let rows = query.clone().all(&db.read).await;
    match rows.map_err(Error::row(what)) {
        Ok(rows) => Ok(rows
            .into_iter()
            .map(|row| (row.id.clone(), session_record(row)))
            .collect()),
        Err(Error::Unreadable(_)) => one_by_one(db, query, what).await,
        Err(error) => Err(error),
    }
}

async fn one_by_one(
    db: &Db,
    query: Select<sessions::Entity>,
    what: &'static str,
) -> Result<Vec<(String, Result<SessionRecord>)>> {
    let ids: Vec<String> = query
        .select_only()
        .column(sessions::Column::Id)
        .into_tuple()
        .all(&db.read)
        .await
        .map_err(Error::row(what))?;
    let mut found = Vec::with_capacity(ids.len());
    for id in ids {
        let row = sessions::Entity::find_by_id(id.as_str())
            .one(&db.read)
            .await;
        match row.map_err(Error::row(what)) {
            Ok(Some(row)) => found.push((id, session_record(row))),
            Ok(None) => {}
            Err(error @ Error::Unreadable(_)) => found.push((id, Err(error))),
            Err(error) => return Err(error),
        }
    }
    Ok(found)
}

/// The session rows of these ids that exist, in no order, and the ids of those that this version
/// cannot read.
pub async fn by_row_ids(db: &Db, ids: &[&str]) -> Result<(Vec<SessionRecord>, Vec<String>)> {
    let (mut found, mut unreadable) = (Vec::with_capacity(ids.len()), Vec::new());
    for ids in ids.chunks(KEYS) {
        let query =
            sessions::Entity::find().filter(sessions::Column::Id.is_in(ids.iter().copied()));
        for (id, session) in each(db, query, "reading sessions").await? {
            match session {
                Ok(record) => found.push(record),
                Err(_of_another_version) => unreadable.push(id),
            }
        }
    }
    Ok((found, unreadable))
}

/// One session row.
pub async fn by_row_id(db: &Db, id: &str) -> Result<Option<SessionRecord>> {
    let row = sessions::Entity::find_by_id(id)
        .one(&db.read)
        .await
        .map_err(Error::row("reading a session"))?;
    row.map(session_record).transpose()
}

/// The organization of a session row; `None` when there is no such row.
pub async fn organization_of(db: &Db, id: &str) -> Result<Option<String>> {
    sessions::Entity::find_by_id(id)
        .select_only()
        .column(sessions::Column::OrganizationId)
        .into_tuple()
        .one(&db.read)
        .await
        .map_err(Error::row("reading a session"))
}

/// What rows say of the stored events of a session id.
#[derive(Debug, Default)]
pub struct KnownEvents {
    /// See [`EventRowId::bits`].
    pub ids: Vec<u64>,
    /// Frames of archives, whose rows do not say which events they hold.
    pub archived: Vec<ChunkRecord>,
}

/// Which events are stored, in all visits of the session id.
pub async fn known_events(
    db: &Db,
    organization: &OrganizationId,
    session: &SessionId,
) -> Result<KnownEvents> {
    let has_events = Expr::col(replay_chunks::Column::EventCount)
        .gt(Expr::col(replay_chunks::Column::ReplayEventCount));
    let chunks = replay_chunks::Entity::find()
        .filter(replay_chunks::Column::SessionId.in_subquery(visits_of(organization, session)))
        .filter(has_events)
        .order_by_asc(replay_chunks::Column::FirstAt)
        .all(&db.read)
        .await
        .map_err(Error::sql("looking for known events"))?;
    let mut known = KnownEvents::default();
    let mut has_old = false;
    for chunk in chunks {
        let ids = chunk.event_ids.as_chunks().0.iter();
        known.ids.extend(ids.map(|bits| u64::from_be_bytes(*bits)));
        if chunk.event_ids.is_empty() && chunk.chunk_index < 0 {
            known.archived.push(chunk.into());
        } else {
            has_old |= chunk.event_ids.is_empty();
        }
    }
    if has_old {
        known
            .ids
            .extend(ids_of_rows(db, organization, session).await?);
    }
    Ok(known)
}

fn visits_of(organization: &OrganizationId, session: &SessionId) -> SelectStatement {
    Query::select()
        .column(sessions::Column::Id)
        .from(sessions::Entity)
        .and_where(sessions::Column::OrganizationId.eq(organization.as_str()))
        .and_where(sessions::Column::SessionId.eq(session.as_str()))
        .take()
}

/// An earlier release wrote a row for every event.
async fn ids_of_rows(
    db: &Db,
    organization: &OrganizationId,
    session: &SessionId,
) -> Result<impl Iterator<Item = u64> + use<>> {
    let rows: Vec<String> = events::Entity::find()
        .select_only()
        .column(events::Column::Id)
        .filter(events::Column::SessionId.in_subquery(visits_of(organization, session)))
        .into_tuple()
        .all(&db.read)
        .await
        .map_err(Error::sql("looking for known events"))?;
    Ok(rows.into_iter().map(|id| EventRowId::bits(&id)))
}

/// Rows of events of a session in time order, at most `limit`, from the one at `offset` on.
pub async fn first_events(
    db: &Db,
    session: &str,
    offset: u64,
    limit: u64,
) -> Result<Vec<EventRecord>> {
    let rows = events::Entity::find()
        .filter(events::Column::SessionId.eq(session))
        .order_by_asc(events::Column::Timestamp)
        .order_by_asc(events::Column::Place)
        .order_by_asc(events::Column::Id)
        .offset(offset)
        .limit(limit)
        .all(&db.read)
        .await
        .map_err(Error::sql("reading events"))?;
    Ok(rows.into_iter().map(EventRecord::from).collect())
}
