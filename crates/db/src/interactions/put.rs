//! Stores the interactions of sessions.
//!
//! A statement costs more than the row in it, so interactions that are to be stored at the same time go in one
//! transaction, and all their rows of a table in one statement.

use std::collections::{HashMap, HashSet};

use sea_orm::sea_query::{Expr, OnConflict};
use sea_orm::{
    ConnectionTrait, DatabaseTransaction, DbBackend, EntityTrait, FromQueryResult, IntoActiveModel,
    QueryTrait, Statement,
};

use crow_types::Timestamp;

use super::{Interaction, products, stored};
use crate::ai::retries;
use crate::connection::Db;
use crate::embeddings::{self, Embedding};
use crate::entity::interactions::{Column, Entity};
use crate::error::{Error, Result};
use crate::usage;

const PUTTING: &str = "storing an interaction";

/// Somebody who holds the row of one session for long, such as an erasure, must not hold up the others. It is
/// less than Postgres waits before it looks for deadlocks, so these give way to whom they could wait for.
const PATIENCE: &str = "set local lock_timeout = '500ms'";

/// What came of an interaction that was to be stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Put {
    /// It is stored, or was before.
    Stored,
    /// A higher revision is stored already, or the session has one that will be announced.
    Outdated,
    /// The session does not exist any more, or its events do not.
    Erased,
}

/// The interaction of a session, to be stored.
#[derive(Debug, Clone)]
pub struct Putting {
    /// The row.
    pub interaction: Interaction,
    /// The vector of its words; `None`: it gets one later.
    pub embedding: Option<Embedding>,
    /// When language models are asked about the session again, see [`retries`]. `None`: they are not.
    pub next: Option<Timestamp>,
}

impl From<&Interaction> for Putting {
    /// Without a vector and another attempt.
    fn from(interaction: &Interaction) -> Self {
        Self {
            interaction: interaction.clone(),
            embedding: None,
            next: None,
        }
    }
}

/// Stores the interaction of a session. A higher revision replaces a lower one; the same one changes
/// nothing.
///
/// # Errors
/// When the database fails.
pub async fn put(db: &Db, putting: impl Into<Putting>) -> Result<Put> {
    let transaction = db.begin(PUTTING).await?;
    let puts = put_in(transaction, &[&putting.into()]).await?;
    Ok(puts.first().copied().unwrap_or(Put::Erased))
}

/// Stores the interactions of sessions in one transaction, at most some dozens. Returns what came of each.
/// Those of one session are stored in their order.
///
/// # Errors
/// When the database fails, or others hold a row that is needed. Then none is stored. [`put`] waits for
/// such a row.
pub async fn put_all(db: &Db, all: &[&Putting]) -> Result<Vec<Put>> {
    let transaction = db.begin(PUTTING).await?;
    if !db.is_sqlite() {
        let giving_way = transaction.execute_unprepared(PATIENCE).await;
        giving_way.map_err(Error::sql(PUTTING))?;
    }
    put_in(transaction, all).await
}

async fn put_in(transaction: DatabaseTransaction, all: &[&Putting]) -> Result<Vec<Put>> {
    let held = hold(&transaction, all.iter().map(|it| &it.interaction)).await?;
    let puts: Vec<Put> = all
        .iter()
        .map(|it| outcome(&held, &it.interaction))
        .collect();
    let stored = all
        .iter()
        .zip(&puts)
        .filter(|(_, put)| **put == Put::Stored);
    let mut left: Vec<&Putting> = stored.map(|(it, _)| *it).collect();
    while !left.is_empty() {
        let mut ids = HashSet::new();
        let (now, later) = left
            .into_iter()
            .partition(|it| ids.insert(it.interaction.id.as_str()));
        store(&transaction, now).await?;
        left = later;
    }
    transaction.commit().await.map_err(Error::sql(PUTTING))?;
    Ok(puts)
}

/// A session that is held.
#[derive(Debug, FromQueryResult)]
pub(super) struct Held {
    id: String,
    organization_id: String,
    revision: i32,
}

