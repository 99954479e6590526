use std::any::Any;
use std::net::{Shutdown as NetShutdown, SocketAddr, TcpListener};
use std::os::fd::AsFd;
use std::sync::Arc;
use std::time::Duration;

use actix_tls::accept::rustls_0_23::TlsStream;
use actix_web::body::MessageBody;
use actix_web::dev::{Extensions, ServiceFactory, ServiceRequest, ServiceResponse};
use actix_web::rt::net::TcpStream;
use actix_web::{App, Error, HttpServer};
use tracing::{info, warn};

use crow_runtime::tls::TlsError;
use crow_runtime::{Shutdown, Tls, TlsConfig, telemetry};

use crate::connections::{ConnectionLimits, Connections};
use crate::peer::Peer;

/// Time for running requests to finish after the shutdown begins, in seconds.
const DRAIN_SECS: u64 = 15;
/// How often histogram samples are aggregated. This bounds their memory even if nobody scrapes.
const METRICS_UPKEEP: Duration = Duration::from_secs(5);

/// Why a server failed.
#[derive(Debug, thiserror::Error)]
pub enum ServeError {
    /// The address cannot be bound.
    #[error("cannot listen on {address} (setting {setting}); is another process using it?")]
    Bind {
        /// The address.
        address: SocketAddr,
        /// Where it was set, such as `ingest.listen`.
        setting: &'static str,
        /// Why.
        #[source]
        source: std::io::Error,
    },
    /// The server stopped on its own.
    #[error("the HTTP server on {address} failed")]
    Serve {
        /// The address.
        address: SocketAddr,
        /// Why.
        #[source]
        source: std::io::Error,
    },
}

/// A bound address that does not respond yet.
#[derive(Debug)]
pub struct Listener {
    pub(crate) socket: TcpListener,
    pub(crate) address: SocketAddr,
    limits: ConnectionLimits,
    pub(crate) tls: Option<Tls>,
}

/// Where operators reach health and metrics.
#[derive(Debug, Clone)]
pub struct Operators {
    /// Where the address was set, such as `ingest.admin_listen`.
    pub setting: &'static str,
    /// The address to bind.
    pub address: SocketAddr,
    /// Absent: plain text.
    pub tls: Option<Tls>,
}

impl Operators {
    /// With the address and the TLS of `admin_listen` and `admin_tls`; `None` without an address,
    /// which is logged if others than this machine reach `public`. The names of the two settings are
    /// for messages.
    ///
    /// # Errors
    /// When the certificate cannot be used.
    pub fn open(
        [listen, secured]: [&'static str; 2],
        address: Option<SocketAddr>,
        tls: &TlsConfig,
        public: SocketAddr,
        shutdown: &Shutdown,
    ) -> Result<Option<Self>, TlsError> {
        let Some(address) = address else {
            if !public.ip().is_loopback() {
                let address = public.to_string();
                warn!(
                    address,
                    setting = listen,
                    "health and metrics are public on this address; use the setting to move them"
                );
            }
            return Ok(None);
        };
        Ok(Some(Self {
            setting: listen,
            address,
            tls: Tls::open(secured, tls, shutdown)?,
        }))
    }

    /// Binds the address.
    pub(crate) fn bind(self) -> Result<Listener, ServeError> {
        Ok(Listener::bind(self.setting, self.address)?.secured(self.tls))
    }
}

impl Listener {
    /// Binds the address; port 0 picks a free one. `setting` names where the address was
    /// configured, for the error message.
    pub fn bind(setting: &'static str, listen: SocketAddr) -> Result<Self, ServeError> {
        let failed = |source| ServeError::Bind {
            address: listen,
            setting,
            source,
        };
        let socket = TcpListener::bind(listen).map_err(failed)?;
        let address = socket.local_addr().map_err(failed)?;
        info!(setting, address = address.to_string(), "listening");
        Ok(Self {
            socket,
            address,
            limits: ConnectionLimits::default(),
            tls: None,
        })
    }

