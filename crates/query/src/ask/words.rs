//! Parameters with a fixed set of words.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crow_bus::dead_letters::LetterKind;
use crow_db::issues::{IssueOrder, Status};

use crate::ask::values::{ONE_OF_FEW_WORDS, Shape, Value};

/// Maps the variants of an enum to words.
macro_rules! words {
    ($( $type:ty: $( $word:literal $value:expr ),+; )+) => { $(
        impl Value for $type {
            fn expected() -> String {
                ONE_OF_FEW_WORDS.to_owned()
            }

            fn shape() -> Shape {
                Shape::Words(&[$($word),+])
            }

            fn read(text: &str) -> Option<Self> {
                match text {
                    $( $word => Some($value), )+
                    _ => None,
                }
            }
        }
    )+ };
}

words! {
    Dimension:
        "page" Self::Page, "entryPage" Self::EntryPage, "exitPage" Self::ExitPage,
        "referrer" Self::Referrer, "country" Self::Country, "device" Self::Device,
        "browser" Self::Browser, "os" Self::Os, "eventType" Self::EventType,
        "eventName" Self::EventName, "channel" Self::Channel,
        "referrerGroup" Self::ReferrerGroup, "utmSource" Self::UtmSource,
        "utmMedium" Self::UtmMedium, "utmCampaign" Self::UtmCampaign;
    Breakdown:
        "country" Self::Country, "device" Self::Device, "browser" Self::Browser, "os" Self::Os,
        "channel" Self::Channel, "referrerGroup" Self::ReferrerGroup,
        "utmSource" Self::UtmSource, "utmMedium" Self::UtmMedium,
        "utmCampaign" Self::UtmCampaign;
    Direction: "from" Self::From, "to" Self::To;
    HeatmapKind:
        "click" Self::Click, "rage" Self::Rage, "dead" Self::Dead, "scroll" Self::Scroll;
    ViewportClass:
        "desktop" Self::Desktop, "tablet" Self::Tablet, "mobile" Self::Mobile;
    Bucket:
        "hour" Self(Length::Hour), "day" Self(Length::Day), "week" Self(Length::Week);
    Period:
        "day" Self(Length::Day), "week" Self(Length::Week), "month" Self(Length::Month);
    Format: "ndjson" Self::Ndjson, "rrweb" Self::Rrweb;
    SourceType: "web" Self("web"), "cctv" Self("cctv"), "social" Self("social");
    IntentWord:
        "purchase" Self("purchase"), "checkout" Self("checkout"), "cart" Self("cart"),
        "compare" Self("compare"), "search" Self("search"), "browse" Self("browse"),
        "bounce" Self("bounce"), "inconclusive" Self("inconclusive"), "bot" Self("bot");
    PersonKind: "user" Self::User, "visitor" Self::Visitor;
    Search: "words" Self::Words, "meaning" Self::Meaning, "both" Self::Both;
    Status: "open" Self::Open, "resolved" Self::Resolved, "ignored" Self::Ignored;
    IssueOrder: "lastSeen" Self::LastSeen, "count" Self::Count, "people" Self::People;
    LetterKind: "events" Self::Events, "completions" Self::Completions;
}

/// What a person is named by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PersonKind {
    /// A user that the client named.
    User,
    /// A browser.
    Visitor,
}

/// Where an interaction happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SourceType(pub &'static str);

/// How a text is searched for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Search {
    /// All words must occur.
    #[default]
    Words,
    /// What is similar, the most similar first.
    Meaning,
    /// What has all words, then what is similar.
    Both,
}

/// The furthest step of a visit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct IntentWord(pub &'static str);

/// What to count by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Dimension {
    /// Path of each page seen.
    Page,
    /// Path of the first page.
    EntryPage,
    /// Path of the last page.
    ExitPage,
    /// Host of the referrer, unless it is the site itself.
    Referrer,
    /// ISO 3166-1 alpha-2.
    Country,
    /// desktop, mobile …
    Device,
    /// Name of the browser.
    Browser,
    /// Name of the operating system.
    Os,
    /// Type of each event.
    EventType,
    /// Name of each custom event.
    EventName,
    /// How the visitor came: search, social, ai, mail, paid, referral or direct.
    Channel,
    /// The referrer as one of a few known sites, else its host.
    ReferrerGroup,
    /// `utm_source` of the first page.
    UtmSource,
    /// `utm_medium` of the first page.
    UtmMedium,
    /// `utm_campaign` of the first page.
    UtmCampaign,
}

/// The direction of a journey.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Direction {
    /// From the page onwards.
    #[default]
    From,
    /// Towards the page. Steps count backwards.
    To,
}

/// What a heatmap shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum HeatmapKind {
    /// All clicks.
    Click,
    /// Those that the SDK marked as rage clicks.
    Rage,
    /// Those after which nothing happened.
    Dead,
    /// How far people scroll.
    Scroll,
}

/// Viewports by their width in CSS pixels.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum ViewportClass {
    /// From 1,024.
    Desktop,
    /// From 640.
    Tablet,
    /// Below 640.
    Mobile,
}

/// Who takes the steps of a funnel.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum FunnelBy {
    /// A session: all steps within one.
    #[default]
    Session,
    /// A person, in any of their sessions.
    Person,
}

/// What to split a funnel or retention by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub enum Breakdown {
    /// ISO 3166-1 alpha-2.
    Country,
    /// desktop, mobile …
    Device,
    /// Name of the browser.
    Browser,
    /// Name of the operating system.
    Os,
    /// How the visitor came: search, social, ai, mail, paid, referral or direct.
    Channel,
    /// The referrer as one of a few known sites, else its host.
    ReferrerGroup,
    /// `utm_source` of the first page.
    UtmSource,
    /// `utm_medium` of the first page.
    UtmMedium,
    /// `utm_campaign` of the first page.
    UtmCampaign,
}

impl From<Breakdown> for Dimension {
    fn from(by: Breakdown) -> Self {
        match by {
            Breakdown::Country => Self::Country,
            Breakdown::Device => Self::Device,
            Breakdown::Browser => Self::Browser,
            Breakdown::Os => Self::Os,
            Breakdown::Channel => Self::Channel,
            Breakdown::ReferrerGroup => Self::ReferrerGroup,
            Breakdown::UtmSource => Self::UtmSource,
            Breakdown::UtmMedium => Self::UtmMedium,
            Breakdown::UtmCampaign => Self::UtmCampaign,
        }
    }
}

/// A length of time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Length {
    /// An hour.
    Hour,
    /// A day of the time zone.
    Day,
    /// A week, starting on Monday.
    Week,
    /// A month.
    Month,
}

/// The length of a chart's buckets. A month is not possible.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bucket(Length);

impl Bucket {
    /// `None` when charts have no such buckets.
    pub fn new(length: Length) -> Option<Self> {
        (length != Length::Month).then_some(Self(length))
    }

    /// As a length.
    pub fn length(self) -> Length {
        self.0
    }
}

/// The length of a cohort's period. An hour is not possible.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Period(Length);

impl Default for Period {
    fn default() -> Self {
        Self(Length::Week)
    }
}

impl Period {
    /// `None` when cohorts have no such periods.
    pub fn new(length: Length) -> Option<Self> {
        (length != Length::Hour).then_some(Self(length))
    }

    /// As a length.
    pub fn length(self) -> Length {
        self.0
    }
}

/// The format of a recording.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Format {
    /// One line per event.
    #[default]
    Ndjson,
    /// One array of rrweb events.
    Rrweb,
}
