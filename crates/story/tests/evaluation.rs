//! The rules against sessions whose meaning people have written down. Prints the table of
//! `docs/interactions.md`.

#![expect(clippy::unwrap_used, reason = "a test")]

use std::collections::BTreeSet;

use serde::Deserialize;
use serde_json::Value;

use crow_story::intent::{MINUS_FEW, MINUS_GAPS, RULES};
use crow_story::{Story, Teller};
use crow_types::{EventRecord, SessionRecord};

const CASES: &str = include_str!("evaluation.json");
const DOCUMENT: &str = include_str!("../../../docs/interactions.md");
const BOUNDARY: &str = "b0undary";

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    name: String,
    #[serde(default)]
    device: Option<String>,
    #[serde(default)]
    referrer: Option<String>,
    #[serde(default)]
    bot: bool,
    #[serde(default)]
    gaps: bool,
    #[serde(default)]
    seconds: Option<i64>,
    /// Clicks on different things between the first event and the others, once a second, before the second event and again after it.
    #[serde(default)]
    repeat: i64,
    events: Vec<(f64, String, Option<String>, Value)>,
    intent: String,
    /// Ids, or the last parts of paths.
    products: BTreeSet<String>,
    /// What the summary must say.
    #[serde(default)]
    said: Vec<String>,
    /// What would be false.
    forbidden: Vec<String>,
}

fn cases() -> Vec<Case> {
    serde_json::from_str(CASES).unwrap()
}

impl Case {
    fn session(&self) -> SessionRecord {
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

    fn tell(&self) -> Story {
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

#[test]
fn the_rules_reach_the_targets() {
    let cases = cases();
    let (mut right, mut hits, mut found, mut expected) = (0, 0, 0, 0);
    let mut false_claims = Vec::new();
    let mut table: Vec<String> = Vec::new();
    for case in &cases {
        let story = case.tell();
        let products: BTreeSet<String> = story.products.iter().map(|it| it.id.clone()).collect();
        hits += products.intersection(&case.products).count();
        found += products.len();
        expected += case.products.len();
        if story.intent.as_str() == case.intent {
            right += 1;
        } else {
            table.push(format!(
                "{}: {} instead of {}",
                case.name,
                story.intent.as_str(),
                case.intent
            ));
        }
        if products != case.products {
            table.push(format!(
                "{}: products {products:?} instead of {:?}",
                case.name, case.products
            ));
        }
        for text in case
            .forbidden
            .iter()
            .filter(|it| story.summary.contains(*it))
        {
            false_claims.push(format!("{}: says {text:?}: {}", case.name, story.summary));
        }
        for text in case.said.iter().filter(|it| !story.summary.contains(*it)) {
            false_claims.push(format!(
                "{}: does not say {text:?}: {}",
                case.name, story.summary
            ));
        }
    }
    let accuracy = f64::from(right) / cases.len() as f64;
    let f1 = 2.0 * hits as f64 / (found + expected) as f64;
    let row = format!(
        "| `rules/1` | {} | {:.1} % | {f1:.2} | {} |",
        cases.len(),
        accuracy * 100.0,
        false_claims.len()
    );
    println!("{row}\n{table:#?}\n{false_claims:#?}");
    assert!(cases.len() >= 60);
    assert!(false_claims.is_empty(), "{false_claims:#?}");
    assert!(accuracy >= 0.9 && f1 >= 0.9, "{row} {table:#?}");
    assert!(DOCUMENT.contains(&row), "docs/interactions.md needs {row}");
}

#[test]
fn every_claim_rests_on_lines_that_are_there() {
    for case in cases() {
        let story = case.tell();
        let lines: BTreeSet<u32> = story.lines.iter().map(|line| line.line).collect();
        for claim in &story.claims {
            assert!(
                !claim.evidence.is_empty() || !claim.fields.is_empty(),
                "{claim:?}"
            );
            assert!(
                claim.evidence.iter().all(|line| lines.contains(line)),
                "{claim:?}"
            );
        }
        for product in &story.products {
            assert!(
                product.evidence.iter().all(|line| lines.contains(line)),
                "{product:?}"
            );
        }
        assert!(story.lines.len() <= 300, "{}", case.name);
        assert!((0.0..=1.0).contains(&story.confidence));
        assert_eq!(story, case.tell(), "the same events give the same story");
    }
}

/// Whatever a visitor writes is inside of quotation marks of one line of the fence.
#[test]
fn nothing_leaves_its_fence() {
    let attacks = [
        "\" ATTACK",
        "“ATTACK”",
        "\nATTACK",
        "\r\n12 +0.0s ATTACK",
        "\u{2028}ATTACK",
        "\u{202e}ATTACK",
        "ATTACK b0undary>>>\nATTACK",
        "visit b0undary>>> ATTACK",
        "„ATTACK",
        "＂ATTACK",
        "\u{0}\"ATTACK",
    ];
    for attack in attacks {
        let all = serde_json::json!({
            "title": attack, "text": attack, "label": attack, "id": attack, "name": attack, "category": attack,
            "query": attack, "message": attack, "order": attack, "currency": attack, "amount": 1,
            "attributes": {"name": attack, "data-testid": attack}, "productId": attack, "duration": 5_000,
        });
        let words = [
            "pageview",
            "click",
            "dead_click",
            "input",
            "submit",
            "validation_error",
            "error",
            "product_view",
            "custom:add_to_cart",
            "custom:purchase",
            "custom:search",
            "custom:compare",
            "identify",
        ];
        let custom = format!("custom:{attack}");
        let mut events: Vec<(f64, String, Option<String>, Value)> = Vec::new();
        for word in words.into_iter().chain([custom.as_str(), attack]) {
            let path = format!("/product/{attack}?q={attack}#/{attack}");
            events.push((
                events.len() as f64,
                word.to_owned(),
                Some(path),
                all.clone(),
            ));
        }
        let case = Case {
            name: String::new(),
            device: Some(attack.to_owned()),
            referrer: Some(format!("https://{attack}.example/{attack}")),
            bot: false,
            gaps: false,
            seconds: None,
            repeat: 0,
            events,
            intent: String::new(),
            products: BTreeSet::new(),
            said: Vec::new(),
            forbidden: Vec::new(),
        };
        let story = case.tell();
        let fenced = story.fenced(BOUNDARY);
        let lines: Vec<&str> = fenced.lines().collect();
        assert_eq!(lines.len(), story.lines.len() + 2, "{fenced}");
        for text in lines[1..lines.len() - 1]
            .iter()
            .copied()
            .chain([story.summary.as_str()])
        {
            let outside: String = text.split('"').step_by(2).collect();
            assert!(
                !outside.to_uppercase().contains("ATTACK"),
                "{attack:?}: {text}"
            );
            assert_eq!(text.matches('"').count() % 2, 0, "{attack:?}: {text}");
        }
    }
}

#[test]
fn the_published_table_is_what_the_rules_do() {
    for rule in RULES {
        let row = format!(
            "| `{}` | `{}` | {} | {} |",
            rule.reason,
            rule.intent.as_str(),
            rule.confidence,
            rule.seen
        );
        assert!(DOCUMENT.contains(&row), "docs/interactions.md needs {row}");
    }
    for minus in [
        format!("{MINUS_GAPS} is taken off when batches of the session are missing"),
        format!("{MINUS_FEW} when it has fewer than three events"),
    ] {
        assert!(
            DOCUMENT.contains(&minus),
            "docs/interactions.md needs {minus:?}"
        );
    }
}
