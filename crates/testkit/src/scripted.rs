//! A server that answers HTTP as a test says, for parties that tests cannot run.

use std::sync::{Arc, Mutex, PoisonError};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;

/// The longest request, in bytes.
const MAX_REQUEST: usize = 4 << 20;

/// A request that arrived.
#[derive(Debug, Clone)]
pub struct Seen {
    /// Method, path and headers.
    pub head: String,
    /// The body.
    pub body: String,
}

/// An answer.
#[derive(Debug, Clone)]
pub enum Scripted {
    /// A whole answer of JSON: status, further header lines, body.
    Whole(u16, Vec<String>, String),
    /// The connection ends within the body.
    CutOff,
    /// Nothing, until the client goes.
    Silence,
}

impl Scripted {
    /// Status 200 and this body.
    #[must_use]
    pub fn ok(body: impl Into<String>) -> Self {
        Self::Whole(200, Vec::new(), body.into())
    }

    /// This status, with a text that nobody should see.
    #[must_use]
    pub fn status(status: u16, body: &str) -> Self {
        Self::Whole(status, Vec::new(), body.to_owned())
    }
}

/// Listens until it is dropped.
#[derive(Debug)]
pub struct ScriptedServer {
    address: std::net::SocketAddr,
    seen: Arc<Mutex<Vec<Seen>>>,
    task: JoinHandle<()>,
}

type Answer = dyn Fn(usize, &Seen) -> Scripted + Send + Sync;

impl ScriptedServer {
    /// `answer` gets the number of the request, from 0, and the request.
    pub async fn start(answer: impl Fn(usize, &Seen) -> Scripted + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0")
            .await
            .expect("there is a free port");
        let address = listener.local_addr().expect("it is bound");
        let seen = Arc::new(Mutex::new(Vec::new()));
        let (noted, answer): (_, Arc<Answer>) = (Arc::clone(&seen), Arc::new(answer));
        let task = tokio::spawn(async move {
            while let Ok((stream, _from)) = listener.accept().await {
                let (noted, answer) = (Arc::clone(&noted), Arc::clone(&answer));
                tokio::spawn(async move {
                    let _gone = serve(stream, &noted, &*answer).await;
                });
            }
        });
        Self {
            address,
            seen,
            task,
        }
    }

    /// `http://127.0.0.1:…`
    #[must_use]
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// All requests so far.
    #[must_use]
    pub fn seen(&self) -> Vec<Seen> {
        self.seen
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }
}

impl Drop for ScriptedServer {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// One request on one connection.
async fn serve(
    mut stream: TcpStream,
    noted: &Mutex<Vec<Seen>>,
    answer: &Answer,
) -> std::io::Result<()> {
    let seen = request(&mut stream).await?;
    let number = {
        let mut noted = noted.lock().unwrap_or_else(PoisonError::into_inner);
        noted.push(seen.clone());
        noted.len() - 1
    };
    match answer(number, &seen) {
        Scripted::Whole(status, headers, body) => {
            let mut head = format!(
                "HTTP/1.1 {status} Scripted\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\
                 connection: close\r\n",
                body.len()
            );
            for header in headers {
                head += &header;
                head += "\r\n";
            }
            stream.write_all((head + "\r\n" + &body).as_bytes()).await?;
        }
        Scripted::CutOff => {
            let text = "HTTP/1.1 200 OK\r\ncontent-length: 1000\r\n\r\n{\"id\":";
            stream.write_all(text.as_bytes()).await?;
        }
        Scripted::Silence => while stream.read(&mut [0; 64]).await? > 0 {},
    }
    stream.shutdown().await
}

async fn request(stream: &mut TcpStream) -> std::io::Result<Seen> {
    let mut bytes = Vec::new();
    loop {
        let found = bytes.windows(4).position(|end| end == b"\r\n\r\n");
        if let Some(end) = found {
            let head = String::from_utf8_lossy(&bytes[..end]).into_owned();
            if bytes.len() >= end + 4 + length(&head) {
                let body = String::from_utf8_lossy(&bytes[end + 4..]).into_owned();
                return Ok(Seen { head, body });
            }
        }
        let mut part = [0; 16_384];
        let count = stream.read(&mut part).await?;
        if count == 0 || bytes.len() > MAX_REQUEST {
            return Err(std::io::ErrorKind::UnexpectedEof.into());
        }
        bytes.extend_from_slice(&part[..count]);
    }
}

fn length(head: &str) -> usize {
    let lines = head.lines().filter_map(|line| line.split_once(':'));
    let mut lengths = lines.filter(|(name, _)| name.eq_ignore_ascii_case("content-length"));
    lengths
        .next()
        .and_then(|(_, value)| value.trim().parse().ok())
        .unwrap_or(0)
}
