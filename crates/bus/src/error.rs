use crow_types::{Partition, PartitionCount};

/// What can go wrong on the bus.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The configuration cannot be used.
    #[error("bus configuration: {0}")]
    Config(String),
    /// No connection could be made.
    #[error("cannot connect to NATS")]
    Connect(#[source] async_nats::ConnectError),
    /// The connection is down at the moment.
    #[error("not connected to NATS")]
    Disconnected,
    /// The server did not answer in time.
    #[error("NATS did not acknowledge in time")]
    TimedOut,
    /// The stream or the server's store is at its limit.
    #[error("the stream is full")]
    Full,
    /// The server has no room for the configured streams.
    #[error(
        "the NATS server has no room for a stream: each may hold `bus.partition_max_bytes`, \
         there is one for each partition and three more; lower it, or raise the server's \
         `max_file_store`"
    )]
    NoRoom,
    /// Too much is waiting already.
    #[error("too many messages are waiting for the bus")]
    Busy,
    /// The message is larger than the server takes.
    #[error("message of {size} bytes is larger than the server takes")]
    TooLarge {
        /// Size in bytes.
        size: usize,
    },
    /// The server has no stream for the partition: it was wiped, or the stream deleted.
    #[error("there is no stream for partition {partition}")]
    NoStream {
        /// The partition without a stream.
        partition: Partition,
    },
    /// The streams were created for another number of partitions.
    #[error(
        "the bus has streams for partition {found}, but this installation has {expected} partitions; \
         the number is fixed when an installation is created: use the old number or a new NATS store"
    )]
    PartitionMismatch {
        /// What the configuration or database says.
        expected: u16,
        /// A partition beyond that number that has a stream.
        found: Partition,
    },
    /// Any other answer of the server.
    #[error("NATS: {what}")]
    Server {
        /// What was tried.
        what: &'static str,
        /// Why it failed.
        #[source]
        source: Box<dyn std::error::Error + Send + Sync>,
    },
}

impl Error {
    /// Wraps a failure of the client library.
    pub(crate) fn server(
        what: &'static str,
        source: impl Into<Box<dyn std::error::Error + Send + Sync>>,
    ) -> Self {
        Self::Server {
            what,
            source: source.into(),
        }
    }

    /// Whether the same call may succeed later without a change.
    #[must_use]
    pub fn is_retryable(&self) -> bool {
        match self {
            Self::Config(_)
            | Self::NoRoom
            | Self::TooLarge { .. }
            | Self::PartitionMismatch { .. } => false,
            Self::Connect(_)
            | Self::Disconnected
            | Self::TimedOut
            | Self::Full
            | Self::Busy
            | Self::NoStream { .. }
            | Self::Server { .. } => true,
        }
    }

    /// The word for metric labels.
    #[must_use]
    pub fn label(&self) -> &'static str {
        match self {
            Self::Config(_) => "config",
            Self::Connect(_) | Self::Disconnected => "disconnected",
            Self::TimedOut => "timed_out",
            Self::Full => "full",
            Self::NoRoom => "no_room",
            Self::Busy => "busy",
            Self::TooLarge { .. } => "too_large",
            Self::NoStream { .. } => "no_stream",
            Self::PartitionMismatch { .. } => "partition_mismatch",
            Self::Server { .. } => "server",
        }
    }

    pub(crate) fn mismatch(expected: PartitionCount, found: Partition) -> Self {
        Self::PartitionMismatch {
            expected: expected.get(),
            found,
        }
    }
}

/// A result with this crate's error.
pub type Result<T> = std::result::Result<T, Error>;
