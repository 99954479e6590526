//! Interactions that other services report. They have no session row; some name a session.
//!
//! [`put`] holds the row of a partition, which an erasure takes over. So an erasure at the same moment
//! either waits and removes the interaction, or was first, and its tombstone refuses it. That of a range of
//! time refuses what was published before the erasure, however late it is processed. Either way, what a
//! model has answered about the report goes in the same transaction.

use sea_orm::sea_query::{LockType, OnConflict};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, DatabaseTransaction, DbBackend, EntityTrait,
    IntoActiveModel, QueryFilter, QueryOrder, QuerySelect, QueryTrait,
};

use crow_types::{OrganizationId, Partition, PartitionCount, SessionId, Timestamp};

use super::{Interaction, Put, products, stored};
use crate::ai;
use crate::connection::Db;
use crate::embeddings::{self, Embedding};
use crate::entity::interactions::{Column, Entity};
use crate::entity::{partitions, tombstones};
use crate::error::{Error, Result};
use crate::installation;
use crate::tombstones::{self as graves, Digests, Kind};
use crate::usage;

#[cfg(test)]
mod tests;

const PUTTING: &str = "storing a reported interaction";
const LOOKING: &str = "checking whether a report is refused";
const LISTING: &str = "listing reported interactions";
/// Rows named in one statement.
const PER_STATEMENT: usize = 500;
/// Interactions of one session that [`of_session`] returns at most.
const MOST: u64 = 10_000;

/// Stores an interaction that has no session row. The first report of an id counts. `published_at` is when
/// the report reached a queue first: a repeated delivery has the same.
///
/// # Errors
/// When the database fails.
pub async fn put(db: &Db, interaction: &Interaction, published_at: Timestamp) -> Result<Put> {
    put_with(db, interaction, None, published_at).await
}

/// The same, with the vector of its words.
///
/// # Errors
/// When the database fails.
pub async fn put_with(
    db: &Db,
    interaction: &Interaction,
    embedding: Option<&Embedding>,
    published_at: Timestamp,
) -> Result<Put> {
    let digests = graves::digests(db).await?;
    let count = installation::partitions(db).await?;
    let transaction = db.begin(PUTTING).await?;
    hold(&transaction, partition_of(interaction, count)).await?;
    let is_erased = is_refused(&transaction, &digests, interaction, published_at).await?;
    // A model that was asked about it is not asked again.
    let (organization, id) = (&interaction.organization_id, &interaction.id);
    ai::remove_of_session(&transaction, organization, id).await?;
    if !is_erased {
        add(&transaction, interaction, embedding).await?;
    }
    transaction.commit().await.map_err(Error::sql(PUTTING))?;
    Ok(if is_erased { Put::Erased } else { Put::Stored })
}

/// Whether [`put`] would add it now: it is neither there nor refused.
///
/// # Errors
/// When the database fails.
pub async fn is_awaited(
    db: &Db,
    interaction: &Interaction,
    published_at: Timestamp,
) -> Result<bool> {
    let digests = graves::digests(db).await?;
    let stored = Entity::find()
        .select_only()
        .column(Column::Id)
        .filter(Column::OrganizationId.eq(interaction.organization_id.as_str()))
        .filter(Column::Id.eq(interaction.id.as_str()))
        .into_tuple::<String>()
        .one(&db.lookups)
        .await
        .map_err(Error::sql(LOOKING))?;
    if stored.is_some() {
        return Ok(false);
    }
    let is_erased = is_refused(&db.lookups, &digests, interaction, published_at).await?;
    Ok(!is_erased)
}

async fn add(
    transaction: &DatabaseTransaction,
    interaction: &Interaction,
    embedding: Option<&Embedding>,
) -> Result<()> {
    let added = Entity::insert(interaction.clone().into_active_model())
        .on_conflict(OnConflict::column(Column::Id).do_nothing().to_owned())
        .exec_without_returning(transaction)
        .await
        .map_err(Error::sql(PUTTING))?;
    if added > 0 {
        embeddings::replace(transaction, interaction, embedding).await?;
        products::replace(transaction, interaction).await?;
        stored::note(transaction, interaction, "").await?;
        usage::add_interactions(transaction, std::iter::once(interaction)).await?;
    }
    Ok(())
}

