//! Who belongs to cohorts, counted by hand: in numbers, in lists, and after an erasure.

use std::collections::BTreeSet;

use actix_web::http::Method;
use jiff::tz::TimeZone;
use serde_json::{Value, json};

use crow_auth::Scope;
use crow_db::read::SessionFilter;
use crow_types::{EventRecord, OrganizationId, SessionRecord, Timestamp};

use super::fixture::{World, event, session};
use super::signed_in::Browser;
use super::walk::browser;
use crate::analytics::{Analytics, Asked};
use crate::ask::conditions::Conditions;
use crate::ask::values::Value as _;

const DAY: i64 = 86_400_000;
const COHORTS: &str = "/cohorts/acme";

/// Id, days ago, user, browser, plan, and how many purchases; empty: none.
type Visit = (
    &'static str,
    i64,
    &'static str,
    &'static str,
    &'static str,
    usize,
);

const VISITS: &[Visit] = &[
    // Bought twice: once before she signed in, once in another browser.
    ("a1", 40, "", "phone", "", 1),
    ("a2", 20, "ada", "phone", "pro", 0),
    ("a3", 10, "ada", "pc", "free", 1),
    // Two users of one browser. What names nobody is Lee's, who came last.
    ("k1", 30, "kim", "shared", "free", 1),
    ("l1", 20, "lee", "shared", "free", 1),
    ("l2", 5, "", "shared", "", 1),
    ("g1", 3, "", "guest", "", 0),
    ("n1", 2, "", "", "", 5),
    // Longer ago than most cohorts look.
    ("o1", 200, "", "guest", "", 9),
];

async fn world() -> (World, i64) {
    let world = World::new().await;
    let now = Timestamp::now().0;
    let some = |text: &str| (!text.is_empty()).then(|| text.to_owned());
    let (mut sessions, mut events) = (Vec::new(), Vec::new());
    for (id, days, user, browser, plan, purchases) in VISITS {
        let at = now - days * DAY;
        sessions.push(SessionRecord {
            user_id: some(user),
            visitor_id: some(browser),
            traits: some(plan).map(|plan| json!({ "plan": plan }).to_string()),
            ..session("acme", id, at)
        });
        for number in 0..*purchases {
            events.push(EventRecord {
                name: Some("purchase".to_owned()),
                ..event(id, &format!("{id}-{number}"), "custom", at + 1_000)
            });
        }
    }
    world.add(sessions, events, vec![]).await;
    (world, now)
}

/// Saves a cohort, and returns its id.
async fn save(by: &Browser<'_>, name: &str, definition: &Value) -> String {
    let body = json!({ "name": name, "definition": definition, "isShared": true });
    let (status, saved) = by.change(Method::POST, COHORTS, Some(body)).await;
    assert_eq!(status, 201, "{saved}");
    assert_eq!(
        saved["definition"]["days"],
        definition.get("days").cloned().unwrap_or(json!(90))
    );
    saved["id"].as_str().unwrap().to_owned()
}

fn of_cohort(operator: &str, ids: &[&str]) -> String {
    json!([[{ "field": "cohort", "operator": operator, "values": ids }]]).to_string()
}

/// How many sessions of the last year the analytics count.
async fn counted(analytics: &Analytics, json: &str) -> u64 {
    let filter = SessionFilter {
        from: Some(Timestamp::now().0 - 365 * DAY),
        ..SessionFilter::default()
    };
    let asked = Asked::new(OrganizationId::new("acme").unwrap(), filter, false).unwrap();
    let asked = asked.with(Conditions::named("where", json).unwrap());
    let found = analytics.overview(&asked, None, &TimeZone::UTC).await;
    found.unwrap().body.totals.sessions
}

/// The ids in a list, one letter and a number each.
async fn listed(by: &Browser<'_>, list: &str, json: &str) -> String {
    let encoded: String = json.bytes().map(|byte| format!("%{byte:02x}")).collect();
    let (status, found) = by.get(&format!("/{list}/acme?where={encoded}")).await;
    assert_eq!(status, 200, "{found}");
    let (rows, id) = match list {
        "people" => (&found["people"], "sessionId"),
        _ => (&found["sessions"], "id"),
    };
    let rows = rows.as_array().unwrap().iter();
    let ids: BTreeSet<&str> = rows.map(|row| row[id].as_str().unwrap()).collect();
    ids.into_iter().collect::<Vec<_>>().join(" ")
}

