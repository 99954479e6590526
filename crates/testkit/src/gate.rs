//! A TCP proxy in front of a server, which cuts the server off without touching it.

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;

use tokio::io::AsyncWriteExt;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;

/// How connections are treated.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// They pass.
    Open,
    /// Existing and new ones are closed.
    Refuse,
    /// They stay open, and no data passes.
    Stall,
}

/// The proxy. Cutting it loses data in transit, in both directions.
#[derive(Debug, Clone)]
pub struct Gate {
    /// The port on which it listens.
    pub port: u16,
    mode: Arc<watch::Sender<Mode>>,
}

impl Gate {
    /// A proxy in front of a port of this machine.
    pub async fn before(port: u16) -> Self {
        Self::before_address((Ipv4Addr::LOCALHOST, port).into()).await
    }

    /// A proxy in front of an address.
    pub async fn before_address(address: SocketAddr) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await;
        let listener = listener.expect("the machine has a free port");
        let own = listener.local_addr().expect("a listener has a port").port();
        let (mode, watched) = watch::channel(Mode::Open);
        tokio::spawn(async move {
            loop {
                if let Ok((stream, _from)) = listener.accept().await {
                    tokio::spawn(pass(stream, address, watched.clone()));
                }
            }
        });
        Self {
            port: own,
            mode: Arc::new(mode),
        }
    }

    /// A proxy in front of the server at this URL, and the URL through the proxy.
    pub async fn before_url(url: &str) -> (Self, String) {
        let port = port_of(url);
        let gate = Self::before(port).await;
        let through = url.replacen(&format!(":{port}"), &format!(":{}", gate.port), 1);
        (gate, through)
    }

    /// Sets the mode for existing and new connections.
    pub fn set(&self, mode: Mode) {
        self.mode.send_replace(mode);
    }
}

async fn pass(mut near: TcpStream, address: SocketAddr, mut mode: watch::Receiver<Mode>) {
    if *mode.borrow_and_update() == Mode::Refuse {
        return;
    }
    let Ok(mut far) = TcpStream::connect(address).await else {
        return;
    };
    loop {
        let now = *mode.borrow_and_update();
        match now {
            Mode::Refuse => break,
            Mode::Stall => drop(mode.changed().await),
            Mode::Open => {
                tokio::select! {
                    // A mode change loses data that was read from one side and not written to the
                    // other, so the connection must be closed.
                    _ = tokio::io::copy_bidirectional(&mut near, &mut far) => break,
                    _ = mode.changed() => {
                        if *mode.borrow() == Mode::Stall {
                            hold(&mut mode).await;
                        }
                        break;
                    }
                }
            }
        }
    }
    drop(near.shutdown().await);
    drop(far.shutdown().await);
}

/// Keeps a dead connection open, so that the other side waits in vain.
async fn hold(mode: &mut watch::Receiver<Mode>) {
    while *mode.borrow_and_update() == Mode::Stall {
        if mode.changed().await.is_err() {
            return;
        }
    }
}

/// The last port in a URL.
fn port_of(url: &str) -> u16 {
    let after = url.rsplit(':').next().unwrap_or_default();
    let digits: String = after.chars().take_while(char::is_ascii_digit).collect();
    digits.parse().expect("the URL of a test server has a port")
}
