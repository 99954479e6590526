//! Notifications over REST: each user sees and marks only their own.

use actix_web::http::Method;
use serde_json::{Value, json};

use crow_auth::Scope;
use crow_db::notifications;
use crow_types::Timestamp;
use crow_types::notification::{Audience, News, Notification};

use super::fixture::World;
use super::signed_in::Browser;
use super::walk::browser;

const ALL: &str = "/notifications/acme";

async fn erased(world: &World, organization: &str, erasure: &str, at: i64) {
    let news = News::ErasureComplete {
        erasure,
        mode: "erase",
    };
    let told = Notification::new(organization, Audience::Admins, &news, Timestamp(at));
    notifications::add(&world.db, &told).await.unwrap();
}

async fn list(by: &Browser<'_>, query: &str) -> Value {
    let (status, listed) = by.get(&format!("{ALL}{query}")).await;
    assert_eq!(status, 200, "{listed}");
    listed
}

fn kinds(listed: &Value) -> Value {
    let all = listed["notifications"].as_array().unwrap().iter();
    all.map(|one| one["kind"].clone()).collect()
}

#[actix_web::test]
async fn a_user_is_told_of_a_new_role_and_marks_it_as_read() {
    let world = World::new().await;
    let owner = browser(&world, "user owner").await;
    let eve = browser(&world, "user marketing").await;
    erased(&world, "acme", "e1", 5).await;
    assert_eq!(list(&eve, "").await["notifications"], json!([]));

    let (_, users) = owner.get("/admin/acme/users").await;
    let users = users["users"].as_array().unwrap().iter();
    let mut eves = users.filter(|user| user["role"] == "marketing");
    let id = eves.next().unwrap()["id"].as_str().unwrap();
    let member = Some(json!({ "role": "member" }));
    let path = format!("/admin/acme/users/{id}");
    assert_eq!(owner.change(Method::PUT, &path, member).await.0, 200);

    let listed = list(&eve, "").await;
    assert_eq!(
        (&listed["unread"], kinds(&listed)),
        (&json!(1), json!(["role_changed"]))
    );
    let told = &listed["notifications"][0];
    assert_eq!(
        told["fields"],
        json!({ "from": "marketing", "to": "member" })
    );
    assert_eq!(told["readAt"], Value::Null);
    // The owner has the other one, and cannot mark this one.
    assert_eq!(kinds(&list(&owner, "").await), json!(["erasure_complete"]));
    let path = format!("{ALL}/{}/read", told["id"].as_str().unwrap());
    assert_eq!(owner.change(Method::POST, &path, None).await.0, 404);
    let (status, left) = eve.change(Method::POST, &path, None).await;
    assert_eq!((status, left), (200, json!({ "unread": 0 })));
    let listed = list(&eve, "").await;
    assert_eq!(listed["unread"], 0);
    assert!(listed["notifications"][0]["readAt"].is_i64());
}

#[actix_web::test]
async fn pages_have_an_end_and_what_was_seen_is_marked_at_once() {
    let world = World::new().await;
    let ann = browser(&world, "user owner").await;
    for number in 0..5 {
        erased(&world, "acme", &number.to_string(), number).await;
    }
    let mut seen = Vec::new();
    let mut query = "?limit=2".to_owned();
    loop {
        let page = list(&ann, &query).await;
        assert_eq!(page["unread"], 5);
        let rows = page["notifications"].as_array().unwrap().clone();
        seen.extend(rows.iter().map(|row| row["createdAt"].as_i64().unwrap()));
        match page["nextCursor"].as_str() {
            Some(next) => query = format!("?limit=2&cursor={next}"),
            None => break,
        }
    }
    assert_eq!(seen, [4, 3, 2, 1, 0]);
    let read = async |query: &str| {
        let path = format!("{ALL}/read{query}");
        ann.change(Method::POST, &path, None).await
    };
    assert_eq!(read("?until=2").await, (200, json!({ "unread": 2 })));
    assert_eq!(read("").await, (200, json!({ "unread": 0 })));
    assert_eq!(read("?until=soon").await.0, 400);
    assert_eq!(ann.get(&format!("{ALL}?limit=101")).await.0, 400);
    assert_eq!(ann.get(&format!("{ALL}?cursor=x")).await.0, 400);
}

#[actix_web::test]
async fn keys_and_other_organizations_have_none_of_them() {
    let world = World::new().await;
    let _ann = browser(&world, "user owner").await;
    erased(&world, "acme", "e1", 5).await;
    let by_key = browser(&world, "key admin").await;
    let listed = list(&by_key, "").await;
    assert_eq!((&listed["unread"], kinds(&listed)), (&json!(0), json!([])));
    let key = world.key("rival", Scope::Admin).await;
    let mut rival = Browser::new(&world);
    rival.headers = vec![("authorization", format!("Bearer {key}"))];
    assert_eq!(rival.get(ALL).await.0, 404);
    let path = format!("{ALL}/read");
    assert_eq!(rival.change(Method::POST, &path, None).await.0, 404);
    assert_eq!(by_key.change(Method::POST, &path, None).await.0, 200);
    let path = format!("{ALL}/erasure-e1/read");
    assert_eq!(by_key.change(Method::POST, &path, None).await.0, 404);
}
