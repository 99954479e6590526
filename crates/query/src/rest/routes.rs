//! All routes of the read API. The router and the OpenAPI document come from this table.

mod alerting;
mod boards;
mod kept;
mod people;
mod shared;
mod source_maps;

use crate::ask::analytics as ask;
use crate::rest::table::{Entry, Table, delete, get, post, put};
use crate::rest::{
    access, analytics, assets, audit, erasures, health, import, interactions, issues, keys,
    letters, live, persons, products, replay, reports, sessions, settings, sign_in, site_imports,
    usage, verify,
};

/// The table of routes. A literal path must come before a path with a parameter in the same place.
pub fn table() -> Table {
    vec![
        ("notes and tags", kept::kept()),
        ("sessions", sessions()),
        ("people", persons()),
        ("replay", recordings()),
        ("live", live()),
        ("interactions", interactions()),
        ("products", catalogue()),
        ("issues", issues()),
        ("alerts", alerting::alerts()),
        ("webhooks", alerting::webhooks()),
        ("source maps", source_maps::entries()),
        ("analytics", analytics()),
        ("assets", assets()),
        ("public links", shared::links()),
        ("admin", admin()),
        ("admin", operation()),
        ("audit", audit_log()),
        ("members", people::members()),
        ("saved filters", people::filters()),
        ("dashboards", boards::dashboards()),
        ("collections", boards::collections()),
        ("cohorts", people::cohorts()),
        ("notifications", people::notifications()),
        ("sign-in", sign_in()),
        ("account", people::account()),
        ("passkeys", people::passkeys()),
        ("services", services()),
    ]
}

fn sessions() -> Vec<Entry> {
    vec![
        get(
            "/sessions/{orgId}",
            "list_sessions",
            "Sessions of an organization, newest first, in pages. All given conditions must hold.",
            sessions::list_sessions,
        ),
        get(
            "/sessions/{orgId}/facets",
            "facets",
            "The values of each filter of the list, and how many sessions each would leave.",
            analytics::answer::<ask::Facets>,
        ),
        get(
            "/sessions/{orgId}/{sessionId}",
            "get_session",
            "One session, by its id, or the latest generation of the SDK's session id.",
            sessions::get_session,
        ),
        get(
            "/sessions/{orgId}/{sessionId}/events",
            "list_events",
            "The events of a session in the order of time, in pages.",
            sessions::list_events,
        ),
    ]
}

fn persons() -> Vec<Entry> {
    vec![
        get(
            "/people/{orgId}",
            "list_people",
            "Users, and browsers of which no user is known, last seen first, in pages.",
            persons::list_people,
        ),
        get(
            "/people/{orgId}/{kind}/{personId}",
            "get_person",
            "One person.\n\nA browser belongs to the user that the latest session with a user named. Sessions in it that name no user, also earlier ones, belong to that user.",
            persons::get_person,
        ),
        get(
            "/people/{orgId}/{kind}/{personId}/timeline",
            "get_person_timeline",
            "The sessions of a person with their main events, newest first, in pages.",
            persons::get_person_timeline,
        ),
    ]
}

fn recordings() -> Vec<Entry> {
    vec![
        get(
            "/sessions/{orgId}/{sessionId}/replay",
            "get_replay",
            "The recording of a session in the order of time, as a stream.\n\nNDJSON: a line `{\"w\":window,\"k\":\"r\"|\"e\",\"t\":ms,\"s\":batch,\"d\":{…}}` per rrweb event (`r`) and interaction (`e`), and a last line `{\"k\":\"end\",\"gaps\":[…]}`. A stream without its last line was cut off.",
            replay::get_replay,
        ),
        get(
            "/sessions/{orgId}/{sessionId}/export",
            "export",
            "The whole recording as a file: the NDJSON of `replay`.",
            replay::export,
        ),
    ]
}

