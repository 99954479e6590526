//! What the work queues carry.

use serde::Deserialize;
use serde_json::Value;

use crow_bus::interactions::{ERASED, InteractionMessage};
use crow_bus::reported::{CctvBatchQueueMessage, Report};
use crow_bus::streams::WorkQueue;
use crow_types::{OrganizationId, SessionId};

/// The longest message of a service, in bytes.
const MAX_REPORT: usize = 2 << 20;

/// What a message asks for.
#[derive(Debug, Clone)]
pub(crate) enum Announcement {
    /// A session is finished, or finished again with late data.
    Finished(Finished),
    /// A session was erased.
    Erased {
        organization: String,
        session_row: String,
    },
    /// A service reports something.
    Reported(Report),
}

#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Finished {
    pub(crate) organization: String,
    pub(crate) session_row: String,
    pub(crate) revision: i64,
    /// What was announced, without the events: they are in the object store.
    pub(crate) data: Value,
    /// When it ended, milliseconds since the epoch.
    pub(crate) timestamp: i64,
}

/// Why a message can never be processed. Says nothing of its content.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Unreadable {
    #[error("it is not a message of this version")]
    Message,
    #[error("sourceType: must be web, cctv or social; of a batch of frames, cctv")]
    Source,
    #[error("organizationId: is not a valid organization")]
    Organization,
    #[error("sessionId: is no name of a session")]
    Session,
    #[error("the message is too long")]
    TooLong,
    #[error("data: does not name the session and revision of completionId")]
    Data,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Data {
    completion_id: String,
    revision: i64,
    session: Session,
}

#[derive(Deserialize)]
struct Session {
    id: String,
}

impl Announcement {
    /// Reads a message of a queue.
    pub(crate) fn read(queue: WorkQueue, payload: &[u8]) -> Result<Self, Unreadable> {
        if queue == WorkQueue::Cctv {
            return batch(payload);
        }
        let message: InteractionMessage =
            serde_json::from_slice(payload).map_err(|_error| Unreadable::Message)?;
        let is_of_keeper = !message.completion_id.is_empty();
        match message.source_type.as_str() {
            "web" if is_of_keeper => finished(message),
            ERASED => erased(message),
            "web" | "cctv" | "social" => {
                check(payload, &message.organization_id, &message.session_id)?;
                Ok(Self::Reported(Report::Interaction(message)))
            }
            _other => Err(Unreadable::Source),
        }
    }
}

fn batch(payload: &[u8]) -> Result<Announcement, Unreadable> {
    let batch: CctvBatchQueueMessage =
        serde_json::from_slice(payload).map_err(|_error| Unreadable::Message)?;
    if batch.source_type != "cctv" {
        return Err(Unreadable::Source);
    }
    check(payload, &batch.organization_id, &batch.session_id)?;
    Ok(Announcement::Reported(Report::Batch(batch)))
}

/// Services may publish without the API, which checks the same.
fn check(payload: &[u8], organization: &str, session: &str) -> Result<(), Unreadable> {
    if payload.len() > MAX_REPORT {
        return Err(Unreadable::TooLong);
    }
    OrganizationId::new(organization).map_err(|_error| Unreadable::Organization)?;
    if session.is_empty() {
        return Ok(());
    }
    SessionId::new(session)
        .map(drop)
        .map_err(|_error| Unreadable::Session)
}

fn finished(message: InteractionMessage) -> Result<Announcement, Unreadable> {
    let mut data: Value = serde_json::from_str(&message.data).map_err(|_error| Unreadable::Data)?;
    let named = Data::deserialize(&data).map_err(|_error| Unreadable::Data)?;
    let completion = format!("{}-{}", named.session.id, named.revision);
    if named.completion_id != message.completion_id || completion != message.completion_id {
        return Err(Unreadable::Data);
    }
    if let Some(fields) = data.as_object_mut() {
        fields.remove("events");
        fields.remove("eventsComplete");
    }
    Ok(Announcement::Finished(Finished {
        organization: message.organization_id,
        session_row: named.session.id,
        revision: named.revision,
        data,
        timestamp: message.timestamp,
    }))
}

