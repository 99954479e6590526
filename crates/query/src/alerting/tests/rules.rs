//! What rules tell, and which are refused.

use crow_db::issues::{Decision, Status, decide};

use super::*;
use crate::alerting::message::Message;
use crate::ask::funnel::FunnelStep;

const EVIL: &str = "<!channel> <@U1> `x` <https://evil.example|click> www.evil.example\nSubject: x";

#[actix_web::test]
async fn new_and_regressed_issues_are_told_once_and_their_titles_are_harmless() {
    let world = World::new().await;
    let site = Site::start(|_path| Reply::page("ok")).await;
    let alerting = alerting(&world, &site);
    let now = Timestamp::now().0;
    fails(&world, "old", now - 5_000, "known before").await;
    let (signed, _) = endpoint(&alerting, Kind::Standard, site.url("/signed")).await;
    let (slack, _) = endpoint(&alerting, Kind::Slack, site.url("/slack")).await;
    let new = add(&alerting, rule(Number::NewIssue), &[signed.clone(), slack]).await;
    let now = now + 1_000;
    assert!(turn(&alerting, &new.id, now).await.is_empty());
    // It happened an hour ago, and its batch arrives now.
    fails(&world, "late", now - 3_600_000, EVIL).await;
    let minute = |count: i64| now + count * MINUTE;
    assert_eq!(turn(&alerting, &new.id, minute(1)).await, ["issue.new"; 2]);
    assert!(turn(&alerting, &new.id, minute(2)).await.is_empty());

    for _target in 0..2 {
        let (row, attempt) = send(&alerting, minute(2)).await;
        assert_eq!(attempt, Attempt::Arrived { status: Some(200) });
        let message = Message::read(&alerting, &row).await.unwrap().unwrap();
        let (subject, text) = message.mail();
        assert_eq!(subject, "CROW: Shop <!here>: 1 new issue");
        assert!(text.contains("\n> TypeError:"), "{text}");
        for hostile in ["://evil", "www.evil", "evil.example", "\nSubject"] {
            assert!(!text.contains(hostile), "{hostile} in {text}");
        }
    }
    let asked = site.asked();
    let find = |path: &str| asked.iter().find(|it| it.contains(path)).unwrap();
    let told = body(find("POST /signed"));
    assert_eq!(
        (&told["type"], &told["data"]["issueCount"]),
        (&json!("issue.new"), &json!(1))
    );
    let issue = &told["data"]["issues"][0];
    let title = issue["title"].as_str().unwrap();
    assert!(title.starts_with("TypeError: <!channel>"), "{title}");
    assert!(!title.contains('\n'), "{title}");
    let id = issue["id"].as_str().unwrap();
    assert_eq!(
        issue["url"],
        format!("https://crow.example/app#/errors/{id}")
    );

    let text = body(find("POST /slack"))["text"]
        .as_str()
        .unwrap()
        .to_owned();
    assert!(
        text.starts_with("CROW: Shop &lt;!here&gt;: 1 new issue\n"),
        "{text}"
    );
    let line = text.lines().nth(1).unwrap();
    assert!(line.starts_with("• `TypeError:"), "{line}");
    for hostile in ["<!", "<@", "<https://evil", "www.evil", "`x`"] {
        assert!(!text.contains(hostile), "{hostile} in {text}");
    }
    assert!(line.ends_with(&format!("<https://crow.example/app#/errors/{id}|open>")));

    // A rule about regressions tells each of them once.
    let regressed = add(&alerting, rule(Number::RegressedIssue), &[signed]).await;
    let resolved = Decision {
        status: Some(Status::Resolved),
        ..Decision::default()
    };
    let by = Actor::system();
    decide(&world.db, &by, &acme(), id, &resolved)
        .await
        .unwrap();
    alerting.remove_rule(&acme(), &by, &new.id).await.unwrap();
    assert!(turn(&alerting, &regressed.id, minute(3)).await.is_empty());
    fails(&world, "again", Timestamp::now().0 + 60_000, EVIL).await;
    let told = turn(&alerting, &regressed.id, minute(4)).await;
    assert_eq!(told, ["issue.regressed"]);
    assert!(turn(&alerting, &regressed.id, minute(5)).await.is_empty());
}

