//! How many sessions or people take given steps, one after the other.

mod chain;
mod counting;
mod label;
mod persons;

use std::collections::HashMap;
use std::time::Instant;

use serde::Serialize;
use utoipa::ToSchema;

use crow_db::analytics::{SampledSession, Sampling};

use super::{Analytics, Answer, Asked, answer, rate};
use crate::error::Result;

pub use crate::ask::funnel::FunnelQuestion;
pub use crate::ask::words::FunnelBy;
use counting::Counting;
use persons::Taken;

/// Values of the breakdown, those with the most sessions.
const BREAKDOWN: usize = 10;

/// How many sessions or people reached each step.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Funnel {
    /// What is counted: sessions or people.
    pub by: FunnelBy,
    /// In the requested order.
    pub steps: Vec<FunnelStepCount>,
    /// By value, those that are most first; empty unless asked for.
    pub breakdown: Vec<FunnelBreakdown>,
    /// Some sessions of each step. Of people: those in which they took it.
    pub sample_sessions: Vec<FunnelSample>,
}

/// Sessions, or people, that reached a step.
#[derive(Debug, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct FunnelStepCount {
    /// Label of the step.
    pub label: String,
    /// Sessions that reached this step; with `by` person, people.
    pub sessions: u64,
    /// The share of those that reached the first step and also this one, 0 to 1.
    pub conversion: f64,
    /// The share of those that reached the previous step but not this one, 0 to 1.
    pub drop_off: f64,
    /// The median time since the previous step; null for the first step, and if nobody came here.
    pub median_ms_from_previous: Option<u64>,
}

/// A funnel of the sessions, or people, with one value.
#[derive(Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct FunnelBreakdown {
    /// The value; `(none)` means unknown.
    pub value: String,
    /// How many reached each step.
    pub steps: Vec<u64>,
}

/// Some sessions of a step.
#[derive(Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct FunnelSample {
    /// The step, from 0.
    pub step: usize,
    /// The newest sessions that reached this step.
    pub reached: Vec<String>,
    /// The newest sessions that reached the previous step, but not this one.
    pub dropped: Vec<String>,
}

impl Counting<'_> {
    fn finish(self, sampling: Sampling) -> Funnel {
        let began = self.stages.first().map_or(0, |stage| stage.count);
        let mut before = began;
        let mut steps = Vec::new();
        let mut sample_sessions = Vec::new();
        for (step, (wanted, stage)) in self.wanted.iter().zip(self.stages).enumerate() {
            let sessions = stage.count;
            steps.push(FunnelStepCount {
                label: wanted.label(),
                sessions: sampling.scale(sessions),
                conversion: rate(sessions, began),
                drop_off: rate(before - sessions, before),
                median_ms_from_previous: median(stage.delays),
            });
            sample_sessions.push(FunnelSample {
                step,
                reached: stage.reached.ids(),
                dropped: stage.dropped.ids(),
            });
            before = sessions;
        }
        Funnel {
            by: self.by,
            steps,
            breakdown: breakdown(self.by_value, sampling),
            sample_sessions,
        }
    }
}

fn breakdown(by_value: HashMap<String, Vec<u64>>, sampling: Sampling) -> Vec<FunnelBreakdown> {
    let mut rows: Vec<_> = by_value.into_iter().collect();
    rows.sort_by(|(value, counts), (other, others)| others.cmp(counts).then(value.cmp(other)));
    rows.truncate(BREAKDOWN);
    let scaled = |(value, counts): (String, Vec<u64>)| FunnelBreakdown {
        value,
        steps: counts
            .into_iter()
            .map(|count| sampling.scale(count))
            .collect(),
    };
    rows.into_iter().map(scaled).collect()
}

/// The median; the lower middle value for an even count.
fn median(mut values: Vec<i64>) -> Option<u64> {
    if values.is_empty() {
        return None;
    }
    let middle = (values.len() - 1) / 2;
    let (_, median, _) = values.select_nth_unstable(middle);
    u64::try_from(*median).ok()
}

impl Analytics {
    /// Counts how many sessions or people reach each step.
    pub async fn funnel(&self, asked: &Asked, question: &FunnelQuestion) -> Result<Answer<Funnel>> {
        let started = Instant::now();
        question.check()?;
        let mut counting = Counting::new(question);
        let sampling = match question.by {
            FunnelBy::Session => {
                let look = |session: &SampledSession<'_>| counting.add_session(session);
                self.read(asked, true, look).await?
            }
            FunnelBy::Person => {
                let mut taken = Taken::default();
                let look = |session: &SampledSession<'_>| taken.add(&counting, session);
                let (sampling, people) = self.read_people(asked, true, look).await?;
                taken.count(&people, &mut counting)?;
                sampling
            }
        };
        Ok(answer(started, sampling, counting.finish(sampling)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_median_is_one_of_the_values() {
        assert_eq!(median(vec![]), None);
        assert_eq!(median(vec![3, 1]), Some(1));
        assert_eq!(median(vec![9, 1, 4]), Some(4));
    }
}
