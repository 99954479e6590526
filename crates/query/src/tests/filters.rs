//! Saved filters.

use actix_web::http::Method;
use serde_json::{Value, json};

use super::fixture::World;
use super::signed_in::Browser;
use super::walk::browser;

const ALL: &str = "/filters/acme";

fn named(name: &str, is_shared: bool) -> Option<Value> {
    Some(json!({ "name": name, "query": "country=DE&errors=true", "isShared": is_shared }))
}

async fn save(browser: &Browser<'_>, name: &str, is_shared: bool) -> Value {
    let (status, made) = browser.change(Method::POST, ALL, named(name, is_shared)).await;
    assert_eq!(status, 201, "{made}");
    made
}

/// Names, and whether each is one's own.
async fn seen(browser: &Browser<'_>) -> Vec<(String, bool)> {
    let (status, list) = browser.get(ALL).await;
    assert_eq!(status, 200, "{list}");
    let filters = list["filters"].as_array().unwrap();
    let seen = filters.iter().map(|filter| {
        let name = filter["name"].as_str().unwrap();
        (name.to_owned(), filter["isOwn"].as_bool().unwrap())
    });
    seen.collect()
}

fn path(filter: &Value) -> String {
    format!("{ALL}/{}", filter["id"].as_str().unwrap())
}

#[actix_web::test]
async fn a_filter_is_private_until_it_is_shared() {
    let world = World::new().await;
    let member = browser(&world, "user member").await;
    let other = browser(&world, "user owner").await;
    let own = save(&member, "mine", false).await;
    save(&member, "everybody", true).await;
    let both = [("everybody".to_owned(), true), ("mine".to_owned(), true)];
    assert_eq!(seen(&member).await, both);
    assert_eq!(seen(&other).await, [("everybody".to_owned(), false)]);
    let shared = named("ours", true);
    let (status, changed) = member.change(Method::PUT, &path(&own), shared).await;
    assert_eq!((status, &changed["name"]), (200, &json!("ours")));
    assert_eq!(seen(&other).await.len(), 2);
}

#[actix_web::test]
async fn only_its_owner_changes_a_filter_and_an_admin_shared_ones() {
    let world = World::new().await;
    let member = browser(&world, "user member").await;
    let admin = browser(&world, "user admin").await;
    let key = browser(&world, "key read").await;
    let (private, shared) = (
        save(&member, "mine", false).await,
        save(&member, "ours", true).await,
    );
    for (who, filter, expected) in [
        (&key, &private, 404),
        (&key, &shared, 404),
        (&admin, &private, 404),
        (&admin, &shared, 200),
        (&member, &private, 200),
    ] {
        let content = named("changed", filter == &shared);
        let (status, answer) = who.change(Method::PUT, &path(filter), content).await;
        assert_eq!(status, expected, "{answer}");
    }
    for (who, filter, expected) in [
        (&key, &shared, 404),
        (&admin, &private, 404),
        (&admin, &shared, 204),
        (&member, &private, 204),
        (&member, &private, 404),
    ] {
        let (status, answer) = who.change(Method::DELETE, &path(filter), None).await;
        assert_eq!(status, expected, "{answer}");
    }
}

#[actix_web::test]
async fn a_bad_filter_is_refused_with_its_field() {
    let world = World::new().await;
    let member = browser(&world, "user member").await;
    for (body, field) in [
        (json!({ "name": " ", "query": "" }), "name"),
        (json!({ "name": "x", "query": "a b" }), "query"),
        (json!({ "name": "x", "query": "a".repeat(2_001) }), "query"),
        (json!({ "name": "x", "query": "", "color": "red" }), "color"),
    ] {
        let (status, answer) = member.change(Method::POST, ALL, Some(body)).await;
        let told = answer["error"]["message"].as_str().unwrap();
        assert_eq!(status, 400, "{told}");
        assert!(told.contains(field), "{told}");
    }
}
