//! What a rule watches, as callers write it and as it is stored.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crow_db::alerts::Watched;
use crow_db::webhooks::deliveries;

use crate::analytics::spans::Counted;
use crate::ask::conditions::Conditions;
use crate::ask::funnel::{FunnelQuestion, FunnelStep};
use crate::ask::values::Text;
use crate::ask::words::FunnelBy;
use crate::error::{Error, Result};

const MINUTE: i64 = 60_000;
/// The shortest window, in minutes. Sessions are stored within seconds.
const SHORTEST: i64 = 5;
/// The longest window, in minutes.
const LONGEST: i64 = 7 * 1_440;
/// The longest window that is compared with those before it, in minutes.
const LONGEST_COMPARED: i64 = 1_440;
/// The largest number.
const LARGEST: f64 = 1e12;
/// The event that errors of pages are.
const ERROR: &str = "error";
/// Default of `minimum`.
const MINIMUM: u64 = 20;

/// A number of the product.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = AlertNumber)]
pub enum Number {
    /// Issues that were never there before.
    NewIssue,
    /// Issues that were resolved and have occurred since.
    RegressedIssue,
    /// Sessions that began in the window.
    Sessions,
    /// Events of the type `error`.
    Errors,
    /// Events of a type, and of a name if one is given.
    Event,
    /// Occurrences of an issue.
    Issue,
    /// Of the sessions that took the first step of a funnel, how many percent took the last one.
    Conversion,
}

/// What a number is compared with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = AlertComparison)]
pub enum Comparison {
    /// More than `threshold`.
    Above,
    /// Less than `threshold`.
    Below,
    /// At least `threshold` percent more than the median of the seven windows before.
    Spike,
    /// At least `threshold` percent less than the median of the seven windows before.
    Drop,
}

/// What is watched, and when it is told.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(as = AlertRule)]
pub struct Rule {
    /// The number.
    pub number: Number,
    /// Required, except of `newIssue` and `regressedIssue`. Of `conversion` only `above` and `below`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub condition: Option<Comparison>,
    /// What it is compared with; of `spike`, `drop` and `conversion` a percentage. Required with a
    /// condition.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub threshold: Option<f64>,
    /// With less than this, nothing is told: of `spike` in the window, of `drop` the median of those
    /// before, of `conversion` the sessions that took the first step. At least 1. Default: 20.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(minimum = 1)]
    pub minimum: Option<u64>,
    /// Minutes that are counted: 5 to 10,080; of `spike` and `drop` at most 1,440. Default: 60.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(minimum = 5, maximum = 10_080)]
    pub window_minutes: Option<i64>,
    /// Type of the event, of `event`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub event_type: Option<String>,
    /// Name of the event, of `event`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub event_name: Option<String>,
    /// Id of the issue, of `issue`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub issue_id: Option<String>,
    /// Steps of the funnel, of `conversion`: two to eight.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub steps: Option<Vec<FunnelStep>>,
    /// Only sessions that fit these conditions count, with their events: of `sessions`, `errors`, `event`
    /// and `conversion`. As `where` in the other questions.
    #[serde(
        default,
        rename = "where",
        skip_serializing_if = "Conditions::is_empty"
    )]
    #[schema(value_type = Option<Vec<Vec<Object>>>)]
    pub conditions: Conditions,
    /// Only events whose properties fit these conditions count, of `event` with `eventType` custom. As
    /// `where` of a step.
    #[serde(
        default,
        rename = "eventWhere",
        skip_serializing_if = "Conditions::is_empty"
    )]
    #[schema(value_type = Option<Vec<Vec<Object>>>)]
    pub event_conditions: Conditions,
}

/// A rule that was checked.
#[derive(Debug, Clone)]
pub enum Checked {
    /// About issues.
    Issues(Watched),
    /// About a number.
    Number(Condition),
}

/// When a number is told.
#[derive(Debug, Clone)]
pub struct Condition {
    /// What is counted.
    pub what: What,
    /// Only sessions that fit these.
    pub conditions: Conditions,
    /// What it is compared with.
    pub comparison: Comparison,
    /// A number or a percentage.
    pub threshold: f64,
    /// With less, nothing is told.
    pub minimum: u64,
    /// The window in milliseconds.
    pub window_ms: i64,
}

/// What is counted.
#[derive(Debug, Clone)]
pub enum What {
    /// Sessions or events.
    Spans(Counted),
    /// Occurrences of an issue, by fingerprint.
    Issue(String),
    /// A share of sessions.
    Conversion(FunnelQuestion),
}

impl Checked {
    /// What a rule about issues waits for.
    #[must_use]
    pub fn watched(&self) -> Option<Watched> {
        match self {
            Self::Issues(watched) => Some(*watched),
            Self::Number(_) => None,
        }
    }
}

impl Rule {
    /// The window in minutes.
    #[must_use]
    pub fn window_minutes(&self) -> i64 {
        self.window_minutes.unwrap_or(60)
    }

    /// With less, nothing is told.
    #[must_use]
    pub fn minimum(&self) -> u64 {
        self.minimum.unwrap_or(MINIMUM)
    }

