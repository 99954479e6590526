//! The values that each filter of the list can have, and how many sessions each would leave.

use serde::Serialize;
use utoipa::ToSchema;

use super::tally::Tally;
use super::top::Dimension;
use super::{Analytics, Asked};
use crate::error::Result;

/// Values of a facet.
const VALUES: usize = 20;

/// The number of sessions for each value of each filter.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct FacetList {
    /// Sessions that pass the filter.
    pub total: u64,
    /// False: all numbers are estimates.
    pub is_exact: bool,
    /// The share of visitors that was read; 1 means all.
    pub sample_rate: f64,
    /// The most frequent values of each.
    pub facets: Facets,
}

/// The most frequent values, most sessions first.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Facets {
    /// Filter `country`.
    pub country: Vec<FacetValue>,
    /// Filter `device`.
    pub device: Vec<FacetValue>,
    /// Filter `browser`.
    pub browser: Vec<FacetValue>,
    /// Filter `os`.
    pub os: Vec<FacetValue>,
    /// Filter `eventType`.
    pub event_type: Vec<FacetValue>,
    /// Filter `eventName`.
    pub event_name: Vec<FacetValue>,
}

/// A value, and how many sessions have it.
#[derive(Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct FacetValue {
    /// What to set the filter to.
    pub value: String,
    /// Sessions.
    pub count: u64,
}

const DIMENSIONS: [Dimension; 6] = [
    Dimension::Country,
    Dimension::Device,
    Dimension::Browser,
    Dimension::Os,
    Dimension::EventType,
    Dimension::EventName,
];

impl Analytics {
    /// Counts of all facets.
    pub async fn facets(&self, asked: &Asked) -> Result<FacetList> {
        let mut total = 0;
        let mut tallies = DIMENSIONS.map(|_| Tally::default());
        let sampling = self
            .read(asked, true, |session| {
                total += 1;
                for (dimension, tally) in DIMENSIONS.iter().zip(&mut tallies) {
                    tally.next_session();
                    dimension.add(session, tally);
                }
            })
            .await?;
        let values = |tally: Tally| {
            let rows = tally.top(VALUES + 1, sampling).into_iter();
            // The filters cannot select a missing value.
            rows.filter(|(value, _)| value != super::tally::NONE)
                .take(VALUES)
                .map(|(value, count)| FacetValue {
                    value,
                    count: count.sessions,
                })
                .collect()
        };
        let [country, device, browser, os, event_type, event_name] = tallies.map(values);
        Ok(FacetList {
            total: sampling.scale(total),
            is_exact: sampling.halvings == 0,
            sample_rate: sampling.rate(),
            facets: Facets {
                country,
                device,
                browser,
                os,
                event_type,
                event_name,
            },
        })
    }
}
