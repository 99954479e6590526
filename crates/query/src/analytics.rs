//! Numbers about many sessions. Each question reads the compact rows of [`crow_db::analytics`] once
//! and adds up what it needs. It keeps nothing else.
//!
//! - [`Analytics`], [`Asked`]: what can be asked, and about which sessions.
//! - `matcher`: the filters of the session list, applied to these rows.
//! - [`conditions`]: conditions that combine, also for lists.
//! - [`needs`]: what of them the rows of sessions tell.
//! - [`cohorts`]: who belongs to a cohort.
//! - [`answering`]: the entry point for callers.
//! - `buckets`: ranges of time in a time zone.
//! - `tally`: counts by value.
//! - One module for each question.
//!
//! When a range holds more sessions than the budget, a sample of the visitors is read and the
//! counts are estimates of the whole. `sampleRate` in the response is then below 1.

pub mod answering;
pub mod buckets;
pub mod cohorts;
pub mod conditions;
pub mod events;
pub mod facets;
pub mod funnel;
pub mod heatmap;
pub mod journeys;
mod matcher;
pub mod members;
pub mod needs;
pub mod overview;
pub mod pages;
mod people;
pub mod retention;
pub mod spans;
mod tally;
pub mod top;
pub mod vitals;

#[cfg(test)]
mod tests;

use std::borrow::Cow;
use std::sync::Arc;
use std::time::Instant;

use serde::Serialize;
use utoipa::openapi::RefOr;
use utoipa::openapi::schema::{AllOfBuilder, ObjectBuilder, Schema, Type};
use utoipa::{PartialSchema, ToSchema};

use crow_db::Db;
use crow_db::analytics::{self as rows, Question, SampledSession, Sampling, Whole};
use crow_db::read::SessionFilter;
use crow_types::OrganizationId;

use crate::ask::conditions::Conditions;
use crate::ask::values::range;
use crate::error::Result;
use crate::scheduler::Scheduler;
use conditions::Wanted;
use matcher::Matcher;
use members::Members;
use people::People;

/// Example sessions listed with a number.
const SAMPLE_SESSIONS: usize = 10;

/// Answers questions about many sessions. Cloning is cheap.
#[derive(Debug, Clone)]
pub struct Analytics {
    pub(crate) db: Db,
    budget: u64,
    pub(crate) scheduler: Scheduler,
}

/// Which sessions a question is about.
#[derive(Debug, Clone)]
pub struct Asked {
    /// The tenant.
    pub organization: OrganizationId,
    /// Started at or after this, milliseconds since the epoch.
    pub from: i64,
    /// Started before this, milliseconds since the epoch.
    pub to: i64,
    /// All conditions that must hold. Its range equals `from` and `to`.
    pub filter: SessionFilter,
    /// What must hold besides.
    pub conditions: Conditions,
    /// Read all sessions instead of a sample, however long that takes.
    pub is_exact: bool,
    /// Who belongs to the cohorts of the conditions; `None`: not known yet.
    members: Option<Arc<Members>>,
}

impl Asked {
    /// With the filter's range, or the last seven days.
    pub fn new(
        organization: OrganizationId,
        filter: SessionFilter,
        is_exact: bool,
    ) -> Result<Self> {
        let whole = range(filter.from, filter.to)?;
        Ok(Self {
            organization,
            from: whole.start,
            to: whole.end,
            filter,
            conditions: Conditions::default(),
            is_exact,
            members: None,
        })
    }

    /// The same sessions, of which these conditions must hold besides.
    #[must_use]
    pub fn with(self, conditions: Conditions) -> Self {
        Self {
            conditions,
            members: None,
            ..self
        }
    }

    /// The only user whose sessions can fit. All of them are read.
    fn only_user(&self) -> Option<&str> {
        let by_filter = self.filter.user_id.as_deref();
        by_filter.or_else(|| self.conditions.only_user())
    }
}

/// An answer, with its accuracy.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Answer<T> {
    /// The share of visitors that was read. 1 means all, so the numbers are exact. Below 1 the
    /// counts are estimates of the whole.
    pub sample_rate: f64,
    /// Duration of the query in milliseconds.
    pub took_ms: u64,
    /// The answer itself.
    #[serde(flatten)]
    pub body: T,
}

/// Like the derived schema, but its name contains the name of the inner type, so that one document
/// can hold every `Answer<T>`.
impl<T: ToSchema> PartialSchema for Answer<T> {
    fn schema() -> RefOr<Schema> {
        let rate = "The share of visitors that was read. 1 means all, so the numbers are exact. Below 1 the counts are estimates of the whole.";
        let number = |of: Type, about: &str| {
            let least = Some(0);
            let number = ObjectBuilder::new().schema_type(of).minimum(least);
            number.description(Some(about)).build()
        };
        let quality = ObjectBuilder::new()
            .property("sampleRate", number(Type::Number, rate))
            .property(
                "tookMs",
                number(Type::Integer, "Duration of the query in milliseconds."),
            )
            .required("sampleRate")
            .required("tookMs");
        let both = AllOfBuilder::new()
            .item(T::schema())
            .item(quality.build())
            .description(Some("An answer, with its accuracy."));
        RefOr::T(Schema::AllOf(both.build()))
    }
}

