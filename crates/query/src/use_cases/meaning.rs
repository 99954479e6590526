//! What is similar in meaning to a text.
//!
//! Everything of the organization that passes the filter is compared: the answer is exact. Only a large
//! organization on Postgres has an index of its interactions, which may miss a few of the less similar.

mod catalogues;
mod embeddings;
mod interactions;
mod products;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

pub(crate) use embeddings::Embeddings;

use crate::use_cases::Page;

/// What is less similar is about something else.
const LEAST: f32 = 0.2;

/// Says that a remote model could not make vectors, so the answer is that of a search by words.
const BY_WORDS: &str =
    "Search by meaning is not available now. These items have all words of the question.";

/// What a search found.
#[derive(Debug)]
pub struct Answer<T, K> {
    /// The items.
    pub page: Page<Ranked<T>, K>,
    /// Why it is not what was asked for.
    pub note: Option<&'static str>,
}

impl<T, K> Answer<T, K> {
    fn of_words(page: Page<T, K>) -> Self {
        Self {
            page: page.map(Ranked::from),
            note: None,
        }
    }

    /// In place of a search by meaning, which is one page.
    fn of_words_instead(items: Vec<T>) -> Self {
        Self {
            page: Page {
                items: items.into_iter().map(Ranked::from).collect(),
                next: None,
            },
            note: Some(BY_WORDS),
        }
    }

    fn of_meaning(items: Vec<Ranked<T>>) -> Self {
        Self {
            page: Page { items, next: None },
            note: None,
        }
    }
}

/// An item that was found.
#[derive(Debug)]
pub struct Ranked<T> {
    /// The row.
    pub item: T,
    /// The cosine to the question; `None` when only its words were found.
    pub similarity: Option<f32>,
}

impl<T> From<T> for Ranked<T> {
    fn from(item: T) -> Self {
        Self {
            item,
            similarity: None,
        }
    }
}

/// What has all words, then what is similar, until its rows are read.
struct Ranking<T> {
    found: Vec<Ranked<T>>,
    missing: Vec<(f32, String)>,
    id: fn(&T) -> &str,
}

impl<T> Ranking<T> {
    /// Of rows that have all words and of the ids of similar ones, at most `most` of both.
    fn new(with_words: Vec<T>, nearest: &[(f32, String)], most: usize, id: fn(&T) -> &str) -> Self {
        let mut similar: BTreeMap<&str, f32> = nearest
            .iter()
            .map(|(like, owner)| (owner.as_str(), *like))
            .collect();
        let found: Vec<Ranked<T>> = with_words
            .into_iter()
            .take(most)
            .map(|item| {
                let similarity = similar.remove(id(&item));
                Ranked { item, similarity }
            })
            .collect();
        let missing = nearest
            .iter()
            .filter(|(_, owner)| similar.contains_key(owner.as_str()))
            .take(most - found.len())
            .cloned()
            .collect();
        Self { found, missing, id }
    }

    /// The ids of the rows to read.
    fn missing(&self) -> Vec<&str> {
        self.missing.iter().map(|(_, id)| id.as_str()).collect()
    }

    /// With the rows that were read, in any order. Some may have gone meanwhile.
    fn complete(mut self, rows: Vec<T>) -> Vec<Ranked<T>> {
        let by_id = rows
            .into_iter()
            .map(|row| ((self.id)(&row).to_owned(), row));
        let mut rows: BTreeMap<String, T> = by_id.collect();
        let more = self.missing.iter().filter_map(|(like, id)| {
            Some(Ranked {
                item: rows.remove(id)?,
                similarity: Some(*like),
            })
        });
        self.found.extend(more);
        self.found
    }
}

/// The best so far. It holds at most twice as many as are wanted.
struct Best {
    most: usize,
    least: f32,
    found: Vec<(f32, String)>,
}

impl Best {
    fn of(most: usize) -> Self {
        Self {
            most,
            least: LEAST,
            found: Vec::new(),
        }
    }

    fn offer(&mut self, like: f32, id: &str) {
        if like < self.least {
            return;
        }
        self.found.push((like, id.to_owned()));
        if self.found.len() >= self.most * 2 {
            self.cut();
            if let Some((worst, _id)) = self.found.last() {
                self.least = *worst;
            }
        }
    }

    /// Ids break ties, so that the same question has the same answer. One that was offered twice counts once.
    fn cut(&mut self) {
        self.found
            .sort_by(|one, other| other.0.total_cmp(&one.0).then(other.1.cmp(&one.1)));
        self.found.dedup_by(|one, other| one.1 == other.1);
        self.found.truncate(self.most);
    }

    fn sorted(mut self) -> Vec<(f32, String)> {
        self.cut();
        self.found
    }
}
