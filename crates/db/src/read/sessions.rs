use sea_orm::sea_query::{Condition, Expr, ExprTrait, Query};
use sea_orm::{
    ColumnTrait, EntityTrait, FromQueryResult, Iterable, QueryFilter, QueryOrder, QuerySelect,
};

use crow_types::OrganizationId;

use crate::Db;
use crate::entity::{collection_sessions, session_tags, session_watches, sessions};
use crate::error::{Error, Result};
use crate::read::filter::{SessionFilter, TextSearch};
use crate::records::StoredSession;

/// Where a page of sessions ended: the start time and row id of its last session.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SessionKey {
    /// Milliseconds since the epoch.
    pub started_at: i64,
    /// `sessions.id`; breaks ties between sessions that started in the same millisecond.
    pub id: String,
}

/// A link to one generation of a session id.
#[derive(Debug, Clone, PartialEq, Eq, FromQueryResult)]
pub struct GenerationLink {
    /// `sessions.id`.
    pub id: String,
    /// The number of the generation, from 0.
    pub generation: i32,
    /// Milliseconds since the epoch.
    pub started_at: i64,
}

/// What people keep with the sessions of a list. All given conditions must hold.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct KeptFilter {
    /// It has this tag.
    pub tag: Option<String>,
    /// Whether this user or key has watched it.
    pub watched: Option<(bool, String)>,
    /// It is in the collection with this id.
    pub collection: Option<String>,
}

impl KeptFilter {
    /// Whether nothing is given.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    pub(super) fn condition(&self, organization: &OrganizationId) -> Condition {
        let tagged = self.tag.as_ref().map(|tag| has_tag(organization, tag));
        let watched = self.watched.as_ref().map(|(wanted, watcher)| {
            let has_watched = is_watched_by(organization, watcher);
            if *wanted {
                has_watched
            } else {
                has_watched.not()
            }
        });
        let collected = self.collection.as_ref();
        let collected = collected.map(|collection| is_in(organization, collection));
        Condition::all()
            .add_option(tagged)
            .add_option(watched)
            .add_option(collected)
    }
}

fn has_tag(organization: &OrganizationId, tag: &str) -> Expr {
    use session_tags::{Column, Entity};
    let tagged = Query::select()
        .column((Entity, Column::SessionId))
        .from(Entity)
        .and_where(Column::OrganizationId.eq(organization.as_str()))
        .and_where(Column::Tag.eq(tag))
        .take();
    sessions::Column::Id.in_subquery(tagged)
}

fn is_in(organization: &OrganizationId, collection: &str) -> Expr {
    use collection_sessions::{Column, Entity};
    let collected = Query::select()
        .column((Entity, Column::SessionId))
        .from(Entity)
        .and_where(Column::OrganizationId.eq(organization.as_str()))
        .and_where(Column::CollectionId.eq(collection))
        .take();
    sessions::Column::Id.in_subquery(collected)
}

fn is_watched_by(organization: &OrganizationId, watcher: &str) -> Expr {
    use session_watches::{Column, Entity};
    let of_session =
        Expr::col((Entity, Column::SessionId)).equals((sessions::Entity, sessions::Column::Id));
    Expr::exists(
        Query::select()
            .expr(Expr::val(1))
            .from(Entity)
            .and_where(of_session)
            .and_where(Column::OrganizationId.eq(organization.as_str()))
            .and_where(Column::WatcherId.eq(watcher))
            .take(),
    )
}

/// At most `limit` sessions after `after` that pass the filters, newest first. Leaves out `windows`,
/// which may be large and which no list shows.
pub async fn sessions(
    db: &Db,
    organization: &OrganizationId,
    filter: &SessionFilter,
    kept: &KeptFilter,
    after: Option<&SessionKey>,
    limit: u64,
) -> Result<Vec<StoredSession>> {
    let search = TextSearch::of(db);
    let is_shown = |column: &sessions::Column| !matches!(column, sessions::Column::Windows);
    let shown = sessions::Column::iter().filter(is_shown);
    let rows = sessions::Entity::find()
        .select_only()
        .columns(shown)
        .column_as(Expr::val(""), sessions::Column::Windows)
        .filter(sessions::Column::OrganizationId.eq(organization.as_str()))
        .filter(filter.condition(search))
        .filter(kept.condition(organization))
        .filter(Condition::all().add_option(after.map(is_after)))
        .order_by_desc(sessions::Column::StartedAt)
        .order_by_desc(sessions::Column::Id)
        .limit(limit)
        .all(&db.read)
        .await
        .map_err(Error::sql("listing sessions"))?;
    Ok(rows.into_iter().map(StoredSession::from).collect())
}

/// The second condition implies the first, which lets the database use an index.
pub(super) fn is_after(key: &SessionKey) -> Expr {
    let started_at = sessions::Column::StartedAt;
    let is_older = started_at.lt(key.started_at);
    let is_tie_after = sessions::Column::Id.lt(key.id.as_str());
    started_at
        .lte(key.started_at)
        .and(is_older.or(is_tie_after))
}

/// One session: by its row id, else the latest generation of the SDK's session id.
pub async fn session(
    db: &Db,
    organization: &OrganizationId,
    id: &str,
) -> Result<Option<StoredSession>> {
    let of_organization = || {
        sessions::Entity::find().filter(sessions::Column::OrganizationId.eq(organization.as_str()))
    };
    let by_row = of_organization()
        .filter(sessions::Column::Id.eq(id))
        .one(&db.read)
        .await
        .map_err(Error::sql("finding a session"))?;
    if let Some(row) = by_row {
        return Ok(Some(row.into()));
    }
    let latest = of_organization()
        .filter(sessions::Column::SessionId.eq(id))
        .order_by_desc(sessions::Column::Generation)
        .one(&db.read)
        .await
        .map_err(Error::sql("finding a session"))?;
    Ok(latest.map(StoredSession::from))
}

/// At most `limit` generations of the SDK's session id, latest first.
pub async fn generations(
    db: &Db,
    organization: &OrganizationId,
    session_id: &str,
    limit: u64,
) -> Result<Vec<GenerationLink>> {
    sessions::Entity::find()
        .select_only()
        .columns([
            sessions::Column::Id,
            sessions::Column::Generation,
            sessions::Column::StartedAt,
        ])
        .filter(sessions::Column::OrganizationId.eq(organization.as_str()))
        .filter(sessions::Column::SessionId.eq(session_id))
        .order_by_desc(sessions::Column::Generation)
        .limit(limit)
        .into_model::<GenerationLink>()
        .all(&db.read)
        .await
        .map_err(Error::sql("listing generations"))
}

/// Whether the row that names `session` belongs to a session of the organization.
pub(super) fn is_of_organization(session: &str, organization: &OrganizationId) -> Expr {
    Expr::exists(
        Query::select()
            .expr(Expr::val(1))
            .from(sessions::Entity)
            .and_where(sessions::Column::Id.eq(session))
            .and_where(sessions::Column::OrganizationId.eq(organization.as_str()))
            .take(),
    )
}
