//! Questions about what an organization used.

use crow_db::usage::{DAY, Days};
use crow_types::Timestamp;

use crate::ask::question::questions;
use crate::ask::values::Moment;
use crate::error::{Error, Result};

/// Days when the caller gives no start.
const DEFAULT_DAYS: i64 = 30;
/// Days in one answer.
const MOST_DAYS: i64 = 92;

questions! {
    /// Which days, in UTC.
    UsageRange {
        /// A moment of the first day: milliseconds since the epoch or RFC 3339. Default: 29 days before
        /// the last one.
        from "from": Option<Moment>,
        /// A moment of the last day. Default: now.
        to "to": Option<Moment>,
    }
}

impl UsageRange {
    /// # Errors
    /// `Malformed` when there is no day in it, or more than 92.
    pub fn days(&self) -> Result<Days> {
        let last = self
            .to
            .as_ref()
            .map_or_else(Timestamp::now, |to| Timestamp(to.0));
        let to = last.0.div_euclid(DAY) + 1;
        let first = self.from.as_ref().map(|from| from.0.div_euclid(DAY));
        let from = first.unwrap_or(to - DEFAULT_DAYS);
        if from >= to {
            return Err(Error::Malformed("from: must not be after `to`".to_owned()));
        }
        if to - from > MOST_DAYS {
            let text = format!("from: must be at most {MOST_DAYS} days before `to`");
            return Err(Error::Malformed(text));
        }
        Ok(Days { from, to })
    }
}
