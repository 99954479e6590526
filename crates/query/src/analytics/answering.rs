//! The entry point for callers: a question runs when its organization has a turn.

use serde::Serialize;
use utoipa::ToSchema;

use crow_types::OrganizationId;

use super::events::{EventChoice, EventCounts};
use super::facets::FacetList;
use super::funnel::Funnel;
use super::heatmap::{Heatmap, HeatmapQuestion};
use super::journeys::{JourneyQuestion, Journeys};
use super::overview::Overview;
use super::pages::Pages;
use super::retention::{Retention, RetentionQuestion};
use super::top::Top;
use super::vitals::WebVitals;
use super::{Analytics, Answer, Asked};
use crate::ask::analytics::{self as ask, About};
use crate::ask::funnel::FunnelQuestion;
use crate::ask::values::Text;
use crate::ask::words::{Bucket, HeatmapKind, ViewportClass};
use crate::error::Result;

/// A question about many sessions, and its answer.
pub trait Answering: Send + 'static {
    /// The type of the answer.
    type Answer: Serialize + ToSchema + Send + 'static;

    /// Computes the answer. Callers use [`Analytics::ask`].
    fn answer(
        self,
        analytics: Analytics,
        asked: Asked,
    ) -> impl Future<Output = Result<Self::Answer>> + Send;
}

impl Analytics {
    /// Runs the question in a turn of its organization. This is the only entry point for callers.
    pub async fn ask<Q: Answering>(
        &self,
        organization: &OrganizationId,
        about: About<Q>,
    ) -> Result<Q::Answer> {
        let is_exact = about.scope.exact.is_some_and(|exact| exact.0);
        let asked = Asked::new(organization.clone(), about.filter, is_exact)?;
        let asked = asked.with(about.conditions);
        let (analytics, question) = (self.clone(), about.question);
        let answer = async move {
            let asked = analytics.with_members(asked).await?;
            question.answer(analytics, asked).await
        };
        self.scheduler.ask(organization, answer).await
    }
}

fn text(given: Option<&Text>) -> Option<&str> {
    given.map(Text::as_str)
}

impl Answering for ask::Facets {
    type Answer = FacetList;

    async fn answer(self, analytics: Analytics, asked: Asked) -> Result<Self::Answer> {
        analytics.facets(&asked).await
    }
}

impl Answering for ask::Overview {
    type Answer = Answer<Overview>;

    async fn answer(self, analytics: Analytics, asked: Asked) -> Result<Self::Answer> {
        let bucket = self.bucket.map(Bucket::length);
        let zone = self.timezone.unwrap_or_default();
        analytics.overview(&asked, bucket, &zone.0).await
    }
}

impl Answering for ask::Top {
    type Answer = Answer<Top>;

    async fn answer(self, analytics: Analytics, asked: Asked) -> Result<Self::Answer> {
        let limit = self.limit.items();
        analytics.top(&asked, self.dimension, limit).await
    }
}

impl Answering for ask::Events {
    type Answer = Answer<EventCounts>;

    async fn answer(self, analytics: Analytics, asked: Asked) -> Result<Self::Answer> {
        let choice = EventChoice {
            word: text(self.event_type.as_ref()),
            name: text(self.event_name.as_ref()),
        };
        let bucket = self.bucket.map(Bucket::length);
        let zone = self.timezone.unwrap_or_default();
        analytics
            .event_counts(&asked, choice, bucket, &zone.0)
            .await
    }
}

impl Answering for ask::Journeys {
    type Answer = Answer<Journeys>;

    async fn answer(self, analytics: Analytics, asked: Asked) -> Result<Self::Answer> {
        let question = JourneyQuestion {
            page: text(self.page.as_ref()),
            direction: self.direction.unwrap_or_default(),
            depth: self.depth.items(),
            limit: self.limit.items(),
        };
        analytics.journeys(&asked, question).await
    }
}

impl Answering for ask::Heatmap {
    type Answer = Answer<Heatmap>;

    async fn answer(self, analytics: Analytics, asked: Asked) -> Result<Self::Answer> {
        let question = HeatmapQuestion {
            page: self.page.as_str(),
            kind: self.kind.unwrap_or(HeatmapKind::Click),
            viewport: self.viewport.unwrap_or(ViewportClass::Desktop),
        };
        analytics.heatmap(&asked, question).await
    }
}

impl Answering for ask::Pages {
    type Answer = Answer<Pages>;

    async fn answer(self, analytics: Analytics, mut asked: Asked) -> Result<Self::Answer> {
        let contained = asked.filter.text.take().unwrap_or_default();
        let limit = self.limit.items();
        analytics.pages(&asked, &contained, limit).await
    }
}

impl Answering for ask::Retention {
    type Answer = Answer<Retention>;

    async fn answer(self, analytics: Analytics, asked: Asked) -> Result<Self::Answer> {
        let period = self.period.unwrap_or_default().length();
        let zone = self.timezone.unwrap_or_default();
        let question = RetentionQuestion {
            start: EventChoice {
                word: text(self.start_type.as_ref()),
                name: text(self.start_name.as_ref()),
            },
            back: EventChoice {
                word: text(self.return_type.as_ref()),
                name: text(self.return_name.as_ref()),
            },
            breakdown: self.breakdown,
            ..RetentionQuestion::new(period, self.cohorts.items(), &zone.0)
        };
        analytics.retention(&asked, question).await
    }
}

impl Answering for ask::Vitals {
    type Answer = Answer<WebVitals>;

    async fn answer(self, analytics: Analytics, asked: Asked) -> Result<Self::Answer> {
        let page = text(self.page.as_ref());
        analytics.vitals(&asked, page).await
    }
}

impl Answering for FunnelQuestion {
    type Answer = Answer<Funnel>;

    async fn answer(self, analytics: Analytics, asked: Asked) -> Result<Self::Answer> {
        analytics.funnel(&asked, &self).await
    }
}
