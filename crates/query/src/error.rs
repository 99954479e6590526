use crow_types::ErrorCode;
use crow_web::ApiError;

/// The limit on live streams that was reached.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Full {
    /// `query.max_watchers_per_key`
    Key,
    /// `query.max_watchers_per_organization`
    Organization,
    /// `query.max_watchers`
    All,
}

/// Seconds after which a caller without a turn may retry.
const RETRY_SECS: u32 = 2;

/// Why a question has no answer.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// It does not exist or belongs to another organization. The caller cannot tell which.
    #[error("it does not exist, or is not visible to this key")]
    NotFound,
    /// The request is invalid.
    #[error("{0}")]
    Malformed(String),
    /// The database failed.
    #[error("the database cannot be read")]
    Database(#[from] crow_db::Error),
    /// The database failed for everybody who asked for a catalogue.
    #[error("the catalogue cannot be read")]
    Catalogue(#[from] std::sync::Arc<crow_db::Error>),
    /// The recording could not be read from the object store.
    #[error("the recording cannot be read")]
    Storage(#[from] crow_storage::Error),
    /// The key of a recording could not be read.
    #[error("the key of the recording cannot be read")]
    Keyring(#[from] crow_keyring::Error),
    /// A request to the bus failed.
    #[error("the message bus does not respond")]
    Bus(#[from] crow_bus::Error),
    /// The limit on concurrent live streams is reached.
    #[error("{}", full(.0))]
    TooManyWatchers(Full),
    /// The organization has no free turn for another question.
    #[error("too many questions of this organization are running; try again in a moment")]
    Busy,
    /// The question took longer than the limit.
    #[error(
        "the question took longer than {} s; choose a shorter range, or leave out `exact`",
        .0.as_secs()
    )]
    TooSlow(std::time::Duration),
    /// The task of a question ended without a result.
    #[error("a question ended without an answer")]
    Ended(#[source] tokio::task::JoinError),
    /// The recording was rewritten while it was being read.
    #[error("the recording was rewritten while it was read")]
    Rewritten,
    /// An event of an open session is not stored yet, and no keeper answers for it.
    #[error("the event is not stored yet; try again in a few seconds")]
    NotStored,
    /// A source map that was checked at its upload cannot be read.
    #[error("a source map is damaged")]
    DamagedMap,
    /// A zip could not be written.
    #[error("the zip cannot be written")]
    Zip(#[source] zip::result::ZipError),
}

fn full(limit: &Full) -> &'static str {
    match limit {
        Full::Key => {
            "too many live streams with this API key; close some, or raise query.max_watchers_per_key"
        }
        Full::Organization => {
            "too many live streams of this organization; close some, or raise query.max_watchers_per_organization"
        }
        Full::All => {
            "too many live streams on this server; try again later, or raise query.max_watchers"
        }
    }
}

/// A result with this crate's error.
pub type Result<T> = std::result::Result<T, Error>;

impl Error {
    /// Logs the error once if an operator should see it, and returns what the caller may know.
    #[must_use]
    pub fn into_api(self) -> ApiError {
        match &self {
            Self::NotFound => ApiError::new(ErrorCode::NotFound, self.to_string()),
            Self::TooManyWatchers(_) => ApiError::new(ErrorCode::RateLimited, self.to_string()),
            Self::Busy => {
                ApiError::new(ErrorCode::RateLimited, self.to_string()).retry_after(RETRY_SECS)
            }
            Self::TooSlow(_) => ApiError::new(ErrorCode::Unprocessable, self.to_string()),
            Self::Ended(_) | Self::Zip(_) | Self::DamagedMap => ApiError::internal(&self),
            Self::Database(error) if error.is_over_limit() => {
                self.unavailable("the database is too slow at the moment; try again")
            }
            Self::Malformed(_) => ApiError::new(ErrorCode::Malformed, self.to_string()),
            Self::Rewritten => {
                ApiError::unavailable("the recording was rewritten while it was read; try again")
            }
            Self::NotStored => ApiError::unavailable(self.to_string()),
            Self::Bus(_) => self.unavailable("the message bus does not respond; try again"),
            Self::Database(error) if error.is_retryable() => {
                self.unavailable("sessions cannot be read now; try again")
            }
            Self::Catalogue(error) if error.is_retryable() => {
                self.unavailable("products cannot be read now; try again")
            }
            Self::Keyring(error) if error.is_retryable() => {
                self.unavailable("the recording cannot be read now; try again")
            }
            // It was erased while it was read.
            Self::Storage(crow_storage::Error::NoKey { .. }) => {
                ApiError::new(ErrorCode::NotFound, Self::NotFound.to_string())
            }
            Self::Keyring(_)
            | Self::Storage(
                crow_storage::Error::Corrupt(_)
                | crow_storage::Error::Config(_)
                | crow_storage::Error::ReadAhead(_),
            )
            | Self::Database(_)
            | Self::Catalogue(_) => ApiError::internal(&self),
            Self::Storage(_) => self.unavailable("the recording cannot be read now; try again"),
        }
    }

    /// Whether what is stored can never be read again.
    #[must_use]
    pub fn is_damage(&self) -> bool {
        matches!(
            self,
            Self::Storage(crow_storage::Error::Corrupt(_) | crow_storage::Error::NotFound { .. })
                | Self::Keyring(crow_keyring::Error::Damaged { .. })
        )
    }

    fn unavailable(&self, message: &'static str) -> ApiError {
        tracing::error!(
            request.id = crow_web::request_id(),
            trace.id = crow_web::trace_id(),
            error = crow_types::log_chain(self),
            "reading failed"
        );
        ApiError::unavailable(message)
    }
}

impl From<Error> for ApiError {
    fn from(error: Error) -> Self {
        error.into_api()
    }
}
