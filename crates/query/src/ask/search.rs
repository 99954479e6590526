//! How the words of a list are meant.

use crate::ask::question::{Given, Parameter, Question, questions};
use crate::ask::words::Search;
use crate::error::{Error, Result};

/// Items in the order of similarity.
const MAX_RANKED: u64 = 100;

questions! {
    /// How `q` is meant.
    HowToSearch {
        /// How `q` is meant. `words`, the default: all must occur. `meaning`: what is similar in meaning
        /// (English), the most similar first. `both`: what has all words, then what is similar. The last two
        /// need `q`, take a `limit` of at most 100, and are one page without `cursor`.
        search "search": Option<Search>,
    }
}

/// A list of what has some words.
pub trait Searched {
    /// What the words may be.
    fn words(&self) -> &[String];
    /// Items of the page.
    fn limit(&self) -> u64;
    /// Whether it goes on after an earlier page.
    fn goes_on(&self) -> bool;
}

/// What a protocol calls the fields that errors name.
pub struct Names {
    words: &'static str,
    limit: &'static str,
    cursor: &'static str,
}

/// Of REST.
const REST: Names = Names {
    words: "q",
    limit: "limit",
    cursor: "cursor",
};
/// Of gRPC.
pub const GRPC: Names = Names {
    words: "words",
    limit: "page_size",
    cursor: "page_token",
};

/// A list, by words or by meaning.
#[derive(Debug, Clone)]
pub struct Searching<L> {
    /// Which items, and the words.
    pub list: L,
    /// How the words are meant.
    pub search: Search,
}

impl<L: Searched> Searching<L> {
    /// # Errors
    /// `Malformed` when the list cannot be answered in the order of similarity, and should be.
    pub fn new(list: L, search: Search, names: &Names) -> Result<Self> {
        let Names {
            words,
            limit,
            cursor,
        } = names;
        let wrong = if search == Search::Words {
            return Ok(Self { list, search });
        } else if list.words().is_empty() {
            format!("{words}: is required by search=meaning and search=both")
        } else if list.limit() > MAX_RANKED {
            format!("{limit}: must be 1 to {MAX_RANKED} with search=meaning and search=both")
        } else if list.goes_on() {
            format!(
                "{cursor}: must not be given with search=meaning and search=both, which have one page"
            )
        } else {
            return Ok(Self { list, search });
        };
        Err(Error::Malformed(wrong))
    }
}

impl<L: Searched + Question> Question for Searching<L> {
    fn parameters() -> Vec<Parameter> {
        let mut all = L::parameters();
        all.extend(HowToSearch::parameters());
        all
    }

    fn read(given: &Given) -> Result<Self> {
        let search = HowToSearch::read(given)?.search.unwrap_or_default();
        Self::new(L::read(given)?, search, &REST)
    }
}
