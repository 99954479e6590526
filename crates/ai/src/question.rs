//! What models are asked, and what comes of it.

use std::fmt;
use std::time::Duration;

use serde_json::Value;

use crate::fence::Boundary;
use crate::wire::Tokens;

/// What a model is asked to do.
#[derive(Debug, Clone, Copy)]
pub struct Task {
    /// One word, for metrics and rows.
    pub name: &'static str,
    /// Grows when instructions or checks change: then earlier answers do not count.
    pub version: u32,
    /// It is asked only while the organization has used less than one of so many parts of its tokens
    /// of the day, whatever they were for. 1: while it has tokens. At least 1.
    pub parts: u32,
    /// How to do it. Never has text of visitors in it.
    pub instructions: &'static str,
}

/// What a model is asked about.
#[derive(Clone, Copy)]
pub struct Question<'a> {
    /// The tenant. It pays, and answers are never shared with others.
    pub organization: &'a str,
    /// How long its answer is kept.
    pub about: About<'a>,
    /// The text that is sent. What visitors wrote is inside of a fence with this boundary.
    pub input: &'a (dyn Fn(&Boundary) -> String + Send + Sync),
    /// JSON schema of the answer. Never has text of visitors in it: it is outside of the fence.
    pub schema: &'a Value,
}

/// What a question is about. Its answer is not kept longer than that.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum About<'a> {
    /// A row of sessions: the answer goes with it.
    Session(&'a str),
    /// The interaction that a report becomes: the answer goes when it is stored or refused. So a delivery
    /// after a crash does not pay again.
    Report(&'a str),
    /// None of these. The answer is not kept: it could come after an erasure of what it tells.
    Nothing,
}

impl<'a> About<'a> {
    /// The row that its answer belongs to.
    pub(crate) fn row(self) -> Option<&'a str> {
        match self {
            Self::Session(row) | Self::Report(row) => Some(row),
            Self::Nothing => None,
        }
    }
}

impl fmt::Debug for Question<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Question")
    }
}

/// What a model said, after the check of the caller.
#[derive(Debug, Clone, PartialEq)]
pub struct Answer<T> {
    /// What the check made of it.
    pub value: T,
    /// Who answered: the name of the model in the settings.
    pub by: String,
    /// Tokens of the call; none if the answer was kept.
    pub tokens: Tokens,
    /// How long the call took; nothing if the answer was kept.
    pub latency: Duration,
    /// Whether it was kept from an earlier call.
    pub is_kept: bool,
}

/// Why no model has answered. The caller's rules do it then.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NoAnswer {
    /// There are no models, or not for this organization.
    Off,
    /// The organization has used its tokens of the day.
    Budget,
    /// Models were asked and could not answer. None has to be paid for it.
    Failed,
    /// Models were asked in vain, and at least one may have to be paid for: it refused, took too long,
    /// broke off, or nothing of its answer may be used. The next question may be so too, and cost as much.
    Unusable,
    /// None was asked: each has failed lately and is left alone for a while.
    LeftAlone,
}
