//! Numbers that a sample or a short memory would get wrong, and targets that are gone.

use crow_db::analytics::hash_of_browser;

use super::*;
use crate::analytics::Analytics;

fn above(number: Number, threshold: f64) -> Rule {
    Rule {
        condition: Some(Comparison::Above),
        threshold: Some(threshold),
        window_minutes: Some(5),
        ..rule(number)
    }
}

async fn value_of(alerting: &Alerting, rule: Rule, now: i64) -> f64 {
    let row = add(alerting, rule, &[]).await;
    let outcome = alerting.evaluate(&row, now).await;
    assert_eq!(outcome.failure, None);
    outcome.value.unwrap()
}

#[actix_web::test]
async fn a_threshold_is_judged_on_all_sessions_however_small_the_sample_is() {
    let world = World::new().await;
    let scheduler = world.api.analytics.scheduler.clone();
    let sampling = Analytics::new(&world.db, 1, scheduler);
    let config = WebhookConfig::default();
    let alerting = Alerting::new(&sampling, &World::keyring(&world.db), &config).unwrap();
    let now = Timestamp::now().0.div_euclid(MINUTE) * MINUTE;
    // A sample of this visitor alone stands for a thousand.
    let rare = (0..)
        .map(|number: u32| format!("visitor{number}"))
        .find(|id| hash_of_browser(id).trailing_zeros() >= 10);
    let visits = (0..4).map(|number| SessionRecord {
        visitor_id: if number == 0 { rare.clone() } else { None },
        ..session("acme", &format!("s{number}"), now - 2 * MINUTE)
    });
    world.add(visits.collect(), vec![], vec![]).await;
    let short = above(Number::Sessions, 100.0);
    let week = Rule {
        window_minutes: Some(10_080),
        ..short.clone()
    };
    let exact = value_of(&alerting, short, now).await;
    assert!((exact - 4.0).abs() < 1e-9, "{exact}");
    let estimated = value_of(&alerting, week, now).await;
    assert!(estimated >= 1_024.0, "{estimated}");
}

#[actix_web::test]
async fn errors_of_a_session_that_began_hours_ago_count() {
    let world = World::new().await;
    let alerting = &world.api.alerting;
    let now = Timestamp::now().0.div_euclid(MINUTE) * MINUTE;
    let hours = |count: i64| now - count * 60 * MINUTE;
    for (id, started_at, last_event_at) in [
        ("long", hours(20), now - 2 * MINUTE),
        ("over", hours(20), hours(19)),
    ] {
        let visit = SessionRecord {
            error_count: 1,
            last_event_at,
            ..session("acme", id, started_at)
        };
        let error = event(id, &format!("e{id}"), "error", last_event_at);
        world.add(vec![visit], vec![error], vec![]).await;
    }
    let counted = value_of(alerting, above(Number::Errors, 0.0), now).await;
    assert!((counted - 1.0).abs() < 1e-9, "{counted}");
}

/// Sessions of a country, each with a purchase of 1 and another one.
async fn purchases(world: &World, now: i64, visits: &[(&str, &str, &str, i64)]) {
    let at = now - 2 * MINUTE;
    let (mut sessions, mut events) = (Vec::new(), Vec::new());
    for (organization, id, country, total) in visits {
        sessions.push(SessionRecord {
            country: Some((*country).to_owned()),
            last_event_at: at + 1,
            ..session(organization, id, at)
        });
        events.push(event(id, &format!("{id}-v"), "pageview", at));
        for (kind, total) in [("small", 1), ("large", *total)] {
            events.push(EventRecord {
                name: Some("purchase".to_owned()),
                data: json!({ "total": total }).to_string(),
                ..event(id, &format!("{id}-{kind}"), "custom", at + 1)
            });
        }
    }
    world.add(sessions, events, vec![]).await;
}