fn interactions() -> Vec<Entry> {
    vec![
        get(
            "/api/v1/interactions/organization/{orgId}",
            "list_interactions",
            "What happened in finished sessions, in words, newest first, in pages. All given conditions must hold.",
            interactions::list_interactions,
        ),
        get(
            "/api/v1/interactions/organization/{orgId}/summary",
            "count_interactions",
            "How many interactions of each source there are.",
            interactions::count_interactions,
        ),
        post(
            "/api/v1/interactions/organization/{orgId}/analyze",
            "analyze_interactions",
            "What the interactions of a range say together: summary, insights, anomalies and recommendations.\n\nCROW counts every number and compares with the preceding range of the same length. Rules write the texts; a language model may write the summary (`summarySource`).",
            interactions::analyze_interactions,
        ),
    ]
}

fn catalogue() -> Vec<Entry> {
    const ALL: &str = "/api/v1/products/organization/{orgId}";
    const ONE: &str = "/api/v1/products/organization/{orgId}/{productId}";
    const SITE: &str = "/api/v1/products/organization/{orgId}/import/site";
    vec![
        get(
            ALL,
            "list_products",
            "The catalogue of an organization by name, in pages. All given conditions must hold.",
            products::list_products,
        ),
        post(
            ALL,
            "create_product",
            "Adds a product. 409: another one has its id or SKU.",
            products::create_product,
        ),
        get(
            "/api/v1/products/organization/{orgId}/activity",
            "product_activity",
            "What visitors did with each product in a range.",
            products::product_activity,
        ),
        post(
            "/api/v1/products/organization/{orgId}/import",
            "import_products",
            "Adds products of a file, and replaces those with the same id.\n\n`text/csv` with a header line: `id`, `sku`, `name`, `category`, `price`, `currency`, `url`, `image`; or `application/ld+json` with products of schema.org. At most 8 MiB and 20,000 products. A wrong line does not stop the others; the answer names it.",
            import::import_products,
        ),
        post(
            SITE,
            "start_site_import",
            "Asks for an import of the products of a site. 409: another one has not ended.\n\n`url` is a page, a sitemap or an index of sitemaps, also compressed with gzip. CROW reads products of schema.org from the JSON-LD of the pages, and stores all of them at the end, in one transaction. Only public addresses are asked.",
            site_imports::start_site_import,
        ),
        get(
            SITE,
            "get_site_import",
            "The newest import from a site: how far it is, and what was left out.",
            site_imports::get_site_import,
        ),
        delete(
            SITE,
            "cancel_site_import",
            "Ends an import from a site. Nothing of it is stored. 404: none is open.",
            site_imports::cancel_site_import,
        ),
        get(ONE, "get_product", "One product.", products::get_product),
        put(
            ONE,
            "replace_product",
            "Replaces all fields of a product. 409: another one has its SKU.",
            products::replace_product,
        ),
        delete(
            ONE,
            "remove_product",
            "Removes a product. Interactions keep its id.",
            products::remove_product,
        ),
    ]
}

fn issues() -> Vec<Entry> {
    const ONE: &str = "/issues/{orgId}/{issueId}";
    vec![
        get(
            "/issues/{orgId}",
            "list_issues",
            "Errors that occurred in a range, grouped, in pages. All given conditions must hold.\n\nA range counts a session whole if it has the error in the range. Texts come from pages and their visitors: they are not to be trusted.",
            issues::list_issues,
        ),
        get(
            "/issues/{orgId}/assignees",
            "list_assignees",
            "The people of the organization who can be assigned an issue, by name.",
            issues::list_assignees,
        ),
        get(
            ONE,
            "get_issue",
            "One issue: where it occurs, the stack of a recent occurrence, and the latest sessions with the moment in each.",
            issues::get_issue,
        ),
        put(
            ONE,
            "change_issue",
            "Changes the status or the assignee of an issue. Omitted fields stay as they are.\n\nA resolved issue is open again when it occurs. With `inNextRelease`, occurrences in releases that were in use do not reopen it: those from which CROW had seen any error in the 90 days before.",
            issues::change_issue,
        ),
    ]
}

