//! Replaces personal data by `*` in texts of pages, in inputs, in URLs and in data of events.
//!
//! - `rules`: what is found in a text: e-mail addresses, cards, IBANs, telephone numbers, secrets,
//!   query parameters.
//! - `shape`: which strings of an rrweb event or of an event's data are looked at, and as what.
//!   Style sheets, structure and ids are not among them.
//! - `walk`: reads JSON from left to right and replaces strings. Everything else stays as it was, so
//!   a scrubbed recording has the same events and the same nodes.
//! - `blank`: takes all texts and pictures from a recording, for whoever may not see them.
//! - `suspicion`: most events hold nothing that a rule could match. One quick pass over the bytes
//!   finds that out, and the event is not touched.
//!
//! All input is valid JSON: the gateway has parsed it before. A text keeps its length in characters.

mod blank;
mod rules;
mod shape;
mod suspicion;
#[cfg(test)]
mod tests;
mod walk;

use bytes::Bytes;
use memchr::memmem;

use crow_types::settings::ScrubbingSettings;

pub use blank::Blanker;

use rules::Rules;
use shape::{Place, Role};
use suspicion::Suspicion;

/// Scrubs by the settings of an organization.
#[derive(Debug)]
pub struct Scrubber {
    rules: Rules,
    suspicion: Suspicion,
}

impl Scrubber {
    /// `None` when the settings scrub nothing.
    #[must_use]
    pub fn new(settings: &ScrubbingSettings) -> Option<Self> {
        settings.is_on().then(|| Self {
            rules: Rules::new(settings),
            suspicion: Suspicion::of(settings),
        })
    }

    /// An rrweb event.
    pub fn recorded(&self, event: &mut Bytes) {
        self.json(event, Place::Event);
    }

    /// The data of an event, traits, or any other JSON that the site made.
    pub fn data(&self, data: &mut Bytes) {
        self.json(data, Place::Role(Role::Custom));
    }

    /// The data of an event about an input.
    pub fn input_data(&self, data: &mut Bytes) {
        self.json(data, Place::InputData);
    }

    /// The address of a page.
    pub fn url(&self, url: &mut String) {
        self.plain(url, Role::Url);
    }

    /// A text of the page, such as its title.
    pub fn text(&self, text: &mut String) {
        self.plain(text, Role::Text);
    }

    fn plain(&self, text: &mut String, role: Role) {
        if let Some(scrubbed) = self.rules.scrub(role, text) {
            *text = scrubbed;
        }
    }

    fn json(&self, json: &mut Bytes, place: Place) {
        let is_steady = place == Place::Event && suspicion::is_steady(json);
        if is_steady || !self.suspicion.covers(json, &self.rules) {
            return;
        }
        let changed = walk::replace(json, place, &|role, text| self.rules.scrub(role, text));
        if let Some(changed) = changed {
            *json = changed.into();
        }
    }
}

/// Replaces what the visitor typed in the data of an event about an input.
pub fn mask_inputs(data: &mut Bytes) {
    mask(data, Place::InputData);
}

/// Replaces what the visitor typed in an rrweb event.
pub fn mask_recorded_inputs(event: &mut Bytes) {
    mask(event, Place::Event);
}

fn mask(json: &mut Bytes, place: Place) {
    const KEYS: [&[u8]; 3] = [b"\"value\"", b"\"text\"", b"textarea"];
    if KEYS.iter().all(|key| memmem::find(json, key).is_none()) {
        return;
    }
    let blank = |role, text: &str| {
        let is_typed = role == Role::Input && text.chars().any(|one| one != '*');
        is_typed.then(|| "*".repeat(text.chars().count()))
    };
    if let Some(changed) = walk::replace(json, place, &blank) {
        *json = changed.into();
    }
}
