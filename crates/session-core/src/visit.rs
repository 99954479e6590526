//! One visit: one generation of a session id, and how events change it.

use serde::Deserialize;

use crow_proto::events::{Batch, Event};
use crow_types::{Consent, EndReason, Partition, SessionRecord, SessionRowId, Timestamp, terms};

use crate::config::Config;
use crate::message::SessionKey;
use crate::window::{SKEW_TOLERANCE, Windows};

/// Bytes of addresses that a session keeps to be found by.
const MAX_URLS: usize = 8 << 10;

/// A visit in memory.
#[derive(Debug, Clone)]
pub(crate) struct Visit {
    pub(crate) record: SessionRecord,
    /// As of the start of the next visit. Those of the newest visit are in
    /// [`Visits::windows`](crate::visits::Visits::windows).
    pub(crate) windows: Windows,
    /// Its row is written, or about to be.
    pub(crate) has_row: bool,
    /// It differs from its row.
    pub(crate) is_dirty: bool,
    /// The next flush already announces it, so more late data needs no further revision.
    pub(crate) is_announced: bool,
}

/// Why the time that a line carries matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Activity {
    /// The user did it.
    User,
    /// The page changed by itself.
    Passive,
}

impl Visit {
    /// Begins a visit with its first event at `at`.
    pub(crate) fn begin(
        key: &SessionKey,
        partition: Partition,
        generation: u32,
        at: Timestamp,
        now: Timestamp,
    ) -> Self {
        let record = SessionRecord {
            id: SessionRowId::derive(&key.organization, &key.session, generation).0,
            organization_id: key.organization.as_str().to_owned(),
            session_id: key.session.as_str().to_owned(),
            generation: i32::try_from(generation).unwrap_or(i32::MAX),
            partition: i64::from(partition.0),
            started_at: at.0,
            last_activity_at: at.0,
            last_event_at: at.0,
            created_at: now.0,
            ..SessionRecord::default()
        };
        Self {
            record,
            windows: Windows::default(),
            has_row: false,
            is_dirty: true,
            is_announced: false,
        }
    }

    /// Reads the visit from its row. Unreadable window states are reset. At worst a batch then
    /// counts twice, and only the events without ids.
    pub(crate) fn from_record(record: SessionRecord) -> Self {
        let windows = serde_json::from_str(&record.windows).unwrap_or_default();
        Self {
            record,
            windows,
            has_row: true,
            is_dirty: false,
            is_announced: false,
        }
    }

    pub(crate) fn is_open(&self) -> bool {
        self.record.end_reason.is_none()
    }

    pub(crate) fn generation(&self) -> u32 {
        u32::try_from(self.record.generation).unwrap_or_default()
    }

    /// When it ends if nothing more comes, and why.
    pub(crate) fn deadline(&self, config: &Config) -> (Timestamp, EndReason) {
        let idle = Timestamp(self.record.last_activity_at).plus(config.idle_timeout);
        let longest = Timestamp(self.record.started_at).plus(config.max_duration);
        if longest < idle {
            (longest, EndReason::MaxDuration)
        } else {
            (idle, EndReason::Idle)
        }
    }

    /// Latest time of an event that still belongs to this visit after its end.
    pub(crate) fn accepts_until(&self, config: &Config) -> Timestamp {
        match self.record.end_reason {
            None | Some(EndReason::Idle) => self.deadline(config).0,
            Some(EndReason::MaxDuration) => {
                Timestamp(self.record.started_at).plus(config.max_duration)
            }
            // The clocks of two windows agree only so far.
            Some(EndReason::Ended) => self.ended_at().plus(SKEW_TOLERANCE),
            Some(EndReason::Erased) => self.ended_at(),
        }
    }

    fn ended_at(&self) -> Timestamp {
        Timestamp(self.record.ended_at.unwrap_or(self.record.last_event_at))
    }

    /// Ends the visit. `at` is the time of an explicit end. The times of other reasons follow from
    /// the visit.
    pub(crate) fn end(&mut self, reason: EndReason, at: Timestamp, config: &Config) {
        let ended_at = match reason {
            EndReason::Idle => self.record.last_activity_at,
            EndReason::MaxDuration => self.record.started_at.saturating_add(config.max_duration),
            EndReason::Ended | EndReason::Erased => at.0.max(self.record.last_activity_at),
        };
        self.record.end_reason = Some(reason);
        self.record.ended_at = Some(ended_at);
        self.is_dirty = true;
    }

