//! Converts protobuf messages to questions. In protobuf a missing number is 0 and a missing text is
//! empty.

use crow_db::read::SessionFilter;
use crow_proto::api;

use super::conditions::conditions;
use crate::ask::analytics::{self as ask, About, Scope};
use crate::ask::funnel::{FunnelQuestion, FunnelStep};
use crate::ask::kept::KeptSessions;
use crate::ask::question::Count;
use crate::ask::replay::{GetReplay, WatchSession};
use crate::ask::sessions::{ListEvents, ListSessions, OneSession, SessionPage};
use crate::ask::values::{Cursor, Flag, Moment, Name, Text, Value, Zone};
use crate::ask::words::{
    Breakdown, Bucket, Dimension, Direction, FunnelBy, HeatmapKind, Length, Period, Search,
    ViewportClass,
};
use crate::cursor::Key;
use crate::error::{Error, Result};

fn malformed(message: &str) -> Error {
    Error::Malformed(message.to_owned())
}

macro_rules! as_filter {
    ($( $about:literal $field:ident $name:literal $kind:ident, )+) => {
        fn filter(filter: Option<api::SessionFilter>) -> Result<SessionFilter> {
            let filter = filter.unwrap_or_default();
            $( check!($kind, $name, filter.$field); )+
            Ok(SessionFilter {
                $( $field: filter.$field, )+
            })
        }
    };
}

/// Checks the bounds of texts.
macro_rules! check {
    (Text, $name:literal, $text:expr) => {
        Text::check($name, $text.as_deref())?
    };
    ($kind:ident, $name:literal, $value:expr) => {};
}

crow_db::session_filters!(as_filter);

pub(super) fn count<const DEFAULT: u64, const MOST: u64>(
    name: &str,
    given: u32,
) -> Result<Count<DEFAULT, MOST>> {
    match given {
        0 => Ok(Count::default()),
        number => Count::new(name, u64::from(number)),
    }
}

pub(super) fn text(name: &str, given: Option<String>) -> Result<Option<Text>> {
    given.map(|text| Text::named(name, &text)).transpose()
}

pub(super) fn search(given: Option<&str>) -> Result<Search> {
    let search = given
        .map(|word| Search::named("search", word))
        .transpose()?;
    Ok(search.unwrap_or_default())
}

fn zone(given: &str) -> Result<Option<Zone>> {
    let given = (!given.is_empty()).then_some(given);
    given.map(|name| Zone::named("timezone", name)).transpose()
}

pub(super) fn cursor<K: Key>(token: &str) -> Result<Option<Cursor<K>>> {
    let given = (!token.is_empty()).then_some(token);
    given
        .map(|token| Cursor::named("page_token", token))
        .transpose()
}

impl TryFrom<api::ListSessionsRequest> for ListSessions {
    type Error = Error;

    fn try_from(mut asked: api::ListSessionsRequest) -> Result<Self> {
        Ok(Self {
            conditions: conditions(asked.filter.as_mut().and_then(|it| it.conditions.take()))?,
            filter: filter(asked.filter)?,
            kept: KeptSessions {
                tag: text("tag", asked.tag)?,
                watched: asked.watched.map(Flag),
                collection: text("collection_id", asked.collection_id)?,
            },
            page: SessionPage {
                limit: count("page_size", asked.page_size)?,
                after: cursor(&asked.page_token)?,
            },
        })
    }
}

impl From<api::GetSessionRequest> for OneSession {
    fn from(asked: api::GetSessionRequest) -> Self {
        Self {
            session: Name(asked.session_id),
        }
    }
}

impl TryFrom<api::ListEventsRequest> for ListEvents {
    type Error = Error;

