//! Numbers about many sessions.

use crow_db::read::SessionFilter;

use crate::ask::question::{Count, Given, Parameter, Question, questions};
use crate::ask::values::{Flag, Text, Zone};
use crate::ask::words::{Bucket, Dimension, Direction, HeatmapKind, Period, ViewportClass};
use crate::error::Result;

/// The maximum number of cohorts: each period is one bit of a `u32`.
pub const MAX_COHORTS: u64 = 32;

/// A question about the sessions that pass a filter.
#[derive(Debug, Clone)]
pub struct About<Q> {
    /// All conditions that must hold. A missing range means seven days, up to its end or up to now.
    pub filter: SessionFilter,
    /// Whether to read all sessions or a sample.
    pub scope: Scope,
    /// The question itself.
    pub question: Q,
}

impl<Q: Question> Question for About<Q> {
    fn parameters() -> Vec<Parameter> {
        let mut all = Q::parameters();
        all.extend(SessionFilter::parameters());
        all.extend(Scope::parameters());
        all
    }

    fn read(given: &Given) -> Result<Self> {
        Ok(Self {
            filter: SessionFilter::read(given)?,
            scope: Scope::read(given)?,
            question: Q::read(given)?,
        })
    }
}

questions! {
    /// How many of the sessions are read.
    Scope {
        /// Read all sessions, however long that takes; else a sample of them when there are many.
        exact "exact": Option<Flag>,
    }

    /// What the filters could be set to.
    Facets {}

    /// Sessions, visitors and page views.
    Overview {
        /// hour, day or week; one that fits the range when absent.
        bucket "bucket": Option<Bucket>,
        /// IANA name; UTC when absent.
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
        /// hour, day or week; one that fits the range when absent.
        bucket "bucket": Option<Bucket>,
        /// IANA name; UTC when absent.
        timezone "timezone": Option<Zone>,
    }

    /// The pages that people see one after the other.
    Journeys {
        /// Path of the page to start at; the first, or last, page of a session when absent.
        page "page": Option<Text>,
        /// from (when absent) or to.
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
        /// click (when absent), rage, dead or scroll.
        kind "kind": Option<HeatmapKind>,
        /// desktop (when absent), tablet or mobile.
        viewport "viewport": Option<ViewportClass>,
    }

    /// The pages there are. The filter `text` is contained in their path.
    Pages {
        /// Pages.
        limit "limit": Count<50, 1_000>,
    }

    /// Who comes back.
    Retention {
        /// day, week (when absent) or month.
        period "period": Option<Period>,
        /// The last periods of the range, at most this many.
        cohorts "cohorts": Count<8, MAX_COHORTS>,
        /// IANA name; UTC when absent.
        timezone "timezone": Option<Zone>,
    }

    /// How fast pages load and react.
    Vitals {
        /// Path of the page; all when absent.
        page "page": Option<Text>,
    }
}
