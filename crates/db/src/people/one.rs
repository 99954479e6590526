//! One person.

use sea_orm::FromQueryResult;

use crow_types::OrganizationId;

use super::person::Person;
use super::sql::Sql;
use crate::connection::Db;
use crate::error::Result;
use crate::read::{SessionKey, sessions_by_id};
use crate::records::StoredSession;

/// Browsers of a user, at most.
const MAX_BROWSERS: usize = 100;

/// A person who has sessions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// Who: a browser whose user is known is that user.
    pub person: Person,
    /// The browsers of a user, at most 100. Sessions in them without a user belong to the user.
    pub browsers: Vec<String>,
    /// When the first session began that names the user, milliseconds since the epoch.
    pub identified_at: Option<i64>,
}

/// What all sessions of a person add up to. Times are milliseconds since the epoch.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Totals {
    /// Sessions.
    pub sessions: i64,
    /// When the first one began.
    pub first_seen_at: i64,
    /// The time of the last event.
    pub last_seen_at: i64,
    /// Events.
    pub events: i64,
    /// Page views.
    pub pageviews: i64,
    /// Errors.
    pub errors: i64,
}

#[derive(FromQueryResult)]
struct Named {
    id: String,
}

#[derive(FromQueryResult)]
struct First {
    at: Option<i64>,
}

#[derive(FromQueryResult)]
struct Sums {
    sessions: i64,
    first_at: Option<i64>,
    last_at: Option<i64>,
    events: i64,
    pageviews: i64,
    errors: i64,
}

#[derive(FromQueryResult)]
struct Key {
    id: String,
    started_at: i64,
}

#[derive(FromQueryResult)]
struct Count {
    count: i64,
}

/// The person with this id; `None`: no session names it.
///
/// # Errors
/// When the database fails.
pub async fn find(db: &Db, organization: &OrganizationId, asked: &Person) -> Result<Option<Found>> {
    let user = match asked {
        Person::User(user) => Some(user.clone()),
        Person::Visitor(visitor) => user_of(db, organization, visitor).await?,
    };
    let person = user.map_or_else(|| asked.clone(), Person::User);
    let Some(first) = first_named(db, organization, &person).await? else {
        return Ok(None);
    };
    let Person::User(user) = &person else {
        return Ok(Some(Found {
            person,
            browsers: Vec::new(),
            identified_at: None,
        }));
    };
    Ok(Some(Found {
        browsers: browsers(db, organization, user).await?,
        identified_at: Some(first),
        person,
    }))
}

/// The user of a browser: the one that the latest session named.
const USER_OF: &str = "select n.user_id from sessions n \
    where n.organization_id = v.organization_id and n.visitor_id = v.visitor_id \
    and n.user_id is not null order by n.started_at desc, n.id desc limit 1";

async fn user_of(db: &Db, organization: &OrganizationId, visitor: &str) -> Result<Option<String>> {
    let mut sql = Sql::new(db);
    sql.add("select s.user_id as id from sessions s where s.organization_id = ");
    sql.bind(organization.as_str());
    sql.add(" and s.visitor_id = ").bind(visitor);
    sql.add(" and s.user_id is not null order by s.started_at desc, s.id desc limit 1");
    Ok(sql.one::<Named>(db).await?.map(|user| user.id))
}

async fn first_named(
    db: &Db,
    organization: &OrganizationId,
    person: &Person,
) -> Result<Option<i64>> {
    let mut sql = Sql::new(db);
    sql.add("select min(s.started_at) as at from sessions s where s.organization_id = ");
    sql.bind(organization.as_str());
    sql.add(&format!(" and s.{} = ", person.column()));
    sql.bind(person.id());
    Ok(sql.one::<First>(db).await?.and_then(|first| first.at))
}

async fn browsers(db: &Db, organization: &OrganizationId, user: &str) -> Result<Vec<String>> {
    let mut sql = Sql::new(db);
    sql.add(
        "select v.visitor_id as id from (select distinct s.organization_id, s.visitor_id \
         from sessions s where s.organization_id = ",
    );
    sql.bind(organization.as_str());
    sql.add(" and s.user_id = ").bind(user);
    sql.add(&format!(
        " and s.visitor_id is not null order by s.visitor_id limit {MAX_BROWSERS}) v \
         where ({USER_OF}) = "
    ));
    sql.bind(user).add(" order by v.visitor_id");
    let found: Vec<Named> = sql.all(db).await?;
    Ok(found.into_iter().map(|browser| browser.id).collect())
}

