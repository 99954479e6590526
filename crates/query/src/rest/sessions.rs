//! Sessions and their interactions.

use actix_web::web::Data;

use crate::api::Api;
use crate::ask::sessions::{ListEvents, ListSessions, OneSession};
use crate::door::Read;
use crate::door::pages::Shown;
use crate::rest::answers::{Answered, Found};
use crate::rest::asked::Asked;
use crate::rest::views::{EventList, SessionList, SessionView};

pub async fn list_sessions(
    api: Data<Api>,
    ask: Asked<Shown<ListSessions>, ListSessions>,
) -> Answered<SessionList> {
    let page = api
        .use_cases
        .list_sessions(ask.organization(), &ask.question);
    Ok(Found(page.await?.into()))
}

pub async fn get_session(
    api: Data<Api>,
    ask: Asked<Shown<OneSession>, OneSession>,
) -> Answered<SessionView> {
    let session = api.use_cases.session(ask.organization(), &ask.question);
    Ok(Found(SessionView::whole(session.await?)))
}

pub async fn list_events(api: Data<Api>, ask: Asked<Read, ListEvents>) -> Answered<EventList> {
    let page = api.use_cases.events(ask.organization(), &ask.question);
    Ok(Found(page.await?.into()))
}
