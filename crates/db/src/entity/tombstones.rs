//! `tombstones`: what must not come back. The columns are described in the migration.

use sea_orm::entity::prelude::*;

/// A row.
#[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "tombstones")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false, column_type = "Text")]
    /// Column `organization_id`.
    pub organization_id: String,
    #[sea_orm(primary_key, auto_increment = false, column_type = "Text")]
    /// Column `kind`.
    pub kind: String,
    #[sea_orm(primary_key, auto_increment = false, column_type = "Text")]
    /// Column `digest`.
    pub digest: String,
    /// Column `partition`.
    pub partition: Option<i64>,
    /// Column `erased_at`.
    pub erased_at: i64,
    /// Column `until`.
    pub until: i64,
    /// Column `expires_at`.
    pub expires_at: i64,
    /// Column `since`.
    pub since: Option<i64>,
}

/// Relations are written as joins where they are needed.
#[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
