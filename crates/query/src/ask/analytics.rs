//! Numbers about many sessions.

use crow_db::read::SessionFilter;

use crate::ask::conditions::{Conditions, Where};
use crate::ask::question::{Count, Given, Parameter, Question, questions};
use crate::ask::values::{Flag, Text, Zone};
use crate::ask::words::{
    Breakdown, Bucket, Dimension, Direction, HeatmapKind, Period, ViewportClass,
};
use crate::error::Result;

/// The maximum number of cohorts: each period is one bit of a `u32`.
pub const MAX_COHORTS: u64 = 32;

/// A question about the sessions that pass a filter.
#[derive(Debug, Clone)]
pub struct About<Q> {
    /// All conditions that must hold. A missing range means seven days, up to its end or up to now.
    pub filter: SessionFilter,
    /// What must hold besides.
    pub conditions: Conditions,
    /// Whether to read all sessions or a sample.
    pub scope: Scope,
    /// The question itself.
    pub question: Q,
}

impl<Q: Question> Question for About<Q> {
    fn parameters() -> Vec<Parameter> {
        let mut all = Q::parameters();
        all.extend(SessionFilter::parameters());
        all.extend(Where::parameters());
        all.extend(Scope::parameters());
        all
    }

    fn read(given: &Given) -> Result<Self> {
        Ok(Self {
            filter: SessionFilter::read(given)?,
            conditions: Where::read(given)?.all(),
            scope: Scope::read(given)?,
            question: Q::read(given)?,
        })
    }
}

questions! {
    /// Whether to read all sessions.
    Scope {
        /// Read all sessions, however long that takes. Otherwise a sample is read if there are
        /// many.
        exact "exact": Option<Flag>,
    }

    /// The values that each filter can have.
    Facets {}

    /// Sessions, visitors and page views.
    Overview {
        /// hour, day or week. Default: one that suits the range.
        bucket "bucket": Option<Bucket>,
        /// IANA time zone. Default: UTC.
        timezone "timezone": Option<Zone>,
    }

    /// The most frequent values of a dimension.
    Top {
        /// What to count by.
        dimension "dimension": Dimension,
        /// Rows.
        limit "limit": Count<10, 1_000>,
    }

    /// Events by type, name and time.
    Events {
        /// Only events of this type.
        event_type "type": Option<Text>,
        /// Only events of this name.
        event_name "name": Option<Text>,
        /// hour, day or week. Default: one that suits the range.
        bucket "bucket": Option<Bucket>,
        /// IANA time zone. Default: UTC.
        timezone "timezone": Option<Zone>,
    }

    /// The sequences of pages that visitors see.
    Journeys {
        /// Path of the page to start at. Default: the first page of a session, or the last one for
        /// `to`.
        page "page": Option<Text>,
        /// from (default) or to.
        direction "direction": Option<Direction>,
        /// Steps after the start.
        depth "depth": Count<3, 10>,
        /// Pages of a step.
        limit "limit": Count<8, 50>,
    }

    /// Where people click on a page, or how far they scroll.
    Heatmap {
        /// Path of the page.
        page "page": Text,
        /// click (default), rage, dead or scroll.
        kind "kind": Option<HeatmapKind>,
        /// desktop (default), tablet or mobile.
        viewport "viewport": Option<ViewportClass>,
    }

    /// All pages. The filter `text` matches a part of the path.
    Pages {
        /// Pages.
        limit "limit": Count<50, 1_000>,
    }

    /// How many people return.
    Retention {
        /// day, week (default) or month.
        period "period": Option<Period>,
        /// The last periods of the range, at most this many.
        cohorts "cohorts": Count<8, MAX_COHORTS>,
        /// IANA time zone. Default: UTC.
        timezone "timezone": Option<Zone>,
        /// People count from their first event of this type. Default: from their first session.
        start_type "startType": Option<Text>,
        /// And of this name.
        start_name "startName": Option<Text>,
        /// People return with an event of this type. Default: with a session.
        return_type "returnType": Option<Text>,
        /// And of this name.
        return_name "returnName": Option<Text>,
        /// Split by this. The value is that of the session with which a person starts.
        breakdown "breakdown": Option<Breakdown>,
    }

    /// How fast pages load and respond.
    Vitals {
        /// Path of the page. Default: all pages.
        page "page": Option<Text>,
    }
}
