//! Calls every gRPC method as every kind of caller, and compares with a table. A method that is
//! missing from the table fails the test.

use actix_web::http::Method;
use serde_json::json;
use tonic::Code;
use tonic::transport::{Channel, Endpoint};

use crow_auth::{GATEWAY_KEY_HEADER, ORGANIZATION_HEADER, Scope, Signer};
use crow_runtime::Shutdown;
use crow_web::ConnectionLimits;

use super::calls::{self, Call};
use super::fixture::{World, rrweb, session};
use super::forwarded::{self, GATEWAY_KEY};
use super::grpc::serve_limited;
use super::walk::{UNKNOWN, browser};

/// What each method needs, and how it ends for whoever has it. A key needs the scope `admin` for those that
/// [change something](writes).
const NEEDS: &[(&str, Scope, Code)] = &[
    ("SessionService/ListSessions", Scope::Read, Code::Ok),
    ("SessionService/GetSession", Scope::Read, Code::Ok),
    ("SessionService/ListEvents", Scope::Read, Code::Ok),
    ("SessionService/StreamReplay", Scope::Read, Code::Ok),
    ("SessionService/TailSession", Scope::Read, Code::Ok),
    ("AnalyticsService/GetFacets", Scope::Read, Code::Ok),
    ("AnalyticsService/GetOverview", Scope::Read, Code::Ok),
    // Without a dimension.
    (
        "AnalyticsService/GetTop",
        Scope::Read,
        Code::InvalidArgument,
    ),
    ("AnalyticsService/GetEventCounts", Scope::Read, Code::Ok),
    // Without steps.
    (
        "AnalyticsService/GetFunnel",
        Scope::Read,
        Code::InvalidArgument,
    ),
    ("AnalyticsService/GetJourneys", Scope::Read, Code::Ok),
    ("AnalyticsService/GetHeatmap", Scope::Read, Code::Ok),
    ("AnalyticsService/GetPages", Scope::Read, Code::Ok),
    ("AnalyticsService/GetRetention", Scope::Read, Code::Ok),
    ("AnalyticsService/GetWebVitals", Scope::Read, Code::Ok),
    ("InteractionService/ListInteractions", Scope::Read, Code::Ok),
    (
        "InteractionService/CountInteractions",
        Scope::Read,
        Code::Ok,
    ),
    ("ProductService/ListProducts", Scope::Read, Code::Ok),
    ("ProductService/GetProduct", Scope::Read, Code::Ok),
    ("ProductService/GetProductActivity", Scope::Read, Code::Ok),
    ("IssueService/ListIssues", Scope::Read, Code::Ok),
    ("IssueService/GetIssue", Scope::Read, Code::NotFound),
    ("PeopleService/ListPeople", Scope::Read, Code::Ok),
    // Neither a user nor a visitor.
    (
        "PeopleService/GetPerson",
        Scope::Read,
        Code::InvalidArgument,
    ),
    (
        "PeopleService/GetPersonTimeline",
        Scope::Read,
        Code::InvalidArgument,
    ),
    // Without a decision.
    (
        "IssueService/ChangeIssue",
        Scope::Read,
        Code::InvalidArgument,
    ),
    ("AlertService/ListAlerts", Scope::Read, Code::Ok),
    ("AlertService/ListWebhooks", Scope::Read, Code::Ok),
    ("AlertService/ListDeliveries", Scope::Read, Code::NotFound),
    ("NoteService/ListNotes", Scope::Read, Code::Ok),
    // Without a text.
    ("NoteService/AddNote", Scope::Read, Code::InvalidArgument),
    ("NoteService/RemoveNote", Scope::Read, Code::NotFound),
    ("NoteService/ListTags", Scope::Read, Code::Ok),
    ("NoteService/AddTag", Scope::Read, Code::InvalidArgument),
    ("NoteService/RemoveTag", Scope::Read, Code::NotFound),
    ("IssueService/GetStack", Scope::Read, Code::NotFound),
    ("DashboardService/ListDashboards", Scope::Read, Code::Ok),
    ("DashboardService/GetDashboard", Scope::Read, Code::NotFound),
    // Without a name.
    (
        "DashboardService/CreateDashboard",
        Scope::Read,
        Code::InvalidArgument,
    ),
    // Without a version.
    (
        "DashboardService/ChangeDashboard",
        Scope::Read,
        Code::InvalidArgument,
    ),
    (
        "DashboardService/RemoveDashboard",
        Scope::Read,
        Code::NotFound,
    ),
    ("CollectionService/ListCollections", Scope::Read, Code::Ok),
    // Without a name.
    (
        "CollectionService/CreateCollection",
        Scope::Read,
        Code::InvalidArgument,
    ),
    (
        "CollectionService/ChangeCollection",
        Scope::Read,
        Code::NotFound,
    ),
    (
        "CollectionService/RemoveCollection",
        Scope::Read,
        Code::NotFound,
    ),
    (
        "CollectionService/CollectSession",
        Scope::Read,
        Code::NotFound,
    ),
    (
        "CollectionService/TakeSessionOut",
        Scope::Read,
        Code::NotFound,
    ),
    ("CohortService/ListCohorts", Scope::Read, Code::Ok),
    // Without a definition.
    (
        "CohortService/SaveCohort",
        Scope::Read,
        Code::InvalidArgument,
    ),
    // Without a change.
    (
        "CohortService/ChangeCohort",
        Scope::Read,
        Code::InvalidArgument,
    ),
    ("CohortService/RemoveCohort", Scope::Read, Code::NotFound),
];

