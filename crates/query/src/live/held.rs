//! What the keeper of an open session has read and not stored yet. Asked for once, without watching.

use std::time::Duration;

use futures::StreamExt;
use prost::Message;

use crow_bus::Bus;
use crow_bus::live as wire;
use crow_db::read::TailState;
use crow_proto::live::{Frame, Watch};
use crow_storage::pack::Line;
use crow_types::{OrganizationId, SessionId, log_chain};

use super::join::{Join, Taken};

/// If no keeper answers within this time, what is stored counts as all.
const PATIENCE: Duration = Duration::from_millis(500);
/// A frame below this is the whole answer. Larger answers come in several frames.
const WHOLE: usize = 64 << 10;
/// How long to wait for the next frame of an answer.
const NEXT: Duration = Duration::from_millis(50);

/// The lines of a visit behind its stored part. None: the keeper has stored more meanwhile, so the
/// stored part has to be read again.
pub async fn lines(
    bus: &Bus,
    organization: &OrganizationId,
    session: &SessionId,
    visit: &str,
    stored: &TailState,
) -> Option<Vec<Line>> {
    let mut join = Join::new(visit.to_owned(), stored.clone());
    let asked = ask(bus, organization, session, &mut join);
    match tokio::time::timeout(PATIENCE, asked).await {
        Ok(Ok(lines)) => lines,
        Ok(Err(error)) => {
            tracing::debug!(error = log_chain(&error), "cannot ask the keeper");
            Some(Vec::new())
        }
        Err(_elapsed) => Some(Vec::new()),
    }
}

async fn ask(
    bus: &Bus,
    organization: &OrganizationId,
    session: &SessionId,
    join: &mut Join,
) -> crow_bus::Result<Option<Vec<Line>>> {
    if !bus.is_connected() {
        return Ok(Some(Vec::new()));
    }
    let mut frames = wire::frames(bus, organization, session).await?;
    let watch = Watch {
        organization_id: organization.as_str().to_owned(),
        session_id: session.as_str().to_owned(),
        after: join.position(),
        wants_answer: true,
        once: true,
    };
    wire::watch(bus, join.partition(), &watch).await?;
    let mut lines = None;
    let mut next = frames.next().await;
    while let Some(payload) = next {
        let is_whole = payload.len() < WHOLE;
        let Ok(frame) = Frame::decode(payload) else {
            break;
        };
        match join.take(frame) {
            Taken::Lines(new) => {
                lines.get_or_insert_with(Vec::new).extend(new);
                if is_whole {
                    break;
                }
            }
            // Perhaps for somebody who watches and has more already.
            Taken::Hole => {}
            Taken::Elsewhere => return Ok(Some(Vec::new())),
        }
        next = tokio::time::timeout(NEXT, frames.next())
            .await
            .unwrap_or(None);
    }
    Ok(lines)
}
