//! Messages between watchers and keepers on core NATS. Nothing is stored. A loss heals, because
//! watchers repeat what they have.

use std::time::Duration;

use bytes::Bytes;
use futures::{Stream, StreamExt};
use prost::Message;
use tokio::sync::mpsc;
use tracing::debug;

use crow_proto::live::{Changes, Frame, Line, Watch};
use crow_types::{OrganizationId, Partition, SessionId};

use crate::connection::Bus;
use crate::error::{Error, Result};

/// Watchers say their interest this often.
pub const RENEWAL: Duration = Duration::from_secs(2);
/// Messages that may wait to be sent; more are dropped.
const WAITING: usize = 1_024;
/// Payload bytes of lines that go into one message, unless one position has more.
const FRAME_BYTES: usize = 256 << 10;

/// Subject for interest in the sessions of a partition.
fn watch_subject(partition: Partition) -> String {
    format!("crow.watch.{partition}")
}

/// Where the lines of a session are shown.
fn session_subject(organization: &OrganizationId, session: &SessionId) -> String {
    let organization = token(organization.as_str());
    let session = token(session.as_str());
    format!("crow.live.{organization}.{session}")
}

/// Subject for changed sessions of an organization.
fn organization_subject(organization: &OrganizationId) -> String {
    format!("crow.live.{}", token(organization.as_str()))
}

/// An id as one token of a subject: dots divide tokens, and no id has a `%`.
fn token(id: &str) -> String {
    id.replace('.', "%2E")
}

/// Says interest, without waiting for anybody.
pub async fn watch(bus: &Bus, partition: Partition, watch: &Watch) -> Result<()> {
    if !bus.is_connected() {
        return Err(Error::Disconnected);
    }
    bus.client
        .publish(watch_subject(partition), watch.encode_to_vec().into())
        .await
        .map_err(|error| Error::server("watching", error))
}

/// The interest in sessions of a partition, from now on.
pub async fn watches(
    bus: &Bus,
    partition: Partition,
) -> Result<impl Stream<Item = Watch> + Send + Unpin + use<>> {
    watches_of(bus, watch_subject(partition)).await
}

/// The interest in sessions of all partitions, from now on.
pub async fn all_watches(bus: &Bus) -> Result<impl Stream<Item = Watch> + Send + Unpin + use<>> {
    watches_of(bus, "crow.watch.*".to_owned()).await
}

async fn watches_of(
    bus: &Bus,
    subject: String,
) -> Result<impl Stream<Item = Watch> + Send + Unpin + use<>> {
    let payloads = subscribe(bus, subject).await?;
    Ok(payloads.filter_map(|payload| std::future::ready(Watch::decode(payload).ok())))
}

/// Frames of a session from now on, as encoded [`Frame`]s.
pub async fn frames(
    bus: &Bus,
    organization: &OrganizationId,
    session: &SessionId,
) -> Result<impl Stream<Item = Bytes> + Send + Unpin + use<>> {
    subscribe(bus, session_subject(organization, session)).await
}

/// Changed sessions of an organization from now on.
pub async fn changes(
    bus: &Bus,
    organization: &OrganizationId,
) -> Result<impl Stream<Item = Changes> + Send + Unpin + use<>> {
    let payloads = subscribe(bus, organization_subject(organization)).await?;
    Ok(payloads.filter_map(|payload| std::future::ready(Changes::decode(payload).ok())))
}

async fn subscribe(
    bus: &Bus,
    subject: String,
) -> Result<impl Stream<Item = Bytes> + Send + Unpin + use<>> {
    let subscriber = bus
        .client
        .subscribe(subject)
        .await
        .map_err(|error| Error::server("subscribing", error))?;
    Ok(subscriber.map(|message| message.payload))
}

/// The keeper's side. Never waits: frames that do not fit are dropped, and the watchers ask for
/// them.
#[derive(Debug, Clone)]
pub struct Screen {
    messages: mpsc::Sender<(String, Bytes)>,
    max_bytes: usize,
}

