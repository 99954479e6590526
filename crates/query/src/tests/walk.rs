//! Calls every route as every kind of caller, and compares with a table. A route that is missing
//! from the table fails the test.

use std::sync::LazyLock;

use actix_web::http::Method;
use serde_json::{Value, json};

use crow_accounts::{By, NewMember};
use crow_auth::{Client, Role, Scope};
use crow_db::audit_log::Actor;
use crow_types::OrganizationId;

use super::fixture::World;
use super::signed_in::Browser;
use crate::rest::openapi;

mod new_organization;

/// What each operation of an organization needs. A key needs more to change something: see
/// [`needed_of`].
pub(super) const NEEDS: &[(&str, Scope)] = &[
    ("list_sessions", Scope::Analytics),
    ("facets", Scope::Analytics),
    ("get_session", Scope::Analytics),
    ("list_events", Scope::Read),
    ("list_people", Scope::Analytics),
    ("get_person", Scope::Read),
    ("get_person_timeline", Scope::Read),
    ("list_tags", Scope::Read),
    ("add_tag", Scope::Read),
    ("remove_tag", Scope::Read),
    ("list_notes", Scope::Read),
    ("add_note", Scope::Read),
    ("change_note", Scope::Read),
    ("remove_note", Scope::Read),
    ("set_watched", Scope::Read),
    ("set_unwatched", Scope::Read),
    ("list_links", Scope::Admin),
    ("make_link", Scope::Admin),
    ("revoke_link", Scope::Admin),
    ("get_replay", Scope::Read),
    ("export", Scope::Read),
    ("watch_sessions", Scope::Read),
    ("watch_session", Scope::Read),
    ("list_interactions", Scope::Read),
    ("count_interactions", Scope::Read),
    ("analyze_interactions", Scope::Read),
    ("list_products", Scope::Read),
    ("get_product", Scope::Read),
    ("product_activity", Scope::Read),
    ("create_product", Scope::Admin),
    ("import_products", Scope::Admin),
    ("start_site_import", Scope::Admin),
    ("get_site_import", Scope::Read),
    ("cancel_site_import", Scope::Admin),
    ("replace_product", Scope::Admin),
    ("remove_product", Scope::Admin),
    ("list_issues", Scope::Read),
    ("list_assignees", Scope::Read),
    ("get_issue", Scope::Read),
    ("change_issue", Scope::Read),
    ("list_alerts", Scope::Read),
    ("create_alert", Scope::Admin),
    ("change_alert", Scope::Admin),
    ("remove_alert", Scope::Admin),
    ("list_webhooks", Scope::Read),
    ("add_webhook", Scope::Admin),
    ("change_webhook", Scope::Admin),
    ("remove_webhook", Scope::Admin),
    ("rotate_webhook_secret", Scope::Admin),
    ("test_webhook", Scope::Admin),
    ("list_deliveries", Scope::Read),
    ("replay_delivery", Scope::Admin),
    ("list_source_maps", Scope::Admin),
    ("upload_source_map", Scope::Admin),
    ("remove_source_map", Scope::Admin),
    ("get_stack", Scope::Read),
    ("overview", Scope::Analytics),
    ("top", Scope::Analytics),
    ("events", Scope::Analytics),
    ("funnel", Scope::Read),
    ("journeys", Scope::Analytics),
    ("heatmap", Scope::Analytics),
    ("pages", Scope::Analytics),
    ("retention", Scope::Analytics),
    ("vitals", Scope::Analytics),
    ("resolve_assets", Scope::Read),
    ("get_asset", Scope::Read),
    ("list_keys", Scope::Admin),
    ("create_key", Scope::Admin),
    ("revoke_key", Scope::Admin),
    ("rotate_key", Scope::Admin),
    ("preview_erasure", Scope::Admin),
    ("erase", Scope::Admin),
    ("list_erasures", Scope::Admin),
    ("get_erasure", Scope::Admin),
    ("access", Scope::Admin),
    ("list_audit", Scope::Admin),
    ("export_audit", Scope::Admin),
    ("get_settings", Scope::Admin),
    ("change_settings", Scope::Admin),
    ("health", Scope::Admin),
    ("usage", Scope::Admin),
    ("list_dead_letters", Scope::Admin),
    ("get_dead_letter", Scope::Admin),
    ("drop_dead_letter", Scope::Admin),
    ("retry_dead_letter", Scope::Admin),
    ("list_users", Scope::Admin),
    ("change_user", Scope::Admin),
    ("sign_user_out", Scope::Admin),
    ("make_password_link", Scope::Admin),
    ("list_invitations", Scope::Admin),
    ("invite", Scope::Admin),
    ("withdraw_invitation", Scope::Admin),
    ("list_filters", Scope::Analytics),
    ("save_filter", Scope::Analytics),
    ("change_filter", Scope::Analytics),
    ("remove_filter", Scope::Analytics),
    ("list_dashboards", Scope::Analytics),
    ("get_dashboard", Scope::Analytics),
    ("create_dashboard", Scope::Analytics),
    ("change_dashboard", Scope::Analytics),
    ("remove_dashboard", Scope::Analytics),
    ("list_collections", Scope::Read),
    ("create_collection", Scope::Read),
    ("change_collection", Scope::Read),
    ("remove_collection", Scope::Read),
    ("collect_session", Scope::Read),
    ("take_session_out", Scope::Read),
    ("list_cohorts", Scope::Read),
    ("save_cohort", Scope::Read),
    ("change_cohort", Scope::Read),
    ("remove_cohort", Scope::Read),
    ("list_notifications", Scope::Analytics),
    ("read_notifications", Scope::Analytics),
    ("read_notification", Scope::Analytics),
];

