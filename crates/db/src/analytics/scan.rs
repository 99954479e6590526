use std::collections::BTreeMap;

use futures::{TryStreamExt, stream};
use sea_orm::{QueryResult, Statement, StreamTrait, Value};

use crow_types::OrganizationId;

use super::facts::Facts;
use super::steps::Steps;
use crate::connection::Db;
use crate::error::{Error, Result};

/// The highest sample level: one visitor in 65,536.
const HIGHEST: i32 = 16;
/// The levels from this on are counted to estimate how many sessions there are.
const COUNTED: i32 = 10;

const MINUTE: i64 = 60_000;

/// The sample level of a visitor's hash.
pub(super) fn level_of(visitor: u64) -> i32 {
    visitor.trailing_zeros().cast_signed().min(HIGHEST)
}

/// Which sessions to read.
#[derive(Debug, Clone, Copy)]
pub struct Question<'a> {
    /// The tenant.
    pub organization: &'a OrganizationId,
    /// Started at or after this, milliseconds since the epoch.
    pub from: i64,
    /// Started before this, milliseconds since the epoch.
    pub to: i64,
    /// Only of this user: these are few, and all of them are read.
    pub user_id: Option<&'a str>,
    /// Their events are needed, too.
    pub with_steps: bool,
    /// Only those whose last event is at or after this, milliseconds since the epoch; `None`: all.
    pub active_since: Option<i64>,
    /// About how many sessions to read at most; `None`: all.
    pub budget: Option<u64>,
    /// Keeps the sessions of a person together, also in a sample.
    pub whole: Option<Whole>,
    /// The sessions are halved at least so often.
    pub least_halvings: u32,
}

/// Which sessions decide whose a browser is: those that began in this range. A session that names
/// only a browser then belongs to the user whom the latest of them names in this browser, and a sample
/// has it if and only if it has that user. Without this, a sample has it or not by its browser.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Whole {
    /// Started at or after this, milliseconds since the epoch.
    pub from: i64,
    /// Started before this, milliseconds since the epoch.
    pub to: i64,
}

/// Which part of the sessions was read: one visitor in `1 << halvings`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Sampling {
    /// How often the sessions were halved; 0: all of them were read.
    pub halvings: u32,
}

impl Sampling {
    /// The part of all visitors; 1: all of them.
    #[must_use]
    pub fn rate(self) -> f64 {
        1.0 / f64::from(1_u32 << self.halvings)
    }

    /// A count in the sample as an estimate of the whole.
    #[must_use]
    pub fn scale(self, count: u64) -> u64 {
        count << self.halvings
    }
}

/// One session that was read.
#[derive(Debug, Clone, Copy)]
pub struct SampledSession<'a> {
    /// `sessions.id`.
    pub id: &'a str,
    /// Milliseconds since the epoch.
    pub started_at: i64,
    /// What the session row says.
    pub facts: Facts<'a>,
    /// Its events; empty unless they were asked for.
    pub steps: &'a Steps,
}