    /// Speaks TLS if there is a certificate.
    #[must_use]
    pub fn secured(self, tls: Option<Tls>) -> Self {
        Self { tls, ..self }
    }

    /// Replaces the default connection limits.
    #[must_use]
    pub fn limited(self, limits: ConnectionLimits) -> Self {
        Self { limits, ..self }
    }

    /// The bound address.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Serves until the shutdown begins, then lets running requests finish.
    ///
    /// `workers` 0 means one per core. `factory` builds one app per worker; each worker is a thread
    /// with its own async runtime.
    pub async fn serve<F, T, B>(
        self,
        workers: usize,
        factory: F,
        shutdown: Shutdown,
    ) -> Result<(), ServeError>
    where
        F: Fn() -> App<T> + Send + Clone + 'static,
        T: ServiceFactory<
                ServiceRequest,
                Config = (),
                Response = ServiceResponse<B>,
                Error = Error,
                InitError = (),
            > + 'static,
        T::Future: 'static,
        B: MessageBody + 'static,
    {
        let address = self.address;
        let failed = |source| ServeError::Serve { address, source };
        let connections = Connections::new(self.limits);
        let stopping = connections.clone();
        let server = {
            let workers = if workers == 0 { cores() } else { workers };
            let server = HttpServer::new(factory)
                .workers(workers)
                .disable_signals()
                .shutdown_timeout(DRAIN_SECS)
                .client_request_timeout(Duration::from_secs(10))
                .on_connect(move |connection, extensions| {
                    meet(&connections, connection, extensions);
                });
            let server = match &self.tls {
                None => server.listen(self.socket),
                Some(tls) => server.listen_rustls_0_23(self.socket, config_of(tls)),
            };
            server.map_err(failed)?.run()
        };
        let handle = server.handle();
        let mut serving = std::pin::pin!(server);
        let mut upkeep = tokio::time::interval(METRICS_UPKEEP);
        loop {
            tokio::select! {
                outcome = &mut serving => return outcome.map_err(failed),
                () = shutdown.started() => break,
                _ = upkeep.tick() => telemetry::init_metrics().run_upkeep(),
            }
        }
        // A client that always has the next request ready would otherwise stay until the deadline,
        // and lose the request that is running then.
        stopping.stop();
        let (outcome, ()) = tokio::join!(serving, handle.stop(true));
        outcome.map_err(failed)
    }
}

/// actix adds the protocols that it speaks to its own copy.
pub(crate) fn config_of(tls: &Tls) -> rustls::ServerConfig {
    (*tls.server_config()).clone()
}

/// Registers the connection with its peer, and closes it if there is no room.
fn meet(connections: &Connections, connection: &dyn Any, extensions: &mut Extensions) {
    let secured = connection.downcast_ref::<TlsStream<TcpStream>>();
    let secured = secured.map(|stream| stream.get_ref());
    if let Some(peer) = secured.and_then(|(_, tls)| Peer::of_chain(tls.peer_certificates())) {
        extensions.insert(peer);
    }
    let secured = secured.map(|(stream, _)| stream);
    let Some(stream) = secured.or_else(|| connection.downcast_ref()) else {
        return;
    };
    let Ok(peer) = stream.peer_addr() else {
        return;
    };
    connections.cut_off_stalled(stream);
    // A second handle of the socket, used to close it.
    let Ok(handle) = stream.as_fd().try_clone_to_owned() else {
        return;
    };
    let handle = Arc::new(std::net::TcpStream::from(handle));
    let close = {
        let handle = Arc::clone(&handle);
        move || drop(handle.shutdown(NetShutdown::Both))
    };
    match connections.admit(peer.ip(), close) {
        Some(connection) => {
            extensions.insert(Arc::new(connection));
        }
        None => drop(handle.shutdown(NetShutdown::Both)),
    }
}

fn cores() -> usize {
    std::thread::available_parallelism().map_or(2, std::num::NonZeroUsize::get)
}
