//! `audit_log`: who did what. The columns are described in the migration.

use sea_orm::entity::prelude::*;

/// A row.
#[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "audit_log")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false, column_type = "Text")]
    /// Column `id`.
    pub id: String,
    #[sea_orm(column_type = "Text")]
    /// Column `organization_id`.
    pub organization_id: String,
    /// Column `at`.
    pub at: i64,
    #[sea_orm(column_type = "Text")]
    /// Column `action`.
    pub action: String,
    #[sea_orm(column_type = "Text")]
    /// Column `subject`.
    pub subject: String,
    /// Column `sequence`.
    pub sequence: Option<i64>,
    #[sea_orm(column_type = "Text", nullable)]
    /// Column `actor_kind`.
    pub actor_kind: Option<String>,
    #[sea_orm(column_type = "Text", nullable)]
    /// Column `actor_id`.
    pub actor_id: Option<String>,
    #[sea_orm(column_type = "Text", nullable)]
    /// Column `address`.
    pub address: Option<String>,
    #[sea_orm(column_type = "Text", nullable)]
    /// Column `outcome`.
    pub outcome: Option<String>,
    #[sea_orm(column_type = "Text", nullable)]
    /// Column `hash`.
    pub hash: Option<String>,
}

/// Relations are written as joins where they are needed.
#[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
