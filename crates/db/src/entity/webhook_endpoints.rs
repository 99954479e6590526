//! `webhook_endpoints`: where organizations are told of alerts. The columns are described in the migration.

use sea_orm::entity::prelude::*;

/// A row.
#[derive(Debug, Clone, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "webhook_endpoints")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false, column_type = "Text")]
    /// Column `id`.
    pub id: String,
    #[sea_orm(column_type = "Text")]
    /// Column `organization_id`.
    pub organization_id: String,
    #[sea_orm(column_type = "Text")]
    /// Column `kind`.
    pub kind: String,
    #[sea_orm(column_type = "Text")]
    /// Column `name`.
    pub name: String,
    #[sea_orm(column_type = "Text")]
    /// Column `shown_url`.
    pub shown_url: String,
    /// Column `sealed`.
    pub sealed: Vec<u8>,
    /// Column `wrapped`.
    pub wrapped: Vec<u8>,
    #[sea_orm(column_type = "Text")]
    /// Column `master`.
    pub master: String,
    /// Column `version`.
    pub version: i64,
    #[sea_orm(nullable)]
    /// Column `failing_since`.
    pub failing_since: Option<i64>,
    #[sea_orm(nullable)]
    /// Column `disabled_at`.
    pub disabled_at: Option<i64>,
    /// Column `created_at`.
    pub created_at: i64,
    /// Column `updated_at`.
    pub updated_at: i64,
}

/// Relations are written as joins where they are needed.
#[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
