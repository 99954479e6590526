//! Routes about dashboards and collections.

use crate::rest::table::{Entry, delete, get, post, put};
use crate::rest::{collections, dashboards};

pub(super) fn dashboards() -> Vec<Entry> {
    const ALL: &str = "/dashboards/{orgId}";
    const ONE: &str = "/dashboards/{orgId}/{dashboardId}";
    vec![
        get(
            ALL,
            "list_dashboards",
            "One's dashboards and those that others share, by name.",
            dashboards::list_dashboards,
        ),
        post(
            ALL,
            "create_dashboard",
            "Stores a dashboard, for oneself or for everybody in the organization.\n\nEach tile is a question that another route answers, and is checked as that route checks it. 409: one has 100 dashboards, or the organization already shares 500.",
            dashboards::create_dashboard,
        ),
        get(
            ONE,
            "get_dashboard",
            "One dashboard with its tiles. Ask the question of each tile at its own route.\n\nWithout the scope `read`, tiles that need it or name a person have no title and no parameters.",
            dashboards::get_dashboard,
        ),
        put(
            ONE,
            "change_dashboard",
            "Replaces one's own dashboard. An admin also changes what others share.\n\nSend the `version` that you read. If somebody else changed the dashboard since, the answer is 409 and nothing is changed.",
            dashboards::change_dashboard,
        ),
        delete(
            ONE,
            "remove_dashboard",
            "Removes one's own dashboard. An admin also removes what others share.",
            dashboards::remove_dashboard,
        ),
    ]
}

pub(super) fn collections() -> Vec<Entry> {
    const ALL: &str = "/collections/{orgId}";
    const ONE: &str = "/collections/{orgId}/{collectionId}";
    const SESSION: &str = "/collections/{orgId}/{collectionId}/sessions/{sessionId}";
    vec![
        get(
            ALL,
            "list_collections",
            "The collections of an organization by name. The list of sessions has their sessions: `?collection=`.",
            collections::list_collections,
        ),
        post(
            ALL,
            "create_collection",
            "Stores a collection of sessions.\n\n409: another one has the name, or the organization has 200.",
            collections::create_collection,
        ),
        put(
            ONE,
            "change_collection",
            "Replaces the name and the note of a collection.",
            collections::change_collection,
        ),
        delete(
            ONE,
            "remove_collection",
            "Removes a collection. Its sessions stay.",
            collections::remove_collection,
        ),
        put(
            SESSION,
            "collect_session",
            "Puts a session into a collection. One that is in it is no change.\n\n409: the collection has 1,000 sessions.",
            collections::collect_session,
        ),
        delete(
            SESSION,
            "take_session_out",
            "Takes a session out of a collection.",
            collections::take_session_out,
        ),
    ]
}
