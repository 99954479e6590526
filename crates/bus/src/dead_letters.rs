//! Dead letters: what could not be processed, kept with the reason until a person decides.

use std::hash::{DefaultHasher, Hash, Hasher};
use std::time::Duration;

use async_nats::HeaderMap;
use bytes::Bytes;
use prost::Message as _;
use serde::{Deserialize, Serialize};

use crow_proto::events::Message;
use crow_types::{OrganizationId, Partition, Sequence, Timestamp};

use crate::connection::Bus;
use crate::error::{Error, Result};
use crate::interactions::Named;
use crate::published::{PUBLISHED, published_at};
use crate::streams;

const REASON: &str = "Crow-Reason";
const SUBJECT: &str = "Crow-Subject";
const SEQUENCE: &str = "Crow-Sequence";
const ATTEMPTS: &str = "Crow-Attempts";

const SUBJECTS: &str = "crow.dlq.";
/// Below `crow.dlq.`: messages of work queues.
pub(crate) const COMPLETIONS: &str = "completions";

/// What a dead letter was.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum LetterKind {
    /// A message of a partition, or one of its batches.
    Events,
    /// A message of a work queue: the announcement of a finished session, or what a service reports.
    Completions,
}

/// One dead letter.
#[derive(Debug, Clone, Serialize)]
pub struct DeadLetter {
    /// Its number among the dead letters.
    pub id: u64,
    /// What it was.
    pub kind: LetterKind,
    /// Milliseconds since the epoch.
    pub stored_at: i64,
    /// When it was published first, whatever was done with it since; of a message of a partition, when the
    /// letter was stored.
    #[serde(skip)]
    pub published_at: Timestamp,
    /// Why it could not be processed.
    pub reason: String,
    /// Where it was published first.
    pub subject: String,
    /// Its position there.
    pub sequence: u64,
    /// How often it was tried.
    pub attempts: u32,
    /// The original payload.
    #[serde(skip)]
    pub payload: Bytes,
}

impl DeadLetter {
    /// The organization. `None` if it is unknown: the payload is damaged, compressed, in an object,
    /// or belongs to several.
    #[must_use]
    pub fn organization(&self) -> Option<OrganizationId> {
        let name = match self.kind {
            LetterKind::Completions => {
                let named: Named = serde_json::from_slice(&self.payload).ok()?;
                named.organization_id
            }
            LetterKind::Events => {
                let mut batches = Message::decode(self.payload.clone())
                    .ok()?
                    .batches
                    .into_iter();
                let first = batches.next()?.organization_id;
                batches
                    .all(|batch| batch.organization_id == first)
                    .then_some(first)?
            }
        };
        OrganizationId::new(name).ok()
    }
}

/// Some dead letters, newest first.
#[derive(Debug, Clone, Default)]
pub struct LetterPage {
    /// Those that were wanted.
    pub letters: Vec<DeadLetter>,
    /// Older letters have smaller numbers than this. `None`: there are no more.
    pub next: Option<u64>,
}

/// Maximum number of letters read for one page, wanted or not. Each one is a request to the server.
const READ_FOR_A_PAGE: usize = 1_000;

/// Stores what cannot be processed of a partition's message: all of it, or one of its batches. A
/// repeat within the server's window of two minutes is stored once.
pub async fn keep(
    bus: &Bus,
    partition: Partition,
    sequence: Sequence,
    reason: &str,
    payload: Bytes,
) -> Result<()> {
    let subject = streams::events_subject(partition);
    let origin = Origin {
        subject: &subject,
        sequence: sequence.0,
        attempts: 1,
        // Each batch says when it was received.
        published_at: None,
    };
    keep_of(
        bus,
        &format!("events.{partition}"),
        &origin,
        reason,
        payload,
    )
    .await
}

/// Where a letter came from, how often it was tried there, and when it was published first.
pub(crate) struct Origin<'a> {
    pub(crate) subject: &'a str,
    pub(crate) sequence: u64,
    pub(crate) attempts: u32,
    pub(crate) published_at: Option<Timestamp>,
}

/// Stores a letter under a subject below `crow.dlq.`.
pub(crate) async fn keep_of(
    bus: &Bus,
    place: &str,
    origin: &Origin<'_>,
    reason: &str,
    payload: Bytes,
) -> Result<()> {
    let mut headers = HeaderMap::new();
    headers.insert(
        async_nats::header::NATS_MESSAGE_ID,
        message_id(origin, &payload).as_str(),
    );
    headers.insert(REASON, reason);
    headers.insert(SUBJECT, origin.subject);
    headers.insert(SEQUENCE, origin.sequence.to_string().as_str());
    headers.insert(ATTEMPTS, origin.attempts.to_string().as_str());
    if let Some(published_at) = origin.published_at {
        headers.insert(PUBLISHED, published_at.to_string().as_str());
    }
    let target = format!("{SUBJECTS}{place}");
    bus.publish_acknowledged(target, Some(headers), payload, Duration::from_secs(2))
        .await
}

/// One message may hold several bad batches, and a recreated stream counts from 1 again. So the
/// payload is part of the name.
fn message_id(origin: &Origin<'_>, payload: &Bytes) -> String {
    let Origin {
        subject, sequence, ..
    } = origin;
    let mut hasher = DefaultHasher::new();
    payload.hash(&mut hasher);
    format!("{subject}.{sequence}.{:016x}", hasher.finish())
}

