//! A page of a session's interactions: those in its chunks, and those that a keeper still holds.

use std::collections::VecDeque;

use crow_db::read::EventKey;
use crow_storage::events::{Events, Interaction};
use crow_types::{EventRecord, Line, LineKind};

use crate::ask::sessions::ListEvents;
use crate::ask::values::Text;
use crate::error::Result;
use crate::replay::stored::{Recording, StoredChunks};

/// The interactions after the cursor, one more than the page holds if there are so many: those in the
/// chunks with indexes below `chunks`, and those of the lines that are `held` by a keeper.
pub async fn page(
    recording: Recording,
    chunks: Option<i64>,
    held: &[Line],
    asked: &ListEvents,
) -> Result<Vec<EventRecord>> {
    let after = asked.after.as_ref().map(|cursor| &cursor.0);
    let wanted = asked.event_type.as_ref().map(Text::as_str);
    let size = usize::try_from(asked.limit.get()).unwrap_or(usize::MAX);
    let session = recording.session.clone();
    let from = after.map(|key| key.timestamp);
    let stored = StoredChunks::events(recording, from).before(chunks);
    let mut events = All {
        held: events_of(&session, held),
        stored: Events::new(session, stored),
        next: Vec::new(),
    };
    let mut page = Vec::new();
    while page.len() <= size {
        let mut group = events.next_group().await?;
        if group.is_empty() {
            break;
        }
        if let Some(key) = after {
            drop_through(&mut group, key);
        }
        group.retain(|event| wanted.is_none_or(|wanted| event.r#type == wanted));
        page.extend(group);
    }
    page.truncate(size.saturating_add(1));
    Ok(page)
}

/// By time.
fn events_of(session: &str, lines: &[Line]) -> VecDeque<EventRecord> {
    let lines = lines.iter().filter(|line| line.kind == LineKind::Event);
    let events = lines.filter_map(|line| {
        let interaction = Interaction::of(line).ok()?;
        Some(interaction.to_record(session, line, 0))
    });
    let mut events: Vec<_> = events.collect();
    events.sort_by_key(|event| event.timestamp);
    events.into()
}

/// Stored interactions and those that are not stored yet.
struct All {
    stored: Events<StoredChunks>,
    held: VecDeque<EventRecord>,
    /// A group that was read too early.
    next: Vec<EventRecord>,
}

impl All {
    /// Those of the next millisecond; none at the end.
    async fn next_group(&mut self) -> Result<Vec<EventRecord>> {
        let mut group = std::mem::take(&mut self.next);
        if group.is_empty() {
            group = self.stored.next_group().await?;
        }
        let Some(first) = self.held.front().map(|event| event.timestamp) else {
            return Ok(group);
        };
        if group.first().is_none_or(|stored| first < stored.timestamp) {
            self.next = std::mem::take(&mut group);
        } else if group.first().is_some_and(|stored| first > stored.timestamp) {
            return Ok(group);
        }
        while let Some(event) = self.held.pop_front_if(|event| event.timestamp == first) {
            group.push(event);
        }
        group.sort_by_key(|event| event.place);
        Ok(group)
    }
}

/// Leaves the interactions of one millisecond that come after the key. Those of old recordings may
/// all have one place, so the key's own interaction is looked for first.
fn drop_through(group: &mut Vec<EventRecord>, key: &EventKey) {
    if group
        .first()
        .is_none_or(|first| first.timestamp > key.timestamp)
    {
        return;
    }
    let is_same = |event: &EventRecord| event.timestamp == key.timestamp && event.id == key.id;
    match group.iter().position(is_same) {
        Some(last) => drop(group.drain(..=last)),
        None => group.retain(|event| event.timestamp == key.timestamp && event.place > key.place),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn event(id: &str, timestamp: i64, place: i64) -> EventRecord {
        EventRecord {
            id: id.to_owned(),
            session_id: "s".to_owned(),
            r#type: "click".to_owned(),
            name: None,
            url: None,
            window_id: "w".to_owned(),
            timestamp,
            place,
            data: "null".to_owned(),
            created_at: 0,
        }
    }

    fn left(group: &[EventRecord], timestamp: i64, place: i64, id: &str) -> Vec<String> {
        let mut group = group.to_vec();
        let id = id.to_owned();
        drop_through(
            &mut group,
            &EventKey {
                timestamp,
                place,
                id,
            },
        );
        group.into_iter().map(|event| event.id).collect()
    }

    #[test]
    fn a_page_begins_after_the_last_event_of_the_page_before() {
        let group = [event("b", 5, 1), event("a", 5, 1), event("c", 5, 2)];
        assert_eq!(left(&group, 5, 1, "b"), ["a", "c"]);
        assert_eq!(left(&group, 5, 2, "c"), [""; 0]);
        assert_eq!(left(&group, 4, 9, "z"), ["b", "a", "c"]);
        assert_eq!(left(&group, 6, 0, "z"), [""; 0]);
        // The event is gone.
        assert_eq!(left(&group, 5, 1, "z"), ["c"]);
    }
}
