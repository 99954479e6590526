//! How many sessions take given steps, one after another.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::ask::values::Text;
use crate::ask::words::Breakdown;
use crate::error::{Error, Result};

/// The maximum number of steps of a funnel.
pub const MAX_STEPS: usize = 8;

/// One step of a funnel: an event that matches all given fields.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
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
    /// Label of the step. Default: the type and the other given fields.
    #[serde(default)]
    pub label: Option<String>,
}

/// A funnel.
#[derive(Debug, Clone)]
pub struct FunnelQuestion {
    /// Two to eight.
    pub steps: Vec<FunnelStep>,
    /// The longest time from the first step to the last; `None` allows the whole session.
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
        if self.window_ms.is_some_and(|window| window <= 0) {
            return malformed("windowMs: must be above 0".to_owned());
        }
        Ok(())
    }
}
