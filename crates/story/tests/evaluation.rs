//! The rules against sessions whose meaning people have written down. Prints the table of
//! `docs/interactions.md`.

#![expect(clippy::unwrap_used, reason = "a test")]

mod cases;

use std::collections::BTreeSet;

use serde_json::Value;

use crow_story::intent::{MINUS_FEW, MINUS_GAPS, RULES};

use cases::{Case, Score, cases};

const DOCUMENT: &str = include_str!("../../../docs/interactions.md");
const BOUNDARY: &str = "b0undary";

#[test]
fn the_rules_reach_the_targets() {
    let cases = cases();
    let mut score = Score::default();
    for case in &cases {
        score.add(case, &case.tell(), &case.said);
    }
    let row = score.row("rules/1");
    println!("{row}\n{:#?}\n{:#?}", score.differences, score.false_claims);
    assert!(cases.len() >= 60);
    assert!(score.false_claims.is_empty(), "{:#?}", score.false_claims);
    let is_good = score.accuracy() >= 0.9 && score.f1() >= 0.9;
    assert!(is_good, "{row} {:#?}", score.differences);
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
