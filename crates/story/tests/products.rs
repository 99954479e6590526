//! Products against sessions and texts whose products were written down by hand.

#![expect(clippy::cast_precision_loss, reason = "counts of tests are small")]

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use serde::Deserialize;
use serde_json::Value;

use crow_product::catalogue::{Catalogue, Known};
use crow_product::path::path_of;
use crow_story::Teller;
use crow_story::meaning::Meaning;
use crow_story::reported::tell_report;
use crow_types::{EventRecord, SessionRecord};

const SET: &str = include_str!("products.json");
const DOCUMENT: &str = include_str!("../../../docs/interactions.md");

#[derive(Deserialize)]
struct Set {
    catalogue: Vec<Product>,
    sessions: Vec<Session>,
    texts: Vec<Text>,
}

#[derive(Deserialize)]
struct Product {
    id: String,
    sku: String,
    name: String,
    path: String,
    category: String,
}

#[derive(Deserialize)]
struct Session {
    name: String,
    events: Vec<(i64, String, String, Value)>,
    /// Each with how it is recognised.
    matched: BTreeMap<String, String>,
    #[serde(default)]
    said: Vec<String>,
    intent: Option<String>,
}

#[derive(Deserialize)]
struct Text {
    text: String,
    matched: BTreeSet<String>,
}

fn catalogue(products: Vec<Product>) -> Catalogue {
    let known = products.into_iter().map(|product| Known {
        id: product.id,
        sku: Some(product.sku),
        name: product.name,
        category: Some(product.category),
        path: path_of(&product.path),
    });
    Catalogue::new(known.collect())
}

fn record((at, word, path, data): &(i64, String, String, Value)) -> EventRecord {
    let (word, name) = match word.split_once(':') {
        Some((word, name)) => (word, Some(name.to_owned())),
        None => (word.as_str(), None),
    };
    EventRecord {
        id: String::new(),
        session_id: String::new(),
        r#type: word.to_owned(),
        name,
        url: Some(format!("https://shop.example{path}")),
        window_id: "w".to_owned(),
        timestamp: 1_000 * at,
        place: 0,
        data: data.to_string(),
        created_at: 0,
    }
}

#[derive(Default)]
struct Score {
    hits: usize,
    found: usize,
    expected: usize,
    wrong: Vec<String>,
}

impl Score {
    fn count(&mut self, name: &str, found: &BTreeSet<&str>, expected: &BTreeSet<&str>) {
        self.hits += found.intersection(expected).count();
        self.found += found.len();
        self.expected += expected.len();
        if found != expected {
            self.wrong
                .push(format!("{name}: {found:?} instead of {expected:?}"));
        }
    }

    fn f1(&self) -> f64 {
        2.0 * self.hits as f64 / (self.found + self.expected) as f64
    }
}

#[test]
fn products_of_the_catalogue_are_recognised() {
    let set: Set = serde_json::from_str(SET).unwrap();
    let catalogue = Arc::new(catalogue(set.catalogue));
    let (mut sessions, mut texts) = (Score::default(), Score::default());
    for session in &set.sessions {
        let mut teller = Teller::knowing(&SessionRecord::default(), catalogue.clone());
        session
            .events
            .iter()
            .for_each(|event| teller.hear(&record(event)));
        let story = teller.tell();
        let found: BTreeMap<&str, &str> = story
            .matched
            .iter()
            .map(|it| (it.product_id.as_str(), it.by.as_str()))
            .collect();
        let ids: BTreeSet<&str> = found.keys().copied().collect();
        let expected: BTreeSet<&str> = session.matched.keys().map(String::as_str).collect();
        sessions.count(&session.name, &ids, &expected);
        for (id, by) in &found {
            let expected = session.matched.get(*id);
            assert!(
                expected.is_none_or(|it| it == by),
                "{}: {id} by {by}",
                session.name
            );
        }
        for text in &session.said {
            assert!(
                story.summary.contains(text),
                "{}: {}",
                session.name,
                story.summary
            );
        }
        if let Some(intent) = &session.intent {
            assert_eq!(story.intent.as_str(), intent, "{}", session.name);
        }
        let lines: BTreeSet<u32> = story.lines.iter().map(|line| line.line).collect();
        for product in &story.matched {
            assert!(!product.evidence.is_empty(), "{}", session.name);
            assert!(product.evidence.iter().all(|line| lines.contains(line)));
        }
    }
    // No text becomes wrong by the last step.
    let meaning = Meaning::of(&catalogue);
    for text in &set.texts {
        let told = tell_report("cctv", &text.text, None, &catalogue, Some(&meaning));
        let found = told
            .matched
            .iter()
            .map(|it| it.product_id.as_str())
            .collect();
        let expected = text.matched.iter().map(String::as_str).collect();
        texts.count(&text.text, &found, &expected);
    }
    let rows = [
        format!(
            "| sessions | {} | {} | {:.2} |",
            set.sessions.len(),
            sessions.expected,
            sessions.f1()
        ),
        format!(
            "| texts | {} | {} | {:.2} |",
            set.texts.len(),
            texts.expected,
            texts.f1()
        ),
    ];
    println!("{rows:#?}\n{:#?}\n{:#?}", sessions.wrong, texts.wrong);
    assert!(sessions.f1() >= 0.9, "{:#?}", sessions.wrong);
    assert!(texts.f1() >= 0.9, "{:#?}", texts.wrong);
    for row in rows {
        assert!(DOCUMENT.contains(&row), "docs/interactions.md needs {row}");
    }
}
