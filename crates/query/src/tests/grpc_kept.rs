//! Notes, tags, dashboards, collections and cohorts: what gRPC keeps is what REST shows.

use serde_json::{Value, json};
use tonic::Code;
use tonic::transport::{Channel, Endpoint};

use crow_auth::Scope;
use crow_proto::api;
use crow_proto::api::cohort_service_client::CohortServiceClient;
use crow_proto::api::collection_service_client::CollectionServiceClient;
use crow_proto::api::dashboard_service_client::DashboardServiceClient;
use crow_proto::api::note_service_client::NoteServiceClient;
use crow_runtime::Shutdown;
use crow_web::ConnectionLimits;

use super::fixture::{World, session};
use super::grpc::{serve_limited, with_key};
use super::signed_in::Browser;

/// A server with a key that may change something, one that only reads, and REST with the first.
struct Server<'a> {
    channel: Channel,
    admin: String,
    read: String,
    rest: Browser<'a>,
}

#[actix_web::test]
async fn rest_shows_what_grpc_keeps() {
    let world = World::new().await;
    let sessions = ["a", "b"].map(|id| session("acme", id, 100)).to_vec();
    world.add(sessions, vec![], vec![]).await;
    let shutdown = Shutdown::new();
    let address = serve_limited(&world, ConnectionLimits::default(), &shutdown).await;
    let endpoint = Endpoint::from_shared(address).unwrap();
    let admin = world.key("acme", Scope::Admin).await;
    let mut rest = Browser::new(&world);
    rest.headers = vec![("authorization", format!("Bearer {admin}"))];
    let server = Server {
        channel: endpoint.connect().await.unwrap(),
        admin,
        read: world.key("acme", Scope::Read).await,
        rest,
    };
    notes_and_tags(&server).await;
    dashboards(&server).await;
    collections(&server).await;
    cohorts(&server).await;
    shutdown.start();
}

fn acme() -> String {
    "acme".to_owned()
}

impl Server<'_> {
    async fn shown(&self, path: &str) -> Value {
        let (status, shown) = self.rest.get(path).await;
        assert_eq!(status, 200, "{path}: {shown}");
        shown
    }

    /// The actions in the audit log, of which those of one millisecond are in no order.
    async fn noted(&self, prefix: &str) -> Vec<String> {
        let path = format!("/admin/acme/audit?action={prefix}");
        let log = self.shown(&path).await;
        let entries = log["entries"].as_array().unwrap().iter();
        let action = |entry: &Value| entry["action"].as_str().unwrap().to_owned();
        let mut actions: Vec<String> = entries.map(action).collect();
        actions.sort_unstable();
        actions
    }
}

async fn notes_and_tags(server: &Server<'_>) {
    let mut client = NoteServiceClient::new(server.channel.clone());
    let session_id = "a".to_owned();
    let add = api::AddNoteRequest {
        organization_id: acme(),
        session_id: session_id.clone(),
        at: 120,
        text: "Look".to_owned(),
    };
    let refused = client.add_note(with_key(&server.read, add.clone())).await;
    assert_eq!(refused.unwrap_err().code(), Code::PermissionDenied);
    let added = client.add_note(with_key(&server.admin, add)).await;
    let note = added.unwrap().into_inner();
    let list = api::ListNotesRequest {
        organization_id: acme(),
        session_id: session_id.clone(),
    };
    let listed = client.list_notes(with_key(&server.read, list)).await;
    assert_eq!(listed.unwrap().into_inner().notes, [note]);
    let shown = server.shown("/sessions/acme/a/notes").await;
    assert_eq!(shown["notes"][0]["text"], "Look");
    let tag = api::AddTagRequest {
        organization_id: acme(),
        session_id,
        tag: "VIP".to_owned(),
    };
    let tags = client.add_tag(with_key(&server.admin, tag)).await;
    assert_eq!(tags.unwrap().into_inner().tags, ["vip"]);
    assert_eq!(
        server.shown("/sessions/acme/a").await["tags"],
        json!(["vip"])
    );
}