/// Other methods than GET that change nothing which others see, so that a key needs no more for them.
const WRITES_NOTHING: &[&str] = &[
    // Questions whose body is too long for a query string.
    "funnel",
    "analyze_interactions",
    "resolve_assets",
    // A mark that only the caller sees.
    "set_watched",
    "set_unwatched",
    // Of users only: a key has no notifications.
    "read_notifications",
    "read_notification",
];

/// What a caller needs for an operation. A key changes nothing without the scope `admin`, whatever
/// people need.
pub(super) fn needed_of(operation: &Operation, is_key: bool) -> Option<Scope> {
    let id = operation.id.as_str();
    let (_, needed) = NEEDS.iter().find(|(known, _)| *known == id)?;
    let writes = operation.method != Method::GET && !WRITES_NOTHING.contains(&id);
    Some(if is_key && writes {
        Scope::Admin
    } else {
        *needed
    })
}

/// What needs a sign-in of a user and no organization.
const OF_USERS: &[&str] = &[
    "change_password",
    "list_sign_ins",
    "end_other_sign_ins",
    "end_sign_in",
    "list_passkeys",
    "start_passkey",
    "add_passkey",
    "rename_passkey",
    "remove_passkey",
];
/// What needs any sign-in.
const SIGNED_IN: &[&str] = &["get_signed_in", "sign_out"];
/// What anybody may call, because it checks a secret itself.
const PUBLIC: &[&str] = &[
    "sign_in",
    "sign_in_by_password",
    "show_invitation",
    "accept_invitation",
    "sign_in_by_passkey",
];
/// What anybody may ask for without a body, each with the status without a provider.
const OPEN: &[(&str, u16)] = &[
    ("ways_to_sign_in", 200),
    ("start_with_provider", 404),
    ("return_from_provider", 404),
    ("start_passkey_sign_in", 200),
    // Without a link.
    ("open_shared", 404),
    ("get_shared_replay", 404),
    ("resolve_shared_assets", 404),
    ("get_shared_asset", 404),
];

/// What needs the certificate of a service or the system secret. No key and no sign-in helps.
const OF_SERVICES: &[&str] = &["verify_key", "create_interaction"];

/// All that an admin may.
pub(super) const ADMIN: &[Scope] = &[Scope::Ingest, Scope::Analytics, Scope::Read, Scope::Admin];

/// What a caller presents.
const CALLERS: &[(&str, &[Scope])] = &[
    ("nobody", &[]),
    ("unknown key", &[]),
    ("key ingest", &[Scope::Ingest]),
    ("key analytics", &[Scope::Analytics]),
    ("key read", &[Scope::Analytics, Scope::Read]),
    ("key admin", ADMIN),
    ("user marketing", &[Scope::Analytics]),
    ("user member", &[Scope::Analytics, Scope::Read]),
    ("user admin", ADMIN),
    ("user owner", ADMIN),
];

pub(super) const UNKNOWN: &str = "crow_00000000000000000000000000000000000000000000";

#[derive(Clone)]
pub(super) struct Operation {
    pub(super) id: String,
    pub(super) method: Method,
    pub(super) path: String,
    pub(super) has_body: bool,
}

