//! Texts as vectors, for search by meaning.
//!
//! A vector is written in the transaction that writes what it is of ([`crate::interactions`]), and goes
//! with it. [`unembedded`] and [`add`] give one to what an older release has written. Vectors are
//! opaque here: whoever made them compares them.

use sea_orm::sea_query::{Expr, ExprTrait, OnConflict, Query};
use sea_orm::{
    ColumnTrait, ConnectionTrait, DatabaseTransaction, DbBackend, EntityTrait, FromQueryResult,
    IntoActiveModel, QueryFilter, Statement,
};

use crate::connection::Db;
use crate::entity::embeddings::{Column, Entity, Model};
use crate::error::{Error, Result};
use crate::interactions::Interaction;

mod near;
mod pages;
#[cfg(test)]
mod tests;

pub use near::{Near, near};
pub use pages::{Between, End, Scan, Vectors, page};

/// The kind of vectors of interactions.
const INTERACTION: &str = "interaction";
const PUTTING: &str = "storing a vector";
const LOOKING: &str = "looking for interactions without a vector";
/// Owners named in one statement.
const PER_STATEMENT: usize = 500;

/// A text as a vector.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Embedding {
    /// What made it.
    pub model: String,
    /// One signed byte for each dimension.
    pub vector: Vec<u8>,
}

/// Makes this the vector of an interaction. Without one, an earlier one goes.
pub(crate) async fn replace(
    transaction: &DatabaseTransaction,
    of: &Interaction,
    embedding: Option<&Embedding>,
) -> Result<()> {
    replace_all(transaction, &[(of, embedding)]).await
}

/// The same for different interactions.
pub(crate) async fn replace_all(
    transaction: &DatabaseTransaction,
    all: &[(&Interaction, Option<&Embedding>)],
) -> Result<()> {
    for (of, _none) in all.iter().filter(|(_of, embedding)| embedding.is_none()) {
        remove(transaction, &of.organization_id, &[of.id.as_str()]).await?;
    }
    let rows: Vec<Model> = all
        .iter()
        .filter_map(|(of, it)| Some(row(of, (*it)?)))
        .collect();
    if rows.is_empty() {
        return Ok(());
    }
    let replacing = OnConflict::columns([Column::OrganizationId, Column::Kind, Column::OwnerId])
        .update_columns([
            Column::SessionRow,
            Column::Model,
            Column::Dimension,
            Column::Vector,
        ])
        .to_owned();
    Entity::insert_many(rows.into_iter().map(IntoActiveModel::into_active_model))
        .on_conflict(replacing)
        .exec_without_returning(transaction)
        .await
        .map(drop)
        .map_err(Error::sql(PUTTING))
}

fn row(of: &Interaction, embedding: &Embedding) -> Model {
    Model {
        organization_id: of.organization_id.clone(),
        kind: INTERACTION.to_owned(),
        owner_id: of.id.clone(),
        session_row: of.session_row.clone(),
        model: embedding.model.clone(),
        dimension: i64::try_from(embedding.vector.len()).unwrap_or_default(),
        vector: embedding.vector.clone(),
    }
}

/// Removes the vectors of interactions. Their rows go first: who adds a vector holds them.
pub(crate) async fn remove(
    transaction: &DatabaseTransaction,
    organization: &str,
    interactions: &[&str],
) -> Result<()> {
    for some in interactions.chunks(PER_STATEMENT) {
        Entity::delete_many()
            .filter(Column::OrganizationId.eq(organization))
            .filter(Column::Kind.eq(INTERACTION))
            .filter(Column::OwnerId.is_in(some.iter().copied()))
            .exec(transaction)
            .await
            .map_err(Error::sql("removing vectors"))?;
    }
    Ok(())
}

/// An interaction without a vector of a model.
#[derive(Debug, Clone, PartialEq, Eq, FromQueryResult)]
pub struct Unembedded {
    /// Of the interaction.
    pub id: String,
    /// The tenant.
    pub organization_id: String,
    /// Of the interaction.
    pub revision: i64,
    /// What the vector is made of.
    pub words: String,
}

/// Some of the interactions, and where they end.
#[derive(Debug, Default)]
pub struct Walked {
    /// Those without a vector.
    pub unembedded: Vec<Unembedded>,
    /// The id of the last one that was looked at; `None`: there are no more.
    pub last: Option<String>,
}

