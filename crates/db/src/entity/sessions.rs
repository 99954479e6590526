//! `sessions`: one visit. The columns are described in the migration.

use sea_orm::entity::prelude::*;

/// A row.
#[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "sessions")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false, column_type = "Text")]
    /// Column `id`.
    pub id: String,
    #[sea_orm(column_type = "Text")]
    /// Column `organization_id`.
    pub organization_id: String,
    #[sea_orm(column_type = "Text")]
    /// Column `session_id`.
    pub session_id: String,
    /// Column `generation`.
    pub generation: i32,
    /// Column `revision`.
    pub revision: i32,
    #[sea_orm(column_type = "Text")]
    /// Column `status`.
    pub status: String,
    #[sea_orm(column_type = "Text", nullable)]
    /// Column `end_reason`.
    pub end_reason: Option<String>,
    /// Column `partition`.
    pub partition: i64,
    /// Column `due_at`.
    pub due_at: Option<i64>,
    /// Column `started_at`.
    pub started_at: i64,
    /// Column `last_activity_at`.
    pub last_activity_at: i64,
    /// Column `last_event_at`.
    pub last_event_at: i64,
    /// Column `ended_at`.
    pub ended_at: Option<i64>,
    /// Column `live_until`.
    pub live_until: Option<i64>,
    /// Column `duration_ms`.
    pub duration_ms: i64,
    #[sea_orm(column_type = "Text", nullable)]
    /// Column `referrer`.
    pub referrer: Option<String>,
    #[sea_orm(column_type = "Text", nullable)]
    /// Column `initial_url`.
    pub initial_url: Option<String>,
    #[sea_orm(column_type = "Text", nullable)]
    /// Column `exit_url`.
    pub exit_url: Option<String>,
    #[sea_orm(column_type = "Text", nullable)]
    /// Column `user_id`.
    pub user_id: Option<String>,
    #[sea_orm(column_type = "Text", nullable)]
    /// Column `visitor_id`.
    pub visitor_id: Option<String>,
    #[sea_orm(column_type = "Text", nullable)]
    /// Column `consent`.
    pub consent: Option<String>,
    #[sea_orm(column_type = "Text", nullable)]
    /// Column `traits`.
    pub traits: Option<String>,
    #[sea_orm(column_type = "Text", nullable)]
    /// Column `user_agent`.
    pub user_agent: Option<String>,
    #[sea_orm(column_type = "Text", nullable)]
    /// Column `ip_address`.
    pub ip_address: Option<String>,
    #[sea_orm(column_type = "Text", nullable)]
    /// Column `country`.
    pub country: Option<String>,
    #[sea_orm(column_type = "Text", nullable)]
    /// Column `device_type`.
    pub device_type: Option<String>,
    #[sea_orm(column_type = "Text", nullable)]
    /// Column `browser`.
    pub browser: Option<String>,
    #[sea_orm(column_type = "Text", nullable)]
    /// Column `os`.
    pub os: Option<String>,
    /// Column `is_bot`.
    pub is_bot: bool,
    #[sea_orm(column_type = "Text", nullable)]
    /// Column `locale`.
    pub locale: Option<String>,
    #[sea_orm(column_type = "Text", nullable)]
    /// Column `timezone`.
    pub timezone: Option<String>,
    #[sea_orm(column_type = "Text", nullable)]
    /// Column `viewport`.
    pub viewport: Option<String>,
    #[sea_orm(column_type = "Text", nullable)]
    /// Column `screen`.
    pub screen: Option<String>,
    #[sea_orm(column_type = "Text", nullable)]
    /// Column `sdk_name`.
    pub sdk_name: Option<String>,
    #[sea_orm(column_type = "Text", nullable)]
    /// Column `sdk_version`.
    pub sdk_version: Option<String>,
    #[sea_orm(column_type = "Text", nullable)]
    /// Column `platform`.
    pub platform: Option<String>,
    /// Column `has_replay`.
    pub has_replay: bool,
    #[sea_orm(column_type = "Text", nullable)]
    /// Column `exit_context`.
    pub exit_context: Option<String>,
    /// Column `event_count`.
    pub event_count: i64,
    /// Column `pageview_count`.
    pub pageview_count: i64,
    /// Column `click_count`.
    pub click_count: i64,
    /// Column `input_count`.
    pub input_count: i64,
    /// Column `error_count`.
    pub error_count: i64,
    /// Column `rage_click_count`.
    pub rage_click_count: i64,
    /// Column `replay_event_count`.
    pub replay_event_count: i64,
    /// Column `chunk_count`.
    pub chunk_count: i64,
    /// Column `max_scroll_depth`.
    pub max_scroll_depth: i64,
    #[sea_orm(column_type = "Blob")]
    /// Column `terms`.
    pub terms: Vec<u8>,
    #[sea_orm(column_type = "Text")]
    /// Column `urls`.
    pub urls: String,
    #[sea_orm(column_type = "Text")]
    /// Column `windows`.
    pub windows: String,
    /// Column `archived_at`.
    pub archived_at: Option<i64>,
    #[sea_orm(column_type = "Text", nullable)]
    /// Column `removed`.
    pub removed: Option<String>,
    /// Column `created_at`.
    pub created_at: i64,
    /// Column `updated_at`.
    pub updated_at: i64,
}

/// Relations are written as joins where they are needed.
#[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
