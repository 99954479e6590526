//! `site_imports`: imports of catalogues from sites. The columns are described in the migration.

use sea_orm::entity::prelude::*;

/// A row.
#[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "site_imports")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false, column_type = "Text")]
    /// Column `organization_id`.
    pub organization_id: String,
    #[sea_orm(column_type = "Text")]
    /// Column `id`.
    pub id: String,
    #[sea_orm(column_type = "Text")]
    /// Column `url`.
    pub url: String,
    #[sea_orm(column_type = "Text")]
    /// Column `state`.
    pub state: String,
    #[sea_orm(column_type = "Text", nullable)]
    /// Column `failure`.
    pub failure: Option<String>,
    #[sea_orm(column_type = "Text")]
    /// Column `requested_kind`.
    pub requested_kind: String,
    #[sea_orm(column_type = "Text")]
    /// Column `requested_by`.
    pub requested_by: String,
    /// Column `created_at`.
    pub created_at: i64,
    /// Column `finished_at`.
    pub finished_at: Option<i64>,
    /// Column `epoch`.
    pub epoch: i64,
    /// Column `claimed_until`.
    pub claimed_until: i64,
    /// Column `pages_found`.
    pub pages_found: i64,
    /// Column `pages_read`.
    pub pages_read: i64,
    /// Column `created`.
    pub created: i64,
    /// Column `updated`.
    pub updated: i64,
    /// Column `unchanged`.
    pub unchanged: i64,
    /// Column `refused`.
    pub refused: i64,
    #[sea_orm(column_type = "Text")]
    /// Column `problems`.
    pub problems: String,
}

/// Relations are written as joins where they are needed.
#[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
