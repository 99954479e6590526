//! Asks a nats-server for JetStream in the wire protocol, so that this crate needs no client.

use std::io;
use std::net::Ipv4Addr;
use std::time::Duration;

use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::TcpStream;
use tokio::time::timeout;

/// Longest wait for one response. A server that is recovering its store accepts connections but
/// stays silent.
const ANSWER: Duration = Duration::from_secs(1);

const QUESTION: &[u8] = b"CONNECT {\"verbose\":false}\r\n\
    SUB probe 1\r\n\
    PUB $JS.API.INFO probe 0\r\n\r\n";

/// Whether the server of this name listens on the port and its JetStream responds.
pub(super) async fn jetstream_answers(port: u16, server_name: &str) -> bool {
    let answer = timeout(ANSWER, ask(port, server_name)).await;
    matches!(answer, Ok(Ok(true)))
}

async fn ask(port: u16, server_name: &str) -> io::Result<bool> {
    let mut stream = TcpStream::connect((Ipv4Addr::LOCALHOST, port)).await?;
    stream.write_all(QUESTION).await?;
    let mut lines = BufReader::new(stream).lines();
    let greeting = lines.next_line().await?.unwrap_or_default();
    if !greeting.contains(server_name) {
        return Ok(false);
    }
    while let Some(line) = lines.next_line().await? {
        if line.starts_with("MSG probe ") {
            return Ok(true);
        }
    }
    Ok(false)
}