#[actix_web::test]
async fn only_sessions_that_fit_the_conditions_count() {
    let world = World::new().await;
    let alerting = &world.api.alerting;
    let now = Timestamp::now().0.div_euclid(MINUTE) * MINUTE;
    let visits = [
        ("acme", "a", "DE", 150),
        ("acme", "b", "DE", 50),
        ("acme", "c", "FR", 150),
        ("globex", "d", "DE", 150),
    ];
    purchases(&world, now, &visits).await;
    let german = json!([[{ "field": "country", "operator": "is", "values": ["DE"] }]]);
    let of_event = |values: &str| json!([[{ "field": "eventProperty", "property": "total", "operator": "greater", "values": [values] }]]);
    let both = json!([german[0], of_event("100")[0]]);
    let with = |mut rule: Value, conditions: &Value| -> Rule {
        rule["condition"] = json!("above");
        rule["threshold"] = json!(0);
        rule["windowMinutes"] = json!(5);
        rule["where"] = conditions.clone();
        serde_json::from_value(rule).unwrap()
    };
    let sessions = json!({ "number": "sessions" });
    let event = json!({ "number": "event", "eventType": "custom", "eventName": "purchase" });
    let large = json!({
        "number": "event", "eventType": "custom", "eventWhere": of_event("100"),
    });
    let conversion = json!({ "number": "conversion", "steps": [
        { "type": "pageview" },
        { "type": "custom", "name": "purchase", "where": of_event("100") },
    ] });
    for (rule, conditions, expected) in [
        (&sessions, &json!([]), 3.0),
        (&sessions, &german, 2.0),
        (&sessions, &both, 1.0),
        // All their purchases.
        (&event, &german, 4.0),
        (&event, &of_event("100"), 4.0),
        // Of these, only the large ones.
        (&large, &json!([]), 2.0),
        (&large, &german, 1.0),
        (&conversion, &german, 50.0),
        (&json!({ "number": "errors" }), &german, 0.0),
    ] {
        let value = value_of(alerting, with(rule.clone(), conditions), now).await;
        assert!(
            (value - expected).abs() < 1e-9,
            "{rule} {conditions}: {value}"
        );
    }
    let cohort = json!([[{ "field": "cohort", "operator": "is", "values": ["coh_none"] }]]);
    let row = add(alerting, with(sessions, &cohort), &[]).await;
    let failure = alerting.evaluate(&row, now).await.failure.unwrap();
    assert!(failure.contains("`coh_none` does not exist"), "{failure}");
}

#[test]
fn a_rule_that_was_stored_before_there_were_conditions_is_read() {
    let json = r#"{"number":"sessions","condition":"above","threshold":1.0}"#;
    let rule: Rule = serde_json::from_str(json).unwrap();
    assert_eq!(serde_json::to_string(&rule).unwrap(), json);
}

#[actix_web::test]
async fn an_alert_that_names_somebody_who_left_can_be_changed() {
    let world = World::new().await;
    let alerting = &world.api.alerting;
    let by = &Actor::system();
    let user = |id: &str| Target {
        kind: TargetKind::User,
        id: id.to_owned(),
    };
    let row = add(alerting, rule(Number::NewIssue), &[]).await;
    // It was allowed when that user was still there.
    let row = AlertRow {
        id: format!("alr_{}", ulid::Ulid::new()),
        targets: serde_json::to_string(&[user("usr_gone")]).unwrap(),
        ..row
    };
    let stored = alerts::insert(&world.db, by, row.clone(), None).await;
    assert!(stored.unwrap());
    let draft = |targets: Vec<Target>| Draft {
        name: "renamed".to_owned(),
        rule: rule(Number::NewIssue),
        targets,
        tells_resolved: true,
        is_enabled: true,
    };
    let changed = alerting
        .change_rule(&acme(), by, &row.id, draft(vec![user("usr_gone")]))
        .await;
    assert_eq!(changed.unwrap().name, "renamed");
    let both = draft(vec![user("usr_gone"), user("usr_other")]);
    let refused = alerting.change_rule(&acme(), by, &row.id, both).await;
    assert!(refused.unwrap_err().message.contains("no such user"));
}
