//! An interaction in other words, of the same revision.

use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};

use super::put::{hold, outcome};
use super::{Interaction, Put, products, stored};
use crate::ai::retries::{self, Claim};
use crate::connection::Db;
use crate::embeddings::{self, Embedding};
use crate::entity::interactions::{Column, Entity};
use crate::error::{Error, Result};

const REWORDING: &str = "rewording an interaction";

/// Replaces the text that rules wrote of a session by that of a model, and ends the claim, in one transaction.
/// Only whoever holds the claim can do so, and only while the interaction is of its revision.
///
/// It holds the row of the session, as [`super::put`] does. So after an erasure nothing is added.
///
/// # Errors
/// When the database fails.
pub async fn reword(
    db: &Db,
    claim: &Claim,
    reworded: &Interaction,
    embedding: Option<&Embedding>,
) -> Result<Put> {
    let transaction = db.begin(REWORDING).await?;
    let held = hold(&transaction, [reworded].into_iter()).await?;
    match outcome(&held, reworded) {
        Put::Stored => {}
        refused => return Ok(refused),
    }
    let text = |value: &Option<String>| Expr::value(value.clone());
    let outcome = Entity::update_many()
        .col_expr(Column::Summary, text(&reworded.summary))
        .col_expr(Column::SummarySource, text(&reworded.summary_source))
        .col_expr(Column::Intent, text(&reworded.intent))
        .col_expr(Column::Confidence, Expr::value(reworded.confidence))
        .col_expr(Column::Tags, text(&reworded.tags))
        .col_expr(Column::ProductIds, text(&reworded.product_ids))
        .col_expr(Column::Evidence, text(&reworded.evidence))
        .col_expr(Column::Words, Expr::value(reworded.words.clone()))
        .filter(Column::Id.eq(reworded.id.as_str()))
        .filter(Column::OrganizationId.eq(claim.organization.as_str()))
        .filter(Column::SessionRow.eq(claim.session_row.as_str()))
        .filter(Column::Revision.eq(claim.revision))
        .exec(&transaction)
        .await
        .map_err(Error::sql(REWORDING))?;
    if outcome.rows_affected == 0 || !retries::remove(&transaction, claim).await? {
        return Ok(Put::Outdated);
    }
    embeddings::replace(&transaction, reworded, embedding).await?;
    products::replace(&transaction, reworded).await?;
    stored::note(&transaction, reworded, "-reworded").await?;
    transaction.commit().await.map_err(Error::sql(REWORDING))?;
    Ok(Put::Stored)
}
