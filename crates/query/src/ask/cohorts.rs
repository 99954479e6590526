//! Conditions over people, and requests about the cohorts that have them.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crow_accounts::CohortFields;

use crate::ask::conditions::Conditions;
use crate::ask::question::questions;
use crate::ask::values::{Name, Text};
use crate::error::{Error, Result};

/// The most days that a cohort looks back.
const MAX_DAYS: u32 = 366;
/// The days of a cohort that says none.
pub const DAYS: u32 = 90;
/// The longest definition as JSON, in bytes. A list holds those of up to 1,000 cohorts.
const MAX_DEFINITION: usize = 16 << 10;
/// Tests of all groups together.
const MAX_TESTS: usize = 10;
/// The most times that something can have to happen.
const MAX_TIMES: u32 = 100_000;

questions! {
    /// One cohort.
    OneCohort {
        /// The cohort's `id`.
        cohort "cohortId": Name,
    }
}

/// Who belongs to a cohort: people with a session in the last `days` days of whom all groups hold. A
/// group holds if one of its tests does.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct CohortDefinition {
    /// Only sessions that began in the last so many days are looked at, up to now. Default: 90.
    #[serde(default = "default_days")]
    #[schema(minimum = 1, maximum = 366, default = 90)]
    pub days: u32,
    /// The groups, with ten tests at most. Without groups everybody fits.
    #[serde(default)]
    pub groups: Vec<Vec<PersonTest>>,
}

fn default_days() -> u32 {
    DAYS
}

/// Something that holds of a person or not.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct PersonTest {
    /// What is looked at.
    pub of: TestOf,
    /// Of `sessions`: conditions that one session fits, as in `where`, without `cohort`.
    #[serde(
        default,
        rename = "where",
        skip_serializing_if = "Conditions::is_empty"
    )]
    #[schema(value_type = Option<Vec<Vec<Object>>>)]
    pub conditions: Conditions,
    /// Of `events`: the type.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub r#type: Option<String>,
    /// Of `events`: the name of a custom event.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Of `sessions` and `events`: at least so many. Default: 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(minimum = 1, maximum = 100_000)]
    pub times: Option<u32>,
    /// Of `sessions` and `events`: only in the last so many days. Default: those of the cohort.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(minimum = 1, maximum = 366)]
    pub days: Option<u32>,
    /// Of `firstSeen` and `lastSeen`: at or after this, milliseconds since the epoch.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub after: Option<i64>,
    /// Of `firstSeen` and `lastSeen`: before this, milliseconds since the epoch.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub before: Option<i64>,
    /// The test holds if the rest does not.
    #[serde(default)]
    pub not: bool,
}

/// What a test looks at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub enum TestOf {
    /// How many sessions of the person fit conditions.
    Sessions,
    /// How many events of the person have this type and name.
    Events,
    /// When the first session began, of those that the cohort looks at.
    FirstSeen,
    /// When the last session began.
    LastSeen,
}

impl CohortDefinition {
    /// From what is stored.
    ///
    /// # Errors
    /// `Malformed` when a release before or after this one stored it in another form.
    pub fn stored(json: &str) -> Result<Self> {
        serde_json::from_str(json)
            .map_err(|_error| malformed("the saved cohort cannot be read; save it again"))
    }

    /// # Errors
    /// `Malformed` when something is missing, out of bounds, or does not belong to its test.
    pub fn check(&self) -> Result<()> {
        check_days("days", Some(self.days))?;
        if self.groups.iter().any(Vec::is_empty) {
            return Err(malformed("groups: a group must not be empty"));
        }
        if self.groups.iter().flatten().count() > MAX_TESTS {
            let text = format!("groups: at most {MAX_TESTS} tests are allowed");
            return Err(malformed(&text));
        }
        let mut tests = self.groups.iter().flatten();
        tests.try_for_each(|test| test.check(self.days))
    }

    fn json(&self) -> Result<String> {
        self.check()?;
        let json = serde_json::to_string(self).map_err(|error| malformed(&error.to_string()))?;
        if json.len() > MAX_DEFINITION {
            let text = format!("definition: must be at most {MAX_DEFINITION} bytes as JSON");
            return Err(malformed(&text));
        }
        Ok(json)
    }
}

