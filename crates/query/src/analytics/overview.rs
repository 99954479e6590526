//! Totals of a range, compared with the range before.

use std::collections::HashSet;
use std::time::Instant;

use jiff::tz::TimeZone;
use serde::Serialize;
use utoipa::ToSchema;

use crow_db::analytics::{SampledSession, Sampling};

use super::buckets::{Buckets, Length};
use super::people::People;
use super::{Analytics, Answer, Asked, answer, rate, unsigned};
use crate::error::{Error, Result};

/// Totals of a range and of the one before.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Overview {
    /// Totals of the range.
    pub totals: Totals,
    /// Totals of the previous range of the same length.
    pub previous: Totals,
    /// By time.
    pub series: Vec<OverviewPoint>,
    /// The previous range by time.
    pub previous_series: Vec<OverviewPoint>,
}

/// Numbers of a range.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Totals {
    /// Sessions that began in it.
    pub sessions: u64,
    /// Distinct people: by user id, else by visitor id, else by session id. A visitor id
    /// that occurs with a user id counts as that user.
    pub visitors: u64,
    /// Page views.
    pub pageviews: u64,
    /// Interactions.
    pub events: u64,
    /// The share of sessions with at most one page view, 0 to 1.
    pub bounce_rate: f64,
    /// Mean duration of a session.
    pub avg_duration_ms: u64,
    /// Errors.
    pub errors: u64,
    /// Rage clicks.
    pub rage_clicks: u64,
}

/// Numbers of a bucket.
#[derive(Debug, Serialize, ToSchema)]
pub struct OverviewPoint {
    /// Its start, milliseconds since the epoch.
    pub t: i64,
    /// Sessions that began in it.
    pub sessions: u64,
    /// Distinct visitors of these sessions.
    pub visitors: u64,
    /// Their page views.
    pub pageviews: u64,
}

#[derive(Default)]
struct Sums {
    sessions: u64,
    visitors: HashSet<u64>,
    pageviews: u64,
    events: u64,
    bounces: u64,
    duration_ms: u64,
    errors: u64,
    rage_clicks: u64,
}

impl Sums {
    fn add(&mut self, session: &SampledSession<'_>) {
        let facts = &session.facts;
        self.sessions += 1;
        self.visitors.insert(facts.visitor);
        self.pageviews += unsigned(facts.pageviews);
        self.events += unsigned(facts.events);
        self.bounces += u64::from(facts.pageviews <= 1);
        self.duration_ms += unsigned(facts.duration_ms);
        self.errors += unsigned(facts.errors);
        self.rage_clicks += unsigned(facts.rage_clicks);
    }

    fn visitors(&self, people: &People) -> u64 {
        let visitors = self.visitors.iter();
        let different: HashSet<u64> = visitors.map(|visitor| people.person(*visitor)).collect();
        different.len() as u64
    }

    fn totals(&self, people: &People, sampling: Sampling) -> Totals {
        Totals {
            sessions: sampling.scale(self.sessions),
            visitors: sampling.scale(self.visitors(people)),
            pageviews: sampling.scale(self.pageviews),
            events: sampling.scale(self.events),
            bounce_rate: rate(self.bounces, self.sessions),
            avg_duration_ms: self.duration_ms / self.sessions.max(1),
            errors: sampling.scale(self.errors),
            rage_clicks: sampling.scale(self.rage_clicks),
        }
    }
}

/// The sums of a range, in total and by bucket.
struct Period {
    whole: Sums,
    buckets: Buckets,
    by_bucket: Vec<Sums>,
}

impl Period {
    fn new(buckets: Buckets) -> Self {
        let by_bucket = buckets.starts.iter().map(|_| Sums::default()).collect();
        Self {
            whole: Sums::default(),
            buckets,
            by_bucket,
        }
    }

    fn add(&mut self, session: &SampledSession<'_>) {
        self.whole.add(session);
        self.by_bucket[self.buckets.index(session.started_at)].add(session);
    }

    fn series(&self, people: &People, sampling: Sampling) -> Vec<OverviewPoint> {
        let points = self.buckets.starts.iter().zip(&self.by_bucket);
        let point = |(t, sums): (&i64, &Sums)| OverviewPoint {
            t: *t,
            sessions: sampling.scale(sums.sessions),
            visitors: sampling.scale(sums.visitors(people)),
            pageviews: sampling.scale(sums.pageviews),
        };
        points.map(point).collect()
    }
}

impl Analytics {
    /// Totals and a series, compared with the range before.
    pub async fn overview(
        &self,
        asked: &Asked,
        length: Option<Length>,
        zone: &TimeZone,
    ) -> Result<Answer<Overview>> {
        let started = Instant::now();
        let length = length.unwrap_or_else(|| Length::fitting(asked.from, asked.to));
        let before = asked
            .to
            .checked_sub(asked.from)
            .and_then(|width| asked.from.checked_sub(width))
            .ok_or_else(|| Error::Malformed("from, to: the range is too long".to_owned()))?;
        let mut previous = Period::new(Buckets::cover(before, asked.from, length, zone)?);
        let mut current = Period::new(Buckets::cover(asked.from, asked.to, length, zone)?);
        let both = Asked {
            from: before,
            ..asked.clone()
        };
        let mut people = People::default();
        let sampling = self
            .read(&both, false, |session| {
                people.learn(&session.facts, session.started_at);
                if session.started_at < asked.from {
                    previous.add(session);
                } else {
                    current.add(session);
                }
            })
            .await?;
        let body = Overview {
            totals: current.whole.totals(&people, sampling),
            previous: previous.whole.totals(&people, sampling),
            series: current.series(&people, sampling),
            previous_series: previous.series(&people, sampling),
        };
        Ok(answer(started, sampling, body))
    }
}
