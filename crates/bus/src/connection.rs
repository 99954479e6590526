use std::sync::Arc;
use std::time::Duration;

use async_nats::connection::State;
use async_nats::jetstream;
use bytes::Bytes;
use percent_encoding::percent_decode_str;

use crow_types::PartitionCount;

use crate::config::BusConfig;
use crate::error::{Error, Result};
use crate::stranded::{self, Outcomes, Verdict};

/// How long a start waits for a server. Services start without one, too.
const FIRST_WAIT: Duration = Duration::from_secs(1);

/// A connection to NATS that notices a dead or hung server within seconds, with the settings of
/// this installation. Cloning is cheap.
#[derive(Debug, Clone)]
pub struct Bus {
    pub(crate) client: async_nats::Client,
    pub(crate) jetstream: jetstream::Context,
    pub(crate) config: BusConfig,
    pub(crate) partitions: PartitionCount,
    outcomes: Arc<Outcomes>,
}

impl Bus {
    /// Connects in the background, for as long as that takes. Until [`Bus::is_connected`] is true, every
    /// call fails.
    pub async fn connect(
        name: &str,
        config: &BusConfig,
        partitions: PartitionCount,
    ) -> Result<Self> {
        if !(100..=950).contains(&config.publish_timeout_ms) {
            return Err(Error::Config(
                "bus.publish_timeout_ms must be 100 to 950".to_owned(),
            ));
        }
        let mut options = async_nats::ConnectOptions::new()
            .name(name)
            // Of its own, so that permissions can keep services from reading each other's answers.
            .custom_inbox_prefix(format!("_INBOX.{name}"))
            .client_capacity(256)
            .subscription_capacity(65_536)
            // A server that answers none of two pings is left.
            .ping_interval(Duration::from_secs(1))
            .connection_timeout(Duration::from_secs(2))
            .request_timeout(Some(Duration::from_secs(2)))
            .reconnect_delay_callback(|attempts| {
                Duration::from_millis((attempts as u64 * 50).min(500))
            })
            .retry_on_initial_connect();
        if !config.credentials_file.is_empty() {
            let path = &config.credentials_file;
            options = options
                .credentials_file(path)
                .await
                .map_err(|error| Error::Config(format!("bus.credentials_file {path}: {error}")))?;
        }
        options = with_certificates(options, config)?;
        let urls: Vec<&str> = config.url.split(',').map(str::trim).collect();
        // The client does not read them from the addresses itself.
        options = match urls.iter().find_map(|url| Credentials::of(url)) {
            Some(Credentials::Password(user, password)) => {
                options.user_and_password(user, password)
            }
            Some(Credentials::Token(token)) => options.token(token),
            None => options,
        };
        let client = options.connect(urls).await.map_err(Error::Connect)?;
        let jetstream = jetstream::ContextBuilder::new()
            .timeout(Duration::from_secs(2))
            .build(client.clone());
        Ok(Self {
            client,
            jetstream,
            config: config.clone(),
            partitions,
            outcomes: Arc::default(),
        })
    }

    /// Connects, and waits until the first connection is up, at most a second. So a service that starts
    /// beside its server does not begin with calls that fail.
    pub async fn connect_and_wait(
        name: &str,
        config: &BusConfig,
        partitions: PartitionCount,
    ) -> Result<Self> {
        let bus = Self::connect(name, config, partitions).await?;
        let _flushed = tokio::time::timeout(FIRST_WAIT, bus.client.flush()).await;
        Ok(bus)
    }

    /// Whether the connection is up right now.
    #[must_use]
    pub fn is_connected(&self) -> bool {
        self.client.connection_state() == State::Connected
    }

    /// How many partitions there are.
    #[must_use]
    pub fn partitions(&self) -> PartitionCount {
        self.partitions
    }

    /// How long a dead letter is kept, in milliseconds.
    #[must_use]
    pub fn dead_letter_ms(&self) -> i64 {
        let days = i64::try_from(self.config.dead_letter_days).unwrap_or(i64::MAX);
        days.saturating_mul(86_400_000)
    }

    /// The largest payload that the server accepts, in bytes, with room left for headers.
    #[must_use]
    pub fn max_message_bytes(&self) -> usize {
        self.client.max_payload().saturating_sub(1024)
    }

    /// Remembers how an operation ended. If nothing succeeds any more, connects to another server.
    pub(crate) fn ended<T>(&self, outcome: Result<T>) -> Result<T> {
        match Verdict::of(&outcome) {
            Verdict::Serves => self.outcomes.succeeded(),
            Verdict::Fails if self.is_connected() && self.outcomes.failed() => {
                tokio::spawn(stranded::leave(self.client.clone()));
            }
            Verdict::Fails | Verdict::Unknown => {}
        }
        outcome
    }

