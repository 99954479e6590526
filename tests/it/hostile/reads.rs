//! Questions that the read API does not answer, and routes and methods that are not there.

use super::case::Case;

/// Query parameters of the list that are refused.
const BAD_LISTS: &[&str] = &[
    "limit=0",
    "limit=-1",
    "limit=201",
    "limit=1.5",
    "limit=1e2",
    "limit=",
    "limit=ten",
    "limit=99999999999999999999",
    "limit=10&limit=10",
    "limit[]=10",
    "cursor=",
    "cursor=x",
    "cursor=%25%25%25",
    "cursor=..%2F..%2Fetc",
    "cursor=czox",                               // s:1
    "cursor=czoxOgA",                            // s:1:NUL
    "cursor=czo5OTk5OTk5OTk5OTk5OTk5OTk5OTk6eA", // s:99999999999999999999:x
    "cursor=ZToxOmE",                            // of another list
    "color=red",
    "organizationId=rival",
    "orgId=rival",
    "from=soon",
    "from=1e999",
    "from=9223372036854775808",
    "from=2025-02-30T00:00:00Z",
    "to=%00",
    "minDuration=-1",
    "maxDuration=1.5",
    "live=maybe",
    "errors=2",
    "userId=",
    "userId=a%00b",
    "text=%00",
    "eventType=%00",
];

/// Query parameters of the other routes that are refused.
const BAD_OTHERS: &[&str] = &[
    "/victim?x=1",
    "/victim/events?limit=1001",
    "/victim/events?cursor=czoxOmE",
    "/victim/events?type=",
    "/victim/events?type=%00",
    "/victim/replay?format=xml",
    "/victim/replay?format=",
    "/victim/replay?from=2&to=1",
    "/victim/replay?from=NaN",
    "/victim/export?format=rrweb",
];

/// Paths below the organization that lead nowhere.
const NOWHERE: &[&str] = &[
    "/",
    "/missing",
    "/victim/",
    "/victim/nothing",
    "/victim/replay/more",
    "/victim%00",
    "/%ff%fe",
    "/%zz",
    "/..%2f..%2fetc%2fpasswd",
    "/%2e%2e/rival",
    "/../rival",
    "/../../etc/passwd",
    "//victim",
    "/victim;x=1",
    "/victim%27%20OR%20%271%27=%271",
    "/*",
    "/VICTIM",
];

/// Filters that would find everything if they were pasted into SQL or into a pattern.
const INJECTIONS: &[&str] = &[
    "%27%20OR%20%271%27%3D%271",
    "%27;DROP%20TABLE%20sessions;--",
    "%22%20OR%20%22%22%3D%22",
    "%25",
    "_",
    "%5C",
    "%2A",
    "%F0%9F%98%80",
    "%FF",
];

/// All of them; `key` is a good read key of the organization.
pub fn cases(key: &str) -> Vec<Case> {
    let get = |path: &str| Case::query(path, "GET", &format!("/sessions/acme{path}")).key(key);
    let mut cases = Vec::new();
    for query in BAD_LISTS {
        cases.push(get(&format!("?{query}")).fails(400, "malformed"));
    }
    for path in BAD_OTHERS {
        cases.push(get(path).fails(400, "malformed"));
    }
    for path in NOWHERE {
        cases.push(get(path).fails(404, "not_found"));
    }
    let texts = [
        "userId",
        "country",
        "device",
        "browser",
        "os",
        "url",
        "eventType",
        "eventName",
        "text",
    ];
    for name in texts {
        for value in INJECTIONS {
            let case = get(&format!("?{name}={value}")).succeeds(200);
            cases.push(case.answer_has(r#"{"sessions":[],"nextCursor":null}"#));
        }
    }
    let long = "a".repeat(2_049);
    let long_cursor = "A".repeat(20_000);
    cases.extend([
        get(&format!("?text={long}")).fails(400, "malformed"),
        get(&format!("?cursor={long_cursor}")).fails(400, "malformed"),
        get(&format!("/{long_cursor}")).fails(404, "not_found"),
        get("?to=9223372036854775807&from=-9223372036854775808").succeeds(200),
        get("?minDuration=9223372036854775807").succeeds(200),
    ]);
    cases.extend(routes(key));
    cases
}

fn routes(key: &str) -> Vec<Case> {
    let mut cases = Vec::new();
    let read = [
        "/sessions/acme",
        "/sessions/acme/victim",
        "/sessions/acme/victim/replay",
        "/openapi.json",
    ];
    for method in ["POST", "PUT", "PATCH", "DELETE", "TRACE", "PROPFIND"] {
        for path in read {
            let case = Case::query(path, method, path).key(key);
            cases.push(
                case.answered_with("allow", "GET")
                    .fails(405, "method_not_allowed"),
            );
        }
    }
    for method in ["GET", "PUT", "DELETE", "TRACE", "PROPFIND"] {
        for path in ["/batch", "/track", "/session/start", "/session/end"] {
            let case = Case::ingest(path, method, path);
            cases.push(
                case.answered_with("allow", "POST")
                    .fails(405, "method_not_allowed"),
            );
        }
    }
    for path in [
        "/",
        "/sessions",
        "/admin",
        "/.env",
        "/batch/",
        "/BATCH",
        "/health",
        "/metrics/../batch",
        "//batch",
        "/%2e/batch",
    ] {
        cases.push(Case::ingest(path, "POST", path).fails(404, "not_found"));
        // There is the dashboard.
        if path != "/" {
            cases.push(
                Case::query(path, "GET", path)
                    .key(key)
                    .fails(404, "not_found"),
            );
        }
    }
    cases
}
