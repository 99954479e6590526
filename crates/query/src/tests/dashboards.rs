//! Dashboards, saved views and collections: who sees them, and who changes them.

use actix_web::http::Method;
use serde_json::{Value, json};

use crow_auth::Scope;

use super::fixture::{World, session};
use super::signed_in::Browser;
use super::walk::browser;

const ALL: &str = "/dashboards/acme";

fn tiles() -> Value {
    let click = json!({ "type": "click" });
    json!([
        { "kind": "overview", "title": "Visits of Ann", "parameters": { "userId": "ann" } },
        { "kind": "top", "title": "Pages", "size": "full", "parameters": { "dimension": "page" } },
        { "kind": "funnel", "parameters": { "steps": [click, click] } },
    ])
}

async fn make(by: &Browser<'_>, name: &str, is_shared: bool, tiles: Value) -> (u16, Value) {
    let body = json!({ "name": name, "isShared": is_shared, "tiles": tiles });
    by.change(Method::POST, ALL, Some(body)).await
}

fn path_of(dashboard: &Value) -> String {
    format!("{ALL}/{}", dashboard["id"].as_str().unwrap())
}

async fn rival(world: &World) -> Browser<'_> {
    let key = world.key("rival", Scope::Admin).await;
    let mut rival = Browser::new(world);
    rival.headers = vec![("authorization", format!("Bearer {key}"))];
    rival
}

#[actix_web::test]
async fn a_private_dashboard_is_ones_own_and_a_shared_one_everybodys() {
    let world = World::new().await;
    let ann = browser(&world, "user member").await;
    let bob = browser(&world, "user owner").await;
    let (status, made) = make(&ann, " Mine ", false, tiles()).await;
    assert_eq!(status, 201, "{made}");
    assert_eq!(
        (&made["name"], &made["version"]),
        (&json!("Mine"), &json!(1))
    );
    let path = path_of(&made);
    assert_eq!(bob.get(&path).await.0, 404, "not even for an owner");
    let (_, listed) = bob.get(ALL).await;
    assert_eq!(listed["dashboards"], json!([]));

    let share = |version: i64, name: &str| {
        Some(
            json!({ "name": name, "isShared": true, "lastHours": 24, "tiles": tiles(), "version": version }),
        )
    };
    let (status, shared) = ann.change(Method::PUT, &path, share(1, "Ours")).await;
    assert_eq!((status, &shared["version"]), (200, &json!(2)), "{shared}");
    let (_, seen) = bob.get(&path).await;
    assert_eq!(
        seen["tiles"][1]["parameters"],
        json!({ "dimension": "page" })
    );
    assert_eq!(
        (&seen["isOwn"], &seen["mayChange"], &seen["lastHours"]),
        (&json!(false), &json!(true), &json!(24))
    );
    // Two editors: the later one is told, and nothing is lost.
    assert_eq!(
        bob.change(Method::PUT, &path, share(2, "Bob's")).await.0,
        200
    );
    let (status, answer) = ann.change(Method::PUT, &path, share(2, "Ann's")).await;
    assert_eq!(status, 409);
    let told = answer["error"]["message"].as_str().unwrap();
    assert!(
        told.contains("version 2") && told.contains("version 3"),
        "{told}"
    );
    assert_eq!(ann.get(&path).await.1["name"], "Bob's");
    // An admin may end the sharing, and then no longer sees it.
    let hide = Some(json!({ "name": "Bob's", "version": 3 }));
    let (status, hidden) = bob.change(Method::PUT, &path, hide).await;
    assert_eq!(
        (status, &hidden["isShared"], &hidden["version"]),
        (200, &json!(false), &json!(4)),
        "{hidden}"
    );
    assert_eq!(bob.get(&path).await.0, 404);
    assert_eq!(
        ann.change(Method::PUT, &path, share(4, "Ours")).await.0,
        200
    );

    let rival = rival(&world).await;
    let foreign = path.replace("acme", "rival");
    for path in [&path, &foreign] {
        assert_eq!(rival.get(path).await.0, 404);
        assert_eq!(rival.change(Method::PUT, path, share(3, "x")).await.0, 404);
        assert_eq!(rival.change(Method::DELETE, path, None).await.0, 404);
    }
    assert_eq!(bob.change(Method::DELETE, &path, None).await.0, 204);
    assert_eq!(ann.get(&path).await.0, 404);
    let (_, log) = bob.get("/admin/acme/audit?action=dashboard").await;
    let entries = log["entries"].as_array().unwrap().iter();
    let actions: Vec<&str> = entries.map(|it| it["action"].as_str().unwrap()).collect();
    let of_log = ["removed", "shared", "unshared", "shared", "created"];
    assert_eq!(actions, of_log.map(|action| format!("dashboard.{action}")));
    assert!(!log.to_string().contains("Mine"), "{log}");
}

