use xxhash_rust::xxh3::Xxh3;

use crow_types::SessionRecord;

use super::bytes::{Reader, cut, put_number, put_text};
use super::properties::MAX_PAIRS;

/// Longer addresses are cut, in bytes.
pub(super) const MAX_URL: usize = 1_000;
/// Longer words are cut, in bytes.
pub(super) const MAX_WORD: usize = 200;
/// The first byte. What follows the fields of the form before is left out by its rows.
const VERSION: u8 = 3;
const WITHOUT_TRAITS: u8 = 2;
const WITHOUT_BROWSER: u8 = 1;

/// A word, such as a user id or the name of an event, as facts and steps hold it: at most 200 bytes.
#[must_use]
pub fn stored_word(word: &str) -> &str {
    cut(word, MAX_WORD)
}

const IS_OPEN: u8 = 1;
const HAS_REPLAY: u8 = 2;
const IS_BOT: u8 = 4;
const IS_USER: u8 = 8;

/// What the session row says, as far as analytics asks. An absent text is empty.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Facts<'a> {
    /// The session is not over.
    pub is_open: bool,
    /// It has a recording.
    pub has_replay: bool,
    /// The user agent is a known bot.
    pub is_bot: bool,
    /// The visitor is a user that the client named.
    pub is_user: bool,
    /// Hash of who the visitor is: the user, else the browser, else the SDK's session id.
    pub visitor: u64,
    /// Hash of the SDK's id of the browser, which is the visitor's as long as no user is known;
    /// 0: it gave none.
    pub browser_hash: u64,
    /// Until when it counts as live, milliseconds since the epoch; 0: it does not.
    pub live_until: i64,
    /// See [`SessionRecord`], as all that follow.
    pub duration_ms: i64,
    /// Interactions.
    pub events: i64,
    /// Page views.
    pub pageviews: i64,
    /// Errors.
    pub errors: i64,
    /// Rage clicks.
    pub rage_clicks: i64,
    /// Width of the viewport in CSS pixels; 0: unknown.
    pub viewport_width: i64,
    /// The user.
    pub user_id: &'a str,
    /// The SDK's session id.
    pub session_id: &'a str,
    /// ISO 3166-1 alpha-2.
    pub country: &'a str,
    /// desktop, mobile, tablet, tv, console or bot.
    pub device: &'a str,
    /// Name of the browser.
    pub browser: &'a str,
    /// Name of the operating system.
    pub os: &'a str,
    /// Where the visitor came from.
    pub referrer: &'a str,
    /// The first page.
    pub initial_url: &'a str,
    /// The last page.
    pub exit_url: &'a str,
    /// What the client last said about the user, see [`properties`]. Empty in rows of an earlier
    /// release until the session is written again, and in what [`Facts::of`] returns.
    ///
    /// [`properties`]: super::properties
    pub traits: &'a str,
}

impl<'a> Facts<'a> {
    /// Of a session row, without the traits: these have to be brought into their own form.
    #[must_use]
    pub fn of(record: &'a SessionRecord) -> Self {
        let text = |text: &'a Option<String>| text.as_deref().unwrap_or_default();
        let user_id = text(&record.user_id);
        let browser_hash = hash_of_browser(text(&record.visitor_id));
        Self {
            is_open: record.end_reason.is_none(),
            has_replay: record.has_replay,
            is_bot: record.is_bot,
            is_user: !user_id.is_empty(),
            visitor: visitor(user_id, browser_hash, &record.session_id),
            browser_hash,
            live_until: record.live_until.unwrap_or(0),
            duration_ms: record.duration_ms,
            events: record.event_count,
            pageviews: record.pageview_count,
            errors: record.error_count,
            rage_clicks: record.rage_click_count,
            viewport_width: width_of(text(&record.viewport)),
            user_id,
            session_id: &record.session_id,
            country: text(&record.country),
            device: text(&record.device_type),
            browser: text(&record.browser),
            os: text(&record.os),
            referrer: text(&record.referrer),
            initial_url: text(&record.initial_url),
            exit_url: text(&record.exit_url),
            traits: "",
        }
    }