fn erased(message: InteractionMessage) -> Result<Announcement, Unreadable> {
    let row = message.completion_id.strip_suffix("-erased");
    let session_row = row.ok_or(Unreadable::Data)?.to_owned();
    Ok(Announcement::Erased {
        organization: message.organization_id,
        session_row,
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn message(source_type: &str, data: &str) -> Vec<u8> {
        let message = InteractionMessage {
            organization_id: "acme".to_owned(),
            source_type: source_type.to_owned(),
            session_id: "s".to_owned(),
            data: data.to_owned(),
            summary: None,
            timestamp: 7,
            completion_id: "row-3".to_owned(),
            report: None,
        };
        serde_json::to_vec(&message).unwrap_or_default()
    }

    fn read(payload: &[u8]) -> Result<Announcement, Unreadable> {
        Announcement::read(WorkQueue::Interactions, payload)
    }

    #[test]
    fn a_finished_session_is_kept_without_its_events() {
        let data = r#"{"completionId":"row-3","revision":3,"session":{"id":"row"},"events":[1],"eventsComplete":true}"#;
        let expected = Finished {
            organization: "acme".to_owned(),
            session_row: "row".to_owned(),
            revision: 3,
            data: json!({"completionId": "row-3", "revision": 3, "session": {"id": "row"}}),
            timestamp: 7,
        };
        let Ok(Announcement::Finished(finished)) = read(&message("web", data)) else {
            panic!("not read");
        };
        assert_eq!(finished, expected);
    }

    #[test]
    fn what_contradicts_itself_is_refused() {
        let other = r#"{"completionId":"row-3","revision":4,"session":{"id":"row"}}"#;
        for (payload, expected) in [
            (message("web", other), Unreadable::Data),
            (message("web", "{"), Unreadable::Data),
            (message("post", "{}"), Unreadable::Source),
            (message("erased", "{}"), Unreadable::Data),
            (b"{}".to_vec(), Unreadable::Message),
        ] {
            assert_eq!(read(&payload).err(), Some(expected));
        }
    }

    /// The messages of the specification, without anything of ours.
    #[test]
    fn messages_of_services_are_read_and_named_by_their_content() {
        let plain = json!({
            "organizationId": "acme", "sourceType": "social", "data": "{}", "timestamp": 7,
        });
        let read_report = |queue, value: &serde_json::Value| {
            let read = Announcement::read(queue, value.to_string().as_bytes());
            match read {
                Ok(Announcement::Reported(report)) => report.interaction_id(),
                other => panic!("{other:?}"),
            }
        };
        let first = read_report(WorkQueue::Interactions, &plain);
        assert_eq!(first, read_report(WorkQueue::Interactions, &plain));
        let mut other = plain.clone();
        other["timestamp"] = 8.into();
        assert_ne!(first, read_report(WorkQueue::Interactions, &other));

        let batch = json!({
            "organizationId": "acme", "sourceType": "cctv", "sessionId": "s", "cameraId": "c", "batchIndex": 0,
            "frameAnalyses": [{"frameIndex": 0, "timestamp": 1, "description": "A hand"}],
            "batchStartTimestamp": 1, "batchEndTimestamp": 2,
        });
        let first = read_report(WorkQueue::Cctv, &batch);
        let mut repeated = batch.clone();
        repeated["batchEndTimestamp"] = 3.into();
        assert_eq!(first, read_report(WorkQueue::Cctv, &repeated));
        repeated["batchIndex"] = 1.into();
        assert_ne!(first, read_report(WorkQueue::Cctv, &repeated));
    }

    #[test]
    fn messages_of_services_are_checked() {
        let sent = |organization: &str, session: &str, data: &str| {
            json!({"organizationId": organization, "sourceType": "web", "sessionId": session, "data": data, "timestamp": 1})
                .to_string()
        };
        let long = "x".repeat(MAX_REPORT);
        for (payload, expected) in [
            (sent("a b", "s", ""), Unreadable::Organization),
            (sent("acme", "a b", ""), Unreadable::Session),
            (sent("acme", "s", &long), Unreadable::TooLong),
        ] {
            assert_eq!(read(payload.as_bytes()).err(), Some(expected));
        }
    }
}
