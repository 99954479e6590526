//! Many vectors at a time: the database puts them into one value, because a row each would take longer
//! than comparing them. Whoever wants all of them reads from both ends at the same time, because the database
//! takes one core for each statement.

use sea_orm::sea_query::{Alias, Condition, Expr, ExprTrait, Order, Query, SelectStatement};
use sea_orm::{ColumnTrait, FromQueryResult};

use crow_types::OrganizationId;

use super::INTERACTION;
use crate::connection::Db;
use crate::entity::embeddings::{Column, Entity};
use crate::entity::interactions;
use crate::error::{Error, Result};
use crate::interactions::{InteractionFilter, InteractionKey};

/// Separates ids and times. No id has one.
const SEPARATOR: char = '\n';

/// Vectors of interactions.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Vectors {
    owners: String,
    /// One after the other.
    pub vectors: Vec<u8>,
    /// The interaction of the last one; `None`: nothing else is between.
    pub next: Option<InteractionKey>,
}

impl Vectors {
    /// The ids of the interactions, in the order of the vectors.
    pub fn owners(&self) -> impl Iterator<Item = &str> {
        self.owners.split_terminator(SEPARATOR)
    }
}

/// Which vectors.
#[derive(Debug, Clone, Copy)]
pub struct Scan<'a> {
    /// The tenant.
    pub organization: &'a OrganizationId,
    /// What made them.
    pub model: &'a str,
    /// Bytes of one.
    pub dimension: usize,
    /// Of which interactions.
    pub filter: &'a InteractionFilter,
}

/// What is between two interactions in the order of a scan, without these.
#[derive(Debug, Default)]
pub struct Between {
    /// `None`: from the first one on.
    pub after: Option<InteractionKey>,
    /// `None`: to the last one.
    pub before: Option<InteractionKey>,
}

/// From where a page is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum End {
    /// The first ones come first.
    First,
    /// The last ones come first.
    Last,
}

impl End {
    /// The scan goes from the newest to the oldest, or from the highest id to the lowest.
    fn order(self) -> Order {
        match self {
            Self::First => Order::Desc,
            Self::Last => Order::Asc,
        }
    }
}

#[derive(Default, FromQueryResult)]
struct Packed {
    count: i64,
    owners: Option<String>,
    time: Option<i64>,
    vectors: Option<Vec<u8>>,
}

/// At most `limit` vectors of those between, from one end.
///
/// # Errors
/// When the database fails.
pub async fn page(
    db: &Db,
    scan: Scan<'_>,
    between: &Between,
    end: End,
    limit: u64,
) -> Result<Vectors> {
    let mut rows = if *scan.filter == InteractionFilter::default() {
        of_all(scan.organization, between, end)
    } else {
        of_filter(scan, between, end)
    };
    let dimension = i64::try_from(scan.dimension).unwrap_or_default();
    rows.column((Entity, Column::OwnerId))
        .column((Entity, Column::Vector))
        .and_where(Column::Model.eq(scan.model))
        .and_where(Column::Dimension.eq(dimension))
        .limit(limit);
    let packed = pack(db, rows, end).await?;
    let count = u64::try_from(packed.count).unwrap_or_default();
    let owners = packed.owners.unwrap_or_default();
    let vectors = packed.vectors.unwrap_or_default();
    if vectors.len() as u64 != count * scan.dimension as u64 {
        return Err(Error::Unreadable(
            "embeddings: a vector has another length than its row says".to_owned(),
        ));
    }
    let next = (count >= limit).then(|| InteractionKey {
        timestamp: packed.time.unwrap_or_default(),
        id: last(&owners).to_owned(),
    });
    Ok(Vectors {
        owners,
        vectors,
        next,
    })
}

fn last(texts: &str) -> &str {
    texts.rsplit(SEPARATOR).next().unwrap_or_default()
}

/// In the order of the ids, which is that of the table.
fn of_all(organization: &OrganizationId, between: &Between, end: End) -> SelectStatement {
    let Between { after, before } = between;
    let after = after.as_ref().map(|it| Column::OwnerId.lt(it.id.as_str()));
    let before = before.as_ref().map(|it| Column::OwnerId.gt(it.id.as_str()));
    let mut rows = Query::select();
    rows.expr_as(Expr::cust("cast(0 as bigint)"), Alias::new("at"))
        .from(Entity)
        .and_where(Column::OrganizationId.eq(organization.as_str()))
        .and_where(Column::Kind.eq(INTERACTION))
        .and_where_option(after)
        .and_where_option(before)
        .order_by((Entity, Column::OwnerId), end.order());
    rows
}

/// In the order of the list of interactions, newest first: a range of time reads no more than it has.
fn of_filter(scan: Scan<'_>, between: &Between, end: End) -> SelectStatement {
    use interactions::Column as Of;
    let of = |column: Of| (interactions::Entity, column);
    let is_vector_of = Condition::all()
        .add(Column::OrganizationId.eq(scan.organization.as_str()))
        .add(Column::Kind.eq(INTERACTION))
        .add(Expr::col((Entity, Column::OwnerId)).equals(of(Of::Id)));
    let mut rows = Query::select();
    rows.expr_as(Expr::col(of(Of::Timestamp)), Alias::new("at"))
        .from(interactions::Entity)
        .inner_join(Entity, is_vector_of)
        .and_where(Of::OrganizationId.eq(scan.organization.as_str()))
        .cond_where(scan.filter.condition())
        .and_where_option(between.after.as_ref().map(InteractionKey::is_before))
        .and_where_option(between.before.as_ref().map(InteractionKey::is_after))
        .order_by(of(Of::Timestamp), end.order())
        .order_by(of(Of::Id), end.order());
    rows
}

/// The rows as one, in their order: they have a limit, so no database drops it.
async fn pack(db: &Db, rows: SelectStatement, end: End) -> Result<Packed> {
    let time = match end {
        End::First => ("time", "min(at)"),
        End::Last => ("time", "max(at)"),
    };
    let together = if db.is_sqlite() {
        [
            time,
            ("owners", "group_concat(owner_id, char(10))"),
            // Bytes stay as they are: a cast between text and blob changes none.
            ("vectors", "cast(group_concat(vector, '') as blob)"),
        ]
    } else {
        [
            time,
            ("owners", "string_agg(owner_id, chr(10))"),
            ("vectors", "string_agg(vector, ''::bytea)"),
        ]
    };
    let mut packing = Query::select();
    packing.expr_as(Expr::cust("count(*)"), Alias::new("count"));
    for (name, expression) in together {
        packing.expr_as(Expr::cust(expression), Alias::new(name));
    }
    packing.from_subquery(rows, Alias::new("chosen"));
    let statement = db.read.get_database_backend().build(&packing);
    let packed = Packed::find_by_statement(statement).one(&db.read).await;
    let packed = packed.map_err(Error::sql("reading vectors"))?;
    Ok(packed.unwrap_or_default())
}
