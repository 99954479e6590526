//! The interactions of a session, from its chunks.

use std::borrow::Cow;
use std::collections::VecDeque;

use serde::Deserialize;
use serde_json::value::RawValue;
use tracing::warn;

use crow_types::{EventRecord, Line, LineKind};

use crate::error::{Error, Result};
use crate::merge::{ChunkSource, Merge};

/// Interactions of one millisecond that are ordered together, see [`crate::merge`].
const MAX_GROUP: usize = 4_096;

/// What the data of an interaction's line holds.
#[derive(Debug, Deserialize)]
pub struct Interaction<'a> {
    /// See [`crow_types::EventRowId`].
    #[serde(borrow)]
    pub id: Cow<'a, str>,
    /// Its type.
    #[serde(borrow)]
    pub r#type: Cow<'a, str>,
    /// Name of a custom event; empty: none.
    #[serde(borrow, default)]
    pub name: Cow<'a, str>,
    /// Where it happened; empty: unknown.
    #[serde(borrow, default)]
    pub url: Cow<'a, str>,
    #[serde(borrow, default)]
    data: Option<&'a RawValue>,
}

impl<'a> Interaction<'a> {
    /// Reads the line of an interaction.
    pub fn of(line: &'a Line) -> Result<Self> {
        serde_json::from_slice(&line.data)
            .map_err(|error| Error::Corrupt(format!("an interaction: {error}")))
    }

    /// Its payload, JSON; `null` when there is none.
    #[must_use]
    pub fn data(&self) -> &str {
        self.data.map_or("null", RawValue::get)
    }

    /// The interaction as a row of `events`.
    #[must_use]
    pub fn to_record(&self, session: &str, line: &Line, created_at: i64) -> EventRecord {
        let text = |text: &str| (!text.is_empty()).then(|| text.to_owned());
        EventRecord {
            id: self.id.clone().into_owned(),
            session_id: session.to_owned(),
            r#type: self.r#type.clone().into_owned(),
            name: text(&self.name),
            url: text(&self.url),
            window_id: line.window.clone(),
            timestamp: line.at,
            place: line.place(),
            data: self.data().to_owned(),
            created_at,
        }
    }
}

/// Reads interactions ordered by time, batch number and place in the batch. Memory holds what
/// [`Merge`] holds, and those of one millisecond.
pub struct Events<S: ChunkSource> {
    session: String,
    merge: Merge<S>,
    /// The first line of the next millisecond.
    next: Option<Line>,
    group: VecDeque<EventRecord>,
}

impl<S: ChunkSource> Events<S> {
    /// Of the session row whose chunks these are. Reads nothing yet.
    pub fn new(session: String, source: S) -> Self {
        Self {
            session,
            merge: Merge::new(source),
            next: None,
            group: VecDeque::new(),
        }
    }

    /// The next one; `None` at the end.
    pub async fn next(&mut self) -> Result<Option<EventRecord>, S::Error> {
        if self.group.is_empty() {
            self.group = self.next_group().await?.into();
        }
        Ok(self.group.pop_front())
    }

    /// Those of the next millisecond; none at the end.
    pub async fn next_group(&mut self) -> Result<Vec<EventRecord>, S::Error> {
        let mut group: Vec<EventRecord> = Vec::new();
        while let Some(line) = self.next_line().await? {
            let is_of_group = group.first().is_none_or(|first| first.timestamp == line.at);
            if !is_of_group || group.len() == MAX_GROUP {
                self.next = Some(line);
                break;
            }
            match Interaction::of(&line) {
                Ok(interaction) => group.push(interaction.to_record(&self.session, &line, 0)),
                // One bad interaction does not cost the others.
                Err(error) => warn!(
                    session_row = self.session,
                    error = crow_types::log_chain(&error),
                    "an interaction cannot be read"
                ),
            }
        }
        // Lines of older versions do not say their place. They keep their order.
        group.sort_by_key(|event| event.place);
        Ok(group)
    }

    async fn next_line(&mut self) -> Result<Option<Line>, S::Error> {
        if let Some(line) = self.next.take() {
            return Ok(Some(line));
        }
        while let Some(line) = self.merge.next().await? {
            if line.kind == LineKind::Event {
                return Ok(Some(line));
            }
        }
        Ok(None)
    }
}

#[cfg(test)]
mod tests;