/// The partition that an erasure of the session takes over. Without a session any is right, because
/// what erases the interaction takes over all of them.
fn partition_of(interaction: &Interaction, count: PartitionCount) -> Partition {
    let organization = OrganizationId::new(interaction.organization_id.as_str());
    let session = SessionId::new(interaction.session_id.clone().unwrap_or_default());
    match (organization, session) {
        (Ok(organization), Ok(session)) => Partition::of(&organization, &session, count),
        _ => Partition(0),
    }
}

/// Keepers go on updating the row.
async fn hold(transaction: &DatabaseTransaction, partition: Partition) -> Result<()> {
    // SQLite has one writer.
    if transaction.get_database_backend() == DbBackend::Sqlite {
        return Ok(());
    }
    partitions::Entity::find_by_id(i64::from(partition.0))
        .select_only()
        .column(partitions::Column::Id)
        .lock(LockType::KeyShare)
        .into_tuple::<i64>()
        .one(transaction)
        .await
        .map(drop)
        .map_err(Error::sql(PUTTING))
}

async fn is_refused(
    connection: &impl ConnectionTrait,
    digests: &Digests,
    interaction: &Interaction,
    published_at: Timestamp,
) -> Result<bool> {
    use tombstones::Column as Tombstone;
    let organization = interaction.organization_id.as_str();
    let of_kind = |kind: Kind| Condition::all().add(Tombstone::Kind.eq(kind.as_str()));
    let is_not_after = Tombstone::Until.gte(interaction.timestamp);
    let was_published_before = Tombstone::ErasedAt.gte(published_at.plus(-graves::CLOCKS_MS).0);
    let of_session = interaction.session_id.as_deref().map(|session| {
        of_kind(Kind::Session)
            .add(Tombstone::Digest.eq(digests.of(organization, Kind::Session, session)))
            .add(is_not_after.clone())
    });
    let of_organization = of_kind(Kind::Organization).add(
        Condition::any()
            .add(is_not_after.clone())
            .add(was_published_before.clone()),
    );
    let of_time = of_kind(Kind::Time)
        .add(Tombstone::Since.lte(interaction.timestamp))
        .add(is_not_after)
        .add(was_published_before);
    let refuses = Condition::any()
        .add_option(of_session)
        .add(of_organization)
        .add(of_time);
    let found = tombstones::Entity::find()
        .filter(Tombstone::OrganizationId.eq(organization))
        .filter(Tombstone::ExpiresAt.gt(Timestamp::now().0))
        .filter(refuses)
        .one(connection)
        .await
        .map_err(Error::sql(LOOKING))?;
    Ok(found.is_some())
}

/// Which reported interactions are erased.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Erased<'a> {
    /// Those that name one of these sessions.
    Sessions(&'a [&'a str]),
    /// The same, but only what a website reported: a visitor chose the ids.
    OfVisitor(&'a [&'a str]),
    /// Those of a range, the end excluded.
    Time(i64, i64),
}

/// Removes reported interactions of before `until`; returns how many.
pub(crate) async fn remove(
    transaction: &DatabaseTransaction,
    organization: &str,
    erased: Erased<'_>,
    until: i64,
) -> Result<u64> {
    let all = || {
        Condition::all()
            .add(Column::OrganizationId.eq(organization))
            .add(Column::SessionRow.is_null())
            .add(Column::Timestamp.lte(until))
    };
    let (sessions, source): (&[&str], _) = match erased {
        Erased::Time(from, to) => {
            let range = all()
                .add(Column::Timestamp.gte(from))
                .add(Column::Timestamp.lt(to));
            return delete_in_parts(transaction, organization, &range).await;
        }
        Erased::Sessions(sessions) => (sessions, None),
        Erased::OfVisitor(sessions) => (sessions, Some(Column::SourceType.eq("web"))),
    };
    let mut removed = 0;
    for sessions in sessions.chunks(PER_STATEMENT) {
        let named = all()
            .add(Column::SessionId.is_in(sessions.iter().copied()))
            .add_option(source.clone());
        removed += delete(transaction, organization, named).await?;
    }
    Ok(removed)
}