    /// Reopens the visit: late data shows that the user was still there.
    pub(crate) fn reopen(&mut self) {
        self.record.end_reason = None;
        self.record.ended_at = None;
        self.is_dirty = true;
    }

    /// An event at `at` belongs to this visit: moves its times.
    ///
    /// The start moves back at most by the longest duration of a visit. Older events are kept here,
    /// because no visit can be inserted before this one. They must not make the visit exceed its
    /// maximum duration.
    pub(crate) fn touch(&mut self, at: Timestamp, activity: Activity, config: &Config) {
        let record = &mut self.record;
        let is_near = at.plus(config.idle_timeout).0 >= record.started_at
            && at.plus(config.max_duration).0 > record.last_activity_at;
        if is_near {
            record.started_at = record.started_at.min(at.0);
        }
        record.last_event_at = record.last_event_at.max(at.0);
        if activity == Activity::User {
            record.last_activity_at = record.last_activity_at.max(at.0);
        }
        if record.end_reason == Some(EndReason::Idle) {
            record.ended_at = Some(record.last_activity_at);
        }
        self.is_dirty = true;
    }

    /// Copies client and page from a batch with events up to `newest`. The newest batch determines
    /// the user; the first one determines the entry page.
    pub(crate) fn describe(&mut self, batch: &Batch, newest: Timestamp) {
        let record = &mut self.record;
        let is_newest = newest.0 >= record.last_event_at;
        if let Some(client) = &batch.client {
            set_once(&mut record.ip_address, &client.ip_address);
            set_once(&mut record.country, &client.country);
            set_once(&mut record.user_agent, &client.user_agent);
            set_once(&mut record.device_type, &client.device_type);
            set_once(&mut record.browser, &client.browser);
            set_once(&mut record.os, &client.os);
            set_once(&mut record.sdk_name, &client.sdk_name);
            set_once(&mut record.sdk_version, &client.sdk_version);
            set_once(&mut record.platform, &client.platform);
            record.is_bot |= client.is_bot;
        }
        set_consent(&mut record.consent, batch, is_newest);
        if let Some(context) = &batch.context {
            set_once(&mut record.referrer, &context.referrer);
            set_once(&mut record.initial_url, &context.url);
            set_once(&mut record.locale, &context.locale);
            set_once(&mut record.timezone, &context.timezone);
            set_once(
                &mut record.viewport,
                &size_text(context.viewport_width, context.viewport_height),
            );
            set_once(
                &mut record.screen,
                &size_text(context.screen_width, context.screen_height),
            );
            let traits = String::from_utf8_lossy(&context.traits);
            if is_newest {
                set_latest(&mut record.exit_url, &context.url);
                set_latest(&mut record.user_id, &context.user_id);
                set_latest(&mut record.visitor_id, &context.visitor_id);
                set_latest(&mut record.traits, &traits);
            } else {
                set_once(&mut record.user_id, &context.user_id);
                set_once(&mut record.visitor_id, &context.visitor_id);
                set_once(&mut record.traits, &traits);
            }
        }
        self.is_dirty = true;
    }

    /// Notes what the visitor agreed to, from a batch without items.
    pub(crate) fn note_consent(&mut self, batch: &Batch) {
        let before = self.record.consent.clone();
        set_consent(&mut self.record.consent, batch, true);
        self.is_dirty |= self.record.consent != before;
    }

