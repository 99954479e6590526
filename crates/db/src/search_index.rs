//! Indexes of large organizations for searches, on Postgres.
//!
//! Each has two: of its vectors, if the extension pgvector is installed, and of its words, if `pg_trgm`
//! is. They hold nothing that their rows do not hold, so they are made from the rows at any time, and no
//! write knows of them. Without an index the same answers take longer. Smaller organizations have none:
//! reading all of their rows is fast enough, and an index would slow down their writes.
//!
//! One process at a time makes them. It holds a lock of its connection. An index that was not finished is
//! invalid: Postgres does not read it, and the next round makes it again.

use sea_orm::sqlx::postgres::{PgConnection, PgRow};
use sea_orm::sqlx::{self, AssertSqlSafe, Connection, Row, raw_sql};
use sea_orm::{FromQueryResult, Statement};
use xxhash_rust::xxh3::xxh3_64;

use crow_types::OrganizationId;

use crate::connection::Db;
use crate::error::{Error, Result};

mod extension;
#[cfg(test)]
mod tests;

pub use extension::{Extension, Extensions};

/// Interactions from which an organization is large. Comparing so many vectors takes less than 0.1 s.
pub const LARGE: u64 = 100_000;
/// An index goes when its organization has fewer interactions than the threshold divided by this, so that
/// it is not made and removed again and again.
const SHRUNK: u64 = 2;

const MAKING: &str = "making indexes for searches";
/// Any number that nothing else of this database locks.
const LOCK: i64 = 0x6372_6f77_0052;
/// Memory for a vector while its index is made, besides two bytes a dimension. With less, making it takes
/// many times longer.
const BYTES_BESIDE_VECTOR: u64 = 544;
/// The most that is asked for, because the server may be a small container. A role that was given more keeps
/// it.
const MOST_KIB: u64 = 256 << 10;

/// Which vectors are indexed.
#[derive(Debug, Clone, Copy)]
pub struct Vectors<'a> {
    /// What made them.
    pub model: &'a str,
    /// Bytes of one.
    pub dimension: usize,
}

/// What a round did.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Round {
    /// Indexes that were made.
    pub made: usize,
    /// Indexes that were removed: of organizations that are not large any more, and unfinished ones.
    pub removed: usize,
}

/// Makes what is missing for organizations with at least `large` interactions, and removes what nobody
/// needs. `None`: another process is doing so. Does nothing on SQLite.
///
/// # Errors
/// When the database fails.
pub async fn complete(db: &Db, of: Vectors<'_>, large: u64) -> Result<Option<Round>> {
    if db.is_sqlite() {
        return Ok(Some(Round::default()));
    }
    let pool = db.write.get_postgres_connection_pool();
    let connection = pool.acquire().await.map_err(Error::driver(MAKING))?;
    // Apart from the pool, so that its settings and its lock end with it.
    let mut connection = connection.detach();
    let round = complete_on(&mut connection, of, large).await;
    let closed = connection.close().await;
    let round = round.map_err(Error::driver(MAKING))?;
    closed.map_err(Error::driver(MAKING))?;
    Ok(round)
}

