//! Minimal HTTP/1.1 over one kept connection. The CPU time of the load generator is taken from what
//! it measures, so it must be small.

use std::net::SocketAddr;

use anyhow::{Context, bail};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

const MAX_HEADERS: usize = 32;

/// A connection for one request after the other. It reconnects when the server has closed it, as
/// servers do with idle connections.
pub struct Connection {
    address: SocketAddr,
    stream: TcpStream,
    answer: Vec<u8>,
}

impl Connection {
    pub async fn open(address: SocketAddr) -> anyhow::Result<Self> {
        Ok(Self {
            address,
            stream: connect(address).await?,
            answer: Vec::with_capacity(4096),
        })
    }

    /// Sends a whole request and reads the whole answer; returns its status. A request may be sent
    /// twice, because batches have ids and are stored once.
    pub async fn exchange(&mut self, request: &[u8]) -> anyhow::Result<u16> {
        if let Some(status) = self.exchange_once(request).await? {
            return Ok(status);
        }
        self.stream = connect(self.address).await?;
        let status = self.exchange_once(request).await?;
        status.context("the server closes new connections without an answer")
    }

    /// `None`: the server had closed the connection.
    async fn exchange_once(&mut self, request: &[u8]) -> anyhow::Result<Option<u16>> {
        self.answer.clear();
        if self.stream.write_all(request).await.is_err() {
            return Ok(None);
        }
        loop {
            match self.stream.read_buf(&mut self.answer).await {
                Ok(0) | Err(_) if self.answer.is_empty() => return Ok(None),
                Ok(0) => bail!("the server closed the connection within an answer"),
                Ok(_) => {}
                Err(error) => return Err(error.into()),
            }
            if let Some(status) = complete(&self.answer)? {
                return Ok(Some(status));
            }
        }
    }

    /// What the last answer was, head and body.
    pub fn last_answer(&self) -> String {
        String::from_utf8_lossy(&self.answer).into_owned()
    }
}

async fn connect(address: SocketAddr) -> anyhow::Result<TcpStream> {
    let stream = TcpStream::connect(address).await?;
    stream.set_nodelay(true)?;
    Ok(stream)
}

/// The status, once the whole answer has arrived.
fn complete(answer: &[u8]) -> anyhow::Result<Option<u16>> {
    let mut headers = [httparse::EMPTY_HEADER; MAX_HEADERS];
    let mut response = httparse::Response::new(&mut headers);
    let httparse::Status::Complete(head) = response.parse(answer)? else {
        return Ok(None);
    };
    let status = response.code.context("an answer has a status")?;
    let length = response
        .headers
        .iter()
        .find(|header| header.name.eq_ignore_ascii_case("content-length"))
        .context("the answer does not say how long it is")?;
    let length: usize = std::str::from_utf8(length.value)?.trim().parse()?;
    Ok((answer.len() >= head + length).then_some(status))
}