    /// Counts an interaction.
    pub(crate) fn count(&mut self, event: &Event, at: Timestamp) {
        let record = &mut self.record;
        let is_newest = at.0 >= record.last_event_at;
        record.event_count += 1;
        terms::add(&mut record.terms, terms::of_type(&event.r#type));
        if !event.name.is_empty() {
            terms::add(&mut record.terms, terms::of_name(&event.name));
        }
        match event.r#type.as_str() {
            "pageview" => {
                record.pageview_count += 1;
                set_once(&mut record.initial_url, &event.url);
                if is_newest {
                    set_latest(&mut record.exit_url, &event.url);
                }
            }
            "click" => {
                record.click_count += 1;
                let is_rage = details(event)
                    .rage
                    .is_some_and(|rage| rage == serde_json::Value::Bool(true));
                record.rage_click_count += i64::from(is_rage);
            }
            "rage_click" => record.rage_click_count += 1,
            "input" => record.input_count += 1,
            "error" => record.error_count += 1,
            "scroll" => {
                let depth = details(event)
                    .depth
                    .and_then(|depth| depth.as_f64())
                    .unwrap_or(0.0);
                #[expect(clippy::cast_possible_truncation, reason = "clamped to 0..=100")]
                let percent = depth.clamp(0.0, 100.0) as i64;
                record.max_scroll_depth = record.max_scroll_depth.max(percent);
            }
            _ => {}
        }
        visit_page(record, &event.url);
    }

    /// The row of the visit as of its start, without any effect of its events: no counts, no chunks,
    /// no batches. Whoever reads the events again begins with it as without it.
    pub(crate) fn to_first_record(&self, config: &Config, now: Timestamp) -> SessionRecord {
        let begun = self.record.clone();
        let first = Self {
            record: SessionRecord {
                revision: 0,
                end_reason: None,
                ended_at: None,
                last_activity_at: begun.started_at,
                last_event_at: begun.started_at,
                has_replay: false,
                exit_context: None,
                event_count: 0,
                pageview_count: 0,
                click_count: 0,
                input_count: 0,
                error_count: 0,
                rage_click_count: 0,
                replay_event_count: 0,
                chunk_count: 0,
                max_scroll_depth: 0,
                terms: Vec::new(),
                urls: String::new(),
                ..begun
            },
            windows: Windows::default(),
            ..*self
        };
        first.to_record(&Windows::default(), config, now)
    }

    /// The row to write, with the windows of the visit.
    pub(crate) fn to_record(
        &self,
        windows: &Windows,
        config: &Config,
        now: Timestamp,
    ) -> SessionRecord {
        let mut record = self.record.clone();
        record.due_at = self.is_open().then(|| self.deadline(config).0.0);
        let live_until = self.is_open().then(|| windows.live_until());
        record.live_until = live_until.flatten();
        let end = record.ended_at.unwrap_or(record.last_activity_at);
        record.duration_ms = (end - record.started_at).max(0);
        record.windows = serde_json::to_string(windows).expect("window states are plain data");
        record.updated_at = now.0;
        record
    }
}

/// The fields of an event's payload that the counters use. Other fields and other types are
/// ignored.
#[derive(Default, Deserialize)]
struct Details {
    #[serde(default)]
    rage: Option<serde_json::Value>,
    #[serde(default)]
    depth: Option<serde_json::Value>,
}

fn details(event: &Event) -> Details {
    serde_json::from_slice(&event.data).unwrap_or_default()
}

/// Keeps the address if it is new and there is room.
fn visit_page(record: &mut SessionRecord, url: &str) {
    let is_first = record.initial_url.as_deref() == Some(url);
    let is_last = || {
        let before = record
            .urls
            .strip_suffix('\n')
            .and_then(|urls| urls.strip_suffix(url));
        before.is_some_and(|before| before.is_empty() || before.ends_with('\n'))
    };
    let is_known = is_first || is_last() || record.urls.lines().any(|known| known == url);
    let fits = record.urls.len() + url.len() < MAX_URLS;
    if !url.is_empty() && !is_known && fits && !url.contains('\n') {
        record.urls.push_str(url);
        record.urls.push('\n');
    }
}

/// Changes what the batch says about it. An older batch adds only what is not known.
fn set_consent(field: &mut Option<String>, batch: &Batch, is_newest: bool) {
    let given = batch.context.as_ref().and_then(|it| it.consent.as_ref());
    let signal = batch.client.as_ref().map(|it| it.privacy_signal.as_str());
    let signal = signal.filter(|signal| !signal.is_empty());
    if given.is_none() && signal.is_none() {
        return;
    }
    let mut consent = Consent::read(field.as_deref()).unwrap_or_default();
    if let Some(given) = given.filter(|_| is_newest || consent.state.is_none()) {
        consent.state = Some(given.state.clone());
        consent.version = Some(given.version.clone()).filter(|version| !version.is_empty());
    }
    consent.signal = consent.signal.or_else(|| signal.map(str::to_owned));
    let text = serde_json::to_string(&consent).expect("consent is plain data");
    set_latest(field, &text);
}

fn set_once(field: &mut Option<String>, value: &str) {
    if field.is_none() {
        set_latest(field, value);
    }
}

fn set_latest(field: &mut Option<String>, value: &str) {
    if !value.is_empty() && field.as_deref() != Some(value) {
        *field = Some(value.to_owned());
    }
}

fn size_text(width: u32, height: u32) -> String {
    if width == 0 && height == 0 {
        String::new()
    } else {
        format!("{width}x{height}")
    }
}
