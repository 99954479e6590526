use std::path::PathBuf;

/// What can go wrong with keys.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Recordings are to be sealed, and there is no master key.
    #[error(
        "there is no master key: set keyring.master_key (make one with `crow seal \
         new-master-key`), or storage.seal to off"
    )]
    NoMasterKey,
    /// The file of the token for Vault cannot be read.
    #[error("the token for Vault cannot be read from {}", .path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// Why.
        #[source]
        source: std::io::Error,
    },
    /// What was given is not a key.
    #[error("{setting} is not 32 bytes of base64")]
    NotAKey {
        /// Where it was given.
        setting: &'static str,
    },
    /// A key is wrapped with a master key that this process does not have.
    #[error(
        "a key of organization {organization} is wrapped with the master key {master}, which is not \
         configured: set keyring.previous_master_key"
    )]
    OtherMaster {
        /// The tenant.
        organization: String,
        /// Which master key.
        master: String,
    },
    /// A wrapped key cannot be opened.
    #[error("the wrapped key of {of} is damaged, or belongs to something else")]
    Damaged {
        /// Session row or organization.
        of: String,
    },
    /// A session's key names a key of its organization that does not exist.
    #[error("key {number} of organization {organization} does not exist")]
    NoOrganizationKey {
        /// The tenant.
        organization: String,
        /// Its number.
        number: i64,
    },
    /// A restored installation waits for its keys.
    #[error(
        "backup {backup} was restored without the keys of its recordings: load them with `crow \
         restore --only-keys`, or go on without these recordings with `crow restore \
         --accept-missing-keys`"
    )]
    NotRestored {
        /// The backup.
        backup: String,
    },
    /// The configuration of Vault cannot be used.
    #[error("{0}")]
    VaultConfig(String),
    /// Vault refused.
    #[error("Vault answered {status}: {text}")]
    VaultRefused {
        /// HTTP status.
        status: u16,
        /// Its errors.
        text: String,
    },
    /// Vault could not be reached.
    #[error("Vault cannot be reached")]
    Vault(#[source] reqwest::Error),
    /// The database failed.
    #[error(transparent)]
    Database(#[from] crow_db::Error),
}

impl Error {
    /// Whether the same call may succeed later without a change of the configuration.
    #[must_use]
    pub fn is_retryable(&self) -> bool {
        match self {
            Self::Database(error) => error.is_retryable(),
            // A token may be renewed at this moment.
            Self::Vault(_) | Self::File { .. } => true,
            Self::VaultRefused { status, .. } => {
                *status >= 500 || matches!(*status, 401 | 403 | 429)
            }
            Self::NoMasterKey
            | Self::NotAKey { .. }
            | Self::OtherMaster { .. }
            | Self::Damaged { .. }
            | Self::NoOrganizationKey { .. }
            | Self::NotRestored { .. }
            | Self::VaultConfig(_) => false,
        }
    }
}

/// A result with this crate's error.
pub type Result<T, E = Error> = std::result::Result<T, E>;
