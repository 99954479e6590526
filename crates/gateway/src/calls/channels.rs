//! Connections to the service.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use anyhow::Context;
use http::{Request, Response};
use tonic::body::Body;
use tonic::transport::{Certificate, Channel, ClientTlsConfig, Endpoint};
use tower::ServiceExt;

use crate::config::GatewayConfig;

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
}

/// Those of the configured service. It does not connect yet.
pub(crate) fn channels(config: &GatewayConfig) -> anyhow::Result<Channels> {
    let setting = "gateway.query_grpc_url";
    let url = config.query_grpc_url.as_str();
    let is_https = url.starts_with("https://");
    anyhow::ensure!(
        is_https || url.starts_with("http://"),
        "{setting} must be http:// or https:// with a host and without a path"
    );
    let endpoint = Endpoint::from_shared(url.to_owned());
    let mut endpoint = endpoint
        .with_context(|| format!("{setting} is not a URL"))?
        .connect_timeout(CONNECT)
        .tcp_nodelay(true)
        .http2_keep_alive_interval(KEEPALIVE)
        .keep_alive_timeout(KEEPALIVE_TIMEOUT);
    if is_https {
        let tls = tls(&config.ca_file)?;
        endpoint = endpoint
            .tls_config(tls)
            .with_context(|| format!("TLS of {setting}"))?;
    }
    let all = (0..CONNECTIONS).map(|_| endpoint.connect_lazy()).collect();
    Ok(Channels {
        all,
        next: AtomicUsize::new(0),
    })
}

fn tls(ca_file: &str) -> anyhow::Result<ClientTlsConfig> {
    let tls = ClientTlsConfig::new().with_native_roots();
    if ca_file.is_empty() {
        return Ok(tls);
    }
    let pem = std::fs::read(ca_file);
    let pem = pem.with_context(|| format!("gateway.ca_file: cannot read {ca_file}"))?;
    Ok(tls.ca_certificate(Certificate::from_pem(pem)))
}

impl Channels {
    pub(super) async fn call(
        &self,
        call: Request<Body>,
    ) -> Result<Response<Body>, tonic::transport::Error> {
        let next = self.next.fetch_add(1, Ordering::Relaxed);
        let channel = self.all[next % self.all.len()].clone();
        channel.oneshot(call).await
    }
}
