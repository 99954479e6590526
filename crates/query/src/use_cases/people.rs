//! People, and lists of sessions that fit conditions.

use std::collections::BTreeMap;

use serde_json::Value;

use crow_db::Db;
use crow_db::analytics::{self, SampledSession, Step, StepKind, Steps};
use crow_db::people::{self, Found, ListPeople as Listing, Person, Totals};
use crow_db::read::{self, KeptFilter, SessionKey, Walk};
use crow_db::records::StoredSession;
use crow_types::{OrganizationId, SessionRecord};

use super::{Page, Session, UseCases};
use crate::analytics::cohorts::all_members;
use crate::analytics::conditions::Wanted;
use crate::analytics::needs;
use crate::ask::people::{ListPeople, OnePerson, PersonTimeline};
use crate::ask::sessions::ListSessions;
use crate::ask::values::Text;
use crate::error::{Error, Result};

/// Work of a page of sessions, see [`Walk::most`]. A page may then have fewer rows than asked for.
const MOST: u64 = 15_000;
/// Sessions that a page of people looks at, at most. To see whether a session is the newest of its person
/// takes longer than to pass over it.
const MOST_OF_PEOPLE: u64 = 1_500;
/// A person's newest sessions that are read for properties, devices and countries.
const NEWEST: u64 = 1_000;
/// Main events of a session.
const EVENTS: usize = 50;
/// Devices and countries of a person.
const PARTS: usize = 20;

/// Somebody in a list.
#[derive(Debug)]
pub struct ListedPerson {
    /// Who.
    pub person: Person,
    /// The newest session that names the person.
    pub newest: SessionRecord,
}

/// One person with all that is known.
#[derive(Debug)]
pub struct WholePerson {
    /// Who.
    pub found: Found,
    /// Counts of all sessions.
    pub totals: Totals,
    /// Interactions that tell of the sessions.
    pub interactions: i64,
    /// By name: the latest value, and when the last session began that sent it.
    pub traits: BTreeMap<String, (Value, i64)>,
    /// Device, browser and operating system, with sessions.
    pub devices: Vec<(String, u64)>,
    /// Countries, with sessions.
    pub countries: Vec<(String, u64)>,
}

/// A session of a person.
#[derive(Debug)]
pub struct PersonSession {
    /// The session.
    pub record: SessionRecord,
    /// It names no user, and began before the first one that does.
    pub is_before_sign_in: bool,
    /// In the order of time.
    pub events: Vec<PersonEvent>,
    /// There are more main events.
    pub has_more_events: bool,
}

/// A main event of a session.
#[derive(Debug)]
pub struct PersonEvent {
    /// Milliseconds since the epoch.
    pub at: i64,
    /// Its type.
    pub r#type: String,
    /// The name of a custom event.
    pub name: Option<String>,
    /// Where it happened.
    pub url: Option<String>,
}

impl UseCases {
    /// Sessions that fit conditions. They are looked at one after the other, newest first, so a page
    /// may end before it is full.
    pub(super) async fn fitting(
        &self,
        organization: &OrganizationId,
        asked: &ListSessions,
        kept: KeptFilter,
    ) -> Result<Page<Session, SessionKey>> {
        let (db, of, asked) = (self.db.for_questions(), organization.clone(), asked.clone());
        let question = async move { fitting(&db, &of, asked, &kept).await };
        self.scheduler.ask(organization, question).await
    }

    /// People, last seen first.
    pub async fn people(
        &self,
        organization: &OrganizationId,
        asked: &ListPeople,
    ) -> Result<Page<ListedPerson, SessionKey>> {
        let (db, of, asked) = (self.db.for_questions(), organization.clone(), asked.clone());
        let question = async move { listed(&db, &of, &asked).await };
        self.scheduler.ask(organization, question).await
    }

