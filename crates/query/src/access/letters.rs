//! A person's batches among the dead letters. No keeper could process them, so no session shows them.

use bytes::Bytes;
use prost::Message as _;
use serde_json::{Value, json};

use crow_bus::dead_letters::{self, DeadLetter, LetterKind};
use crow_bus::inflate::inflated;
use crow_db::erasure::Subject;
use crow_proto::events::{Batch, Message};

use super::{Access, Zip};
use crate::error::Result;

/// Letters read at once.
const PAGE: usize = 50;

pub(super) async fn write(access: &Access, zip: &mut Zip) -> Result<()> {
    let mut before = None;
    loop {
        let is_wanted = |letter: &DeadLetter| letter.kind == LetterKind::Events;
        let page = dead_letters::page(&access.use_cases.bus, before, PAGE, is_wanted).await?;
        for letter in &page.letters {
            for batch in batches_of(access, letter).await? {
                if access.is_about(&batch) {
                    zip.add_line(&view(letter, &batch)).await?;
                }
            }
        }
        before = page.next;
        if before.is_none() {
            return Ok(());
        }
    }
}

/// None, if they cannot be read by anybody.
async fn batches_of(access: &Access, letter: &DeadLetter) -> Result<Vec<Batch>> {
    let Ok(message) = Message::decode(letter.payload.clone()) else {
        return Ok(Vec::new());
    };
    let zstd = match message.claim {
        Some(claim) => match access.use_cases.store.get(&claim.key).await {
            Ok(object) => object,
            Err(error) if error.is_retryable() => return Err(error.into()),
            Err(_gone) => return Ok(Vec::new()),
        },
        None => message.zstd,
    };
    if zstd.is_empty() {
        return Ok(message.batches);
    }
    let message = tokio::task::spawn_blocking(move || inflated(&zstd).ok()).await;
    let message = message.map_err(crate::error::Error::Ended)?;
    Ok(message.map(|message| message.batches).unwrap_or_default())
}

impl Access {
    fn is_about(&self, batch: &Batch) -> bool {
        if batch.organization_id != self.organization.as_str() {
            return false;
        }
        let context = batch.context.as_ref();
        let is_session = match &self.subject {
            Subject::User(asked) => context.is_some_and(|it| it.user_id == *asked),
            Subject::Visitor(asked) => context.is_some_and(|it| it.visitor_id == *asked),
            Subject::Sessions(asked) => asked.contains(&batch.session_id),
            // Nobody is named by these.
            Subject::Withdrawn(_)
            | Subject::Time { .. }
            | Subject::Property { .. }
            | Subject::Organization
            | Subject::Expired { .. } => false,
        };
        is_session || self.sessions.contains(&batch.session_id)
    }
}

fn view(letter: &DeadLetter, batch: &Batch) -> Value {
    let client = batch.client.clone().unwrap_or_default();
    let context = batch.context.clone().unwrap_or_default();
    let event = |event: &crow_proto::events::Event| {
        json!({
            "id": event.id, "type": event.r#type, "name": event.name, "url": event.url,
            "timestamp": event.timestamp, "data": value(&event.data),
        })
    };
    json!({
        "sessionId": batch.session_id,
        "windowId": batch.window_id,
        "receivedAt": batch.received_at,
        "reason": letter.reason,
        "userId": context.user_id,
        "visitorId": context.visitor_id,
        "traits": value(&context.traits),
        "url": context.url,
        "referrer": context.referrer,
        "title": context.title,
        "locale": context.locale,
        "timezone": context.timezone,
        "ipAddress": client.ip_address,
        "country": client.country,
        "userAgent": client.user_agent,
        "exitContext": value(&batch.exit_context),
        "events": batch.events.iter().map(event).collect::<Vec<_>>(),
        "replay": batch.replay.iter().map(|it| value(&it.data)).collect::<Vec<_>>(),
    })
}

/// JSON as the client sent it; null if there is none.
fn value(json: &Bytes) -> Value {
    serde_json::from_slice(json).unwrap_or_default()
}
