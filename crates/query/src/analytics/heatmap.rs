//! Where people click on a page, and how far they scroll.

use std::collections::HashMap;
use std::time::Instant;

use serde::Serialize;
use utoipa::ToSchema;

use crow_db::analytics::{SampledSession, Sampling, StepDetail, StepKind};

use super::{Analytics, Answer, Asked, answer};
use crate::error::Result;
use crate::place::page_of;

pub use crate::ask::words::{HeatmapKind, ViewportClass};

/// Size of a cell: ‰ of the viewport's width, and pixels of the height. Clicks in one cell form one
/// point.
const CELL: (u32, u32) = (5, 10);
/// The hottest points that are returned.
const MAX_POINTS: usize = 4_000;
/// Sessions that are offered as a picture of the page.
const MAX_SNAPSHOTS: usize = 8;
/// A stay of at least this many milliseconds is likely to be recorded: recording begins only after
/// the recorder has loaded.
const RECORDED_AFTER_MS: i64 = 3_000;
/// Taller documents are not plausible, in CSS pixels.
const MAX_Y: u32 = 100_000;

impl ViewportClass {
    fn of(width: u32) -> Self {
        match width {
            0..640 => Self::Mobile,
            640..1024 => Self::Tablet,
            _ => Self::Desktop,
        }
    }
}

/// Which heatmap.
#[derive(Debug, Clone, Copy)]
pub struct HeatmapQuestion<'a> {
    /// The path of the page.
    pub page: &'a str,
    /// What to show.
    pub kind: HeatmapKind,
    /// The class of viewport.
    pub viewport: ViewportClass,
}

/// A heatmap.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Heatmap {
    /// The path of the page.
    pub page: String,
    /// The kind of heatmap.
    pub kind: HeatmapKind,
    /// The class of viewport.
    pub viewport: ViewportClass,
    /// Sessions that saw the page in such a viewport.
    pub sessions: u64,
    /// Clicks, including those without a position. Page views for `scroll`.
    pub count: u64,
    /// The most frequent width of the viewport in CSS pixels; 0 if there were no views.
    pub width: u32,
    /// The lowest point in CSS pixels.
    pub height: u32,
    /// Clicks by position; empty for `scroll`.
    pub points: Vec<HeatPoint>,
    /// How many sessions saw the page down to each tenth; only for `scroll`.
    pub scroll: Vec<ScrollDepth>,
    /// The first of `snapshots`: a recorded session that shows the page in such a viewport.
    pub snapshot_session: Option<Snapshot>,
    /// Recorded sessions that may show the page, most likely first. A recording misses the page if
    /// the visitor left before it began.
    pub snapshots: Vec<Snapshot>,
}

/// Clicks near each other.
#[derive(Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct HeatPoint {
    /// ‰ of the viewport's width.
    pub x: u32,
    /// CSS pixels from the top of the document.
    pub y: u32,
    /// Clicks.
    pub count: u64,
}

/// How many sessions scrolled this far.
#[derive(Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct ScrollDepth {
    /// Percent of the page.
    pub depth: u8,
    /// Sessions.
    pub sessions: u64,
}

/// When a recording shows the page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Snapshot {
    /// The session.
    pub id: String,
    /// Milliseconds since the epoch.
    pub at: i64,
}

/// A session whose recording may show the page. Greater is better: long stays before short ones,
/// then newer before older.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Candidate {
    is_long: bool,
    at: i64,
    id: String,
}

struct Counting<'a> {
    question: HeatmapQuestion<'a>,
    sessions: u64,
    count: u64,
    widths: HashMap<u32, u64>,
    cells: HashMap<(u32, u32), u64>,
    /// Sessions by the deepest tenth that they reached.
    depths: [u64; 11],
    /// The best candidates, worst first.
    candidates: Vec<Candidate>,
}

impl<'a> Counting<'a> {
    fn new(question: HeatmapQuestion<'a>) -> Self {
        Self {
            question,
            sessions: 0,
            count: 0,
            widths: HashMap::new(),
            cells: HashMap::new(),
            depths: [0; 11],
            candidates: Vec::new(),
        }
    }

    fn add(&mut self, session: &SampledSession<'_>) {
        let mut width = u32::try_from(session.facts.viewport_width).unwrap_or(0);
        let mut has_seen = false;
        let mut deepest = 0;
        let mut best: Option<(bool, i64)> = None;
        for step in session.steps.list() {
            if let StepDetail::Viewport(Some(now)) = step.detail {
                width = now;
            }
            let is_here = width > 0
                && ViewportClass::of(width) == self.question.viewport
                && page_of(session.steps.url(step)) == self.question.page;
            if !is_here {
                continue;
            }
            match step.detail {
                StepDetail::Viewport(_) => {
                    has_seen = true;
                    *self.widths.entry(width).or_default() += 1;
                    self.count += u64::from(self.question.kind == HeatmapKind::Scroll);
                    best = best.max(Some((is_long_stay(session, step.at), step.at)));
                }
                StepDetail::Depth(depth) => deepest = deepest.max(depth),
                StepDetail::Place { x, y, is_rage } if self.shows(step.kind, is_rage) => {
                    self.click(x, y, width);
                }
                StepDetail::Place { .. } | StepDetail::Vitals(_) | StepDetail::None => {}
            }
        }
        if has_seen {
            self.sessions += 1;
            self.depths[usize::from(deepest / 10).min(10)] += 1;
        }
        if let Some((is_long, at)) = best
            && session.facts.has_replay
        {
            self.offer(is_long, at, session.id);
        }
    }

