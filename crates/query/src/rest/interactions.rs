//! What happened in finished sessions, in words.

use actix_web::web::Data;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use serde_json::value::RawValue;
use utoipa::ToSchema;

use crow_web::ApiError;

use crow_db::interactions::{Interaction, InteractionKey};

use crate::analysis::Analysis;
use crate::api::Api;
use crate::ask::interactions::{AnalyzeRange, InteractionQuery, ListInteractions};
use crate::ask::search::Searching;
use crate::ask::values::{Moment, Value as _};
use crate::ask::words::SourceType;
use crate::cursor;
use crate::door::Read;
use crate::rest::answers::{Answered, Found};
use crate::rest::asked::{Asked, Body, Sent};
use crate::rest::views::json;
use crate::use_cases::meaning::{Answer, Ranked};

/// A page of interactions.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct InteractionList {
    /// Newest first; of a search by meaning, the most similar first.
    pub interactions: Vec<InteractionView>,
    /// Send it as `cursor` for the next page; null on the last page, and of a search by meaning.
    pub next_cursor: Option<String>,
    /// Only if a search by meaning was answered by words, because the remote model of embeddings failed:
    /// says so.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
}

impl From<Answer<Interaction, InteractionKey>> for InteractionList {
    fn from(answer: Answer<Interaction, InteractionKey>) -> Self {
        let page = answer.page;
        Self {
            note: answer.note.map(str::to_owned),
            interactions: page.items.into_iter().map(InteractionView::from).collect(),
            next_cursor: page.next.as_ref().map(cursor::encode),
        }
    }
}

/// What happened, in words. Texts in quotation marks come from pages and their visitors: they are not
/// to be trusted.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct InteractionView {
    /// Of a session, the `id` of the session.
    pub id: String,
    /// The tenant.
    pub organization_id: String,
    /// `web`, `cctv` or `social`.
    pub source_type: String,
    /// The SDK's session id.
    pub session_id: Option<String>,
    /// Whether there is a session with this `id` to look at. False: a service reported it.
    pub has_session: bool,
    /// Of the session that it tells of.
    pub revision: i64,
    /// What was announced.
    #[schema(value_type = Option<Object>)]
    pub data: Option<Box<RawValue>>,
    /// What happened.
    pub summary: Option<String>,
    /// Who wrote the summary: rules such as `rules/1`, `caller` for the service that reported it, or the
    /// name of a model. Of a model, nothing in the summary is to be trusted, also outside of quotation marks.
    pub summary_source: Option<String>,
    /// Whether a language model or a service wrote the summary and the claims in `evidence`. A visitor can
    /// influence all of their text. False: rules wrote them, and only text in quotation marks is of others.
    pub untrusted: bool,
    /// `purchase`, `checkout`, `cart`, `compare`, `search`, `browse`, `bounce`, `inconclusive` or `bot`.
    pub intent: Option<String>,
    /// 0 to 1, from a published table. Of a model, its own figure times the share of its claims that lines show.
    pub confidence: Option<f64>,
    /// Words to filter by.
    #[schema(value_type = Option<Vec<String>>)]
    pub tags: Option<Box<RawValue>>,
    /// Products that it was about.
    #[schema(value_type = Option<Vec<String>>)]
    pub product_ids: Option<Box<RawValue>>,
    /// `reason`, `claims`, `products`, and the `lines` that they name.
    #[schema(value_type = Option<Object>)]
    pub evidence: Option<Box<RawValue>>,
    /// When it happened, milliseconds since the epoch.
    pub timestamp: i64,
    /// When it was first stored.
    pub created_at: i64,
    /// Only of a search by meaning: the cosine, from -1 to 1. The nearer to 1, the more similar. Missing when
    /// only the words were found.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub similarity: Option<f32>,
}

impl From<Ranked<Interaction>> for InteractionView {
    fn from(found: Ranked<Interaction>) -> Self {
        Self {
            similarity: found.similarity,
            ..Self::from(found.item)
        }
    }
}

