use sea_orm::sea_query::extension::postgres::PgExpr;
use sea_orm::sea_query::{Condition, Expr, ExprTrait, LikeExpr, Query};
use sea_orm::{ColumnTrait, IntoSimpleExpr};

use crow_types::Timestamp;

use crate::entity::{events, sessions};

/// Which sessions are asked for. All given conditions must hold; `None` asks nothing.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct SessionFilter {
    /// Started at or after this, milliseconds since the epoch.
    pub from: Option<i64>,
    /// Started before this, milliseconds since the epoch.
    pub to: Option<i64>,
    /// The user, exactly.
    pub user_id: Option<String>,
    /// The country, exactly.
    pub country: Option<String>,
    /// The device type, exactly.
    pub device_type: Option<String>,
    /// The browser, exactly.
    pub browser: Option<String>,
    /// The operating system, exactly.
    pub os: Option<String>,
    /// Visited a page whose URL contains this, whatever the case of letters.
    pub url: Option<String>,
    /// Has an event of this type.
    pub event_type: Option<String>,
    /// Has an event of this name.
    pub event_name: Option<String>,
    /// Lasted at least this many milliseconds.
    pub min_duration_ms: Option<i64>,
    /// Lasted at most this many milliseconds.
    pub max_duration_ms: Option<i64>,
    /// With errors, or without.
    pub has_errors: Option<bool>,
    /// With rage clicks, or without.
    pub has_rage_clicks: Option<bool>,
    /// With clicks after which nothing happened, or without.
    pub has_dead_clicks: Option<bool>,
    /// Contained in where the visitor came from, whatever the case of letters.
    pub referrer: Option<String>,
    /// Of a known robot, or not.
    pub is_bot: Option<bool>,
    /// With a recording, or without.
    pub has_replay: Option<bool>,
    /// Not over yet, or over.
    pub is_open: Option<bool>,
    /// Open, and a page of it was there within the last minute; or not.
    pub live: Option<bool>,
    /// The browser's id, exactly.
    pub visitor_id: Option<String>,
    /// Contained in user id, entry page, exit page or session id, whatever the case.
    pub text: Option<String>,
}

/// How the two databases compare texts without regard to case, and what escapes a
/// wildcard in their patterns.
#[derive(Debug, Clone, Copy)]
pub(super) enum TextSearch {
    /// `LIKE` disregards the case of ASCII letters and has no escape of its own.
    Sqlite,
    /// `ILIKE`. Its own escape is the backslash; sea-query's `ESCAPE` behind `ILIKE` is
    /// no valid SQL.
    Postgres,
}

impl TextSearch {
    /// `column` contains `text`; `%` and `_` in the text mean themselves.
    fn contains(self, column: impl IntoSimpleExpr, text: &str) -> Expr {
        let column = column.into_simple_expr();
        match self {
            Self::Sqlite => column.like(LikeExpr::new(pattern(text, '!')).escape('!')),
            Self::Postgres => column.ilike(LikeExpr::new(pattern(text, '\\'))),
        }
    }
}

fn pattern(text: &str, escape: char) -> String {
    let mut pattern = "%".to_owned();
    for letter in text.chars() {
        if matches!(letter, '%' | '_') || letter == escape {
            pattern.push(escape);
        }
        pattern.push(letter);
    }
    pattern + "%"
}

impl SessionFilter {
    /// Only the time is given: an index has the sessions in this order.
    #[must_use]
    pub fn is_by_time(&self) -> bool {
        let by_time = Self {
            from: self.from,
            to: self.to,
            ..Self::default()
        };
        *self == by_time
    }