    /// # Errors
    /// `Malformed` when something is missing, out of bounds, or makes no sense with this number.
    pub fn check(&self) -> Result<Checked> {
        self.check_fields()?;
        let what = match self.number {
            Number::NewIssue => return Ok(Checked::Issues(Watched::New)),
            Number::RegressedIssue => return Ok(Checked::Issues(Watched::Regressed)),
            Number::Sessions => What::Spans(Counted::Sessions),
            Number::Errors => What::Spans(Counted::Events {
                word: ERROR.to_owned(),
                name: None,
                conditions: Conditions::default(),
            }),
            Number::Event => What::Spans(self.events()?),
            Number::Issue => What::Issue(required("issueId", self.issue_id.clone())?),
            Number::Conversion => {
                let question = FunnelQuestion {
                    steps: required("steps", self.steps.clone())?,
                    by: FunnelBy::Session,
                    window_ms: None,
                    breakdown: None,
                };
                question
                    .check()
                    .map_err(|error| malformed(&error.to_string()))?;
                What::Conversion(question)
            }
        };
        let comparison = required("condition", self.condition)?;
        let threshold = required("threshold", self.threshold)?;
        self.check_threshold(comparison, threshold)?;
        Ok(Checked::Number(Condition {
            what,
            conditions: self.conditions.clone(),
            comparison,
            threshold,
            minimum: self.minimum(),
            window_ms: self.check_window(comparison)? * MINUTE,
        }))
    }

    fn events(&self) -> Result<Counted> {
        let word = required("eventType", self.event_type.clone())?;
        let conditions = self.event_conditions.clone();
        conditions.check_of_event("rule.eventWhere", &word)?;
        Ok(Counted::Events {
            word,
            name: self.event_name.clone(),
            conditions,
        })
    }

    /// Fields that do not belong to the number are mistakes.
    fn check_fields(&self) -> Result<()> {
        let number = self.number;
        let is_of_issues = matches!(number, Number::NewIssue | Number::RegressedIssue);
        for (name, is_given, belongs) in [
            ("condition", self.condition.is_some(), !is_of_issues),
            ("threshold", self.threshold.is_some(), !is_of_issues),
            ("minimum", self.minimum.is_some(), !is_of_issues),
            (
                "windowMinutes",
                self.window_minutes.is_some(),
                !is_of_issues,
            ),
            (
                "eventType",
                self.event_type.is_some(),
                number == Number::Event,
            ),
            (
                "eventName",
                self.event_name.is_some(),
                number == Number::Event,
            ),
            ("issueId", self.issue_id.is_some(), number == Number::Issue),
            ("steps", self.steps.is_some(), number == Number::Conversion),
            (
                "eventWhere",
                !self.event_conditions.is_empty(),
                number == Number::Event,
            ),
            (
                "where",
                !self.conditions.is_empty(),
                !is_of_issues && number != Number::Issue,
            ),
        ] {
            if is_given && !belongs {
                return Err(malformed(&format!(
                    "{name}: not allowed with this `number`"
                )));
            }
        }
        if self.minimum == Some(0) {
            return Err(malformed("minimum: must be at least 1"));
        }
        Text::check("rule.eventType", self.event_type.as_deref())?;
        Text::check("rule.eventName", self.event_name.as_deref())?;
        self.conditions.check("rule.where")?;
        let is_fingerprint = |id: &String| {
            (1..=200).contains(&id.len()) && id.bytes().all(|byte| byte.is_ascii_graphic())
        };
        if !self.issue_id.as_ref().is_none_or(is_fingerprint) {
            return Err(malformed("issueId: must be the id of an issue"));
        }
        Ok(())
    }

    fn check_threshold(&self, comparison: Comparison, threshold: f64) -> Result<()> {
        let most = match (comparison, self.number) {
            (Comparison::Spike | Comparison::Drop, Number::Conversion) => {
                return Err(malformed(
                    "condition: must be above or below with conversion",
                ));
            }
            (Comparison::Drop, _) | (_, Number::Conversion) => 100.0,
            _ => LARGEST,
        };
        let least = match comparison {
            Comparison::Spike | Comparison::Drop => 1.0,
            Comparison::Above | Comparison::Below => 0.0,
        };
        if (least..=most).contains(&threshold) {
            return Ok(());
        }
        Err(malformed(&format!("threshold: must be {least} to {most}")))
    }

    fn check_window(&self, comparison: Comparison) -> Result<i64> {
        let most = match comparison {
            Comparison::Above | Comparison::Below => LONGEST,
            Comparison::Spike | Comparison::Drop => LONGEST_COMPARED,
        };
        let window = self.window_minutes();
        if (SHORTEST..=most).contains(&window) {
            return Ok(window);
        }
        Err(malformed(&format!(
            "windowMinutes: must be {SHORTEST} to {most}"
        )))
    }
}

fn required<T>(name: &str, given: Option<T>) -> Result<T> {
    given.ok_or_else(|| malformed(&format!("{name}: is required")))
}

fn malformed(problem: &str) -> Error {
    Error::Malformed(format!("rule.{problem}"))
}

/// What kind of target it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = AlertTargetKind)]
pub enum TargetKind {
    /// A webhook endpoint.
    Webhook,
    /// A user, by mail.
    User,
}

/// Whom to tell.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(as = AlertTarget)]
pub struct Target {
    /// What it is.
    pub kind: TargetKind,
    /// Id of the endpoint or the user.
    pub id: String,
}

impl From<&Target> for deliveries::Target {
    fn from(target: &Target) -> Self {
        match target.kind {
            TargetKind::Webhook => Self::Webhook(target.id.clone()),
            TargetKind::User => Self::User(target.id.clone()),
        }
    }
}