/// Sessions with a click on `buy` each, one in each of `seconds` after `from`.
async fn buys(world: &World, from: i64, count: i64, name: &str) {
    let ids = (0..count).map(|number| (format!("{name}{from}-{number}"), from + number));
    let (mut sessions, mut events) = (Vec::new(), Vec::new());
    for (id, at) in ids {
        sessions.push(SessionRecord {
            last_event_at: at + 1,
            ..session("acme", &id, at)
        });
        events.push(event(&id, &format!("{id}-v"), "pageview", at));
        let buy = EventRecord {
            name: Some(name.to_owned()),
            ..event(&id, &format!("{id}-b"), "custom", at + 1)
        };
        events.push(buy);
    }
    world.add(sessions, events, vec![]).await;
}

#[actix_web::test]
async fn a_number_is_told_when_it_crosses_its_limit_and_when_it_is_back() {
    let world = World::new().await;
    let site = Site::start(|_path| Reply::page("ok")).await;
    let alerting = alerting(&world, &site);
    let (target, _secret) = endpoint(&alerting, Kind::Slack, site.url("/slack")).await;
    // The window of five minutes ends a minute before it is looked at.
    let end = Timestamp::now().0.div_euclid(MINUTE) * MINUTE;
    let now = end + MINUTE;
    for before in 2..=4 {
        buys(&world, end - before * 5 * MINUTE, 4, "buy").await;
    }
    buys(&world, end - 5 * MINUTE, 12, "buy").await;
    buys(&world, end - MINUTE, 1, "look").await;
    let step = |kind: &str, name: Option<&str>| FunnelStep {
        r#type: kind.to_owned(),
        name: name.map(str::to_owned),
        ..FunnelStep::default()
    };
    let compared = |number, condition, threshold, minimum| Rule {
        condition: Some(condition),
        threshold: Some(threshold),
        minimum: Some(minimum),
        window_minutes: Some(5),
        ..rule(number)
    };
    let event = Rule {
        event_type: Some("custom".to_owned()),
        event_name: Some("buy".to_owned()),
        ..compared(Number::Event, Comparison::Above, 11.0, 1)
    };
    let conversion = Rule {
        steps: Some(vec![step("pageview", None), step("custom", Some("buy"))]),
        ..compared(Number::Conversion, Comparison::Below, 95.0, 13)
    };
    for (rule, value, is_told) in [
        // The median of the seven windows before is 0: four of them are empty.
        (
            compared(Number::Sessions, Comparison::Spike, 50.0, 13),
            13.0,
            true,
        ),
        (
            compared(Number::Sessions, Comparison::Spike, 50.0, 14),
            13.0,
            false,
        ),
        (
            compared(Number::Sessions, Comparison::Drop, 50.0, 1),
            13.0,
            false,
        ),
        (
            compared(Number::Errors, Comparison::Above, 0.0, 1),
            0.0,
            false,
        ),
        (event, 12.0, true),
        (conversion, 1_200.0 / 13.0, true),
    ] {
        let row = add(&alerting, rule.clone(), std::slice::from_ref(&target)).await;
        let expected: &[&str] = if is_told { &["alert.firing"] } else { &[] };
        assert_eq!(turn(&alerting, &row.id, now).await, expected, "{rule:?}");
        let stored = alerts::find(&world.db, &acme(), &row.id).await.unwrap();
        let stored = stored.unwrap();
        assert!((stored.value.unwrap() - value).abs() < 1e-9, "{stored:?}");
        // Once for each crossing.
        let again = alerting.evaluate(&stored, now + 1).await;
        assert!(again.messages.is_empty(), "{again:?}");
        // Later there is nothing. Too few sessions say nothing about a share.
        let is_back = is_told && rule.number != Number::Conversion;
        let expected: &[&str] = if is_back { &["alert.resolved"] } else { &[] };
        let later = turn(&alerting, &row.id, now + 30 * MINUTE).await;
        assert_eq!(later, expected, "{rule:?}");
        alerting
            .remove_rule(&acme(), &Actor::system(), &row.id)
            .await
            .unwrap();
    }
    send(&alerting, now).await;
    let told = body(&site.asked()[0])["text"].as_str().unwrap().to_owned();
    let line = "Sessions in 5 minutes: 13. The limit is 13 or more, the minimum of this alert.";
    assert!(told.contains(line), "{told}");
}

