//! Interactions: what happened, in words. There is one for each finished session, and one for each
//! that a service reports ([`reported`]).
//!
//! [`products`] has what visitors did with the products of an interaction, and [`tallies`] what is alike.
//! [`stored`] has those that other services do not know of yet.
//!
//! [`put_all`] is one transaction and may run twice. It holds the rows of the sessions, so that an erasure
//! at the same moment either waits and removes an interaction, or was first and nothing is added.

use sea_orm::sea_query::{Condition, Expr, ExprTrait, Func, LikeExpr};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

use crow_types::OrganizationId;

use crate::ai::{self, retries};
use crate::by_key::belongs_to;
use crate::connection::Db;
use crate::embeddings;
use crate::entity::interactions::{Column, Entity};
use crate::error::{Error, Result};

pub mod products;
mod put;
pub mod reported;
mod reworded;
pub mod stored;
pub mod tallies;
#[cfg(test)]
pub(crate) mod tests;

pub use crate::entity::interactions::Model as Interaction;
pub use put::{Put, Putting, put, put_all};
pub use reworded::reword;

const LISTING: &str = "listing interactions";

/// Removes the interaction of an erased session; returns whether there was one.
pub async fn forget(db: &Db, organization: &str, session_row: &str) -> Result<bool> {
    let failed = "removing an interaction";
    let transaction = db.begin(failed).await?;
    let outcome = Entity::delete_many()
        .filter(Column::OrganizationId.eq(organization))
        .filter(Column::SessionRow.eq(session_row))
        .exec(&transaction)
        .await
        .map_err(Error::sql(failed))?;
    // The interaction of a session has the id of its row.
    embeddings::remove(&transaction, organization, &[session_row]).await?;
    ai::remove_of_session(&transaction, organization, session_row).await?;
    retries::remove_of_session(&transaction, organization, session_row).await?;
    transaction.commit().await.map_err(Error::sql(failed))?;
    Ok(outcome.rows_affected > 0)
}

/// What a list of interactions must be. All that is given must hold.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct InteractionFilter {
    /// At or after, milliseconds since the epoch.
    pub from: Option<i64>,
    /// Before.
    pub to: Option<i64>,
    /// web, cctv or social.
    pub source_type: Option<String>,
    /// The furthest step.
    pub intent: Option<String>,
    /// Each word must occur in summary, tags or products.
    pub words: Vec<String>,
    /// A product id.
    pub product: Option<String>,
    /// A tag.
    pub tag: Option<String>,
    /// 0 to 1.
    pub min_confidence: Option<f64>,
    /// The SDK's session id.
    pub session: Option<String>,
}

/// Where a page of interactions ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InteractionKey {
    /// Milliseconds since the epoch.
    pub timestamp: i64,
    /// Breaks ties.
    pub id: String,
}

impl InteractionKey {
    /// Whether a row comes after it in the list.
    pub(crate) fn is_before(&self) -> Expr {
        let is_older = Column::Timestamp.lt(self.timestamp);
        let is_tie_after = Column::Id.lt(self.id.as_str());
        Column::Timestamp
            .lte(self.timestamp)
            .and(is_older.or(is_tie_after))
    }

    /// Whether a row comes before it in the list.
    pub(crate) fn is_after(&self) -> Expr {
        let is_newer = Column::Timestamp.gt(self.timestamp);
        let is_tie_before = Column::Id.gt(self.id.as_str());
        Column::Timestamp
            .gte(self.timestamp)
            .and(is_newer.or(is_tie_before))
    }
}

impl InteractionFilter {
    pub(crate) fn condition(&self) -> Condition {
        let equal =
            |column: Column, value: &Option<String>| value.as_deref().map(|it| column.eq(it));
        let words = self
            .words
            .iter()
            .map(|word| contains(Column::Words, &word.to_lowercase()));
        let listed =
            |column: Column, value: &Option<String>| value.as_ref().map(|it| lists(column, it));
        let mut all = Condition::all()
            .add_option(self.from.map(|from| Column::Timestamp.gte(from)))
            .add_option(self.to.map(|to| Column::Timestamp.lt(to)))
            .add_option(equal(Column::SourceType, &self.source_type))
            .add_option(equal(Column::Intent, &self.intent))
            .add_option(equal(Column::SessionId, &self.session))
            .add_option(listed(Column::ProductIds, &self.product))
            .add_option(listed(Column::Tags, &self.tag))
            .add_option(
                self.min_confidence
                    .map(|least| Column::Confidence.gte(least)),
            );
        for word in words {
            all = all.add(word);
        }
        all
    }
}

/// Whether a JSON list has an item, with upper and lower case as given. On SQLite, `like` takes both for the
/// same; on Postgres, it finds the rows by an index.
fn lists(column: Column, item: &str) -> Expr {
    let item = serde_json::Value::from(item).to_string();
    let list = || Expr::col((Entity, column));
    let without = Func::cust("replace").arg(list()).arg(item.as_str()).arg("");
    contains(column, &item).and(list().ne(without))
}

fn contains(column: Column, text: &str) -> Expr {
    let escaped = text
        .replace('!', "!!")
        .replace('%', "!%")
        .replace('_', "!_");
    column.like(LikeExpr::new(format!("%{escaped}%")).escape('!'))
}

/// At most `limit` interactions after `after` that pass the filter, newest first.
pub async fn list(
    db: &Db,
    organization: &OrganizationId,
    filter: &InteractionFilter,
    after: Option<&InteractionKey>,
    limit: u64,
) -> Result<Vec<Interaction>> {
    let is_after = after.map(InteractionKey::is_before);
    Entity::find()
        .filter(Column::OrganizationId.eq(organization.as_str()))
        .filter(filter.condition())
        .filter(Condition::all().add_option(is_after))
        .order_by_desc(Column::Timestamp)
        .order_by_desc(Column::Id)
        .limit(limit)
        .all(&db.read)
        .await
        .map_err(Error::row(LISTING))
}

/// Those of these interactions that there are, in any order.
///
/// # Errors
/// When the database fails.
pub async fn by_ids(
    db: &Db,
    organization: &OrganizationId,
    ids: &[&str],
) -> Result<Vec<Interaction>> {
    Entity::find()
        .filter(belongs_to(Column::OrganizationId, organization.as_str()))
        .filter(Column::Id.is_in(ids.iter().copied()))
        .all(&db.read)
        .await
        .map_err(Error::row(LISTING))
}

/// The interaction of a session row.
pub async fn of_session(
    db: &Db,
    organization: &OrganizationId,
    session_row: &str,
) -> Result<Option<Interaction>> {
    Entity::find()
        .filter(Column::OrganizationId.eq(organization.as_str()))
        .filter(Column::SessionRow.eq(session_row))
        .one(&db.read)
        .await
        .map_err(Error::row(LISTING))
}

/// How many interactions of each source that pass the filter.
pub async fn counts(
    db: &Db,
    organization: &OrganizationId,
    filter: &InteractionFilter,
) -> Result<Vec<(String, i64)>> {
    Entity::find()
        .select_only()
        .column(Column::SourceType)
        .column_as(Column::Id.count(), "count")
        .filter(Column::OrganizationId.eq(organization.as_str()))
        .filter(filter.condition())
        .group_by(Column::SourceType)
        .into_tuple()
        .all(&db.read)
        .await
        .map_err(Error::sql("counting interactions"))
}
