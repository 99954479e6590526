//! Who did what. Rows are only added. Those of an organization form a chain: each holds the hash of
//! its content and of the hash before it. A changed or removed row breaks the chain, and [`verify`]
//! finds it. Whoever can write to the database can also write a new chain, so the last hash should
//! be kept elsewhere, too.

use sea_orm::sea_query::{Condition, Expr, ExprTrait, OnConflict};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, DatabaseTransaction, DbErr, EntityTrait, IntoActiveModel,
    QueryFilter, QueryOrder, QuerySelect,
};

use crow_types::{OrganizationId, Timestamp};

use crate::connection::Db;
use crate::entity::{audit_heads, audit_log};
use crate::error::{Error, Result};

mod chain;
#[cfg(test)]
mod tests;
mod verify;

pub use crate::entity::audit_log::Model as AuditRow;
pub use verify::{Head, Verdict, organizations, verify};

use chain::hash_of;

/// Who does something.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Actor {
    /// `user`, `key`, `public` or `system`.
    pub kind: &'static str,
    /// Id of the user or key.
    pub id: String,
    /// Address of the client.
    pub address: Option<String>,
}

impl Actor {
    /// The installation itself: its services and its command line.
    #[must_use]
    pub fn system() -> Self {
        Self::system_named("crow")
    }

    /// A named part of it.
    #[must_use]
    pub fn system_named(name: &str) -> Self {
        Self {
            kind: "system",
            id: name.to_owned(),
            address: None,
        }
    }
}

/// How it went.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// It was done.
    Done,
    /// It was refused.
    Refused,
}

impl Outcome {
    fn as_str(self) -> &'static str {
        match self {
            Self::Done => "done",
            Self::Refused => "refused",
        }
    }
}

/// Something to note.
#[derive(Debug, Clone, Copy)]
pub struct Entry<'a> {
    /// The tenant.
    pub organization: &'a str,
    /// Who did it.
    pub by: &'a Actor,
    /// What was done, such as `api_key.created`.
    pub action: &'a str,
    /// On what: an id, possibly with what changed. It names no visitor.
    pub subject: &'a str,
    /// How it went.
    pub outcome: Outcome,
    /// When.
    pub at: Timestamp,
}

/// Notes something in a transaction of its own.
pub async fn note(db: &Db, entry: Entry<'_>) -> Result<()> {
    let failed = "noting in the audit log";
    let transaction = db.begin(failed).await?;
    append(&transaction, entry)
        .await
        .map_err(Error::sql(failed))?;
    transaction.commit().await.map_err(Error::sql(failed))
}

/// Notes that something was done, in the transaction that does it. Until it ends, other entries of the
/// organization wait.
pub(crate) async fn audit(
    transaction: &DatabaseTransaction,
    by: &Actor,
    organization: &str,
    action: &str,
    subject: &str,
    at: Timestamp,
) -> std::result::Result<(), DbErr> {
    let entry = Entry {
        organization,
        by,
        action,
        subject,
        outcome: Outcome::Done,
        at,
    };
    append(transaction, entry).await
}

/// The same with any outcome.
pub(crate) async fn append(
    transaction: &DatabaseTransaction,
    entry: Entry<'_>,
) -> std::result::Result<(), DbErr> {
    let before = lock_head(transaction, entry.organization).await?;
    let mut row = AuditRow {
        id: ulid::Ulid::new().to_string(),
        organization_id: entry.organization.to_owned(),
        at: entry.at.0,
        action: entry.action.to_owned(),
        subject: entry.subject.to_owned(),
        sequence: Some(before.sequence + 1),
        actor_kind: Some(entry.by.kind.to_owned()),
        actor_id: Some(entry.by.id.clone()),
        address: entry.by.address.clone(),
        outcome: Some(entry.outcome.as_str().to_owned()),
        hash: None,
    };
    let hash = hash_of(&row, &before.hash);
    row.hash = Some(hash.clone());
    audit_log::Entity::insert(row.into_active_model())
        .exec_without_returning(transaction)
        .await?;
    audit_heads::Entity::update_many()
        .col_expr(
            audit_heads::Column::Sequence,
            Expr::value(before.sequence + 1),
        )
        .col_expr(audit_heads::Column::Hash, Expr::value(hash))
        .filter(audit_heads::Column::OrganizationId.eq(entry.organization))
        .exec(transaction)
        .await
        .map(drop)
}

/// The last entry, whose row stays locked. It is written before it is read, because SQLite locks
/// with the first write.
async fn lock_head(
    transaction: &DatabaseTransaction,
    organization: &str,
) -> std::result::Result<audit_heads::Model, DbErr> {
    use audit_heads::{ActiveModel, Column, Entity};
    let first = ActiveModel {
        organization_id: Set(organization.to_owned()),
        sequence: Set(0),
        hash: Set(String::new()),
    };
    let same = Expr::col((Entity, Column::Sequence)).add(0);
    let lock = OnConflict::column(Column::OrganizationId)
        .value(Column::Sequence, same)
        .to_owned();
    Entity::insert(first)
        .on_conflict(lock)
        .exec_without_returning(transaction)
        .await?;
    let head = Entity::find_by_id(organization).one(transaction).await?;
    head.ok_or_else(|| DbErr::RecordNotFound("audit_heads".to_owned()))
}

/// Which entries to list.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    /// Only this action, or actions that begin with it and a dot.
    pub action: Option<String>,
    /// Only what this user or key did.
    pub actor: Option<String>,
    /// Not before this, milliseconds since the epoch.
    pub from: Option<i64>,
    /// Before this, milliseconds since the epoch.
    pub to: Option<i64>,
}

/// Where a page ended: time and id.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditKey {
    /// When.
    pub at: i64,
    /// Id of the entry.
    pub id: String,
}

/// Entries of an organization, newest first, at most `limit`.
pub async fn list(
    db: &Db,
    organization: &OrganizationId,
    filter: &Filter,
    after: Option<&AuditKey>,
    limit: u64,
) -> Result<Vec<AuditRow>> {
    use audit_log::Column;
    let older = after.map(|key| {
        let same_time = Condition::all()
            .add(Column::At.eq(key.at))
            .add(Column::Id.lt(&key.id));
        Condition::any().add(Column::At.lt(key.at)).add(same_time)
    });
    let of_action = filter.action.as_ref().map(|action| {
        Condition::any()
            .add(Column::Action.eq(action))
            .add(Column::Action.starts_with(format!("{action}.")))
    });
    let conditions = Condition::all()
        .add_option(older)
        .add_option(of_action)
        .add_option(filter.actor.as_ref().map(|actor| Column::ActorId.eq(actor)))
        .add_option(filter.from.map(|from| Column::At.gte(from)))
        .add_option(filter.to.map(|to| Column::At.lt(to)));
    audit_log::Entity::find()
        .filter(Column::OrganizationId.eq(organization.as_str()))
        .filter(conditions)
        .order_by_desc(Column::At)
        .order_by_desc(Column::Id)
        .limit(limit)
        .all(&db.read)
        .await
        .map_err(Error::sql("listing the audit log"))
}