#[actix_web::test]
async fn a_cohort_says_what_holds_of_any_session_of_a_person() {
    let (world, now) = world().await;
    let member = browser(&world, "user member").await;
    let purchases = |times: u32| json!({ "of": "events", "name": "purchase", "times": times });
    let plan = |plan: &str| {
        json!({ "of": "sessions",
            "where": [[{ "field": "trait", "property": "plan", "operator": "is", "values": [plan] }]] })
    };
    let with = |test: &Value, field: &str, value: Value| {
        let mut test = test.clone();
        test[field] = value;
        test
    };
    let seen = |of: &str, field: &str, days: i64| json!({ "of": of, field: now - days * DAY });
    // Name, definition, sessions of its people, and the newest session of each that names somebody.
    let cases = [
        ("all", json!({}), "a1 a2 a3 g1 k1 l1 l2 o1", "a3 g1 k1 l1"),
        (
            "twice",
            json!({ "groups": [[purchases(2)]] }),
            "a1 a2 a3 l1 l2",
            "a3 l1",
        ),
        (
            "twice lately",
            json!({ "groups": [[with(&purchases(2), "days", json!(30))]] }),
            "l1 l2",
            "l1",
        ),
        // The newest session of Ada says another plan.
        (
            "pro once",
            json!({ "groups": [[plan("pro")]] }),
            "a1 a2 a3",
            "a3",
        ),
        (
            "never pro",
            json!({ "groups": [[with(&plan("pro"), "not", json!(true))]] }),
            "g1 k1 l1 l2 o1",
            "g1 k1 l1",
        ),
        (
            "new",
            json!({ "groups": [[seen("firstSeen", "after", 25)]] }),
            "g1 l1 l2 o1",
            "g1 l1",
        ),
        (
            "gone, or free and bought",
            json!({ "groups": [
                [seen("lastSeen", "before", 25), plan("free")],
                [purchases(1)],
            ] }),
            "a1 a2 a3 k1 l1 l2",
            "a3 k1 l1",
        ),
        (
            "since last year",
            json!({ "days": 366, "groups": [[purchases(9)]] }),
            "g1 o1",
            "g1",
        ),
    ];
    for (name, definition, sessions, people) in &cases {
        let id = save(&member, name, definition).await;
        let json = of_cohort("is", &[&id]);
        assert_eq!(
            listed(&member, "sessions", &json).await,
            *sessions,
            "{name}"
        );
        assert_eq!(listed(&member, "people", &json).await, *people, "{name}");
        let count = sessions.split(' ').count() as u64;
        assert_eq!(counted(&world.api.analytics, &json).await, count, "{name}");
        let others = of_cohort("isNot", &[&id]);
        let rest = VISITS.len() as u64 - count;
        assert_eq!(counted(&world.api.analytics, &others).await, rest, "{name}");
    }

    // Who is erased is out at once, and the rest of the browser is Kim's.
    let twice = save(&member, "again", &cases[1].1).await;
    let json = of_cohort("is", &[&twice]);
    for id in ["a1", "a2", "a3", "l1"] {
        world.remove(id).await;
    }
    assert_eq!(listed(&member, "sessions", &json).await, "k1 l2");
    assert_eq!(counted(&world.api.analytics, &json).await, 2);
}