#[derive(FromQueryResult)]
struct Candidate {
    id: String,
    organization_id: String,
    revision: i64,
    words: Option<String>,
}

/// Looks at the next `limit` interactions of all organizations after an id, in the order of their ids.
///
/// # Errors
/// When the database fails.
pub async fn unembedded(db: &Db, model: &str, after: &str, limit: u64) -> Result<Walked> {
    let sql = "select i.id, i.organization_id, i.revision, \
        case when e.owner_id is null then i.words end as words \
        from (select id from interactions where id > $1 order by id limit $2) chosen \
        join interactions i on i.id = chosen.id \
        left join embeddings e on e.organization_id = i.organization_id and e.kind = $3 \
        and e.owner_id = i.id and e.model = $4 order by i.id";
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    let values = [after.into(), limit.into(), INTERACTION.into(), model.into()];
    let backend = db.read.get_database_backend();
    let found = Candidate::find_by_statement(Statement::from_sql_and_values(backend, sql, values))
        .all(&db.read)
        .await
        .map_err(Error::sql(LOOKING))?;
    let last = found.last().map(|it| it.id.clone());
    let unembedded = found.into_iter().filter_map(|it| {
        Some(Unembedded {
            id: it.id,
            organization_id: it.organization_id,
            revision: it.revision,
            words: it.words?,
        })
    });
    Ok(Walked {
        unembedded: unembedded.collect(),
        last,
    })
}

/// Those of some interactions that have no vector of a model now.
///
/// # Errors
/// When the database fails.
pub async fn unembedded_among(db: &Db, model: &str, ids: &[String]) -> Result<Vec<Unembedded>> {
    use crate::entity::interactions::{Column as Of, Entity as Interactions};
    let own = |column: Column| Expr::col((Entity, column));
    let mut has_one = Query::select();
    has_one
        .expr(Expr::val(1))
        .from(Entity)
        .and_where(own(Column::OrganizationId).equals((Interactions, Of::OrganizationId)))
        .and_where(own(Column::Kind).eq(INTERACTION))
        .and_where(own(Column::OwnerId).equals((Interactions, Of::Id)))
        .and_where(own(Column::Model).eq(model));
    let mut found = Vec::new();
    for some in ids.chunks(PER_STATEMENT) {
        let mut rows = Query::select();
        rows.columns([Of::Id, Of::OrganizationId, Of::Revision, Of::Words])
            .from(Interactions)
            .and_where(Of::Id.is_in(some.iter().map(String::as_str)))
            .and_where(Expr::exists(has_one.clone()).not());
        let statement = db.read.get_database_backend().build(&rows);
        let some = Unembedded::find_by_statement(statement).all(&db.read).await;
        found.extend(some.map_err(Error::sql(LOOKING))?);
    }
    Ok(found)
}

/// Stores the vectors of interactions that are still as they were read; returns how many.
///
/// # Errors
/// When the database fails.
pub async fn add(db: &Db, found: &[(Unembedded, Embedding)]) -> Result<u64> {
    let transaction = db.begin(PUTTING).await?;
    let mut held = Vec::new();
    for (read, embedding) in found {
        if let Some(row) = hold(&transaction, read).await? {
            held.push((row, embedding));
        }
    }
    let all: Vec<_> = held.iter().map(|(row, it)| (row, Some(*it))).collect();
    replace_all(&transaction, &all).await?;
    transaction.commit().await.map_err(Error::sql(PUTTING))?;
    Ok(held.len() as u64)
}

/// The row of an interaction, unless it was replaced or removed. Nobody does so until the end of the
/// transaction.
async fn hold(transaction: &DatabaseTransaction, read: &Unembedded) -> Result<Option<Interaction>> {
    use crate::entity::interactions::{Column, Entity};
    use sea_orm::QuerySelect;
    use sea_orm::sea_query::LockType;
    let row = Entity::find_by_id(read.id.as_str())
        .filter(Column::OrganizationId.eq(read.organization_id.as_str()))
        .filter(Column::Revision.eq(read.revision))
        // A model may have worded it anew meanwhile, which is no revision.
        .filter(Column::Words.eq(read.words.as_str()));
    let row = match transaction.get_database_backend() {
        // There is one writer.
        DbBackend::Sqlite => row,
        _postgres => row.lock(LockType::Share),
    };
    row.one(transaction).await.map_err(Error::row(PUTTING))
}
