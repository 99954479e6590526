//! Notes, tags, and who has watched.

use actix_web::http::Method;
use serde_json::{Value, json};

use super::fixture::{World, session};
use super::signed_in::Browser;
use super::walk::browser;

async fn filled() -> World {
    let world = World::new().await;
    let sessions = ["a", "b"].map(|id| session("acme", id, 100)).to_vec();
    world.add(sessions, vec![], vec![]).await;
    world
}

async fn ids(browser: &Browser<'_>, query: &str) -> Vec<String> {
    let (status, page) = browser.get(&format!("/sessions/acme?{query}")).await;
    assert_eq!(status, 200, "{page}");
    let sessions = page["sessions"].as_array().unwrap().iter();
    let id = |it: &Value| it["id"].as_str().unwrap().to_owned();
    sessions.map(id).collect()
}

#[actix_web::test]
async fn notes_are_changed_by_their_author_and_removed_by_an_admin_too() {
    let world = filled().await;
    let member = browser(&world, "user member").await;
    let admin = browser(&world, "user admin").await;
    let asking = browser(&world, "key read").await;
    let path = "/sessions/acme/sdk-a/notes";
    let text = |text: &str| Some(json!({"at": 5, "text": text}));
    let (status, note) = member
        .change(Method::POST, path, text(" Look\nhere "))
        .await;
    assert_eq!(status, 201, "{note}");
    let expected = json!({"at": 100, "text": "Look\nhere", "authorName": "Ann", "isOwn": true});
    for (field, value) in expected.as_object().unwrap() {
        assert_eq!(&note[field], value, "{field}");
    }
    for wrong in ["", " \n", "\u{1}", &"x".repeat(2_001)] {
        assert_eq!(member.change(Method::POST, path, text(wrong)).await.0, 400);
    }
    let late = Some(json!({"at": i64::MAX, "text": "x"}));
    let (_, late) = member.change(Method::POST, path, late).await;
    let now = crow_types::Timestamp::now().0;
    assert!(late["at"].as_i64().unwrap() <= now, "{late}");

    let (_, listed) = admin.get(path).await;
    assert_eq!(listed["notes"][0]["isOwn"], false);
    assert_eq!(listed["notes"].as_array().unwrap().len(), 2);
    let one = format!("{path}/{}", note["id"].as_str().unwrap());
    let better = || Some(json!({"text": "Better"}));
    assert_eq!(admin.change(Method::PUT, &one, better()).await.0, 403);
    let (status, changed) = member.change(Method::PUT, &one, better()).await;
    assert_eq!((status, &changed["text"]), (200, &json!("Better")));
    let nul = format!("{path}/%00");
    assert_eq!(member.change(Method::PUT, &nul, better()).await.0, 404);
    let elsewhere = one.replace("sdk-a", "b");
    assert_eq!(
        member.change(Method::PUT, &elsewhere, better()).await.0,
        404
    );
    assert_eq!(asking.get(path).await.0, 200);
    // A program that may read changes nothing.
    assert_eq!(asking.change(Method::POST, path, text("x")).await.0, 403);
    assert_eq!(asking.status(Method::DELETE, &one, None).await, 403);
    assert_eq!(admin.status(Method::DELETE, &one, None).await, 204);
    let (_, log) = admin.get("/admin/acme/audit?action=session_note").await;
    assert_eq!(log["entries"].as_array().unwrap().len(), 4);
    assert!(!log.to_string().contains("Better"), "{log}");
}

#[actix_web::test]
async fn sessions_are_found_by_tag_and_by_who_has_watched() {
    let world = filled().await;
    let member = browser(&world, "user member").await;
    let admin = browser(&world, "user admin").await;
    let marketing = browser(&world, "user marketing").await;
    let tags = "/sessions/acme/a/tags";
    let tag = |tag: &str| Some(json!({ "tag": tag }));
    let (status, found) = member.change(Method::POST, tags, tag(" Check  OUT")).await;
    assert_eq!((status, found), (200, json!({"tags": ["check out"]})));
    assert_eq!(member.change(Method::POST, tags, tag("a/b")).await.0, 400);
    for _ in 0..2 {
        let watched = "/sessions/acme/a/watched";
        assert_eq!(member.status(Method::PUT, watched, None).await, 204);
    }
    assert_eq!(ids(&member, "tag=Check%20out").await, ["a"]);
    assert_eq!(ids(&member, "watched=false").await, ["b"]);
    assert_eq!(ids(&admin, "watched=false").await, ["b", "a"]);
    assert_eq!(ids(&member, "watched=true&tag=check%20out").await, ["a"]);
    let (_, shown) = member.get("/sessions/acme/a").await;
    assert_eq!(
        (&shown["tags"], &shown["isWatched"]),
        (&json!(["check out"]), &json!(true))
    );
    let (_, known) = member.get("/sessions/acme/tags").await;
    assert_eq!(
        known,
        json!({"tags": [{"tag": "check out", "sessions": 1}]})
    );

    // What people wrote may name somebody.
    assert_eq!(marketing.get("/sessions/acme?tag=x").await.0, 403);
    let (_, masked) = marketing.get("/sessions/acme").await;
    assert!(!masked.to_string().contains("check out"), "{masked}");

    let one = format!("{tags}/check%20out");
    assert_eq!(member.status(Method::DELETE, &one, None).await, 204);
    assert_eq!(member.status(Method::DELETE, &one, None).await, 404);
    let watched = "/sessions/acme/a/watched";
    assert_eq!(member.status(Method::DELETE, watched, None).await, 204);
    assert_eq!(ids(&member, "watched=true").await, [""; 0]);
}
