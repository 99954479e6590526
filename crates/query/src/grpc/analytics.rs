//! `crow.v1.AnalyticsService`: the questions of the REST analytics.

mod answers;
mod questions;

use tonic::{Request, Response, Status};

use crow_proto::api;
use crow_proto::api::analytics_service_server::AnalyticsService;

use crate::access::Access;
use crate::analytics::buckets::{Length, time_zone};
use crate::analytics::events::EventChoice;
use crate::analytics::funnel::FunnelQuestion;
use crate::analytics::heatmap::HeatmapQuestion;
use crate::analytics::journeys::JourneyQuestion;
use crate::analytics::retention::MAX_COHORTS;
use crate::analytics::{Analytics, Asked};
use crate::grpc::admission::admit;
use crate::grpc::error::status;

use questions::{bucket, malformed, number, text};

/// Over the same questions as REST.
#[derive(Clone)]
pub struct Questions {
    access: Access,
    analytics: Analytics,
}

impl Questions {
    #[must_use]
    pub fn new(access: Access, analytics: Analytics) -> Self {
        Self { access, analytics }
    }

    /// Lets the caller in; which sessions it asks about, and the rest of the question.
    async fn read<T: Sync>(
        &self,
        request: Request<T>,
        query: impl Fn(&mut T) -> Option<api::SessionQuery>,
    ) -> Result<(Asked, T), Status> {
        let (metadata, extensions, mut question) = request.into_parts();
        let query = query(&mut question).ok_or_else(|| malformed("query: must be given"))?;
        let request = Request::from_parts(metadata, extensions, ());
        let (admission, _caller) = admit(&self.access, &request, &query.organization_id).await?;
        let asked = questions::asked(admission.organization, query)?;
        Ok((asked, question))
    }
}

/// A time zone is empty when it is not given.
fn zone(name: &str) -> Result<jiff::tz::TimeZone, Status> {
    time_zone((!name.is_empty()).then_some(name)).map_err(status)
}

#[tonic::async_trait]
impl AnalyticsService for Questions {
    async fn get_facets(
        &self,
        request: Request<api::GetFacetsRequest>,
    ) -> Result<Response<api::FacetList>, Status> {
        let (asked, _question) = self.read(request, |question| question.query.take()).await?;
        let found = self.analytics.ask(asked, |analytics, asked| async move {
            analytics.facets(&asked).await
        });
        Ok(Response::new(found.await.map_err(status)?.into()))
    }

    async fn get_overview(
        &self,
        request: Request<api::GetOverviewRequest>,
    ) -> Result<Response<api::Overview>, Status> {
        let (asked, question) = self.read(request, |question| question.query.take()).await?;
        let length = bucket(question.bucket())?;
        let zone = zone(&question.timezone)?;
        let found = self
            .analytics
            .ask(asked, move |analytics, asked| async move {
                analytics.overview(&asked, length, &zone).await
            });
        Ok(Response::new(found.await.map_err(status)?.into()))
    }

    async fn get_top(
        &self,
        request: Request<api::GetTopRequest>,
    ) -> Result<Response<api::Top>, Status> {
        let (asked, question) = self.read(request, |question| question.query.take()).await?;
        let dimension = questions::dimension(question.dimension())?;
        let limit = number("limit", question.limit, 10, 1_000)?;
        let found = self
            .analytics
            .ask(asked, move |analytics, asked| async move {
                analytics.top(&asked, dimension, limit).await
            });
        Ok(Response::new(found.await.map_err(status)?.into()))
    }

