use sea_orm::sea_query::{Condition, Expr, ExprTrait, LikeExpr, Query};
use sea_orm::{ColumnTrait, IntoSimpleExpr};

use crow_types::{Timestamp, terms};

use crate::Db;
use crate::entity::{events, sessions};

/// Passes every session filter to a macro: its description, its field name here and in protobuf,
/// its query parameter, and its kind (see `read::kinds`). Add a new filter here, in
/// `SessionFilter::condition`, and in the matcher of the analytics.
#[macro_export]
macro_rules! session_filters {
    ($with:ident) => {
        $with! {
            "Started at or after this: milliseconds since the epoch or RFC 3339. Default for analytics: seven days before `to`."
                from "from" Moment,
            "Started before this: milliseconds since the epoch or RFC 3339. Default for analytics: now."
                to "to" Moment,
            "The user, exactly." user_id "userId" Text,
            "The browser's id, exactly." visitor_id "visitorId" Text,
            "ISO 3166-1 alpha-2." country "country" Text,
            "desktop, mobile, tablet, tv, console or bot." device_type "device" Text,
            "The browser, exactly." browser "browser" Text,
            "The operating system, exactly." os "os" Text,
            "Visited a page with this text in its URL, ignoring case." url "url" Text,
            "Has an event of this type." event_type "eventType" Text,
            "Has a custom event of this name." event_name "eventName" Text,
            "Lasted at least this many milliseconds." min_duration_ms "minDuration" Milliseconds,
            "Lasted at most this many milliseconds." max_duration_ms "maxDuration" Milliseconds,
            "With errors, or without." has_errors "errors" Flag,
            "With rage clicks, or without." has_rage_clicks "rageClicks" Flag,
            "With clicks after which nothing happened, or without."
                has_dead_clicks "deadClicks" Flag,
            "Matches a part of the referrer, ignoring case."
                referrer "referrer" Text,
            "Whether the user agent is a known bot." is_bot "bot" Flag,
            "With a recording, or without." has_replay "hasReplay" Flag,
            "`open` or `closed`." is_open "status" OpenOrClosed,
            "Whether one of its pages is open, or was within the last minute." live "live" Flag,
            "Matches a part of the user id, first page, last page or session id, ignoring case."
                text "text" Text,
        }
    };
}

/// The Rust types of the filters.
pub mod kinds {
    /// Milliseconds since the epoch.
    pub type Moment = i64;
    /// A duration.
    pub type Milliseconds = i64;
    /// A text.
    pub type Text = String;
    /// A boolean.
    pub type Flag = bool;
    /// True for open sessions.
    pub type OpenOrClosed = bool;
}

macro_rules! as_struct {
    ($( $about:literal $field:ident $name:literal $kind:ident, )+) => {
        /// Selects sessions. All given conditions must hold; `None` is no condition.
        #[derive(Debug, Clone, PartialEq, Eq, Default)]
        pub struct SessionFilter {
            $( #[doc = $about] pub $field: Option<kinds::$kind>, )+
        }
    };
}

crate::session_filters!(as_struct);

/// How each database ignores the case of ASCII letters, and only of these, as the analytics do; and how
/// its patterns escape wildcards.
#[derive(Debug, Clone, Copy)]
pub(super) enum TextSearch {
    /// `LIKE` does, and has no default escape character.
    Sqlite,
    /// `LIKE` minds the case, and `lower` of the collation `C` changes ASCII letters only. Its default
    /// escape character is the backslash.
    Postgres,
}

impl TextSearch {
    pub(super) fn of(db: &Db) -> Self {
        if db.is_sqlite() {
            Self::Sqlite
        } else {
            Self::Postgres
        }
    }

    /// The terms of the session contain this one.
    pub(super) fn has_term(self, term: [u8; terms::TERM]) -> Expr {
        let sql = match self {
            Self::Sqlite => "instr(sessions.terms, ?) > 0",
            Self::Postgres => "position($1 in sessions.terms) > 0",
        };
        Expr::cust_with_values(sql, [Vec::from(term)])
    }

    /// `column` contains `text`, ignoring the case of ASCII letters. `%` and `_` in the text stand for
    /// themselves.
    pub(super) fn contains(self, column: impl IntoSimpleExpr, text: &str) -> Expr {
        let column = column.into_simple_expr();
        match self {
            Self::Sqlite => column.like(LikeExpr::new(pattern(text, '!')).escape('!')),
            Self::Postgres => {
                let text = pattern(&text.to_ascii_lowercase(), '\\');
                Expr::cust_with_expr("lower($1 collate \"C\")", column).like(LikeExpr::new(text))
            }
        }
    }

    /// `column` contains `text`, letter for letter.
    pub(super) fn has_text(self, column: impl IntoSimpleExpr, text: &str) -> Expr {
        let sql = match self {
            Self::Sqlite => "instr(?, ?) > 0",
            Self::Postgres => "position($2 in $1) > 0",
        };
        Expr::cust_with_exprs(sql, [column.into_simple_expr(), Expr::val(text)])
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
    /// Whether only the time is given. An index holds the sessions in this order.
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
                let has_some = has_type(search, "dead_click");
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
            .add_option(self.event_type.as_ref().map(|name| has_type(search, name)))
            .add_option(self.event_name.as_ref().map(|name| has_name(search, name)))
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

/// Few sessions are open, and they have an index.
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

fn has_type(search: TextSearch, name: &str) -> Expr {
    let row = has_row(events::Column::Type.eq(name));
    search.has_term(terms::of_type(name)).or(row)
}

fn has_name(search: TextSearch, name: &str) -> Expr {
    let row = has_row(events::Column::Name.eq(name));
    search.has_term(terms::of_name(name)).or(row)
}

/// The session of the outer query has such an event as a row. Sessions of an earlier release are found
/// by their rows only. Where there are no rows, looking for one costs little.
pub(super) fn has_row(condition: Expr) -> Expr {
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

fn visited(search: TextSearch, url: &str) -> Condition {
    use sessions::Column;
    [Column::InitialUrl, Column::ExitUrl, Column::Urls]
        .into_iter()
        .fold(Condition::any(), |any, column| {
            any.add(search.contains(column, url))
        })
        .add(has_row(search.contains(events::Column::Url, url)))
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
