//! How many sessions or people take given steps, one after the other.

mod chain;
mod persons;

use std::collections::HashMap;
use std::time::Instant;

use serde::Serialize;
use utoipa::ToSchema;

use crow_db::analytics::{SampledSession, Sampling, Step, Steps};

use super::matcher::contains;
use super::tally::NONE;
use super::top::Dimension;
use super::{Analytics, Answer, Asked, SAMPLE_SESSIONS, answer, rate};
use crate::error::Result;
use crate::place::page_of;

pub use crate::ask::funnel::{FunnelQuestion, FunnelStep};
pub use crate::ask::words::FunnelBy;
use chain::Chain;
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

/// A step prepared for comparison.
struct Wanted {
    step: FunnelStep,
    place: Place,
}

enum Place {
    Anywhere,
    /// The literal parts of a path pattern, between its asterisks.
    Path(Vec<String>),
    /// In lower case; matches when the URL contains it.
    Part(String),
}

impl Wanted {
    fn new(step: &FunnelStep) -> Self {
        let place = match step.url.as_deref() {
            None | Some("") => Place::Anywhere,
            Some(path) if path.starts_with('/') => {
                Place::Path(page_of(path).split('*').map(str::to_owned).collect())
            }
            Some(part) => Place::Part(part.to_ascii_lowercase()),
        };
        Self {
            step: step.clone(),
            place,
        }
    }

    fn is(&self, steps: &Steps, step: &Step) -> bool {
        let (url, name) = (steps.url(step), self.step.name.as_deref());
        steps.word(step) == self.step.r#type
            && name.is_none_or(|name| steps.name(step) == name)
            && match &self.place {
                Place::Anywhere => true,
                Place::Path(parts) => fits(&page_of(url), parts),
                Place::Part(part) => contains(url, part),
            }
    }

    fn label(&self) -> String {
        let step = &self.step;
        step.label.clone().unwrap_or_else(|| {
            let also = [&step.name, &step.url];
            let parts = std::iter::once(&step.r#type).chain(also.into_iter().flatten());
            parts.map(String::as_str).collect::<Vec<_>>().join(" ")
        })
    }
}

/// Whether the path consists of the parts in this order, with any text between them.
fn fits(path: &str, parts: &[String]) -> bool {
    let Some((first, rest)) = parts.split_first() else {
        return true;
    };
    let Some(mut left) = path.strip_prefix(first.as_str()) else {
        return false;
    };
    let Some((last, between)) = rest.split_last() else {
        return left.is_empty();
    };
    for part in between {
        match left.find(part.as_str()) {
            Some(place) => left = &left[place + part.len()..],
            None => return false,
        }
    }
    left.ends_with(last.as_str())
}

/// The newest sessions by start time.
#[derive(Default)]
struct Newest(Vec<(i64, String)>);

impl Newest {
    fn add(&mut self, session: Visit<'_>) {
        let list = &mut self.0;
        let is_full = list.len() == SAMPLE_SESSIONS;
        if is_full && list.last().is_some_and(|(at, _)| *at >= session.started_at) {
            return;
        }
        let place = list.partition_point(|(at, _)| *at >= session.started_at);
        list.insert(place, (session.started_at, session.id.to_owned()));
        list.truncate(SAMPLE_SESSIONS);
    }

    fn ids(self) -> Vec<String> {
        self.0.into_iter().map(|(_, id)| id).collect()
    }
}

struct Stage {
    count: u64,
    /// Milliseconds since the step before, of each.
    delays: Vec<i64>,
    reached: Newest,
    dropped: Newest,
}

/// A session in which a step was taken.
#[derive(Debug, Clone, Copy)]
struct Visit<'a> {
    id: &'a str,
    started_at: i64,
}

struct Counting {
    by: FunnelBy,
    wanted: Vec<Wanted>,
    window_ms: i64,
    breakdown: Option<Dimension>,
    stages: Vec<Stage>,
    by_value: HashMap<String, Vec<u64>>,
}

impl Counting {
    fn new(question: &FunnelQuestion) -> Self {
        let stage = |_: &FunnelStep| Stage {
            count: 0,
            delays: Vec::new(),
            reached: Newest::default(),
            dropped: Newest::default(),
        };
        Self {
            by: question.by,
            wanted: question.steps.iter().map(Wanted::new).collect(),
            window_ms: question.window(),
            breakdown: question.breakdown.map(Dimension::from),
            stages: question.steps.iter().map(stage).collect(),
            by_value: HashMap::new(),
        }
    }

    fn add_session(&mut self, session: &SampledSession<'_>) {
        let mut chain = Chain::new(self.wanted.len(), self.window_ms);
        for step in session.steps.list() {
            chain.see(step.at, |index| self.wanted[index].is(session.steps, step));
        }
        let place = Visit {
            id: session.id,
            started_at: session.started_at,
        };
        let value = self.breakdown.map(|dimension| dimension.value(session));
        self.add(chain.reached(), |_step| place, value.as_deref());
    }

    /// Adds somebody who took the first steps at these times. `place` says where a step was taken.
    fn add<'a>(&mut self, times: &[i64], place: impl Fn(usize) -> Visit<'a>, value: Option<&str>) {
        for (index, stage) in self.stages.iter_mut().enumerate().take(times.len() + 1) {
            if index < times.len() {
                stage.count += 1;
                stage.reached.add(place(index));
                if index > 0 {
                    stage.delays.push(times[index] - times[index - 1]);
                }
            } else if index > 0 {
                stage.dropped.add(place(index - 1));
            }
        }
        let Some(value) = value.filter(|_| !times.is_empty()) else {
            return;
        };
        let value = if value.is_empty() { NONE } else { value };
        let steps = self.stages.len();
        let counts = self.by_value.entry(value.to_owned());
        let counts = counts.or_insert_with(|| vec![0; steps]);
        counts[..times.len()]
            .iter_mut()
            .for_each(|count| *count += 1);
    }

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
    fn an_asterisk_stands_for_any_text() {
        let parts =
            |pattern: &str| -> Vec<String> { pattern.split('*').map(str::to_owned).collect() };
        for (path, pattern, is_fit) in [
            ("/cart", "/cart", true),
            ("/cart/x", "/cart", false),
            ("/products/7", "/products/*", true),
            ("/products", "/products/*", false),
            ("/a/b/c", "/a/*/c", true),
            ("/a/c", "/a/*c", true),
            ("/a/c/d", "/a/*c", false),
            ("/x/a/b", "/*a*b", true),
        ] {
            assert_eq!(fits(path, &parts(pattern)), is_fit, "{path} {pattern}");
        }
    }

    #[test]
    fn the_median_is_one_of_the_values() {
        assert_eq!(median(vec![]), None);
        assert_eq!(median(vec![3, 1]), Some(1));
        assert_eq!(median(vec![9, 1, 4]), Some(4));
    }
}