    async fn get_event_counts(
        &self,
        request: Request<api::GetEventCountsRequest>,
    ) -> Result<Response<api::EventCounts>, Status> {
        let (asked, question) = self.read(request, |question| question.query.take()).await?;
        let length = bucket(question.bucket())?;
        let zone = zone(&question.timezone)?;
        text("type", question.r#type.as_deref())?;
        text("name", question.name.as_deref())?;
        let found = self
            .analytics
            .ask(asked, move |analytics, asked| async move {
                let choice = EventChoice {
                    word: question.r#type.as_deref(),
                    name: question.name.as_deref(),
                };
                analytics.event_counts(&asked, choice, length, &zone).await
            });
        Ok(Response::new(found.await.map_err(status)?.into()))
    }

    async fn get_funnel(
        &self,
        request: Request<api::GetFunnelRequest>,
    ) -> Result<Response<api::Funnel>, Status> {
        let (asked, question) = self.read(request, |question| question.query.take()).await?;
        let breakdown = questions::breakdown(question.breakdown());
        let question = FunnelQuestion {
            steps: questions::steps(question.steps)?,
            window_ms: question.window_ms,
            breakdown,
        };
        let found = self
            .analytics
            .ask(asked, move |analytics, asked| async move {
                analytics.funnel(&asked, &question).await
            });
        Ok(Response::new(found.await.map_err(status)?.into()))
    }

    async fn get_journeys(
        &self,
        request: Request<api::GetJourneysRequest>,
    ) -> Result<Response<api::Journeys>, Status> {
        let (asked, question) = self.read(request, |question| question.query.take()).await?;
        text("page", question.page.as_deref())?;
        let depth = number("depth", question.depth, 3, 10)?;
        let limit = number("limit", question.limit, 8, 50)?;
        let found = self
            .analytics
            .ask(asked, move |analytics, asked| async move {
                let journeys = JourneyQuestion {
                    page: question.page.as_deref(),
                    direction: questions::direction(question.direction()),
                    depth,
                    limit,
                };
                analytics.journeys(&asked, journeys).await
            });
        Ok(Response::new(found.await.map_err(status)?.into()))
    }

    async fn get_heatmap(
        &self,
        request: Request<api::GetHeatmapRequest>,
    ) -> Result<Response<api::Heatmap>, Status> {
        let (asked, question) = self.read(request, |question| question.query.take()).await?;
        text("page", Some(&question.page))?;
        let found = self
            .analytics
            .ask(asked, move |analytics, asked| async move {
                let heatmap = HeatmapQuestion {
                    page: &question.page,
                    kind: questions::heatmap_kind(question.kind()),
                    viewport: questions::viewport(question.viewport()),
                };
                analytics.heatmap(&asked, heatmap).await
            });
        Ok(Response::new(found.await.map_err(status)?.into()))
    }

    async fn get_pages(
        &self,
        request: Request<api::GetPagesRequest>,
    ) -> Result<Response<api::Pages>, Status> {
        let (mut asked, question) = self.read(request, |question| question.query.take()).await?;
        let contained = asked.filter.text.take().unwrap_or_default();
        let limit = number("limit", question.limit, 50, 1_000)?;
        let found = self
            .analytics
            .ask(asked, move |analytics, asked| async move {
                analytics.pages(&asked, &contained, limit).await
            });
        Ok(Response::new(found.await.map_err(status)?.into()))
    }

    async fn get_retention(
        &self,
        request: Request<api::GetRetentionRequest>,
    ) -> Result<Response<api::Retention>, Status> {
        let (asked, question) = self.read(request, |question| question.query.take()).await?;
        let period = questions::length(question.period()).unwrap_or(Length::Week);
        if period == Length::Hour {
            return Err(malformed("period: must be day, week or month"));
        }
        let cohorts = number("cohorts", question.cohorts, 8, MAX_COHORTS)?;
        let zone = zone(&question.timezone)?;
        let found = self
            .analytics
            .ask(asked, move |analytics, asked| async move {
                analytics.retention(&asked, period, cohorts, &zone).await
            });
        Ok(Response::new(found.await.map_err(status)?.into()))
    }

    async fn get_web_vitals(
        &self,
        request: Request<api::GetWebVitalsRequest>,
    ) -> Result<Response<api::WebVitals>, Status> {
        let (asked, question) = self.read(request, |question| question.query.take()).await?;
        text("page", question.page.as_deref())?;
        let found = self
            .analytics
            .ask(asked, move |analytics, asked| async move {
                analytics.vitals(&asked, question.page.as_deref()).await
            });
        Ok(Response::new(found.await.map_err(status)?.into()))
    }
}
