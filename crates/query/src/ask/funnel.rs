//! How many sessions or people take given steps, one after another.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::ask::conditions::Conditions;
use crate::ask::values::Text;
use crate::ask::words::{Breakdown, FunnelBy};
use crate::error::{Error, Result};

/// The maximum number of steps of a funnel.
pub const MAX_STEPS: usize = 8;

/// The shortest window of a funnel of people, in milliseconds.
const MIN_WINDOW: i64 = 60_000;
/// The longest window of a funnel of people, in milliseconds.
const MAX_WINDOW: i64 = 90 * 86_400_000;
/// The window of a funnel of people when none is given, in milliseconds.
const WINDOW: i64 = 7 * 86_400_000;

/// One step of a funnel: an event that matches all given fields.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct FunnelStep {
    /// The event's type.
    #[schema(max_length = 200)]
    pub r#type: String,
    /// The event's name.
    #[serde(default)]
    pub name: Option<String>,
    /// A value with a leading slash is matched against the whole path, and `*` stands for any text.
    /// Any other value matches a part of the URL.
    #[serde(default)]
    pub url: Option<String>,
    /// Conditions about the properties of this one event, as in `where`: all groups must hold for the
    /// same event. Only of the type `custom`, only with the field `eventProperty`, and without `event`.
    /// All steps together have at most 20.
    #[serde(
        default,
        rename = "where",
        skip_serializing_if = "Conditions::is_empty"
    )]
    #[schema(value_type = Option<Vec<Vec<Object>>>)]
    pub conditions: Conditions,
    /// Label of the step. Default: the type, the other given fields and the conditions.
    #[serde(default)]
    pub label: Option<String>,
}

/// A funnel.
#[derive(Debug, Clone)]
pub struct FunnelQuestion {
    /// Two to eight.
    pub steps: Vec<FunnelStep>,
    /// Who takes the steps.
    pub by: FunnelBy,
    /// The longest time from the first step to the last; `None` allows the whole session, and people
    /// seven days.
    pub window_ms: Option<i64>,
    /// Split by this.
    pub breakdown: Option<Breakdown>,
}

impl FunnelQuestion {
    /// # Errors
    /// `Malformed` when there are too few or too many steps, or a value is out of bounds.
    pub fn check(&self) -> Result<()> {
        let malformed = |message: String| Err(Error::Malformed(message));
        for step in &self.steps {
            Text::check("steps.type", Some(&step.r#type))?;
            Text::check("steps.name", step.name.as_deref())?;
            Text::check("steps.url", step.url.as_deref())?;
        }
        if !(2..=MAX_STEPS).contains(&self.steps.len()) {
            return malformed(format!("steps: must be 2 to {MAX_STEPS}"));
        }
        self.check_conditions()?;
        let problem = match (self.by, self.window_ms) {
            (FunnelBy::Session, Some(window)) if window <= 0 => "must be above 0",
            (FunnelBy::Person, Some(window)) if !(MIN_WINDOW..=MAX_WINDOW).contains(&window) => {
                "must be 60000 (a minute) to 7776000000 (90 days) when `by` is person"
            }
            (FunnelBy::Session | FunnelBy::Person, _) => return Ok(()),
        };
        malformed(format!("windowMs: {problem}"))
    }

    /// The conditions of all steps count together: they are asked of each event.
    fn check_conditions(&self) -> Result<()> {
        let name = "steps.where";
        for step in &self.steps {
            step.conditions.check_of_event(name, &step.r#type)?;
        }
        let groups = self.steps.iter().flat_map(|step| &step.conditions.groups);
        let all = Conditions {
            groups: groups.cloned().collect(),
        };
        all.check(name)
    }

    /// The longest time from the first step to the last, in milliseconds.
    pub fn window(&self) -> i64 {
        let unsaid = match self.by {
            FunnelBy::Session => i64::MAX,
            FunnelBy::Person => WINDOW,
        };
        self.window_ms.unwrap_or(unsaid)
    }
}
