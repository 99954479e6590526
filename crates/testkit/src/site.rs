//! Somebody else's web site.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;

/// How it answers a request.
#[derive(Debug, Clone)]
pub enum Reply {
    /// A status, header lines and a body.
    Page(u16, Vec<(&'static str, String)>, Vec<u8>),
    /// A page without an end.
    Endless,
    /// The beginning of a page, and then nothing.
    Silent,
    /// Nothing at all.
    Hung,
}

impl Reply {
    /// A page.
    #[must_use]
    pub fn page(body: impl Into<Vec<u8>>) -> Self {
        Self::Page(200, Vec::new(), body.into())
    }

    /// Another address.
    #[must_use]
    pub fn redirect(to: &str) -> Self {
        Self::Page(302, vec![("Location", to.to_owned())], Vec::new())
    }

    /// Nothing is there.
    #[must_use]
    pub fn missing() -> Self {
        Self::Page(404, Vec::new(), b"not here".to_vec())
    }
}

/// The site. It ends when it is dropped.
#[derive(Debug)]
pub struct Site {
    /// Where it listens.
    pub address: SocketAddr,
    asked: Arc<Mutex<Vec<String>>>,
    server: JoinHandle<()>,
}

impl Drop for Site {
    fn drop(&mut self) {
        self.server.abort();
    }
}

impl Site {
    /// Starts a site whose pages `answer` gives by path and query.
    pub async fn start(answer: impl Fn(&str) -> Reply + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0")
            .await
            .expect("a port is free");
        let address = listener.local_addr().expect("it is bound");
        let asked = Arc::new(Mutex::new(Vec::new()));
        let (noted, answer) = (Arc::clone(&asked), Arc::new(answer));
        let server = tokio::spawn(async move {
            let mut connections = tokio::task::JoinSet::new();
            while let Ok((socket, _peer)) = listener.accept().await {
                let (noted, answer) = (Arc::clone(&noted), Arc::clone(&answer));
                connections.spawn(async move {
                    let _closed = serve(socket, &noted, &*answer).await;
                });
            }
        });
        Self {
            address,
            asked,
            server,
        }
    }

    /// The address of a path.
    #[must_use]
    pub fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    /// The head of each request with its body, in the order of arrival.
    #[must_use]
    pub fn asked(&self) -> Vec<String> {
        self.asked.lock().expect("nobody panicked").clone()
    }

    /// How often a path was asked for.
    #[must_use]
    pub fn times(&self, path: &str) -> usize {
        let start = format!("GET {path} ");
        let is_it = |head: &&String| head.starts_with(&start);
        self.asked().iter().filter(is_it).count()
    }
}

/// One request on each connection.
async fn serve(
    mut socket: TcpStream,
    asked: &Mutex<Vec<String>>,
    answer: &(dyn Fn(&str) -> Reply + Send + Sync),
) -> std::io::Result<()> {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        head.push(socket.read_u8().await?);
    }
    let mut head = String::from_utf8_lossy(&head).into_owned();
    let path = head.split(' ').nth(1).unwrap_or_default().to_owned();
    let lower = head.to_ascii_lowercase();
    let length = lower.split("content-length: ").nth(1);
    let length = length.and_then(|rest| rest.split("\r\n").next()?.parse().ok());
    let mut body = vec![0; length.unwrap_or(0)];
    socket.read_exact(&mut body).await?;
    head.push_str(&String::from_utf8_lossy(&body));
    asked.lock().expect("nobody panicked").push(head);
    match answer(&path) {
        Reply::Page(status, headers, body) => {
            let length = body.len();
            let mut start =
                format!("HTTP/1.1 {status} x\r\nconnection: close\r\ncontent-length: {length}\r\n");
            for (name, value) in headers {
                start += &format!("{name}: {value}\r\n");
            }
            socket.write_all((start + "\r\n").as_bytes()).await?;
            socket.write_all(&body).await?;
            socket.shutdown().await
        }
        Reply::Endless => {
            socket.write_all(b"HTTP/1.1 200 x\r\n\r\n").await?;
            loop {
                socket.write_all(&[b' '; 4_096]).await?;
            }
        }
        Reply::Silent => {
            socket.write_all(b"HTTP/1.1 200 x\r\n\r\n<html>").await?;
            std::future::pending().await
        }
        Reply::Hung => std::future::pending().await,
    }
}
