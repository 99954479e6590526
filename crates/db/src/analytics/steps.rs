//! The column `session_facts.steps`: segments, one for each flush that had events of the
//! session. A segment says the time and the page of its first event in full, and of each
//! further event what differs from the one before. So segments can be put one after the
//! other without being read.

mod detail;
mod kind;

use std::collections::HashMap;

use crow_types::EventRecord;

use super::bytes::{Reader, cut, put_number, put_signed, put_text};
use super::facts::{MAX_URL, MAX_WORD};
use super::properties::{MAX_PAIRS, pairs_of};

pub use detail::{StepDetail, Vitals};
pub use kind::StepKind;

/// The first event of a segment: time and page are in full.
const BEGINS: u8 = 0x10;
const HAS_PAGE: u8 = 0x20;
const HAS_NAME: u8 = 0x40;
const IS_RAGE: u8 = 0x80;
const KIND: u8 = 0x0f;
/// In the place of the kind: a custom event, which has properties. A release that does not know
/// them does not read such a row.
const WITH_PROPERTIES: u8 = 15;

/// A place in the texts of [`Steps`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
struct Span {
    start: u32,
    end: u32,
}

/// One event of a session.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Step {
    /// Milliseconds since the epoch.
    pub at: i64,
    /// What kind.
    pub kind: StepKind,
    /// What its payload says.
    pub detail: StepDetail,
    word: Span,
    name: Span,
    url: Span,
    properties: Span,
}

/// The events of a session in the order of time. Made once, and read into again and again.
#[derive(Debug, Clone, Default)]
pub struct Steps {
    list: Vec<Step>,
    texts: String,
}

impl Steps {
    /// In the order of time; those of the same time as they came.
    #[must_use]
    pub fn list(&self) -> &[Step] {
        &self.list
    }

    /// The event's type.
    #[must_use]
    pub fn word(&self, step: &Step) -> &str {
        match step.kind {
            StepKind::Other => self.text(step.word),
            known => StepKind::KNOWN[known as usize].1,
        }
    }

    /// The name of a custom event; empty: none.
    #[must_use]
    pub fn name(&self, step: &Step) -> &str {
        self.text(step.name)
    }

    /// Where it happened; empty: unknown.
    #[must_use]
    pub fn url(&self, step: &Step) -> &str {
        self.text(step.url)
    }

    /// The properties of a custom event, see [`super::properties`]. Empty: none, or written by an
    /// earlier release.
    #[must_use]
    pub fn properties(&self, step: &Step) -> &str {
        self.text(step.properties)
    }

    fn text(&self, span: Span) -> &str {
        &self.texts[span.start as usize..span.end as usize]
    }

    /// The column `session_facts.steps`, as one segment with other addresses and without properties.
    pub(super) fn encode(&self, url: impl Fn(&str) -> String) -> Vec<u8> {
        let mut segment = Segment::default();
        for step in &self.list {
            segment.put(&Parts {
                at: step.at,
                kind: step.kind,
                word: self.word(step),
                name: self.name(step),
                url: &url(self.url(step)),
                detail: step.detail,
                properties: "",
            });
        }
        segment.bytes
    }

    pub(super) fn clear(&mut self) {
        self.list.clear();
        self.texts.clear();
    }