fn live() -> Vec<Entry> {
    vec![
        get(
            "/live/{orgId}",
            "watch_sessions",
            "Sessions of an organization as they start, change or end.\n\nEvents: `session`, a session as in the list, at most once a second for each; comments as heartbeats. Changes before the response began are in the list.\n\nWith filters or `where`, each changed session is tested by what is stored of it so far. One that does not match, or no longer matches, is an event `other` with `{\"id\"}`. The field `cohort` is refused: it takes all sessions of a person.",
            live::watch_sessions,
        ),
        get(
            "/sessions/{orgId}/{sessionId}/live",
            "watch_session",
            "A session while it happens: first the stored lines, then new ones.\n\nEvents: `lines`, a JSON array of the lines of `replay`; `caughtUp` once all earlier lines are sent; `end` with `{\"endReason\"}` when the session is over; comments as heartbeats. No line is repeated or missing. If the response breaks off without `end`, request it again; it then starts from the beginning.",
            live::watch_session,
        ),
    ]
}

fn analytics() -> Vec<Entry> {
    vec![
        get(
            "/analytics/{orgId}/overview",
            "overview",
            "Sessions, visitors and page views, compared with the period before.",
            analytics::answer::<ask::Overview>,
        ),
        get(
            "/analytics/{orgId}/top",
            "top",
            "The most frequent values of a dimension.",
            analytics::answer::<ask::Top>,
        ),
        get(
            "/analytics/{orgId}/events",
            "events",
            "Events by type and name, and by time.",
            analytics::answer::<ask::Events>,
        ),
        post(
            "/analytics/{orgId}/funnel",
            "funnel",
            "How many sessions take the steps in order.",
            analytics::funnel,
        ),
        get(
            "/analytics/{orgId}/journeys",
            "journeys",
            "The sequences of pages that visitors see.",
            analytics::answer::<ask::Journeys>,
        ),
        get(
            "/analytics/{orgId}/heatmap",
            "heatmap",
            "Where people click on a page, or how far they scroll.",
            analytics::answer::<ask::Heatmap>,
        ),
        get(
            "/analytics/{orgId}/pages",
            "pages",
            "All pages, most frequent first. Here `text` matches a part of the path.",
            analytics::answer::<ask::Pages>,
        ),
        get(
            "/analytics/{orgId}/retention",
            "retention",
            "How many people return: cohorts by their first session in the range.",
            analytics::answer::<ask::Retention>,
        ),
        get(
            "/analytics/{orgId}/vitals",
            "vitals",
            "How fast pages load and respond.",
            analytics::answer::<ask::Vitals>,
        ),
    ]
}

fn assets() -> Vec<Entry> {
    vec![
        post(
            "/assets/{orgId}/resolve",
            "resolve_assets",
            "Which pictures and fonts are stored for a moment of a recording.",
            assets::resolve_assets,
        ),
        get(
            "/assets/{orgId}/{hash}",
            "get_asset",
            "The bytes of a picture or a font.",
            assets::get_asset,
        ),
    ]
}

fn admin() -> Vec<Entry> {
    vec![
        get(
            "/admin/{orgId}/keys",
            "list_keys",
            "The keys of an organization, oldest first.",
            keys::list_keys,
        ),
        post(
            "/admin/{orgId}/keys",
            "create_key",
            "Creates a key. The key is shown only in this response.",
            keys::create_key,
        ),
        delete(
            "/admin/{orgId}/keys/{keyId}",
            "revoke_key",
            "Revokes a key permanently, and ends its sign-ins and streams at once.",
            keys::revoke_key,
        ),
        post(
            "/admin/{orgId}/keys/{keyId}/rotate",
            "rotate_key",
            "Creates a key with the same rights as this one, which works for `overlapSeconds` more and is revoked at once without it.",
            keys::rotate_key,
        ),
        post(
            "/admin/{orgId}/erasures/preview",
            "preview_erasure",
            "What an erasure would erase. Changes nothing.",
            erasures::preview_erasure,
        ),
        post(
            "/admin/{orgId}/erasures",
            "erase",
            "Erases sessions for good.\n\nWhen this responds, their keys and rows are gone: no request finds them, and sealed recordings can no longer be read. The rest is removed within minutes, also recordings that are not sealed; the receipts say when. What arrives later for an erased session is refused.",
            erasures::erase,
        ),
        get(
            "/admin/{orgId}/erasures",
            "list_erasures",
            "Erasures of the organization, newest first, with their receipts.",
            erasures::list_erasures,
        ),
        get(
            "/admin/{orgId}/erasures/{erasureId}",
            "get_erasure",
            "One erasure with its receipts.",
            erasures::get_erasure,
        ),
        get(
            "/admin/{orgId}/access",
            "access",
            "What is stored of one person, as a zip.\n\nFor access requests (GDPR Art. 15). `README.txt` in the zip says what each file holds. Each request is noted in the audit log. A zip that was cut off cannot be opened.",
            access::access,
        ),
        get(
            "/admin/{orgId}/settings",
            "get_settings",
            "What the organization decided about its data.",
            settings::get_settings,
        ),
        put(
            "/admin/{orgId}/settings",
            "change_settings",
            "Replaces the settings. Gateways follow at once, or within 30 s without the message bus.\n\nSend the `version` that you read. If somebody else changed the settings since, the answer is 409 and nothing is changed.",
            settings::change_settings,
        ),
    ]
}

