use crow_types::ErrorCode;
use crow_web::ApiError;

/// Why a question has no answer.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// No such session, or it belongs to another organization: the caller cannot tell.
    #[error("no such organization or session, or it is not visible to this key")]
    NotFound,
    /// What was asked makes no sense.
    #[error("{0}")]
    Malformed(String),
    /// The database failed.
    #[error("the database cannot be read")]
    Database(#[from] crow_db::Error),
    /// The recording could not be read from the object store.
    #[error("the recording cannot be read")]
    Storage(#[from] crow_storage::Error),
    /// The bus did not do what was asked.
    #[error("the message bus does not answer")]
    Bus(#[from] crow_bus::Error),
    /// The limit of streams at the same time is reached.
    #[error("too many live streams are open; close some, or raise query.max_watchers_per_key")]
    TooManyWatchers,
    /// The recording was rewritten while it was read.
    #[error("the recording was rewritten while it was read")]
    Rewritten,
}

/// A result with this crate's error.
pub type Result<T> = std::result::Result<T, Error>;

impl Error {
    /// Logs what someone should look at, once, and says what the caller may know.
    #[must_use]
    pub fn into_api(self) -> ApiError {
        match &self {
            Self::NotFound => ApiError::new(ErrorCode::NotFound, self.to_string()),
            Self::TooManyWatchers => ApiError::new(ErrorCode::RateLimited, self.to_string()),
            Self::Malformed(_) => ApiError::new(ErrorCode::Malformed, self.to_string()),
            Self::Rewritten => {
                ApiError::unavailable("the recording was rewritten while it was read; ask again")
            }
            Self::Bus(_) => self.unavailable("the message bus does not answer now; try again"),
            Self::Database(error) if error.is_retryable() => {
                self.unavailable("sessions cannot be read now; try again")
            }
            Self::Storage(
                crow_storage::Error::Corrupt(_)
                | crow_storage::Error::Config(_)
                | crow_storage::Error::ReadAhead(_),
            )
            | Self::Database(_) => ApiError::internal(&self),
            Self::Storage(_) => self.unavailable("the recording cannot be read now; try again"),
        }
    }

    fn unavailable(&self, message: &'static str) -> ApiError {
        tracing::error!(
            request.id = crow_web::request_id(),
            error = self.chain(),
            "reading failed"
        );
        ApiError::unavailable(message)
    }

    /// The error and all its causes as one line.
    fn chain(&self) -> String {
        let mut text = self.to_string();
        let mut cause = std::error::Error::source(self);
        while let Some(inner) = cause {
            text.push_str(": ");
            text.push_str(&inner.to_string());
            cause = inner.source();
        }
        text
    }
}

impl From<Error> for ApiError {
    fn from(error: Error) -> Self {
        error.into_api()
    }
}