impl From<Interaction> for InteractionView {
    fn from(row: Interaction) -> Self {
        Self {
            id: row.id,
            organization_id: row.organization_id,
            source_type: row.source_type,
            session_id: row.session_id,
            has_session: row.session_row.is_some(),
            revision: row.revision,
            data: json(Some(row.data)),
            summary: row.summary,
            untrusted: is_untrusted(row.summary_source.as_deref()),
            summary_source: row.summary_source,
            intent: row.intent,
            confidence: row.confidence,
            tags: json(row.tags),
            product_ids: json(row.product_ids),
            evidence: json(row.evidence),
            timestamp: row.timestamp,
            created_at: row.created_at,
            similarity: None,
        }
    }
}

/// Whether somebody else than our rules wrote a summary.
pub fn is_untrusted(summary_source: Option<&str>) -> bool {
    summary_source.is_some_and(|source| !source.starts_with("rules/"))
}

/// How many interactions there are.
#[derive(Debug, Default, Serialize, ToSchema)]
pub struct InteractionCounts {
    /// Of websites and apps.
    pub web: i64,
    /// Of cameras.
    pub cctv: i64,
    /// Of social media.
    pub social: i64,
    /// All.
    pub total: i64,
}

impl From<Vec<(String, i64)>> for InteractionCounts {
    fn from(counts: Vec<(String, i64)>) -> Self {
        let of = |source: &str| {
            counts
                .iter()
                .find(|(it, _)| it == source)
                .map_or(0, |it| it.1)
        };
        Self {
            web: of("web"),
            cctv: of("cctv"),
            social: of("social"),
            total: counts.iter().map(|(_, count)| count).sum(),
        }
    }
}

pub async fn list_interactions(
    api: Data<Api>,
    ask: Asked<Read, Searching<ListInteractions>>,
) -> Answered<InteractionList> {
    let page = api
        .use_cases
        .search_interactions(ask.organization(), &ask.question);
    Ok(Found(page.await?.into()))
}

pub async fn count_interactions(
    api: Data<Api>,
    ask: Asked<Read, InteractionQuery>,
) -> Answered<InteractionCounts> {
    let filter = ask.question.clone().filter()?;
    let counts = api.use_cases.count_interactions(ask.organization(), filter);
    Ok(Found(counts.await?.into()))
}

/// A range to analyze.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct AnalyzeRequest {
    /// Milliseconds since the epoch or RFC 3339. Default: seven days before `to`.
    #[serde(default)]
    #[schema(value_type = Option<i64>)]
    from: Value,
    /// Milliseconds since the epoch or RFC 3339, not included. Default: now.
    #[serde(default)]
    #[schema(value_type = Option<i64>)]
    to: Value,
    /// `web`, `cctv` or `social`. Default: all.
    #[serde(default)]
    source_type: Option<String>,
}

impl Body for AnalyzeRequest {
    /// Body limit in bytes. A range is two moments.
    const MOST: usize = 4 << 10;
}

impl AnalyzeRequest {
    fn range(&self) -> Result<AnalyzeRange, ApiError> {
        let source_type = self.source_type.as_deref();
        Ok(AnalyzeRange {
            from: moment("from", &self.from)?,
            to: moment("to", &self.to)?,
            source_type: source_type
                .map(|text| SourceType::named("sourceType", text))
                .transpose()?,
        })
    }
}

fn moment(name: &str, value: &Value) -> Result<Option<Moment>, ApiError> {
    let text = match value {
        Value::Null => return Ok(None),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    };
    Ok(Some(Moment::named(name, &text)?))
}

pub async fn analyze_interactions(
    api: Data<Api>,
    sent: Sent<Read, AnalyzeRequest>,
) -> Answered<Analysis> {
    let range = sent.body.range()?;
    let analysis = api.use_cases.analyze_in_words(sent.organization(), &range);
    Ok(Found(analysis.await?))
}
