//! Connections to the service.

use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use anyhow::Context;
use http::{Request, Response, Uri};
use hyper_util::rt::TokioIo;
use reqwest::Url;
use reqwest::header::HeaderValue;
use rustls::pki_types::ServerName;
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;
use tonic::body::Body;
use tonic::transport::{Channel, Endpoint};
use tower::ServiceExt;

use crow_runtime::ClientTls;

use crate::config::GatewayConfig;
use crate::proof::Proofs;

/// Connections. The service lets 256 calls at a time onto each, and a call that watches a session
/// may last for hours.
pub(super) const CONNECTIONS: usize = 16;
/// A connection must be made within this time.
const CONNECT: Duration = Duration::from_secs(2);
/// Time between pings on a connection with calls.
const KEEPALIVE: Duration = Duration::from_secs(30);
/// A connection is given up if it does not answer a ping within this time.
const KEEPALIVE_TIMEOUT: Duration = Duration::from_secs(20);

/// Connections to the service, which are made when they are needed, and again when they break.
pub(crate) struct Channels {
    all: Vec<Channel>,
    next: AtomicUsize,
    secret: Option<HeaderValue>,
}

/// Those of the configured service. It does not connect yet.
pub(crate) fn channels(config: &GatewayConfig, proofs: &Proofs) -> anyhow::Result<Channels> {
    let setting = "gateway.query_grpc_url";
    let text = config.query_grpc_url.as_str();
    let url = Url::parse(text).with_context(|| format!("{setting} is not a URL"))?;
    let is_https = url.scheme() == "https";
    anyhow::ensure!(
        (is_https || url.scheme() == "http") && url.has_host(),
        "{setting} must be http:// or https:// with a host and without a path"
    );
    let endpoint = endpoint(text).with_context(|| format!("{setting} is not a URL"))?;
    let secured = is_https.then(|| Secured::new(&url, &proofs.tls));
    let all = (0..CONNECTIONS).map(|_| match secured.clone() {
        Some(secured) => {
            let connector = move |_uri: Uri| secured.clone().connect();
            endpoint.connect_with_connector_lazy(tower::service_fn(connector))
        }
        None => endpoint.connect_lazy(),
    });
    Ok(Channels {
        all: all.collect(),
        next: AtomicUsize::new(0),
        secret: proofs.secret(&url, "gateway.query_gateway_key", &config.query_gateway_key)?,
    })
}

/// tonic would read the certificate once. So it is given a scheme without TLS, and a connector with
/// it; the service sees the real scheme.
fn endpoint(url: &str) -> anyhow::Result<Endpoint> {
    let plain = url.replacen("https://", "http://", 1);
    Ok(Endpoint::from_shared(plain)?
        .origin(url.parse()?)
        .connect_timeout(CONNECT)
        .tcp_nodelay(true)
        .http2_keep_alive_interval(KEEPALIVE)
        .keep_alive_timeout(KEEPALIVE_TIMEOUT))
}

/// Makes connections with TLS.
#[derive(Clone)]
struct Secured {
    host: String,
    port: u16,
    connector: TlsConnector,
}

impl Secured {
    fn new(url: &Url, tls: &ClientTls) -> Self {
        let mut config = tls.client_config();
        config.alpn_protocols = vec![b"h2".to_vec()];
        let host = url.host_str().unwrap_or_default();
        Self {
            // An IPv6 address is in brackets there.
            host: host.trim_matches(['[', ']']).to_owned(),
            port: url.port_or_known_default().unwrap_or(443),
            connector: TlsConnector::from(Arc::new(config)),
        }
    }

    async fn connect(self) -> io::Result<TokioIo<TlsStream<TcpStream>>> {
        let name = ServerName::try_from(self.host.clone()).map_err(io::Error::other)?;
        let socket = TcpStream::connect((self.host.as_str(), self.port)).await?;
        socket.set_nodelay(true)?;
        let stream = self.connector.connect(name, socket).await?;
        Ok(TokioIo::new(stream))
    }
}

impl Channels {
    /// The gateway's secret for the service; `None`: its certificate is enough.
    pub(super) fn secret(&self) -> Option<&HeaderValue> {
        self.secret.as_ref()
    }

    pub(super) async fn call(
        &self,
        call: Request<Body>,
    ) -> Result<Response<Body>, tonic::transport::Error> {
        let next = self.next.fetch_add(1, Ordering::Relaxed);
        let channel = self.all[next % self.all.len()].clone();
        channel.oneshot(call).await
    }
}