#[actix_web::test]
async fn a_cohort_is_ones_own_and_mistakes_are_named() {
    let (world, _now) = world().await;
    let member = browser(&world, "user member").await;
    let seen = json!({ "of": "lastSeen", "after": 1 });
    let inner = json!([[{ "field": "cohort", "operator": "is", "values": ["coh_x"] }]]);
    for (definition, told) in [
        (json!({ "days": 0 }), "days"),
        (json!({ "days": 367 }), "days"),
        (json!({ "groups": [[]] }), "groups"),
        (json!({ "groups": [vec![seen; 11]] }), "groups"),
        (json!({ "groups": [[{ "of": "events" }]] }), "type"),
        (json!({ "groups": [[{ "of": "lastSeen" }]] }), "after"),
        (
            json!({ "groups": [[{ "of": "sessions", "after": 1 }]] }),
            "after",
        ),
        (
            json!({ "groups": [[{ "of": "sessions", "times": 0 }]] }),
            "times",
        ),
        (
            json!({ "groups": [[{ "of": "sessions", "days": 91 }]] }),
            "days",
        ),
        (
            json!({ "groups": [[{ "of": "sessions", "where": inner }]] }),
            "cohort",
        ),
        (
            json!({ "groups": [[{ "of": "sessions", "where": [[]] }]] }),
            "group",
        ),
    ] {
        let body = json!({ "name": "x", "definition": definition });
        let saved = member.change(Method::POST, COHORTS, Some(body));
        let (status, answer) = saved.await;
        let text = answer["error"]["message"].as_str().unwrap();
        assert!(
            status == 400 && text.contains(told),
            "{definition}: {status} {text}"
        );
    }

    let long = json!({ "name": "x".repeat(17_000), "definition": {} });
    let (status, _) = member.change(Method::POST, COHORTS, Some(long)).await;
    assert_eq!(status, 413);

    let id = save(&member, "all", &json!({})).await;
    // A key that may read uses it, and changes nothing.
    let key = browser(&world, "key read").await;
    let path = format!("{COHORTS}/{id}");
    let other = || Some(json!({ "name": "other", "definition": {} }));
    let hide = || Some(json!({ "isShared": false }));
    assert_eq!(key.get(COHORTS).await.1["cohorts"][0]["id"], id.as_str());
    assert_eq!(key.change(Method::POST, COHORTS, other()).await.0, 403);
    assert_eq!(key.change(Method::PUT, &path, hide()).await.0, 403);
    assert_eq!(key.change(Method::DELETE, &path, None).await.0, 403);
    // Each change is in the audit log.
    let admin = browser(&world, "user admin").await;
    let (status, other) = admin.change(Method::POST, COHORTS, other()).await;
    assert_eq!(status, 201, "{other}");
    let removed = format!("{COHORTS}/{}", other["id"].as_str().unwrap());
    let share = Some(json!({ "name": "ours", "isShared": true }));
    let (status, shared) = admin.change(Method::PUT, &removed, share).await;
    assert_eq!(
        (status, &shared["name"], &shared["isShared"]),
        (200, &json!("ours"), &json!(true))
    );
    assert_eq!(admin.change(Method::PUT, &removed, hide()).await.0, 200);
    assert_eq!(admin.change(Method::DELETE, &removed, None).await.0, 204);
    let (_, log) = admin.get("/admin/acme/audit?action=cohort").await;
    let entries = log["entries"].as_array().unwrap().iter();
    let mut actions: Vec<&str> = entries.map(|it| it["action"].as_str().unwrap()).collect();
    // Those of one millisecond are in no order.
    actions.sort_unstable();
    let of_log = [
        "changed", "created", "created", "removed", "shared", "shared", "unshared",
    ];
    assert_eq!(actions, of_log.map(|action| format!("cohort.{action}")));

    let json = of_cohort("is", &[&id]);
    let encoded: String = json.bytes().map(|byte| format!("%{byte:02x}")).collect();
    // Nobody of another organization, and nobody whose answers are masked.
    let key = world.key("rival", Scope::Admin).await;
    let mut rival = Browser::new(&world);
    rival.headers = vec![("authorization", format!("Bearer {key}"))];
    let (status, answer) = rival.get(&format!("/sessions/rival?where={encoded}")).await;
    let text = answer["error"]["message"].as_str().unwrap();
    assert!(status == 400 && text.contains(&id), "{status} {text}");
    let marketing = browser(&world, "user marketing").await;
    let (status, _) = marketing
        .get(&format!("/sessions/acme?where={encoded}"))
        .await;
    assert_eq!(status, 403);
    let (status, answer) = member.get(&format!("/live/acme?where={encoded}")).await;
    let text = answer["error"]["message"].as_str().unwrap();
    assert!(status == 400 && text.contains("cohort"), "{status} {text}");
    let six: Vec<&str> = vec!["a", "b", "c", "d", "e", "f"];
    let refused = Conditions::named("where", &of_cohort("is", &six)).unwrap_err();
    assert!(refused.to_string().contains("cohorts"), "{refused}");
}