async fn complete_on(
    connection: &mut PgConnection,
    of: Vectors<'_>,
    large: u64,
) -> sqlx::Result<Option<Round>> {
    let lock = format!("select pg_try_advisory_lock({LOCK})");
    if !sqlx::query_scalar::<_, bool>(AssertSqlSafe(lock))
        .fetch_one(&mut *connection)
        .await?
    {
        return Ok(None);
    }
    // A process for each core would take them from everybody else, and their memory is short in containers.
    run(
        connection,
        "set statement_timeout = 0; set lock_timeout = 0; set max_parallel_maintenance_workers = 0",
    )
    .await?;
    let all = large_organizations(connection, large / SHRUNK).await?;
    let existing = existing(connection).await?;
    let mut round = Round::default();
    let is_needed = |name: &str| all.iter().any(|one| one.has(name, of));
    for index in &existing {
        if !index.is_valid || !is_needed(&index.name) {
            let sql = format!("drop index concurrently if exists \"{}\"", index.name);
            run(connection, &sql).await?;
            round.removed += 1;
        }
    }
    let is_there = |name: &str| {
        let mut valid = existing.iter().filter(|index| index.is_valid);
        valid.any(|index| index.name == name)
    };
    let large: Vec<&Large> = all.iter().filter(|one| one.interactions >= large).collect();
    if large.is_empty() {
        return Ok(Some(round));
    }
    let extensions = extension::created(connection).await?;
    let mut outcome = Ok(());
    for one in large {
        let organization = one.organization.as_str();
        let words = name_of_words(organization);
        if let Some(schema) = extensions.trigrams.schema()
            && !is_there(&words)
        {
            let made = run(connection, &index_of_words(&words, schema, organization)).await;
            round.made += usize::from(made.is_ok());
            outcome = outcome.and(made);
        }
        let vectors = name_of_vectors(organization, of);
        if let Some(schema) = extensions.vectors.schema()
            && !is_there(&vectors)
        {
            let made = make_index_of_vectors(connection, &vectors, schema, one, of).await;
            round.made += usize::from(made.is_ok());
            outcome = outcome.and(made);
        }
    }
    // One that fails does not keep others from being made.
    outcome.map(|()| Some(round))
}

async fn make_index_of_vectors(
    connection: &mut PgConnection,
    name: &str,
    schema: &str,
    one: &Large,
    of: Vectors<'_>,
) -> sqlx::Result<()> {
    let bytes = BYTES_BESIDE_VECTOR + 2 * of.dimension as u64;
    give_memory(connection, one.interactions.saturating_mul(bytes)).await?;
    run(connection, &function(schema, of.dimension)).await?;
    let sql = index_of_vectors(name, schema, one.organization.as_str(), of);
    run(connection, &sql).await
}

async fn run(connection: &mut PgConnection, sql: &str) -> sqlx::Result<()> {
    raw_sql(AssertSqlSafe(sql))
        .execute(connection)
        .await
        .map(drop)
}

/// So many bytes to make an index, if that is not too much.
async fn give_memory(connection: &mut PgConnection, bytes: u64) -> sqlx::Result<()> {
    let enough = (bytes >> 10).min(MOST_KIB);
    let sql = format!(
        "select set_config('maintenance_work_mem', greatest(setting::bigint, {enough})::text, false) \
         from pg_settings where name = 'maintenance_work_mem'"
    );
    run(connection, &sql).await
}

/// An organization that has an index, or keeps the one it has.
struct Large {
    organization: OrganizationId,
    interactions: u64,
}

impl Large {
    fn has(&self, name: &str, of: Vectors<'_>) -> bool {
        let organization = self.organization.as_str();
        name == name_of_vectors(organization, of) || name == name_of_words(organization)
    }
}

async fn large_organizations(
    connection: &mut PgConnection,
    least: u64,
) -> sqlx::Result<Vec<Large>> {
    let sql = "select organization_id, count(*) from interactions \
        group by organization_id having count(*) >= $1 order by organization_id";
    let least = i64::try_from(least).unwrap_or(i64::MAX);
    let rows = sqlx::query(sql).bind(least).fetch_all(connection).await?;
    let large = |row: PgRow| -> sqlx::Result<Option<Large>> {
        let interactions: i64 = row.try_get(1)?;
        // An id that could not be written into a statement has no index.
        let organization = OrganizationId::new(row.try_get::<String, _>(0)?).ok();
        Ok(organization.map(|organization| Large {
            organization,
            interactions: u64::try_from(interactions).unwrap_or_default(),
        }))
    };
    let all: sqlx::Result<Vec<_>> = rows.into_iter().map(large).collect();
    Ok(all?.into_iter().flatten().collect())
}

struct Existing {
    name: String,
    is_valid: bool,
}

