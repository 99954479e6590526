//! Connections of the gRPC server: counted, and closed when they stay silent. A connection is silent while it has
//! no open call: then it can be closed to make room for others.

use std::future::Future;
use std::io;
use std::net::IpAddr;
use std::pin::Pin;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll};
use std::time::Duration;

use futures::{Stream, StreamExt};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;
use tokio::time::{Instant, Sleep, sleep_until, timeout_at};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::server::TlsStream;
use tokio_util::either::Either;
use tokio_util::sync::{CancellationToken, WaitForCancellationFutureOwned};
use tonic::transport::server::{Connected, TcpIncoming};
use tracing::debug;

use crow_runtime::Tls;
use crow_types::log_chain;

use crate::connections::{Connection, ConnectionLimits, Connections};
use crate::peer::Peer;

/// The first call of a connection has to arrive within this time.
const FIRST_CALL: Duration = Duration::from_secs(10);

/// Where calls come from.
pub struct Incoming {
    /// The bound address.
    pub sockets: TcpIncoming,
    /// Absent: plain text.
    pub tls: Option<Tls>,
    /// Limits of its connections.
    pub limits: ConnectionLimits,
}

/// Accepted connections, up to the limits. A TLS handshake does not delay other connections.
pub fn accepted(incoming: Incoming) -> impl Stream<Item = io::Result<Watched>> {
    let Incoming {
        sockets,
        tls,
        limits,
    } = incoming;
    let at_once = limits.all;
    let connections = Connections::new(limits);
    let tls = tls.map(|tls| acceptor(&tls));
    sockets
        .map(move |socket| accept(socket, tls.clone(), connections.clone()))
        .buffer_unordered(at_once)
        .filter_map(std::future::ready)
}

/// Clients speak HTTP/2 over TLS only to a server that says that it does.
fn acceptor(tls: &Tls) -> TlsAcceptor {
    let mut config = (*tls.server_config()).clone();
    config.alpn_protocols = vec![b"h2".to_vec()];
    TlsAcceptor::from(Arc::new(config))
}

async fn accept(
    socket: io::Result<TcpStream>,
    tls: Option<TlsAcceptor>,
    connections: Connections,
) -> Option<io::Result<Watched>> {
    match socket {
        Ok(socket) => Watched::accept(socket, tls, &connections).await.map(Ok),
        Err(error) => Some(Err(error)),
    }
}

/// The connection of a call.
#[derive(Clone)]
pub struct Caller {
    address: IpAddr,
    peer: Option<Peer>,
    calls: Arc<Calls>,
}

/// The calls of a connection.
struct Calls {
    connection: Connection,
    has_asked: AtomicBool,
    open: Mutex<usize>,
}

/// A call that is answered. The connection is silent when it has none.
pub(super) struct OpenCall(Arc<Calls>);

impl Drop for OpenCall {
    fn drop(&mut self) {
        let mut open = self.0.open();
        *open -= 1;
        if *open == 0 {
            self.0.connection.is_silent();
        }
    }
}

impl Calls {
    fn open(&self) -> MutexGuard<'_, usize> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Caller {
    /// The address at the other end.
    #[must_use]
    pub fn address(&self) -> IpAddr {
        self.address
    }

    /// Who presented a certificate.
    #[must_use]
    pub fn peer(&self) -> Option<&Peer> {
        self.peer.as_ref()
    }

    pub(super) fn opens_call(&self) -> OpenCall {
        self.calls.has_asked.store(true, Ordering::Relaxed);
        let mut open = self.calls.open();
        *open += 1;
        self.calls.connection.asks();
        drop(open);
        OpenCall(Arc::clone(&self.calls))
    }
}

/// A socket that fails when no call arrives in time, or when its place is needed.
pub struct Watched {
    stream: Either<TcpStream, TlsStream<TcpStream>>,
    caller: Caller,
    silent_until: Pin<Box<Sleep>>,
    is_closed: Pin<Box<WaitForCancellationFutureOwned>>,
}

impl Watched {
    /// `None` if there is no room for the connection, or its handshake failed.
    async fn accept(
        socket: TcpStream,
        tls: Option<TlsAcceptor>,
        connections: &Connections,
    ) -> Option<Self> {
        let peer = socket.peer_addr().ok()?;
        let closed = CancellationToken::new();
        let is_closed = closed.clone().cancelled_owned();
        let connection = connections.admit(peer.ip(), move || closed.cancel())?;
        connections.cut_off_stalled(&socket);
        let silent_until = Instant::now() + FIRST_CALL;
        let mut is_closed = Box::pin(is_closed);
        let stream = match tls {
            None => Either::Left(socket),
            Some(tls) => tokio::select! {
                stream = handshake(&tls, socket, silent_until) => Either::Right(stream?),
                () = &mut is_closed => return None,
            },
        };
        let names = match &stream {
            Either::Left(_plain) => None,
            Either::Right(tls) => Peer::of_chain(tls.get_ref().1.peer_certificates()),
        };
        Some(Self {
            stream,
            caller: Caller {
                address: peer.ip(),
                peer: names,
                calls: Arc::new(Calls {
                    connection,
                    has_asked: AtomicBool::default(),
                    open: Mutex::default(),
                }),
            },
            silent_until: Box::pin(sleep_until(silent_until)),
            is_closed,
        })
    }

    fn poll_silence(&mut self, cx: &mut Context<'_>) -> io::Result<()> {
        let has_asked = self.caller.calls.has_asked.load(Ordering::Relaxed);
        if !has_asked && self.silent_until.as_mut().poll(cx).is_ready() {
            return Err(io::Error::new(
                io::ErrorKind::TimedOut,
                "no call arrived in time",
            ));
        }
        if self.is_closed.as_mut().poll(cx).is_ready() {
            let reason = "closed to make room for other connections";
            return Err(io::Error::new(io::ErrorKind::ConnectionAborted, reason));
        }
        Ok(())
    }
}

async fn handshake(
    tls: &TlsAcceptor,
    socket: TcpStream,
    until: Instant,
) -> Option<TlsStream<TcpStream>> {
    match timeout_at(until, tls.accept(socket)).await {
        Ok(Ok(stream)) => Some(stream),
        Ok(Err(error)) => {
            debug!(error = log_chain(&error), "a TLS handshake failed");
            None
        }
        Err(_elapsed) => None,
    }
}

impl Connected for Watched {
    type ConnectInfo = Caller;

    fn connect_info(&self) -> Caller {
        self.caller.clone()
    }
}

impl AsyncRead for Watched {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        self.poll_silence(cx)?;
        Pin::new(&mut self.stream).poll_read(cx, buffer)
    }
}

impl AsyncWrite for Watched {
    fn poll_write(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write(cx, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        slices: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write_vectored(cx, slices)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }
}
