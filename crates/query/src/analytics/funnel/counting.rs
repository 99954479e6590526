//! Counts those who take the steps of a funnel, whoever they are: sessions or people.

use std::collections::HashMap;

use crow_db::analytics::{SampledSession, Step, Steps};

use super::chain::Chain;
use super::label::label;
use crate::analytics::SAMPLE_SESSIONS;
use crate::analytics::conditions::OfEvent;
use crate::analytics::matcher::contains;
use crate::analytics::tally::NONE;
use crate::analytics::top::Dimension;
use crate::ask::funnel::{FunnelQuestion, FunnelStep};
use crate::ask::words::FunnelBy;
use crate::place::page_of;

/// A step prepared for comparison.
pub(super) struct Wanted<'a> {
    step: &'a FunnelStep,
    place: Place,
    conditions: OfEvent<'a>,
}

enum Place {
    Anywhere,
    /// The literal parts of a path pattern, between its asterisks.
    Path(Vec<String>),
    /// In lower case; matches when the URL contains it.
    Part(String),
}

impl<'a> Wanted<'a> {
    fn new(step: &'a FunnelStep) -> Self {
        let place = match step.url.as_deref() {
            None | Some("") => Place::Anywhere,
            Some(path) if path.starts_with('/') => {
                Place::Path(page_of(path).split('*').map(str::to_owned).collect())
            }
            Some(part) => Place::Part(part.to_ascii_lowercase()),
        };
        Self {
            step,
            place,
            conditions: OfEvent::new(&step.conditions),
        }
    }

    pub(super) fn is(&self, steps: &Steps, step: &Step) -> bool {
        let (url, name) = (steps.url(step), self.step.name.as_deref());
        steps.word(step) == self.step.r#type
            && name.is_none_or(|name| steps.name(step) == name)
            && match &self.place {
                Place::Anywhere => true,
                Place::Path(parts) => fits(&page_of(url), parts),
                Place::Part(part) => contains(url, part),
            }
            && self.conditions.matches(steps, step)
    }

    pub(super) fn label(&self) -> String {
        label(self.step)
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
pub(super) struct Newest(Vec<(i64, String)>);

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

    pub(super) fn ids(self) -> Vec<String> {
        self.0.into_iter().map(|(_, id)| id).collect()
    }
}

pub(super) struct Stage {
    pub(super) count: u64,
    /// Milliseconds since the step before, of each.
    pub(super) delays: Vec<i64>,
    pub(super) reached: Newest,
    pub(super) dropped: Newest,
}

/// A session in which a step was taken.
#[derive(Debug, Clone, Copy)]
pub(super) struct Visit<'a> {
    pub(super) id: &'a str,
    pub(super) started_at: i64,
}

pub(super) struct Counting<'a> {
    pub(super) by: FunnelBy,
    pub(super) wanted: Vec<Wanted<'a>>,
    pub(super) window_ms: i64,
    pub(super) breakdown: Option<Dimension>,
    pub(super) stages: Vec<Stage>,
    pub(super) by_value: HashMap<String, Vec<u64>>,
}

impl<'q> Counting<'q> {
    pub(super) fn new(question: &'q FunnelQuestion) -> Self {
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

    pub(super) fn add_session(&mut self, session: &SampledSession<'_>) {
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
    pub(super) fn add<'a>(
        &mut self,
        times: &[i64],
        place: impl Fn(usize) -> Visit<'a>,
        value: Option<&str>,
    ) {
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
}