async fn existing(connection: &mut PgConnection) -> sqlx::Result<Vec<Existing>> {
    let sql = "select c.relname::text, i.indisvalid from pg_index i \
        join pg_class c on c.oid = i.indexrelid \
        where i.indrelid in (to_regclass('embeddings'), to_regclass('interactions')) \
        and c.relname ~ '^search_(words|vectors)_[0-9a-f]{16}$' order by 1";
    let rows = sqlx::query(sql).fetch_all(connection).await?;
    let existing = |row: PgRow| -> sqlx::Result<Existing> {
        Ok(Existing {
            name: row.try_get(0)?,
            is_valid: row.try_get(1)?,
        })
    };
    rows.into_iter().map(existing).collect()
}

fn name_of_words(organization: &str) -> String {
    format!("search_words_{:016x}", xxh3_64(organization.as_bytes()))
}

fn name_of_vectors(organization: &str, of: Vectors<'_>) -> String {
    // No id has a line break.
    let named = format!("{organization}\n{}\n{}", of.model, of.dimension);
    format!("search_vectors_{:016x}", xxh3_64(named.as_bytes()))
}

/// A filter by tag or product looks for a text in a list, as one by words does.
fn index_of_words(name: &str, schema: &str, organization: &str) -> String {
    let class = format!("\"{schema}\".gin_trgm_ops");
    format!(
        "create index concurrently \"{name}\" on interactions \
         using gin (words {class}, tags {class}, product_ids {class}) where organization_id = {}",
        literal(organization)
    )
}

fn index_of_vectors(name: &str, schema: &str, organization: &str, of: Vectors<'_>) -> String {
    format!(
        "create index concurrently \"{name}\" on embeddings \
         using hnsw (({}) \"{schema}\".halfvec_cosine_ops) where {}",
        numbers(schema, of.dimension),
        indexed(organization, of)
    )
}

/// The condition of an index. A query must have it word for word, or Postgres may not use the index.
pub(crate) fn indexed(organization: &str, of: Vectors<'_>) -> String {
    let Vectors { model, dimension } = of;
    format!(
        "organization_id = {} and kind = 'interaction' and model = {} \
         and dimension = bigint '{dimension}' and length(vector) = {dimension}",
        literal(organization),
        literal(model)
    )
}

/// The vector of a row as pgvector takes it. Halves hold all numbers of one byte exactly.
pub(crate) fn numbers(schema: &str, dimension: usize) -> String {
    format!("crow_halfvec_{dimension}(vector)::\"{schema}\".halfvec({dimension})")
}

/// Written out: with a loop, a vector would take ten times as long. Postgres puts it in place of the call,
/// which takes a tenth of the time, but only if the function is not `strict`. `embeddings.vector` is not null.
fn function(schema: &str, dimension: usize) -> String {
    let each = (0..dimension).map(|at| format!("(get_byte(v, {at}) # 128) - 128"));
    let each: Vec<String> = each.collect();
    format!(
        "create or replace function crow_halfvec_{dimension}(v bytea) returns \"{schema}\".halfvec \
         language sql immutable parallel safe \
         return (array[{}]::int4[])::\"{schema}\".halfvec({dimension})",
        each.join(", ")
    )
}

fn literal(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}

#[derive(FromQueryResult)]
struct Usable {
    schema: String,
}

/// The schema of pgvector, if the vectors of an organization have a finished index.
pub(crate) async fn schema_if_indexed(
    db: &Db,
    organization: &OrganizationId,
    of: Vectors<'_>,
) -> Result<Option<String>> {
    if db.is_sqlite() {
        return Ok(None);
    }
    let sql = "select replace(n.nspname::text, '\"', '\"\"') as schema from pg_extension e \
        join pg_namespace n on n.oid = e.extnamespace \
        join pg_index i on i.indexrelid = to_regclass($1) and i.indisvalid \
        where e.extname = 'vector'";
    let name = name_of_vectors(organization.as_str(), of);
    let backend = db.read.get_database_backend();
    let statement = Statement::from_sql_and_values(backend, sql, [name.into()]);
    let found = Usable::find_by_statement(statement).one(&db.read).await;
    let found = found.map_err(Error::sql("looking for an index of vectors"))?;
    Ok(found.map(|usable| usable.schema))
}