/// Visitors from Germany.
fn german() -> (api::Conditions, Value) {
    let condition = api::Condition {
        field: "country".to_owned(),
        operator: api::Operator::Is.into(),
        values: vec!["DE".to_owned()],
        ..Default::default()
    };
    let group = api::ConditionGroup {
        any_of: vec![condition],
    };
    let conditions = api::Conditions {
        groups: vec![group],
    };
    let json = json!([[{ "field": "country", "operator": "is", "values": ["DE"], "not": false }]]);
    (conditions, json)
}

fn draft(name: &str) -> api::DashboardDraft {
    let tile = api::Tile {
        kind: "top".to_owned(),
        title: "Pages".to_owned(),
        size: "full".to_owned(),
        parameters_json: r#"{"dimension":"page"}"#.to_owned(),
    };
    api::DashboardDraft {
        name: name.to_owned(),
        is_shared: true,
        last_hours: Some(24),
        conditions: Some(german().0),
        tiles: vec![tile],
    }
}

async fn dashboards(server: &Server<'_>) {
    let mut client = DashboardServiceClient::new(server.channel.clone());
    let create = |draft: api::DashboardDraft| api::CreateDashboardRequest {
        organization_id: acme(),
        dashboard: Some(draft),
    };
    let asked = with_key(&server.read, create(draft("Ours")));
    let refused = client.create_dashboard(asked).await.unwrap_err();
    assert_eq!(refused.code(), Code::PermissionDenied);
    let (mut unknown, mut broken) = (draft("x"), draft("x"));
    unknown.tiles[0].kind = "another".to_owned();
    broken.tiles[0].parameters_json = "[".to_owned();
    for (wrong, told) in [
        (unknown, "tiles: number 1: kind"),
        (broken, "parameters_json"),
    ] {
        let asked = with_key(&server.admin, create(wrong));
        let refused = client.create_dashboard(asked).await.unwrap_err();
        assert_eq!(refused.code(), Code::InvalidArgument);
        assert!(refused.message().contains(told), "{refused}");
    }
    let asked = with_key(&server.admin, create(draft("Ours")));
    let made = client.create_dashboard(asked).await.unwrap().into_inner();
    assert_eq!(made.tiles, draft("Ours").tiles);
    assert_eq!(made.conditions, draft("Ours").conditions);
    let path = format!("/dashboards/acme/{}", made.id);
    let shown = server.shown(&path).await;
    let parameters = json!({ "dimension": "page" });
    let expected = json!({
        "name": "Ours", "isShared": true, "isOwn": true, "lastHours": 24, "version": 1,
        "where": german().1,
        "tiles": [{ "kind": "top", "title": "Pages", "size": "full", "parameters": parameters }],
    });
    for (field, value) in expected.as_object().unwrap() {
        assert_eq!(&shown[field], value, "{field}");
    }

    let change = |name: &str, version: Option<i64>| api::ChangeDashboardRequest {
        organization_id: acme(),
        dashboard_id: made.id.clone(),
        dashboard: Some(draft(name)),
        version,
    };
    let asked = with_key(&server.admin, change("Theirs", Some(1)));
    let changed = client.change_dashboard(asked).await.unwrap().into_inner();
    assert_eq!(changed.version, 2);
    assert_eq!(server.shown(&path).await["name"], "Theirs");
    for (version, code) in [(Some(1), Code::Aborted), (None, Code::InvalidArgument)] {
        let asked = with_key(&server.admin, change("Late", version));
        let refused = client.change_dashboard(asked).await.unwrap_err();
        assert_eq!(refused.code(), code);
        assert!(refused.message().contains("version"), "{refused}");
    }
    // Who only reads sees what is shared.
    let get = api::GetDashboardRequest {
        organization_id: acme(),
        dashboard_id: made.id.clone(),
    };
    let got = client.get_dashboard(with_key(&server.read, get)).await;
    let got = got.unwrap().into_inner();
    assert_eq!((&got.name, got.is_own), (&changed.name, false));
    assert_eq!((got.version, &got.tiles), (2, &changed.tiles));
    let list = api::ListDashboardsRequest {
        organization_id: acme(),
    };
    let listed = client.list_dashboards(with_key(&server.read, list)).await;
    let listed = listed.unwrap().into_inner().dashboards;
    assert_eq!((listed.len(), listed[0].tiles), (1, 1));
    let remove = api::RemoveDashboardRequest {
        organization_id: acme(),
        dashboard_id: made.id.clone(),
    };
    let removed = client.remove_dashboard(with_key(&server.admin, remove));
    removed.await.unwrap();
    assert_eq!(server.rest.get(&path).await.0, 404);
    let of_log = ["created", "removed", "shared"];
    let of_log = of_log.map(|action| format!("dashboard.{action}"));
    assert_eq!(server.noted("dashboard").await, of_log);
}

