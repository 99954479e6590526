//! Filters that people save: who sees them, who changes them, and what the audit log says of it.

use actix_web::http::Method;
use serde_json::{Value, json};

use crow_auth::Scope;

use super::fixture::World;
use super::signed_in::Browser;
use super::walk::browser;

const FILTERS: &str = "/saved-filters/acme";

async fn save(by: &Browser<'_>, name: &str, query: &str, is_shared: bool) -> (u16, Value) {
    let body = json!({ "name": name, "query": query, "isShared": is_shared });
    by.change(Method::POST, FILTERS, Some(body)).await
}

/// The names that somebody sees, each with whether it is their own.
async fn names(by: &Browser<'_>) -> Value {
    let (status, listed) = by.get(FILTERS).await;
    assert_eq!(status, 200, "{listed}");
    let filters = listed["filters"].as_array().unwrap().iter();
    let seen = filters.map(|filter| json!([filter["name"], filter["isOwn"]]));
    seen.collect()
}

fn path_of(filter: &Value) -> String {
    format!("{FILTERS}/{}", filter["id"].as_str().unwrap())
}

#[actix_web::test]
async fn a_private_filter_is_ones_own_and_a_shared_one_everybodys() {
    let world = World::new().await;
    let ann = browser(&world, "user member").await;
    let bob = browser(&world, "user owner").await;
    let (status, german) = save(&ann, " German ", "?country=DE&errors=true", false).await;
    assert_eq!(status, 201, "{german}");
    assert_eq!(
        (&german["name"], &german["query"], &german["isOwn"]),
        (
            &json!("German"),
            &json!("country=DE&errors=true"),
            &json!(true)
        )
    );
    let (_, shared) = save(&ann, "All", "from=5", true).await;
    assert_eq!(names(&ann).await, json!([["All", true], ["German", true]]));
    assert_eq!(names(&bob).await, json!([["All", false]]));

    // Another's private filter does not exist, not even for an owner.
    let rename = Some(json!({ "name": "Mine" }));
    let hidden = path_of(&german);
    assert_eq!(
        bob.change(Method::PUT, &hidden, rename.clone()).await.0,
        404
    );
    assert_eq!(bob.change(Method::DELETE, &hidden, None).await.0, 404);
    // What is shared, an owner may change.
    let (status, renamed) = bob.change(Method::PUT, &path_of(&shared), rename).await;
    assert_eq!((status, &renamed["isOwn"]), (200, &json!(false)));
    assert_eq!(renamed["query"], "from=5", "what is left out stays");
    assert_eq!(names(&ann).await, json!([["German", true], ["Mine", true]]));
    let private = Some(json!({ "isShared": false }));
    let (status, _) = ann.change(Method::PUT, &path_of(&shared), private).await;
    assert_eq!(status, 200);
    assert_eq!(names(&bob).await, json!([]));
    assert_eq!(ann.change(Method::DELETE, &hidden, None).await.0, 204);
    assert_eq!(ann.change(Method::DELETE, &hidden, None).await.0, 404);
    assert_eq!(names(&ann).await, json!([["Mine", true]]));

    // A key uses what is shared, and changes nothing. An admin sees the changes in the audit log.
    assert_eq!(save(&ann, "Ours", "from=7", true).await.0, 201);
    let key = browser(&world, "key read").await;
    assert_eq!(names(&key).await, json!([["Ours", false]]));
    assert_eq!(save(&key, "Mine", "from=7", false).await.0, 403);
    assert_eq!(names(&key).await, json!([["Ours", false]]));
    let (_, log) = bob.get("/admin/acme/audit?action=saved_filter").await;
    let entries = log["entries"].as_array().unwrap().iter();
    let mut actions: Vec<&str> = entries.map(|it| it["action"].as_str().unwrap()).collect();
    // Those of one millisecond are in no order.
    actions.sort_unstable();
    let of_log = [
        "changed", "created", "created", "created", "removed", "shared", "shared", "unshared",
    ];
    assert_eq!(
        actions,
        of_log.map(|action| format!("saved_filter.{action}"))
    );
    let named = log.to_string();
    assert!(
        !named.contains("Mine") && !named.contains("German"),
        "{named}"
    );
}