/// The same for any number of rows.
async fn delete_in_parts(
    transaction: &DatabaseTransaction,
    organization: &str,
    which: &Condition,
) -> Result<u64> {
    let mut removed = 0;
    loop {
        let some: Vec<String> = Entity::find()
            .select_only()
            .column(Column::Id)
            .filter(which.clone())
            .limit(PER_STATEMENT as u64)
            .into_tuple()
            .all(transaction)
            .await
            .map_err(Error::sql("removing reported interactions"))?;
        if some.is_empty() {
            return Ok(removed);
        }
        let these = Condition::all()
            .add(Column::OrganizationId.eq(organization))
            .add(Column::Id.is_in(some));
        removed += delete(transaction, organization, these).await?;
    }
}

/// Removes rows and their vectors; returns how many rows.
async fn delete(
    transaction: &DatabaseTransaction,
    organization: &str,
    which: Condition,
) -> Result<u64> {
    let failed = "removing reported interactions";
    let mut deleting = Entity::delete_many().filter(which).into_query();
    deleting.returning_col(Column::Id);
    let statement = transaction.get_database_backend().build(&deleting);
    let rows = transaction.query_all_raw(statement).await;
    let ids = rows.map_err(Error::sql(failed))?;
    let ids = ids.iter().map(|row| row.try_get_by_index(0));
    let ids: Vec<String> = ids
        .collect::<std::result::Result<_, _>>()
        .map_err(Error::sql(failed))?;
    let names: Vec<&str> = ids.iter().map(String::as_str).collect();
    embeddings::remove(transaction, organization, &names).await?;
    Ok(ids.len() as u64)
}

/// Removes reported interactions of before a moment, at most `limit`, oldest first; returns how many.
///
/// # Errors
/// When the database fails.
pub async fn expire(
    db: &Db,
    organization: &OrganizationId,
    before: Timestamp,
    limit: u64,
) -> Result<u64> {
    let failed = "removing old reported interactions";
    let rows: Vec<String> = Entity::find()
        .select_only()
        .column(Column::Id)
        .filter(Column::OrganizationId.eq(organization.as_str()))
        .filter(Column::SessionRow.is_null())
        .filter(Column::Timestamp.lt(before.0))
        .order_by_asc(Column::Timestamp)
        .limit(limit)
        .into_tuple()
        .all(&db.read)
        .await
        .map_err(Error::sql(failed))?;
    let mut removed = 0;
    for rows in rows.chunks(PER_STATEMENT) {
        let transaction = db.begin(failed).await?;
        let these = Condition::all()
            .add(Column::OrganizationId.eq(organization.as_str()))
            .add(Column::Id.is_in(rows));
        removed += delete(&transaction, organization.as_str(), these).await?;
        transaction.commit().await.map_err(Error::sql(failed))?;
    }
    Ok(removed)
}

/// The reported interactions that name a session, oldest first.
///
/// # Errors
/// When the database fails.
pub async fn of_session(
    db: &Db,
    organization: &OrganizationId,
    session: &str,
) -> Result<Vec<Interaction>> {
    Entity::find()
        .filter(Column::OrganizationId.eq(organization.as_str()))
        .filter(Column::SessionRow.is_null())
        .filter(Column::SessionId.eq(session))
        .order_by_asc(Column::Timestamp)
        .limit(MOST)
        .all(&db.read)
        .await
        .map_err(Error::row(LISTING))
}
