//! What a user with the role `marketing` sees: data full of addresses, and every answer searched.

use serde_json::{Value, json};

use crow_auth::Scope;
use crow_types::{EventRecord, SessionRecord};

use super::fixture::{World, event, session};
use super::walk::{NEEDS, browser, filled, operations};

/// What no answer may hold, in lower case.
const HIDDEN: &[&str] = &["ann@", "ann%40", "901820", "secret-note", "192.0.2.77"];
const MAIL: &str = "ann@shop.example";

async fn fill(world: &World) {
    let text = |text: &str| Some(text.to_owned());
    let full = SessionRecord {
        session_id: MAIL.to_owned(),
        user_id: text(MAIL),
        visitor_id: text(MAIL),
        referrer: text("https://mail.example/inbox/ann@shop.example?to=ann%40shop.example"),
        initial_url: text("https://shop.example/welcome/ann%40shop.example?mail=ann@shop.example"),
        exit_url: text("https://shop.example/call/+4930901820#ann@shop.example"),
        traits: text(
            r#"{"email":"ann@shop.example","note":"secret-note","phone":"+49 30 901820"}"#,
        ),
        exit_context: text(r#"{"why":"secret-note"}"#),
        ip_address: text("192.0.2.77"),
        user_agent: text("Mozilla/5.0 (ann@shop.example)"),
        browser: text(MAIL),
        os: text("call +49 30 901820"),
        locale: text(MAIL),
        ..session("acme", "a", now() - 60_000)
    };
    let with = |id: &str, r#type: &str| EventRecord {
        name: text(MAIL),
        url: text("https://shop.example/reset/ann@shop.example?token=ann%40"),
        data: json!({ "text": MAIL, "label": "secret-note", "x": 5, "y": 7, "selector": MAIL })
            .to_string(),
        ..event("a", id, r#type, now() - 50_000)
    };
    let events = vec![
        with("e1", "pageview"),
        with("e2", "click"),
        with("e3", "custom"),
        EventRecord {
            url: text("https://shop.example/plain"),
            ..with("e4", "click")
        },
    ];
    world.add(vec![full], events, vec![]).await;
}

fn now() -> i64 {
    crow_types::Timestamp::now().0
}

/// What to ask, beside the path alone.
fn queries(operation: &str) -> Vec<String> {
    let dimensions = [
        "page",
        "entryPage",
        "exitPage",
        "referrer",
        "country",
        "device",
        "browser",
        "os",
        "eventType",
        "eventName",
        "channel",
        "referrerGroup",
        "utmSource",
        "utmMedium",
        "utmCampaign",
    ];
    match operation {
        "top" => dimensions.map(|name| format!("?dimension={name}")).to_vec(),
        "heatmap" => {
            let kind = |kind: &str| format!("?page=%2Fplain&kind={kind}");
            ["click", "scroll"].map(kind).to_vec()
        }
        _ => vec![String::new()],
    }
}

/// What somebody saves is theirs: `saved_filters` and `dashboards` test what others see of it. Marking
/// notifications answers with a number.
const OF_ONESELF: [&str; 9] = [
    "create_dashboard",
    "get_dashboard",
    "change_dashboard",
    "remove_dashboard",
    "save_filter",
    "change_filter",
    "remove_filter",
    "read_notification",
    "read_notifications",
];

#[actix_web::test]
async fn no_answer_holds_personal_data() {
    let world = World::new().await;
    fill(&world).await;
    let marketing = browser(&world, "user marketing").await;
    let member = browser(&world, "user member").await;
    let mut leaks = Vec::new();
    let mut seen_by_member = String::new();
    for operation in operations() {
        let path = filled(&operation.path, "acme").replace("acme/none", "acme/a");
        let needed = NEEDS.iter().find(|(id, _)| *id == operation.id);
        let Some((_, needed)) = needed else { continue };
        if OF_ONESELF.contains(&operation.id.as_str()) {
            continue;
        }
        for query in queries(&operation.id) {
            let path = format!("{path}{query}");
            let body = operation.has_body.then(|| json!({}));
            let (status, answer) = marketing
                .change(operation.method.clone(), &path, body)
                .await;
            if *needed == Scope::Analytics {
                assert_eq!(status, 200, "{path}: {answer}");
                seen_by_member += &member.text(&path).await;
            } else {
                assert_eq!(status, 403, "{path}");
            }
            let text = answer.to_string().to_lowercase();
            let found = HIDDEN.iter().filter(|hidden| text.contains(**hidden));
            leaks.extend(found.map(|hidden| format!("{path}: {hidden} in {text}")));
        }
    }
    assert!(leaks.is_empty(), "{leaks:#?}");
    for hidden in HIDDEN {
        let is_there = seen_by_member.to_lowercase().contains(hidden);
        assert!(is_there || *hidden == "901820", "{hidden} is in the data");
    }
}

#[actix_web::test]
async fn filters_do_not_tell_what_is_masked() {
    let world = World::new().await;
    fill(&world).await;
    let marketing = browser(&world, "user marketing").await;
    for path in [
        "/sessions/acme",
        "/sessions/acme/facets",
        "/analytics/acme/overview",
        "/analytics/acme/pages",
        "/analytics/acme/vitals",
    ] {
        for filter in ["userId", "visitorId", "text", "url", "referrer"] {
            let (status, answer): (u16, Value) = marketing.get(&format!("{path}?{filter}=a")).await;
            assert_eq!(status, 403, "{path} {filter}: {answer}");
        }
        assert_eq!(marketing.get(&format!("{path}?country=DE")).await.0, 200);
        for filter in [
            "eventName=ann%40shop.example",
            "where=%5B%5B%7B%22field%22:%22page%22,%22operator%22:%22is%22,%22values%22:%5B%22/reset/ann%40shop.example%22%5D%7D%5D%5D",
        ] {
            let (status, answer): (u16, Value) = marketing.get(&format!("{path}?{filter}")).await;
            assert_eq!(status, 403, "{path} {filter}: {answer}");
        }
    }
}
