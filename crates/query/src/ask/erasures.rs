//! Parameters of requests about erasures.

use serde::Deserialize;
use utoipa::ToSchema;

use crow_db::erasure::{ErasureKey, Mode, Subject};
use crow_types::OrganizationId;

use crate::ask::question::{Count, questions};
use crate::ask::values::{Cursor, Name};
use crate::error::{Error, Result};

/// Sessions named in one request.
const MAX_SESSIONS: usize = 1_000;
/// Bytes of an id, a name or a value.
const MAX_TEXT: usize = 1_024;

questions! {
    /// Erasures, newest first.
    ListErasures {
        /// Erasures per page.
        limit "limit": Count<50, 200>,
        /// `nextCursor` of the previous page.
        after "cursor": Option<Cursor<ErasureKey>>,
    }

    /// One erasure.
    OneErasure {
        /// The erasure's `id`.
        erasure "erasureId": Name,
    }
}

/// What to erase or anonymize: exactly one of `sessions`, `userId`, `visitorId`, `time`, `property`
/// and `organization`.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct EraseWhat {
    /// These sessions: the SDK's session ids, which mean all their generations, or `id`s, which
    /// mean one session each. At most 1,000.
    #[schema(max_items = 1000)]
    sessions: Option<Vec<String>>,
    /// All sessions of this user.
    user_id: Option<String>,
    /// All sessions with this visitor id: those of one browser profile or installed app.
    visitor_id: Option<String>,
    /// All sessions with something in this range of time.
    time: Option<TimeRange>,
    /// All sessions whose user has this trait.
    property: Option<Trait>,
    /// Everything. The id of the organization, as a confirmation.
    organization: Option<String>,
    /// What becomes of the sessions.
    #[serde(default)]
    mode: ErasureMode,
}

/// What becomes of the sessions of an erasure.
#[derive(Debug, Clone, Copy, Default, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum ErasureMode {
    /// They are removed.
    #[default]
    Erase,
    /// Events and recordings are removed, and from the session whatever names the visitor: SDK session
    /// id, user, visitor id, traits, address, user agent, exit context, and queries of URLs. Its counts,
    /// pages, device and country stay.
    Anonymize,
}

/// A range of time.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TimeRange {
    /// Milliseconds since the epoch.
    from: i64,
    /// Milliseconds since the epoch, not included.
    to: i64,
}

/// A trait of a user, as `identify` set it.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Trait {
    /// Its name.
    name: String,
    /// Its value; numbers and flags as text.
    value: String,
}

impl EraseWhat {
    /// What becomes of the sessions.
    #[must_use]
    pub fn mode(&self) -> Mode {
        match self.mode {
            ErasureMode::Erase => Mode::Erase,
            ErasureMode::Anonymize => Mode::Anonymize,
        }
    }

    /// The subject.
    ///
    /// # Errors
    /// `Malformed` says which field is wrong.
    pub fn subject(&self, organization: &OrganizationId) -> Result<Subject> {
        let mut all = [
            self.sessions()?,
            self.user()?,
            self.visitor()?,
            self.time()?,
            self.property()?,
            self.organization(organization)?,
        ]
        .into_iter()
        .flatten();
        match (all.next(), all.next()) {
            (Some(subject), None) => Ok(subject),
            _none_or_several => Err(Error::Malformed(
                "give exactly one of sessions, userId, visitorId, time, property and organization"
                    .to_owned(),
            )),
        }
    }

    fn sessions(&self) -> Result<Option<Subject>> {
        let Some(sessions) = &self.sessions else {
            return Ok(None);
        };
        if sessions.is_empty() || sessions.len() > MAX_SESSIONS {
            let text = format!("sessions: give 1 to {MAX_SESSIONS} ids");
            return Err(Error::Malformed(text));
        }
        for session in sessions {
            check("sessions", session)?;
        }
        Ok(Some(Subject::Sessions(sessions.clone())))
    }

    fn user(&self) -> Result<Option<Subject>> {
        let Some(user) = &self.user_id else {
            return Ok(None);
        };
        check("userId", user)?;
        Ok(Some(Subject::User(user.clone())))
    }

    fn visitor(&self) -> Result<Option<Subject>> {
        let Some(visitor) = &self.visitor_id else {
            return Ok(None);
        };
        check("visitorId", visitor)?;
        Ok(Some(Subject::Visitor(visitor.clone())))
    }

    fn time(&self) -> Result<Option<Subject>> {
        let Some(TimeRange { from, to }) = self.time else {
            return Ok(None);
        };
        if from >= to {
            return Err(Error::Malformed(
                "time: `from` must be before `to`".to_owned(),
            ));
        }
        Ok(Some(Subject::Time { from, to }))
    }

    fn property(&self) -> Result<Option<Subject>> {
        let Some(Trait { name, value }) = &self.property else {
            return Ok(None);
        };
        check("property.name", name)?;
        check("property.value", value)?;
        Ok(Some(Subject::Property {
            name: name.clone(),
            value: value.clone(),
        }))
    }

    fn organization(&self, own: &OrganizationId) -> Result<Option<Subject>> {
        match self.organization.as_deref() {
            None => Ok(None),
            Some(named) if named == own.as_str() => Ok(Some(Subject::Organization)),
            Some(_other) => Err(Error::Malformed(
                "organization: must be the id of the organization, as a confirmation".to_owned(),
            )),
        }
    }
}

fn check(field: &str, text: &str) -> Result<()> {
    if text.is_empty() || text.len() > MAX_TEXT || text.contains('\0') {
        let text = format!("{field}: must have 1 to {MAX_TEXT} bytes");
        return Err(Error::Malformed(text));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(json: &str) -> std::result::Result<Subject, String> {
        let organization = OrganizationId::new("acme").unwrap();
        let what: EraseWhat = serde_json::from_str(json).map_err(|error| error.to_string())?;
        what.subject(&organization)
            .map_err(|error| error.to_string())
    }

    #[test]
    fn exactly_one_subject_is_meant() {
        assert_eq!(
            read(r#"{"userId":"ada"}"#).unwrap(),
            Subject::User("ada".to_owned())
        );
        assert_eq!(
            read(r#"{"visitorId":"v-1"}"#).unwrap(),
            Subject::Visitor("v-1".to_owned())
        );
        assert_eq!(
            read(r#"{"organization":"acme"}"#).unwrap(),
            Subject::Organization
        );
        for (json, says) in [
            ("{}", "exactly one"),
            (r#"{"userId":"ada","organization":"acme"}"#, "exactly one"),
            (r#"{"organization":"other"}"#, "confirmation"),
            (r#"{"userId":""}"#, "userId"),
            (r#"{"visitorId":""}"#, "visitorId"),
            (r#"{"userId":"ada","visitorId":"v-1"}"#, "exactly one"),
            (r#"{"sessions":[]}"#, "sessions"),
            (r#"{"time":{"from":2,"to":2}}"#, "time"),
            (r#"{"property":{"name":"","value":"x"}}"#, "property.name"),
            (r#"{"user":"ada"}"#, "unknown field"),
        ] {
            let error = read(json).unwrap_err();
            assert!(error.contains(says), "{json}: {error}");
        }
    }
}
