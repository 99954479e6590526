/// An error of the object store.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The configuration cannot be used.
    #[error("storage configuration: {0}")]
    Config(String),
    /// There is no such object.
    #[error("object {key} does not exist")]
    NotFound {
        /// The object's key.
        key: String,
    },
    /// The store reports another size than was written.
    #[error("object {key} has {found} bytes after writing {written}")]
    Truncated {
        /// The object's key.
        key: String,
        /// Bytes written.
        written: u64,
        /// Bytes found.
        found: u64,
    },
    /// The store failed or could not be reached.
    #[error("object store: {what} {key}")]
    Store {
        /// What was tried.
        what: &'static str,
        /// The object's key.
        key: String,
        /// Why it failed.
        #[source]
        source: object_store::Error,
    },
    /// The bytes are not what we wrote.
    #[error("corrupt chunk: {0}")]
    Corrupt(String),
    /// An object is sealed, and the key of the session is not there: it was erased.
    #[error("object {object} is sealed, and the key of the session does not exist")]
    NoKey {
        /// The object's key.
        object: String,
    },
    /// A read-ahead task ended without a result.
    #[error("reading ahead ended without a result")]
    ReadAhead(#[source] tokio::task::JoinError),
}

impl Error {
    pub(crate) fn store(what: &'static str, key: &str, source: object_store::Error) -> Self {
        match source {
            object_store::Error::NotFound { .. } => Self::NotFound {
                key: key.to_owned(),
            },
            source => Self::Store {
                what,
                key: key.to_owned(),
                source,
            },
        }
    }

    /// Whether the same call may succeed later without a change.
    #[must_use]
    pub fn is_retryable(&self) -> bool {
        match self {
            Self::Config(_)
            | Self::NotFound { .. }
            | Self::Corrupt(_)
            | Self::NoKey { .. }
            | Self::ReadAhead(_) => false,
            Self::Truncated { .. } | Self::Store { .. } => true,
        }
    }
}

/// A result with this crate's error.
pub type Result<T, E = Error> = std::result::Result<T, E>;
