//! People: users, and browsers of which no user is known.

use actix_web::web::Data;
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

use crow_db::people::Person;
use crow_db::read::SessionKey;

use crate::api::Api;
use crate::ask::people::{ListPeople, OnePerson, PersonTimeline};
use crate::cursor;
use crate::door::Read;
use crate::door::pages::Shown;
use crate::rest::answers::{Answered, Found};
use crate::rest::asked::Asked;
use crate::use_cases::Page;
use crate::use_cases::people::{ListedPerson, PersonEvent, PersonSession, WholePerson};

/// A page of people.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct PeopleList {
    /// The newest session first.
    pub people: Vec<PersonView>,
    /// Send it as `cursor` for the next page; null on the last page. A page may have fewer people than
    /// asked for, even none, and still not be the last.
    pub next_cursor: Option<String>,
}

impl From<Page<ListedPerson, SessionKey>> for PeopleList {
    fn from(page: Page<ListedPerson, SessionKey>) -> Self {
        Self {
            people: page.items.into_iter().map(PersonView::from).collect(),
            next_cursor: page.next.as_ref().map(cursor::encode),
        }
    }
}

/// A person in a list, as of the newest session that names the person.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct PersonView {
    /// `user` or `visitor`.
    pub kind: &'static str,
    /// Of a user the id; null for a visitor.
    pub user_id: Option<String>,
    /// The browser of the newest session.
    pub visitor_id: Option<String>,
    /// The time of the last event, milliseconds since the epoch.
    pub last_seen_at: i64,
    /// Row id of the newest session.
    pub session_id: String,
    /// What the client last said about the user.
    #[schema(value_type = Option<Object>)]
    pub traits: Option<Value>,
    /// ISO 3166-1 alpha-2.
    pub country: Option<String>,
    /// desktop, mobile, tablet, tv, console or bot.
    pub device_type: Option<String>,
    /// Name of the browser.
    pub browser: Option<String>,
    /// Name of the operating system.
    pub os: Option<String>,
}

impl From<ListedPerson> for PersonView {
    fn from(listed: ListedPerson) -> Self {
        let newest = listed.newest;
        let traits = newest.traits.as_deref();
        let (kind, user_id, _) = named(listed.person);
        Self {
            kind,
            user_id,
            visitor_id: newest.visitor_id,
            last_seen_at: newest.last_event_at,
            session_id: newest.id,
            traits: traits.and_then(|text| serde_json::from_str(text).ok()),
            country: newest.country,
            device_type: newest.device_type,
            browser: newest.browser,
            os: newest.os,
        }
    }
}

fn named(person: Person) -> (&'static str, Option<String>, Option<String>) {
    match person {
        Person::User(id) => ("user", Some(id), None),
        Person::Visitor(id) => ("visitor", None, Some(id)),
    }
}

/// One person. Times are milliseconds since the epoch.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct PersonDetailView {
    /// `user` or `visitor`. A visitor whose user is known is that user.
    pub kind: &'static str,
    /// Of a user.
    pub user_id: Option<String>,
    /// Of a visitor of whom no user is known.
    pub visitor_id: Option<String>,
    /// The browsers of a user, at most 100. Sessions in them that name no user belong to this one.
    pub browsers: Vec<String>,
    /// When the first session began.
    pub first_seen_at: i64,
    /// The time of the last event.
    pub last_seen_at: i64,
    /// When the first session began that names the user; null for a visitor.
    pub identified_at: Option<i64>,
    /// Sessions.
    pub sessions: i64,
    /// Events.
    pub events: i64,
    /// Page views.
    pub pageviews: i64,
    /// Errors.
    pub errors: i64,
    /// Interactions: finished sessions in words.
    pub interactions: i64,
    /// By name, the latest value of each in the newest 1,000 sessions. What clients send is not to be
    /// trusted.
    pub traits: Vec<TraitView>,
    /// Device, browser and operating system in the newest 1,000 sessions, at most 20.
    pub devices: Vec<PersonPartView>,
    /// Countries in the newest 1,000 sessions, at most 20.
    pub countries: Vec<PersonPartView>,
}

/// A property of a person.
#[derive(Debug, Serialize, ToSchema)]
pub struct TraitView {
    /// Its name.
    pub name: String,
    /// Its latest value.
    pub value: Value,
    /// When the last session began that sent it.
    pub at: i64,
}

/// A value, and how many sessions have it.
#[derive(Debug, Serialize, ToSchema)]
pub struct PersonPartView {
    /// The value.
    pub name: String,
    /// Sessions.
    pub sessions: u64,
}

