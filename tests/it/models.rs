//! Language models from a visit to its summary, with the services as they run.

use std::collections::BTreeSet;

use crow_testkit::process::Process;
use crow_testkit::scripted::{Scripted, ScriptedServer, Seen};
use crow_testkit::wait::eventually;
use serde_json::{Value, json};

use crate::client::{VISIBLE, http, now_ms};
use crate::interactions::{ask, visit};
use crate::search::Contents;
use crate::system::{Database, ORGANIZATION, Objects, System};

const SAID: &str = "Weighed up two things of the shop.";
const KEY: &str = "key-of-the-model-1";

/// Has no answer, and repeats in its error what it was asked.
fn repeats(_number: usize, seen: &Seen) -> Scripted {
    Scripted::status(400, &seen.body)
}

/// Says the same of visits and of ranges.
fn writes(_number: usize, seen: &Seen) -> Scripted {
    assert!(seen.head.contains(KEY), "{}", seen.head);
    let mut said = json!({"claims": [{"text": SAID, "evidence": [1]}]});
    if seen.body.contains("\"intent\"") {
        said["intent"] = json!("browse");
        said["confidence"] = json!(0.7);
    }
    let answer = json!({
        "content": [{"type": "text", "text": said.to_string()}],
        "stop_reason": "end_turn", "usage": {"input_tokens": 300, "output_tokens": 40},
    });
    Scripted::ok(answer.to_string())
}

fn settings(grumpy: &ScriptedServer, scribe: &ScriptedServer) -> String {
    format!(
        "[{{model=\"m-1\",name=\"grumpy\",url=\"{}\"}},\
         {{api=\"anthropic\",model=\"m-2\",url=\"{}\",key=\"{KEY}\"}}]",
        grumpy.url(),
        scribe.url()
    )
}

/// Tables that have the text.
async fn tables_with(system: &System, text: &str) -> BTreeSet<String> {
    let contents = Contents::readable(system).await;
    let names = contents.with(text).into_iter();
    let tables = names.filter(|name| name.starts_with("table "));
    tables.map(str::to_owned).collect()
}

async fn metrics(url: &str) -> String {
    let answer = http().get(format!("{url}/metrics")).send().await.unwrap();
    answer.text().await.unwrap()
}

fn log_of(process: &Process) -> String {
    std::fs::read_to_string(process.log_file()).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_model_writes_what_people_read_and_nothing_of_it_is_logged_or_left() {
    let grumpy = ScriptedServer::start(repeats).await;
    let scribe = ScriptedServer::start(writes).await;
    let models = settings(&grumpy, &scribe);
    let extra = [("CROW_AI__MODELS", models.as_str())];
    let system = System::start(Database::Sqlite, Objects::Disk, &extra).await;
    let (interactions, url) = system.another("interaction").await;
    assert_eq!(system.post("/batch", &visit()).await.0, 202);
    let end = json!({ "sessionId": "shopper", "sentAt": now_ms() });
    assert_eq!(system.post("/session/end", &end).await.0, 202);

    let path = format!("/api/v1/interactions/organization/{ORGANIZATION}");
    let found = eventually("the interaction", VISIBLE, async || {
        let (_status, page) = ask(&system, &path).await;
        page["interactions"].get(0).cloned()
    })
    .await;
    assert_eq!(found["summary"], SAID, "{found}");
    assert_eq!(found["summarySource"], "anthropic/m-2");
    assert_eq!(found["intent"], "cart", "a fact");
    assert_eq!(found["confidence"], 0.7);

    let analysis = http()
        .post(format!("{}{path}/analyze", system.query_url))
        .bearer_auth(&system.read_key)
        .json(&json!({}));
    let analysis: Value = analysis.send().await.unwrap().json().await.unwrap();
    assert_eq!(analysis["summary"], SAID, "{analysis}");
    assert_eq!(analysis["summarySource"], "anthropic/m-2");
    assert_eq!(analysis["numbers"]["total"], 1);

    for (at, task) in [(&url, "summary"), (&system.query_url, "analysis")] {
        let metrics = metrics(at).await;
        let asked = format!("crow_ai_questions_total{{task=\"{task}\",by=\"model\"}} 1");
        assert!(metrics.contains(&asked), "{metrics}");
    }
    for log in [log_of(&interactions), log_of(&system.query)] {
        assert!(log.contains("it answered with status 400"), "{log}");
        let secrets = [
            "Brass lamp",
            "Corvid Supply",
            "interactions in this range",
            SAID,
            KEY,
        ];
        let told = log
            .lines()
            .find(|line| secrets.iter().any(|it| line.contains(it)));
        assert_eq!(told, None);
    }

    let kept = ["table ai_answers", "table interactions"].map(str::to_owned);
    assert_eq!(tables_with(&system, SAID).await, kept.into());
    let erase = [
        "erase",
        "--org",
        ORGANIZATION,
        "--session",
        "shopper",
        "--no-wait",
    ];
    assert!(system.run_crow(&erase).status.success());
    assert_eq!(tables_with(&system, SAID).await, BTreeSet::new());
}
