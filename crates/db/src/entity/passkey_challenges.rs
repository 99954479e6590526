//! `passkey_challenges`: what a device has been asked to sign. The columns are described in the migration.

use sea_orm::entity::prelude::*;

/// A row.
#[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "passkey_challenges")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false, column_type = "Text")]
    /// Column `token_hash`.
    pub token_hash: String,
    #[sea_orm(column_type = "Text", nullable)]
    /// Column `user_id`.
    pub user_id: Option<String>,
    #[sea_orm(column_type = "Text")]
    /// Column `state`.
    pub state: String,
    /// Column `expires_at`.
    pub expires_at: i64,
}

/// Relations are written as joins where they are needed.
#[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
