use crow_proto::events::{Batch, Kind, Page};
use crow_types::{EventRowId, OrganizationId, SessionId};

/// Organization and session of a batch.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SessionKey {
    /// The tenant.
    pub organization: OrganizationId,
    /// The SDK's session id.
    pub session: SessionId,
}

/// Why a batch cannot be processed, ever.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Unreadable {
    /// The organization id is not one.
    Organization,
    /// The session id is not one.
    Session,
    /// The batch has no id, so a retry could not be recognised.
    BatchId,
    /// A kind of batch that this version does not know.
    Kind,
    /// A text holds the character NUL, which SQL cannot store.
    Nul,
}

impl Unreadable {
    /// The reason on the dead letter.
    #[must_use]
    pub fn as_str(&self) -> &'static str {
        match self {
            Self::Organization => "organization_id is not an id",
            Self::Session => "session_id is not an id",
            Self::BatchId => "batch_id is empty",
            Self::Kind => "kind is unknown",
            Self::Nul => "a text contains the character NUL",
        }
    }
}

/// A batch whose ids are valid.
#[derive(Debug, Clone, PartialEq)]
pub struct Incoming {
    /// Organization and session.
    pub key: SessionKey,
    /// What kind it is.
    pub kind: Kind,
    /// The batch.
    pub batch: Batch,
}

impl Incoming {
    /// Checks what the rest of the crate relies on. Returns the batch with the error.
    pub fn new(batch: Batch) -> Result<Self, (Unreadable, Box<Batch>)> {
        match check(&batch) {
            Ok((key, kind)) => Ok(Self { key, kind, batch }),
            Err(unreadable) => Err((unreadable, Box::new(batch))),
        }
    }

    /// The row id of the event at this index.
    ///
    /// # Panics
    /// When there is no such event.
    #[must_use]
    pub fn event_row_id(&self, index: usize) -> EventRowId {
        let event = &self.batch.events[index];
        let SessionKey {
            organization,
            session,
        } = &self.key;
        if event.id.is_empty() {
            let place = match self.batch.seq {
                Some(seq) => format!("{}\u{0}{seq}", self.batch.window_id),
                None => format!("{}\u{0}{}", self.batch.window_id, self.batch.batch_id),
            };
            return EventRowId::placed(organization, session, &place, index);
        }
        EventRowId::named(organization, session, &event.id)
    }

    /// Whether it is a heartbeat: it only says that the page of its window is open or closed.
    pub(crate) fn is_heartbeat(&self) -> bool {
        let Batch {
            seq,
            events,
            replay,
            ..
        } = &self.batch;
        let has_items = !events.is_empty() || !replay.is_empty();
        self.kind == Kind::Events
            && seq.is_none()
            && !has_items
            && self.batch.page() != Page::Unspecified
    }

    /// The same batch without its number.
    pub(crate) fn without_number(&self) -> Self {
        let mut incoming = self.clone();
        incoming.batch.seq = None;
        incoming
    }

    /// Bytes of the lines of its interactions, if their texts need no escapes.
    pub(crate) fn text_bytes(&self) -> usize {
        // Names of the fields, quotes, and the id of the row.
        const FRAME: usize = 96;
        let lines = self.batch.events.iter().map(|event| {
            event.r#type.len() + event.name.len() + event.url.len() + event.data.len() + FRAME
        });
        lines.sum()
    }

    /// Bytes that it takes in memory, for the flush limit and the intake limit.
    #[must_use]
    pub fn size(&self) -> usize {
        let events: usize = self
            .batch
            .events
            .iter()
            .map(|event| event.data.len() + event.url.len() + 200)
            .sum();
        let replay: usize = self
            .batch
            .replay
            .iter()
            .map(|event| event.data.len() + 64)
            .sum();
        events + replay + 200
    }
}

fn check(batch: &Batch) -> Result<(SessionKey, Kind), Unreadable> {
    let organization = OrganizationId::new(batch.organization_id.as_str())
        .map_err(|_invalid| Unreadable::Organization)?;
    let session =
        SessionId::new(batch.session_id.as_str()).map_err(|_invalid| Unreadable::Session)?;
    if batch.batch_id.is_empty() {
        return Err(Unreadable::BatchId);
    }
    let kind = Kind::try_from(batch.kind).map_err(|_unknown| Unreadable::Kind)?;
    if texts_of(batch).any(|text| text.contains('\0')) {
        return Err(Unreadable::Nul);
    }
    let key = SessionKey {
        organization,
        session,
    };
    Ok((key, kind))
}

/// Every text of the batch that is stored in a column.
fn texts_of(batch: &Batch) -> impl Iterator<Item = &str> {
    let client = batch.client.iter().flat_map(|client| {
        [
            &client.ip_address,
            &client.country,
            &client.user_agent,
            &client.device_type,
            &client.browser,
            &client.os,
            &client.sdk_name,
            &client.sdk_version,
            &client.platform,
        ]
    });
    let context = batch.context.iter().flat_map(|context| {
        [
            &context.url,
            &context.referrer,
            &context.locale,
            &context.timezone,
            &context.user_id,
            &context.visitor_id,
        ]
    });
    let events = batch
        .events
        .iter()
        .flat_map(|event| [&event.id, &event.r#type, &event.name, &event.url]);
    let own = std::iter::once(&batch.window_id);
    own.chain(client)
        .chain(context)
        .chain(events)
        .map(String::as_str)
}
