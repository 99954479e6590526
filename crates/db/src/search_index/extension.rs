//! Extensions of Postgres that searches use.

use sea_orm::sqlx::postgres::{PgConnection, PgRow};
use sea_orm::sqlx::{self, AssertSqlSafe, Row, raw_sql};

use crate::connection::Db;
use crate::error::{Error, Result};

/// The first pgvector that goes on looking until a filter has let enough through.
const OLDEST: (u32, u32) = (0, 8);

/// Whether an extension can be used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Extension {
    /// Yes.
    Ready {
        /// Where it is, as it stands between quotation marks in SQL.
        schema: String,
        /// Its own.
        version: String,
    },
    /// The server has it, and this database does not: an administrator of the database has to create it.
    NotCreated,
    /// This version is too old.
    TooOld(String),
    /// The server does not have it.
    Missing,
}

impl Extension {
    /// Where it is, if it can be used.
    pub(super) fn schema(&self) -> Option<&str> {
        match self {
            Self::Ready { schema, .. } => Some(schema),
            Self::NotCreated | Self::TooOld(_) | Self::Missing => None,
        }
    }

    fn of(name: &str, row: &PgRow) -> sqlx::Result<Self> {
        let installed: Option<(String, String)> = match row.try_get::<Option<String>, _>(0)? {
            Some(version) => Some((version, row.try_get(1)?)),
            None => None,
        };
        let available: Option<String> = row.try_get(2)?;
        Ok(match (installed, available) {
            // It is there for a table of somebody else, and the server has lost its programs.
            (Some(_), None) => Self::Missing,
            (Some((version, _schema)), _) if name == "vector" && is_old(&version) => {
                Self::TooOld(version)
            }
            (Some((version, schema)), Some(_)) => Self::Ready { schema, version },
            (None, Some(version)) if name == "vector" && is_old(&version) => Self::TooOld(version),
            (None, Some(_)) => Self::NotCreated,
            (None, None) => Self::Missing,
        })
    }
}

fn is_old(version: &str) -> bool {
    let mut numbers = version.split('.').map(str::parse::<u32>);
    let mut next = || {
        numbers
            .next()
            .and_then(std::result::Result::ok)
            .unwrap_or(0)
    };
    (next(), next()) < OLDEST
}

/// The extensions of a database.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Extensions {
    /// pgvector, for search by meaning.
    pub vectors: Extension,
    /// `pg_trgm`, for search by words.
    pub trigrams: Extension,
}

impl Extensions {
    /// Those of this database. `None` on SQLite.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn of(db: &Db) -> Result<Option<Self>> {
        if db.is_sqlite() {
            return Ok(None);
        }
        let reading = || Error::driver("reading the extensions of the database");
        let pool = db.read.get_postgres_connection_pool();
        let mut connection = pool.acquire().await.map_err(reading())?;
        let extensions = Self::read(&mut connection).await.map_err(reading())?;
        Ok(Some(extensions))
    }

    async fn read(connection: &mut PgConnection) -> sqlx::Result<Self> {
        Ok(Self {
            vectors: read(connection, "vector").await?,
            trigrams: read(connection, "pg_trgm").await?,
        })
    }
}

async fn read(connection: &mut PgConnection, name: &str) -> sqlx::Result<Extension> {
    let sql = "select e.extversion, replace(n.nspname::text, '\"', '\"\"'), a.default_version \
        from (select $1::text as name) wanted \
        left join pg_extension e on e.extname = wanted.name \
        left join pg_namespace n on n.oid = e.extnamespace \
        left join pg_available_extensions a on a.name = wanted.name";
    let row = sqlx::query(sql).bind(name).fetch_one(connection).await?;
    Extension::of(name, &row)
}

/// The extensions, after creating those that the role may create.
pub(super) async fn created(connection: &mut PgConnection) -> sqlx::Result<Extensions> {
    let found = Extensions::read(connection).await?;
    let mut tried = false;
    for (name, extension) in [("vector", &found.vectors), ("pg_trgm", &found.trigrams)] {
        if *extension == Extension::NotCreated {
            let sql = format!("create extension if not exists {name}");
            // Most roles may not create pgvector. Searches work without it.
            if let Err(error) = raw_sql(AssertSqlSafe(sql)).execute(&mut *connection).await {
                tracing::info!(
                    extension = name,
                    error = crow_types::log_chain(&error),
                    "the role may not create this extension, so searches work without it"
                );
            }
            tried = true;
        }
    }
    if tried {
        return Extensions::read(connection).await;
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_compared_by_number() {
        for (version, old) in [
            ("0.7.4", true),
            ("0.8.0", false),
            ("0.10", false),
            ("1.0", false),
        ] {
            assert_eq!(is_old(version), old, "{version}");
        }
    }
}
