//! One row of the table, and how its answer is checked.

use super::wire::{self, Answer};
use crate::system::System;

/// A text that every hostile payload carries: no log may show it.
pub const MARKER: &str = "payload-marker-7391";

/// Whom a request goes to.
#[derive(Debug, Clone, Copy)]
pub enum Target {
    Ingest,
    Query,
}

/// How the body is framed.
#[derive(Debug, Clone)]
pub enum Body {
    /// Neither body nor length.
    None,
    /// With its length.
    Sized(Vec<u8>),
    /// In one chunk, without the last one.
    Chunk(Vec<u8>),
    /// After headers that frame it, or fail to.
    Raw(Vec<u8>),
}

/// What must come back.
#[derive(Debug, Clone, Copy)]
pub enum Expected {
    /// An error of ours, in the common form.
    Error(u16, &'static str),
    /// No error.
    Success(u16),
    /// Refused by the HTTP parser, before any code of ours: no body, connection closed.
    Unparsed(u16),
}

/// One request of the table.
#[derive(Debug, Clone)]
pub struct Case {
    name: String,
    target: Target,
    method: &'static str,
    path: String,
    headers: Vec<(String, Vec<u8>)>,
    body: Body,
    expected: Expected,
    answer_headers: Vec<(&'static str, &'static str)>,
    answer_has: String,
}

impl Case {
    fn new(name: &str, target: Target, method: &'static str, path: &str) -> Self {
        Self {
            name: name.to_owned(),
            target,
            method,
            path: path.to_owned(),
            headers: Vec::new(),
            body: Body::None,
            expected: Expected::Success(200),
            answer_headers: Vec::new(),
            answer_has: String::new(),
        }
    }

    /// A request to the gateway.
    pub fn ingest(name: &str, method: &'static str, path: &str) -> Self {
        Self::new(name, Target::Ingest, method, path)
    }

    /// A request to the read API.
    pub fn query(name: &str, method: &'static str, path: &str) -> Self {
        Self::new(name, Target::Query, method, path)
    }

    pub fn key(self, key: &str) -> Self {
        self.header("Authorization", format!("Bearer {key}"))
    }

    pub fn header(mut self, name: &str, value: impl Into<Vec<u8>>) -> Self {
        self.headers.push((name.to_owned(), value.into()));
        self
    }

    pub fn body(self, body: impl Into<Vec<u8>>) -> Self {
        self.framed(Body::Sized(body.into()))
    }

    pub fn framed(mut self, body: Body) -> Self {
        self.body = body;
        self
    }

    pub fn fails(mut self, status: u16, code: &'static str) -> Self {
        self.expected = Expected::Error(status, code);
        self
    }

    pub fn succeeds(mut self, status: u16) -> Self {
        self.expected = Expected::Success(status);
        self
    }

    pub fn fails_unparsed(mut self, status: u16) -> Self {
        self.expected = Expected::Unparsed(status);
        self
    }

    /// A header that the answer must have.
    pub fn answered_with(mut self, name: &'static str, value: &'static str) -> Self {
        self.answer_headers.push((name, value));
        self
    }

    /// A text that the answer must contain.
    pub fn answer_has(mut self, text: &str) -> Self {
        text.clone_into(&mut self.answer_has);
        self
    }

    fn bytes(&self) -> Vec<u8> {
        let mut request = format!("{} {} HTTP/1.1\r\n", self.method, self.path).into_bytes();
        let mut header = |name: &str, value: &[u8]| {
            request.extend_from_slice(format!("{name}: ").as_bytes());
            request.extend_from_slice(value);
            request.extend_from_slice(b"\r\n");
        };
        header("Host", b"crow.test");
        header("Connection", b"close");
        for (name, value) in &self.headers {
            header(name, value);
        }
        match &self.body {
            Body::Sized(body) => header("Content-Length", body.len().to_string().as_bytes()),
            Body::Chunk(_) => header("Transfer-Encoding", b"chunked"),
            Body::None | Body::Raw(_) => {}
        }
        request.extend_from_slice(b"\r\n");
        match &self.body {
            Body::Sized(body) | Body::Raw(body) => request.extend_from_slice(body),
            Body::Chunk(body) => {
                request.extend_from_slice(format!("{:x}\r\n", body.len()).as_bytes());
                request.extend_from_slice(body);
            }
            Body::None => {}
        }
        request
    }

