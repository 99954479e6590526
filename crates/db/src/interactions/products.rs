//! What visitors did with the products of interactions, and the figures of each product.
//!
//! The rows are computed from an interaction. They are written and replaced in its transaction, and the
//! database removes them with it. [`complete`] adds those of interactions that an older release has written.
//! [`correct`] also replaces those of interactions that it has changed.

use std::collections::{BTreeMap, HashMap};

use sea_orm::sea_query::{Expr, LockType};
use sea_orm::{
    ColumnTrait, ConnectionTrait, DatabaseTransaction, DbBackend, EntityTrait, FromQueryResult,
    IdenStatic, IntoActiveModel, Iterable, QueryFilter, QueryOrder, QuerySelect, Statement,
};
use serde::Deserialize;
use serde::de::DeserializeOwned;

use super::Interaction;
use super::tallies::{BOT, TallyRange, condition, rows};
use crate::by_key::belongs_to;
use crate::connection::Db;
use crate::entity::interaction_products::{Column, Entity, Model};
use crate::entity::interactions;
use crate::error::{Error, Result};

#[cfg(test)]
mod tests;

const PUTTING: &str = "storing the products of an interaction";
const COMPARING: &str = "comparing interactions with their products";
/// Rows of one statement.
const PER_STATEMENT: usize = 500;

/// What the interactions of a range say about a product. Those of robots count nowhere.
#[derive(Debug, Clone, PartialEq, Eq, FromQueryResult)]
pub struct ProductSum {
    /// The catalogue's id, or what pages named it: not to be trusted.
    pub product_id: String,
    /// Interactions about it.
    pub interactions: i64,
    /// How often it was looked at.
    pub views: i64,
    /// Interactions in which it was put into the cart, and not all of it taken out.
    pub added: i64,
    /// Interactions with an order that names it.
    pub purchased: i64,
    /// Interactions that added it and did not purchase it.
    pub abandoned: i64,
}

/// The products of most interactions, at most `limit`. Those of equally many are in the order of their ids.
///
/// # Errors
/// When the database fails.
pub async fn sums(db: &Db, range: &TallyRange<'_>, limit: u64) -> Result<Vec<ProductSum>> {
    let sql = format!(
        "select product_id, count(*) as interactions, cast(sum(views) as bigint) as views, \
         count(*) filter (where added) as added, count(*) filter (where purchased) as purchased, \
         count(*) filter (where added and not purchased) as abandoned \
         from interaction_products {} \
         group by product_id order by count(*) desc, product_id limit {limit}",
        condition(range)
    );
    rows(db, range, sql).await
}

/// What this needs of `interactions.evidence`.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Evidence {
    products: Vec<Shown>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Shown {
    id: String,
    /// In the catalogue. What an older release has written lacks it.
    product_id: Option<String>,
    views: u32,
    added: bool,
    bought: bool,
}

/// One for each of its product ids, with what its evidence knows of it.
fn products_of(interaction: &Interaction) -> Vec<Model> {
    if interaction.intent.as_deref() == Some(BOT) {
        return Vec::new();
    }
    let row = |product_id: String| Model {
        interaction_id: interaction.id.clone(),
        product_id,
        organization_id: interaction.organization_id.clone(),
        source_type: interaction.source_type.clone(),
        timestamp: interaction.timestamp,
        views: 0,
        added: false,
        purchased: false,
    };
    let ids: Vec<String> = read(interaction.product_ids.as_deref());
    let mut products: BTreeMap<String, Model> =
        ids.into_iter().map(|id| (id.clone(), row(id))).collect();
    let evidence: Evidence = read(interaction.evidence.as_deref());
    for shown in evidence.products {
        let id = shown.product_id.unwrap_or(shown.id);
        if let Some(product) = products.get_mut(&id) {
            product.views += i64::from(shown.views);
            product.added |= shown.added;
            product.purchased |= shown.bought;
        }
    }
    products.into_values().collect()
}

fn read<T: Default + DeserializeOwned>(json: Option<&str>) -> T {
    let value = json.and_then(|json| serde_json::from_str(json).ok());
    value.unwrap_or_default()
}

/// Makes the rows those of this interaction. Whoever calls it holds the row of the interaction.
pub(super) async fn replace(transaction: &DatabaseTransaction, of: &Interaction) -> Result<()> {
    remove(transaction, of).await?;
    add_all(transaction, &[of]).await
}

/// Removes the rows of an interaction.
pub(super) async fn remove(transaction: &DatabaseTransaction, of: &Interaction) -> Result<()> {
    let removed = Entity::delete_many()
        .filter(Column::InteractionId.eq(of.id.as_str()))
        .filter(belongs_to(
            Column::OrganizationId,
            of.organization_id.as_str(),
        ))
        .exec(transaction)
        .await;
    removed.map(drop).map_err(Error::sql(PUTTING))
}

