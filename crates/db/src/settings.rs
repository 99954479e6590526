//! What each organization decided about its data. Every change writes its `audit_log` row in the
//! same transaction.

use std::collections::HashMap;

use sea_orm::sea_query::{Expr, ExprTrait, OnConflict};
use sea_orm::{ColumnTrait, DatabaseTransaction, EntityTrait, IntoActiveModel, QueryFilter};

use crow_types::settings::{IssueRule, OrganizationSettings};
use crow_types::{OrganizationId, Timestamp};

use crate::audit_log::{Actor, audit};
use crate::connection::Db;
use crate::entity::organization_settings;
use crate::error::{Error, Result};

#[cfg(test)]
mod tests;

/// Settings as they are stored.
#[derive(Debug, Clone, PartialEq)]
pub struct StoredSettings {
    /// The settings.
    pub settings: OrganizationSettings,
    /// Grows with each change; 0: never changed.
    pub version: i64,
    /// When they were changed.
    pub updated_at: i64,
    /// The id of the key that changed them; empty: never changed.
    pub updated_by: String,
}

impl StoredSettings {
    /// Those of an organization that never changed any.
    fn untouched() -> Self {
        Self {
            settings: OrganizationSettings::default(),
            version: 0,
            updated_at: 0,
            updated_by: String::new(),
        }
    }
}

/// A change of settings.
#[derive(Debug, Clone, Copy)]
pub struct Change<'a> {
    /// The tenant.
    pub organization: &'a OrganizationId,
    /// The new settings, all of them.
    pub settings: &'a OrganizationSettings,
    /// The version that the change was made from.
    pub from_version: i64,
    /// Who makes it.
    pub by: &'a Actor,
    /// When.
    pub at: Timestamp,
}

/// The settings of an organization; the defaults if it never changed any.
///
/// # Errors
/// `Unreadable` when a newer release has stored a value that this one does not know.
pub async fn read(db: &Db, organization: &OrganizationId) -> Result<StoredSettings> {
    let row = organization_settings::Entity::find_by_id(organization.as_str())
        .one(&db.lookups)
        .await
        .map_err(Error::row("reading settings"))?;
    row.map_or_else(|| Ok(StoredSettings::untouched()), stored)
}

/// The settings of all organizations that changed some. Those that this version cannot read are left
/// out.
pub async fn all(db: &Db) -> Result<Vec<(String, OrganizationSettings)>> {
    let rows = organization_settings::Entity::find()
        .all(&db.lookups)
        .await
        .map_err(Error::row("reading settings"))?;
    let read = |row: organization_settings::Model| {
        let organization = row.organization_id.clone();
        stored(row)
            .ok()
            .map(|stored| (organization, stored.settings))
    };
    Ok(rows.into_iter().filter_map(read).collect())
}

/// How organizations group errors.
#[derive(Debug, Default)]
pub struct IssueRules {
    /// By organization; those without rules are left out.
    pub rules: HashMap<String, Vec<IssueRule>>,
    /// Organizations with rules whose settings this version cannot read, each with the reason.
    pub unreadable: Vec<(String, Error)>,
}

/// The rules of issues of all organizations that have some.
///
/// # Errors
/// When the database fails.
pub async fn issue_rules(db: &Db) -> Result<IssueRules> {
    use organization_settings::{Column, Entity};
    // Only a list that is not empty has an object.
    let rows = Entity::find()
        .filter(Column::Settings.contains("\"issueRules\":[{"))
        .all(&db.lookups)
        .await
        .map_err(Error::row("reading rules of issues"))?;
    let mut found = IssueRules::default();
    for row in rows {
        let organization = row.organization_id.clone();
        match stored(row) {
            Ok(stored) if stored.settings.issue_rules.is_empty() => {}
            Ok(stored) => {
                let rules = stored.settings.issue_rules;
                found.rules.insert(organization, rules);
            }
            Err(error) => found.unreadable.push((organization, error)),
        }
    }
    Ok(found)
}

fn stored(row: organization_settings::Model) -> Result<StoredSettings> {
    let settings = serde_json::from_str(&row.settings)
        .map_err(|error| Error::Unreadable(format!("organization_settings.settings: {error}")))?;
    Ok(StoredSettings {
        settings,
        version: row.version,
        updated_at: row.updated_at,
        updated_by: row.updated_by,
    })
}

/// Stores new settings. `None`: somebody else changed them in between, and nothing was stored.
pub async fn change(db: &Db, change: Change<'_>) -> Result<Option<StoredSettings>> {
    let failed = "changing settings";
    let transaction = db.begin(failed).await?;
    let is_stored = store(&transaction, change)
        .await
        .map_err(Error::sql(failed))?;
    if !is_stored {
        transaction.rollback().await.map_err(Error::sql(failed))?;
        return Ok(None);
    }
    let version = change.from_version + 1;
    let subject = format!("version {version}");
    let organization = change.organization.as_str();
    let (by, action) = (change.by, "settings.changed");
    audit(&transaction, by, organization, action, &subject, change.at)
        .await
        .map_err(Error::sql(failed))?;
    transaction.commit().await.map_err(Error::sql(failed))?;
    Ok(Some(StoredSettings {
        settings: change.settings.clone(),
        version,
        updated_at: change.at.0,
        updated_by: change.by.id.clone(),
    }))
}

/// Writes the row if its version is the expected one.
async fn store(
    transaction: &DatabaseTransaction,
    change: Change<'_>,
) -> std::result::Result<bool, sea_orm::DbErr> {
    use organization_settings::{Column, Entity, Model};
    let settings = serde_json::to_string(change.settings).expect("settings are plain data");
    if change.from_version == 0 {
        let row = Model {
            organization_id: change.organization.as_str().to_owned(),
            settings,
            version: 1,
            updated_at: change.at.0,
            updated_by: change.by.id.clone(),
        };
        let first = OnConflict::column(Column::OrganizationId)
            .do_nothing()
            .to_owned();
        let inserted = Entity::insert(row.into_active_model())
            .on_conflict(first)
            .exec_without_returning(transaction)
            .await?;
        return Ok(inserted > 0);
    }
    let updated = Entity::update_many()
        .col_expr(Column::Settings, Expr::value(settings))
        .col_expr(Column::Version, Expr::col(Column::Version).add(1))
        .col_expr(Column::UpdatedAt, Expr::value(change.at.0))
        .col_expr(Column::UpdatedBy, Expr::value(change.by.id.as_str()))
        .filter(Column::OrganizationId.eq(change.organization.as_str()))
        .filter(Column::Version.eq(change.from_version))
        .exec(transaction)
        .await?;
    Ok(updated.rows_affected > 0)
}
