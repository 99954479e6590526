//! `alerts`: what organizations want to be told of. The columns are described in the migration.

use sea_orm::entity::prelude::*;

/// A row.
#[derive(Debug, Clone, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "alerts")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false, column_type = "Text")]
    /// Column `id`.
    pub id: String,
    #[sea_orm(column_type = "Text")]
    /// Column `organization_id`.
    pub organization_id: String,
    #[sea_orm(column_type = "Text")]
    /// Column `name`.
    pub name: String,
    #[sea_orm(column_type = "Text")]
    /// Column `rule`.
    pub rule: String,
    #[sea_orm(column_type = "Text")]
    /// Column `targets`.
    pub targets: String,
    /// Column `tells_resolved`.
    pub tells_resolved: bool,
    /// Column `is_enabled`.
    pub is_enabled: bool,
    #[sea_orm(column_type = "Text")]
    /// Column `created_by`.
    pub created_by: String,
    /// Column `created_at`.
    pub created_at: i64,
    /// Column `updated_at`.
    pub updated_at: i64,
    #[sea_orm(nullable)]
    /// Column `firing_since`.
    pub firing_since: Option<i64>,
    #[sea_orm(nullable)]
    /// Column `fired_at`.
    pub fired_at: Option<i64>,
    #[sea_orm(nullable)]
    /// Column `value`.
    pub value: Option<f64>,
    #[sea_orm(nullable)]
    /// Column `threshold`.
    pub threshold: Option<f64>,
    #[sea_orm(nullable)]
    /// Column `evaluated_at`.
    pub evaluated_at: Option<i64>,
    #[sea_orm(column_type = "Text", nullable)]
    /// Column `failure`.
    pub failure: Option<String>,
    /// Column `due_at`.
    pub due_at: i64,
    /// Column `claimed_until`.
    pub claimed_until: i64,
    /// Column `epoch`.
    pub epoch: i64,
}

/// Relations are written as joins where they are needed.
#[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