/// Adds the rows of interactions that have none.
pub(super) async fn add_all(transaction: &DatabaseTransaction, of: &[&Interaction]) -> Result<()> {
    let rows: Vec<Model> = of.iter().flat_map(|it| products_of(it)).collect();
    for some in rows.chunks(PER_STATEMENT) {
        let some = some.iter().map(|row| row.clone().into_active_model());
        Entity::insert_many(some)
            .exec_without_returning(transaction)
            .await
            .map_err(Error::sql(PUTTING))?;
    }
    Ok(())
}

#[derive(FromQueryResult)]
struct Candidate {
    id: String,
    /// Of one that lacks its rows.
    organization_id: Option<String>,
}

/// Looks at the next `limit` interactions of all organizations after an id, in the order of their ids, and
/// adds the rows of those that have products and no rows. Returns the last id that was looked at; `None`:
/// there are no more.
///
/// # Errors
/// When the database fails.
pub async fn complete(db: &Db, after: &str, limit: u64) -> Result<Option<String>> {
    let sql = format!(
        "select i.id, case when i.product_ids <> '[]' and (i.intent is null or i.intent <> '{BOT}') \
         and not exists (select 1 from interaction_products p where p.interaction_id = i.id) \
         then i.organization_id end as organization_id \
         from (select id from interactions where id > $1 order by id limit $2) chosen \
         join interactions i on i.id = chosen.id order by i.id"
    );
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    let values = [after.into(), limit.into()];
    let backend = db.read.get_database_backend();
    let found = Candidate::find_by_statement(Statement::from_sql_and_values(backend, sql, values))
        .all(&db.read)
        .await
        .map_err(Error::sql("looking for interactions without products"))?;
    let last = found.last().map(|it| it.id.clone());
    for Candidate {
        id,
        organization_id,
    } in found
    {
        if let Some(organization) = organization_id {
            add(db, &organization, &id).await?;
        }
    }
    Ok(last)
}

/// As [`complete`], and makes all rows those of their interactions. A release that does not know the rows leaves
/// them as they are when it replaces an interaction. It reads much more than [`complete`].
///
/// # Errors
/// When the database fails.
pub async fn correct(db: &Db, after: &str, limit: u64) -> Result<Option<String>> {
    use interactions::Column as Of;
    // These two are large, and say nothing of products.
    let others = Of::iter().filter(|it| !matches!(it, Of::Data | Of::Words));
    let found = interactions::Entity::find()
        .select_only()
        .columns(others)
        .column_as(Expr::val(""), Of::Data.as_str())
        .column_as(Expr::val(""), Of::Words.as_str())
        .filter(Of::Id.gt(after))
        .order_by_asc(Of::Id)
        .limit(limit)
        .all(&db.read)
        .await
        .map_err(Error::row(COMPARING))?;
    let mut stored: HashMap<String, Vec<Model>> = HashMap::new();
    for some in found.chunks(PER_STATEMENT) {
        let ids = some.iter().map(|it| it.id.as_str());
        let rows = Entity::find()
            .filter(Column::InteractionId.is_in(ids))
            .all(&db.read)
            .await
            .map_err(Error::row(COMPARING))?;
        for row in rows {
            let of_interaction = stored.entry(row.interaction_id.clone()).or_default();
            of_interaction.push(row);
        }
    }
    for interaction in &found {
        let mut rows = stored.remove(&interaction.id).unwrap_or_default();
        // Databases have orders of their own.
        rows.sort_by(|one, other| one.product_id.cmp(&other.product_id));
        if rows != products_of(interaction) {
            add(db, &interaction.organization_id, &interaction.id).await?;
        }
    }
    Ok(found.last().map(|it| it.id.clone()))
}

/// In a transaction of its own: with more rows, it and an erasure could wait for each other.
async fn add(db: &Db, organization: &str, id: &str) -> Result<()> {
    let transaction = db.begin(PUTTING).await?;
    if let Some(interaction) = hold(&transaction, organization, id).await? {
        replace(&transaction, &interaction).await?;
    }
    transaction.commit().await.map_err(Error::sql(PUTTING))
}

/// An interaction that nobody else changes until the transaction ends. Others that add the same rows wait.
async fn hold(
    transaction: &DatabaseTransaction,
    organization: &str,
    id: &str,
) -> Result<Option<Interaction>> {
    let row = interactions::Entity::find_by_id(id)
        .filter(interactions::Column::OrganizationId.eq(organization));
    let row = match transaction.get_database_backend() {
        // There is one writer.
        DbBackend::Sqlite => row,
        _postgres => row.lock(LockType::NoKeyUpdate),
    };
    row.one(transaction).await.map_err(Error::row(PUTTING))
}