/// Holds the rows of the sessions until the end of the transaction, and returns those that there are.
pub(super) async fn hold(
    transaction: &DatabaseTransaction,
    interactions: impl Iterator<Item = &Interaction>,
) -> Result<HashMap<String, Held>> {
    let backend = transaction.get_database_backend();
    let lock = match backend {
        // There is one writer.
        DbBackend::Sqlite => "",
        _postgres => " for share",
    };
    let sessions: Vec<_> = interactions
        .filter_map(|it| it.session_row.clone())
        .map(sea_orm::Value::from)
        .collect();
    let places: Vec<String> = (1..=sessions.len()).map(|at| format!("${at}")).collect();
    // In the order of their ids, so that two of these never wait for each other. Flushes and erasures have
    // orders of their own.
    let sql = format!(
        "select id, organization_id, revision from sessions where id in ({}) and status = 'closed' \
        and (removed is null or removed = 'recording') order by id{lock}",
        places.join(", ")
    );
    let found = Held::find_by_statement(Statement::from_sql_and_values(backend, sql, sessions))
        .all(transaction)
        .await
        .map_err(Error::sql(PUTTING))?;
    Ok(found.into_iter().map(|it| (it.id.clone(), it)).collect())
}

/// `Stored`: the interaction may be.
pub(super) fn outcome(held: &HashMap<String, Held>, interaction: &Interaction) -> Put {
    let session = interaction.session_row.as_ref();
    match session.and_then(|row| held.get(row)) {
        Some(session) if session.organization_id != interaction.organization_id => Put::Erased,
        Some(session) if i64::from(session.revision) > interaction.revision => Put::Outdated,
        Some(_) => Put::Stored,
        None => Put::Erased,
    }
}

/// Stores interactions of different sessions.
async fn store(transaction: &DatabaseTransaction, mut all: Vec<&Putting>) -> Result<()> {
    all.sort_by(|one, other| one.interaction.id.cmp(&other.interaction.id));
    let ids = insert(transaction, &all).await?;
    let (new, known): (Vec<&Putting>, Vec<&Putting>) = all
        .into_iter()
        .partition(|it| ids.contains(&it.interaction.id));
    for it in known {
        if replace(transaction, &it.interaction).await? {
            products::remove(transaction, &it.interaction).await?;
            add_to(transaction, &[it]).await?;
        }
    }
    add_to(transaction, &new).await?;
    // Only the first revision counts.
    let new = new.iter().map(|it| &it.interaction);
    usage::add_interactions(transaction, new).await
}

/// Inserts those that are not there, and returns their ids.
async fn insert(transaction: &DatabaseTransaction, all: &[&Putting]) -> Result<HashSet<String>> {
    #[derive(FromQueryResult)]
    struct Inserted {
        id: String,
    }

    let rows = all.iter().map(|it| it.interaction.clone());
    let nothing = OnConflict::column(Column::Id).do_nothing().to_owned();
    let mut inserting = Entity::insert_many(rows.map(IntoActiveModel::into_active_model))
        .on_conflict(nothing)
        .into_query();
    inserting.returning_col(Column::Id);
    let statement = transaction.get_database_backend().build(&inserting);
    let inserted = Inserted::find_by_statement(statement)
        .all(transaction)
        .await;
    let inserted = inserted.map_err(Error::sql(PUTTING))?;
    Ok(inserted.into_iter().map(|it| it.id).collect())
}

/// Replaces a lower revision; whether there was one.
async fn replace(transaction: &DatabaseTransaction, interaction: &Interaction) -> Result<bool> {
    let is_newer = Expr::cust("interactions.revision < excluded.revision");
    let changed = [
        Column::SessionId,
        Column::Revision,
        Column::Data,
        Column::Summary,
        Column::SummarySource,
        Column::Intent,
        Column::Confidence,
        Column::Tags,
        Column::ProductIds,
        Column::Evidence,
        Column::Words,
        Column::Timestamp,
    ];
    let newer = OnConflict::column(Column::Id)
        .update_columns(changed)
        .action_and_where(is_newer)
        .to_owned();
    let replaced = Entity::insert(interaction.clone().into_active_model())
        .on_conflict(newer)
        .exec_without_returning(transaction)
        .await
        .map_err(Error::sql(PUTTING))?;
    Ok(replaced > 0)
}

/// What belongs to interactions that were just written. Their products are not there.
async fn add_to(transaction: &DatabaseTransaction, all: &[&Putting]) -> Result<()> {
    let interactions: Vec<&Interaction> = all.iter().map(|it| &it.interaction).collect();
    let embedded: Vec<_> = all
        .iter()
        .map(|it| (&it.interaction, it.embedding.as_ref()))
        .collect();
    embeddings::replace_all(transaction, &embedded).await?;
    products::add_all(transaction, &interactions).await?;
    stored::note_all(transaction, &interactions, "").await?;
    for it in all {
        retries::note(transaction, &it.interaction, it.next).await?;
    }
    Ok(())
}

#[cfg(test)]
mod tests;
