//! Which service a path belongs to.

use std::borrow::Cow;

use anyhow::{Context, ensure};
use reqwest::Url;
use reqwest::header::HeaderValue;

use crate::config::GatewayConfig;
use crate::proof::Proofs;

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
/// Paths of `crow-query` that check what is presented themselves: sign-ins and public links.
const OF_ITSELF: [&str; 2] = ["/auth/", "/shared/"];
/// Paths that are never forwarded: those that are each service's own, and those for services inside,
/// which take the system secret.
const OWN: &[&str] = &[
    "/metrics",
    "/health",
    "/api/v1/api-keys",
    "/api/v1/interactions/create-interaction",
];

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
    /// The gateway's secret for the service; `None`: its certificate is enough.
    pub(crate) secret: Option<HeaderValue>,
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
    pub(crate) fn new(config: &GatewayConfig, proofs: &Proofs) -> anyhow::Result<Self> {
        let ingest = Backend::ingest(config, proofs)?;
        let query = Backend::query(config, proofs)?;
        let mut all = Vec::new();
        for prefix in OF_INGEST.iter().chain([&OF_SDK]) {
            all.push(ingest.place(prefix, Admits::Keys));
        }
        for prefix in OF_ITSELF {
            all.push(query.place(prefix, Admits::Itself));
        }
        all.push(query.place("/", Admits::Callers));
        for service in &config.services {
            let prefix = &service.prefix;
            ensure!(
                prefix.starts_with('/') && prefix.len() > 1,
                "gateway.services: prefix {prefix:?} must begin with / and have more than that"
            );
            for scope in &service.public_scopes {
                check_public_scope(scope)?;
            }
            let url = url_of("gateway.services: url", &service.url)?;
            let setting = "gateway.services: gateway_key";
            all.push(Place {
                prefix: prefix.clone(),
                secret: proofs.secret(&url, setting, &service.gateway_key)?,
                url,
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
        // URLs are resolved on the way. A backslash counts as a slash there, and dots go up.
        if path.contains('\\') {
            return None;
        }
        let path = plain(path);
        let is_own = OWN.iter().any(|own| is_below(&path, own));
        if is_own || path.split('/').any(|part| part == "." || part == "..") {
            return None;
        }
        self.all.iter().find(|place| is_below(&path, &place.prefix))
    }
}

/// A service of ours.
struct Backend {
    url: Url,
    secret: Option<HeaderValue>,
    name: &'static str,
}

impl Backend {
    fn ingest(config: &GatewayConfig, proofs: &Proofs) -> anyhow::Result<Self> {
        let url = url_of("gateway.ingest_url", &config.ingest_url)?;
        let own = &config.ingest_gateway_key;
        Ok(Self {
            secret: proofs.secret(&url, "gateway.ingest_gateway_key", own)?,
            url,
            name: "ingest",
        })
    }

    fn query(config: &GatewayConfig, proofs: &Proofs) -> anyhow::Result<Self> {
        let url = url_of("gateway.query_url", &config.query_url)?;
        let own = &config.query_gateway_key;
        Ok(Self {
            secret: proofs.secret(&url, "gateway.query_gateway_key", own)?,
            url,
            name: "query",
        })
    }

    fn place(&self, prefix: &str, admits: Admits) -> Place {
        Place {
            prefix: prefix.to_owned(),
            url: self.url.clone(),
            admits,
            secret: self.secret.clone(),
            public_scopes: Vec::new(),
            name: self.name,
        }
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

/// The path as services read it: without escapes of characters that need none (RFC 3986, section 2.3).
pub(crate) fn plain(path: &str) -> Cow<'_, str> {
    if !path.contains('%') {
        return Cow::Borrowed(path);
    }
    let mut plain = String::with_capacity(path.len());
    let mut rest = path;
    while let Some((before, after)) = rest.split_once('%') {
        plain.push_str(before);
        let escaped = after
            .get(..2)
            .and_then(|hex| u8::from_str_radix(hex, 16).ok());
        match escaped.filter(|b| b.is_ascii_alphanumeric() || b"-._~".contains(b)) {
            Some(character) => {
                plain.push(char::from(character));
                rest = &after[2..];
            }
            None => {
                plain.push('%');
                rest = after;
            }
        }
    }
    plain.push_str(rest);
    Cow::Owned(plain)
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
mod tests;