#[actix_web::test]
async fn whoever_sees_masked_answers_learns_nothing_from_tiles() {
    let world = World::new().await;
    let ann = browser(&world, "user member").await;
    let eve = browser(&world, "user marketing").await;
    let (_, made) = make(&ann, "Of ann@shop.example", true, tiles()).await;
    let path = path_of(&made);
    let (status, seen) = eve.get(&path).await;
    assert_eq!((status, &seen["mayChange"]), (200, &json!(false)));
    for hidden in [0, 2] {
        let tile = &seen["tiles"][hidden];
        assert_eq!(
            (&tile["parameters"], &tile["title"]),
            (&Value::Null, &json!(""))
        );
    }
    assert_eq!(seen["tiles"][1]["title"], "Pages");
    let text = seen.to_string() + &eve.get(ALL).await.1.to_string();
    assert!(!text.contains("ann@") && !text.contains("of Ann"), "{text}");

    assert_eq!(make(&eve, "Mine", false, tiles()).await.0, 403);
    let own = json!([{ "kind": "vitals" }]);
    let (status, own) = make(&eve, "Mine", true, own).await;
    assert_eq!(status, 201, "{own}");
    let change = Some(json!({ "name": "x", "version": 1 }));
    assert_eq!(eve.change(Method::PUT, &path, change.clone()).await.0, 403);
    assert_eq!(eve.change(Method::DELETE, &path, None).await.0, 403);
    // Members change only their own, too, and a key that may read changes nothing.
    assert_eq!(
        ann.change(Method::PUT, &path_of(&own), change.clone())
            .await
            .0,
        403
    );
    let asking = browser(&world, "key read").await;
    assert_eq!(make(&asking, "x", false, json!([])).await.0, 403);
    assert_eq!(asking.change(Method::PUT, &path, change).await.0, 403);
    // What an admin puts into hers, she does not overwrite unseen.
    let admin = browser(&world, "user admin").await;
    let more = json!({ "name": "Mine", "isShared": true, "tiles": tiles(), "version": 1 });
    let (status, _) = admin.change(Method::PUT, &path_of(&own), Some(more)).await;
    assert_eq!(status, 200);
    let change = Some(json!({ "name": "x", "version": 2 }));
    assert_eq!(eve.change(Method::PUT, &path_of(&own), change).await.0, 403);
}