    async fn send(&self, system: &System) -> Result<Answer, String> {
        let url = match self.target {
            Target::Ingest => &system.ingest_url,
            Target::Query => &system.query_url,
        };
        wire::exchange(url, &self.bytes()).await
    }

    /// Sends the request; only the status counts.
    pub async fn status(&self, system: &System) -> u16 {
        self.send(system).await.unwrap().status
    }

    /// Sends the request, checks the answer and gives it; panics when it is not as expected.
    pub async fn run(&self, system: &System) -> Answer {
        let outcome = self.try_run(system).await;
        outcome.unwrap_or_else(|problem| panic!("{problem}\n{}", system.logs()))
    }

    /// As [`run`](Self::run), with an error in place of the panic.
    pub async fn try_run(&self, system: &System) -> Result<Answer, String> {
        let request = format!("{} ({} {:.80})", self.name, self.method, self.path);
        let answer = self.send(system).await;
        let answer = answer.map_err(|problem| format!("{request}: {problem}"))?;
        match self.check(&answer, system) {
            Ok(()) => Ok(answer),
            Err(problem) => Err(format!(
                "{request}: {problem}; expected {:?}, got {}: {:.300}",
                self.expected,
                answer.status,
                answer.text()
            )),
        }
    }

    fn check(&self, answer: &Answer, system: &System) -> Result<(), String> {
        match self.expected {
            Expected::Error(status, code) => check_error(answer, status, code)?,
            Expected::Success(status) => ensure(answer.status == status, "wrong status")?,
            Expected::Unparsed(status) => {
                ensure(answer.status == status, "wrong status")?;
                ensure(
                    answer.body.is_empty(),
                    "an answer of the parser has no body",
                )?;
                let connection = answer.header("connection");
                ensure(connection == Some("close"), "the connection must end")?;
            }
        }
        for (name, value) in &self.answer_headers {
            ensure(
                answer.header(name) == Some(value),
                &format!("header {name}"),
            )?;
        }
        let text = answer.text();
        ensure(text.contains(&self.answer_has), "the text is not in it")?;
        let shows_a_key = text.contains(&system.ingest_key) || text.contains(&system.read_key);
        ensure(!shows_a_key, "it shows a key")
    }
}

/// The one form of all errors.
fn check_error(answer: &Answer, status: u16, code: &str) -> Result<(), String> {
    ensure(answer.status == status, "wrong status")?;
    let body = answer.json();
    let error = body["error"].as_object().ok_or("no error object")?;
    let fields: Vec<&str> = error.keys().map(String::as_str).collect();
    ensure(fields == ["code", "message", "requestId"], "wrong fields")?;
    ensure(
        body.as_object().is_some_and(|body| body.len() == 1),
        "more than the error",
    )?;
    ensure(error["code"] == code, "wrong code")?;
    let id = error["requestId"].as_str();
    ensure(
        id.is_some() && id == answer.header("x-request-id"),
        "not the request's id",
    )?;
    let message = error["message"].as_str().unwrap_or_default();
    ensure(
        (1..1_000).contains(&message.len()),
        "no message, or a long one",
    )?;
    ensure(!message.contains(MARKER), "the message repeats the payload")?;
    let header = |name| answer.header(name);
    ensure(
        header("content-type") == Some("application/json"),
        "not JSON",
    )?;
    ensure(
        header("x-content-type-options") == Some("nosniff"),
        "may be sniffed",
    )?;
    let seconds = header("retry-after").and_then(|value| value.parse::<u32>().ok());
    match status {
        401 => ensure(
            header("www-authenticate") == Some("Bearer"),
            "no WWW-Authenticate",
        ),
        405 => ensure(header("allow").is_some(), "no Allow"),
        429 | 503 => ensure(seconds.is_some_and(|value| value > 0), "no Retry-After"),
        _ => Ok(()),
    }
}

fn ensure(holds: bool, otherwise: &str) -> Result<(), String> {
    if holds {
        Ok(())
    } else {
        Err(otherwise.to_owned())
    }
}
