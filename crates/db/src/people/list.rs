//! Who visited, last seen first.

use sea_orm::FromQueryResult;

use crow_types::OrganizationId;

use super::person::Person;
use super::sql::Sql;
use crate::analytics::{Facts, SampledSession, Steps};
use crate::connection::Db;
use crate::error::Result;
use crate::read::{BATCH_WITH_STEPS, SessionKey};

/// Sessions of one statement.
const BATCH: u64 = 1_000;

/// Which people.
#[derive(Debug, Clone, Copy)]
pub struct ListPeople<'a> {
    /// The tenant.
    pub organization: &'a OrganizationId,
    /// A part of the id or of the properties, ignoring case.
    pub text: Option<&'a str>,
    /// Where to begin; `None`: at who was seen last.
    pub after: Option<&'a SessionKey>,
    /// The facts of the newest session are needed; with its events, too.
    pub with_facts: bool,
    /// See [`Self::with_facts`].
    pub with_steps: bool,
    /// How many people to find at most.
    pub limit: usize,
    /// How many sessions to look at, at most.
    pub most: u64,
}

/// People, by the newest session of each.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct PeopleSeen {
    /// The newest session of each that names them, newest first.
    pub found: Vec<(Person, SessionKey)>,
    /// The last session that was looked at, if there may be further ones.
    pub stopped_at: Option<SessionKey>,
}

#[derive(FromQueryResult)]
struct Row {
    id: String,
    started_at: i64,
    user_id: Option<String>,
    visitor_id: Option<String>,
    is_newest: i64,
    facts: Option<Vec<u8>>,
    steps: Option<Vec<u8>>,
}

/// Walks through the sessions, newest first. A session counts if it is the newest of its user, or of
/// a browser of which no user is known. `look` decides about the newest session of each person; it is
/// asked only with facts.
///
/// # Errors
/// When the database fails.
pub async fn list(
    db: &Db,
    asked: ListPeople<'_>,
    mut look: impl FnMut(&SampledSession<'_>) -> bool,
) -> Result<PeopleSeen> {
    let mut seen = PeopleSeen::default();
    let mut steps = Steps::default();
    let further = if asked.with_steps {
        BATCH_WITH_STEPS
    } else {
        BATCH
    };
    let first = (asked.limit as u64 * 4).clamp(1, further);
    let (mut after, mut left, mut batch) = (asked.after.cloned(), asked.most, first);
    while left > 0 {
        let size = batch.min(left);
        let rows: Vec<Row> = statement(db, &asked, after.as_ref(), size).all(db).await?;
        let count = rows.len() as u64;
        for row in rows {
            let key = SessionKey {
                started_at: row.started_at,
                id: row.id.clone(),
            };
            after = Some(key.clone());
            if row.is_newest == 0 || (asked.with_facts && !fits(&row, &mut steps, &mut look)) {
                continue;
            }
            let person = match (row.user_id, row.visitor_id) {
                (Some(user), _) => Person::User(user),
                (None, Some(visitor)) => Person::Visitor(visitor),
                (None, None) => continue,
            };
            seen.found.push((person, key));
            if seen.found.len() == asked.limit {
                seen.stopped_at = after;
                return Ok(seen);
            }
        }
        if count < size {
            return Ok(seen);
        }
        left -= count;
        batch = further;
    }
    seen.stopped_at = after;
    Ok(seen)
}

fn fits(row: &Row, steps: &mut Steps, look: &mut impl FnMut(&SampledSession<'_>) -> bool) -> bool {
    let stored = row.steps.as_deref().unwrap_or_default();
    let is_readable = steps.decode(stored).is_some();
    let facts = row.facts.as_deref().and_then(Facts::decode);
    facts.filter(|_| is_readable).is_some_and(|facts| {
        look(&SampledSession {
            id: &row.id,
            started_at: row.started_at,
            facts,
            steps,
        })
    })
}

/// Each look at other sessions of the same person is one step in an index.
const IS_NEWEST: &str = "case \
    when w.user_id is not null then case when exists (select 1 from sessions n \
        where n.organization_id = w.organization_id and n.user_id = w.user_id \
        and (n.started_at, n.id) > (w.started_at, w.id)) then 0 else 1 end \
    when w.visitor_id is null then 0 \
    when exists (select 1 from sessions n \
        where n.organization_id = w.organization_id and n.visitor_id = w.visitor_id \
        and (n.started_at, n.id) > (w.started_at, w.id)) then 0 \
    when exists (select 1 from sessions n \
        where n.organization_id = w.organization_id and n.visitor_id = w.visitor_id \
        and n.user_id is not null) then 0 \
    else 1 end";

/// The sessions are limited first, so that the work is bounded.
pub(super) fn statement(
    db: &Db,
    asked: &ListPeople<'_>,
    after: Option<&SessionKey>,
    size: u64,
) -> Sql {
    let mut sql = Sql::new(db);
    sql.add("select p.id, p.started_at, p.user_id, p.visitor_id, cast(p.is_newest as bigint) as is_newest, ");
    for (column, is_needed) in [("facts", asked.with_facts), ("steps", asked.with_steps)] {
        if is_needed {
            sql.add(&format!(
                "case when p.is_newest = 1 then (select f.{column} from session_facts f \
                 where f.session_id = p.id) end as {column}"
            ));
        } else {
            sql.add(&format!("null as {column}"));
        }
        sql.add(if column == "facts" { ", " } else { " from (" });
    }
    sql.add("select w.id, w.started_at, w.user_id, w.visitor_id, ");
    if let Some(text) = asked.text {
        sql.add("case when not (");
        sql.contains("coalesce(w.user_id, w.visitor_id, '')", text)
            .add(" or ")
            .contains("coalesce(w.traits, '')", text)
            .add(") then 0 else ")
            .add(IS_NEWEST)
            .add(" end");
    } else {
        sql.add(IS_NEWEST);
    }
    sql.add(
        " as is_newest from (select s.organization_id, s.id, s.started_at, s.user_id, \
         s.visitor_id, s.traits from sessions s where s.organization_id = ",
    );
    sql.bind(asked.organization.as_str());
    if let Some(after) = after {
        // The first condition is what the index needs.
        sql.add(" and s.started_at <= ").bind(after.started_at);
        sql.add(" and (s.started_at < ").bind(after.started_at);
        sql.add(" or s.id < ").bind(after.id.as_str()).add(")");
    }
    sql.add(&format!(
        " order by s.started_at desc, s.id desc limit {size}) w) p \
         order by p.started_at desc, p.id desc"
    ));
    sql
}
