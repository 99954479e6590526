//! The evaluation set against a language model.

use std::path::Path;

use serde_json::json;

use crow_ai::{Ai, AiConfig, ModelConfig};
use crow_testkit::scripted::{Scripted, ScriptedServer, Seen};

use super::models::{input_in, model_at, says};
use super::*;
use crate::worded::{UNAVAILABLE, word};
use cases::{Score, cases};

#[path = "../../../story/tests/cases/mod.rs"]
mod cases;

/// The file with the section `ai` that [`a_model_against_the_evaluation_set`] reads.
const CONFIG: &str = "CROW_EVALUATE_CONFIG";

/// What a model made of the set.
struct Evaluated {
    score: Score,
    /// Sessions that the model put into words, those that it could not, and those that are not worth one.
    by_model: usize,
    failed: usize,
    by_rules: usize,
}

async fn evaluate(ai: &Ai) -> Evaluated {
    let mut evaluated = Evaluated {
        score: Score::default(),
        by_model: 0,
        failed: 0,
        by_rules: 0,
    };
    for case in cases() {
        let session = SessionRecord {
            id: case.name.clone(),
            organization_id: "acme".to_owned(),
            ..case.session()
        };
        let rules = case.tell();
        let by_rules = rules.source.clone();
        let story = word(ai, &session, rules).await;
        let is_by_model = story.source != by_rules;
        // A model may put it differently.
        let must = if is_by_model {
            &[]
        } else {
            case.said.as_slice()
        };
        evaluated.score.add(&case, &story, must);
        if is_by_model {
            evaluated.by_model += 1;
        } else if story.tags.iter().any(|tag| tag == UNAVAILABLE) {
            evaluated.failed += 1;
        } else {
            evaluated.by_rules += 1;
        }
    }
    evaluated
}

/// A model that says the same of every visit: that somebody looked around and left.
fn careless(_number: usize, seen: &Seen) -> Scripted {
    assert!(input_in(seen).contains("\n1 +"), "{}", seen.body);
    says(&json!({
        "claims": [{"text": "Looked around.", "evidence": [1]}],
        "intent": "bounce",
        "products": [],
        "confidence": 0.5,
    }))
}

#[tokio::test]
async fn a_careless_model_scores_less_than_the_rules() {
    let world = World::on_sqlite().await;
    let server = ScriptedServer::start(careless).await;
    let ai = model_at(&world.worker.db, &server);
    let Evaluated {
        score,
        by_model,
        failed,
        by_rules,
    } = evaluate(&ai).await;
    let mut of_rules = Score::default();
    for case in cases() {
        of_rules.add(&case, &case.tell(), &case.said);
    }
    assert_eq!((failed, by_model + by_rules), (0, cases().len()));
    assert!(by_model > 40, "{by_model}");
    assert!(
        score.accuracy() < of_rules.accuracy(),
        "{:?}",
        score.differences
    );
    // What rules saw stays: a model cannot take back an order.
    let orders = cases().into_iter().filter(|case| case.intent == "purchase");
    for order in orders {
        let wrong = format!("{}: bounce instead of purchase", order.name);
        assert!(!score.differences.contains(&wrong), "{wrong}");
    }
}

/// Not one of the checks: the body of `cargo xtask evaluate`, which names a configuration.
#[tokio::test]
#[ignore = "asks models and costs tokens: cargo xtask evaluate runs it"]
async fn a_model_against_the_evaluation_set() {
    let file = std::env::var(CONFIG).unwrap();
    let config = crow_runtime::config::load(&crate::Config::default(), Some(Path::new(&file)));
    let ai: AiConfig = config.unwrap().ai;
    let names: Vec<String> = ai.models.iter().map(ModelConfig::author).collect();
    assert!(!names.is_empty(), "{file} has no [[ai.models]]");
    let _installed = crow_testkit::http::client();
    let world = World::on_sqlite().await;
    let ai = Ai::new(world.worker.db.clone(), &ai).unwrap();
    let Evaluated {
        score,
        by_model,
        failed,
        by_rules,
    } = evaluate(&ai).await;
    let calls = crow_db::ai::calls(&world.worker.db, "acme", crow_types::Timestamp(0), 10_000)
        .await
        .unwrap();
    let tokens: i64 = calls
        .iter()
        .map(|call| call.input_tokens + call.output_tokens)
        .sum();
    println!("{:#?}\n{:#?}", score.differences, score.false_claims);
    println!(
        "in the words of a model: {by_model}; no usable answer: {failed}; left to the rules: {by_rules}"
    );
    println!("{} calls, {tokens} tokens", calls.len());
    // Otherwise the row would be that of the rules.
    assert!(
        by_model > 0,
        "no model has told a session, so nothing was measured: check `url`, `model` and the key in {file}"
    );
    println!("\n| source | sessions | intent right | products (F1) | false claims |");
    println!(
        "|---|---:|---:|---:|---:|\n{}",
        score.row(&names.join(", "))
    );
}
