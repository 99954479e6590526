use actix_web::web::{Data, Path, Payload};
use actix_web::{HttpRequest, HttpResponse};
use serde::Deserialize;
use serde_json::{Map, Value};
use utoipa::ToSchema;

use crow_web::ApiError;

use super::params::{asked, malformed};
use crate::analytics::Answer;
use crate::analytics::funnel::{Breakdown, Funnel, FunnelQuestion, FunnelStep};
use crate::rest::analytics::openapi::BodyErrors;
use crate::rest::handlers::answer;
use crate::rest::params::{FILTER_PARAMS, Params};
use crate::rest::{Api, body};
use crate::use_cases::check_text;

/// The largest body, in bytes: a funnel is a few texts.
const MAX_BODY: usize = 64 << 10;

/// A funnel to count.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct FunnelRequest {
    /// Milliseconds since the epoch or RFC 3339; seven days before `to` when absent.
    #[serde(default)]
    #[schema(value_type = Option<i64>, minimum = 0)]
    from: Value,
    /// Milliseconds since the epoch or RFC 3339, not included; now when absent.
    #[serde(default)]
    #[schema(value_type = Option<i64>, minimum = 0)]
    to: Value,
    /// Which sessions: the parameters of the other questions, by name.
    #[serde(default)]
    #[schema(value_type = Option<Object>)]
    filter: Option<Map<String, Value>>,
    /// Two to eight.
    #[schema(min_items = 2, max_items = 8)]
    steps: Vec<FunnelStep>,
    /// The longest time from the first step to the last, milliseconds; the whole session
    /// when absent.
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

impl FunnelRequest {
    fn parse(body: &[u8]) -> Result<Self, ApiError> {
        serde_json::from_slice(body).map_err(|error| malformed(&format!("the body: {error}")))
    }

    /// The filter with the range in it, as parameters.
    fn params(&mut self) -> Result<Params, ApiError> {
        let mut filter = self.filter.take().unwrap_or_default();
        for (name, value) in [("from", &self.from), ("to", &self.to)] {
            if !value.is_null() {
                filter.insert(name.to_owned(), value.clone());
            }
        }
        let known: Vec<&str> = FILTER_PARAMS.iter().chain(&["exact"]).copied().collect();
        if let Some(exact) = self.exact {
            filter.insert("exact".to_owned(), exact.into());
        }
        Params::from_json(&filter, &known)
    }
}

/// How many sessions take the steps one after the other.
#[utoipa::path(
    post,
    path = "/analytics/{orgId}/funnel",
    tag = "analytics",
    params(("orgId" = String, Path, description = "The organization of the key.")),
    request_body = FunnelRequest,
    responses((status = 200, description = "The funnel.", body = Answer<Funnel>), BodyErrors),
    security(("bearer" = []), ("apiKey" = []), ("signIn" = [])),
)]
pub async fn funnel(
    api: Data<Api>,
    request: HttpRequest,
    path: Path<String>,
    body: Payload,
) -> Result<HttpResponse, ApiError> {
    let organization = api.organization(&request, &path).await?;
    Params::parse(request.query_string(), &[])?;
    let body = body::read(body, MAX_BODY).await?;
    let mut body = FunnelRequest::parse(&body)?;
    let asked = asked(organization, &body.params()?)?;
    for step in &body.steps {
        check_text("steps.type", Some(&step.r#type))?;
        check_text("steps.name", step.name.as_deref())?;
        check_text("steps.url", step.url.as_deref())?;
    }
    let question = FunnelQuestion {
        steps: body.steps,
        window_ms: body.window_ms,
        breakdown: body.breakdown,
    };
    let found = api
        .analytics
        .ask(asked, move |analytics, asked| async move {
            analytics.funnel(&asked, &question).await
        });
    Ok(answer(&found.await?))
}
