//! What an organization used, by day.

use actix_web::web::Data;
use serde::Serialize;
use utoipa::ToSchema;

use crow_db::usage::{DAY, DayOfUse};

use crate::api::Api;
use crate::ask::usage::UsageRange;
use crate::door::Admin;
use crate::rest::answers::{Answered, Found};
use crate::rest::asked::Asked;

pub async fn usage(api: Data<Api>, ask: Asked<Admin, UsageRange>) -> Answered<UsageView> {
    let days = ask.question.days()?;
    let used = api.use_cases.usage(ask.organization(), days).await?;
    let day = |day: i64| UsageDay::new(day, used.get(&day).copied().unwrap_or_default());
    Ok(Found(UsageView {
        days: (days.from..days.to).map(day).collect(),
    }))
}

/// What an organization used.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct UsageView {
    /// Every day of the range, oldest first.
    pub days: Vec<UsageDay>,
}

/// A day. Erased sessions are not counted any more; their events and interactions are, for 400 days.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct UsageDay {
    /// When it begins in UTC, milliseconds since the epoch.
    pub t: i64,
    /// Sessions that began on it.
    pub sessions: i64,
    /// Events of sessions that began on it.
    pub events: i64,
    /// Interactions that happened on it.
    pub interactions: i64,
    /// Calls of language models. They are kept for 400 days.
    pub model_calls: i64,
    /// Tokens of these calls, with those of calls that have not ended.
    pub tokens: i64,
}

impl UsageDay {
    fn new(day: i64, used: DayOfUse) -> Self {
        Self {
            t: day * DAY,
            sessions: used.sessions,
            events: used.events,
            interactions: used.interactions,
            model_calls: used.model_calls,
            tokens: used.tokens,
        }
    }
}
