//! Which service a path belongs to.

use anyhow::{Context, ensure};
use reqwest::Url;

use crate::config::GatewayConfig;

/// Paths of the SDK. They take keys. A page of the same host may send the cookie of a sign-in with
/// them, which means nothing here.
const OF_INGEST: &[&str] = &[
    "/batch",
    "/track",
    "/asset",
    "/session/start",
    "/session/end",
];
/// Files of the SDK.
const OF_SDK: &str = "/sdk/";
/// Paths of `crow-query` that check what is presented themselves: sign-ins, and the system secret.
const OF_SIGN_IN: &[&str] = &["/auth/", "/api/v1/api-keys/"];
/// Paths that are each service's own, and never forwarded.
const OWN: &[&str] = &["/metrics", "/health"];

/// Who is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Admits {
    /// Keys and sign-ins.
    Callers,
    /// Keys.
    Keys,
    /// Whatever the service itself admits. It gets what the client sent.
    Itself,
}

/// The beginning of the scopes of public callers. No other scope begins so, so a token of an address
/// can never do what a key or a user may do.
const PUBLIC: &str = "public:";
/// The longest scope, in bytes.
const MAX_SCOPE: usize = 64;

/// A service, and the paths that belong to it.
#[derive(Debug, Clone)]
pub(crate) struct Place {
    prefix: String,
    pub(crate) url: Url,
    pub(crate) admits: Admits,
    /// What callers may do that present nothing. Empty: they get no token.
    pub(crate) public_scopes: Vec<String>,
    /// For metrics.
    pub(crate) name: &'static str,
}

/// All services.
#[derive(Debug, Clone)]
pub(crate) struct Places {
    /// Longest prefix first.
    all: Vec<Place>,
}

impl Places {
    pub(crate) fn new(config: &GatewayConfig) -> anyhow::Result<Self> {
        let ingest = url_of("gateway.ingest_url", &config.ingest_url)?;
        let query = url_of("gateway.query_url", &config.query_url)?;
        let mut all = Vec::new();
        let mut add = |prefix: &str, url: &Url, admits, name| {
            all.push(Place {
                prefix: prefix.to_owned(),
                url: url.clone(),
                admits,
                public_scopes: Vec::new(),
                name,
            });
        };
        for prefix in OF_INGEST {
            add(prefix, &ingest, Admits::Keys, "ingest");
        }
        add(OF_SDK, &ingest, Admits::Keys, "ingest");
        for prefix in OF_SIGN_IN {
            add(prefix, &query, Admits::Itself, "query");
        }
        add("/", &query, Admits::Callers, "query");
        for service in &config.services {
            let prefix = &service.prefix;
            ensure!(
                prefix.starts_with('/') && prefix.len() > 1,
                "gateway.services: prefix {prefix:?} must begin with / and have more than that"
            );
            for scope in &service.public_scopes {
                check_public_scope(scope)?;
            }
            all.push(Place {
                prefix: prefix.clone(),
                url: url_of("gateway.services: url", &service.url)?,
                admits: Admits::Callers,
                public_scopes: service.public_scopes.clone(),
                name: "other",
            });
        }
        all.sort_by_key(|place| std::cmp::Reverse(place.prefix.len()));
        Ok(Self { all })
    }

    /// The service of a path; `None` when the path is not forwarded.
    pub(crate) fn of(&self, path: &str) -> Option<&Place> {
        let is_own = OWN.iter().any(|own| is_below(path, own));
        if is_own || path.split('/').any(is_dots) {
            return None;
        }
        self.all.iter().find(|place| is_below(path, &place.prefix))
    }
}

fn check_public_scope(scope: &str) -> anyhow::Result<()> {
    let is_plain = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b"_-:".contains(&b);
    let name = scope.strip_prefix(PUBLIC).unwrap_or_default();
    ensure!(
        !name.is_empty() && scope.len() <= MAX_SCOPE && name.bytes().all(is_plain),
        "gateway.services: public_scopes: {scope:?} must look like public:chat, in lower case"
    );
    Ok(())
}

/// Whether the path is this one or below it.
pub(crate) fn is_below(path: &str, prefix: &str) -> bool {
    path.strip_prefix(prefix)
        .is_some_and(|rest| rest.is_empty() || prefix.ends_with('/') || rest.starts_with('/'))
}

/// `.` or `..`, possibly escaped. URLs are resolved on the way, so such a path could end elsewhere.
fn is_dots(segment: &str) -> bool {
    let plain = segment.to_ascii_lowercase().replace("%2e", ".");
    plain == "." || plain == ".."
}

fn url_of(setting: &str, text: &str) -> anyhow::Result<Url> {
    let url = Url::parse(text).with_context(|| format!("{setting} is not a URL"))?;
    ensure!(
        matches!(url.scheme(), "http" | "https") && url.path() == "/" && url.query().is_none(),
        "{setting} must be http:// or https:// with a host and without a path"
    );
    Ok(url)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::ServiceConfig;

    fn places() -> Places {
        let config = GatewayConfig {
            services: vec![ServiceConfig {
                prefix: "/chat/".to_owned(),
                url: "http://chat:1".to_owned(),
                public_scopes: Vec::new(),
            }],
            ..GatewayConfig::default()
        };
        Places::new(&config).unwrap()
    }

    #[test]
    fn the_longest_prefix_wins() {
        let places = places();
        for (path, admits, port) in [
            ("/batch", Admits::Keys, 7070),
            ("/session/start", Admits::Keys, 7070),
            ("/sdk/crow.js", Admits::Keys, 7070),
            ("/sessions/acme", Admits::Callers, 7071),
            ("/assets/acme/resolve", Admits::Callers, 7071),
            ("/asset", Admits::Keys, 7070),
            ("/batches", Admits::Callers, 7071),
            ("/auth/session", Admits::Itself, 7071),
            ("/authors", Admits::Callers, 7071),
            ("/", Admits::Callers, 7071),
            ("/chat/rooms", Admits::Callers, 1),
        ] {
            let place = places.of(path).unwrap();
            let found = (place.admits, place.url.port().unwrap());
            assert_eq!(found, (admits, port), "{path}");
        }
    }

    #[test]
    fn only_public_scopes_go_to_callers_that_present_nothing() {
        let with = |scope: &str| {
            let config = GatewayConfig {
                services: vec![ServiceConfig {
                    prefix: "/chat/".to_owned(),
                    url: "http://chat:1".to_owned(),
                    public_scopes: vec![scope.to_owned()],
                }],
                ..GatewayConfig::default()
            };
            Places::new(&config).map(|places| places.of("/chat/a").unwrap().clone())
        };
        let place = with("public:chat").unwrap();
        assert_eq!(place.public_scopes, ["public:chat"]);
        for scope in ["read", "admin", "public:", "public", "public:Chat", ""] {
            let error = with(scope).unwrap_err().to_string();
            assert!(error.contains(&format!("{scope:?}")), "{error}");
        }
        let places = places();
        for path in ["/", "/sessions/acme", "/batch", "/auth/session"] {
            assert!(places.of(path).unwrap().public_scopes.is_empty(), "{path}");
        }
    }

    #[test]
    fn operators_paths_and_dots_are_not_forwarded() {
        let places = places();
        for path in [
            "/metrics",
            "/health/ready",
            "/auth/../metrics",
            "/auth/%2e%2E/metrics",
            "/./metrics",
            "/chat/.%2e/admin",
        ] {
            assert!(places.of(path).is_none(), "{path}");
        }
        assert!(places.of("/sessions/acme/a..b").is_some());
    }
}