    /// `None`: the bytes are not ours.
    pub(crate) fn decode(&mut self, bytes: &[u8]) -> Option<()> {
        self.clear();
        let mut reader = Reader::new(bytes);
        let (mut at, mut url) = (0_i64, Span::default());
        while !reader.is_empty() {
            let head = reader.byte()?;
            let has_properties = head & KIND == WITH_PROPERTIES;
            let kind = if has_properties {
                StepKind::Custom
            } else {
                StepKind::from_code(head & KIND)?
            };
            if head & BEGINS != 0 {
                (at, url) = (0, Span::default());
            }
            at = at.wrapping_add(reader.signed()?);
            if head & HAS_PAGE != 0 {
                url = self.read_url(&mut reader, url)?;
            }
            let mut text = |is_there: bool| {
                if is_there {
                    self.texts.read(reader.text()?)
                } else {
                    Some(Span::default())
                }
            };
            let word = text(kind == StepKind::Other)?;
            let name = text(head & HAS_NAME != 0)?;
            let properties = text(has_properties)?;
            let detail = StepDetail::decode(kind, head & IS_RAGE != 0, &mut reader)?;
            self.list.push(Step {
                at,
                kind,
                detail,
                word,
                name,
                url,
                properties,
            });
        }
        // Mostly in order already, and then this only looks.
        self.list.sort_by_key(|step| step.at);
        Some(())
    }

    /// The URL shares its beginning with the one before.
    fn read_url(&mut self, reader: &mut Reader<'_>, before: Span) -> Option<Span> {
        let shared = u32::try_from(reader.number()?).ok()?;
        let rest = reader.text()?;
        let start = self.texts.len();
        let end = before.start.checked_add(shared)?;
        if end > before.end || !self.texts.is_char_boundary(end as usize) {
            return None;
        }
        self.texts
            .extend_from_within(before.start as usize..end as usize);
        self.texts.push_str(rest);
        Some(Span {
            start: u32::try_from(start).ok()?,
            end: u32::try_from(self.texts.len()).ok()?,
        })
    }
}

/// Texts that steps refer to.
trait Texts {
    fn read(&mut self, text: &str) -> Option<Span>;
}

impl Texts for String {
    fn read(&mut self, text: &str) -> Option<Span> {
        let start = u32::try_from(self.len()).ok()?;
        self.push_str(text);
        let end = u32::try_from(self.len()).ok()?;
        Some(Span { start, end })
    }
}

/// An interaction, as far as steps hold it.
#[derive(Debug, Clone, Copy)]
pub struct Happened<'a> {
    /// Corrected time, milliseconds since the epoch.
    pub at: i64,
    /// Its type.
    pub r#type: &'a str,
    /// Name of a custom event; empty: none.
    pub name: &'a str,
    /// Where it happened; empty: unknown.
    pub url: &'a str,
    /// JSON payload.
    pub data: &'a str,
}

impl<'a> From<&'a EventRecord> for Happened<'a> {
    fn from(event: &'a EventRecord) -> Self {
        Self {
            at: event.timestamp,
            r#type: &event.r#type,
            name: event.name.as_deref().unwrap_or_default(),
            url: event.url.as_deref().unwrap_or_default(),
            data: &event.data,
        }
    }
}

/// What a flush adds to the steps of sessions.
#[derive(Debug, Clone, Default)]
pub struct NewSteps(HashMap<String, Segment>);

impl NewSteps {
    /// Those of events that also become rows.
    pub fn of_records<'a>(events: impl IntoIterator<Item = &'a EventRecord>) -> Self {
        let mut steps = Self::default();
        for event in events {
            steps.add(&event.session_id, &event.into());
        }
        steps
    }

    /// Adds an interaction to the steps of a session row.
    pub fn add(&mut self, session: &str, happened: &Happened<'_>) {
        if let Some(segment) = self.0.get_mut(session) {
            segment.add(happened);
            return;
        }
        let mut segment = Segment::default();
        segment.add(happened);
        self.0.insert(session.to_owned(), segment);
    }

    /// A session's segment without the properties of its events.
    pub(super) fn of(&self, session: &str) -> &[u8] {
        self.0.get(session).map_or(&[], |segment| &segment.bytes)
    }

    /// The same segment with properties; `None`: no event has any.
    pub(super) fn with_properties(&self, session: &str) -> Option<&[u8]> {
        self.0.get(session)?.with_properties.as_deref()
    }
}

