//! Events by type and name, and by time.

use std::time::Instant;

use jiff::tz::TimeZone;
use serde::Serialize;
use utoipa::ToSchema;

use super::buckets::{Buckets, Length};
use super::tally::{NONE, Tally};
use super::{Analytics, Answer, Asked, answer};
use crate::error::Result;

/// Kinds of events that are listed, the most frequent ones.
const ROWS: usize = 200;
/// Separates type and name in the keys of the tally. Neither contains it.
const BETWEEN: char = '\u{0}';

/// The events of the sessions that began in the range.
#[derive(Debug, Serialize, ToSchema)]
pub struct EventCounts {
    /// By type and name, most sessions first.
    pub rows: Vec<EventRow>,
    /// By the time of the event. Events after the end of the range count in the last bucket.
    pub series: Vec<EventPoint>,
}

/// Events of a type and name.
#[derive(Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct EventRow {
    /// The type.
    pub r#type: String,
    /// The name of a custom event; null for other events.
    pub name: Option<String>,
    /// Number of events.
    pub count: u64,
    /// Number of sessions that have such events.
    pub sessions: u64,
}

/// Events of a bucket.
#[derive(Debug, Serialize, ToSchema)]
pub struct EventPoint {
    /// Its start, milliseconds since the epoch.
    pub t: i64,
    /// Number of events.
    pub count: u64,
}

/// Which events.
#[derive(Debug, Clone, Copy, Default)]
pub struct EventChoice<'a> {
    /// Only of this type.
    pub word: Option<&'a str>,
    /// Only of this name.
    pub name: Option<&'a str>,
}

impl EventChoice<'_> {
    /// Whether nothing is chosen.
    pub fn is_empty(&self) -> bool {
        self.word.is_none() && self.name.is_none()
    }
}

impl Analytics {
    /// Counts events.
    pub async fn event_counts(
        &self,
        asked: &Asked,
        choice: EventChoice<'_>,
        length: Option<Length>,
        zone: &TimeZone,
    ) -> Result<Answer<EventCounts>> {
        let started = Instant::now();
        let length = length.unwrap_or_else(|| Length::fitting(asked.from, asked.to));
        let buckets = Buckets::cover(asked.from, asked.to, length, zone)?;
        let mut counts = vec![0; buckets.starts.len()];
        let mut tally = Tally::default();
        let mut key = String::new();
        let sampling = self
            .read(asked, true, |session| {
                tally.next_session();
                for step in session.steps.list() {
                    let (word, name) = (session.steps.word(step), session.steps.name(step));
                    if choice.word.is_some_and(|wanted| wanted != word)
                        || choice.name.is_some_and(|wanted| wanted != name)
                    {
                        continue;
                    }
                    key.clear();
                    key.push_str(word);
                    if !name.is_empty() {
                        key.push(BETWEEN);
                        key.push_str(name);
                    }
                    tally.add(&key);
                    counts[buckets.index(step.at)] += 1;
                }
            })
            .await?;
        let rows = tally.top(ROWS, sampling).into_iter().map(row).collect();
        let points = buckets.starts.iter().zip(counts);
        let series = points
            .map(|(t, count)| EventPoint {
                t: *t,
                count: sampling.scale(count),
            })
            .collect();
        Ok(answer(started, sampling, EventCounts { rows, series }))
    }
}

fn row((key, count): (String, super::tally::Count)) -> EventRow {
    let (word, name) = match key.split_once(BETWEEN) {
        Some((word, name)) => (word.to_owned(), Some(name.to_owned())),
        None => (key, None),
    };
    debug_assert_ne!(word, NONE, "an event has a type");
    EventRow {
        r#type: word,
        name,
        count: count.count,
        sessions: count.sessions,
    }
}