    /// One person.
    ///
    /// # Errors
    /// `NotFound` when no session names the person.
    pub async fn person(
        &self,
        organization: &OrganizationId,
        asked: &OnePerson,
    ) -> Result<WholePerson> {
        let (db, of) = (self.db.for_questions(), organization.clone());
        let person = asked.person()?;
        let question = async move {
            let found = people::find(&db, &of, &person).await?;
            let found = found.ok_or(Error::NotFound)?;
            let rows = people::sessions(&db, &of, &found, None, NEWEST).await?;
            let records = || rows.iter().map(|row| &row.record);
            Ok(WholePerson {
                totals: people::totals(&db, &of, &found).await?,
                interactions: people::interactions(&db, &of, &found).await?,
                traits: traits(records()),
                devices: most_frequent(records().map(device)),
                countries: most_frequent(records().filter_map(|record| record.country.clone())),
                found,
            })
        };
        self.scheduler.ask(organization, question).await
    }

    /// The sessions of a person with their main events, newest first.
    ///
    /// # Errors
    /// `NotFound` when no session names the person.
    pub async fn person_timeline(
        &self,
        organization: &OrganizationId,
        asked: &PersonTimeline,
    ) -> Result<Page<PersonSession, SessionKey>> {
        let (db, of, asked) = (self.db.for_questions(), organization.clone(), asked.clone());
        let person = asked.person.person()?;
        let question = async move {
            let found = people::find(&db, &of, &person).await?;
            let found = found.ok_or(Error::NotFound)?;
            let (size, after) = (asked.page.limit.get(), asked.page.after);
            let after = after.as_ref().map(|cursor| &cursor.0);
            let rows = people::sessions(&db, &of, &found, after, size + 1).await?;
            let page = Page::cut(rows, size, key_of);
            let mut items = Vec::with_capacity(page.items.len());
            for row in page.items {
                let steps = analytics::steps_of(&db, &row.record.id).await?;
                items.push(with_events(row.record, &found, &steps));
            }
            Ok(Page {
                items,
                next: page.next,
            })
        };
        self.scheduler.ask(organization, question).await
    }
}

fn key_of(row: &StoredSession) -> SessionKey {
    SessionKey {
        started_at: row.record.started_at,
        id: row.record.id.clone(),
    }
}

/// Of a page with one row more than asked for: the page, and where the next one begins.
fn cut<T>(
    mut found: Vec<T>,
    stopped_at: Option<SessionKey>,
    size: usize,
    key: impl Fn(&T) -> SessionKey,
) -> (Vec<T>, Option<SessionKey>) {
    if found.len() <= size {
        return (found, stopped_at);
    }
    found.truncate(size);
    let next = found.last().map(key);
    (found, next)
}

async fn fitting(
    db: &Db,
    organization: &OrganizationId,
    mut asked: ListSessions,
    kept: &KeptFilter,
) -> Result<Page<Session, SessionKey>> {
    let members = all_members(db, organization, &asked.conditions).await?;
    let wanted = Wanted::new(&asked.conditions, &members);
    let size = asked.page.limit.items();
    if asked.filter.user_id.is_none() {
        asked.filter.user_id = asked.conditions.only_user().map(str::to_owned);
    }
    if asked.filter.visitor_id.is_none() {
        asked.filter.visitor_id = asked.conditions.only_browser().map(str::to_owned);
    }
    let needed = needs::of(&asked.conditions);
    let walk = Walk {
        organization,
        filter: &asked.filter,
        kept,
        needs: &needed,
        after: asked.page.after.as_ref().map(|cursor| &cursor.0),
        with_steps: wanted.needs_steps(),
        limit: size + 1,
        most: MOST,
    };
    let may_fit = |session: &SampledSession<'_>| wanted.may_match(session);
    let walked = read::walk(db, walk, may_fit, |session| wanted.matches(session)).await?;
    let (found, next) = cut(walked.found, walked.stopped_at, size, Clone::clone);
    let ids: Vec<String> = found.into_iter().map(|key| key.id).collect();
    let mut rows = read::sessions_by_id(db, organization, &ids).await?;
    rows.sort_by_key(|row| std::cmp::Reverse((row.record.started_at, row.record.id.clone())));
    Ok(Page {
        items: rows.into_iter().map(Session::listed).collect(),
        next,
    })
}

