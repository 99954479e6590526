//! The sequences of pages that visitors see.

use std::collections::HashMap;
use std::time::Instant;

use serde::Serialize;
use utoipa::ToSchema;

use crow_db::analytics::{Sampling, StepKind, Steps};

use super::tally::Names;
use super::{Analytics, Answer, Asked, answer};
use crate::error::Result;
use crate::place::page_of;

pub use crate::ask::words::Direction;

/// Stands for the end of a session; when journeys are read backwards, for its start.
const EXIT: &str = "(exit)";
const ENTRY: &str = "(entry)";
/// Stands for all pages of a step that are not among its most frequent ones.
const OTHER: &str = "(other)";

/// Which journeys.
#[derive(Debug, Clone, Copy)]
pub struct JourneyQuestion<'a> {
    /// The page to start at, from its first view in the session. `None` starts at the first page of
    /// the session, or at the last one when reading backwards.
    pub page: Option<&'a str>,
    /// The direction of reading.
    pub direction: Direction,
    /// Steps after the start.
    pub depth: usize,
    /// The most frequent pages that are shown per step.
    pub limit: usize,
}

/// A graph in layers.
#[derive(Debug, Serialize, ToSchema)]
pub struct Journeys {
    /// Pages of each step, most sessions first.
    pub nodes: Vec<JourneyNode>,
    /// From each step to the next.
    pub links: Vec<JourneyLink>,
}

/// A page of a step.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct JourneyNode {
    /// From 0. When journeys are read backwards, step 1 happened before step 0.
    pub step: usize,
    /// Its path. `(exit)` and `(entry)`: the session goes no further; `(other)` stands for all
    /// other pages.
    pub page: String,
    /// Sessions.
    pub sessions: u64,
}

/// Sessions that went from a page of a step to one of the next.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct JourneyLink {
    /// The step of `from`.
    pub step: usize,
    /// A node of `step`.
    pub from: String,
    /// A node of the next step.
    pub to: String,
    /// Sessions.
    pub sessions: u64,
    /// Examples.
    pub sample_sessions: Vec<String>,
}

/// The pages of one session. A page that stays the same counts once.
fn pages_of(steps: &Steps, names: &mut Names, pages: &mut Vec<u32>) {
    pages.clear();
    for step in steps.list() {
        if step.kind != StepKind::Pageview {
            continue;
        }
        let page = names.number(&page_of(steps.url(step)));
        if pages.last() != Some(&page) {
            pages.push(page);
        }
    }
}

/// Example sessions listed with a link.
const SAMPLES: usize = 3;

#[derive(Default)]
struct Link {
    sessions: u64,
    samples: Vec<String>,
}

struct Counting {
    names: Names,
    end: u32,
    /// By step, page, and next page.
    links: HashMap<(usize, u32, u32), Link>,
    /// By step and page.
    nodes: HashMap<(usize, u32), u64>,
}

impl Counting {
    fn new(direction: Direction) -> Self {
        let mut names = Names::default();
        let end = names.number(match direction {
            Direction::From => EXIT,
            Direction::To => ENTRY,
        });
        Self {
            names,
            end,
            links: HashMap::new(),
            nodes: HashMap::new(),
        }
    }

    fn add(&mut self, id: &str, path: impl Iterator<Item = u32>, depth: usize) {
        let path = path.chain(std::iter::once(self.end)).take(depth + 1);
        let mut before = None;
        for (step, page) in path.enumerate() {
            *self.nodes.entry((step, page)).or_default() += 1;
            if let Some(before) = before {
                let link = self.links.entry((step - 1, before, page)).or_default();
                link.sessions += 1;
                if link.samples.len() < SAMPLES {
                    link.samples.push(id.to_owned());
                }
            }
            before = Some(page);
        }
    }