    /// Publishes to a stream and waits until it is durable there, at most `timeout`.
    ///
    /// After an error the message may still be stored. The client retries, and the keeper removes
    /// the duplicate.
    pub(crate) async fn publish_acknowledged(
        &self,
        subject: String,
        headers: Option<async_nats::HeaderMap>,
        payload: Bytes,
        timeout: Duration,
    ) -> Result<()> {
        self.ended(self.publish(subject, headers, payload, timeout).await)
    }

    /// The same, and whatever comes of it says nothing about the server.
    pub(crate) async fn publish(
        &self,
        subject: String,
        headers: Option<async_nats::HeaderMap>,
        payload: Bytes,
        timeout: Duration,
    ) -> Result<()> {
        if !self.is_connected() {
            return Err(Error::Disconnected);
        }
        let size = payload.len();
        let mut request = async_nats::Request::new().payload(payload).timeout(None);
        if let Some(headers) = headers {
            request = request.headers(headers);
        }
        // The timeout includes waiting for a place in the client's queue.
        let answer = tokio::time::timeout(timeout, self.client.send_request(subject, request))
            .await
            .map_err(|_elapsed| Error::TimedOut)?;
        match answer {
            Ok(message) => read_publish_answer(&message.payload),
            Err(error) => Err(match error.kind() {
                async_nats::RequestErrorKind::TimedOut => Error::TimedOut,
                async_nats::RequestErrorKind::MaxPayloadExceeded => Error::TooLarge { size },
                _ => Error::server("publishing", error),
            }),
        }
    }
}

/// What stands before the `@` of an address.
#[derive(PartialEq, Eq)]
enum Credentials {
    Password(String, String),
    Token(String),
}

impl Credentials {
    fn of(url: &str) -> Option<Self> {
        let (_scheme, rest) = url.split_once("://").unwrap_or(("", url));
        let authority = rest.split(['/', '?']).next().unwrap_or(rest);
        let (user, _host) = authority.rsplit_once('@')?;
        Some(match user.split_once(':') {
            Some((user, password)) => Self::Password(decoded(user), decoded(password)),
            None => Self::Token(decoded(user)),
        })
    }
}

fn decoded(text: &str) -> String {
    percent_decode_str(text).decode_utf8_lossy().into_owned()
}

/// The answer of JetStream to a publish: `{"stream", "seq"}` or `{"error"}`.
#[derive(serde::Deserialize)]
struct PublishAnswer {
    error: Option<jetstream::Error>,
    seq: Option<u64>,
}

fn read_publish_answer(payload: &[u8]) -> Result<()> {
    let answer: PublishAnswer = serde_json::from_slice(payload)
        .map_err(|error| Error::server("reading the answer to a publish", error))?;
    match (answer.error, answer.seq) {
        (None, Some(_)) => Ok(()),
        (Some(error), _) if is_full(&error) => Err(Error::Full),
        (Some(error), _) => Err(Error::server("publishing", error)),
        (None, None) => Err(Error::server("publishing", "the answer names no sequence")),
    }
}

/// Maximum bytes reached; insufficient resources; insufficient storage.
pub(crate) fn is_full(error: &jetstream::Error) -> bool {
    let number = error.error_code().0;
    matches!(number, 10077 | 10023 | 10047)
}

/// Settings for TLS. A file that is missing is an error now; later it only fails the next
/// connection.
fn with_certificates(
    mut options: async_nats::ConnectOptions,
    config: &BusConfig,
) -> Result<async_nats::ConnectOptions> {
    for (setting, path) in [
        ("ca_file", &config.ca_file),
        ("cert_file", &config.cert_file),
        ("key_file", &config.key_file),
    ] {
        if !path.is_empty() {
            std::fs::File::open(path)
                .map_err(|error| Error::Config(format!("bus.{setting} {path}: {error}")))?;
        }
    }
    if config.cert_file.is_empty() != config.key_file.is_empty() {
        return Err(Error::Config(
            "bus.cert_file and bus.key_file need each other".to_owned(),
        ));
    }
    if !config.ca_file.is_empty() {
        options = options.add_root_certificates(config.ca_file.clone().into());
    }
    if !config.cert_file.is_empty() {
        options = options.add_client_certificate(
            config.cert_file.clone().into(),
            config.key_file.clone().into(),
        );
    }
    Ok(options)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn credentials_are_taken_from_the_address() {
        let password = |user: &str, password: &str| {
            Some(Credentials::Password(user.to_owned(), password.to_owned()))
        };
        for (url, credentials) in [
            ("nats://127.0.0.1:4222", None),
            ("127.0.0.1:4222", None),
            (
                "nats://crow:secret@127.0.0.1:4222",
                password("crow", "secret"),
            ),
            ("tls://crow:a%40b%2@[::1]:4222", password("crow", "a@b%2")),
            (
                "nats://s3cret@host",
                Some(Credentials::Token("s3cret".to_owned())),
            ),
        ] {
            assert!(Credentials::of(url) == credentials, "{url}");
        }
    }
}