#[actix_web::test]
async fn others_neither_change_what_is_shared_nor_see_who_it_is_about() {
    let world = World::new().await;
    let ann = browser(&world, "user member").await;
    let eve = browser(&world, "user marketing").await;
    let (_, open) = save(&ann, "Errors of ann@shop.example", "errors=true", true).await;
    for query in [
        "userId=ann%40shop.example",
        "country=DE&text=ann",
        "user%49d=ann",
        "where=[[{\"field\":\"trait\",\"property\":\"name\",\"operator\":\"is\",\"values\":[\"x\"]}]]",
    ] {
        let saved = save(&ann, query, query, true).await;
        assert_eq!(saved.0, 201, "{saved:?}");
    }
    let seen = names(&eve).await;
    assert_eq!(seen.as_array().unwrap().len(), 1, "{seen}");
    assert!(!seen.to_string().contains("ann"), "{seen}");
    let path = path_of(&open);
    let change = Some(json!({ "isShared": false }));
    assert_eq!(eve.change(Method::PUT, &path, change).await.0, 403);
    assert_eq!(eve.change(Method::DELETE, &path, None).await.0, 403);
    assert_eq!(save(&eve, "Mine", "country=DE", false).await.0, 201);

    // Another organization has none of them.
    let key = world.key("rival", Scope::Admin).await;
    let mut rival = Browser::new(&world);
    rival.headers = vec![("authorization", format!("Bearer {key}"))];
    let (status, listed) = rival.get("/saved-filters/rival").await;
    assert_eq!((status, &listed["filters"]), (200, &json!([])));
    let foreign = path.replace("acme", "rival");
    assert_eq!(rival.change(Method::DELETE, &foreign, None).await.0, 404);
    assert_eq!(rival.change(Method::DELETE, &path, None).await.0, 404);
}

#[actix_web::test]
async fn mistakes_are_named_and_names_are_unique() {
    let world = World::new().await;
    let ann = browser(&world, "user member").await;
    for (name, query, field) in [
        ("", "errors=true", "name"),
        ("a\nb", "errors=true", "name"),
        (&*"a".repeat(101), "errors=true", "name"),
        ("a", "", "query"),
        ("a", "text=a b", "query"),
        ("a", "errors=true#x", "query"),
        ("a", &*"a".repeat(4_097), "query"),
    ] {
        let (status, answer) = save(&ann, name, query, false).await;
        let told = answer["error"]["message"].as_str().unwrap();
        assert!(status == 400 && told.starts_with(field), "{status} {told}");
    }
    assert_eq!(save(&ann, "a", "errors=true", false).await.0, 201);
    let (_, other) = save(&ann, "b", "errors=true", false).await;
    assert_eq!(save(&ann, "a", "live=true", false).await.0, 409);
    let taken = Some(json!({ "name": "a" }));
    assert_eq!(
        ann.change(Method::PUT, &path_of(&other), taken).await.0,
        409
    );
    let nothing = ann
        .change(Method::PUT, &path_of(&other), Some(json!({})))
        .await;
    assert_eq!(nothing.0, 400);
    let bob = browser(&world, "user admin").await;
    assert_eq!(save(&bob, "a", "live=true", false).await.0, 201, "his own");
    for number in 2..200 {
        let saved = save(&ann, &format!("n{number}"), "errors=true", false).await;
        assert_eq!(saved.0, 201, "{saved:?}");
    }
    let (status, answer) = save(&ann, "one more", "errors=true", false).await;
    assert_eq!(status, 409);
    let told = answer["error"]["message"].as_str().unwrap();
    assert!(told.contains("200"), "{told}");
}
