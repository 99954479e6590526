//! Dead letters over REST.

use std::time::Duration;

use actix_web::http::Method;
use serde_json::{Value, json};

use crow_auth::Scope;
use crow_bus::{Bus, dead_letters, streams};
use crow_proto::events::{Batch, Message};
use crow_testkit::nats::{NatsOptions, NatsServer};
use crow_testkit::wait::eventually;
use crow_types::{Partition, Sequence};
use prost::Message as _;

use super::fixture::World;
use super::signed_in::Browser;

const RECOVERY: Duration = Duration::from_secs(10);

pub(super) async fn keep_letter(bus: &Bus, sequence: u64, organization: &str) {
    let batch = Batch {
        organization_id: organization.to_owned(),
        ..Batch::default()
    };
    let message = Message {
        batches: vec![batch],
        ..Message::default()
    };
    let payload = message.encode_to_vec().into();
    dead_letters::keep(bus, Partition(0), Sequence(sequence), "why", payload)
        .await
        .unwrap();
}

#[actix_web::test]
async fn dead_letters_of_the_organization_are_listed_shown_retried_and_dropped() {
    let world = World::new().await;
    let nats = NatsServer::start(NatsOptions::default()).await.unwrap();
    let bus = World::bus_at(nats.url()).await;
    eventually("the streams", RECOVERY, async || {
        streams::ensure(&bus).await.ok()
    })
    .await;
    for (sequence, organization) in [(1, "acme"), (2, "rival"), (3, "acme"), (4, "acme")] {
        keep_letter(&bus, sequence, organization).await;
    }
    let mut browser = Browser::new(&world);
    browser.bus = Some(bus.clone());
    let key = world.key("acme", Scope::Admin).await;
    browser.sign_in(&key).await;

    let place = "/admin/acme/dead-letters";
    let (status, list) = browser.get(&format!("{place}?limit=2")).await;
    assert_eq!(status, 200, "{list}");
    let ids = |list: &Value| -> Vec<String> {
        let letters = list["letters"].as_array().unwrap().iter();
        letters
            .map(|letter| letter["id"].as_str().unwrap().to_owned())
            .collect()
    };
    assert_eq!(ids(&list), ["4", "3"]);
    assert_eq!(list["letters"][0]["reason"], "why");
    let next = list["nextCursor"].as_str().unwrap();
    let (_status, rest) = browser.get(&format!("{place}?cursor={next}")).await;
    assert_eq!(ids(&rest), ["1"]);
    assert_eq!(rest["nextCursor"], Value::Null);
    let (_status, others) = browser.get(&format!("{place}?kind=completions")).await;
    assert!(ids(&others).is_empty());

    let (status, whole) = browser.get(&format!("{place}/3")).await;
    assert_eq!((status, &whole["sequence"]), (200, &json!(3)));
    for path in ["2", "99", "x"] {
        assert_eq!(
            browser.get(&format!("{place}/{path}")).await.0,
            404,
            "{path}"
        );
        let (status, _body) = browser
            .change(Method::DELETE, &format!("{place}/{path}"), None)
            .await;
        assert_eq!(status, 404, "{path}");
    }
    for query in ["limit=0", "limit=1000", "kind=no", "cursor=x", "page=1"] {
        assert_eq!(
            browser.get(&format!("{place}?{query}")).await.0,
            400,
            "{query}"
        );
    }

    let retried = browser
        .change(Method::POST, &format!("{place}/3/retry"), None)
        .await;
    assert_eq!(retried.0, 204);
    let dropped = browser
        .change(Method::DELETE, &format!("{place}/4"), None)
        .await;
    assert_eq!(dropped.0, 204);
    assert_eq!(ids(&browser.get(place).await.1), ["1"]);
    let kept = dead_letters::list(&bus, 10).await.unwrap();
    assert_eq!(kept.len(), 2, "the other organization's is still there");
}
