//! From the wire to what is asked.

use tonic::Status;

use crow_proto::api;
use crow_types::OrganizationId;

use crate::analytics::Asked;
use crate::analytics::buckets::Length;
use crate::analytics::funnel::{Breakdown, FunnelStep};
use crate::analytics::heatmap::{HeatmapKind, ViewportClass};
use crate::analytics::journeys::Direction;
use crate::analytics::top::Dimension;
use crate::error::Error;
use crate::grpc::convert;
use crate::grpc::error::status;
use crate::use_cases::{check_text, check_texts};

pub fn malformed(message: &str) -> Status {
    status(Error::Malformed(message.to_owned()))
}

/// The sessions that the query chooses.
pub fn asked(organization: OrganizationId, query: api::SessionQuery) -> Result<Asked, Status> {
    let filter = convert::filter(query.filter.unwrap_or_default());
    check_texts(&filter).map_err(status)?;
    Asked::new(organization, filter, query.exact).map_err(status)
}

/// A text that can be looked for.
pub fn text<'a>(name: &str, text: Option<&'a str>) -> Result<Option<&'a str>, Status> {
    check_text(name, text).map_err(status)?;
    Ok(text)
}

/// A number in its bounds; in protobuf one that is not given is 0.
pub fn number(name: &str, given: u32, default: usize, most: usize) -> Result<usize, Status> {
    match usize::try_from(given).unwrap_or(usize::MAX) {
        0 => Ok(default),
        number if number <= most => Ok(number),
        _ => Err(malformed(&format!("{name}: must be 1 to {most}"))),
    }
}

/// `None`: not given.
pub fn length(length: api::Length) -> Option<Length> {
    match length {
        api::Length::Unspecified => None,
        api::Length::Hour => Some(Length::Hour),
        api::Length::Day => Some(Length::Day),
        api::Length::Week => Some(Length::Week),
        api::Length::Month => Some(Length::Month),
    }
}

/// The bucket of a chart; a month is no bucket.
pub fn bucket(given: api::Length) -> Result<Option<Length>, Status> {
    match length(given) {
        Some(Length::Month) => Err(malformed("bucket: must be hour, day or week")),
        length => Ok(length),
    }
}

pub fn dimension(dimension: api::Dimension) -> Result<Dimension, Status> {
    Ok(match dimension {
        api::Dimension::Unspecified => return Err(malformed("dimension: must be given")),
        api::Dimension::Page => Dimension::Page,
        api::Dimension::EntryPage => Dimension::EntryPage,
        api::Dimension::ExitPage => Dimension::ExitPage,
        api::Dimension::Referrer => Dimension::Referrer,
        api::Dimension::Country => Dimension::Country,
        api::Dimension::Device => Dimension::Device,
        api::Dimension::Browser => Dimension::Browser,
        api::Dimension::Os => Dimension::Os,
        api::Dimension::EventType => Dimension::EventType,
        api::Dimension::EventName => Dimension::EventName,
    })
}

pub fn breakdown(breakdown: api::Breakdown) -> Option<Breakdown> {
    match breakdown {
        api::Breakdown::Unspecified => None,
        api::Breakdown::Country => Some(Breakdown::Country),
        api::Breakdown::Device => Some(Breakdown::Device),
        api::Breakdown::Browser => Some(Breakdown::Browser),
        api::Breakdown::Os => Some(Breakdown::Os),
    }
}

pub fn steps(steps: Vec<api::FunnelStep>) -> Result<Vec<FunnelStep>, Status> {
    for step in &steps {
        text("steps.type", Some(&step.r#type))?;
        text("steps.name", step.name.as_deref())?;
        text("steps.url", step.url.as_deref())?;
    }
    let step = |step: api::FunnelStep| FunnelStep {
        r#type: step.r#type,
        name: step.name,
        url: step.url,
        label: step.label,
    };
    Ok(steps.into_iter().map(step).collect())
}

pub fn direction(direction: api::Direction) -> Direction {
    match direction {
        api::Direction::Unspecified | api::Direction::From => Direction::From,
        api::Direction::To => Direction::To,
    }
}

pub fn heatmap_kind(kind: api::HeatmapKind) -> HeatmapKind {
    match kind {
        api::HeatmapKind::Unspecified | api::HeatmapKind::Click => HeatmapKind::Click,
        api::HeatmapKind::Rage => HeatmapKind::Rage,
        api::HeatmapKind::Dead => HeatmapKind::Dead,
        api::HeatmapKind::Scroll => HeatmapKind::Scroll,
    }
}

pub fn viewport(class: api::ViewportClass) -> ViewportClass {
    match class {
        api::ViewportClass::Unspecified | api::ViewportClass::Desktop => ViewportClass::Desktop,
        api::ViewportClass::Tablet => ViewportClass::Tablet,
        api::ViewportClass::Mobile => ViewportClass::Mobile,
    }
}
