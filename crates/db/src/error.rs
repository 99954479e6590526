use std::borrow::Cow;

use sea_orm::sqlx::Error as SqlxError;
use sea_orm::sqlx::error::DatabaseError;
use sea_orm::sqlx::sqlite::SqliteError;
use sea_orm::{DbErr, RuntimeErr, SqlErr};

#[cfg(test)]
mod tests;

const SQLITE_INTERRUPT: &str = "9";
const POSTGRES_CANCELED: &str = "57014";
/// Postgres: a lock was not free in time, or two transactions waited for each other.
const POSTGRES_HELD_UP: [&str; 2] = ["55P03", "40P01"];

/// Postgres: bad data, a broken constraint, an unknown table or column, an unsupported feature, a
/// row beyond the limits.
const POSTGRES_REFUSALS: [&str; 5] = ["22", "23", "42", "0A", "54"];
/// A pooler before Postgres may cause it. It is in the class of unknown tables.
const POSTGRES_DUPLICATE_STATEMENT: &str = "42P05";
/// SQLite: a damaged file, a value that is too large, a broken constraint, a wrong type, no database.
const SQLITE_REFUSALS: [i32; 5] = [11, 18, 19, 20, 26];
/// SQLite has only a general code for unknown tables and columns.
const SQLITE_UNKNOWN: [&str; 3] = ["no such table", "no such column", "has no column"];

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
    /// The schema cannot be changed, because others hold a table of it.
    #[error(
        "the schema cannot be changed while another program holds a table, for example because it makes an \
         index: wait for it or end it (pg_stat_activity shows it), and run `crow migrate` again"
    )]
    SchemaHeld(#[source] DbErr),
    /// A backup cannot be loaded into a database with this schema.
    #[error("{0}")]
    BackupSchema(String),
    /// The partition belongs to another keeper now, or to a later life of this one.
    #[error("the lease of the partition was lost")]
    LeaseLost,
    /// A session has a key already; the archiver was first.
    #[error("a session has another key already")]
    KeyExists,
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
        source: DbErr,
    },
}

impl Error {
    /// For `map_err` where rows are read: a row whose values have other types is unreadable.
    pub(crate) fn row(what: &'static str) -> impl FnOnce(DbErr) -> Self {
        move |source| match sqlx_error(&source) {
            Some(error) if is_misread(error) => Self::Unreadable(format!("{what}: {error}")),
            None if is_unconverted(&source) => Self::Unreadable(format!("{what}: {source}")),
            _ => Self::sql(what)(source),
        }
    }

    /// For `map_err`.
    pub(crate) fn sql(what: &'static str) -> impl FnOnce(DbErr) -> Self {
        move |source| Self::Sql { what, source }
    }

    /// The same for what goes to the driver directly.
    pub(crate) fn driver(what: &'static str) -> impl FnOnce(SqlxError) -> Self {
        move |error| {
            let cause = RuntimeErr::SqlxError(error.into());
            Self::sql(what)(DbErr::Exec(cause))
        }
    }

    /// A row was there already that nothing but its own insert should have written.
    pub(crate) fn is_double(&self) -> bool {
        let Self::Sql { source, .. } = self else {
            return false;
        };
        matches!(source.sql_err(), Some(SqlErr::UniqueConstraintViolation(_)))
    }

    /// As [`Self::is_double`], of a certain statement.
    pub(crate) fn is_double_of(&self, doing: &str) -> bool {
        matches!(self, Self::Sql { what, .. } if *what == doing) && self.is_double()
    }

    /// The statement took longer than it may, or was cancelled.
    #[must_use]
    pub fn is_over_limit(&self) -> bool {
        self.code()
            .is_some_and(|code| code == SQLITE_INTERRUPT || code == POSTGRES_CANCELED)
    }

    /// Postgres: others held what the statement needs for too long.
    pub(crate) fn is_held_up(&self) -> bool {
        self.code()
            .is_some_and(|code| POSTGRES_HELD_UP.contains(&code.as_ref()))
    }

    /// The database's own.
    fn code(&self) -> Option<Cow<'_, str>> {
        let Self::Sql { source, .. } = self else {
            return None;
        };
        sqlx_error(source)
            .and_then(SqlxError::as_database_error)
            .and_then(DatabaseError::code)
    }

    /// Whether the same call may succeed later without anybody changing anything.
    #[must_use]
    pub fn is_retryable(&self) -> bool {
        match self {
            Self::Sql { source, .. } => !is_refusal(source),
            Self::SchemaHeld(_) => true,
            Self::Config(_)
            | Self::PartitionMismatch { .. }
            | Self::SchemaTooOld(_)
            | Self::SchemaTooNew(_)
            | Self::BackupSchema(_)
            | Self::LeaseLost
            | Self::KeyExists
            | Self::Unreadable(_) => false,
        }
    }
}

fn sqlx_error(error: &DbErr) -> Option<&SqlxError> {
    let (DbErr::Conn(cause) | DbErr::Exec(cause) | DbErr::Query(cause)) = error else {
        return None;
    };
    match cause {
        RuntimeErr::SqlxError(error) => Some(error),
        RuntimeErr::Internal(_) => None,
    }
}

/// Whether the database understood the statement and would refuse it again.
fn is_refusal(error: &DbErr) -> bool {
    match sqlx_error(error) {
        Some(SqlxError::Database(refusal)) => is_refused(refusal.as_ref()),
        Some(error) => is_misread(error),
        None => is_unconverted(error),
    }
}

/// Whether a value does not fit its field, for example a null where none is expected.
fn is_unconverted(error: &DbErr) -> bool {
    matches!(
        error,
        DbErr::Type(_) | DbErr::Json(_) | DbErr::TryIntoErr { .. }
    )
}

/// Whether a row holds a value of another type.
fn is_misread(error: &SqlxError) -> bool {
    matches!(
        error,
        SqlxError::ColumnDecode { .. } | SqlxError::Decode(_) | SqlxError::ColumnNotFound(_)
    )
}

fn is_refused(error: &dyn DatabaseError) -> bool {
    let Some(code) = error.code() else {
        return false;
    };
    if error.try_downcast_ref::<SqliteError>().is_none() {
        let class = code.get(..2).unwrap_or_default();
        return POSTGRES_REFUSALS.contains(&class) && code != POSTGRES_DUPLICATE_STATEMENT;
    }
    // The lower byte of an extended code is the code.
    let code = code.parse().unwrap_or(0) & 0xff;
    let is_unknown = SQLITE_UNKNOWN
        .iter()
        .any(|words| error.message().contains(words));
    SQLITE_REFUSALS.contains(&code) || (code == 1 && is_unknown)
}

/// A result with this crate's error.
pub type Result<T> = std::result::Result<T, Error>;