impl From<WholePerson> for PersonDetailView {
    fn from(whole: WholePerson) -> Self {
        let parts = |parts: Vec<(String, u64)>| {
            let part = |(name, sessions)| PersonPartView { name, sessions };
            parts.into_iter().map(part).collect()
        };
        let view = |(name, (value, at))| TraitView { name, value, at };
        let totals = whole.totals;
        let (kind, user_id, visitor_id) = named(whole.found.person);
        Self {
            kind,
            user_id,
            visitor_id,
            browsers: whole.found.browsers,
            first_seen_at: totals.first_seen_at,
            last_seen_at: totals.last_seen_at,
            identified_at: whole.found.identified_at,
            sessions: totals.sessions,
            events: totals.events,
            pageviews: totals.pageviews,
            errors: totals.errors,
            interactions: whole.interactions,
            traits: whole.traits.into_iter().map(view).collect(),
            devices: parts(whole.devices),
            countries: parts(whole.countries),
        }
    }
}

/// Sessions of a person.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct TimelineView {
    /// Newest first.
    pub sessions: Vec<TimelineSessionView>,
    /// Send it as `cursor` for the next page; null on the last page.
    pub next_cursor: Option<String>,
}

/// A session of a person with its main events.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct TimelineSessionView {
    /// Its row id.
    pub id: String,
    /// Milliseconds since the epoch.
    pub started_at: i64,
    /// From the start to the end, or to the last activity while it is open.
    pub duration_ms: i64,
    /// It names no user, and began before the first session that does.
    pub is_before_sign_in: bool,
    /// Whether it has a recording.
    pub has_replay: bool,
    /// ISO 3166-1 alpha-2.
    pub country: Option<String>,
    /// desktop, mobile, tablet, tv, console or bot.
    pub device_type: Option<String>,
    /// Name of the browser.
    pub browser: Option<String>,
    /// Name of the operating system.
    pub os: Option<String>,
    /// The first page.
    pub initial_url: Option<String>,
    /// Events.
    pub events: i64,
    /// Errors.
    pub errors: i64,
    /// Page views, custom events, submits, product views, errors, rage and dead clicks: at most 50, in
    /// the order of time.
    pub main_events: Vec<TimelineEventView>,
    /// There are more main events.
    pub has_more_events: bool,
}

/// A main event.
#[derive(Debug, Serialize, ToSchema)]
pub struct TimelineEventView {
    /// Milliseconds since the epoch.
    pub at: i64,
    /// Its type.
    pub r#type: String,
    /// The name of a custom event.
    pub name: Option<String>,
    /// Where it happened.
    pub url: Option<String>,
}

impl From<PersonSession> for TimelineSessionView {
    fn from(session: PersonSession) -> Self {
        let record = session.record;
        let view = |event: PersonEvent| TimelineEventView {
            at: event.at,
            r#type: event.r#type,
            name: event.name,
            url: event.url,
        };
        Self {
            id: record.id,
            started_at: record.started_at,
            duration_ms: record.duration_ms,
            is_before_sign_in: session.is_before_sign_in,
            has_replay: record.has_replay,
            country: record.country,
            device_type: record.device_type,
            browser: record.browser,
            os: record.os,
            initial_url: record.initial_url,
            events: record.event_count,
            errors: record.error_count,
            main_events: session.events.into_iter().map(view).collect(),
            has_more_events: session.has_more_events,
        }
    }
}

pub async fn list_people(
    api: Data<Api>,
    ask: Asked<Shown<ListPeople>, ListPeople>,
) -> Answered<PeopleList> {
    let page = api.use_cases.people(ask.organization(), &ask.question);
    Ok(Found(page.await?.into()))
}

pub async fn get_person(api: Data<Api>, ask: Asked<Read, OnePerson>) -> Answered<PersonDetailView> {
    let found = api.use_cases.person(ask.organization(), &ask.question);
    Ok(Found(found.await?.into()))
}

pub async fn get_person_timeline(
    api: Data<Api>,
    ask: Asked<Read, PersonTimeline>,
) -> Answered<TimelineView> {
    let page = api
        .use_cases
        .person_timeline(ask.organization(), &ask.question);
    let page = page.await?;
    Ok(Found(TimelineView {
        sessions: page
            .items
            .into_iter()
            .map(TimelineSessionView::from)
            .collect(),
        next_cursor: page.next.as_ref().map(cursor::encode),
    }))
}
