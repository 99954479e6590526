//! `interaction_products`: what visitors did with the products of each interaction. The columns are described
//! in the migration.

use sea_orm::entity::prelude::*;

/// A row.
#[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "interaction_products")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false, column_type = "Text")]
    /// Column `interaction_id`.
    pub interaction_id: String,
    #[sea_orm(primary_key, auto_increment = false, column_type = "Text")]
    /// Column `product_id`.
    pub product_id: String,
    #[sea_orm(column_type = "Text")]
    /// Column `organization_id`.
    pub organization_id: String,
    #[sea_orm(column_type = "Text")]
    /// Column `source_type`.
    pub source_type: String,
    /// Column `timestamp`.
    pub timestamp: i64,
    /// Column `views`.
    pub views: i64,
    /// Column `added`.
    pub added: bool,
    /// Column `purchased`.
    pub purchased: bool,
}

/// Relations are written as joins where they are needed.
#[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
