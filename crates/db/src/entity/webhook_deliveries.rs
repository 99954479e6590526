//! `webhook_deliveries`: messages about alerts. The columns are described in the migration.

use sea_orm::entity::prelude::*;

/// A row.
#[derive(Debug, Clone, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "webhook_deliveries")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false, column_type = "Text")]
    /// Column `id`.
    pub id: String,
    #[sea_orm(column_type = "Text")]
    /// Column `organization_id`.
    pub organization_id: String,
    #[sea_orm(column_type = "Text")]
    /// Column `target_kind`.
    pub target_kind: String,
    #[sea_orm(column_type = "Text")]
    /// Column `target_id`.
    pub target_id: String,
    #[sea_orm(column_type = "Text", nullable)]
    /// Column `alert_id`.
    pub alert_id: Option<String>,
    #[sea_orm(column_type = "Text")]
    /// Column `event`.
    pub event: String,
    #[sea_orm(column_type = "Text")]
    /// Column `content`.
    pub content: String,
    #[sea_orm(column_type = "Text")]
    /// Column `state`.
    pub state: String,
    /// Column `attempts`.
    pub attempts: i64,
    /// Column `next_at`.
    pub next_at: i64,
    /// Column `claimed_until`.
    pub claimed_until: i64,
    /// Column `epoch`.
    pub epoch: i64,
    #[sea_orm(nullable)]
    /// Column `status`.
    pub status: Option<i64>,
    #[sea_orm(column_type = "Text", nullable)]
    /// Column `failure`.
    pub failure: Option<String>,
    /// Column `created_at`.
    pub created_at: i64,
    #[sea_orm(nullable)]
    /// Column `finished_at`.
    pub finished_at: Option<i64>,
}

/// Relations are written as joins where they are needed.
#[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