#[actix_web::test]
async fn mistakes_in_dashboards_are_named() {
    let world = World::new().await;
    let ann = browser(&world, "user member").await;
    let (_, made) = make(&ann, "Mine", false, json!([])).await;
    for (body, told) in [
        (json!({ "name": "" }), "name"),
        (json!({ "name": "x", "version": 1 }), "version"),
        (
            json!({ "name": "x", "tiles": [{ "kind": "top" }] }),
            "tiles: number 1: dimension",
        ),
        (json!({ "name": "x", "where": [[]] }), "where"),
        (json!({ "name": "x", "colour": "red" }), "colour"),
    ] {
        let (status, answer) = ann.change(Method::POST, ALL, Some(body)).await;
        let message = answer["error"]["message"].as_str().unwrap();
        assert!(
            status == 400 && message.contains(told),
            "{status} {message}"
        );
    }
    let path = path_of(&made);
    let without = Some(json!({ "name": "x" }));
    let (status, answer) = ann.change(Method::PUT, &path, without).await;
    assert_eq!(status, 400, "{answer}");

    // What another release stored is neither shown in parts nor overwritten, and can be removed.
    world
        .execute(r#"update dashboards set content = '{"tiles": [{"kind": "top", "glow": 1}]}'"#)
        .await;
    let with = Some(json!({ "name": "x", "version": 1 }));
    let put = ann.change(Method::PUT, &path, with).await;
    for (status, answer) in [ann.get(&path).await, put] {
        let message = answer["error"]["message"].as_str().unwrap();
        assert!(
            status == 400 && message.contains("release"),
            "{status} {message}"
        );
    }
    assert_eq!(ann.get(ALL).await.1["dashboards"][0]["name"], "Mine");
    assert_eq!(ann.change(Method::DELETE, &path, None).await.0, 204);
}

#[actix_web::test]
async fn a_view_of_analytics_is_saved_with_its_page() {
    let world = World::new().await;
    let ann = browser(&world, "user member").await;
    let eve = browser(&world, "user marketing").await;
    let filters = "/saved-filters/acme";
    for (name, page, status) in [
        ("Slow", "vitals", 201),
        ("Buys", "funnels", 201),
        ("None", "keys", 400),
    ] {
        let body = json!({ "name": name, "page": page, "query": "range=30d", "isShared": true });
        let saved = ann.change(Method::POST, filters, Some(body)).await;
        assert_eq!(saved.0, status, "{saved:?}");
    }
    let body = json!({ "name": "List", "query": "errors=true" });
    let (_, list) = ann.change(Method::POST, filters, Some(body)).await;
    assert_eq!(list["page"], "sessions");
    let (_, seen) = eve.get(filters).await;
    let seen = seen["filters"].as_array().unwrap().iter();
    let seen: Vec<&Value> = seen.map(|filter| &filter["page"]).collect();
    assert_eq!(seen, ["vitals"], "a funnel needs the scope `read`");
}

#[actix_web::test]
async fn a_collection_lists_its_sessions() {
    let world = World::new().await;
    let sessions = ["a", "b"].map(|id| session("acme", id, 100)).to_vec();
    world.add(sessions, vec![], vec![]).await;
    let ann = browser(&world, "user member").await;
    let eve = browser(&world, "user marketing").await;
    let all = "/collections/acme";
    let body = || Some(json!({ "name": "Checkout", "note": " for Monday " }));
    let (status, made) = ann.change(Method::POST, all, body()).await;
    assert_eq!(
        (status, &made["note"]),
        (201, &json!("for Monday")),
        "{made}"
    );
    assert_eq!(ann.change(Method::POST, all, body()).await.0, 409);
    let id = made["id"].as_str().unwrap();
    let in_it = format!("{all}/{id}/sessions/sdk-a");
    for _again in 0..2 {
        assert_eq!(ann.change(Method::PUT, &in_it, None).await.0, 204);
    }
    let listed = format!("/sessions/acme?collection={id}");
    let (_, page) = ann.get(&listed).await;
    assert_eq!(page["sessions"].as_array().unwrap().len(), 1, "{page}");
    assert_eq!(page["sessions"][0]["id"], "a");
    let (_, of_b) = ann.get(&format!("{all}?sessionId=b")).await;
    assert_eq!(of_b["collections"], json!([]));
    assert_eq!(ann.get(&format!("{all}?sessionId=none")).await.0, 404);

    assert_eq!(eve.get(all).await.0, 403);
    assert_eq!(eve.get(&listed).await.0, 403);
    let asking = browser(&world, "key read").await;
    assert_eq!(asking.get(all).await.0, 200);
    assert_eq!(asking.change(Method::DELETE, &in_it, None).await.0, 403);
    let rival = rival(&world).await;
    let foreign = in_it.replace("acme", "rival");
    assert_eq!(rival.change(Method::PUT, &foreign, None).await.0, 404);
    let (_, page) = rival.get(&listed.replace("acme", "rival")).await;
    assert_eq!(page["sessions"], json!([]));

    assert_eq!(ann.change(Method::DELETE, &in_it, None).await.0, 204);
    assert_eq!(ann.change(Method::DELETE, &in_it, None).await.0, 404);
    let one = format!("{all}/{id}");
    assert_eq!(ann.change(Method::DELETE, &one, None).await.0, 204);
    assert_eq!(ann.get(all).await.1["collections"], json!([]));
}
