//! Checks a chain from its first entry to its last.

use sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect};

use super::chain::hash_of;
use crate::connection::Db;
use crate::entity::audit_log::Model as AuditRow;
use crate::entity::{audit_heads, audit_log};
use crate::error::{Error, Result};

/// Rows that are read at once.
const PAGE: u64 = 1_000;

/// The end of a chain. To keep it elsewhere is to know later that nothing before it has changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Head {
    /// Position of the last entry.
    pub sequence: i64,
    /// Its hash.
    pub hash: String,
}

/// What [`verify`] found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// All entries are there and unchanged.
    Whole {
        /// The last entry; `None` when there is none.
        head: Option<Head>,
        /// Entries of earlier releases, which are in no chain.
        unchained: u64,
    },
    /// The entry at this position is missing or was changed, or the one before it was.
    BrokenAt(i64),
    /// The chain goes on after its last entry, or ends before: rows at its end were removed.
    CutAfter(i64),
    /// The entry at this position is not the one that was kept elsewhere.
    Replaced(i64),
}

/// Organizations with entries.
pub async fn organizations(db: &Db) -> Result<Vec<String>> {
    audit_log::Entity::find()
        .select_only()
        .column(audit_log::Column::OrganizationId)
        .distinct()
        .order_by_asc(audit_log::Column::OrganizationId)
        .into_tuple()
        .all(&db.read)
        .await
        .map_err(Error::sql("listing organizations of the audit log"))
}

/// Checks the chain of an organization. `kept` is a head of earlier, if there is one.
pub async fn verify(db: &Db, organization: &str, kept: Option<&Head>) -> Result<Verdict> {
    // Entries that are added from now on are not looked at.
    let head = head_of(db, organization).await?;
    let end = head.as_ref().map_or(0, |head| head.sequence);
    let (mut sequence, mut hash) = (0, String::new());
    while sequence < end {
        let rows = rows_after(db, organization, sequence, end).await?;
        if rows.is_empty() {
            return Ok(Verdict::CutAfter(sequence));
        }
        for row in rows {
            sequence += 1;
            let is_next = row.sequence == Some(sequence);
            let found = hash_of(&row, &hash);
            if !is_next || row.hash.as_ref() != Some(&found) {
                return Ok(Verdict::BrokenAt(sequence));
            }
            if kept.is_some_and(|kept| kept.sequence == sequence && kept.hash != found) {
                return Ok(Verdict::Replaced(sequence));
            }
            hash = found;
        }
    }
    let is_cut = head.as_ref().is_some_and(|head| head.hash != hash)
        || kept.is_some_and(|kept| kept.sequence > sequence)
        || (head.is_none() && !rows_after(db, organization, 0, i64::MAX).await?.is_empty());
    if is_cut {
        return Ok(Verdict::CutAfter(sequence));
    }
    let unchained = count_unchained(db, organization).await?;
    Ok(Verdict::Whole { head, unchained })
}

async fn head_of(db: &Db, organization: &str) -> Result<Option<Head>> {
    let row = audit_heads::Entity::find_by_id(organization)
        .one(&db.read)
        .await
        .map_err(Error::sql("reading the end of an audit chain"))?;
    Ok(row.map(|row| Head {
        sequence: row.sequence,
        hash: row.hash,
    }))
}

async fn rows_after(db: &Db, organization: &str, after: i64, end: i64) -> Result<Vec<AuditRow>> {
    use audit_log::Column;
    audit_log::Entity::find()
        .filter(Column::OrganizationId.eq(organization))
        .filter(Column::Sequence.gt(after))
        .filter(Column::Sequence.lte(end))
        .order_by_asc(Column::Sequence)
        .limit(PAGE)
        .all(&db.read)
        .await
        .map_err(Error::sql("reading an audit chain"))
}

async fn count_unchained(db: &Db, organization: &str) -> Result<u64> {
    audit_log::Entity::find()
        .filter(audit_log::Column::OrganizationId.eq(organization))
        .filter(audit_log::Column::Sequence.is_null())
        .count(&db.read)
        .await
        .map_err(Error::sql("counting entries of earlier releases"))
}
