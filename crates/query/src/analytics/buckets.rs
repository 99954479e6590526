//! Buckets that start at an hour, a day, a week or a month of a time zone.

use jiff::tz::TimeZone;
use jiff::{RoundMode, Timestamp, ToSpan, Unit, Zoned, ZonedRound};

use crate::error::{Error, Result};

pub use crate::ask::words::Length;

/// A chart with more buckets would be unreadable.
const MAX_BUCKETS: usize = 2_000;
const HOUR: i64 = 3_600_000;

impl Length {
    /// The length that gives a readable number of buckets.
    #[must_use]
    pub fn fitting(from: i64, to: i64) -> Self {
        match to.saturating_sub(from) / HOUR {
            0..=72 => Self::Hour,
            73..=2_880 => Self::Day,
            _ => Self::Week,
        }
    }

    fn begin(self, at: &Zoned) -> std::result::Result<Zoned, jiff::Error> {
        match self {
            Self::Hour => at.round(
                ZonedRound::new()
                    .smallest(Unit::Hour)
                    .mode(RoundMode::Trunc),
            ),
            Self::Day => at.start_of_day(),
            Self::Week => {
                let days = i64::from(at.weekday().to_monday_zero_offset());
                at.checked_sub(days.days())?.start_of_day()
            }
            Self::Month => at.first_of_month()?.start_of_day(),
        }
    }

    fn next(self, begin: &Zoned) -> std::result::Result<Zoned, jiff::Error> {
        match self {
            Self::Hour => begin.checked_add(1.hour()),
            Self::Day => begin.checked_add(1.day())?.start_of_day(),
            Self::Week => begin.checked_add(1.week())?.start_of_day(),
            Self::Month => begin.checked_add(1.month())?.start_of_day(),
        }
    }

    fn before(self, begin: &Zoned, count: i64) -> std::result::Result<Zoned, jiff::Error> {
        match self {
            Self::Hour => begin.checked_sub(count.hours()),
            Self::Day => begin.checked_sub(count.days())?.start_of_day(),
            Self::Week => begin.checked_sub(count.weeks())?.start_of_day(),
            Self::Month => begin.checked_sub(count.months())?.start_of_day(),
        }
    }
}

/// The starts of buckets, in order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Buckets {
    /// Milliseconds since the epoch.
    pub starts: Vec<i64>,
}

impl Buckets {
    /// Buckets that cover `from` to `to`. The first may start before `from`.
    pub fn cover(from: i64, to: i64, length: Length, zone: &TimeZone) -> Result<Self> {
        let mut starts = Vec::new();
        let mut begin = length.begin(&zoned(from, zone)?).map_err(out_of_range)?;
        while begin.timestamp().as_millisecond() < to {
            if starts.len() == MAX_BUCKETS {
                return Err(Error::Malformed(format!(
                    "bucket: the range has more than {MAX_BUCKETS} of these; choose a longer one"
                )));
            }
            starts.push(begin.timestamp().as_millisecond());
            begin = length.next(&begin).map_err(out_of_range)?;
        }
        Ok(Self { starts })
    }

    /// The last `count` buckets up to the one that contains `at`.
    pub fn until(at: i64, count: usize, length: Length, zone: &TimeZone) -> Result<Self> {
        let last = length.begin(&zoned(at, zone)?).map_err(out_of_range)?;
        let earlier = i64::try_from(count).unwrap_or(i64::MAX).saturating_sub(1);
        let first = length.before(&last, earlier).map_err(out_of_range)?;
        Self::cover(
            first.timestamp().as_millisecond(),
            at.saturating_add(1),
            length,
            zone,
        )
    }

    /// Drops everything before `from`: the bucket that contains it now starts there.
    pub fn begin_at(&mut self, from: i64) {
        let holding = self.index(from);
        self.starts.drain(..holding);
        if let Some(first) = self.starts.first_mut() {
            *first = from.max(*first);
        }
    }

    /// The bucket that contains `at`. A time outside all buckets belongs to the nearest one.
    #[must_use]
    pub fn index(&self, at: i64) -> usize {
        self.starts.partition_point(|start| *start <= at).max(1) - 1
    }
}

