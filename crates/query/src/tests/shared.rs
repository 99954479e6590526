//! Public links: what somebody sees who has one, and nothing else.

use actix_web::http::Method;
use serde_json::{Value, json};

use crow_auth::LinkToken;
use crow_db::audit_log::Actor;
use crow_db::replay_links::{self, ReplayLinkRow};
use crow_storage::pack::{Line, LineKind};
use crow_types::{ContentHash, EndReason, SessionRecord};

use super::assets;
use super::fixture::{World, session};
use super::signed_in::Browser;
use super::walk::{NEEDS, browser, call, operations};

const LINKS: &str = "/admin/acme/replay-links";
const PICTURE: &str = "https://shop.example/a.svg";
const FONT: &str = "https://shop.example/a.woff2";
/// What the page and the visitor of the recording say.
const SAID: [&str; 4] = ["Ann Lee", "ann-again", "secret-log", "private"];

fn line(at: i64, kind: LineKind, data: String) -> Line {
    Line {
        window: "w".to_owned(),
        kind,
        seq: Some(0),
        index: 0,
        at,
        data: data.into(),
    }
}

/// An rrweb event, with its type first, as the recorder writes it.
fn replay(at: i64, kind: u8, data: &Value) -> Line {
    let event = format!(r#"{{"type":{kind},"timestamp":{at},"data":{data}}}"#);
    line(at, LineKind::Replay, event)
}

/// The session `a`, which the SDK calls `s1`, and `b`; both are over and recorded.
async fn filled() -> World {
    let world = World::new().await;
    let text = json!({"type": 3, "id": 3, "textContent": "Dear Ann Lee"});
    let node = json!({"type": 2, "id": 2, "tagName": "p", "attributes": {"title": "private"}, "childNodes": [text]});
    let snapshot = json!({"node": {"type": 0, "id": 1, "childNodes": [node]}});
    let texts = json!({"source": 0, "texts": [{"id": 3, "value": "ann-again"}], "attributes": [], "removes": [], "adds": []});
    let page = json!({"href": "https://shop.example/private", "width": 5, "height": 6});
    let address = json!({"tag": "url", "payload": {"href": "/private/2"}});
    let console = json!({"plugin": "rrweb/console@1", "payload": ["secret-log"]});
    let click = json!({"id": "e1", "type": "click", "data": {"text": "Ann Lee"}});
    let lines = vec![
        replay(100, 4, &page),
        replay(101, 2, &snapshot),
        replay(150, 3, &texts),
        replay(160, 5, &address),
        replay(170, 6, &console),
        line(180, LineKind::Event, click.to_string()),
        replay(
            190,
            3,
            &json!({"source": 2, "type": 2, "id": 2, "x": 1, "y": 2}),
        ),
    ];
    let recorded = |id: &str, session_id: &str| SessionRecord {
        session_id: session_id.to_owned(),
        last_event_at: 190,
        has_replay: true,
        end_reason: Some(EndReason::Idle),
        due_at: None,
        ..session("acme", id, 100)
    };
    let chunks = [
        world.pack("a", std::slice::from_ref(&lines)).await,
        world.pack("b", &[lines]).await,
    ];
    let open = SessionRecord {
        has_replay: true,
        ..session("acme", "o", 100)
    };
    let sessions = vec![recorded("a", "s1"), recorded("b", "s2"), open];
    world.add(sessions, vec![], chunks.concat()).await;
    assets::add(&world, "acme", PICTURE, b"<svg/>", 100).await;
    assets::add_typed(&world, ("acme", FONT), ("font/woff2", b"wOF2"), 100).await;
    world
}

async fn make(admin: &Browser<'_>, asked: Value) -> (u16, Value) {
    admin.change(Method::POST, LINKS, Some(asked)).await
}

/// A browser that has nothing but a link.
fn visitor<'a>(world: &'a World, token: &str) -> Browser<'a> {
    let mut visitor = Browser::new(world);
    visitor.headers = vec![("x-crow-link", token.to_owned())];
    visitor
}

fn token(made: &Value) -> &str {
    made["token"].as_str().unwrap()
}

async fn allow(admin: &Browser<'_>, links: &str) {
    let (_, stored) = admin.get("/admin/acme/settings").await;
    let body = json!({"version": stored["version"], "settings": {"publicLinks": links}});
    let path = "/admin/acme/settings";
    assert_eq!(admin.change(Method::PUT, path, Some(body)).await.0, 200);
}

