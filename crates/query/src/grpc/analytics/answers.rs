//! Converts answers to protobuf messages.

use crow_proto::api;

use crate::analytics::Answer;
use crate::analytics::events::{EventCounts, EventPoint, EventRow};
use crate::analytics::facets::{FacetList, FacetValue};
use crate::analytics::funnel::{Funnel, FunnelBreakdown, FunnelBy, FunnelSample, FunnelStepCount};
use crate::analytics::heatmap::{HeatPoint, Heatmap, ScrollDepth, Snapshot};
use crate::analytics::journeys::{JourneyLink, JourneyNode, Journeys};
use crate::analytics::overview::{Overview, OverviewPoint, Totals};
use crate::analytics::pages::{PageRow, Pages};
use crate::analytics::retention::{Cohort, Retention, RetentionBreakdown};
use crate::analytics::top::{Top, TopRow};
use crate::analytics::vitals::{Metric, PageVitals, Rating, WebVitals};

fn all<T, U: From<T>>(items: Vec<T>) -> Vec<U> {
    items.into_iter().map(U::from).collect()
}

/// Funnels have few steps, so the conversion never saturates.
fn step(step: usize) -> u32 {
    u32::try_from(step).unwrap_or(u32::MAX)
}

fn funnel_by(by: FunnelBy) -> api::FunnelBy {
    match by {
        FunnelBy::Session => api::FunnelBy::Session,
        FunnelBy::Person => api::FunnelBy::Person,
    }
}

/// The value of a field: copied, unless an expression computes it.
macro_rules! value {
    ($from:ident $field:ident) => {
        $from.$field
    };
    ($from:ident $field:ident $made:expr) => {
        $made
    };
}

/// Declares messages whose fields have the same names as ours.
macro_rules! messages {
    ($( $name:ident |$from:ident| { $( $field:ident $(: $made:expr)?, )+ } )+) => { $(
        impl From<$name> for api::$name {
            fn from($from: $name) -> Self {
                Self { $( $field: value!($from $field $($made)?), )+ }
            }
        }
    )+ };
}

/// Declares messages that also carry the sample rate and the duration.
macro_rules! answers {
    ($( $name:ident |$from:ident| { $( $field:ident $(: $made:expr)?, )+ } )+) => { $(
        impl From<Answer<$name>> for api::$name {
            fn from(answer: Answer<$name>) -> Self {
                let quality = api::Quality {
                    sample_rate: answer.sample_rate,
                    took_ms: answer.took_ms,
                };
                let $from = answer.body;
                Self {
                    quality: Some(quality),
                    $( $field: value!($from $field $($made)?), )+
                }
            }
        }
    )+ };
}

answers! {
    Overview |it| {
        totals: Some(it.totals.into()),
        previous: Some(it.previous.into()),
        series: all(it.series),
        previous_series: all(it.previous_series),
    }
    Top |it| { rows: all(it.rows), }
    EventCounts |it| { rows: all(it.rows), series: all(it.series), }
    Funnel |it| {
        by: funnel_by(it.by).into(),
        steps: all(it.steps),
        breakdown: all(it.breakdown),
        sample_sessions: all(it.sample_sessions),
    }
    Journeys |it| { nodes: all(it.nodes), links: all(it.links), }
    Heatmap |it| {
        sessions,
        count,
        width,
        height,
        points: all(it.points),
        scroll: all(it.scroll),
        snapshot_session: it.snapshot_session.map(Into::into),
        snapshots: all(it.snapshots),
    }
    Pages |it| { rows: all(it.rows), }
    Retention |it| { cohorts: all(it.cohorts), breakdown: all(it.breakdown), }
    WebVitals |it| { metrics: all(it.metrics), pages: all(it.pages), }
}

messages! {
    FacetList |it| {
        total,
        is_exact,
        sample_rate,
        country: all(it.facets.country),
        device_type: all(it.facets.device),
        browser: all(it.facets.browser),
        os: all(it.facets.os),
        event_type: all(it.facets.event_type),
        event_name: all(it.facets.event_name),
    }
    FacetValue |it| { value, count, }
    Totals |it| {
        sessions,
        visitors,
        pageviews,
        events,
        bounce_rate,
        avg_duration_ms,
        errors,
        rage_clicks,
    }
    OverviewPoint |it| { start: it.t, sessions, visitors, pageviews, }
    TopRow |it| { value, sessions, count, }
    EventRow |it| { r#type, name, count, sessions, }
    EventPoint |it| { start: it.t, count, }
    FunnelStepCount |it| { label, sessions, conversion, drop_off, median_ms_from_previous, }
    FunnelBreakdown |it| { value, steps, }
    FunnelSample |it| { step: step(it.step), reached, dropped, }
    JourneyNode |it| { step: step(it.step), page, sessions, }
    JourneyLink |it| { step: step(it.step), from, to, sessions, sample_sessions, }
    HeatPoint |it| { x, y, count, }
    ScrollDepth |it| { depth: u32::from(it.depth), sessions, }
    Snapshot |it| { id, at, }
    PageRow |it| { page, pageviews, }
    Cohort |it| { start, size, returned, }
    RetentionBreakdown |it| { value, cohorts: all(it.cohorts), }
    Metric |it| {
        name: it.name.to_owned(),
        unit: it.unit.to_owned(),
        count,
        p50,
        p75,
        p95,
        rating: it.rating.map(Into::into),
    }
    Rating |it| { good, needs_improvement, poor, }
    PageVitals |it| { page, count, lcp, cls, inp, }
}
