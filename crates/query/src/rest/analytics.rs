//! Numbers about many sessions.

use std::collections::BTreeMap;

use actix_web::web::Data;
use serde::Deserialize;
use serde_json::{Map, Value};
use utoipa::ToSchema;

use crow_db::read::SessionFilter;
use crow_web::ApiError;

use crate::analytics::Answer;
use crate::analytics::answering::Answering;
use crate::analytics::funnel::Funnel;
use crate::api::Api;
use crate::ask::analytics::{About, Scope};
use crate::ask::conditions::Where;
use crate::ask::funnel::{FunnelQuestion, FunnelStep};
use crate::ask::question::{Given, Question};
use crate::ask::words::{Breakdown, FunnelBy};
use crate::door::Read;
use crate::door::pages::{OnPages, Shown};
use crate::rest::answers::{Answered, Found};
use crate::rest::asked::{Asked, Body, Sent, check_name, malformed};

/// Answers a question.
pub async fn answer<Q: Question + Answering + OnPages>(
    api: Data<Api>,
    ask: Asked<Shown<Q>, About<Q>>,
) -> Answered<Q::Answer> {
    let found = api.analytics.ask(ask.by.organization(), ask.question);
    Ok(Found(found.await?))
}

pub async fn funnel(api: Data<Api>, sent: Sent<Read, FunnelRequest>) -> Answered<Answer<Funnel>> {
    let about = sent.body.about()?;
    let found = api.analytics.ask(sent.by.organization(), about);
    Ok(Found(found.await?))
}

/// A funnel to count.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct FunnelRequest {
    /// Milliseconds since the epoch or RFC 3339. Default: seven days before `to`.
    #[serde(default)]
    #[schema(value_type = Option<i64>, minimum = 0)]
    from: Value,
    /// Milliseconds since the epoch or RFC 3339, not included. Default: now.
    #[serde(default)]
    #[schema(value_type = Option<i64>, minimum = 0)]
    to: Value,
    /// Filters: the parameters of the other questions, by name.
    #[serde(default)]
    #[schema(value_type = Option<Object>)]
    filter: Option<Map<String, Value>>,
    /// Two to eight.
    #[schema(min_items = 2, max_items = 8)]
    steps: Vec<FunnelStep>,
    /// Who takes the steps: session (default) or person.
    #[serde(default)]
    by: Option<FunnelBy>,
    /// The maximum time from the first step to the last, in milliseconds. Default: the whole
    /// session. By person: a minute to 90 days, by default seven days.
    #[serde(default)]
    #[schema(minimum = 1)]
    window_ms: Option<i64>,
    /// Split by this.
    #[serde(default)]
    breakdown: Option<Breakdown>,
    /// Read all sessions, however long that takes.
    #[serde(default)]
    exact: Option<bool>,
}

impl Body for FunnelRequest {
    /// Body limit in bytes. A funnel is a few texts.
    const MOST: usize = 64 << 10;
}

impl FunnelRequest {
    /// The question.
    ///
    /// # Errors
    /// `malformed` when a filter is unknown or out of bounds. The steps are checked when they are asked.
    pub fn about(mut self) -> Result<About<FunnelQuestion>, ApiError> {
        let mut given = self.filter.take().unwrap_or_default();
        let beside = [
            ("from", self.from),
            ("to", self.to),
            ("exact", self.exact.map_or(Value::Null, Value::Bool)),
        ];
        for (name, value) in beside {
            if !value.is_null() {
                given.insert(name.to_owned(), value);
            }
        }
        let mut known = SessionFilter::parameters();
        known.extend(Where::parameters());
        known.extend(Scope::parameters());
        let known: Vec<&str> = known.iter().map(|parameter| parameter.name).collect();
        let given = Given::new(texts_of(given, &known)?);
        Ok(About {
            filter: SessionFilter::read(&given)?,
            conditions: Where::read(&given)?.all(),
            scope: Scope::read(&given)?,
            question: FunnelQuestion {
                steps: self.steps,
                by: self.by.unwrap_or_default(),
                window_ms: self.window_ms,
                breakdown: self.breakdown,
            },
        })
    }
}

/// Texts, numbers and booleans of an object, in the form of a query string. Each name must be known.
///
/// # Errors
/// `malformed` with an unknown name, or with a value that a query string cannot hold.
pub fn texts_of(
    object: Map<String, Value>,
    known: &[&str],
) -> Result<BTreeMap<String, String>, ApiError> {
    let mut texts = BTreeMap::new();
    for (name, value) in object {
        check_name(&name, known)?;
        let text = match value {
            Value::Null => continue,
            Value::String(text) => text,
            Value::Bool(_) | Value::Number(_) => value.to_string(),
            Value::Array(_) if name == "where" => value.to_string(),
            Value::Array(_) | Value::Object(_) => {
                return Err(malformed(format!(
                    "{name}: must be a text, a number or true or false"
                )));
            }
        };
        texts.insert(name, text);
    }
    Ok(texts)
}