async fn collections(server: &Server<'_>) {
    let mut client = CollectionServiceClient::new(server.channel.clone());
    let create = api::CreateCollectionRequest {
        organization_id: acme(),
        name: "Checkout".to_owned(),
        note: " for Monday ".to_owned(),
    };
    let asked = with_key(&server.read, create.clone());
    let refused = client.create_collection(asked).await.unwrap_err();
    assert_eq!(refused.code(), Code::PermissionDenied);
    let asked = with_key(&server.admin, create.clone());
    let made = client.create_collection(asked).await.unwrap().into_inner();
    let again = client.create_collection(with_key(&server.admin, create));
    assert_eq!(again.await.unwrap_err().code(), Code::Aborted);
    let all = "/collections/acme";
    let shown = server.shown(all).await["collections"][0].clone();
    assert_eq!(
        (&shown["id"], &shown["note"]),
        (&json!(made.id), &json!("for Monday"))
    );

    let change = api::ChangeCollectionRequest {
        organization_id: acme(),
        collection_id: made.id.clone(),
        name: "Basket".to_owned(),
        note: String::new(),
    };
    let asked = with_key(&server.admin, change);
    let changed = client.change_collection(asked).await.unwrap().into_inner();
    let shown = server.shown(all).await["collections"][0].clone();
    assert_eq!(
        (&shown["name"], &shown["note"]),
        (&json!(changed.name), &json!(""))
    );

    let collect = api::CollectSessionRequest {
        organization_id: acme(),
        collection_id: made.id.clone(),
        session_id: "sdk-a".to_owned(),
    };
    let added = client.collect_session(with_key(&server.admin, collect));
    added.await.unwrap();
    let in_it = format!("/sessions/acme?collection={}", made.id);
    let shown = server.shown(&in_it).await;
    assert_eq!(shown["sessions"].as_array().unwrap().len(), 1, "{shown}");
    assert_eq!(shown["sessions"][0]["id"], "a");
    for (session, count) in [("a", 1), ("b", 0)] {
        let list = api::ListCollectionsRequest {
            organization_id: acme(),
            session_id: Some(session.to_owned()),
        };
        let listed = client.list_collections(with_key(&server.read, list)).await;
        let listed = listed.unwrap().into_inner().collections;
        assert_eq!(listed.len(), count, "{session}");
    }
    let take = api::TakeSessionOutRequest {
        organization_id: acme(),
        collection_id: made.id.clone(),
        session_id: "a".to_owned(),
    };
    let taken = client.take_session_out(with_key(&server.admin, take.clone()));
    taken.await.unwrap();
    assert_eq!(server.shown(&in_it).await["sessions"], json!([]));
    let again = client.take_session_out(with_key(&server.admin, take));
    assert_eq!(again.await.unwrap_err().code(), Code::NotFound);

    let remove = api::RemoveCollectionRequest {
        organization_id: acme(),
        collection_id: made.id,
    };
    let removed = client.remove_collection(with_key(&server.admin, remove));
    removed.await.unwrap();
    assert_eq!(server.shown(all).await["collections"], json!([]));
    let of_log = [
        "changed",
        "created",
        "removed",
        "session_added",
        "session_removed",
    ];
    let of_log = of_log.map(|action| format!("collection.{action}"));
    assert_eq!(server.noted("collection").await, of_log);
}

/// Germans who did not buy twice lately, and new people.
fn definition() -> (api::CohortDefinition, Value) {
    let bought = api::PersonTest {
        of: "events".to_owned(),
        name: Some("purchase".to_owned()),
        times: Some(2),
        days: Some(30),
        not: true,
        ..Default::default()
    };
    let (conditions, of_rest) = german();
    let german = api::PersonTest {
        of: "sessions".to_owned(),
        conditions: Some(conditions),
        ..Default::default()
    };
    let new = api::PersonTest {
        of: "firstSeen".to_owned(),
        after: Some(5),
        ..Default::default()
    };
    let groups = [vec![bought], vec![german, new]];
    let definition = api::CohortDefinition {
        days: None,
        groups: groups.map(|any_of| api::CohortGroup { any_of }).to_vec(),
    };
    let json = json!({ "days": 90, "groups": [
        [{ "of": "events", "name": "purchase", "times": 2, "days": 30, "not": true }],
        [{ "of": "sessions", "where": of_rest, "not": false },
         { "of": "firstSeen", "after": 5, "not": false }],
    ] });
    (definition, json)
}

