//! How fast pages load and respond.

use std::collections::HashMap;
use std::time::Instant;

use serde::Serialize;
use utoipa::ToSchema;

use crow_db::analytics::{Sampling, StepDetail, Vitals};

use super::tally::Names;
use super::{Analytics, Answer, Asked, answer};
use crate::error::Result;
use crate::place::page_of;

/// Pages that are listed, those with the most measurements.
const PAGES: usize = 50;

/// How fast pages load and respond.
#[derive(Debug, Serialize, ToSchema)]
pub struct WebVitals {
    /// LCP, CLS, INP, TTFB, FCP and load, in this order. Metrics without measurements are included.
    pub metrics: Vec<Metric>,
    /// The pages with the most measurements.
    pub pages: Vec<PageVitals>,
}

/// Percentiles of a metric.
#[derive(Debug, PartialEq, Serialize, ToSchema)]
pub struct Metric {
    /// `LCP`, `CLS`, `INP`, `TTFB`, `FCP` or `load`.
    pub name: &'static str,
    /// `ms`, or `score` for CLS.
    pub unit: &'static str,
    /// Measurements.
    pub count: u64,
    /// Median. Null without measurements, like the other percentiles.
    pub p50: Option<f64>,
    /// 75th percentile.
    pub p75: Option<f64>,
    /// 95th percentile.
    pub p95: Option<f64>,
    /// By the thresholds of web.dev; null for load, which has none.
    pub rating: Option<Rating>,
}

/// Number of measurements per rating.
#[derive(Debug, PartialEq, Eq, Default, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Rating {
    /// Good.
    pub good: u64,
    /// Needs improvement.
    pub needs_improvement: u64,
    /// Poor.
    pub poor: u64,
}

/// A page's 75th percentiles.
#[derive(Debug, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "UPPERCASE")]
pub struct PageVitals {
    /// Path of the page.
    #[serde(rename = "page")]
    pub page: String,
    /// Measurements.
    #[serde(rename = "count")]
    pub count: u64,
    /// Largest contentful paint, ms; null without measurements, as the others.
    pub lcp: Option<f64>,
    /// Cumulative layout shift.
    pub cls: Option<f64>,
    /// Interaction to next paint, ms.
    pub inp: Option<f64>,
}

/// The definition of a metric.
struct Kind {
    name: &'static str,
    unit: &'static str,
    /// Stored units per reported unit.
    factor: f64,
    /// Values up to the first limit are good, values above the second are poor. In stored units.
    limits: Option<(u32, u32)>,
    of: fn(&Vitals) -> Option<u32>,
}

const KINDS: [Kind; 6] = [
    Kind::ms("LCP", Some((2_500, 4_000)), |vitals| vitals.lcp),
    Kind {
        name: "CLS",
        unit: "score",
        factor: 10_000.0,
        limits: Some((1_000, 2_500)),
        of: |vitals| vitals.cls,
    },
    Kind::ms("INP", Some((200, 500)), |vitals| vitals.inp),
    Kind::ms("TTFB", Some((800, 1_800)), |vitals| vitals.ttfb),
    Kind::ms("FCP", Some((1_800, 3_000)), |vitals| vitals.fcp),
    Kind::ms("load", None, |vitals| vitals.load),
];

impl Kind {
    const fn ms(
        name: &'static str,
        limits: Option<(u32, u32)>,
        of: fn(&Vitals) -> Option<u32>,
    ) -> Self {
        Self {
            name,
            unit: "ms",
            factor: 1.0,
            limits,
            of,
        }
    }

    fn metric(&self, values: &mut [u32], sampling: Sampling) -> Metric {
        values.sort_unstable();
        let at = |percent: usize| percentile(values, percent).map(|value| value / self.factor);
        let rating = self.limits.map(|(good, poor)| {
            let good = values.partition_point(|value| *value <= good);
            let not_poor = values.partition_point(|value| *value <= poor);
            let scaled = |count: usize| sampling.scale(count as u64);
            Rating {
                good: scaled(good),
                needs_improvement: scaled(not_poor - good),
                poor: scaled(values.len() - not_poor),
            }
        });
        Metric {
            name: self.name,
            unit: self.unit,
            count: sampling.scale(values.len() as u64),
            p50: at(50),
            p75: at(75),
            p95: at(95),
            rating,
        }
    }
}

/// The smallest value that at least this percentage of the values do not exceed. The values must be
/// sorted.
fn percentile(values: &[u32], percent: usize) -> Option<f64> {
    let place = (values.len() * percent).div_ceil(100).max(1) - 1;
    values.get(place).map(|value| f64::from(*value))
}

/// One page's values of the first three metrics.
#[derive(Default)]
struct OfPage {
    count: u64,
    values: [Vec<u32>; 3],
}

impl OfPage {
    fn finish(mut self, page: &str, sampling: Sampling) -> PageVitals {
        let [lcp, cls, inp] = [0, 1, 2].map(|kind: usize| {
            self.values[kind].sort_unstable();
            percentile(&self.values[kind], 75).map(|value| value / KINDS[kind].factor)
        });
        PageVitals {
            page: page.to_owned(),
            count: sampling.scale(self.count),
            lcp,
            cls,
            inp,
        }
    }
}

impl Analytics {
    /// Percentiles of all pages, or of one.
    pub async fn vitals(&self, asked: &Asked, page: Option<&str>) -> Result<Answer<WebVitals>> {
        let started = Instant::now();
        let page = page.map(page_of);
        let mut values = KINDS.map(|_| Vec::new());
        let mut names = Names::default();
        let mut by_page: HashMap<u32, OfPage> = HashMap::new();
        let sampling = self
            .read(asked, true, |session| {
                for step in session.steps.list() {
                    let StepDetail::Vitals(vitals) = step.detail else {
                        continue;
                    };
                    let own = page_of(session.steps.url(step));
                    if page.as_ref().is_some_and(|page| *page != own) {
                        continue;
                    }
                    let of_page = by_page.entry(names.number(&own)).or_default();
                    of_page.count += 1;
                    for (index, kind) in KINDS.iter().enumerate() {
                        let Some(value) = (kind.of)(&vitals) else {
                            continue;
                        };
                        values[index].push(value);
                        if let Some(values) = of_page.values.get_mut(index) {
                            values.push(value);
                        }
                    }
                }
            })
            .await?;
        let metrics = KINDS.iter().zip(&mut values);
        let metrics = metrics
            .map(|(kind, values)| kind.metric(values, sampling))
            .collect();
        let mut pages: Vec<_> = by_page.into_iter().collect();
        pages.sort_by_key(|(page, own)| {
            (std::cmp::Reverse(own.count), names.text(*page).to_owned())
        });
        pages.truncate(PAGES);
        let finish = |(page, own): (u32, OfPage)| own.finish(names.text(page), sampling);
        let pages = pages.into_iter().map(finish).collect();
        Ok(answer(started, sampling, WebVitals { metrics, pages }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentiles_are_values_that_were_measured() {
        let values: Vec<u32> = (1..=20).collect();
        assert_eq!(percentile(&values, 50), Some(10.0));
        assert_eq!(percentile(&values, 95), Some(19.0));
        assert_eq!(percentile(&[7], 50), Some(7.0));
        assert_eq!(percentile(&[], 50), None);
    }
}