fn zoned(at: i64, zone: &TimeZone) -> Result<Zoned> {
    let at = Timestamp::from_millisecond(at).map_err(out_of_range)?;
    Ok(at.to_zoned(zone.clone()))
}

#[expect(clippy::needless_pass_by_value, reason = "for map_err")]
fn out_of_range(error: jiff::Error) -> Error {
    Error::Malformed(format!(
        "from, to: not in the range of the calendar: {error}"
    ))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ask::values::{Value, Zone};

    fn ms(text: &str) -> i64 {
        text.parse::<Timestamp>().unwrap().as_millisecond()
    }

    fn cover(from: &str, to: &str, length: Length, zone: &str) -> Vec<String> {
        let zone = TimeZone::get(zone).unwrap();
        let buckets = Buckets::cover(ms(from), ms(to), length, &zone).unwrap();
        let text = |start: &i64| Timestamp::from_millisecond(*start).unwrap().to_string();
        buckets.starts.iter().map(text).collect()
    }

    #[test]
    fn a_day_of_the_clock_change_has_25_hours() {
        let found = cover(
            "2025-10-25T12:00:00Z",
            "2025-10-27T12:00:00Z",
            Length::Day,
            "Europe/Berlin",
        );
        assert_eq!(
            found,
            [
                "2025-10-24T22:00:00Z",
                "2025-10-25T22:00:00Z",
                "2025-10-26T23:00:00Z"
            ]
        );
        let hours = cover(
            "2025-10-25T22:00:00Z",
            "2025-10-26T23:00:00Z",
            Length::Hour,
            "Europe/Berlin",
        );
        assert_eq!(hours.len(), 25);
    }

    #[test]
    fn weeks_begin_on_monday_and_hours_with_the_zone() {
        let weeks = cover(
            "2025-11-20T10:00:00Z",
            "2025-11-24T00:00:01Z",
            Length::Week,
            "UTC",
        );
        assert_eq!(weeks, ["2025-11-17T00:00:00Z", "2025-11-24T00:00:00Z"]);
        let hours = cover(
            "2025-11-20T10:10:00Z",
            "2025-11-20T10:31:00Z",
            Length::Hour,
            "Asia/Kolkata",
        );
        assert_eq!(hours, ["2025-11-20T09:30:00Z", "2025-11-20T10:30:00Z"]);
    }

    #[test]
    fn the_last_months() {
        let at = ms("2026-01-15T00:00:00Z");
        let months = Buckets::until(at, 3, Length::Month, &TimeZone::UTC).unwrap();
        let expected = [
            "2025-11-01T00:00:00Z",
            "2025-12-01T00:00:00Z",
            "2026-01-01T00:00:00Z",
        ];
        assert_eq!(months.starts, expected.map(ms));
        assert_eq!(months.index(ms("2025-12-31T23:59:59Z")), 1);
        assert_eq!(months.index(0), 0);
    }

    #[test]
    fn nothing_begins_before_the_range() {
        let at = ms("2026-01-15T00:00:00Z");
        let begun_at = |from: &str| {
            let mut months = Buckets::until(at, 3, Length::Month, &TimeZone::UTC).unwrap();
            months.begin_at(ms(from));
            months.starts
        };
        let middle = ["2025-12-10T00:00:00Z", "2026-01-01T00:00:00Z"];
        assert_eq!(begun_at(middle[0]), middle.map(ms));
        assert_eq!(
            begun_at("2026-01-01T00:00:00Z"),
            [ms("2026-01-01T00:00:00Z")]
        );
        assert_eq!(begun_at("2020-01-01T00:00:00Z").len(), 3);
    }

    #[test]
    fn a_range_that_is_too_long_is_refused() {
        let error = Buckets::cover(0, i64::MAX, Length::Week, &TimeZone::UTC).unwrap_err();
        assert!(error.to_string().contains("bucket:"), "{error}");
        let error = Buckets::cover(i64::MIN, 0, Length::Week, &TimeZone::UTC).unwrap_err();
        assert!(error.to_string().starts_with("from, to:"), "{error}");
        assert!(Zone::named("timezone", "Mars/Base").is_err());
    }
}