#[actix_web::test]
async fn rules_that_make_no_sense_are_refused() {
    let world = World::new().await;
    let alerting = &world.api.alerting;
    let whole = json!({ "number": "sessions", "condition": "spike", "threshold": 50 });
    let with = |name: &str, value: Value| {
        let mut rule = whole.clone();
        rule[name] = value;
        rule
    };
    let check = |rule: Value| {
        let rule: Rule = serde_json::from_value(rule).unwrap();
        rule.check().map(drop).map_err(|error| error.to_string())
    };
    assert_eq!(check(whole.clone()), Ok(()));
    for (rule, name) in [
        (json!({ "number": "sessions" }), "condition"),
        (json!({ "number": "newIssue", "minimum": 1 }), "minimum"),
        (
            json!({ "number": "event", "condition": "above", "threshold": 1 }),
            "eventType",
        ),
        (
            json!({ "number": "issue", "condition": "above", "threshold": 1 }),
            "issueId",
        ),
        (with("threshold", json!(0)), "threshold"),
        (with("minimum", json!(0)), "minimum"),
        (with("condition", json!("drop")), ""),
        (with("windowMinutes", json!(4)), "windowMinutes"),
        (with("windowMinutes", json!(1_441)), "windowMinutes"),
        (with("eventName", json!("x")), "eventName"),
        (with("number", json!("conversion")), "steps"),
        (
            with("where", json!([[{ "field": "os", "operator": "isSet" }]])),
            "",
        ),
        (
            with("where", json!([[{ "field": "os", "operator": "is" }]])),
            "rule.where: os:",
        ),
        (
            json!({ "number": "newIssue", "where": [[{ "field": "os", "operator": "isSet" }]] }),
            "rule.where: not allowed",
        ),
        (
            json!({
                "number": "conversion", "condition": "below", "threshold": 5, "steps": [
                    { "type": "click" },
                    { "type": "custom", "where": [[{ "field": "os", "operator": "isSet" }]] },
                ],
            }),
            "rule.steps.where: the field",
        ),
        (
            with(
                "eventWhere",
                json!([[{ "field": "os", "operator": "isSet" }]]),
            ),
            "rule.eventWhere: not allowed",
        ),
        (
            json!({
                "number": "event", "condition": "above", "threshold": 5, "eventType": "click",
                "eventWhere": [[{ "field": "eventProperty", "property": "x", "operator": "isSet" }]],
            }),
            "rule.eventWhere: only events",
        ),
    ] {
        let refused = check(rule.clone());
        match name {
            "" => assert_eq!(refused, Ok(()), "{rule}"),
            name => assert!(
                refused.clone().unwrap_err().contains(name),
                "{rule} {refused:?}"
            ),
        }
    }
    for (kind, id) in [
        (TargetKind::Webhook, "whk_none"),
        (TargetKind::User, "usr_none"),
    ] {
        let draft = Draft {
            name: "x".to_owned(),
            rule: rule(Number::NewIssue),
            targets: vec![Target {
                kind,
                id: id.to_owned(),
            }],
            tells_resolved: false,
            is_enabled: true,
        };
        let refused = alerting.add_rule(&acme(), &Actor::system(), draft).await;
        assert!(refused.unwrap_err().message.contains("targets"));
    }
}
