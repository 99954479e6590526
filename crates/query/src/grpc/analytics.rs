//! `crow.v1.AnalyticsService`: the same questions as the analytics over REST.

mod answers;

use tonic::{Request, Response, Status};

use crow_proto::api;
use crow_proto::api::analytics_service_server::AnalyticsService;
use crow_web::grpc::status;

use crate::analytics::answering::Answering;
use crate::api::Api;
use crate::ask::analytics::{self as ask, About};
use crate::ask::funnel::FunnelQuestion;
use crate::door::Read;
use crate::door::call::OfOrganization;
use crate::error::Error;

/// Answers the same questions as REST.
#[derive(Clone)]
pub struct Questions {
    api: Api,
}

impl Questions {
    #[must_use]
    pub fn new(api: Api) -> Self {
        Self { api }
    }

    /// Admits the caller and answers its question.
    async fn answer<Q, T, A>(&self, request: Request<T>) -> Result<Response<A>, Status>
    where
        Q: Answering,
        About<Q>: TryFrom<T, Error = Error>,
        T: OfOrganization,
        A: From<Q::Answer>,
    {
        let (by, asked) = self
            .api
            .door
            .open::<Read, T>(request)
            .await
            .map_err(status)?;
        let about = About::try_from(asked).map_err(status)?;
        let answer = self.api.analytics.ask(by.organization(), about).await;
        Ok(Response::new(answer.map_err(status)?.into()))
    }
}

#[tonic::async_trait]
impl AnalyticsService for Questions {
    async fn get_facets(
        &self,
        request: Request<api::GetFacetsRequest>,
    ) -> Result<Response<api::FacetList>, Status> {
        self.answer::<ask::Facets, _, _>(request).await
    }

    async fn get_overview(
        &self,
        request: Request<api::GetOverviewRequest>,
    ) -> Result<Response<api::Overview>, Status> {
        self.answer::<ask::Overview, _, _>(request).await
    }

    async fn get_top(
        &self,
        request: Request<api::GetTopRequest>,
    ) -> Result<Response<api::Top>, Status> {
        self.answer::<ask::Top, _, _>(request).await
    }

    async fn get_event_counts(
        &self,
        request: Request<api::GetEventCountsRequest>,
    ) -> Result<Response<api::EventCounts>, Status> {
        self.answer::<ask::Events, _, _>(request).await
    }

    async fn get_funnel(
        &self,
        request: Request<api::GetFunnelRequest>,
    ) -> Result<Response<api::Funnel>, Status> {
        self.answer::<FunnelQuestion, _, _>(request).await
    }

    async fn get_journeys(
        &self,
        request: Request<api::GetJourneysRequest>,
    ) -> Result<Response<api::Journeys>, Status> {
        self.answer::<ask::Journeys, _, _>(request).await
    }

    async fn get_heatmap(
        &self,
        request: Request<api::GetHeatmapRequest>,
    ) -> Result<Response<api::Heatmap>, Status> {
        self.answer::<ask::Heatmap, _, _>(request).await
    }

    async fn get_pages(
        &self,
        request: Request<api::GetPagesRequest>,
    ) -> Result<Response<api::Pages>, Status> {
        self.answer::<ask::Pages, _, _>(request).await
    }

    async fn get_retention(
        &self,
        request: Request<api::GetRetentionRequest>,
    ) -> Result<Response<api::Retention>, Status> {
        self.answer::<ask::Retention, _, _>(request).await
    }

    async fn get_web_vitals(
        &self,
        request: Request<api::GetWebVitalsRequest>,
    ) -> Result<Response<api::WebVitals>, Status> {
        self.answer::<ask::Vitals, _, _>(request).await
    }
}
