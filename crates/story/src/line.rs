//! The numbered lines of a story.

use std::collections::{BTreeMap, VecDeque};

use serde::{Deserialize, Serialize};

/// Lines that are kept from the start.
const FIRST: usize = 80;
/// Lines that are kept from the end.
const LAST: usize = 60;
/// Lines between them that are kept because something rests on them.
const KEPT: usize = 140;
/// Lines that belong to one step of the visit, at most so long apart, in milliseconds.
const RUN_MS: i64 = 120_000;

/// What a line tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// A page was opened.
    Page,
    /// Something was clicked.
    Click,
    /// The same place was clicked quickly and in vain.
    RageClick,
    /// The page did not react to a click.
    DeadClick,
    /// How far down the page was read.
    Scroll,
    /// Fields were changed. What was typed is not recorded.
    Input,
    /// A form was sent.
    Submit,
    /// A field was not accepted.
    Invalid,
    /// A product was looked at.
    Product,
    /// The cart was opened or changed.
    Cart,
    /// The checkout was begun.
    Checkout,
    /// An order was reported or confirmed.
    Purchase,
    /// A search.
    Search,
    /// The page reported an error.
    Error,
    /// Another event of the page.
    Event,
    /// Nothing happened for minutes.
    Pause,
    /// What a frame of a camera shows, in words of a service.
    Frame,
    /// What a service reports.
    Report,
}

impl Kind {
    /// The word in rendered lines.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Page => "page",
            Self::Click => "click",
            Self::RageClick => "rage_click",
            Self::DeadClick => "dead_click",
            Self::Scroll => "scroll",
            Self::Input => "input",
            Self::Submit => "submit",
            Self::Invalid => "invalid",
            Self::Product => "product",
            Self::Cart => "cart",
            Self::Checkout => "checkout",
            Self::Purchase => "purchase",
            Self::Search => "search",
            Self::Error => "error",
            Self::Event => "event",
            Self::Pause => "pause",
            Self::Frame => "frame",
            Self::Report => "report",
        }
    }
}

/// One line. Lines that were left out keep their numbers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Line {
    /// From 1.
    pub line: u32,
    /// Milliseconds since the session began.
    pub at_ms: i64,
    /// What happened.
    pub kind: Kind,
    /// What we say about it. Never text of the page.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub what: String,
    /// What the page or the visitor wrote, cleaned. **Not to be trusted.**
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub text: String,
    /// The page's path, cleaned. Not to be trusted either.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub path: String,
    /// How many times in a row.
    pub times: u32,
}

impl Line {
    /// `12 +3.2s click "Add to cart" on "/products/x1"`.
    #[must_use]
    pub fn told(&self) -> String {
        let mut told = format!(
            "{} +{:.1}s {}",
            self.line,
            self.at_ms as f64 / 1_000.0,
            self.kind.as_str()
        );
        if !self.what.is_empty() {
            told = told + " " + &self.what;
        }
        if !self.text.is_empty() {
            told += &format!(" \"{}\"", self.text);
        }
        if !self.path.is_empty() {
            let joint = if self.kind == Kind::Page { "" } else { " on" };
            told += &format!("{joint} \"{}\"", self.path);
        }
        if self.times > 1 {
            told += &format!(" ×{}", self.times);
        }
        told
    }
}

/// What a line says, before it has a number.
#[derive(Debug, Default)]
pub(crate) struct Draft {
    pub(crate) what: String,
    pub(crate) text: String,
    pub(crate) path: String,
    /// A claim may rest on it.
    pub(crate) is_important: bool,
}

/// Collects lines in bounded memory. Equal ones in a row become one.
#[derive(Debug, Default)]
pub(crate) struct Lines {
    started_at: i64,
    next: u32,
    first: Vec<Line>,
    kept: BTreeMap<u32, Line>,
    last: VecDeque<Line>,
    current: Option<(Line, bool, i64)>,
    left_out: u32,
}