#[actix_web::test]
async fn a_link_shows_one_masked_recording_and_nothing_else() {
    let world = filled().await;
    let admin = browser(&world, "user admin").await;
    let asked = json!({"sessionId": "a", "expiresInHours": 1});
    let (status, made) = make(&admin, asked).await;
    assert_eq!((status, &made["isMasked"]), (201, &json!(true)), "{made}");
    let visitor_of_a = visitor(&world, token(&made));
    let (status, shown) = visitor_of_a
        .change(Method::POST, "/shared/open", None)
        .await;
    assert_eq!(status, 200, "{shown}");
    assert_eq!((&shown["from"], &shown["to"]), (&json!(100), &json!(190)));
    for path in ["/shared/replay", "/shared/replay?from=120"] {
        let recording = visitor_of_a.text(path).await;
        for said in SAID {
            assert!(!recording.contains(said), "{said} in {recording}");
        }
        assert!(
            recording.contains(r#""textContent":"**** *** ***""#),
            "{recording}"
        );
        assert!(recording.contains(r#""href":"https://shop.example/""#));
        assert_eq!(recording.lines().count(), 5, "{recording}");
    }

    let asked = json!({"at": 100, "urls": [PICTURE, FONT, "https://shop.example/other.svg"]});
    let path = "/shared/assets/resolve";
    let (_, found) = visitor_of_a
        .change(Method::POST, path, Some(asked.clone()))
        .await;
    let asset = format!(
        "/shared/assets/{}",
        found["assets"][0]["hash"].as_str().unwrap()
    );
    assert_eq!(visitor_of_a.text(&asset).await, "wOF2");
    // Which pictures the visitor saw stays unknown.
    assert_eq!(found["assets"].as_array().unwrap().len(), 1, "{found}");
    let picture = format!("/shared/assets/{}", ContentHash::of(b"<svg/>"));
    assert_eq!(visitor_of_a.get(&picture).await.0, 404);
    // The other session has not shown it.
    let (_, other) = make(&admin, json!({"sessionId": "b", "expiresInHours": 1})).await;
    let visitor_of_b = visitor(&world, token(&other));
    let (_, none) = visitor_of_b.change(Method::POST, path, Some(asked)).await;
    assert_eq!(none, json!({"assets": []}));
    assert_eq!(visitor_of_b.get(&asset).await.0, 404);

    let mut open = Vec::new();
    for operation in operations() {
        let is_of_organization = NEEDS.iter().any(|(id, _)| *id == operation.id);
        let status = call(&visitor_of_a, &operation, "acme").await;
        if is_of_organization && status != 401 {
            open.push((operation.id, status));
        }
    }
    assert!(open.is_empty(), "{open:?}");
    let path = "/sessions/acme/a/replay";
    assert_eq!(visitor_of_a.status(Method::GET, path, None).await, 401);

    let (_, listed) = admin.get(&format!("{LINKS}?sessionId=s1")).await;
    let link = &listed["links"][0];
    assert_eq!(
        (&link["id"], &link["opened"]),
        (&made["id"], &json!(2)),
        "with the walk"
    );
    assert!(link["lastOpenedAt"].is_i64() && link.get("token").is_none());
    assert_eq!(listed["links"].as_array().unwrap().len(), 1);
}

#[actix_web::test]
async fn only_some_recordings_are_read_with_a_link_at_one_time() {
    let world = filled().await;
    let admin = browser(&world, "user admin").await;
    let (_, made) = make(&admin, json!({"sessionId": "a", "expiresInHours": 1})).await;
    let visitor = visitor(&world, token(&made));
    let path = "/shared/replay";
    let mut held = Vec::new();
    for _ in 0..4 {
        let answer = visitor.send(Method::GET, path, None).await;
        assert_eq!(answer.status().as_u16(), 200);
        held.push(answer);
    }
    let refused = visitor.send(Method::GET, path, None).await;
    assert_eq!(refused.status().as_u16(), 429);
    assert!(refused.headers().contains_key("retry-after"));
    // What else the link shows can be had, and one recording after another.
    let status = visitor.status(Method::POST, "/shared/open", None).await;
    assert_eq!(status, 200);
    held.pop();
    for _ in 0..2 {
        assert_eq!(visitor.status(Method::GET, path, None).await, 200);
    }
}

#[actix_web::test]
async fn a_link_as_recorded_needs_the_setting_and_may_show_a_part() {
    let world = filled().await;
    let admin = browser(&world, "user admin").await;
    let part = json!({"sessionId": "s1", "expiresInHours": 720, "isMasked": false, "from": 120, "to": 165});
    assert_eq!(make(&admin, part.clone()).await.0, 403);
    allow(&admin, "any").await;
    let (status, made) = make(&admin, part).await;
    assert_eq!(status, 201, "{made}");
    let visitor = visitor(&world, token(&made));
    let (_, shown) = visitor.change(Method::POST, "/shared/open", None).await;
    assert_eq!((&shown["from"], &shown["to"]), (&json!(120), &json!(165)));
    let picture = format!("/shared/assets/{}", ContentHash::of(b"<svg/>"));
    assert_eq!(visitor.text(&picture).await, "<svg/>");
    for path in [
        "/shared/replay",
        "/shared/replay?from=0",
        "/shared/replay?from=160",
        "/shared/replay?from=999",
    ] {
        let recording = visitor.text(path).await;
        assert!(recording.contains("Dear Ann Lee") && recording.contains("ann-again"));
        // No console, no interactions, and nothing after the part.
        assert!(!recording.contains("secret-log") && !recording.contains("\"k\":\"r\",\"t\":190"));
        assert!(!recording.contains("\"k\":\"e\""), "{recording}");
    }
    for (wrong, status) in [
        (json!({"sessionId": "a", "expiresInHours": 0}), 400),
        (json!({"sessionId": "a", "expiresInHours": 721}), 400),
        (
            json!({"sessionId": "a", "expiresInHours": 1, "from": 5, "to": 5}),
            400,
        ),
        (
            json!({"sessionId": "a", "expiresInHours": 1, "from": 500}),
            400,
        ),
        (json!({"sessionId": "none", "expiresInHours": 1}), 404),
        (json!({"sessionId": "o", "expiresInHours": 1}), 422),
    ] {
        assert_eq!(make(&admin, wrong.clone()).await.0, status, "{wrong}");
    }
    // A change of the setting ends it.
    allow(&admin, "masked").await;
    assert_eq!(
        visitor.status(Method::GET, "/shared/replay", None).await,
        404
    );
    allow(&admin, "off").await;
    let masked = json!({"sessionId": "a", "expiresInHours": 1});
    assert_eq!(make(&admin, masked).await.0, 403);
}

#[actix_web::test]
async fn a_link_that_is_over_answers_like_one_that_never_was() {
    let world = filled().await;
    let admin = browser(&world, "user admin").await;
    let made = async |session: &str| {
        let asked = json!({"sessionId": session, "expiresInHours": 1});
        make(&admin, asked).await.1
    };
    let (revoked, erased) = (made("b").await, made("a").await);
    let path = format!("{LINKS}/{}", revoked["id"].as_str().unwrap());
    assert_eq!(admin.status(Method::DELETE, &path, None).await, 204);
    assert_eq!(admin.status(Method::DELETE, &path, None).await, 404);
    let nul = format!("{LINKS}/%00");
    assert_eq!(admin.status(Method::DELETE, &nul, None).await, 404);
    let what = json!({"sessions": ["s1"]});
    let erasure = admin.change(Method::POST, "/admin/acme/erasures", Some(what));
    assert_eq!(erasure.await.0, 201);
    let living = made("b").await;
    let generated = LinkToken::generate().unwrap();
    let expired = ReplayLinkRow {
        id: generated.id().to_owned(),
        organization_id: "acme".to_owned(),
        session_id: "b".to_owned(),
        secret_hash: generated.hash(),
        is_masked: true,
        from_at: None,
        to_at: None,
        created_by: "ann".to_owned(),
        created_at: 1,
        expires_at: 2,
        opened: 0,
        last_opened_at: None,
    };
    replay_links::insert(&world.db, &Actor::system(), expired)
        .await
        .unwrap();
    let id = living["id"].as_str().unwrap();
    let wrong = format!("{id}_{}", "0".repeat(43));
    let mut answers = Vec::new();
    for token in [
        token(&revoked),
        token(&erased),
        &generated.text(),
        &wrong,
        id,
        "",
    ] {
        let visitor = visitor(&world, token);
        for (method, path) in [
            (Method::POST, "/shared/open"),
            (Method::GET, "/shared/replay"),
            (Method::GET, "/shared/assets/0"),
        ] {
            let (status, mut answer) = visitor.change(method, path, None).await;
            answer["error"]["requestId"].take();
            answers.push((status, answer));
        }
    }
    assert_eq!(answers[0].0, 404);
    assert!(
        answers.windows(2).all(|pair| pair[0] == pair[1]),
        "{answers:?}"
    );

    // Who guesses has to wait. Who has a link that works has not.
    let guessing = visitor(&world, &wrong);
    for _ in 0..20 {
        assert_eq!(
            guessing.status(Method::POST, "/shared/open", None).await,
            404
        );
    }
    assert_eq!(
        guessing.status(Method::POST, "/shared/open", None).await,
        429
    );
    let (_, log) = admin.get("/admin/acme/audit?action=replay_link").await;
    let entries = log["entries"].as_array().unwrap();
    let count = |action: &str| entries.iter().filter(|it| it["action"] == action).count();
    let counts = (count("replay_link.created"), count("replay_link.revoked"));
    assert_eq!(counts, (4, 1), "{log}");
    assert!(!log.to_string().contains(token(&living)));
}