/// Reads the sessions, in no order, and shows each to `look`.
pub async fn scan(
    db: &Db,
    question: &Question<'_>,
    mut look: impl FnMut(&SampledSession<'_>),
) -> Result<Sampling> {
    if let Some(user) = question.user_id {
        let rows = statement(
            db,
            &of_sessions(question, "s.user_id = $4"),
            question,
            [user.into()],
        );
        read(db, vec![rows], question.with_steps, &mut look).await?;
        return Ok(Sampling::default());
    }
    let least = question.least_halvings.cast_signed().min(HIGHEST);
    let halvings = match question.budget {
        Some(budget) => halvings(estimate(db, question).await?, budget).max(least),
        None => least,
    };
    let whole = question.whole.filter(|_| halvings > 0);
    let also = whole.map_or("", |_| NOBODYS);
    let range = || {
        whole
            .iter()
            .flat_map(|it| [it.from, it.to].map(Value::from))
    };
    // The first of the levels has as many sessions as all further ones together.
    let parts = [(halvings, halvings), (halvings + 1, HIGHEST)];
    let parts = parts
        .into_iter()
        .filter(|(lowest, highest)| lowest <= highest)
        .map(|(lowest, highest)| {
            let sql = of_levels(question, lowest, highest) + also;
            statement(db, &sql, question, range())
        })
        .collect();
    read(db, parts, question.with_steps, &mut look).await?;
    if whole.is_some() {
        let rows = statement(db, &of_users(question, halvings), question, range());
        read(db, vec![rows], question.with_steps, &mut look).await?;
    }
    Ok(Sampling {
        halvings: halvings.cast_unsigned(),
    })
}

/// Interactions since a time, by minute (milliseconds since the epoch); minutes without any are
/// absent. `longest` is how long a session can be, in milliseconds.
pub async fn events_by_minute(
    db: &Db,
    organization: &OrganizationId,
    since: i64,
    longest: i64,
) -> Result<BTreeMap<i64, i64>> {
    let question = Question {
        organization,
        from: since.saturating_sub(longest),
        to: i64::MAX,
        user_id: None,
        with_steps: true,
        active_since: Some(since),
        budget: None,
        whole: None,
        least_halvings: 0,
    };
    let sql = of_sessions(&question, "1 = 1");
    let rows = statement(db, &sql, &question, []);
    let mut minutes = BTreeMap::new();
    read(db, vec![rows], true, &mut |session| {
        let steps = session.steps.list().iter();
        for step in steps.filter(|step| step.at >= since) {
            *minutes
                .entry(step.at.div_euclid(MINUTE) * MINUTE)
                .or_default() += 1;
        }
    })
    .await?;
    Ok(minutes)
}

/// The steps of one session; none when it has no facts.
pub async fn steps_of(db: &Db, session: &str) -> Result<Steps> {
    use sea_orm::ConnectionTrait;
    const SQL: &str = "select steps from session_facts where session_id = $1";
    let failed = || Error::sql("reading steps");
    let backend = db.read.get_database_backend();
    let statement = Statement::from_sql_and_values(backend, SQL, [session.into()]);
    let row = db.read.query_one_raw(statement).await.map_err(failed())?;
    let mut steps = Steps::default();
    if let Some(row) = row {
        let bytes: Vec<u8> = row.try_get_by_index(0).map_err(failed())?;
        if steps.decode(&bytes).is_none() {
            steps.clear();
        }
    }
    Ok(steps)
}

/// So often that about `budget` sessions are left of `estimate`.
fn halvings(estimate: u64, budget: u64) -> i32 {
    let fits = |halvings: &i32| estimate >> halvings <= budget;
    (0..HIGHEST).find(fits).unwrap_or(HIGHEST)
}

/// Whether more than `most` sessions began in a range, in milliseconds since the epoch.
///
/// # Errors
/// When the database fails.
pub async fn are_more(
    db: &Db,
    organization: &OrganizationId,
    range: (i64, i64),
    most: u64,
) -> Result<bool> {
    use sea_orm::ConnectionTrait;
    let failed = || Error::sql("counting sessions");
    let most = i64::try_from(most).unwrap_or(i64::MAX);
    let sql = format!(
        "select 1 from sessions s where s.organization_id = $1 \
         and s.started_at >= $2 and s.started_at < $3 order by s.started_at limit 1 offset {most}"
    );
    let values: [Value; 3] = [organization.as_str().into(), range.0.into(), range.1.into()];
    let backend = db.read.get_database_backend();
    let statement = Statement::from_sql_and_values(backend, sql, values);
    let row = db.read.query_one_raw(statement).await;
    Ok(row.map_err(failed())?.is_some())
}

/// About how many sessions there are, by the few of the highest levels.
async fn estimate(db: &Db, question: &Question<'_>) -> Result<u64> {
    use sea_orm::ConnectionTrait;
    let sql = format!(
        "select count(*) from session_facts f where {}",
        range(question, COUNTED, HIGHEST)
    );
    let failed = Error::sql("counting sessions");
    let row = db
        .read
        .query_one_raw(statement(db, &sql, question, []))
        .await;
    let counted: Option<i64> = match row.map_err(failed)? {
        Some(row) => row
            .try_get_by_index(0)
            .map_err(Error::sql("counting sessions"))?,
        None => None,
    };
    Ok(u64::try_from(counted.unwrap_or(0)).unwrap_or(0) << COUNTED)
}

/// `$1` organization, `$2` and `$3` the range.
fn range(question: &Question<'_>, lowest: i32, highest: i32) -> String {
    let levels = levels(lowest, highest);
    let active = question.active_since.map_or_else(String::new, |since| {
        format!(
            " and exists (select 1 from sessions s \
             where s.id = f.session_id and s.last_event_at >= {since})"
        )
    });
    format!(
        "f.organization_id = $1 and f.sample_level in ({levels}) \
         and f.started_at >= $2 and f.started_at < $3{active}"
    )
}

fn columns(with_steps: bool) -> &'static str {
    if with_steps {
        "f.session_id, f.started_at, f.facts, f.steps"
    } else {
        "f.session_id, f.started_at, f.facts"
    }
}