    /// Without anything that names the visitor, who is now a visitor of this session only.
    pub(super) fn anonymous(self, row: &'a str) -> Self {
        Self {
            is_open: false,
            is_user: false,
            visitor: visitor("", 0, row),
            browser_hash: 0,
            live_until: 0,
            user_id: "",
            session_id: row,
            traits: "",
            ..self
        }
    }

    /// The column `session_facts.facts`.
    pub(super) fn encode(&self) -> Vec<u8> {
        let mut out = Vec::with_capacity(256);
        let flag = |is_set: bool, flag: u8| if is_set { flag } else { 0 };
        out.push(VERSION);
        out.push(
            flag(self.is_open, IS_OPEN)
                | flag(self.has_replay, HAS_REPLAY)
                | flag(self.is_bot, IS_BOT)
                | flag(self.is_user, IS_USER),
        );
        out.extend_from_slice(&self.visitor.to_le_bytes());
        for count in [
            self.duration_ms,
            self.events,
            self.pageviews,
            self.errors,
            self.rage_clicks,
            self.viewport_width,
        ] {
            put_number(&mut out, u64::try_from(count).unwrap_or(0));
        }
        for word in [
            self.user_id,
            self.session_id,
            self.country,
            self.device,
            self.browser,
            self.os,
        ] {
            put_text(&mut out, word, MAX_WORD);
        }
        for url in [self.referrer, self.initial_url, self.exit_url] {
            put_text(&mut out, url, MAX_URL);
        }
        out.extend_from_slice(&self.browser_hash.to_le_bytes());
        put_number(&mut out, u64::try_from(self.live_until).unwrap_or(0));
        put_text(&mut out, self.traits, MAX_PAIRS);
        out
    }

    /// `None`: the bytes are not ours.
    pub(crate) fn decode(bytes: &'a [u8]) -> Option<Self> {
        let mut reader = Reader::new(bytes);
        let version = reader.byte()?;
        if !matches!(version, VERSION | WITHOUT_TRAITS | WITHOUT_BROWSER) {
            return None;
        }
        let flags = reader.byte()?;
        let visitor = reader.hash()?;
        let mut facts = Self {
            is_open: flags & IS_OPEN != 0,
            has_replay: flags & HAS_REPLAY != 0,
            is_bot: flags & IS_BOT != 0,
            is_user: flags & IS_USER != 0,
            visitor,
            duration_ms: reader.count()?,
            events: reader.count()?,
            pageviews: reader.count()?,
            errors: reader.count()?,
            rage_clicks: reader.count()?,
            viewport_width: reader.count()?,
            user_id: reader.text()?,
            session_id: reader.text()?,
            country: reader.text()?,
            device: reader.text()?,
            browser: reader.text()?,
            os: reader.text()?,
            referrer: reader.text()?,
            initial_url: reader.text()?,
            exit_url: reader.text()?,
            browser_hash: 0,
            live_until: 0,
            traits: "",
        };
        if version >= WITHOUT_TRAITS {
            facts.browser_hash = reader.hash()?;
            facts.live_until = reader.count()?;
        }
        if version == VERSION {
            facts.traits = reader.text()?;
        }
        Some(facts)
    }
}

/// A user is never the same visitor as a session or a browser whose id looks like the user's.
fn visitor(user_id: &str, browser_hash: u64, session_id: &str) -> u64 {
    if !user_id.is_empty() {
        hash_of(b"u", user_id)
    } else if browser_hash != 0 {
        browser_hash
    } else {
        hash_of(b"s", session_id)
    }
}

/// The hash of a browser's id; 0 of an empty one.
#[must_use]
pub fn hash_of_browser(visitor_id: &str) -> u64 {
    if visitor_id.is_empty() {
        0
    } else {
        hash_of(b"v", visitor_id).max(1)
    }
}

fn hash_of(kind: &[u8], id: &str) -> u64 {
    let mut hash = Xxh3::new();
    hash.update(kind);
    hash.update(id.as_bytes());
    hash.digest()
}

fn width_of(viewport: &str) -> i64 {
    let width = viewport.split_once('x').map_or("", |(width, _)| width);
    width.parse().unwrap_or(0)
}