/// Those of the document, which takes long to make.
pub(super) fn operations() -> Vec<Operation> {
    static OPERATIONS: LazyLock<Vec<Operation>> = LazyLock::new(documented);
    OPERATIONS.clone()
}

fn documented() -> Vec<Operation> {
    let document = serde_json::to_value(openapi()).unwrap();
    let mut found = Vec::new();
    for (path, methods) in document["paths"].as_object().unwrap() {
        for (method, operation) in methods.as_object().unwrap() {
            found.push(Operation {
                id: operation["operationId"].as_str().unwrap().to_owned(),
                method: method.to_uppercase().parse().unwrap(),
                path: path.clone(),
                has_body: operation["requestBody"].is_object(),
            });
        }
    }
    found
}

#[test]
fn a_service_may_do_no_more_on_its_own_behalf_than_the_list_says() {
    let document = serde_json::to_value(openapi()).unwrap();
    let paths = document["paths"].as_object().unwrap().values();
    let operations = paths.flat_map(|methods| methods.as_object().unwrap().values());
    let is_for_services = |operation: &&Value| {
        let ways = operation["security"].as_array();
        ways.is_some_and(|ways| ways.iter().any(|way| way["system"].is_array()))
    };
    let found = operations.filter(is_for_services);
    let mut found: Vec<&str> = found
        .map(|one| one["operationId"].as_str().unwrap())
        .collect();
    found.sort_by_key(|id| OF_SERVICES.iter().position(|known| known == id));
    assert_eq!(found, OF_SERVICES);
}

/// A path with an organization, and names that nothing has.
pub(super) fn filled(path: &str, organization: &str) -> String {
    let path = path.replace("{orgId}", organization);
    let parts = path.split('/').map(|part| match part.starts_with('{') {
        true => "none",
        false => part,
    });
    parts.collect::<Vec<_>>().join("/")
}

/// A browser of a caller. Users and their organization come from the name.
pub(super) async fn browser<'a>(world: &'a World, name: &str) -> Browser<'a> {
    let mut browser = Browser::new(world);
    let key = |key: &str| vec![("authorization", format!("Bearer {key}"))];
    match name.split_once(' ') {
        None => {}
        Some(("unknown", _)) => browser.headers = key(UNKNOWN),
        Some(("key", scope)) => {
            let made = world.key("acme", scope.parse().unwrap()).await;
            browser.headers = key(&made);
        }
        Some((_, role)) => {
            let (token, csrf) = signed_in(world, role.parse().unwrap()).await;
            browser.hold(token, csrf);
        }
    }
    browser
}

async fn signed_in(world: &World, role: Role) -> (String, String) {
    let by = By {
        actor: Actor::system(),
        scopes: [Scope::Owner].into_iter().collect(),
    };
    let organization = OrganizationId::new("acme").unwrap();
    let (email, password) = (format!("{role}@acme.example"), "a long password");
    let new = NewMember {
        email: &email,
        name: "Ann",
        role,
        password: password.to_owned().into(),
    };
    let accounts = &world.accounts;
    accounts
        .create_member(&by, &organization, new)
        .await
        .unwrap();
    let password = password.to_owned().into();
    let started = accounts.sign_in(&email, password, Client::default()).await;
    let (token, sign_in) = started.unwrap();
    (token, sign_in.csrf_token)
}

/// The status of an answer, without its body: streams have no end.
pub(super) async fn call(browser: &Browser<'_>, operation: &Operation, organization: &str) -> u16 {
    let body = operation.has_body.then(|| json!({}));
    let path = filled(&operation.path, organization);
    browser.status(operation.method.clone(), &path, body).await
}

/// The statuses that a caller may get. `uses` shows that each operation does its work for somebody.
pub(super) fn expected(
    name: &str,
    has: &[Scope],
    needed: Scope,
    organization: &str,
) -> &'static [u16] {
    match (name, has.contains(&needed), organization) {
        ("nobody" | "unknown key", _, _) => &[401],
        (_, false, _) => &[403],
        (_, true, "acme") => &[200, 400, 404, 415, 503],
        (_, true, _) => &[404],
    }
}

