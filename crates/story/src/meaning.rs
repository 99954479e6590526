//! Which product of a catalogue a text means in other words: a late step of recognising products, for
//! texts of services that name none.
//!
//! Each phrase of a text is compared with the name and category of every product, as the search by meaning
//! compares them. It means a product only if that one is similar enough, and clearly more similar than
//! the next one. False matches are worse than none. The table behind the vectors knows English only.
//! If no phrase means a product, a language model may choose among those that are near.
//!
//! The products of a visit are never recognised like this. Pages name products, and a name that is almost
//! one of the catalogue is that of another product.

use std::collections::BTreeSet;
use std::hash::{DefaultHasher, Hash, Hasher};

use crow_embedding::{DIMENSION, embed};
use crow_product::catalogue::{By, Catalogue, Known, Match};

/// The least similarity of a phrase to its product, as a cosine. Change it and [`MARGIN`] only with a
/// measurement: `crates/story/tests/meaning.rs` prints one.
const LEAST: f32 = 0.55;
/// How much more similar it must be than to any other product.
const MARGIN: f32 = 0.15;
/// The least similarity of a phrase to a product that a model may choose. The same test prints what it
/// leaves.
const NEAR: f32 = 0.3;
/// A phrase ends before these.
const ENDS: &[char] = &['.', ',', ';', ':', '!', '?', '(', ')', '…', '\n'];

/// The vectors of a catalogue, 128 bytes for each product. Making one costs as much as comparing it with many
/// phrases, so make them once and keep them.
#[derive(Debug, Default)]
pub struct Meaning {
    /// Of each product, in the order of the catalogue. Zeros: it has no known word.
    vectors: Vec<u8>,
    made_of: u64,
}

impl Meaning {
    /// Of this catalogue.
    #[must_use]
    pub fn of(catalogue: &Catalogue) -> Self {
        let products = catalogue.products();
        let mut vectors = Vec::with_capacity(products.len() * DIMENSION);
        for product in products {
            let vector = embed(&text_of(product));
            let bytes = vector.map_or_else(|| vec![0; DIMENSION], |vector| vector.to_bytes());
            vectors.extend_from_slice(&bytes);
        }
        Self {
            vectors,
            made_of: digest(catalogue),
        }
    }

    /// Whether it fits this catalogue, too: one with the same names and categories in the same order.
    #[must_use]
    pub fn fits(&self, catalogue: &Catalogue) -> bool {
        self.len() == catalogue.len() && self.made_of == digest(catalogue)
    }

    /// Of how many products.
    #[must_use]
    pub fn len(&self) -> usize {
        self.vectors.len() / DIMENSION
    }

    /// Whether the catalogue is empty.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.vectors.is_empty()
    }

    /// The product that a phrase means. `None`: no product, or several that it does not tell apart.
    #[must_use]
    pub fn meant(&self, phrase: &str) -> Option<Match> {
        clear(&self.compare(phrase)?)
    }

    /// How similar a phrase and each product are. `None`: the phrase has no known word.
    pub(crate) fn compare(&self, phrase: &str) -> Option<Vec<f32>> {
        Some(embed(phrase)?.similarities(&self.vectors))
    }
}

/// The product that is similar enough, and clearly more similar than any other.
pub(crate) fn clear(similar: &[f32]) -> Option<Match> {
    let (mut best, mut second) = ((0.0, None), 0.0);
    for (place, like) in similar.iter().copied().enumerate() {
        if like > best.0 {
            second = best.0;
            best = (like, Some(place));
        } else if like > second {
            second = like;
        }
    }
    let (like, place) = best;
    let is_clear = like >= LEAST && like - second >= MARGIN;
    place.filter(|_| is_clear).map(|place| Match {
        place,
        by: By::Meaning,
    })
}

/// The products that are near to any of some phrases.
#[derive(Debug, Default)]
pub(crate) struct Near {
    /// Of each product, how similar the nearest phrase is.
    similar: Vec<f32>,
    /// Lines of phrases to which a product is near.
    lines: BTreeSet<u32>,
}

impl Near {
    /// A phrase, as it was compared, and a line that shows it.
    pub(crate) fn add(&mut self, similar: &[f32], line: u32) {
        if similar.iter().any(|like| *like >= NEAR) {
            self.lines.insert(line);
        }
        self.similar.resize(similar.len(), 0.0);
        for (known, like) in self.similar.iter_mut().zip(similar) {
            *known = known.max(*like);
        }
    }

    pub(crate) fn has(&self, line: u32) -> bool {
        self.lines.contains(&line)
    }

    /// The places of the nearest products, at most so many, the nearest first.
    pub(crate) fn places(&self, most: usize) -> Vec<usize> {
        let similar = self.similar.iter().copied().enumerate();
        let mut near: Vec<(usize, f32)> = similar.filter(|(_, like)| *like >= NEAR).collect();
        near.sort_by(|(_, one), (_, other)| other.total_cmp(one));
        near.truncate(most);
        near.into_iter().map(|(place, _)| place).collect()
    }
}

/// The phrases of a text.
pub(crate) fn phrases(text: &str) -> impl Iterator<Item = &str> {
    let phrases = text.split(ENDS).map(str::trim);
    phrases.filter(|phrase| !phrase.is_empty())
}

/// As the search by meaning reads a product.
fn text_of(product: &Known) -> String {
    match &product.category {
        Some(category) => format!("{}. {category}", product.name),
        None => product.name.clone(),
    }
}

fn digest(catalogue: &Catalogue) -> u64 {
    let mut hasher = DefaultHasher::new();
    for product in catalogue.products() {
        (&product.name, &product.category).hash(&mut hasher);
    }
    hasher.finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn catalogue(names: &[&str]) -> Catalogue {
        let products = names.iter().map(|name| Known {
            id: (*name).to_owned(),
            sku: None,
            name: (*name).to_owned(),
            category: None,
            path: None,
        });
        Catalogue::new(products.collect())
    }

    #[test]
    fn what_fits_two_products_equally_means_neither() {
        let meaning = Meaning::of(&catalogue(&["Acoustic guitar", "Dog bed"]));
        let place = |phrase| meaning.meant(phrase).map(|it| it.place);
        assert_eq!(place("musical instrument to strum"), Some(0));
        assert_eq!(place("an empty aisle at night"), None);
        assert_eq!(place(""), None);
        let twins = Meaning::of(&catalogue(&["Acoustic guitar", "Acoustic guitar"]));
        assert_eq!(twins.meant("musical instrument to strum"), None);
        assert_eq!(Meaning::default().meant("guitar"), None);
    }

    #[test]
    fn vectors_fit_as_long_as_names_and_categories_are_the_same() {
        let meaning = Meaning::of(&catalogue(&["Lamp", "\u{0}"]));
        assert_eq!(meaning.len(), 2);
        assert!(meaning.fits(&catalogue(&["Lamp", "\u{0}"])));
        assert!(!meaning.fits(&catalogue(&["\u{0}", "Lamp"])));
        assert!(!meaning.fits(&catalogue(&["Lamp"])));
    }

    #[test]
    fn a_text_is_cut_into_phrases() {
        let cut: Vec<&str> = phrases(" A hand, a lamp (brass). \n?").collect();
        assert_eq!(cut, ["A hand", "a lamp", "brass"]);
    }
}
