use std::net::{IpAddr, SocketAddr};
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use reqwest::header::{ACCEPT, ACCEPT_ENCODING, LOCATION};
use reqwest::redirect::Policy;
use reqwest::{Client, Method, RequestBuilder, Response};
use url::{Host, Url};

use crate::answer::{self, Answer, Limits};
use crate::config::OutboundConfig;
use crate::error::{Error, Refusal};

/// The name that sites see.
const AGENT: &str = concat!("CROW/", env!("CARGO_PKG_VERSION"));
/// To connect, with TLS.
const CONNECT: Duration = Duration::from_secs(5);
/// Connections that nothing used for this long are closed.
const IDLE: Duration = Duration::from_secs(10);
/// Bytes of an address that a site redirects to.
const MOST_ADDRESS: usize = 2_048;

/// A client that reaches only what everybody on the internet can reach, and what the operator allows.
/// Cloning is cheap; clones share connections.
#[derive(Debug, Clone)]
pub struct Outbound {
    client: Client,
    config: Arc<OutboundConfig>,
}

impl Outbound {
    /// A client with the names of the operating system. The TLS provider of the process must be
    /// installed.
    ///
    /// # Errors
    /// When the operating system's certificates cannot be used.
    pub fn new(config: &OutboundConfig) -> Result<Self, Error> {
        Self::with_names(config, Arc::new(look_up))
    }

    pub(crate) fn with_names(config: &OutboundConfig, names: Names) -> Result<Self, Error> {
        let config = Arc::new(config.clone());
        let checked = CheckedNames {
            names,
            config: Arc::clone(&config),
        };
        let client = Client::builder()
            .user_agent(AGENT)
            .no_proxy()
            .http1_only()
            .redirect(Policy::none())
            .referer(false)
            .connect_timeout(CONNECT)
            .pool_idle_timeout(IDLE)
            .dns_resolver(Arc::new(checked))
            .build()
            .map_err(Error::Client)?;
        Ok(Self { client, config })
    }

    /// A request to an address that was checked as far as it can be without its host's addresses. Those
    /// are checked when the request connects.
    ///
    /// # Errors
    /// `Refused`, and why.
    pub fn request(&self, method: Method, url: &Url) -> Result<RequestBuilder, Error> {
        self.check(url).map_err(Error::Refused)?;
        Ok(self.client.request(method, url.clone()))
    }

    /// Reads what is at an address. Each redirect is checked like the first address, and `may_go` says
    /// whether the caller wants it.
    ///
    /// # Errors
    /// When an address is refused, the site cannot be reached, or a limit is passed. An HTTP status is
    /// no error.
    pub async fn get(
        &self,
        url: &Url,
        accept: &'static str,
        limits: &Limits,
        may_go: impl Fn(&Url) -> bool,
    ) -> Result<Answer, Error> {
        let following = self.follow(url.clone(), accept, limits, may_go);
        let answer = tokio::time::timeout(limits.time, following).await;
        answer.map_err(|_elapsed| Error::TooSlow(limits.time.as_secs()))?
    }