/// When the steps of a segment have grown to so many bytes, further events are left out: without a
/// limit, one flush could make a row of any size.
pub(super) const MAX_SEGMENT: usize = 64 << 10;
/// So many bytes of properties fit into a segment. Further events are kept without theirs.
pub(super) const MAX_SEGMENT_PROPERTIES: usize = 8 << 10;

/// One segment.
#[derive(Debug, Clone, Default)]
struct Segment {
    bytes: Vec<u8>,
    /// The same events with their properties, from the first one that has some.
    with_properties: Option<Vec<u8>>,
    /// How many bytes `with_properties` has more.
    properties: usize,
    at: i64,
    url: String,
}

/// What a segment holds of an event.
#[derive(Clone, Copy)]
struct Parts<'a> {
    at: i64,
    kind: StepKind,
    word: &'a str,
    name: &'a str,
    url: &'a str,
    detail: StepDetail,
    properties: &'a str,
}

impl Segment {
    fn add(&mut self, event: &Happened<'_>) {
        if self.bytes.len() >= MAX_SEGMENT {
            return;
        }
        let kind = StepKind::of(event.r#type);
        let mut properties = if kind == StepKind::Custom {
            pairs_of(event.data)
        } else {
            String::new()
        };
        if self.properties + stored_bytes(&properties) > MAX_SEGMENT_PROPERTIES {
            properties.clear();
        }
        self.put(&Parts {
            at: event.at,
            kind,
            word: event.r#type,
            name: event.name,
            url: event.url,
            detail: StepDetail::of(kind, event.data),
            properties: &properties,
        });
    }

    fn put(&mut self, step: &Parts<'_>) {
        if !step.properties.is_empty() {
            self.properties += stored_bytes(step.properties);
            self.with_properties
                .get_or_insert_with(|| self.bytes.clone());
        }
        let lean = Parts {
            properties: "",
            ..*step
        };
        lean.write(&mut self.bytes, self.at, &self.url);
        if let Some(bytes) = &mut self.with_properties {
            step.write(bytes, self.at, &self.url);
        }
        self.at = step.at;
        let url = cut(step.url, MAX_URL);
        if url != self.url {
            url.clone_into(&mut self.url);
        }
    }
}

/// How many bytes more a step takes because of its properties.
fn stored_bytes(properties: &str) -> usize {
    // Their length takes two bytes at most, see `MAX_PAIRS`.
    if properties.is_empty() {
        0
    } else {
        properties.len() + 2
    }
}

impl Parts<'_> {
    /// Appends the step to a segment, as what differs from the time and page of the one before.
    fn write(&self, out: &mut Vec<u8>, before: i64, page_before: &str) {
        let url = cut(self.url, MAX_URL);
        let mut head = if self.properties.is_empty() {
            self.kind as u8
        } else {
            WITH_PROPERTIES
        };
        let mut set = |is_set: bool, flag: u8| head |= if is_set { flag } else { 0 };
        set(out.is_empty(), BEGINS);
        set(url != page_before, HAS_PAGE);
        set(!self.name.is_empty(), HAS_NAME);
        set(self.detail.is_rage(), IS_RAGE);
        out.push(head);
        put_signed(out, self.at.wrapping_sub(before));
        if url != page_before {
            let shared = shared(page_before, url);
            put_number(out, shared as u64);
            put_text(out, &url[shared..], MAX_URL);
        }
        if self.kind == StepKind::Other {
            put_text(out, self.word, MAX_WORD);
        }
        if !self.name.is_empty() {
            put_text(out, self.name, MAX_WORD);
        }
        if !self.properties.is_empty() {
            put_text(out, self.properties, MAX_PAIRS);
        }
        self.detail.encode(out);
    }
}

/// How many bytes both texts begin with.
fn shared(before: &str, text: &str) -> usize {
    let pairs = before.bytes().zip(text.bytes());
    let same = pairs.take_while(|(one, other)| one == other).count();
    text.floor_char_boundary(same)
}
