const SQLITE_INTERRUPT: &str = "9";
const POSTGRES_CANCELED: &str = "57014";

/// What can go wrong in the database.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The configuration cannot be used.
    #[error("database configuration: {0}")]
    Config(String),
    /// The installation was created with another number of partitions.
    #[error(
        "this installation was created with {stored} partitions, but the configuration says {configured}; \
         the number is fixed when an installation is created: set bus.partitions to {stored}"
    )]
    PartitionMismatch {
        /// In the database.
        stored: u16,
        /// In the configuration.
        configured: u16,
    },
    /// The database has an older schema than this program needs.
    #[error("the schema of the database lacks {}: run `crow migrate`", .0.join(", "))]
    SchemaTooOld(Vec<String>),
    /// A newer release changed the database so that this program cannot use it.
    #[error(
        "the schema of the database is of a newer release ({}), which this one cannot use: install \
         that release, or restore a backup of before the upgrade",
        .0.join(", ")
    )]
    SchemaTooNew(Vec<String>),
    /// The partition belongs to another keeper now, or to a later life of this one.
    #[error("the lease of the partition was lost")]
    LeaseLost,
    /// A row holds something this version does not understand.
    #[error("unreadable row: {0}")]
    Unreadable(String),
    /// The database failed or could not be reached.
    #[error("database: {what}")]
    Sql {
        /// What was tried.
        what: &'static str,
        /// Why it failed.
        #[source]
        source: sea_orm::DbErr,
    },
}

impl Error {
    /// For `map_err`.
    pub(crate) fn sql(what: &'static str) -> impl FnOnce(sea_orm::DbErr) -> Self {
        move |source| Self::Sql { what, source }
    }

    /// The same for what goes to the driver directly.
    pub(crate) fn driver(what: &'static str) -> impl FnOnce(sea_orm::sqlx::Error) -> Self {
        move |error| {
            let cause = sea_orm::RuntimeErr::SqlxError(error.into());
            Self::sql(what)(sea_orm::DbErr::Exec(cause))
        }
    }

    /// A row was there already that nothing but its own insert should have written.
    pub(crate) fn is_double(&self) -> bool {
        let Self::Sql { source, .. } = self else {
            return false;
        };
        matches!(
            source.sql_err(),
            Some(sea_orm::SqlErr::UniqueConstraintViolation(_))
        )
    }

    /// The statement took longer than it may, or was cancelled.
    #[must_use]
    pub fn is_over_limit(&self) -> bool {
        let Self::Sql { source, .. } = self else {
            return false;
        };
        let (sea_orm::DbErr::Exec(cause) | sea_orm::DbErr::Query(cause)) = source else {
            return false;
        };
        let sea_orm::RuntimeErr::SqlxError(error) = cause else {
            return false;
        };
        let code = error
            .as_database_error()
            .and_then(sea_orm::sqlx::error::DatabaseError::code);
        code.is_some_and(|code| code == SQLITE_INTERRUPT || code == POSTGRES_CANCELED)
    }

    /// Whether the same call may succeed later without anybody changing anything.
    #[must_use]
    pub fn is_retryable(&self) -> bool {
        match self {
            Self::Sql { .. } => true,
            Self::Config(_)
            | Self::PartitionMismatch { .. }
            | Self::SchemaTooOld(_)
            | Self::SchemaTooNew(_)
            | Self::LeaseLost
            | Self::Unreadable(_) => false,
        }
    }
}

/// A result with this crate's error.
pub type Result<T> = std::result::Result<T, Error>;