impl PersonTest {
    /// How often it has to happen.
    pub fn times(&self) -> u64 {
        u64::from(self.times.unwrap_or(1))
    }

    fn check(&self, days: u32) -> Result<()> {
        let is_counted = matches!(self.of, TestOf::Sessions | TestOf::Events);
        for (name, is_given, belongs) in [
            (
                "where",
                !self.conditions.is_empty(),
                self.of == TestOf::Sessions,
            ),
            ("type", self.r#type.is_some(), self.of == TestOf::Events),
            ("name", self.name.is_some(), self.of == TestOf::Events),
            ("times", self.times.is_some(), is_counted),
            ("days", self.days.is_some(), is_counted),
            ("after", self.after.is_some(), !is_counted),
            ("before", self.before.is_some(), !is_counted),
        ] {
            if is_given && !belongs {
                let text = format!("groups: `{name}` does not belong to this test");
                return Err(malformed(&text));
            }
        }
        self.conditions.check("groups.where")?;
        if !self.conditions.cohorts().is_empty() {
            return Err(malformed(
                "groups.where: `cohort` is not allowed in a cohort; leave it out",
            ));
        }
        Text::check("groups.type", self.r#type.as_deref())?;
        Text::check("groups.name", self.name.as_deref())?;
        if self.of == TestOf::Events && self.r#type.is_none() && self.name.is_none() {
            return Err(malformed("groups: give `type` or `name` of the events"));
        }
        if !is_counted && self.after.is_none() && self.before.is_none() {
            return Err(malformed("groups: give `after` or `before`"));
        }
        if self
            .times
            .is_some_and(|times| !(1..=MAX_TIMES).contains(&times))
        {
            let text = format!("groups.times: must be 1 to {MAX_TIMES}");
            return Err(malformed(&text));
        }
        check_days("groups.days", self.days)?;
        if self.days.is_some_and(|own| own > days) {
            return Err(malformed(
                "groups.days: must be at most the `days` of the cohort",
            ));
        }
        Ok(())
    }
}

fn check_days(name: &str, days: Option<u32>) -> Result<()> {
    match days {
        Some(days) if !(1..=MAX_DAYS).contains(&days) => {
            Err(malformed(&format!("{name}: must be 1 to {MAX_DAYS}")))
        }
        Some(_) | None => Ok(()),
    }
}

fn malformed(text: &str) -> Error {
    Error::Malformed(text.to_owned())
}

/// A cohort to save.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct SaveCohort {
    /// Its name: 1 to 100 characters. One's names are unique.
    pub name: String,
    /// Who belongs to it.
    pub definition: CohortDefinition,
    /// Whether it is in everybody's list.
    #[serde(default)]
    pub is_shared: bool,
}

impl SaveCohort {
    /// What is to be saved.
    ///
    /// # Errors
    /// `Malformed` when the definition does not make sense.
    pub fn fields(self) -> Result<CohortFields> {
        Ok(CohortFields {
            name: Some(self.name),
            definition: Some(self.definition.json()?),
            is_shared: Some(self.is_shared),
        })
    }
}

/// A change of a cohort. What is left out stays.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ChangeCohort {
    /// Its name: 1 to 100 characters. One's names are unique.
    #[serde(default)]
    pub name: Option<String>,
    /// Who belongs to it.
    #[serde(default)]
    pub definition: Option<CohortDefinition>,
    /// Whether it is in everybody's list.
    #[serde(default)]
    pub is_shared: Option<bool>,
}

impl ChangeCohort {
    /// The change.
    ///
    /// # Errors
    /// `Malformed` when there is nothing to change, or the definition does not make sense.
    pub fn fields(self) -> Result<CohortFields> {
        if self.name.is_none() && self.definition.is_none() && self.is_shared.is_none() {
            return Err(malformed(
                "the body: give `name`, `definition` or `isShared`",
            ));
        }
        let definition = self.definition.map(|it| it.json()).transpose()?;
        Ok(CohortFields {
            name: self.name,
            definition,
            is_shared: self.is_shared,
        })
    }
}
