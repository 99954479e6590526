//! From answers to the wire.

use crow_proto::api;

use crate::analytics::Answer;
use crate::analytics::events::{EventCounts, EventPoint, EventRow};
use crate::analytics::facets::{FacetList, FacetValue};
use crate::analytics::funnel::{Funnel, FunnelBreakdown, FunnelSample, FunnelStepCount};
use crate::analytics::heatmap::{HeatPoint, Heatmap, ScrollDepth, Snapshot};
use crate::analytics::journeys::{JourneyLink, JourneyNode, Journeys};
use crate::analytics::overview::{Overview, OverviewPoint, Totals};
use crate::analytics::pages::{PageRow, Pages};
use crate::analytics::retention::{Cohort, Retention};
use crate::analytics::top::{Top, TopRow};
use crate::analytics::vitals::{Metric, PageVitals, Rating, WebVitals};

fn all<T, U: From<T>>(items: Vec<T>) -> Vec<U> {
    items.into_iter().map(U::from).collect()
}

/// Steps are a few.
fn step(step: usize) -> u32 {
    u32::try_from(step).unwrap_or(u32::MAX)
}

impl<T> Answer<T> {
    fn quality(&self) -> Option<api::Quality> {
        Some(api::Quality {
            sample_rate: self.sample_rate,
            took_ms: self.took_ms,
        })
    }
}

impl From<FacetList> for api::FacetList {
    fn from(list: FacetList) -> Self {
        Self {
            total: list.total,
            is_exact: list.is_exact,
            sample_rate: list.sample_rate,
            country: all(list.facets.country),
            device_type: all(list.facets.device),
            browser: all(list.facets.browser),
            os: all(list.facets.os),
            event_type: all(list.facets.event_type),
            event_name: all(list.facets.event_name),
        }
    }
}

impl From<FacetValue> for api::FacetValue {
    fn from(FacetValue { value, count }: FacetValue) -> Self {
        Self { value, count }
    }
}

impl From<Answer<Overview>> for api::Overview {
    fn from(answer: Answer<Overview>) -> Self {
        Self {
            quality: answer.quality(),
            totals: Some(answer.body.totals.into()),
            previous: Some(answer.body.previous.into()),
            series: all(answer.body.series),
            previous_series: all(answer.body.previous_series),
        }
    }
}

impl From<Totals> for api::Totals {
    fn from(totals: Totals) -> Self {
        Self {
            sessions: totals.sessions,
            visitors: totals.visitors,
            pageviews: totals.pageviews,
            events: totals.events,
            bounce_rate: totals.bounce_rate,
            avg_duration_ms: totals.avg_duration_ms,
            errors: totals.errors,
            rage_clicks: totals.rage_clicks,
        }
    }
}

impl From<OverviewPoint> for api::OverviewPoint {
    fn from(point: OverviewPoint) -> Self {
        Self {
            start: point.t,
            sessions: point.sessions,
            visitors: point.visitors,
            pageviews: point.pageviews,
        }
    }
}

impl From<Answer<Top>> for api::Top {
    fn from(answer: Answer<Top>) -> Self {
        Self {
            quality: answer.quality(),
            rows: all(answer.body.rows),
        }
    }
}

impl From<TopRow> for api::TopRow {
    fn from(row: TopRow) -> Self {
        Self {
            value: row.value,
            sessions: row.sessions,
            count: row.count,
        }
    }
}

impl From<Answer<EventCounts>> for api::EventCounts {
    fn from(answer: Answer<EventCounts>) -> Self {
        Self {
            quality: answer.quality(),
            rows: all(answer.body.rows),
            series: all(answer.body.series),
        }
    }
}

impl From<EventRow> for api::EventRow {
    fn from(row: EventRow) -> Self {
        Self {
            r#type: row.r#type,
            name: row.name,
            count: row.count,
            sessions: row.sessions,
        }
    }
}

impl From<EventPoint> for api::EventPoint {
    fn from(point: EventPoint) -> Self {
        Self {
            start: point.t,
            count: point.count,
        }
    }
}

impl From<Answer<Funnel>> for api::Funnel {
    fn from(answer: Answer<Funnel>) -> Self {
        Self {
            quality: answer.quality(),
            steps: all(answer.body.steps),
            breakdown: all(answer.body.breakdown),
            sample_sessions: all(answer.body.sample_sessions),
        }
    }
}