/// Of the same tag: how the installation is doing.
fn operation() -> Vec<Entry> {
    vec![
        get(
            "/admin/{orgId}/health",
            "health",
            "The state of the installation and of the organization. Partitions, keepers and dead letters are those of the whole installation, and hold nothing of other organizations.",
            health::health,
        ),
        get(
            "/admin/{orgId}/usage",
            "usage",
            "What the organization used on each day in UTC: sessions, events, interactions, calls of language models and their tokens. At most 92 days.",
            usage::usage,
        ),
        get(
            "/admin/{orgId}/dead-letters",
            "list_dead_letters",
            "Dead letters of the organization, newest first. Letters too damaged to show their organization appear only in `crow dlq`.",
            letters::list_letters,
        ),
        get(
            "/admin/{orgId}/dead-letters/{letterId}",
            "get_dead_letter",
            "One dead letter with its content.",
            letters::get_letter,
        ),
        delete(
            "/admin/{orgId}/dead-letters/{letterId}",
            "drop_dead_letter",
            "Removes a dead letter permanently.",
            letters::drop_letter,
        ),
        post(
            "/admin/{orgId}/dead-letters/{letterId}/retry",
            "retry_dead_letter",
            "Moves a dead letter back to where it came from, to be processed again.",
            letters::retry_letter,
        ),
    ]
}

fn sign_in() -> Vec<Entry> {
    vec![
        post(
            "/auth/session",
            "sign_in",
            "Signs in: exchanges a key for a cookie that lasts twelve hours, or one hour with an auth service. Revoking the key ends it at once.\n\nThe cookie is `__Host-crow_session` over https, Secure, else `crow_session`; HttpOnly, SameSite=Strict.",
            sign_in::begin,
        ),
        get(
            "/auth/session",
            "get_signed_in",
            "The current sign-in.",
            sign_in::show,
        ),
        delete("/auth/session", "sign_out", "Signs out.", sign_in::end),
    ]
}

fn audit_log() -> Vec<Entry> {
    vec![
        get(
            "/admin/{orgId}/audit",
            "list_audit",
            "Who did what, newest first, in pages.",
            audit::list_audit,
        ),
        get(
            "/admin/{orgId}/audit/export",
            "export_audit",
            "The audit log as a file, newest first.",
            audit::export_audit,
        ),
    ]
}

fn services() -> Vec<Entry> {
    vec![
        post(
            "/api/v1/api-keys/verify",
            "verify_key",
            "The rights of a key, for services whose `AUTH_SERVICE_URL` is this one.\n\nThe answer comes from the table, so a key that was revoked is not valid from then on. 422: keys are verified by another service.",
            verify::verify_key,
        ),
        post(
            "/api/v1/interactions/create-interaction",
            "create_interaction",
            "Queues an interaction that another service has seen, or a batch of described camera frames.\n\nThe answer comes when the message is durable. A repeat with the same `Idempotency-Key`, or without one with the same content, makes no second interaction. A batch is named by `sessionId`, `cameraId` and `batchIndex`.",
            reports::create_interaction,
        ),
    ]
}
