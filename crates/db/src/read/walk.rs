use std::collections::HashSet;

use sea_orm::sea_query::{Condition, Expr};
use sea_orm::{
    ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QueryResult, QuerySelect, QueryTrait, Select,
};

use crow_types::OrganizationId;

use super::sessions::is_after;
use super::{KeptFilter, SessionFilter, SessionKey};
use crate::Db;
use crate::analytics::{Facts, SampledSession, Steps};
use crate::entity::sessions;
use crate::error::{Error, Result};
use crate::read::filter::TextSearch;

/// Rows of one statement.
const BATCH: u64 = 1_000;
/// Rows of one statement with steps. All are in memory together, and each may have some 180 KiB: the
/// limit of a row and the last segment.
pub(crate) const BATCH_WITH_STEPS: u64 = 100;
/// Rows of the first statement. Most pages are full after it.
const FIRST_BATCH: u64 = 200;

/// Which sessions to look at.
#[derive(Debug, Clone, Copy)]
pub struct Walk<'a> {
    /// The tenant.
    pub organization: &'a OrganizationId,
    /// All that must hold, besides what `look` decides.
    pub filter: &'a SessionFilter,
    /// What people keep with them, that must hold, too.
    pub kept: &'a KeptFilter,
    /// Where to begin; `None`: at the newest.
    pub after: Option<&'a SessionKey>,
    /// Their events are needed, too.
    pub with_steps: bool,
    /// How many sessions to find at most.
    pub limit: usize,
    /// How many sessions to look at, at most.
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

/// Looks at the facts of sessions, newest first, and keeps those of which `look` says yes. A session
/// without facts, or with facts that cannot be read, does not fit.
///
/// # Errors
/// When the database fails.
pub async fn walk(
    db: &Db,
    asked: Walk<'_>,
    mut look: impl FnMut(&SampledSession<'_>) -> bool,
) -> Result<Walked> {
    let mut walked = Walked::default();
    let mut steps = Steps::default();
    let (first, further) = if asked.with_steps {
        (BATCH_WITH_STEPS, BATCH_WITH_STEPS)
    } else {
        (FIRST_BATCH, BATCH)
    };
    let (mut after, mut left, mut batch) = (asked.after.cloned(), asked.most, first);
    while left > 0 {
        let rows = rows(db, &asked, after.as_ref(), batch.min(left)).await?;
        let count = rows.len() as u64;
        for row in rows {
            let key = read(&row, asked.with_steps, &mut steps, &mut look);
            let (key, is_found) = key.map_err(Error::sql("looking at sessions"))?;
            after = Some(key.clone());
            if is_found {
                walked.found.push(key);
                if walked.found.len() == asked.limit {
                    walked.stopped_at = after;
                    return Ok(walked);
                }
            }
        }
        if count < batch.min(left) {
            return Ok(walked);
        }
        left -= count;
        batch = further;
    }
    walked.stopped_at = after;
    Ok(walked)
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
    mut look: impl FnMut(&SampledSession<'_>) -> bool,
) -> Result<HashSet<String>> {
    use sea_orm::ConnectionTrait;
    let mut steps = Steps::default();
    let mut found = HashSet::new();
    let most = if with_steps { BATCH_WITH_STEPS } else { BATCH };
    for ids in ids.chunks(usize::try_from(most).unwrap_or(usize::MAX)) {
        let select = looked_at(with_steps)
            .filter(sessions::Column::OrganizationId.eq(organization.as_str()))
            .filter(sessions::Column::Id.is_in(ids))
            .filter(filter.condition(TextSearch::of(db)));
        let statement = select.build(db.read.get_database_backend());
        let rows = db.read.query_all_raw(statement).await;
        for row in rows.map_err(Error::sql("looking at sessions"))? {
            let key = read(&row, with_steps, &mut steps, &mut look);
            let (key, is_found) = key.map_err(Error::sql("looking at sessions"))?;
            if is_found {
                found.insert(key.id);
            }
        }
    }
    Ok(found)
}

/// Sessions with their facts.
fn looked_at(with_steps: bool) -> Select<sessions::Entity> {
    let of_session = |column: &str| {
        Expr::cust(format!(
            "(select f.{column} from session_facts f where f.session_id = sessions.id)"
        ))
    };
    let select = sessions::Entity::find()
        .select_only()
        .columns([sessions::Column::Id, sessions::Column::StartedAt])
        .expr_as(of_session("facts"), "facts");
    if with_steps {
        select.expr_as(of_session("steps"), "steps")
    } else {
        select
    }
}

/// The facts are asked for row by row, so that the database keeps to the index of the list.
async fn rows(
    db: &Db,
    asked: &Walk<'_>,
    after: Option<&SessionKey>,
    limit: u64,
) -> Result<Vec<QueryResult>> {
    use sea_orm::ConnectionTrait;
    let search = TextSearch::of(db);
    let select = looked_at(asked.with_steps)
        .filter(sessions::Column::OrganizationId.eq(asked.organization.as_str()))
        .filter(asked.filter.condition(search))
        .filter(asked.kept.condition(asked.organization))
        .filter(Condition::all().add_option(after.map(is_after)))
        .order_by_desc(sessions::Column::StartedAt)
        .order_by_desc(sessions::Column::Id)
        .limit(limit);
    let statement = select.build(db.read.get_database_backend());
    let rows = db.read.query_all_raw(statement).await;
    rows.map_err(Error::sql("looking at sessions"))
}

fn read(
    row: &QueryResult,
    with_steps: bool,
    steps: &mut Steps,
    look: impl FnOnce(&SampledSession<'_>) -> bool,
) -> std::result::Result<(SessionKey, bool), sea_orm::DbErr> {
    let id: String = row.try_get_by_index(0)?;
    let started_at: i64 = row.try_get_by_index(1)?;
    let facts: Option<Vec<u8>> = row.try_get_by_index(2)?;
    let stored: Option<Vec<u8>> = if with_steps {
        row.try_get_by_index(3)?
    } else {
        None
    };
    let is_readable = steps
        .decode(stored.as_deref().unwrap_or_default())
        .is_some();
    let is_found = match facts.as_deref().and_then(Facts::decode) {
        Some(facts) if is_readable => look(&SampledSession {
            id: &id,
            started_at,
            facts,
            steps,
        }),
        _ => false,
    };
    Ok((SessionKey { started_at, id }, is_found))
}