#[actix_web::test]
async fn every_route_admits_whom_the_table_says_and_nobody_else() {
    let world = World::new().await;
    let operations = operations();
    let mut wrong = Vec::new();
    for (name, has) in CALLERS {
        let browser = browser(&world, name).await;
        for operation in &operations {
            let is_key = name.starts_with("key");
            let Some(needed) = needed_of(operation, is_key) else {
                continue;
            };
            for organization in ["acme", "rival", "nobody"] {
                let allowed = expected(name, has, needed, organization);
                let status = call(&browser, operation, organization).await;
                if !allowed.contains(&status) {
                    let id = &operation.id;
                    wrong.push(format!("{id} of {organization} as {name}: {status}"));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[actix_web::test]
async fn every_route_is_in_the_table() {
    let known = |id: &str| {
        NEEDS.iter().any(|(known, _)| *known == id)
            || OPEN.iter().any(|(known, _)| *known == id)
            || [OF_USERS, SIGNED_IN, PUBLIC, OF_SERVICES]
                .concat()
                .contains(&id)
    };
    for operation in operations() {
        assert!(known(&operation.id), "{}", operation.id);
        let is_of_organization = NEEDS.iter().any(|(id, _)| *id == operation.id);
        let names_one = operation.path.contains("{orgId}");
        assert_eq!(is_of_organization, names_one, "{}", operation.id);
    }
}

#[actix_web::test]
async fn a_cookie_changes_nothing_without_its_csrf_token() {
    let world = World::new().await;
    let mut browser = browser(&world, "user owner").await;
    browser.csrf = None;
    for operation in operations() {
        let id = operation.id.as_str();
        let needs_none = [PUBLIC, OF_SERVICES].concat().contains(&id)
            || OPEN.iter().any(|(open, _)| *open == id);
        if operation.method == Method::GET || needs_none {
            continue;
        }
        let status = call(&browser, &operation, "acme").await;
        assert_eq!(status, 403, "{}", operation.id);
    }
    assert_eq!(browser.get("/auth/session").await.0, 200, "still signed in");
}

/// How `/mcp`, which is in no document, answers each caller.
async fn asks_for_tools(browser: &Browser<'_>) -> u16 {
    let asked = json!({ "jsonrpc": "2.0", "id": 1, "method": "tools/list" });
    browser.status(Method::POST, "/mcp", Some(asked)).await
}

#[actix_web::test]
async fn assistants_come_in_with_a_key_that_may_read() {
    let world = World::new().await;
    for (name, has) in CALLERS {
        let mut browser = browser(&world, name).await;
        let accepted = "application/json, text/event-stream";
        browser.headers.push(("accept", accepted.to_owned()));
        browser.headers.push(("host", "crow.example".to_owned()));
        let expected = match name.split_once(' ') {
            Some(("key", _)) if has.contains(&Scope::Read) => 200,
            Some(("key", _)) => 403,
            _ => 401,
        };
        assert_eq!(asks_for_tools(&browser).await, expected, "{name}");
    }
}

#[actix_web::test]
async fn routes_of_services_take_no_key_and_no_sign_in() {
    let world = World::new().await;
    for (name, _) in CALLERS {
        let browser = browser(&world, name).await;
        for operation in operations() {
            if OF_SERVICES.contains(&operation.id.as_str()) {
                let status = call(&browser, &operation, "acme").await;
                assert_eq!(status, 401, "{} as {name}", operation.id);
            }
        }
    }
}

#[actix_web::test]
async fn account_routes_want_a_user_who_is_signed_in() {
    let world = World::new().await;
    let key = world.key("acme", Scope::Admin).await;
    let nobody = browser(&world, "nobody").await;
    let mut by_key = browser(&world, "nobody").await;
    by_key.sign_in(&key).await;
    let user = browser(&world, "user marketing").await;
    for operation in operations() {
        let id = operation.id.as_str();
        if OF_USERS.contains(&id) {
            assert_eq!(call(&nobody, &operation, "").await, 401, "{id}");
            assert_eq!(call(&by_key, &operation, "").await, 403, "{id}");
            let status = call(&user, &operation, "").await;
            assert!([200, 204, 400, 404].contains(&status), "{id}: {status}");
        }
        if SIGNED_IN.contains(&id) {
            assert_eq!(call(&nobody, &operation, "").await, 401, "{id}");
        }
        if PUBLIC.contains(&id) {
            assert_eq!(call(&nobody, &operation, "").await, 400, "{id}");
        }
        if let Some((_, status)) = OPEN.iter().find(|(open, _)| *open == id) {
            assert_eq!(call(&nobody, &operation, "").await, *status, "{id}");
        }
    }
}