    pub(super) fn condition(&self, search: TextSearch) -> Condition {
        use sessions::Column;
        Condition::all()
            .add_option(self.from.map(|from| Column::StartedAt.gte(from)))
            .add_option(self.to.map(|to| Column::StartedAt.lt(to)))
            .add_option(
                self.user_id
                    .as_ref()
                    .map(|user| Column::UserId.eq(user.as_str())),
            )
            .add_option(
                self.country
                    .as_ref()
                    .map(|country| Column::Country.eq(country.as_str())),
            )
            .add_option(
                self.device_type
                    .as_ref()
                    .map(|device| Column::DeviceType.eq(device.as_str())),
            )
            .add_option(
                self.browser
                    .as_ref()
                    .map(|browser| Column::Browser.eq(browser.as_str())),
            )
            .add_option(self.os.as_ref().map(|os| Column::Os.eq(os.as_str())))
            .add_option(
                self.min_duration_ms
                    .map(|least| Column::DurationMs.gte(least)),
            )
            .add_option(
                self.max_duration_ms
                    .map(|most| Column::DurationMs.lte(most)),
            )
            .add_option(
                self.has_errors
                    .map(|wanted| is_positive(Column::ErrorCount, wanted)),
            )
            .add_option(
                self.has_rage_clicks
                    .map(|wanted| is_positive(Column::RageClickCount, wanted)),
            )
            .add_option(self.has_dead_clicks.map(|wanted| {
                let has_some = has_event(events::Column::Type.eq("dead_click"));
                if wanted { has_some } else { has_some.not() }
            }))
            .add_option(
                self.referrer
                    .as_ref()
                    .map(|text| search.contains(Column::Referrer, text)),
            )
            .add_option(self.is_bot.map(|wanted| Column::IsBot.eq(wanted)))
            .add_option(self.has_replay.map(|wanted| Column::HasReplay.eq(wanted)))
            .add_option(self.is_open.map(is_open))
            .add_option(self.live.map(is_live))
            .add_option(
                self.visitor_id
                    .as_ref()
                    .map(|visitor| Column::VisitorId.eq(visitor.as_str())),
            )
            .add_option(
                self.event_type
                    .as_ref()
                    .map(|name| has_event(events::Column::Type.eq(name.as_str()))),
            )
            .add_option(
                self.event_name
                    .as_ref()
                    .map(|name| has_event(events::Column::Name.eq(name.as_str()))),
            )
            .add_option(self.url.as_ref().map(|url| visited(search, url)))
            .add_option(self.text.as_ref().map(|text| mentions(search, text)))
    }
}

fn is_open(wanted: bool) -> Expr {
    let status = sessions::Column::Status;
    if wanted {
        status.eq("open")
    } else {
        status.ne("open")
    }
}

/// Sessions that are open are few, and have an index.
fn is_live(wanted: bool) -> Expr {
    let until = sessions::Column::LiveUntil;
    let now = Timestamp::now().0;
    if wanted {
        is_open(true).and(until.gt(now))
    } else {
        is_open(false).or(until.is_null()).or(until.lte(now))
    }
}

fn is_positive(count: sessions::Column, wanted: bool) -> Expr {
    if wanted { count.gt(0) } else { count.lte(0) }
}

/// The session of the outer query has an event for which this holds.
fn has_event(condition: Expr) -> Expr {
    let of_session = Expr::col((events::Entity, events::Column::SessionId))
        .equals((sessions::Entity, sessions::Column::Id));
    Expr::exists(
        Query::select()
            .expr(Expr::val(1))
            .from(events::Entity)
            .and_where(of_session)
            .and_where(condition)
            .take(),
    )
}

/// Entry and exit page count, too: events are not rows in every installation.
fn visited(search: TextSearch, url: &str) -> Condition {
    Condition::any()
        .add(search.contains(sessions::Column::InitialUrl, url))
        .add(search.contains(sessions::Column::ExitUrl, url))
        .add(has_event(search.contains(events::Column::Url, url)))
}

fn mentions(search: TextSearch, text: &str) -> Condition {
    use sessions::Column;
    [
        Column::UserId,
        Column::InitialUrl,
        Column::ExitUrl,
        Column::SessionId,
    ]
    .into_iter()
    .fold(Condition::any(), |any, column| {
        any.add(search.contains(column, text))
    })
}