    fn try_from(asked: api::ListEventsRequest) -> Result<Self> {
        Ok(Self {
            session: Name(asked.session_id),
            limit: count("page_size", asked.page_size)?,
            after: cursor(&asked.page_token)?,
            event_type: text("type", asked.r#type)?,
        })
    }
}

impl From<api::StreamReplayRequest> for GetReplay {
    fn from(asked: api::StreamReplayRequest) -> Self {
        Self {
            session: Name(asked.session_id),
            format: None,
            from: asked.from.map(Moment),
            to: asked.to.map(Moment),
        }
    }
}

impl From<api::TailSessionRequest> for WatchSession {
    fn from(asked: api::TailSessionRequest) -> Self {
        Self {
            session: Name(asked.session_id),
            from: asked.from.map(Moment),
        }
    }
}

/// A question about the sessions that a query selects.
fn about<Q>(query: Option<api::SessionQuery>, question: Q) -> Result<About<Q>> {
    let mut query = query.unwrap_or_default();
    Ok(About {
        conditions: conditions(query.filter.as_mut().and_then(|it| it.conditions.take()))?,
        filter: filter(query.filter)?,
        scope: Scope {
            exact: Some(Flag(query.exact)),
        },
        question,
    })
}

/// Declares how each question is made from its request.
macro_rules! questions {
    ($( $question:ty = $request:ident |$asked:ident| $made:expr; )+) => { $(
        impl TryFrom<api::$request> for About<$question> {
            type Error = Error;

            fn try_from(mut $asked: api::$request) -> Result<Self> {
                let query = $asked.query.take();
                about(query, $made)
            }
        }
    )+ };
}

questions! {
    ask::Facets = GetFacetsRequest |asked| ask::Facets {};
    ask::Overview = GetOverviewRequest |asked| ask::Overview {
        bucket: bucket(asked.bucket())?,
        timezone: zone(&asked.timezone)?,
    };
    ask::Top = GetTopRequest |asked| ask::Top {
        dimension: dimension(asked.dimension())?,
        limit: count("limit", asked.limit)?,
    };
    ask::Events = GetEventCountsRequest |asked| ask::Events {
        bucket: bucket(asked.bucket())?,
        timezone: zone(&asked.timezone)?,
        event_type: text("type", asked.r#type)?,
        event_name: text("name", asked.name)?,
    };
    FunnelQuestion = GetFunnelRequest |asked| FunnelQuestion {
        breakdown: breakdown(asked.breakdown()),
        by: funnel_by(asked.by()),
        steps: asked.steps.into_iter().map(step).collect::<Result<_>>()?,
        window_ms: asked.window_ms,
    };
    ask::Journeys = GetJourneysRequest |asked| ask::Journeys {
        direction: Some(direction(asked.direction())),
        depth: count("depth", asked.depth)?,
        limit: count("limit", asked.limit)?,
        page: text("page", asked.page)?,
    };
    ask::Heatmap = GetHeatmapRequest |asked| ask::Heatmap {
        kind: Some(heatmap_kind(asked.kind())),
        viewport: Some(viewport(asked.viewport())),
        page: Text::named("page", &asked.page)?,
    };
    ask::Pages = GetPagesRequest |asked| ask::Pages {
        limit: count("limit", asked.limit)?,
    };
    ask::Retention = GetRetentionRequest |asked| ask::Retention {
        period: period(asked.period())?,
        cohorts: count("cohorts", asked.cohorts)?,
        timezone: zone(&asked.timezone)?,
        breakdown: breakdown(asked.breakdown()),
        start_type: text("start_type", asked.start_type)?,
        start_name: text("start_name", asked.start_name)?,
        return_type: text("return_type", asked.return_type)?,
        return_name: text("return_name", asked.return_name)?,
    };
    ask::Vitals = GetWebVitalsRequest |asked| ask::Vitals {
        page: text("page", asked.page)?,
    };
}

fn step(step: api::FunnelStep) -> Result<FunnelStep> {
    Ok(FunnelStep {
        r#type: step.r#type,
        name: step.name,
        url: step.url,
        conditions: conditions(step.conditions)?,
        label: step.label,
    })
}

fn bucket(given: api::Length) -> Result<Option<Bucket>> {
    let refused = || malformed("bucket: must be hour, day or week");
    let length = length(given);
    length
        .map(|length| Bucket::new(length).ok_or_else(refused))
        .transpose()
}

fn period(given: api::Length) -> Result<Option<Period>> {
    let refused = || malformed("period: must be day, week or month");
    let length = length(given);
    length
        .map(|length| Period::new(length).ok_or_else(refused))
        .transpose()
}

/// `None` when the caller gave none.
fn length(length: api::Length) -> Option<Length> {
    match length {
        api::Length::Unspecified => None,
        api::Length::Hour => Some(Length::Hour),
        api::Length::Day => Some(Length::Day),
        api::Length::Week => Some(Length::Week),
        api::Length::Month => Some(Length::Month),
    }
}

fn dimension(dimension: api::Dimension) -> Result<Dimension> {
    Ok(match dimension {
        api::Dimension::Unspecified => return Err(malformed("dimension: must be given")),
        api::Dimension::Page => Dimension::Page,
        api::Dimension::EntryPage => Dimension::EntryPage,
        api::Dimension::ExitPage => Dimension::ExitPage,
        api::Dimension::Referrer => Dimension::Referrer,
        api::Dimension::Country => Dimension::Country,
        api::Dimension::Device => Dimension::Device,
        api::Dimension::Browser => Dimension::Browser,
        api::Dimension::Os => Dimension::Os,
        api::Dimension::EventType => Dimension::EventType,
        api::Dimension::EventName => Dimension::EventName,
        api::Dimension::Channel => Dimension::Channel,
        api::Dimension::ReferrerGroup => Dimension::ReferrerGroup,
        api::Dimension::UtmSource => Dimension::UtmSource,
        api::Dimension::UtmMedium => Dimension::UtmMedium,
        api::Dimension::UtmCampaign => Dimension::UtmCampaign,
    })
}

fn breakdown(breakdown: api::Breakdown) -> Option<Breakdown> {
    match breakdown {
        api::Breakdown::Unspecified => None,
        api::Breakdown::Country => Some(Breakdown::Country),
        api::Breakdown::Device => Some(Breakdown::Device),
        api::Breakdown::Browser => Some(Breakdown::Browser),
        api::Breakdown::Os => Some(Breakdown::Os),
        api::Breakdown::Channel => Some(Breakdown::Channel),
        api::Breakdown::ReferrerGroup => Some(Breakdown::ReferrerGroup),
        api::Breakdown::UtmSource => Some(Breakdown::UtmSource),
        api::Breakdown::UtmMedium => Some(Breakdown::UtmMedium),
        api::Breakdown::UtmCampaign => Some(Breakdown::UtmCampaign),
    }
}

fn funnel_by(by: api::FunnelBy) -> FunnelBy {
    match by {
        api::FunnelBy::Unspecified | api::FunnelBy::Session => FunnelBy::Session,
        api::FunnelBy::Person => FunnelBy::Person,
    }
}

fn direction(direction: api::Direction) -> Direction {
    match direction {
        api::Direction::Unspecified | api::Direction::From => Direction::From,
        api::Direction::To => Direction::To,
    }
}

fn heatmap_kind(kind: api::HeatmapKind) -> HeatmapKind {
    match kind {
        api::HeatmapKind::Unspecified | api::HeatmapKind::Click => HeatmapKind::Click,
        api::HeatmapKind::Rage => HeatmapKind::Rage,
        api::HeatmapKind::Dead => HeatmapKind::Dead,
        api::HeatmapKind::Scroll => HeatmapKind::Scroll,
    }
}

fn viewport(class: api::ViewportClass) -> ViewportClass {
    match class {
        api::ViewportClass::Unspecified | api::ViewportClass::Desktop => ViewportClass::Desktop,
        api::ViewportClass::Tablet => ViewportClass::Tablet,
        api::ViewportClass::Mobile => ViewportClass::Mobile,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ask::conditions::Conditions;
    use crate::grpc::conditions::shown;

    #[test]
    fn conditions_of_a_step_arrive() {
        let json = r#"[[{"field":"eventProperty","property":"total","operator":"greater","values":["100"]}]]"#;
        let wanted = Conditions::named("where", json).unwrap();
        let steps = [None, Some(shown(wanted.clone()))].map(|conditions| api::FunnelStep {
            r#type: "custom".to_owned(),
            conditions,
            ..api::FunnelStep::default()
        });
        let request = api::GetFunnelRequest {
            steps: steps.to_vec(),
            ..api::GetFunnelRequest::default()
        };
        let question = About::<FunnelQuestion>::try_from(request).unwrap().question;
        assert_eq!(question.steps[0].conditions, Conditions::default());
        assert_eq!(question.steps[1].conditions, wanted);
        question.check().unwrap();
    }
}
