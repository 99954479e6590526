use tonic::{Request, Response, Status};

use crow_db::people::Person;
use crow_proto::api;
use crow_proto::api::people_service_server::PeopleService;
use crow_web::grpc::status;

use super::conditions::conditions;
use super::questions::{count, cursor, text};
use crate::api::Api;
use crate::ask::people::{ListPeople, OnePerson, PeoplePage, PersonTimeline, TimelinePage};
use crate::ask::values::{Name, Value};
use crate::ask::words::PersonKind;
use crate::cursor::encode;
use crate::door::Read;
use crate::error::{Error, Result};
use crate::use_cases::people::{ListedPerson, PersonEvent, PersonSession, WholePerson};

/// `crow.v1.PeopleService`.
#[derive(Clone)]
pub struct People {
    api: Api,
}

impl People {
    /// Uses the same use cases as REST.
    #[must_use]
    pub fn new(api: Api) -> Self {
        Self { api }
    }
}

#[tonic::async_trait]
impl PeopleService for People {
    async fn list_people(
        &self,
        request: Request<api::ListPeopleRequest>,
    ) -> std::result::Result<Response<api::ListPeopleResponse>, Status> {
        let door = &self.api.door;
        let (by, asked) = door.open::<Read, _>(request).await.map_err(status)?;
        let asked = ListPeople::try_from(asked).map_err(status)?;
        let page = self.api.use_cases.people(by.organization(), &asked);
        let page = page.await.map_err(status)?;
        Ok(Response::new(api::ListPeopleResponse {
            people: page.items.into_iter().map(listed).collect(),
            next_page_token: page.next.as_ref().map(encode).unwrap_or_default(),
        }))
    }

    async fn get_person(
        &self,
        request: Request<api::GetPersonRequest>,
    ) -> std::result::Result<Response<api::PersonDetail>, Status> {
        let door = &self.api.door;
        let (by, asked) = door.open::<Read, _>(request).await.map_err(status)?;
        let asked = person(&asked.kind, asked.person_id).map_err(status)?;
        let found = self.api.use_cases.person(by.organization(), &asked);
        Ok(Response::new(whole(found.await.map_err(status)?)))
    }

    async fn get_person_timeline(
        &self,
        request: Request<api::GetPersonTimelineRequest>,
    ) -> std::result::Result<Response<api::PersonTimeline>, Status> {
        let door = &self.api.door;
        let (by, asked) = door.open::<Read, _>(request).await.map_err(status)?;
        let asked = PersonTimeline::try_from(asked).map_err(status)?;
        let page = self
            .api
            .use_cases
            .person_timeline(by.organization(), &asked);
        let page = page.await.map_err(status)?;
        Ok(Response::new(api::PersonTimeline {
            sessions: page.items.into_iter().map(session).collect(),
            next_page_token: page.next.as_ref().map(encode).unwrap_or_default(),
        }))
    }
}

impl TryFrom<api::ListPeopleRequest> for ListPeople {
    type Error = Error;

    fn try_from(asked: api::ListPeopleRequest) -> Result<Self> {
        Ok(Self {
            conditions: conditions(asked.conditions)?,
            page: PeoplePage {
                limit: count("page_size", asked.page_size)?,
                after: cursor(&asked.page_token)?,
                text: text("text", asked.text)?,
            },
        })
    }
}

impl TryFrom<api::GetPersonTimelineRequest> for PersonTimeline {
    type Error = Error;

    fn try_from(asked: api::GetPersonTimelineRequest) -> Result<Self> {
        Ok(Self {
            person: person(&asked.kind, asked.person_id)?,
            page: TimelinePage {
                limit: count("page_size", asked.page_size)?,
                after: cursor(&asked.page_token)?,
            },
        })
    }
}

fn person(kind: &str, id: String) -> Result<OnePerson> {
    Ok(OnePerson {
        kind: PersonKind::named("kind", kind)?,
        id: Name(id),
    })
}

/// Kind, user id and visitor id; a missing one is empty.
fn named(person: Person) -> (String, String, String) {
    match person {
        Person::User(id) => ("user".to_owned(), id, String::new()),
        Person::Visitor(id) => ("visitor".to_owned(), String::new(), id),
    }
}

fn listed(listed: ListedPerson) -> api::Person {
    let newest = listed.newest;
    let (kind, user_id, _) = named(listed.person);
    api::Person {
        kind,
        user_id,
        visitor_id: newest.visitor_id.unwrap_or_default(),
        last_seen_at: newest.last_event_at,
        session_id: newest.id,
        traits: newest.traits.unwrap_or_default(),
        country: newest.country.unwrap_or_default(),
        device_type: newest.device_type.unwrap_or_default(),
        browser: newest.browser.unwrap_or_default(),
        os: newest.os.unwrap_or_default(),
    }
}

fn unsigned(count: i64) -> u64 {
    u64::try_from(count).unwrap_or(0)
}

fn whole(whole: WholePerson) -> api::PersonDetail {
    let parts = |parts: Vec<(String, u64)>| {
        let part = |(name, sessions)| api::PersonPart { name, sessions };
        parts.into_iter().map(part).collect()
    };
    let traits = whole.traits.into_iter().map(|(name, (value, at))| {
        let value = value.to_string();
        api::PersonTrait { name, value, at }
    });
    let totals = whole.totals;
    let (kind, user_id, visitor_id) = named(whole.found.person);
    api::PersonDetail {
        kind,
        user_id,
        visitor_id,
        browsers: whole.found.browsers,
        first_seen_at: totals.first_seen_at,
        last_seen_at: totals.last_seen_at,
        identified_at: whole.found.identified_at,
        sessions: unsigned(totals.sessions),
        events: unsigned(totals.events),
        pageviews: unsigned(totals.pageviews),
        errors: unsigned(totals.errors),
        interactions: unsigned(whole.interactions),
        traits: traits.collect(),
        devices: parts(whole.devices),
        countries: parts(whole.countries),
    }
}

fn session(session: PersonSession) -> api::PersonSession {
    let record = session.record;
    api::PersonSession {
        id: record.id,
        started_at: record.started_at,
        duration_ms: record.duration_ms,
        is_before_sign_in: session.is_before_sign_in,
        has_replay: record.has_replay,
        country: record.country.unwrap_or_default(),
        device_type: record.device_type.unwrap_or_default(),
        browser: record.browser.unwrap_or_default(),
        os: record.os.unwrap_or_default(),
        initial_url: record.initial_url.unwrap_or_default(),
        events: unsigned(record.event_count),
        errors: unsigned(record.error_count),
        main_events: session.events.into_iter().map(event).collect(),
        has_more_events: session.has_more_events,
    }
}

fn event(event: PersonEvent) -> api::PersonEvent {
    api::PersonEvent {
        at: event.at,
        r#type: event.r#type,
        name: event.name.unwrap_or_default(),
        url: event.url.unwrap_or_default(),
    }
}
