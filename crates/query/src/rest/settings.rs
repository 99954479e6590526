//! The settings of an organization.

use actix_web::web::Data;
use serde::Serialize;
use utoipa::ToSchema;

use crow_db::settings::StoredSettings;
use crow_types::settings::OrganizationSettings;
use crow_web::ApiError;

use crate::admin::Admin;
use crate::ask::admin::ChangeSettings;
use crate::door;
use crate::rest::answers::{Answered, Changed, Found};
use crate::rest::asked::{Asked, Body, Sent};

impl Body for ChangeSettings {
    /// Body limit in bytes. The largest settings are hosts and names.
    const MOST: usize = 64 << 10;
    const MUST_BE_TYPED: bool = true;
}

pub async fn get_settings(
    admin: Data<Admin>,
    ask: Asked<door::Admin, ()>,
) -> Answered<SettingsView> {
    let stored = admin.settings(ask.organization()).await?;
    Ok(Found(stored.into()))
}

pub async fn change_settings(
    admin: Data<Admin>,
    sent: Sent<door::Admin, ChangeSettings>,
) -> Result<Changed<SettingsView>, ApiError> {
    let changed = admin
        .change_settings(sent.organization(), &sent.body, &sent.by.actor())
        .await?;
    Ok(Changed(changed.into()))
}

/// The settings of an organization.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct SettingsView {
    /// All settings.
    pub settings: OrganizationSettings,
    /// Send it with a change. It grows with each change; 0: never changed.
    pub version: i64,
    /// When they were changed, milliseconds since the epoch; null: never.
    pub updated_at: Option<i64>,
    /// The id of the key that changed them; null: never changed.
    pub updated_by: Option<String>,
}

impl From<StoredSettings> for SettingsView {
    fn from(stored: StoredSettings) -> Self {
        let is_changed = stored.version > 0;
        Self {
            settings: stored.settings,
            version: stored.version,
            updated_at: is_changed.then_some(stored.updated_at),
            updated_by: is_changed.then_some(stored.updated_by),
        }
    }
}
