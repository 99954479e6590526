//! `partitions`: who owns a partition, and how far it is processed. The columns are described in the migration.

use sea_orm::entity::prelude::*;

/// A row.
#[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "partitions")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    /// Column `id`.
    pub id: i64,
    /// Column `epoch`.
    pub epoch: i64,
    #[sea_orm(column_type = "Text", nullable)]
    /// Column `owner`.
    pub owner: Option<String>,
    /// Column `lease_until`.
    pub lease_until: i64,
    /// Column `stream_created`.
    pub stream_created: i64,
    /// Column `checkpoint`.
    pub checkpoint: i64,
    /// Column `updated_at`.
    pub updated_at: i64,
    #[sea_orm(column_type = "Text", nullable)]
    /// Column `flush_id`.
    pub flush_id: Option<String>,
}

/// Relations are written as joins where they are needed.
#[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
