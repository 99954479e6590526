//! HTTP/1.1 by hand, since a client library does not send what attackers send.

use std::time::Duration;

use serde_json::Value;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::timeout;

/// No answer takes longer, apart from the head that never ends.
const PATIENCE: Duration = Duration::from_secs(20);

/// What came back.
#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    headers: Vec<(String, String)>,
    pub body: Vec<u8>,
}

impl Answer {
    /// The value of a header, its name in lower case.
    pub fn header(&self, name: &str) -> Option<&str> {
        let found = self.headers.iter().find(|(header, _)| header == name);
        found.map(|(_, value)| value.as_str())
    }

    /// The body as text.
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// The body as JSON; null when it is none.
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or(Value::Null)
    }

    fn parse(received: &[u8]) -> Option<Self> {
        let end = received.windows(4).position(|four| four == b"\r\n\r\n")?;
        let head = String::from_utf8_lossy(&received[..end]).into_owned();
        let mut lines = head.split("\r\n");
        let status = lines.next()?.split(' ').nth(1)?.parse().ok()?;
        let headers: Vec<(String, String)> = lines
            .filter_map(|line| line.split_once(':'))
            .map(|(name, value)| (name.to_ascii_lowercase(), value.trim().to_owned()))
            .collect();
        let is_chunked = headers
            .iter()
            .any(|(name, value)| name == "transfer-encoding" && value == "chunked");
        let rest = &received[end + 4..];
        let body = if is_chunked {
            joined(rest)
        } else {
            rest.to_vec()
        };
        Some(Self {
            status,
            headers,
            body,
        })
    }
}

/// The content of chunks; what is not framed as such ends it.
fn joined(mut chunks: &[u8]) -> Vec<u8> {
    let mut body = Vec::new();
    while let Some(end) = chunks.windows(2).position(|two| two == b"\r\n") {
        let size = std::str::from_utf8(&chunks[..end]).ok();
        let size = size.and_then(|hex| usize::from_str_radix(hex, 16).ok());
        let Some(size) = size.filter(|size| *size > 0) else {
            break;
        };
        let start = end + 2;
        let stop = (start + size).min(chunks.len());
        body.extend_from_slice(&chunks[start..stop]);
        chunks = &chunks[(stop + 2).min(chunks.len())..];
    }
    body
}

/// Sends bytes as they are to `http://host:port` and reads until the server closes; the
/// error says what came when that is no answer, or does not end.
pub async fn exchange(url: &str, request: &[u8]) -> Result<Answer, String> {
    let mut stream = connect(url).await;
    let mut received = Vec::new();
    let talk = async {
        // A server that has heard enough closes while we still send.
        let _sent = stream.write_all(request).await;
        let mut piece = vec![0; 64 << 10];
        while let Ok(read) = stream.read(&mut piece).await {
            if read == 0 {
                break;
            }
            received.extend_from_slice(&piece[..read]);
        }
    };
    let was_closed = timeout(PATIENCE, talk).await.is_ok();
    let text = || String::from_utf8_lossy(&received).into_owned();
    if !was_closed {
        return Err(format!("the server did not close; it sent: {}", text()));
    }
    Answer::parse(&received).ok_or_else(|| format!("no answer, but {:?}", text()))
}

/// Sends the beginning of a request and goes away.
pub async fn abandon(url: &str, beginning: &[u8]) {
    let mut stream = connect(url).await;
    stream.write_all(beginning).await.unwrap();
}

async fn connect(url: &str) -> TcpStream {
    let address = url.strip_prefix("http://").unwrap();
    TcpStream::connect(address).await.unwrap()
}
