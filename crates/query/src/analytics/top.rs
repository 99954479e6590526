//! The most frequent values of a dimension.

use std::borrow::Cow;
use std::time::Instant;

use serde::Serialize;
use utoipa::ToSchema;

use crow_db::analytics::{SampledSession, StepKind};

use super::tally::Tally;
use super::{Analytics, Answer, Asked, answer};
use crate::error::Result;
use crate::place::page_of;
use crate::source;

pub use crate::ask::words::Dimension;

/// The most frequent values.
#[derive(Debug, Serialize, ToSchema)]
pub struct Top {
    /// Most sessions first.
    pub rows: Vec<TopRow>,
}

/// How often a value occurs.
#[derive(Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct TopRow {
    /// The value; `(none)` for sessions without one.
    pub value: String,
    /// Sessions with this value.
    pub sessions: u64,
    /// Page views or events. Sessions, for values that a session has only once.
    pub count: u64,
}

impl Dimension {
    /// Whether the dimension is a property of events.
    #[must_use]
    pub fn needs_steps(self) -> bool {
        matches!(self, Self::Page | Self::EventType | Self::EventName)
    }

    /// Adds the session's values of the dimension.
    pub(super) fn add(self, session: &SampledSession<'_>, tally: &mut Tally) {
        let steps = session.steps;
        match self {
            Self::Page => {
                let seen = steps
                    .list()
                    .iter()
                    .filter(|step| step.kind == StepKind::Pageview);
                seen.for_each(|step| tally.add(&page_of(steps.url(step))));
            }
            Self::EventType => steps
                .list()
                .iter()
                .for_each(|step| tally.add(steps.word(step))),
            Self::EventName => {
                let names = steps.list().iter().map(|step| steps.name(step));
                names
                    .filter(|name| !name.is_empty())
                    .for_each(|name| tally.add(name));
            }
            Self::EntryPage
            | Self::ExitPage
            | Self::Referrer
            | Self::Country
            | Self::Device
            | Self::Browser
            | Self::Os
            | Self::Channel
            | Self::ReferrerGroup
            | Self::UtmSource
            | Self::UtmMedium
            | Self::UtmCampaign => tally.add(&self.value(session)),
        }
    }

    /// The session's single value of the dimension; empty when it has none.
    pub(super) fn value<'a>(self, session: &SampledSession<'a>) -> Cow<'a, str> {
        let facts = &session.facts;
        match self {
            Self::EntryPage => page_of(facts.initial_url),
            Self::ExitPage => page_of(facts.exit_url),
            Self::Referrer => source::domain(facts.referrer, facts.initial_url),
            Self::ReferrerGroup => source::group(facts.referrer, facts.initial_url),
            Self::Channel => {
                let channel = source::channel(facts.referrer, facts.initial_url);
                channel.as_str().into()
            }
            Self::UtmSource => source::parameter(facts.initial_url, "utm_source"),
            Self::UtmMedium => source::parameter(facts.initial_url, "utm_medium"),
            Self::UtmCampaign => source::parameter(facts.initial_url, "utm_campaign"),
            Self::Country => facts.country.into(),
            Self::Device => facts.device.into(),
            Self::Browser => facts.browser.into(),
            Self::Os => facts.os.into(),
            Self::Page | Self::EventType | Self::EventName => Cow::default(),
        }
    }
}

impl Analytics {
    /// The `limit` most frequent values.
    pub async fn top(
        &self,
        asked: &Asked,
        dimension: Dimension,
        limit: usize,
    ) -> Result<Answer<Top>> {
        let started = Instant::now();
        let mut tally = Tally::default();
        let sampling = self
            .read(asked, dimension.needs_steps(), |session| {
                tally.next_session();
                dimension.add(session, &mut tally);
            })
            .await?;
        let row = |(value, count): (String, super::tally::Count)| TopRow {
            value,
            sessions: count.sessions,
            count: count.count,
        };
        let rows = tally.top(limit, sampling).into_iter().map(row).collect();
        Ok(answer(started, sampling, Top { rows }))
    }
}
