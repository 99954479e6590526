//! The vectors that are nearest to one, by an index of [`crate::search_index`].

use sea_orm::sea_query::{Alias, Expr, ExprTrait, Order, Query, SelectStatement};
use sea_orm::{ColumnTrait, ConnectionTrait, DatabaseTransaction, FromQueryResult};

use super::Scan;
use crate::connection::Db;
use crate::entity::embeddings::{Column, Entity};
use crate::entity::interactions;
use crate::error::{Error, Result};
use crate::interactions::InteractionFilter;
use crate::search_index::{self, Vectors};

/// Reading all vectors of a range with fewer interactions is faster than the index.
const NARROW: u64 = 20_000;
/// Vectors that the search in the index keeps in view, at most. With more it misses less and takes longer.
const VIEW: u64 = 400;
/// The least. Without a filter, few wanted ones need fewer: what is missed is mostly far.
const LEAST_VIEW: u64 = 200;
/// In view for each that is wanted.
const VIEW_OF_ONE: u64 = 10;
/// Vectors that are looked at until enough have passed the filter.
const LOOKED_AT: u64 = 5_000;
const LOOKING: &str = "looking for near vectors";

/// A vector, and whose it is.
#[derive(Debug, Clone, PartialEq, Eq, FromQueryResult)]
pub struct Near {
    /// The interaction.
    pub owner_id: String,
    /// One signed byte for each dimension.
    pub vector: Vec<u8>,
}

/// About twice as many vectors as `most`, nearest first, of interactions that pass the filter. They are
/// fewer if the index gave up: then others may pass that are less near. `None`: no index, or reading all is
/// faster.
///
/// # Errors
/// When the database fails.
pub async fn near(
    db: &Db,
    scan: Scan<'_>,
    wanted: &[u8],
    most: usize,
) -> Result<Option<Vec<Near>>> {
    let vectors = Vectors {
        model: scan.model,
        dimension: scan.dimension,
    };
    let schema = search_index::schema_if_indexed(db, scan.organization, vectors).await?;
    let Some(schema) = schema else {
        return Ok(None);
    };
    if is_narrow(db, &scan).await? {
        return Ok(None);
    }
    let transaction = db.begin_reading(LOOKING).await?;
    set(&transaction, view(&scan, most)).await?;
    let rows = nearest(&scan, vectors, &schema, wanted, most);
    let statement = transaction.get_database_backend().build(&rows);
    let found = Near::find_by_statement(statement).all(&transaction).await;
    let found = found.map_err(Error::sql(LOOKING))?;
    transaction.commit().await.map_err(Error::sql(LOOKING))?;
    Ok(Some(found))
}

/// How many vectors the search keeps in view. Those that pass a filter may be far from each other.
fn view(scan: &Scan<'_>, most: usize) -> u64 {
    if *scan.filter != InteractionFilter::default() {
        return VIEW;
    }
    let wanted = (most as u64).saturating_mul(VIEW_OF_ONE);
    wanted.clamp(LEAST_VIEW, VIEW)
}

/// For this transaction. The plan must know the values: with them, Postgres sees what few rows pass. It is
/// not compiled, which would take longer than running it.
async fn set(transaction: &DatabaseTransaction, view: u64) -> Result<()> {
    let sql = format!(
        "set local plan_cache_mode = force_custom_plan; set local jit = off; \
         set local enable_seqscan = off; set local enable_sort = off; set local hnsw.ef_search = {view}; \
         set local hnsw.iterative_scan = relaxed_order; \
         set local hnsw.max_scan_tuples = {LOOKED_AT}; set local hnsw.scan_mem_multiplier = 4"
    );
    let set = transaction.execute_unprepared(&sql).await;
    set.map(drop).map_err(Error::sql(LOOKING))
}

/// Whether the filter is of one session, or of a range with few interactions.
async fn is_narrow(db: &Db, scan: &Scan<'_>) -> Result<bool> {
    #[derive(FromQueryResult)]
    struct Counted {
        count: i64,
    }
    let InteractionFilter {
        from, to, session, ..
    } = scan.filter;
    if session.is_some() {
        return Ok(true);
    }
    if from.is_none() && to.is_none() {
        return Ok(false);
    }
    let range = InteractionFilter {
        from: *from,
        to: *to,
        ..InteractionFilter::default()
    };
    let mut rows = Query::select();
    rows.expr(Expr::cust("1"))
        .from(interactions::Entity)
        .and_where(interactions::Column::OrganizationId.eq(scan.organization.as_str()))
        .cond_where(range.condition())
        .limit(NARROW);
    let mut counting = Query::select();
    counting
        .expr_as(Expr::cust("count(*)"), Alias::new("count"))
        .from_subquery(rows, Alias::new("chosen"));
    let statement = db.read.get_database_backend().build(&counting);
    let counted = Counted::find_by_statement(statement).one(&db.read).await;
    let counted = counted.map_err(Error::sql(LOOKING))?;
    let count = counted.map_or(0, |counted| counted.count);
    Ok(u64::try_from(count).unwrap_or_default() < NARROW)
}

/// The filter is a condition of each vector and not a join, so that Postgres goes through the index in its
/// order and stops when it has enough.
fn nearest(
    scan: &Scan<'_>,
    vectors: Vectors<'_>,
    schema: &str,
    wanted: &[u8],
    most: usize,
) -> SelectStatement {
    let dimension = scan.dimension;
    let distance = format!(
        "{} operator(\"{schema}\".<=>) $1::text::\"{schema}\".halfvec({dimension})",
        search_index::numbers(schema, dimension)
    );
    let limit = Ord::min((most as u64).saturating_mul(2), VIEW);
    let mut rows = Query::select();
    rows.columns([Column::OwnerId, Column::Vector])
        .from(Entity)
        .and_where(Expr::cust(search_index::indexed(
            scan.organization.as_str(),
            vectors,
        )))
        .order_by_expr(
            Expr::cust_with_values(distance, [text_of(wanted)]),
            Order::Asc,
        )
        .limit(limit);
    if *scan.filter != InteractionFilter::default() {
        rows.and_where(Expr::exists(passing(scan)));
    }
    rows
}

fn passing(scan: &Scan<'_>) -> SelectStatement {
    use interactions::Column as Of;
    let mut passing = Query::select();
    passing
        .expr(Expr::cust("1"))
        .from(interactions::Entity)
        .and_where(Expr::col((interactions::Entity, Of::Id)).equals((Entity, Column::OwnerId)))
        .and_where(Of::OrganizationId.eq(scan.organization.as_str()))
        .cond_where(scan.filter.condition())
        // Without it, Postgres makes a join of the condition.
        .offset(0);
    passing
}

/// As pgvector reads it.
fn text_of(vector: &[u8]) -> String {
    let numbers = vector.iter().map(|byte| byte.cast_signed().to_string());
    format!("[{}]", numbers.collect::<Vec<_>>().join(","))
}