impl From<FunnelStepCount> for api::FunnelStepCount {
    fn from(step: FunnelStepCount) -> Self {
        Self {
            label: step.label,
            sessions: step.sessions,
            conversion: step.conversion,
            drop_off: step.drop_off,
            median_ms_from_previous: step.median_ms_from_previous,
        }
    }
}

impl From<FunnelBreakdown> for api::FunnelBreakdown {
    fn from(FunnelBreakdown { value, steps }: FunnelBreakdown) -> Self {
        Self { value, steps }
    }
}

impl From<FunnelSample> for api::FunnelSample {
    fn from(sample: FunnelSample) -> Self {
        Self {
            step: step(sample.step),
            reached: sample.reached,
            dropped: sample.dropped,
        }
    }
}

impl From<Answer<Journeys>> for api::Journeys {
    fn from(answer: Answer<Journeys>) -> Self {
        Self {
            quality: answer.quality(),
            nodes: all(answer.body.nodes),
            links: all(answer.body.links),
        }
    }
}

impl From<JourneyNode> for api::JourneyNode {
    fn from(node: JourneyNode) -> Self {
        Self {
            step: step(node.step),
            page: node.page,
            sessions: node.sessions,
        }
    }
}

impl From<JourneyLink> for api::JourneyLink {
    fn from(link: JourneyLink) -> Self {
        Self {
            step: step(link.step),
            from: link.from,
            to: link.to,
            sessions: link.sessions,
            sample_sessions: link.sample_sessions,
        }
    }
}

impl From<Answer<Heatmap>> for api::Heatmap {
    fn from(answer: Answer<Heatmap>) -> Self {
        Self {
            quality: answer.quality(),
            sessions: answer.body.sessions,
            count: answer.body.count,
            width: answer.body.width,
            height: answer.body.height,
            points: all(answer.body.points),
            scroll: all(answer.body.scroll),
            snapshot_session: answer.body.snapshot_session.map(Into::into),
            snapshots: all(answer.body.snapshots),
        }
    }
}

impl From<HeatPoint> for api::HeatPoint {
    fn from(HeatPoint { x, y, count }: HeatPoint) -> Self {
        Self { x, y, count }
    }
}

impl From<ScrollDepth> for api::ScrollDepth {
    fn from(ScrollDepth { depth, sessions }: ScrollDepth) -> Self {
        Self {
            depth: u32::from(depth),
            sessions,
        }
    }
}

impl From<Snapshot> for api::Snapshot {
    fn from(Snapshot { id, at }: Snapshot) -> Self {
        Self { id, at }
    }
}

impl From<Answer<Pages>> for api::Pages {
    fn from(answer: Answer<Pages>) -> Self {
        Self {
            quality: answer.quality(),
            rows: all(answer.body.rows),
        }
    }
}

impl From<PageRow> for api::PageRow {
    fn from(PageRow { page, pageviews }: PageRow) -> Self {
        Self { page, pageviews }
    }
}

impl From<Answer<Retention>> for api::Retention {
    fn from(answer: Answer<Retention>) -> Self {
        Self {
            quality: answer.quality(),
            cohorts: all(answer.body.cohorts),
        }
    }
}

impl From<Cohort> for api::Cohort {
    fn from(cohort: Cohort) -> Self {
        Self {
            start: cohort.start,
            size: cohort.size,
            returned: cohort.returned,
        }
    }
}

impl From<Answer<WebVitals>> for api::WebVitals {
    fn from(answer: Answer<WebVitals>) -> Self {
        Self {
            quality: answer.quality(),
            metrics: all(answer.body.metrics),
            pages: all(answer.body.pages),
        }
    }
}

impl From<Metric> for api::Metric {
    fn from(metric: Metric) -> Self {
        Self {
            name: metric.name.to_owned(),
            unit: metric.unit.to_owned(),
            count: metric.count,
            p50: metric.p50,
            p75: metric.p75,
            p95: metric.p95,
            rating: metric.rating.map(Into::into),
        }
    }
}

impl From<Rating> for api::Rating {
    fn from(rating: Rating) -> Self {
        Self {
            good: rating.good,
            needs_improvement: rating.needs_improvement,
            poor: rating.poor,
        }
    }
}

impl From<PageVitals> for api::PageVitals {
    fn from(page: PageVitals) -> Self {
        Self {
            page: page.page,
            count: page.count,
            lcp: page.lcp,
            cls: page.cls,
            inp: page.inp,
        }
    }
}
