//! The evaluation set: sessions whose meaning people have written down, and how well they are told.
//! The tests of `crow-interaction` use it, too.

use std::collections::BTreeSet;

use serde::Deserialize;
use serde_json::Value;

use crow_story::{Story, Teller};
use crow_types::{EventRecord, SessionRecord};

const CASES: &str = include_str!("../evaluation.json");

/// A session, and what people wrote down about it.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Case {
    pub name: String,
    #[serde(default)]
    pub device: Option<String>,
    #[serde(default)]
    pub referrer: Option<String>,
    #[serde(default)]
    pub bot: bool,
    #[serde(default)]
    pub gaps: bool,
    #[serde(default)]
    pub seconds: Option<i64>,
    /// Clicks on different things between the first event and the others, once a second, before the second event and again after it.
    #[serde(default)]
    pub repeat: i64,
    pub events: Vec<(f64, String, Option<String>, Value)>,
    pub intent: String,
    /// Ids, or the last parts of paths.
    pub products: BTreeSet<String>,
    /// What the summary of the rules must say.
    #[serde(default)]
    pub said: Vec<String>,
    /// What would be false.
    pub forbidden: Vec<String>,
}

/// All sessions of the set.
pub fn cases() -> Vec<Case> {
    serde_json::from_str(CASES).unwrap()
}

impl Case {
    pub fn session(&self) -> SessionRecord {
        let last = self.events.last().map_or(0.0, |event| event.0);
        SessionRecord {
            started_at: 1_000_000,
            duration_ms: self
                .seconds
                .map_or((last * 1_000.0) as i64, |it| it * 1_000),
            initial_url: Some("https://shop.example/".to_owned()),
            referrer: self.referrer.clone(),
            device_type: self.device.clone(),
            is_bot: self.bot,
            windows: if self.gaps {
                r#"{"w": {"next": 9, "missing": [[3, 4, 1000]]}}"#.to_owned()
            } else {
                "{}".to_owned()
            },
            ..SessionRecord::default()
        }
    }

    pub fn tell(&self) -> Story {
        let mut teller = Teller::new(&self.session());
        for (place, event) in self.events.iter().enumerate() {
            teller.hear(&record(event));
            if place < 2 {
                for number in 1..=self.repeat {
                    let data = serde_json::json!({"text": format!("row {place}-{number}")});
                    let url = Some("/list".to_owned());
                    let event = (event.0 + number as f64, "click".to_owned(), url, data);
                    teller.hear(&record(&event));
                }
            }
        }
        teller.tell()
    }
}

fn record((at, word, path, data): &(f64, String, Option<String>, Value)) -> EventRecord {
    let (word, name) = match word.split_once(':') {
        Some((word, name)) => (word, Some(name.to_owned())),
        None => (word.as_str(), None),
    };
    EventRecord {
        id: String::new(),
        session_id: String::new(),
        r#type: word.to_owned(),
        name,
        url: path
            .as_ref()
            .map(|path| format!("https://shop.example{path}")),
        window_id: "w".to_owned(),
        timestamp: 1_000_000 + (at * 1_000.0) as i64,
        place: 0,
        data: data.to_string(),
        created_at: 0,
    }
}

/// How many sessions were told as people had written down.
#[derive(Debug, Default)]
pub struct Score {
    sessions: usize,
    right: usize,
    hits: usize,
    found: usize,
    expected: usize,
    /// What was told differently.
    pub differences: Vec<String>,
    /// What must not be said, and what must.
    pub false_claims: Vec<String>,
}

impl Score {
    /// Judges the story of one session. Its summary must say all of `must`.
    pub fn add(&mut self, case: &Case, story: &Story, must: &[String]) {
        let (name, summary) = (&case.name, &story.summary);
        let products: BTreeSet<String> = story.products.iter().map(|it| it.id.clone()).collect();
        self.sessions += 1;
        self.hits += products.intersection(&case.products).count();
        self.found += products.len();
        self.expected += case.products.len();
        let intent = story.intent.as_str();
        if intent == case.intent {
            self.right += 1;
        } else {
            self.differences
                .push(format!("{name}: {intent} instead of {}", case.intent));
        }
        if products != case.products {
            self.differences.push(format!(
                "{name}: products {products:?} instead of {:?}",
                case.products
            ));
        }
        for text in case.forbidden.iter().filter(|it| summary.contains(*it)) {
            self.false_claims
                .push(format!("{name}: says {text:?}: {summary}"));
        }
        for text in must.iter().filter(|it| !summary.contains(*it)) {
            self.false_claims
                .push(format!("{name}: does not say {text:?}: {summary}"));
        }
    }

    /// The share of sessions with the right intent, 0 to 1.
    pub fn accuracy(&self) -> f64 {
        self.right as f64 / self.sessions.max(1) as f64
    }

    /// F1 of the products of all sessions, 0 to 1.
    pub fn f1(&self) -> f64 {
        2.0 * self.hits as f64 / (self.found + self.expected).max(1) as f64
    }

    /// A row of the table in `docs/interactions.md`.
    pub fn row(&self, source: &str) -> String {
        format!(
            "| `{source}` | {} | {:.1} % | {:.2} | {} |",
            self.sessions,
            self.accuracy() * 100.0,
            self.f1(),
            self.false_claims.len()
        )
    }
}
