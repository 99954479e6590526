use sea_orm::ColumnTrait;
use sea_orm::sea_query::{Condition, Expr, ExprTrait};

use crow_types::terms;

use super::filter::{TextSearch, has_row};
use crate::entity::{events, sessions};

/// The maximum number of alternatives that are spelled out. SQLite allows no deep expressions, and
/// more alternatives leave out fewer sessions.
const MOST: usize = 10;

/// What a session needs in its row of `sessions`, so that it may fit.
#[derive(Debug, Clone, PartialEq)]
pub enum Need {
    /// A text fits; `false`: none does, or it is absent.
    Text(TextColumn, TextNeed, bool),
    /// A number fits; `false`: it does not.
    Number(NumberColumn, NumberNeed, bool),
    /// The user agent is a known bot, or none.
    Bot(bool),
    /// It has a recording, or none.
    Replay(bool),
    /// It may have an event of this type.
    EventType(String),
    /// It may have an event of this name.
    EventName(String),
    /// It may have a trait of this name, with one of these values.
    Trait(String, TraitNeed),
}

/// Texts of a row that may be absent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TextColumn {
    /// `country`
    Country,
    /// `browser`
    Browser,
    /// `os`
    Os,
    /// `device_type`
    Device,
    /// `user_id`
    UserId,
    /// `visitor_id`
    VisitorId,
    /// `referrer`
    Referrer,
    /// `initial_url`
    InitialUrl,
    /// `exit_url`
    ExitUrl,
}

/// How a text is compared.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TextNeed {
    /// It is one of these.
    OneOf(Vec<String>),
    /// It contains one of these, ignoring the case of ASCII letters.
    Contains(Vec<String>),
    /// It is there.
    Set,
}

/// Numbers of a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NumberColumn {
    /// `duration_ms`
    Duration,
    /// `event_count`
    Events,
    /// `pageview_count`
    Pageviews,
    /// `error_count`
    Errors,
    /// `rage_click_count`
    RageClicks,
}

/// How a number is compared.
#[derive(Debug, Clone, PartialEq)]
pub enum NumberNeed {
    /// It is one of these.
    OneOf(Vec<f64>),
    /// It is above this.
    Above(f64),
    /// It is below this.
    Below(f64),
}

/// Texts of which the JSON of a trait has one, unless it has escapes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TraitNeed {
    /// Any text.
    Any,
    /// One of these, letter for letter.
    OneOf(Vec<String>),
    /// One of these, ignoring the case of ASCII letters.
    Contains(Vec<String>),
}

pub(super) fn condition(needs: &[Vec<Need>], search: TextSearch) -> Condition {
    needs.iter().fold(Condition::all(), |all, group| {
        let any = group.iter().fold(Condition::any(), |any, need| {
            any.add(need.condition(search))
        });
        all.add(any)
    })
}

impl Need {
    fn condition(&self, search: TextSearch) -> Condition {
        use sessions::Column;
        match self {
            Self::Text(column, need, wanted) => text(column.column(), need, *wanted, search),
            Self::Number(column, need, wanted) => {
                let fits = number(column.column(), need);
                let fits = if *wanted { fits } else { fits.not() };
                fits.into()
            }
            Self::Bot(wanted) => Column::IsBot.eq(*wanted).into(),
            Self::Replay(wanted) => Column::HasReplay.eq(*wanted).into(),
            Self::EventType(name) => {
                let term = search.has_term(terms::of_type(name));
                may_have(term, events::Column::Type.eq(name.as_str()))
            }
            Self::EventName(name) => {
                let term = search.has_term(terms::of_name(name));
                may_have(term, events::Column::Name.eq(name.as_str()))
            }
            Self::Trait(name, need) => has_trait(name, need, search),
        }
    }
}

/// Nothing is known of sessions without terms: they are of an earlier release, or without events. A
/// session with as many terms as there is room for may have further types and names. One that was open
/// while the release changed has rows of its first events.
fn may_have(term: Expr, row: Expr) -> Condition {
    Condition::any()
        .add(term)
        .add(Expr::cust("length(sessions.terms) = 0"))
        .add(Expr::cust(format!(
            "length(sessions.terms) >= {}",
            terms::FULL
        )))
        .add(has_row(row))
}

fn text(column: sessions::Column, need: &TextNeed, wanted: bool, search: TextSearch) -> Condition {
    let fits: Condition = match need {
        TextNeed::OneOf(values) => column.is_in(values.iter().map(String::as_str)).into(),
        TextNeed::Contains(parts) if parts.len() <= MOST => {
            any_of(parts, |part| search.contains(column, part).into())
        }
        TextNeed::Contains(_) | TextNeed::Set => column.ne("").into(),
    };
    if wanted {
        fits
    } else {
        Condition::any().add(column.is_null()).add(fits.not())
    }
}

fn number(column: sessions::Column, need: &NumberNeed) -> Expr {
    match need {
        NumberNeed::OneOf(values) => column.is_in(values.iter().copied()),
        NumberNeed::Above(least) => column.gt(*least),
        NumberNeed::Below(most) => column.lt(*most),
    }
}

/// What has escapes may be anything.
fn has_trait(name: &str, need: &TraitNeed, search: TextSearch) -> Condition {
    let traits = sessions::Column::Traits;
    let has = |text: &str| -> Condition { search.has_text(traits, text).into() };
    let value = match need {
        TraitNeed::OneOf(values) if values.len() <= MOST => Some(any_of(values, has)),
        TraitNeed::Contains(parts) if parts.len() <= MOST => {
            Some(any_of(parts, |part| search.contains(traits, part).into()))
        }
        TraitNeed::Any | TraitNeed::OneOf(_) | TraitNeed::Contains(_) => None,
    };
    Condition::any()
        .add(Condition::all().add(has(name)).add_option(value))
        .add(has("\\"))
}

fn any_of(texts: &[String], test: impl Fn(&str) -> Condition) -> Condition {
    let tests = texts.iter().map(|text| test(text));
    tests.fold(Condition::any(), Condition::add)
}

impl TextColumn {
    fn column(self) -> sessions::Column {
        use sessions::Column;
        match self {
            Self::Country => Column::Country,
            Self::Browser => Column::Browser,
            Self::Os => Column::Os,
            Self::Device => Column::DeviceType,
            Self::UserId => Column::UserId,
            Self::VisitorId => Column::VisitorId,
            Self::Referrer => Column::Referrer,
            Self::InitialUrl => Column::InitialUrl,
            Self::ExitUrl => Column::ExitUrl,
        }
    }
}

impl NumberColumn {
    fn column(self) -> sessions::Column {
        use sessions::Column;
        match self {
            Self::Duration => Column::DurationMs,
            Self::Events => Column::EventCount,
            Self::Pageviews => Column::PageviewCount,
            Self::Errors => Column::ErrorCount,
            Self::RageClicks => Column::RageClickCount,
        }
    }
}
