//! Sessions and their interactions.

use actix_web::web::Data;

use crow_auth::Scope;

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
    let by = ask.by.principal();
    let page = api
        .use_cases
        .list_sessions(ask.organization(), by.id(), &ask.question);
    let mut page = page.await?;
    if by.scopes().allow(Scope::Read) {
        let kept = api.use_cases.add_kept(by, &mut page.items);
        kept.await?;
    }
    Ok(Found(page.into()))
}

pub async fn get_session(
    api: Data<Api>,
    ask: Asked<Shown<OneSession>, OneSession>,
) -> Answered<SessionView> {
    let by = ask.by.principal();
    let session = api.use_cases.session(ask.organization(), &ask.question);
    let mut session = session.await?;
    if by.scopes().allow(Scope::Read) {
        let kept = api
            .use_cases
            .add_kept(by, std::slice::from_mut(&mut session));
        kept.await?;
    }
    Ok(Found(SessionView::whole(session)))
}

pub async fn list_events(api: Data<Api>, ask: Asked<Read, ListEvents>) -> Answered<EventList> {
    let page = api
        .use_cases
        .events(ask.organization(), &ask.question)
        .await?;
    let issues = api
        .use_cases
        .issues_of(ask.organization(), &page.items)
        .await?;
    Ok(Found(EventList::new(page, &issues)))
}