/// Leaves out sessions of browsers that belong to a user: those of the users of the sample come from
/// [`of_users`]. `$4` and `$5` are the range of [`Whole`].
const NOBODYS: &str = " and not exists (select 1 from sessions s cross join sessions n \
    where s.id = f.session_id and s.user_id is null and s.visitor_id is not null \
    and n.organization_id = s.organization_id and n.visitor_id = s.visitor_id \
    and n.user_id is not null and n.started_at >= $4 and n.started_at < $5)";

/// The sessions without a user in the browsers of the users of a sample. `$4` and `$5` are the range
/// of [`Whole`].
fn of_users(question: &Question<'_>, lowest: i32) -> String {
    let levels = levels(lowest, HIGHEST);
    let of_browser = "s.organization_id = $1 and s.visitor_id = v.visitor_id and s.user_id is null \
        and s.started_at >= $2 and s.started_at < $3";
    let latest = "select n.user_id from sessions n where n.organization_id = $1 \
        and n.visitor_id = v.visitor_id and n.user_id is not null \
        and n.started_at >= $4 and n.started_at < $5 \
        order by n.started_at desc, n.id desc limit 1";
    let active = active(question);
    format!(
        "select {} from (select distinct u.visitor_id, u.user_id \
           from session_facts w cross join sessions u \
           where w.organization_id = $1 and w.sample_level in ({levels}) \
           and w.started_at >= $4 and w.started_at < $5 and u.id = w.session_id \
           and u.user_id is not null and u.visitor_id is not null) v \
         cross join sessions s cross join session_facts f \
         where {of_browser} and ({latest}) = v.user_id{active} and f.session_id = s.id",
        columns(question.with_steps)
    )
}

/// A condition on `s`.
fn active(question: &Question<'_>) -> String {
    question.active_since.map_or_else(String::new, |since| {
        format!(" and s.last_event_at >= {since}")
    })
}

fn levels(lowest: i32, highest: i32) -> String {
    let levels: Vec<String> = (lowest..=highest).map(|level| level.to_string()).collect();
    levels.join(", ")
}

fn of_levels(question: &Question<'_>, lowest: i32, highest: i32) -> String {
    let columns = columns(question.with_steps);
    let range = range(question, lowest, highest);
    format!("select {columns} from session_facts f where {range}")
}

/// The cross join keeps SQLite from beginning with the facts.
fn of_sessions(question: &Question<'_>, condition: &str) -> String {
    let active = active(question);
    format!(
        "select {} from sessions s cross join session_facts f \
         where s.organization_id = $1 and s.started_at >= $2 and s.started_at < $3 \
         and {condition}{active} and f.session_id = s.id",
        columns(question.with_steps)
    )
}

fn statement(
    db: &Db,
    sql: &str,
    question: &Question<'_>,
    more: impl IntoIterator<Item = Value>,
) -> Statement {
    let mut values = vec![
        question.organization.as_str().into(),
        question.from.into(),
        question.to.into(),
    ];
    values.extend(more);
    Statement::from_sql_and_values(db.read.get_database_backend(), sql, values)
}

/// The parts are read at the same time, each over a connection of its own.
async fn read(
    db: &Db,
    parts: Vec<Statement>,
    with_steps: bool,
    look: &mut impl FnMut(&SampledSession<'_>),
) -> Result<()> {
    let failed = || Error::sql("reading facts");
    let mut streams = Vec::with_capacity(parts.len());
    for part in parts {
        streams.push(db.read.stream_raw(part).await.map_err(failed())?);
    }
    let mut rows = stream::select_all(streams);
    let mut steps = Steps::default();
    while let Some(row) = rows.try_next().await.map_err(failed())? {
        show(&row, with_steps, &mut steps, look).map_err(failed())?;
    }
    Ok(())
}

/// A row that cannot be read is logged and left out: it must not hide the others.
fn show(
    row: &QueryResult,
    with_steps: bool,
    steps: &mut Steps,
    look: &mut impl FnMut(&SampledSession<'_>),
) -> std::result::Result<(), sea_orm::DbErr> {
    let id: String = row.try_get_by_index(0)?;
    let started_at: i64 = row.try_get_by_index(1)?;
    let facts: Vec<u8> = row.try_get_by_index(2)?;
    steps.clear();
    let is_readable = !with_steps || steps.decode(&row.try_get_by_index::<Vec<u8>>(3)?).is_some();
    match Facts::decode(&facts) {
        Some(facts) if is_readable => look(&SampledSession {
            id: &id,
            started_at,
            facts,
            steps,
        }),
        _ => tracing::warn!(session.id = id, "unreadable facts of a session"),
    }
    Ok(())
}