    /// Sends a body, and returns the HTTP status. The content of the answer is not read, and a redirect is
    /// an answer like others.
    ///
    /// # Errors
    /// When the address is refused, or there is no answer in time.
    pub async fn post(
        &self,
        url: &Url,
        headers: &[(&'static str, String)],
        body: Bytes,
        time: Duration,
    ) -> Result<u16, Error> {
        let mut request = self.request(Method::POST, url)?.body(body);
        for (name, value) in headers {
            request = request.header(*name, value);
        }
        match tokio::time::timeout(time, request.send()).await {
            Ok(answer) => Ok(answer.map_err(Error::of)?.status().as_u16()),
            Err(_elapsed) => Err(Error::TooSlow(time.as_secs())),
        }
    }

    async fn follow(
        &self,
        mut url: Url,
        accept: &'static str,
        limits: &Limits,
        may_go: impl Fn(&Url) -> bool,
    ) -> Result<Answer, Error> {
        for _redirect in 0..=limits.redirects {
            let request = self.request(Method::GET, &url)?;
            let request = request
                .header(ACCEPT, accept)
                .header(ACCEPT_ENCODING, "gzip");
            let response = request.send().await.map_err(Error::of)?;
            let Some(next) = next_of(&response, &url)? else {
                return answer::read(response, url, limits).await;
            };
            if !may_go(&next) {
                return Err(Error::Elsewhere);
            }
            url = next;
        }
        Err(Error::Redirects(limits.redirects))
    }

    /// Whether an address may be asked, as far as it can be known without its host's addresses. Each
    /// request checks them when it connects.
    ///
    /// # Errors
    /// Why not.
    pub fn check(&self, url: &Url) -> Result<(), Refusal> {
        if !matches!(url.scheme(), "http" | "https") {
            return Err(Refusal::Scheme);
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Err(Refusal::Credentials);
        }
        let port = url.port_or_known_default();
        if !port.is_some_and(|port| self.config.allows_port(port)) {
            return Err(Refusal::Port);
        }
        // An address in the URL passes no resolver.
        let literal = match url.host() {
            None | Some(Host::Domain("")) => return Err(Refusal::NoHost),
            Some(Host::Domain(name)) => literal(name),
            Some(Host::Ipv4(address)) => Some(IpAddr::V4(address)),
            Some(Host::Ipv6(address)) => Some(IpAddr::V6(address)),
        };
        match literal {
            Some(address) if !self.config.allows_address(address) => Err(Refusal::Address),
            _ => Ok(()),
        }
    }
}

/// `url` reads every spelling of an IPv4 address as one. This is for the day on which it does not.
fn literal(name: &str) -> Option<IpAddr> {
    name.trim_end_matches('.').parse().ok()
}

/// Where a response redirects to. `None`: it does not.
fn next_of(response: &Response, from: &Url) -> Result<Option<Url>, Error> {
    if !matches!(response.status().as_u16(), 301 | 302 | 303 | 307 | 308) {
        return Ok(None);
    }
    let location = response.headers().get(LOCATION);
    let location = location.and_then(|value| std::str::from_utf8(value.as_bytes()).ok());
    if location.is_some_and(|location| location.len() > MOST_ADDRESS) {
        return Err(Error::Refused(Refusal::Long));
    }
    let next = location.and_then(|location| from.join(location).ok());
    let next = next.ok_or(Error::Location)?;
    // A relative one may become longer.
    if next.as_str().len() > MOST_ADDRESS {
        return Err(Error::Refused(Refusal::Long));
    }
    if from.scheme() == "https" && next.scheme() == "http" {
        return Err(Error::Refused(Refusal::Downgrade));
    }
    Ok(Some(next))
}

/// The addresses of a name. Tests have their own.
pub(crate) type Names = Arc<dyn Fn(String) -> LookUp + Send + Sync>;
pub(crate) type LookUp = Pin<Box<dyn Future<Output = std::io::Result<Vec<SocketAddr>>> + Send>>;

fn look_up(name: String) -> LookUp {
    // The port of the URL replaces this one.
    Box::pin(async move { Ok(tokio::net::lookup_host((name, 0)).await?.collect()) })
}

/// The client connects to the addresses that this returns, and to no others.
struct CheckedNames {
    names: Names,
    config: Arc<OutboundConfig>,
}

impl Resolve for CheckedNames {
    fn resolve(&self, name: Name) -> Resolving {
        let found = (self.names)(name.as_str().to_owned());
        let config = Arc::clone(&self.config);
        Box::pin(async move {
            let mut allowed = found.await?;
            allowed.retain(|address| config.allows_address(address.ip()));
            if allowed.is_empty() {
                return Err(Refusal::Address.into());
            }
            Ok(Box::new(allowed.into_iter()) as Addrs)
        })
    }
}