    fn shows(&self, kind: StepKind, is_rage: bool) -> bool {
        match self.question.kind {
            HeatmapKind::Click => kind == StepKind::Click,
            HeatmapKind::Rage => is_rage,
            HeatmapKind::Dead => kind == StepKind::DeadClick,
            HeatmapKind::Scroll => false,
        }
    }

    fn click(&mut self, x: Option<u32>, y: Option<u32>, width: u32) {
        self.count += 1;
        let (Some(x), Some(y)) = (x, y) else { return };
        if x > width || y > MAX_Y {
            return;
        }
        let thousandth = x * 1_000 / width;
        *self
            .cells
            .entry((thousandth / CELL.0, y / CELL.1))
            .or_default() += 1;
    }

    fn offer(&mut self, is_long: bool, at: i64, id: &str) {
        let candidate = Candidate {
            is_long,
            at,
            id: id.to_owned(),
        };
        let place = self.candidates.partition_point(|known| *known < candidate);
        self.candidates.insert(place, candidate);
        if self.candidates.len() > MAX_SNAPSHOTS {
            self.candidates.remove(0);
        }
    }

    fn finish(self, sampling: Sampling) -> Heatmap {
        let points = points(self.cells, sampling);
        let is_scroll = self.question.kind == HeatmapKind::Scroll;
        let snapshots: Vec<Snapshot> = self
            .candidates
            .into_iter()
            .rev()
            .map(|Candidate { id, at, .. }| Snapshot { id, at })
            .collect();
        let most = |(width, count): &(&u32, &u64)| (**count, **width);
        Heatmap {
            page: self.question.page.to_owned(),
            kind: self.question.kind,
            viewport: self.question.viewport,
            sessions: sampling.scale(self.sessions),
            count: sampling.scale(self.count),
            width: self
                .widths
                .iter()
                .max_by_key(most)
                .map_or(0, |(width, _)| *width),
            height: points
                .iter()
                .map(|point| point.y + CELL.1 / 2)
                .max()
                .unwrap_or(0),
            points,
            scroll: if is_scroll {
                scroll(self.depths, sampling)
            } else {
                Vec::new()
            },
            snapshot_session: snapshots.first().cloned(),
            snapshots,
        }
    }
}

/// Whether the visitor stayed long enough on the page that was opened at this time.
fn is_long_stay(session: &SampledSession<'_>, opened_at: i64) -> bool {
    let later_pages = session
        .steps
        .list()
        .iter()
        .filter(|step| matches!(step.detail, StepDetail::Viewport(_)) && step.at > opened_at);
    let end = session.started_at + session.facts.duration_ms;
    let left_at = later_pages.map(|step| step.at).min().unwrap_or(end);
    left_at - opened_at >= RECORDED_AFTER_MS
}

/// The centres of the hottest cells, hottest first.
fn points(cells: HashMap<(u32, u32), u64>, sampling: Sampling) -> Vec<HeatPoint> {
    let mut cells: Vec<_> = cells.into_iter().collect();
    cells.sort_unstable_by_key(|(cell, count)| (std::cmp::Reverse(*count), *cell));
    cells.truncate(MAX_POINTS);
    let point = |((x, y), count): ((u32, u32), u64)| HeatPoint {
        x: (x * CELL.0 + CELL.0 / 2).min(1_000),
        y: y * CELL.1 + CELL.1 / 2,
        count: sampling.scale(count),
    };
    cells.into_iter().map(point).collect()
}

fn scroll(depths: [u64; 11], sampling: Sampling) -> Vec<ScrollDepth> {
    let depth = |tenth: u8| {
        let sessions = depths[usize::from(tenth)..].iter().sum();
        ScrollDepth {
            depth: tenth * 10,
            sessions: sampling.scale(sessions),
        }
    };
    (0..=10).map(depth).collect()
}

impl Analytics {
    /// Where people click on a page, or how far they scroll.
    pub async fn heatmap(
        &self,
        asked: &Asked,
        question: HeatmapQuestion<'_>,
    ) -> Result<Answer<Heatmap>> {
        let started = Instant::now();
        let page = page_of(question.page);
        let question = HeatmapQuestion {
            page: &page,
            ..question
        };
        let mut counting = Counting::new(question);
        let sampling = self
            .read(asked, true, |session| counting.add(session))
            .await?;
        Ok(answer(started, sampling, counting.finish(sampling)))
    }
}