async fn cohorts(server: &Server<'_>) {
    let mut client = CohortServiceClient::new(server.channel.clone());
    let (definition, json) = definition();
    let save = |definition: Option<api::CohortDefinition>| api::SaveCohortRequest {
        organization_id: acme(),
        name: "New".to_owned(),
        definition,
        is_shared: true,
    };
    let (mut unknown, mut long) = (definition.clone(), definition.clone());
    unknown.groups[0].any_of[0].of = "another".to_owned();
    // Each test is allowed, and both together are too long.
    let test = &mut long.groups[1].any_of[0];
    let condition = &mut test.conditions.as_mut().unwrap().groups[0].any_of[0];
    condition.values = vec!["x".repeat(1_000); 9];
    let again = test.clone();
    long.groups[1].any_of.push(again);
    for (wrong, told) in [
        (None, "definition: must be given"),
        (Some(unknown), "groups.of: "),
        (Some(long), "definition: must be at most"),
    ] {
        let asked = with_key(&server.admin, save(wrong));
        let refused = client.save_cohort(asked).await.unwrap_err();
        assert_eq!(refused.code(), Code::InvalidArgument);
        assert!(refused.message().contains(told), "{refused}");
    }
    let asked = with_key(&server.read, save(Some(definition.clone())));
    let refused = client.save_cohort(asked).await.unwrap_err();
    assert_eq!(refused.code(), Code::PermissionDenied);
    let asked = with_key(&server.admin, save(Some(definition.clone())));
    let saved = client.save_cohort(asked).await.unwrap().into_inner();
    let again = with_key(&server.admin, save(Some(definition.clone())));
    let again = client.save_cohort(again).await.unwrap_err();
    assert_eq!(again.code(), Code::Aborted);
    let stored = api::CohortDefinition {
        days: Some(90),
        ..definition
    };
    assert_eq!(saved.definition.as_ref(), Some(&stored));
    let all = "/cohorts/acme";
    let shown = server.shown(all).await["cohorts"][0].clone();
    assert_eq!(
        (&shown["name"], &shown["definition"]),
        (&json!("New"), &json)
    );

    let change = |is_shared: Option<bool>| api::ChangeCohortRequest {
        organization_id: acme(),
        cohort_id: saved.id.clone(),
        is_shared,
        ..Default::default()
    };
    for (key, wrong, code) in [
        (&server.read, change(Some(false)), Code::PermissionDenied),
        (&server.admin, change(None), Code::InvalidArgument),
    ] {
        let refused = client.change_cohort(with_key(key, wrong)).await;
        assert_eq!(refused.unwrap_err().code(), code);
    }
    let list = api::ListCohortsRequest {
        organization_id: acme(),
    };
    let listed = client.list_cohorts(with_key(&server.read, list)).await;
    let listed = listed.unwrap().into_inner().cohorts;
    assert_eq!((&listed[0].id, listed[0].is_own), (&saved.id, false));
    let asked = with_key(&server.admin, change(Some(false)));
    let changed = client.change_cohort(asked).await.unwrap().into_inner();
    assert_eq!(changed.definition, Some(stored));
    let shown = server.shown(all).await["cohorts"][0].clone();
    assert_eq!(
        (&shown["isShared"], &shown["definition"]),
        (&json!(false), &json)
    );
    let remove = api::RemoveCohortRequest {
        organization_id: acme(),
        cohort_id: saved.id.clone(),
    };
    let removed = client.remove_cohort(with_key(&server.admin, remove));
    removed.await.unwrap();
    assert_eq!(server.shown(all).await["cohorts"], json!([]));
    let noted = server.noted("cohort").await;
    let of_log = ["created", "removed", "shared", "unshared"];
    assert_eq!(noted, of_log.map(|action| format!("cohort.{action}")));
}