impl Lines {
    pub(crate) fn new(started_at: i64) -> Self {
        Self {
            started_at,
            ..Self::default()
        }
    }

    /// Adds to the line before if it tells the same, otherwise begins a new one; returns its number.
    pub(crate) fn add(&mut self, kind: Kind, at: i64, draft: Draft) -> u32 {
        if let Some((line, is_important, last_at)) = &mut self.current {
            let is_same = line.kind == kind && line.path == draft.path && line.text == draft.text;
            let is_progress = kind == Kind::Scroll && line.kind == kind && line.path == draft.path;
            if (is_same || is_progress) && kind != Kind::Page && at - *last_at <= RUN_MS {
                line.times = line.times.saturating_add(1);
                line.what = draft.what;
                *is_important |= draft.is_important;
                *last_at = at;
                return line.line;
            }
        }
        self.end_run();
        self.next += 1;
        let line = Line {
            line: self.next,
            at_ms: (at - self.started_at).max(0),
            kind,
            what: draft.what,
            text: draft.text,
            path: draft.path,
            times: 1,
        };
        self.current = Some((line, draft.is_important, at));
        self.next
    }

    fn end_run(&mut self) {
        let Some((line, is_important, _)) = self.current.take() else {
            return;
        };
        if self.first.len() < FIRST {
            self.first.push(line);
        } else if is_important && self.kept.len() < KEPT {
            self.kept.insert(line.line, line);
        } else {
            self.last.push_back(line);
            if self.last.len() > LAST {
                self.last.pop_front();
                self.left_out += 1;
            }
        }
    }

    /// The lines by number, and how many were left out.
    pub(crate) fn finish(mut self) -> (Vec<Line>, u32) {
        self.end_run();
        let mut lines = self.first;
        let mut rest: Vec<Line> = self.kept.into_values().chain(self.last).collect();
        rest.sort_by_key(|line| line.line);
        lines.append(&mut rest);
        (lines, self.left_out)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn draft(text: &str, is_important: bool) -> Draft {
        Draft {
            text: text.to_owned(),
            is_important,
            ..Draft::default()
        }
    }

    #[test]
    fn equal_lines_in_a_row_are_one() {
        let mut lines = Lines::new(1_000);
        assert_eq!(lines.add(Kind::Click, 1_500, draft("Next", false)), 1);
        assert_eq!(lines.add(Kind::Click, 1_600, draft("Next", false)), 1);
        assert_eq!(lines.add(Kind::Click, 1_700, draft("Back", false)), 2);
        assert_eq!(lines.add(Kind::Click, 900_000, draft("Back", false)), 3);
        let (lines, left_out) = lines.finish();
        let told: Vec<_> = lines
            .iter()
            .map(|it| (it.line, it.at_ms, it.times))
            .collect();
        assert_eq!(told, [(1, 500, 2), (2, 700, 1), (3, 899_000, 1)]);
        assert_eq!(left_out, 0);
    }

    #[test]
    fn a_long_visit_keeps_its_ends_and_what_claims_rest_on() {
        let mut lines = Lines::new(0);
        for number in 0..5_000 {
            lines.add(
                Kind::Click,
                number,
                draft(&number.to_string(), number == 2_000),
            );
        }
        let (lines, left_out) = lines.finish();
        assert_eq!(lines.len(), FIRST + 1 + LAST);
        assert_eq!(left_out as usize, 5_000 - lines.len());
        assert!(lines.iter().any(|line| line.line == 2_001));
        assert_eq!(lines.last().expect("lines").line, 5_000);
        assert!(lines.is_sorted_by_key(|line| line.line));
    }

    #[test]
    fn no_visit_is_longer_than_three_hundred_lines() {
        let mut lines = Lines::new(0);
        for number in 0..9_000 {
            lines.add(Kind::Error, number, draft(&number.to_string(), true));
        }
        assert!(lines.finish().0.len() <= 300);
    }
}