/// The newest dead letters, newest first, at most `limit`.
pub async fn list(bus: &Bus, limit: usize) -> Result<Vec<DeadLetter>> {
    let page = page(bus, None, limit, |_letter| true).await?;
    Ok(page.letters)
}

/// Wanted dead letters older than `before`, newest first, at most `limit`. A page may have fewer,
/// or none, and still name the next page.
pub async fn page(
    bus: &Bus,
    before: Option<u64>,
    limit: usize,
    is_wanted: impl Fn(&DeadLetter) -> bool,
) -> Result<LetterPage> {
    let stream = open(bus).await?;
    let state = &stream.cached_info().state;
    let newest = before.map_or(state.last_sequence, |id| {
        state.last_sequence.min(id.saturating_sub(1))
    });
    let mut page = LetterPage::default();
    let ids = (state.first_sequence.max(1)..=newest).rev();
    for (reads, id) in ids.enumerate() {
        if page.letters.len() >= limit || reads >= READ_FOR_A_PAGE {
            page.next = Some(id + 1);
            break;
        }
        page.letters
            .extend(read(&stream, id).await?.filter(&is_wanted));
    }
    Ok(page)
}

/// Dead letters that were stored lately.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Recent {
    /// The number of the last letter that was looked at; of the newest one when there are no more.
    pub newest: u64,
    /// Of each letter: whose it is, and when it was stored. Oldest first.
    pub letters: Vec<(OrganizationId, Timestamp)>,
}

/// The dead letters after the number `seen` that were stored since `from` and whose organization is
/// known, at most 1,000, the oldest first.
pub async fn recent(bus: &Bus, seen: u64, from: Timestamp) -> Result<Recent> {
    if !bus.is_connected() {
        return Err(Error::Disconnected);
    }
    let stream = open(bus).await?;
    let state = &stream.cached_info().state;
    // A stream that was made anew counts from 1 again.
    let seen = if seen > state.last_sequence { 0 } else { seen };
    let oldest = state.first_sequence.max(seen + 1);
    let last = state
        .last_sequence
        .min(oldest.saturating_add(READ_FOR_A_PAGE as u64 - 1));
    let mut recent = Recent {
        newest: last,
        letters: Vec::new(),
    };
    for id in oldest..=last {
        let Some(letter) = read(&stream, id).await? else {
            continue;
        };
        if letter.stored_at < from.0 {
            continue;
        }
        let organization = letter.organization();
        recent
            .letters
            .extend(organization.map(|it| (it, Timestamp(letter.stored_at))));
    }
    Ok(recent)
}

/// The dead letter with this number, if there is one.
pub async fn show(bus: &Bus, id: u64) -> Result<Option<DeadLetter>> {
    read(&open(bus).await?, id).await
}

/// Publishes a dead letter where it came from, then removes it. A crash in between leaves both. The
/// keeper deduplicates a batch, and a consumer deduplicates a completion id. An erasure of before still
/// counts: the message says when it was published first.
pub async fn retry(bus: &Bus, id: u64) -> Result<bool> {
    let Some(letter) = show(bus, id).await? else {
        return Ok(false);
    };
    let headers = (letter.kind == LetterKind::Completions).then(|| {
        let mut headers = HeaderMap::new();
        headers.insert(PUBLISHED, letter.published_at.to_string().as_str());
        headers
    });
    let (subject, payload) = (letter.subject, letter.payload);
    bus.publish_acknowledged(subject, headers, payload, Duration::from_secs(2))
        .await?;
    drop_letter(bus, id).await
}

/// Removes a dead letter for good. False: there is none with this number.
pub async fn drop_letter(bus: &Bus, id: u64) -> Result<bool> {
    let stream = open(bus).await?;
    if read(&stream, id).await?.is_none() {
        return Ok(false);
    }
    stream
        .delete_message(id)
        .await
        .map_err(|error| Error::server("removing a dead letter", error))
}

async fn open(bus: &Bus) -> Result<async_nats::jetstream::stream::Stream> {
    bus.jetstream
        .get_stream(streams::DEAD_LETTERS)
        .await
        .map_err(|error| Error::server("opening the dead letters", error))
}

async fn read(
    stream: &async_nats::jetstream::stream::Stream,
    id: u64,
) -> Result<Option<DeadLetter>> {
    use async_nats::jetstream::stream::RawMessageErrorKind;
    let message = match stream.get_raw_message(id).await {
        Ok(message) => message,
        Err(error) if matches!(error.kind(), RawMessageErrorKind::NoMessageFound) => {
            return Ok(None);
        }
        Err(error) => return Err(Error::server("reading a dead letter", error)),
    };
    let header = |name: &str| {
        message
            .headers
            .get(name)
            .map(ToString::to_string)
            .unwrap_or_default()
    };
    let stored_ns = message.time.unix_timestamp_nanos();
    let is_completion = message.subject.strip_prefix(SUBJECTS) == Some(COMPLETIONS);
    Ok(Some(DeadLetter {
        id,
        kind: if is_completion {
            LetterKind::Completions
        } else {
            LetterKind::Events
        },
        stored_at: i64::try_from(stored_ns / 1_000_000).unwrap_or(i64::MAX),
        published_at: published_at(Some(&message.headers), stored_ns),
        reason: header(REASON),
        subject: header(SUBJECT),
        sequence: header(SEQUENCE).parse().unwrap_or_default(),
        attempts: header(ATTEMPTS).parse().unwrap_or(1),
        payload: message.payload,
    }))
}