impl<T: ToSchema> ToSchema for Answer<T> {
    fn name() -> Cow<'static, str> {
        format!("Answer_{}", T::name()).into()
    }

    fn schemas(schemas: &mut Vec<(String, RefOr<Schema>)>) {
        schemas.push((T::name().into_owned(), T::schema()));
        T::schemas(schemas);
    }
}

impl Analytics {
    /// Reads about `budget` sessions per answer; 0 means all. Questions take their turn at `scheduler`.
    #[must_use]
    pub fn new(db: &Db, budget: u64, scheduler: Scheduler) -> Self {
        Self {
            db: db.for_questions(),
            budget,
            scheduler,
        }
    }

    /// The same question, after finding out who belongs to the cohorts that it names: once for all
    /// that is read for the answer.
    async fn with_members(&self, asked: Asked) -> Result<Asked> {
        let members = Some(self.members(&asked).await?);
        Ok(Asked { members, ..asked })
    }

    async fn members(&self, asked: &Asked) -> Result<Arc<Members>> {
        if let Some(known) = &asked.members {
            return Ok(Arc::clone(known));
        }
        // A sample may not have a user whose sessions are all read.
        let budget = self
            .budget_of(asked)
            .filter(|_| asked.only_user().is_none());
        let needed = cohorts::Needed {
            organization: &asked.organization,
            conditions: &asked.conditions,
            range: (asked.from, asked.to),
            budget,
        };
        Ok(Arc::new(cohorts::members(&self.db, needed).await?))
    }

    fn budget_of(&self, asked: &Asked) -> Option<u64> {
        (!asked.is_exact && self.budget > 0).then_some(self.budget)
    }

    /// Passes each matching session, or each of a sample, to `look`, in no particular order.
    async fn read(
        &self,
        asked: &Asked,
        with_steps: bool,
        look: impl FnMut(&SampledSession<'_>),
    ) -> Result<Sampling> {
        let reading = Reading {
            with_steps,
            ..Reading::default()
        };
        self.read_as(asked, reading, look).await
    }

    /// Like `read`, with their events, but only those whose last event is at or after `since`.
    async fn read_since(
        &self,
        asked: &Asked,
        since: i64,
        look: impl FnMut(&SampledSession<'_>),
    ) -> Result<Sampling> {
        let reading = Reading {
            with_steps: true,
            active_since: Some(since),
            ..Reading::default()
        };
        self.read_as(asked, reading, look).await
    }

    /// Like `read`. Each person who is read is read with all of their sessions in the range, also in a
    /// sample. Says who is who, too, by all sessions of the range, whatever the filters.
    async fn read_people(
        &self,
        asked: &Asked,
        with_steps: bool,
        look: impl FnMut(&SampledSession<'_>),
    ) -> Result<(Sampling, People)> {
        let mut people = self.members(asked).await?.people().clone();
        let reading = Reading {
            with_steps,
            people: Some(&mut people),
            ..Reading::default()
        };
        let sampling = self.read_as(asked, reading, look).await?;
        Ok((sampling, people))
    }

    async fn read_as(
        &self,
        asked: &Asked,
        reading: Reading<'_>,
        mut look: impl FnMut(&SampledSession<'_>),
    ) -> Result<Sampling> {
        let members = self.members(asked).await?;
        let matcher = Matcher::new(&asked.filter);
        let wanted = Wanted::new(&asked.conditions, &members);
        let mut people = reading.people;
        let range = people.as_ref().map(|_| Whole {
            from: asked.from,
            to: asked.to,
        });
        let whole = members.whole().or(range);
        let question = Question {
            organization: &asked.organization,
            from: asked.from,
            to: asked.to,
            user_id: asked.only_user(),
            with_steps: reading.with_steps || matcher.needs_steps() || wanted.needs_steps(),
            active_since: reading.active_since,
            budget: self.budget_of(asked),
            whole,
            least_halvings: members.halvings(),
        };
        let sampling = rows::scan(&self.db, &question, |session| {
            if let Some(people) = &mut people {
                people.learn(&session.facts, session.started_at);
            }
            if matcher.matches(session) && wanted.matches(session) {
                look(session);
            }
        });
        Ok(sampling.await?)
    }
}

/// How sessions are read.
#[derive(Debug, Default)]
struct Reading<'a> {
    with_steps: bool,
    active_since: Option<i64>,
    /// Keep the sessions of a person together, and learn who is who.
    people: Option<&'a mut People>,
}

fn answer<T>(started: Instant, sampling: Sampling, body: T) -> Answer<T> {
    Answer {
        sample_rate: sampling.rate(),
        took_ms: u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX),
        body,
    }
}

/// `part` of `whole`, from 0 to 1.
#[expect(clippy::cast_precision_loss, reason = "a rate, not a count")]
fn rate(part: u64, whole: u64) -> f64 {
    if whole == 0 {
        0.0
    } else {
        part as f64 / whole as f64
    }
}

fn unsigned(count: i64) -> u64 {
    u64::try_from(count).unwrap_or(0)
}
