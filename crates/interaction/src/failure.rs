//! Why nothing came of a message.

use std::sync::Arc;

use crate::announcement::Unreadable;

/// Why nothing came of it.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Failure {
    /// Never.
    #[error(transparent)]
    Unreadable(#[from] Unreadable),
    /// Not now.
    #[error("the database failed")]
    Database(#[from] crow_db::Error),
    /// Not now.
    #[error("the catalogue cannot be read")]
    Catalogue(#[from] Arc<crow_db::Error>),
    /// Not now.
    #[error("the session cannot be read")]
    Storage(#[from] crow_storage::Error),
    /// Not now.
    #[error("the key of the session cannot be read")]
    Keyring(#[from] crow_keyring::Error),
    /// A bug.
    #[error("the story cannot be encoded")]
    Encoding(#[source] serde_json::Error),
    /// Not now: something that it needs does not answer.
    #[error("it took too long and was given up")]
    TooLong,
    /// Not now: the process stops, or a bug.
    #[error("it was not put into words")]
    Interrupted(#[from] tokio::task::JoinError),
}