/// Adds the two kinds of sessions of a person: those that name the person, and those of the browsers
/// of a user that name nobody. Each uses its own index.
fn parts(
    db: &Db,
    organization: &OrganizationId,
    found: &Found,
    columns: &str,
    from: &str,
) -> Vec<Sql> {
    let begin = || {
        let mut sql = Sql::new(db);
        sql.add(&format!(
            "select {columns} from {from} where s.organization_id = "
        ));
        sql.bind(organization.as_str());
        sql
    };
    let mut named = begin();
    named.add(&format!(" and s.{} = ", found.person.column()));
    named.bind(found.person.id());
    let mut all = vec![named];
    if !found.browsers.is_empty() {
        let mut unnamed = begin();
        unnamed.add(" and s.user_id is null and s.visitor_id");
        unnamed.is_in(&found.browsers);
        all.push(unnamed);
    }
    all
}

/// What all sessions of the person add up to.
///
/// # Errors
/// When the database fails.
pub async fn totals(db: &Db, organization: &OrganizationId, found: &Found) -> Result<Totals> {
    const SUMS: &str = "count(*) as sessions, min(s.started_at) as first_at, \
        max(s.last_event_at) as last_at, \
        cast(coalesce(sum(s.event_count), 0) as bigint) as events, \
        cast(coalesce(sum(s.pageview_count), 0) as bigint) as pageviews, \
        cast(coalesce(sum(s.error_count), 0) as bigint) as errors";
    let mut totals = Totals::default();
    let mut first: Option<i64> = None;
    for part in parts(db, organization, found, SUMS, "sessions s") {
        let Some(sums) = part.one::<Sums>(db).await? else {
            continue;
        };
        totals.sessions += sums.sessions;
        totals.events += sums.events;
        totals.pageviews += sums.pageviews;
        totals.errors += sums.errors;
        totals.last_seen_at = totals.last_seen_at.max(sums.last_at.unwrap_or(0));
        first = [first, sums.first_at].into_iter().flatten().min();
    }
    totals.first_seen_at = first.unwrap_or(0);
    Ok(totals)
}

/// How many interactions tell of the person's sessions.
///
/// # Errors
/// When the database fails.
pub async fn interactions(db: &Db, organization: &OrganizationId, found: &Found) -> Result<i64> {
    const FROM: &str = "sessions s join interactions i on i.session_row = s.id";
    let mut count = 0;
    for part in parts(db, organization, found, "count(*) as count", FROM) {
        count += part.one::<Count>(db).await?.map_or(0, |row| row.count);
    }
    Ok(count)
}

/// At most `limit` sessions of the person after `after`, newest first, without their `windows`.
///
/// # Errors
/// When the database fails.
pub async fn sessions(
    db: &Db,
    organization: &OrganizationId,
    found: &Found,
    after: Option<&SessionKey>,
    limit: u64,
) -> Result<Vec<StoredSession>> {
    let mut keys: Vec<Key> = Vec::new();
    for mut part in parts(db, organization, found, "s.id, s.started_at", "sessions s") {
        if let Some(after) = after {
            part.add(" and s.started_at <= ").bind(after.started_at);
            part.add(" and (s.started_at < ").bind(after.started_at);
            part.add(" or s.id < ").bind(after.id.as_str()).add(")");
        }
        part.add(&format!(
            " order by s.started_at desc, s.id desc limit {limit}"
        ));
        keys.extend(part.all::<Key>(db).await?);
    }
    let order = |key: &Key| std::cmp::Reverse((key.started_at, key.id.clone()));
    keys.sort_by_key(order);
    keys.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
    let ids: Vec<String> = keys.into_iter().map(|key| key.id).collect();
    let mut rows = sessions_by_id(db, organization, &ids).await?;
    rows.sort_by(|one, other| {
        let key = |row: &StoredSession| (row.record.started_at, row.record.id.clone());
        key(other).cmp(&key(one))
    });
    Ok(rows)
}