async fn listed(
    db: &Db,
    organization: &OrganizationId,
    asked: &ListPeople,
) -> Result<Page<ListedPerson, SessionKey>> {
    let members = all_members(db, organization, &asked.conditions).await?;
    let wanted = Wanted::new(&asked.conditions, &members);
    let size = asked.page.limit.items();
    let listing = Listing {
        organization,
        text: asked.page.text.as_ref().map(Text::as_str),
        after: asked.page.after.as_ref().map(|cursor| &cursor.0),
        with_facts: !asked.conditions.is_empty(),
        with_steps: wanted.needs_steps(),
        limit: size + 1,
        most: MOST_OF_PEOPLE,
    };
    let seen = people::list(db, listing, |session| wanted.matches(session)).await?;
    let (found, next) = cut(seen.found, seen.stopped_at, size, |(_, key)| key.clone());
    let ids: Vec<String> = found.iter().map(|(_, key)| key.id.clone()).collect();
    let rows = read::sessions_by_id(db, organization, &ids).await?;
    let mut by_id: BTreeMap<String, SessionRecord> = rows
        .into_iter()
        .map(|row| (row.record.id.clone(), row.record))
        .collect();
    // A session that was erased a moment ago is left out.
    let listed = found.into_iter().filter_map(|(person, key)| {
        let newest = by_id.remove(&key.id)?;
        Some(ListedPerson { person, newest })
    });
    Ok(Page {
        items: listed.collect(),
        next,
    })
}

/// The first value of each name, from the newest session to the oldest.
fn traits<'a>(
    newest_first: impl Iterator<Item = &'a SessionRecord>,
) -> BTreeMap<String, (Value, i64)> {
    let mut traits = BTreeMap::new();
    for record in newest_first {
        let text = record.traits.as_deref().unwrap_or_default();
        let said: BTreeMap<String, Value> = serde_json::from_str(text).unwrap_or_default();
        for (name, value) in said {
            traits.entry(name).or_insert((value, record.started_at));
        }
    }
    traits
}

fn device(record: &SessionRecord) -> String {
    let parts = [&record.device_type, &record.browser, &record.os];
    let known: Vec<&str> = parts.into_iter().flatten().map(String::as_str).collect();
    known.join(", ")
}

fn most_frequent(values: impl Iterator<Item = String>) -> Vec<(String, u64)> {
    let mut counts: BTreeMap<String, u64> = BTreeMap::new();
    for value in values.filter(|value| !value.is_empty()) {
        *counts.entry(value).or_default() += 1;
    }
    let mut rows: Vec<_> = counts.into_iter().collect();
    rows.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    rows.truncate(PARTS);
    rows
}

fn with_events(record: SessionRecord, found: &Found, steps: &Steps) -> PersonSession {
    let is_before = |at: i64| record.started_at < at;
    let is_before_sign_in = record.user_id.is_none() && found.identified_at.is_some_and(is_before);
    let mut main = steps.list().iter().filter(|step| is_main(step.kind));
    let events = main.by_ref().take(EVENTS).map(|step| event(steps, step));
    let events = events.collect();
    PersonSession {
        is_before_sign_in,
        events,
        has_more_events: main.next().is_some(),
        record,
    }
}

/// What tells a visit: pages, what the site named itself, and what went wrong.
fn is_main(kind: StepKind) -> bool {
    match kind {
        StepKind::Pageview
        | StepKind::Custom
        | StepKind::ProductView
        | StepKind::Submit
        | StepKind::ValidationError
        | StepKind::Error
        | StepKind::RageClick
        | StepKind::DeadClick => true,
        StepKind::Click
        | StepKind::Scroll
        | StepKind::Input
        | StepKind::Focus
        | StepKind::Blur
        | StepKind::Performance
        | StepKind::Other => false,
    }
}

fn event(steps: &Steps, step: &Step) -> PersonEvent {
    let some = |text: &str| (!text.is_empty()).then(|| text.to_owned());
    PersonEvent {
        at: step.at,
        r#type: steps.word(step).to_owned(),
        name: some(steps.name(step)),
        url: some(steps.url(step)),
    }
}
