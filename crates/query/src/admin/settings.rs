//! The settings of an organization.

use serde_json::Value;

use crow_bus::notices::{self, SETTINGS_CHANGED};
use crow_db::audit_log::Actor;
use crow_db::settings::{self, Change, StoredSettings};
use crow_types::settings::OrganizationSettings;
use crow_types::{ErrorCode, OrganizationId, Timestamp, log_chain};
use crow_web::ApiError;

use super::Admin;
use crate::ask::admin::ChangeSettings;
use crate::ask::json;
use crate::error::{Error, Result};

impl Admin {
    /// The settings of an organization.
    pub async fn settings(&self, organization: &OrganizationId) -> Result<StoredSettings> {
        Ok(settings::read(&self.db, organization).await?)
    }

    /// Replaces the settings of an organization, and tells the gateways.
    pub async fn change_settings(
        &self,
        organization: &OrganizationId,
        asked: &ChangeSettings,
        by: &Actor,
    ) -> std::result::Result<StoredSettings, ApiError> {
        if asked.version < 0 {
            return Err(Error::Malformed("version: must not be negative".to_owned()).into_api());
        }
        let wanted = read_settings(&asked.settings)?;
        let change = Change {
            organization,
            settings: &wanted,
            from_version: asked.version,
            by,
            at: Timestamp::now(),
        };
        let changed = settings::change(&self.db, change).await;
        let changed = changed.map_err(|error| Error::from(error).into_api())?;
        let changed = changed.ok_or_else(|| changed_since(asked.version))?;
        self.tell_settings(organization).await;
        Ok(changed)
    }

    /// Tells the gateways to read the settings again. Without the bus they do so within half a
    /// minute.
    async fn tell_settings(&self, organization: &OrganizationId) {
        let payload = organization.as_str().to_owned().into();
        if let Err(error) = notices::publish(&self.bus, SETTINGS_CHANGED, payload).await {
            tracing::warn!(
                error = log_chain(&error),
                "cannot announce changed settings to the gateways"
            );
        }
    }
}

fn changed_since(version: i64) -> ApiError {
    ApiError::new(
        ErrorCode::Conflict,
        format!("the settings are no longer those of version {version}; read them again"),
    )
}

/// The settings in a request. Fields that it leaves out have their defaults.
fn read_settings(given: &Value) -> Result<OrganizationSettings> {
    let refuse = |problem: String| Error::Malformed(format!("settings: {problem}"));
    let settings: OrganizationSettings =
        json::read(given.to_string().as_bytes()).map_err(refuse)?;
    settings
        .check()
        .map_err(|error| Error::Malformed(format!("settings.{error}")))?;
    let known = serde_json::to_value(&settings).map_err(|error| refuse(error.to_string()))?;
    mismatch(given, &known).map_or(Ok(settings), |problem| Err(refuse(problem)))
}

/// What is given and not known. All known fields are written out. A list instead of an object would
/// otherwise give the fields in their order.
fn mismatch(given: &Value, known: &Value) -> Option<String> {
    let Value::Object(known) = known else {
        return None;
    };
    let Value::Object(given) = given else {
        return Some("must be an object".to_owned());
    };
    given
        .iter()
        .find_map(|(name, value)| match known.get(name) {
            None => {
                let name: String = name.chars().take(64).collect();
                Some(format!("unknown field `{name}`"))
            }
            Some(known) => mismatch(value, known).map(|problem| format!("{name}: {problem}")),
        })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn problem(given: &Value) -> String {
        read_settings(given).unwrap_err().to_string()
    }

    #[test]
    fn what_is_left_out_has_its_default() {
        let given = json!({"recording": {"sampleRate": 0.25}, "ipAddress": "drop"});
        let mut expected = OrganizationSettings::default();
        expected.recording.sample_rate = 0.25;
        expected.ip_address = crow_types::settings::AddressPolicy::Drop;
        assert_eq!(read_settings(&given).unwrap(), expected);
        assert_eq!(
            read_settings(&json!({})).unwrap(),
            OrganizationSettings::default()
        );
        let whole = serde_json::to_value(&expected).unwrap();
        assert_eq!(read_settings(&whole).unwrap(), expected);
    }

    #[test]
    fn a_mistake_is_named() {
        for (given, expected) in [
            (json!({"color": 1}), "unknown field `color`"),
            (
                json!({"retention": {"recordingDays": 1}}),
                "retention: unknown field `recordingDays`",
            ),
            (
                json!({"recording": {}, "ipAddress": "hash"}),
                "settings: `ipAddress` has a value that is not allowed",
            ),
            (
                json!({"marketingPages": ["overview", "funnels"]}),
                "settings: `marketingPages[1]` has a value that is not allowed",
            ),
            (
                json!({"marketingPages": "overview"}),
                "settings: `marketingPages` has a value of the wrong type",
            ),
            (
                json!({"retention": {"sessionsDays": 0}}),
                "retention.sessionsDays",
            ),
            (
                json!({"retention": {"sessionsDays": 70_000}}),
                "settings: `retention.sessionsDays` has a value that is not allowed",
            ),
            (
                json!({"recording": {"sampleRate": 2}}),
                "recording.sampleRate",
            ),
            (json!([]), "must be an object"),
            (
                json!({"recording": [false]}),
                "recording: must be an object",
            ),
            (json!(null), "settings: has a value of the wrong type"),
        ] {
            let problem = problem(&given);
            assert!(problem.contains(expected), "{given}: {problem}");
        }
    }
}
