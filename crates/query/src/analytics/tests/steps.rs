//! Steps of funnels with conditions about the properties of one event, counted by hand.

use serde_json::{Value, json};

use crow_db::read::SessionFilter;
use crow_types::{EventRecord, OrganizationId, SessionRecord};

use crate::analytics::Asked;
use crate::analytics::funnel::{Funnel, FunnelBy, FunnelQuestion};
use crate::ask::funnel::FunnelStep;
use crate::tests::fixture::{World, event, session};

const START: i64 = 1_000_000;

/// Organization, session, browser, and the events after a page view: name and properties.
type Visit = (
    &'static str,
    &'static str,
    &'static str,
    &'static [(&'static str, &'static str)],
);

const VISITS: &[Visit] = &[
    // One event has both.
    (
        "acme",
        "both",
        "pc",
        &[("purchase", r#"{"total":150,"currency":"EUR"}"#)],
    ),
    // Two events, and each has one of them.
    (
        "acme",
        "apart",
        "phone",
        &[
            ("purchase", r#"{"total":150,"currency":"USD"}"#),
            ("purchase", r#"{"total":50,"currency":"EUR"}"#),
        ],
    ),
    // Two sessions of one browser, and each has one of them.
    (
        "acme",
        "first",
        "tablet",
        &[("purchase", r#"{"total":101,"currency":"USD"}"#)],
    ),
    (
        "acme",
        "second",
        "tablet",
        &[("purchase", r#"{"total":99.5,"currency":"EUR"}"#)],
    ),
    // Another event has both, and the purchase has no properties.
    (
        "acme",
        "other",
        "laptop",
        &[
            ("refund", r#"{"total":150,"currency":"EUR"}"#),
            ("purchase", "{}"),
        ],
    ),
    (
        "globex",
        "foreign",
        "pc",
        &[("purchase", r#"{"total":150,"currency":"EUR"}"#)],
    ),
];

async fn world() -> World {
    let world = World::new().await;
    let (mut sessions, mut events) = (Vec::new(), Vec::new());
    for (organization, id, browser, named) in VISITS {
        sessions.push(SessionRecord {
            visitor_id: Some((*browser).to_owned()),
            ..session(organization, id, START)
        });
        events.push(event(id, &format!("{id}-v"), "pageview", START));
        for (at, (name, data)) in (1_i64..).zip(*named) {
            events.push(EventRecord {
                name: Some((*name).to_owned()),
                data: (*data).to_owned(),
                ..event(id, &format!("{id}-{at}"), "custom", START + at * 1_000)
            });
        }
    }
    world.add(sessions, events, vec![]).await;
    world
}

fn property(name: &str, operator: &str, values: &[&str]) -> Value {
    json!({ "field": "eventProperty", "property": name, "operator": operator, "values": values })
}

fn purchase(conditions: &Value) -> FunnelStep {
    let step = json!({ "type": "custom", "name": "purchase", "where": conditions });
    serde_json::from_value(step).unwrap()
}

/// A page view, and then these steps.
async fn counted(world: &World, by: FunnelBy, steps: &[FunnelStep]) -> Funnel {
    let filter = SessionFilter {
        from: Some(0),
        to: Some(START * 2),
        ..SessionFilter::default()
    };
    let asked = Asked::new(OrganizationId::new("acme").unwrap(), filter, true).unwrap();
    let view = FunnelStep {
        r#type: "pageview".to_owned(),
        ..FunnelStep::default()
    };
    let mut all = vec![view];
    all.extend_from_slice(steps);
    let question = FunnelQuestion {
        steps: all,
        by,
        window_ms: None,
        breakdown: None,
    };
    let found = world.api.analytics.funnel(&asked, &question).await;
    found.unwrap().body
}

fn counts(funnel: &Funnel) -> Vec<u64> {
    funnel.steps.iter().map(|step| step.sessions).collect()
}

#[tokio::test]
async fn all_conditions_of_a_step_hold_for_the_same_event() {
    let world = world().await;
    let large = property("total", "greater", &["100"]);
    let euro = property("currency", "is", &["EUR"]);
    for (conditions, sessions, people) in [
        (json!([]), 5, 4),
        (json!([[large]]), 3, 3),
        (json!([[euro]]), 3, 3),
        // And: only one event has both.
        (json!([[large], [euro]]), 1, 1),
        // Or.
        (json!([[large, euro]]), 4, 3),
        (
            json!([[large], [property("currency", "isNot", &["EUR"])]]),
            2,
            2,
        ),
        (
            json!([[property("currency", "is", &["EUR", "USD"])], [large]]),
            3,
            3,
        ),
        (json!([[property("currency", "contains", &["ur"])]]), 3, 3),
        // Of an event without the property, too.
        (json!([[property("total", "isNotSet", &[])]]), 1, 1),
        (json!([[property("coupon", "isSet", &[])]]), 0, 0),
    ] {
        let steps = [purchase(&conditions)];
        let found = counted(&world, FunnelBy::Session, &steps).await;
        assert_eq!(counts(&found), [5, sessions], "{conditions}");
        let found = counted(&world, FunnelBy::Person, &steps).await;
        assert_eq!(counts(&found), [4, people], "{conditions}");
    }
    let steps = [purchase(&json!([[large], [euro]]))];
    let found = counted(&world, FunnelBy::Session, &steps).await;
    assert_eq!(found.sample_sessions[1].reached, ["both"]);
    assert_eq!(
        found.steps[1].label,
        "custom purchase where total is above 100 and currency is EUR"
    );
}

#[tokio::test]
async fn each_step_has_conditions_of_its_own() {
    let world = world().await;
    let of = |currency: &str| purchase(&json!([[property("currency", "is", &[currency])]]));
    let found = counted(&world, FunnelBy::Session, &[of("USD"), of("EUR")]).await;
    assert_eq!(counts(&found), [5, 2, 1]);
    assert_eq!(found.sample_sessions[2].reached, ["apart"]);
    let found = counted(&world, FunnelBy::Session, &[of("EUR"), of("USD")]).await;
    assert_eq!(counts(&found), [5, 3, 0]);
}

#[test]
fn a_step_that_was_stored_before_there_were_conditions_is_read() {
    let json = r#"{"type":"click","name":null,"url":null,"label":null}"#;
    let step: FunnelStep = serde_json::from_str(json).unwrap();
    assert_eq!(serde_json::to_string(&step).unwrap(), json);
}
