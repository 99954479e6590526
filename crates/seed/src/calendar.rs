//! When sessions start: fewer at night and at weekends, and more from week to week.

const HOUR: i64 = 3_600_000;
/// Relative number of sessions for each hour of the day.
const OF_DAY: [u64; 24] = [
    14, 9, 7, 6, 6, 9, 17, 30, 46, 58, 63, 64, 60, 62, 63, 62, 60, 58, 60, 66, 70, 62, 44, 26,
];
/// Relative number of sessions for each day of the week in percent, starting with Thursday, the day
/// of the epoch.
const OF_WEEK: [u64; 7] = [104, 96, 71, 76, 108, 112, 109];

/// The hours of a range of time, each with the number of sessions that start before it.
#[derive(Debug, Clone)]
pub struct Calendar {
    start: i64,
    sums: Vec<u64>,
}

impl Calendar {
    /// For the `days` before `end`.
    pub fn new(end: i64, days: u32) -> Self {
        let start = end - i64::from(days) * 24 * HOUR;
        let mut sum = 0;
        let mut sums = vec![0];
        for hour in 0..i64::from(days) * 24 {
            let since_epoch = start / HOUR + hour;
            let of_day = OF_DAY[place(since_epoch, 24)];
            let of_week = OF_WEEK[place(since_epoch / 24, 7)];
            let growth = 1_000 + u64::try_from(hour).unwrap_or(0) / 2;
            sum += of_day * of_week * growth;
            sums.push(sum);
        }
        Self { start, sums }
    }

    /// When session `number` of `count` starts; a larger number starts later.
    pub fn time_of(&self, number: u64, count: u64) -> i64 {
        let all = u128::from(*self.sums.last().unwrap_or(&0));
        let place = u64::try_from(all * u128::from(number) / u128::from(count.max(1)));
        let place = place.unwrap_or(0);
        let hour = self.sums.partition_point(|sum| *sum <= place).max(1) - 1;
        let width = self
            .sums
            .get(hour + 1)
            .map_or(1, |next| next - self.sums[hour]);
        let part = u128::from(place - self.sums[hour]) * 3_600_000 / u128::from(width.max(1));
        let hours = i64::try_from(hour).unwrap_or(0);
        self.start + hours * HOUR + i64::try_from(part).unwrap_or(0)
    }
}

fn place(number: i64, length: i64) -> usize {
    usize::try_from(number.rem_euclid(length)).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn visits_are_in_order_and_in_the_range() {
        let end = 1_763_700_000_000;
        let calendar = Calendar::new(end, 3);
        let times: Vec<i64> = (0..1_000).map(|n| calendar.time_of(n, 1_000)).collect();
        assert!(times.is_sorted());
        assert_eq!(times[0], end - 3 * 24 * HOUR);
        assert!(times[999] < end);
    }
}
