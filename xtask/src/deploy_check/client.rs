//! A browser that talks to the installation.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use anyhow::{Context, ensure};
use crow_testkit::wait;
use serde_json::json;
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::TcpStream;

/// The organization of the checks.
pub const ORGANIZATION: &str = "deploy-check";

/// How long anything may take to be there.
pub const DEADLINE: Duration = Duration::from_secs(60);

/// Pause of a client between two batches, and between two tries.
const RETRY: Duration = Duration::from_millis(50);

/// A batch that is under way: its head is sent, and the server has agreed to take the body.
pub struct Batch {
    stream: BufReader<TcpStream>,
    body: String,
    /// The session that it belongs to.
    pub session: String,
}

impl Batch {
    /// Sends the head and half of the body.
    pub async fn begin(port: u16, key: &str, session: &str) -> anyhow::Result<Self> {
        let body = batch(session).to_string();
        let mut stream = BufReader::new(TcpStream::connect(("127.0.0.1", port)).await?);
        let head = format!(
            "POST /batch HTTP/1.1\r\nHost: crow\r\nAuthorization: Bearer {key}\r\n\
             Content-Type: application/json\r\nContent-Length: {}\r\nExpect: 100-continue\r\n\r\n",
            body.len()
        );
        stream.write_all(head.as_bytes()).await?;
        let mut line = String::new();
        stream.read_line(&mut line).await?;
        ensure!(
            line.starts_with("HTTP/1.1 100"),
            "no answer to the head: {line}"
        );
        // The empty line after it.
        stream.read_line(&mut line).await?;
        let half = body.len() / 2;
        stream.write_all(&body.as_bytes()[..half]).await?;
        Ok(Self {
            stream,
            body,
            session: session.to_owned(),
        })
    }

    /// Sends the rest; returns the status.
    pub async fn finish(mut self) -> anyhow::Result<u16> {
        let half = self.body.len() / 2;
        self.stream.write_all(&self.body.as_bytes()[half..]).await?;
        let mut line = String::new();
        self.stream.read_line(&mut line).await?;
        let status = line
            .split(' ')
            .nth(1)
            .context("the connection was closed")?;
        Ok(status.parse()?)
    }
}

/// A client that sends batches all the time, each until it is taken.
pub struct Load {
    ready: Arc<Mutex<Vec<u16>>>,
    stop: Arc<AtomicBool>,
    sending: tokio::task::JoinHandle<anyhow::Result<Sent>>,
}

/// What a client has sent.
#[derive(Debug, Default)]
pub struct Sent {
    /// Sessions whose batch was acknowledged.
    pub sessions: Vec<String>,
    /// The longest that a batch was tried.
    pub longest: Duration,
    /// Tries that failed.
    pub failed: usize,
}

impl Load {
    /// Sends to these ports of gateways in turn, as a Service spreads connections.
    pub fn start(ports: Vec<u16>, key: &str) -> Self {
        let ready = Arc::new(Mutex::new(ports));
        let stop = Arc::new(AtomicBool::new(false));
        let sending = tokio::spawn(send_all(ready.clone(), stop.clone(), key.to_owned()));
        Self {
            ready,
            stop,
            sending,
        }
    }

    /// New connections go to these ports from now on.
    pub fn route(&self, ports: Vec<u16>) {
        *self.ready.lock().unwrap_or_else(PoisonError::into_inner) = ports;
    }

    /// Sends the last batch to its end.
    pub async fn finish(self) -> anyhow::Result<Sent> {
        self.stop.store(true, Ordering::Release);
        self.sending.await?
    }
}

async fn send_all(
    ready: Arc<Mutex<Vec<u16>>>,
    stop: Arc<AtomicBool>,
    key: String,
) -> anyhow::Result<Sent> {
    let mut sent = Sent::default();
    while !stop.load(Ordering::Acquire) {
        let session = format!("rolling-{}", sent.sessions.len());
        let started = Instant::now();
        let mut turn = sent.sessions.len();
        while !is_taken(next(&ready, turn), &key, &session).await {
            ensure!(started.elapsed() < DEADLINE, "nobody takes {session}");
            turn += 1;
            sent.failed += 1;
            wait::quiet_for(RETRY).await;
        }
        sent.longest = sent.longest.max(started.elapsed());
        sent.sessions.push(session);
        wait::quiet_for(RETRY).await;
    }
    Ok(sent)
}

fn next(ready: &Mutex<Vec<u16>>, turn: usize) -> u16 {
    let ports = ready.lock().unwrap_or_else(PoisonError::into_inner);
    ports[turn % ports.len()]
}

async fn is_taken(port: u16, key: &str, session: &str) -> bool {
    let Ok(batch) = Batch::begin(port, key, session).await else {
        return false;
    };
    matches!(batch.finish().await, Ok(202))
}

fn batch(session: &str) -> serde_json::Value {
    let now = std::time::SystemTime::now()
        .duration_since(std::time::UNIX_EPOCH)
        .map_or(0, |time| time.as_millis() as u64);
    json!({
        "batchId": session, "sessionId": session, "windowId": "w", "seq": 0, "sentAt": now,
        "context": { "url": "https://shop.example/" },
        "events": [{ "id": session, "type": "pageview", "timestamp": now, "url": "https://shop.example/" }],
    })
}

/// A viewer of live sessions that stays until the server goes.
pub struct Viewer(TcpStream);

impl Viewer {
    /// Opens the stream and reads its head.
    pub async fn open(port: u16, key: &str) -> anyhow::Result<Self> {
        let mut stream = TcpStream::connect(("127.0.0.1", port)).await?;
        let head = format!(
            "GET /live/{ORGANIZATION} HTTP/1.1\r\nHost: crow\r\nAuthorization: Bearer {key}\r\n\r\n"
        );
        stream.write_all(head.as_bytes()).await?;
        let mut start = [0; 12];
        stream.read_exact(&mut start).await?;
        ensure!(start == *b"HTTP/1.1 200", "no live stream: {start:?}");
        Ok(Self(stream))
    }

    /// Reads until the server closes the stream.
    pub async fn closed(mut self) -> anyhow::Result<()> {
        let mut rest = Vec::new();
        let reading = self.0.read_to_end(&mut rest);
        let _closed = tokio::time::timeout(DEADLINE, reading)
            .await
            .context("the live stream was not closed")?;
        Ok(())
    }
}

/// Status and body.
pub async fn get(url: &str, key: &str) -> anyhow::Result<(u16, String)> {
    let client = crow_testkit::http::client();
    let answer = client
        .get(url)
        .bearer_auth(key)
        .timeout(Duration::from_secs(10))
        .send()
        .await?;
    Ok((answer.status().as_u16(), answer.text().await?))
}

/// Waits until an address answers with this status; returns the body.
pub async fn until_status(url: &str, key: &str, status: u16) -> anyhow::Result<String> {
    let mut last = "nothing".to_owned();
    let answered = wait::until(url, DEADLINE, async || match get(url, key).await {
        Ok((found, body)) if found == status => Some(body),
        Ok((found, body)) => {
            last = format!("{found}: {body}");
            None
        }
        Err(error) => {
            last = format!("{error:#}");
            None
        }
    })
    .await;
    answered.with_context(|| format!("wanted {status}, last answer {last}"))
}
