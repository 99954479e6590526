//! How many visitors return.

use std::collections::HashMap;
use std::time::Instant;

use jiff::tz::TimeZone;
use serde::Serialize;
use utoipa::ToSchema;

use super::buckets::{Buckets, Length};
use super::people::People;
use super::{Analytics, Answer, Asked, answer};
use crate::ask::analytics::MAX_COHORTS;
use crate::error::Result;

/// How many people return.
#[derive(Debug, Serialize, ToSchema)]
pub struct Retention {
    /// Oldest first.
    pub cohorts: Vec<Cohort>,
}

/// The people with their first session, of all that were read, in one period.
#[derive(Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Cohort {
    /// Start of the period, or of the range if that is later. Milliseconds since the epoch.
    pub start: i64,
    /// People.
    pub size: u64,
    /// How many of them had a session in this period, in the next one, and so on.
    pub returned: Vec<u64>,
}

impl Analytics {
    /// Cohorts of the last `count` periods of the range. Leaves out sessions outside the range, and
    /// those with neither a user id nor a visitor id.
    pub async fn retention(
        &self,
        asked: &Asked,
        length: Length,
        count: usize,
        zone: &TimeZone,
    ) -> Result<Answer<Retention>> {
        let started = Instant::now();
        let last = asked.to.saturating_sub(1);
        let mut periods = Buckets::until(last, count.min(MAX_COHORTS as usize), length, zone)?;
        periods.begin_at(asked.from);
        let asked = Asked {
            from: periods.starts.first().copied().unwrap_or(asked.from),
            ..asked.clone()
        };
        let mut people = People::default();
        // For each visitor, one bit per period with a session.
        let mut visits: HashMap<u64, u32> = HashMap::new();
        let sampling = self
            .read(&asked, false, |session| {
                let facts = &session.facts;
                people.learn(facts, session.started_at);
                if facts.is_user || facts.browser_hash != 0 {
                    let bit = 1 << periods.index(session.started_at);
                    *visits.entry(facts.visitor).or_default() |= bit;
                }
            })
            .await?;
        let mut seen: HashMap<u64, u32> = HashMap::new();
        for (visitor, bits) in visits {
            *seen.entry(people.person(visitor)).or_default() |= bits;
        }
        let mut cohorts: Vec<Cohort> = periods
            .starts
            .iter()
            .enumerate()
            .map(|(index, start)| Cohort {
                start: *start,
                size: 0,
                returned: vec![0; periods.starts.len() - index],
            })
            .collect();
        for bits in seen.into_values() {
            let first = bits.trailing_zeros() as usize;
            let cohort = &mut cohorts[first];
            cohort.size += sampling.scale(1);
            for (later, returned) in cohort.returned.iter_mut().enumerate() {
                if bits >> (first + later) & 1 == 1 {
                    *returned += sampling.scale(1);
                }
            }
        }
        Ok(answer(started, sampling, Retention { cohorts }))
    }
}