/// Texts that requests need.
const TEXTS: &[(&str, &str)] = &[("session_id", "a"), ("product_id", "p1"), ("page", "/")];

/// Headers of a call.
type Headers = Vec<(&'static str, String)>;

/// A caller, with what it may do; `None`: nobody knows it.
struct Caller {
    name: String,
    headers: Headers,
    has: Option<Vec<Scope>>,
    is_key: bool,
}

fn caller(name: impl Into<String>, headers: Headers, has: Option<&[Scope]>) -> Caller {
    Caller {
        name: name.into(),
        headers,
        has: has.map(<[Scope]>::to_vec),
        is_key: false,
    }
}

/// With keys, with tokens of the gateway, and with what proves nothing.
async fn callers(world: &World, signer: &Signer) -> Vec<Caller> {
    let bearer = |text: &str| ("authorization", format!("Bearer {text}"));
    let cookie = ("cookie", "crow_session=0".to_owned());
    let mut callers = vec![
        caller("nobody", vec![], None),
        caller("an unknown key", vec![bearer(UNKNOWN)], None),
        caller("a cookie", vec![cookie], None),
    ];
    for (who, has) in forwarded::CALLERS {
        let token = ("authorization", forwarded::token(signer, *who));
        let named = (ORGANIZATION_HEADER, "acme".to_owned());
        let stolen = vec![token.clone(), named.clone()];
        callers.push(caller(format!("a thief of {who:?}"), stolen, None));
        let wrong = (GATEWAY_KEY_HEADER, "x".repeat(GATEWAY_KEY.len()));
        let forged = vec![token.clone(), named.clone(), wrong];
        callers.push(caller(format!("a forger with {who:?}"), forged, None));
        let key = (GATEWAY_KEY_HEADER, GATEWAY_KEY.to_owned());
        let is_key = matches!(who, forwarded::Forwarded::Key(_));
        callers.push(Caller {
            is_key,
            ..caller(
                format!("the gateway for {who:?}"),
                vec![token, named, key],
                Some(*has),
            )
        });
        if let forwarded::Forwarded::Key(scope) = who {
            let key = world.key("acme", *scope).await;
            callers.push(Caller {
                is_key,
                ..caller(
                    format!("a key with {scope}"),
                    vec![bearer(&key)],
                    Some(*has),
                )
            });
        }
    }
    callers
}

/// A session that is recorded, and a product.
async fn fill(world: &World) {
    let chunks = world.pack("a", &[vec![rrweb(1, "w", 2)]]).await;
    world
        .add(vec![session("acme", "a", 1)], vec![], chunks)
        .await;
    let admin = browser(world, "key admin").await;
    let path = "/api/v1/products/organization/acme";
    let product = json!({ "id": "p1", "name": "Mug" });
    assert_eq!(admin.change(Method::POST, path, Some(product)).await.0, 201);
}

/// Whether a method changes something. Its name says so.
fn writes(call: &Call) -> bool {
    let method = call.path.rsplit('/').next().unwrap();
    !["List", "Get", "Count", "Stream", "Tail"]
        .iter()
        .any(|reads| method.starts_with(reads))
}

fn need_of(call: &Call) -> Option<(Scope, Code)> {
    let name = call.path.strip_prefix("/crow.v1.")?;
    let found = NEEDS.iter().find(|(known, ..)| *known == name)?;
    Some((found.1, found.2))
}

async fn serve(world: &World, shutdown: &Shutdown) -> Channel {
    let address = serve_limited(world, ConnectionLimits::default(), shutdown).await;
    let endpoint = Endpoint::from_shared(address).unwrap();
    endpoint.connect().await.unwrap()
}

#[actix_web::test]
async fn every_method_admits_whom_the_table_says_and_nobody_else() {
    let shutdown = Shutdown::new();
    let (world, signer) = forwarded::world(&shutdown).await;
    fill(&world).await;
    let channel = serve(&world, &shutdown).await;
    let mut wrong = Vec::new();
    for caller in callers(&world, &signer).await {
        for call in calls::all() {
            let (of_people, answer) = need_of(&call).unwrap_or_else(|| panic!("{}", call.path));
            let needed = match caller.is_key && writes(&call) {
                true => Scope::Admin,
                false => of_people,
            };
            for organization in ["acme", "rival", "nobody"] {
                let expected = match &caller.has {
                    None => Code::Unauthenticated,
                    Some(has) if !has.contains(&needed) => Code::PermissionDenied,
                    Some(_) if organization != "acme" => Code::NotFound,
                    Some(_) => answer,
                };
                let code = call
                    .make(&channel, organization, TEXTS, &caller.headers)
                    .await;
                if code != expected {
                    let (path, name) = (&call.path, &caller.name);
                    wrong.push(format!(
                        "{path} of {organization} as {name}: {code:?}, not {expected:?}"
                    ));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
    shutdown.start();
}

#[test]
fn every_method_is_in_the_table_and_no_other() {
    let paths: Vec<String> = calls::all().into_iter().map(|call| call.path).collect();
    for path in &paths {
        let name = path.strip_prefix("/crow.v1.").unwrap();
        assert!(NEEDS.iter().any(|(known, ..)| *known == name), "{path}");
    }
    assert_eq!(paths.len(), NEEDS.len());
}
