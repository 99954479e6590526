use tonic::{Request, Response, Status};

use crow_db::interactions::{Interaction, InteractionFilter, InteractionKey};
use crow_proto::api;
use crow_proto::api::interaction_service_server::InteractionService;
use crow_web::grpc::status;

use super::questions::{count, cursor, search, text};
use crate::api::Api;
use crate::ask::interactions::{InteractionPage, InteractionQuery, ListInteractions};
use crate::ask::search::{GRPC, Searching};
use crate::ask::values::{Moment, Share, Value};
use crate::ask::words::{IntentWord, SourceType};
use crate::cursor::encode;
use crate::door::Read;
use crate::error::{Error, Result};
use crate::rest::interactions::is_untrusted;
use crate::use_cases::meaning::{Answer, Ranked};

/// `crow.v1.InteractionService`.
#[derive(Clone)]
pub struct Interactions {
    api: Api,
}

impl Interactions {
    /// Uses the same use cases as REST.
    #[must_use]
    pub fn new(api: Api) -> Self {
        Self { api }
    }
}

#[tonic::async_trait]
impl InteractionService for Interactions {
    async fn list_interactions(
        &self,
        request: Request<api::ListInteractionsRequest>,
    ) -> std::result::Result<Response<api::ListInteractionsResponse>, Status> {
        let door = &self.api.door;
        let (by, asked) = door.open::<Read, _>(request).await.map_err(status)?;
        let asked = Searching::try_from(asked).map_err(status)?;
        let page = self
            .api
            .use_cases
            .search_interactions(by.organization(), &asked);
        Ok(Response::new(page.await.map_err(status)?.into()))
    }

    async fn count_interactions(
        &self,
        request: Request<api::CountInteractionsRequest>,
    ) -> std::result::Result<Response<api::InteractionCounts>, Status> {
        let door = &self.api.door;
        let (by, asked) = door.open::<Read, _>(request).await.map_err(status)?;
        let filter = filter(asked.filter).map_err(status)?;
        let counts = self
            .api
            .use_cases
            .count_interactions(by.organization(), filter);
        Ok(Response::new(counts_of(&counts.await.map_err(status)?)))
    }
}

impl TryFrom<api::ListInteractionsRequest> for Searching<ListInteractions> {
    type Error = Error;

    fn try_from(asked: api::ListInteractionsRequest) -> Result<Self> {
        let list = ListInteractions {
            filter: filter(asked.filter)?,
            page: InteractionPage {
                limit: count("page_size", asked.page_size)?,
                after: cursor(&asked.page_token)?,
            },
        };
        Self::new(list, search(asked.search.as_deref())?, &GRPC)
    }
}

fn filter(given: Option<api::InteractionFilter>) -> Result<InteractionFilter> {
    let given = given.unwrap_or_default();
    let source_type = given.source_type;
    let intent = given.intent;
    let confidence = given.min_confidence.map(|share| share.to_string());
    let query = InteractionQuery {
        from: given.from.map(Moment),
        to: given.to.map(Moment),
        source_type: source_type
            .map(|word| SourceType::named("source_type", &word))
            .transpose()?,
        words: text("words", given.words)?,
        product: text("product", given.product)?,
        tag: text("tag", given.tag)?,
        intent: intent
            .map(|word| IntentWord::named("intent", &word))
            .transpose()?,
        confidence: confidence
            .map(|share| Share::named("min_confidence", &share))
            .transpose()?,
        session: text("session_id", given.session_id)?,
    };
    query.filter()
}

fn counts_of(counts: &[(String, i64)]) -> api::InteractionCounts {
    let of = |source: &str| {
        let found = counts.iter().find(|(it, _)| it == source);
        found.map_or(0, |(_, count)| *count)
    };
    api::InteractionCounts {
        web: of("web"),
        cctv: of("cctv"),
        social: of("social"),
        total: counts.iter().map(|(_, count)| count).sum(),
    }
}

impl From<Answer<Interaction, InteractionKey>> for api::ListInteractionsResponse {
    fn from(answer: Answer<Interaction, InteractionKey>) -> Self {
        let page = answer.page;
        Self {
            note: answer.note.map(str::to_owned),
            interactions: page.items.into_iter().map(interaction).collect(),
            next_page_token: page.next.as_ref().map(encode).unwrap_or_default(),
        }
    }
}

fn interaction(found: Ranked<Interaction>) -> api::Interaction {
    let row = found.item;
    api::Interaction {
        id: row.id,
        organization_id: row.organization_id,
        source_type: row.source_type,
        session_id: row.session_id,
        has_session: row.session_row.is_some(),
        revision: row.revision,
        data: row.data,
        summary: row.summary,
        untrusted: is_untrusted(row.summary_source.as_deref()),
        summary_source: row.summary_source,
        intent: row.intent,
        confidence: row.confidence,
        tags: list(row.tags.as_deref()),
        product_ids: list(row.product_ids.as_deref()),
        evidence: row.evidence,
        timestamp: row.timestamp,
        created_at: row.created_at,
        similarity: found.similarity,
    }
}

fn list(json: Option<&str>) -> Vec<String> {
    let list = json.and_then(|json| serde_json::from_str(json).ok());
    list.unwrap_or_default()
}
