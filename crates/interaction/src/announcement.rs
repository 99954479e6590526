//! What the work queue carries.

use serde::Deserialize;
use serde_json::Value;

use crow_bus::interactions::{ERASED, InteractionMessage};

/// What an announcement asks for.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Announcement {
    /// A session is finished, or finished again with late data.
    Finished(Finished),
    /// A session was erased.
    Erased {
        organization: String,
        session_row: String,
    },
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

/// Why an announcement can never be processed. Says nothing of its content.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Unreadable {
    #[error("the announcement is not a message of this version")]
    Message,
    #[error("sourceType: only web sessions are processed")]
    Source,
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
    pub(crate) fn read(payload: &[u8]) -> Result<Self, Unreadable> {
        let message: InteractionMessage =
            serde_json::from_slice(payload).map_err(|_error| Unreadable::Message)?;
        match message.source_type.as_str() {
            "web" => finished(message),
            ERASED => erased(message),
            _other => Err(Unreadable::Source),
        }
    }
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
        };
        serde_json::to_vec(&message).unwrap_or_default()
    }

    #[test]
    fn a_finished_session_is_kept_without_its_events() {
        let data = r#"{"completionId":"row-3","revision":3,"session":{"id":"row"},"events":[1],"eventsComplete":true}"#;
        let read = Announcement::read(&message("web", data));
        let expected = Finished {
            organization: "acme".to_owned(),
            session_row: "row".to_owned(),
            revision: 3,
            data: serde_json::json!({"completionId": "row-3", "revision": 3, "session": {"id": "row"}}),
            timestamp: 7,
        };
        assert_eq!(read, Ok(Announcement::Finished(expected)));
    }

    #[test]
    fn what_contradicts_itself_is_refused() {
        let other = r#"{"completionId":"row-3","revision":4,"session":{"id":"row"}}"#;
        assert_eq!(
            Announcement::read(&message("web", other)),
            Err(Unreadable::Data)
        );
        assert_eq!(
            Announcement::read(&message("web", "{")),
            Err(Unreadable::Data)
        );
        assert_eq!(
            Announcement::read(&message("cctv", "{}")),
            Err(Unreadable::Source)
        );
        assert_eq!(
            Announcement::read(&message("erased", "{}")),
            Err(Unreadable::Data)
        );
        assert_eq!(Announcement::read(b"{}"), Err(Unreadable::Message));
    }
}