impl Screen {
    /// Ends when the last clone is dropped.
    #[must_use]
    pub fn new(bus: &Bus) -> Self {
        let (messages, waiting) = mpsc::channel(WAITING);
        tokio::spawn(publish_all(bus.clone(), waiting));
        Self {
            messages,
            max_bytes: bus.max_message_bytes(),
        }
    }

    /// Sends lines to the watchers of the session.
    pub fn show(&self, organization: &OrganizationId, session: &SessionId, frame: Frame) {
        let subject = session_subject(organization, session);
        for part in divide(frame) {
            self.send(subject.clone(), part.encode_to_vec().into());
        }
    }

    /// Sends the changed sessions to the watchers of the organization.
    pub fn show_changes(&self, organization: &OrganizationId, visits: Vec<String>) {
        let changes = Changes { visits };
        let payload = changes.encode_to_vec().into();
        self.send(organization_subject(organization), payload);
    }

    fn send(&self, subject: String, payload: Bytes) {
        let is_sent =
            payload.len() <= self.max_bytes && self.messages.try_send((subject, payload)).is_ok();
        if !is_sent {
            metrics::counter!("crow_bus_frames_dropped_total").increment(1);
        }
    }
}

async fn publish_all(bus: Bus, mut waiting: mpsc::Receiver<(String, Bytes)>) {
    while let Some((subject, payload)) = waiting.recv().await {
        if !bus.is_connected() {
            continue;
        }
        if let Err(error) = bus.client.publish(subject, payload).await {
            debug!(
                error = crow_types::log_chain(&error),
                "a live frame was not sent"
            );
        }
    }
}

/// Splits a large frame. Lines of one message stay together.
fn divide(frame: Frame) -> Vec<Frame> {
    let is_small = frame.lines.iter().map(size_of).sum::<usize>() <= FRAME_BYTES;
    if is_small {
        return vec![frame];
    }
    let mut frames = Vec::new();
    let mut part: Vec<Line> = Vec::new();
    let (mut bytes, mut after) = (0, frame.after);
    for line in frame.lines {
        let is_next = part
            .last()
            .is_some_and(|last| last.sequence != line.sequence);
        if is_next && bytes + size_of(&line) > FRAME_BYTES {
            let through = part.last().map_or(after, |last| last.sequence);
            frames.push(Frame {
                stream_created: frame.stream_created,
                after,
                through,
                lines: std::mem::take(&mut part),
                has_ended: false,
            });
            (bytes, after) = (0, through);
        }
        bytes += size_of(&line);
        part.push(line);
    }
    frames.push(Frame {
        after,
        lines: part,
        ..frame
    });
    frames
}

fn size_of(line: &Line) -> usize {
    line.data.len() + line.window_id.len() + 80
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(sequence: u64, bytes: usize) -> Line {
        Line {
            sequence,
            data: vec![b'1'; bytes].into(),
            ..Line::default()
        }
    }

    #[test]
    fn a_large_frame_is_divided_between_messages_without_a_seam() {
        let lines = vec![
            line(4, 200_000),
            line(4, 200_000),
            line(6, 10),
            line(7, 300_000),
            line(9, 10),
        ];
        let whole = Frame {
            after: 3,
            through: 11,
            lines,
            ..Frame::default()
        };
        let parts: Vec<(u64, u64, usize)> = divide(whole)
            .iter()
            .map(|part| (part.after, part.through, part.lines.len()))
            .collect();
        assert_eq!(parts, [(3, 4, 2), (4, 6, 1), (6, 7, 1), (7, 11, 1)]);
    }

    #[test]
    fn ids_with_dots_share_no_subject() {
        let subject = |organization: &str, session: &str| {
            session_subject(
                &OrganizationId::new(organization).unwrap(),
                &SessionId::new(session).unwrap(),
            )
        };
        assert_ne!(subject("a", "b.c"), subject("a.b", "c"));
        assert_ne!(
            subject("a", "b"),
            organization_subject(&OrganizationId::new("a.b").unwrap())
        );
    }
}
