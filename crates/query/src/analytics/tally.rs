use std::collections::HashMap;

use crow_db::analytics::Sampling;

/// Stands for an absent value.
pub const NONE: &str = "(none)";

/// How often a value occurred, and in how many sessions.
#[derive(Debug, Clone, Copy, Default)]
pub struct Count {
    pub count: u64,
    pub sessions: u64,
    last_session: u64,
}

impl Count {
    /// Sessions are numbered from 1.
    fn add(&mut self, session: u64) {
        self.count += 1;
        self.sessions += u64::from(self.last_session != session);
        self.last_session = session;
    }
}

/// Counts values over sessions that are read one after another.
#[derive(Debug, Default)]
pub struct Tally {
    counts: HashMap<String, Count>,
    session: u64,
}

impl Tally {
    /// Values added from here on belong to the next session.
    pub fn next_session(&mut self) {
        self.session += 1;
    }

    pub fn add(&mut self, value: &str) {
        let value = if value.is_empty() { NONE } else { value };
        let session = self.session;
        match self.counts.get_mut(value) {
            Some(count) => count.add(session),
            None => {
                let mut count = Count::default();
                count.add(session);
                self.counts.insert(value.to_owned(), count);
            }
        }
    }

    /// The values with the most sessions, at most `limit`. The counts are scaled up from the
    /// sample.
    pub fn top(self, limit: usize, sampling: Sampling) -> Vec<(String, Count)> {
        let mut rows: Vec<_> = self.counts.into_iter().collect();
        let order = |(value, count): &(String, Count)| {
            let most = std::cmp::Reverse((count.sessions, count.count));
            (most, value.clone())
        };
        rows.sort_by_cached_key(order);
        rows.truncate(limit);
        for (_, count) in &mut rows {
            count.count = sampling.scale(count.count);
            count.sessions = sampling.scale(count.sessions);
        }
        rows
    }
}

/// Assigns numbers to texts that repeat often.
#[derive(Debug, Default)]
pub struct Names {
    numbers: HashMap<String, u32>,
    texts: Vec<String>,
}

impl Names {
    pub fn number(&mut self, text: &str) -> u32 {
        if let Some(number) = self.numbers.get(text) {
            return *number;
        }
        let number = u32::try_from(self.texts.len()).unwrap_or(u32::MAX);
        self.numbers.insert(text.to_owned(), number);
        self.texts.push(text.to_owned());
        number
    }

    pub fn text(&self, number: u32) -> &str {
        &self.texts[number as usize]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_counts_once_a_session() {
        let mut tally = Tally::default();
        for values in [["a", "a"], ["a", ""]] {
            tally.next_session();
            values.into_iter().for_each(|value| tally.add(value));
        }
        let sampling = Sampling { halvings: 1 };
        let top = tally.top(9, sampling);
        let rows: Vec<_> = top
            .iter()
            .map(|(value, count)| (value.as_str(), count.count, count.sessions))
            .collect();
        assert_eq!(rows, [("a", 6, 4), (NONE, 2, 2)]);
    }
}