    fn finish(self, limit: usize, sampling: Sampling) -> Journeys {
        let mut by_step: Vec<Vec<(u32, u64)>> = Vec::new();
        for ((step, page), sessions) in &self.nodes {
            if by_step.len() <= *step {
                by_step.resize(step + 1, Vec::new());
            }
            by_step[*step].push((*page, *sessions));
        }
        let mut kept: Vec<Vec<u32>> = Vec::new();
        let mut nodes = Vec::new();
        for (step, mut pages) in by_step.into_iter().enumerate() {
            pages.sort_by_key(|(page, sessions)| {
                (
                    std::cmp::Reverse(*sessions),
                    self.names.text(*page).to_owned(),
                )
            });
            // The end of a session is not a page and is always shown.
            let mut shown = Vec::new();
            let mut other = 0;
            for (page, sessions) in pages {
                let is_end = page == self.end;
                let pages_shown = shown.iter().filter(|shown| **shown != self.end).count();
                if is_end || pages_shown < limit {
                    shown.push(page);
                    nodes.push(self.node(step, page, sampling.scale(sessions)));
                } else {
                    other += sessions;
                }
            }
            if other > 0 {
                nodes.push(JourneyNode {
                    step,
                    page: OTHER.to_owned(),
                    sessions: sampling.scale(other),
                });
            }
            kept.push(shown);
        }
        let links = merge(self.links, &kept, &self.names, sampling);
        Journeys { nodes, links }
    }

    fn node(&self, step: usize, page: u32, sessions: u64) -> JourneyNode {
        JourneyNode {
            step,
            page: self.names.text(page).to_owned(),
            sessions,
        }
    }
}

/// The links between shown pages. All other pages become `(other)`.
fn merge(
    links: HashMap<(usize, u32, u32), Link>,
    kept: &[Vec<u32>],
    names: &Names,
    sampling: Sampling,
) -> Vec<JourneyLink> {
    let shown = |step: usize, page: u32| {
        let is_kept = kept.get(step).is_some_and(|pages| pages.contains(&page));
        if is_kept { names.text(page) } else { OTHER }
    };
    let mut merged: HashMap<(usize, &str, &str), Link> = HashMap::new();
    for ((step, from, to), link) in links {
        let key = (step, shown(step, from), shown(step + 1, to));
        let sum = merged.entry(key).or_default();
        sum.sessions += link.sessions;
        sum.samples.extend(link.samples);
    }
    let link = |((step, from, to), mut link): ((usize, &str, &str), Link)| {
        link.samples.sort_unstable();
        link.samples.truncate(SAMPLES);
        JourneyLink {
            step,
            from: from.to_owned(),
            to: to.to_owned(),
            sessions: sampling.scale(link.sessions),
            sample_sessions: link.samples,
        }
    };
    let mut links: Vec<_> = merged.into_iter().map(link).collect();
    links.sort_by(|one, other| {
        let most = other.sessions.cmp(&one.sessions);
        let names = (&one.from, &one.to).cmp(&(&other.from, &other.to));
        one.step.cmp(&other.step).then(most).then(names)
    });
    links
}

impl Analytics {
    /// The paths that lead from a page, or to it.
    pub async fn journeys(
        &self,
        asked: &Asked,
        question: JourneyQuestion<'_>,
    ) -> Result<Answer<Journeys>> {
        let started = Instant::now();
        let mut counting = Counting::new(question.direction);
        let start = question
            .page
            .map(|page| counting.names.number(&page_of(page)));
        let mut pages = Vec::new();
        let sampling = self
            .read(asked, true, |session| {
                pages_of(session.steps, &mut counting.names, &mut pages);
                let place = match (start, question.direction) {
                    (Some(start), _) => pages.iter().position(|page| *page == start),
                    (None, Direction::From) => (!pages.is_empty()).then_some(0),
                    (None, Direction::To) => pages.len().checked_sub(1),
                };
                let Some(place) = place else { return };
                match question.direction {
                    Direction::From => {
                        let path = pages[place..].iter().copied();
                        counting.add(session.id, path, question.depth);
                    }
                    Direction::To => {
                        let path = pages[..=place].iter().rev().copied();
                        counting.add(session.id, path, question.depth);
                    }
                }
            })
            .await?;
        let body = counting.finish(question.limit, sampling);
        Ok(answer(started, sampling, body))
    }
}
