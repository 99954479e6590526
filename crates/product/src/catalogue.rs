//! Recognises products of a catalogue, surest first: by id or SKU, by the path of its page, by its
//! name. Whoever compares meanings makes a [`Match`] of its own.

use std::collections::{BTreeSet, HashMap};

use serde::{Deserialize, Serialize};

use crate::words::words_of;

/// A name must have a word with so many letters, so that `XL` alone is none.
const MIN_LETTERS: usize = 3;

/// A product of a catalogue.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Known {
    /// What the shop calls it in events.
    pub id: String,
    /// Stock keeping unit.
    pub sku: Option<String>,
    /// Its name.
    pub name: String,
    /// What kind of product it is.
    pub category: Option<String>,
    /// The path of its page, see [`crate::path::path_of`].
    pub path: Option<String>,
}

/// How a product was recognised.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum By {
    /// Its id was named.
    Id,
    /// Its SKU was named.
    Sku,
    /// Its page was opened.
    Path,
    /// Its name was named.
    Name,
    /// A text means something like it.
    Meaning,
    /// A language model chose it among products that a text may mean.
    Model,
}

impl By {
    /// How sure that is, 0 to 1.
    #[must_use]
    pub fn confidence(self) -> f64 {
        match self {
            Self::Id | Self::Sku => 1.0,
            Self::Path => 0.95,
            Self::Name => 0.8,
            Self::Meaning => 0.5,
            // Nobody has measured it, and whoever wrote the text can influence it.
            Self::Model => 0.4,
        }
    }

    /// The word in responses.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Id => "id",
            Self::Sku => "sku",
            Self::Path => "path",
            Self::Name => "name",
            Self::Meaning => "meaning",
            Self::Model => "model",
        }
    }
}

/// A product that was recognised: its place in the catalogue, and how.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Match {
    /// For [`Catalogue::get`].
    pub place: usize,
    /// How.
    pub by: By,
}

/// The products of an organization.
#[derive(Debug, Default)]
pub struct Catalogue {
    products: Vec<Known>,
    ids: HashMap<String, usize>,
    skus: HashMap<String, usize>,
    /// `None`: several products have this page, such as variants.
    paths: HashMap<String, Option<usize>>,
    /// By all of its words. `None`: several products have this name.
    names: HashMap<BTreeSet<String>, Option<usize>>,
    /// The words of each name.
    words: Vec<BTreeSet<String>>,
    /// Products whose name has this word.
    of_word: HashMap<String, Vec<usize>>,
}

impl Catalogue {
    /// Of these products.
    #[must_use]
    pub fn new(products: Vec<Known>) -> Self {
        let mut catalogue = Self::default();
        for (place, product) in products.iter().enumerate() {
            catalogue
                .ids
                .entry(product.id.to_lowercase())
                .or_insert(place);
            if let Some(sku) = &product.sku {
                catalogue.skus.entry(sku.to_lowercase()).or_insert(place);
            }
            if let Some(path) = &product.path {
                catalogue
                    .paths
                    .entry(path.clone())
                    .and_modify(|known| *known = None)
                    .or_insert(Some(place));
            }
            let words = words_of(&product.name);
            for word in &words {
                let of_word = catalogue.of_word.entry(word.clone()).or_default();
                of_word.push(place);
            }
            catalogue
                .names
                .entry(words.clone())
                .and_modify(|known| *known = None)
                .or_insert(Some(place));
            catalogue.words.push(words);
        }
        catalogue.products = products;
        catalogue
    }

    /// Its products. The number of each is [`Match::place`].
    #[must_use]
    pub fn products(&self) -> &[Known] {
        &self.products
    }

    /// How many products it has.
    #[must_use]
    pub fn len(&self) -> usize {
        self.products.len()
    }

    /// Whether it has none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.products.is_empty()
    }

    /// The product of a match.
    #[must_use]
    pub fn get(&self, found: Match) -> &Known {
        &self.products[found.place]
    }

    /// By what an event names: an id or SKU, else a name.
    #[must_use]
    pub fn named(&self, id: &str, name: &str) -> Option<Match> {
        let id = id.to_lowercase();
        let found = |map: &HashMap<String, usize>, by| {
            let place = map.get(&id).filter(|_| !id.is_empty());
            place.map(|place| Match { place: *place, by })
        };
        found(&self.ids, By::Id)
            .or_else(|| found(&self.skus, By::Sku))
            .or_else(|| self.by_name(name))
    }

    /// By the path of a page.
    #[must_use]
    pub fn at(&self, path: &str) -> Option<Match> {
        let place = (*self.paths.get(path)?)?;
        Some(Match {
            place,
            by: By::Path,
        })
    }

    /// By a name: it must have all words of the product's name, and no others.
    #[must_use]
    pub fn by_name(&self, name: &str) -> Option<Match> {
        let words = words_of(name);
        let place = (*self.names.get(&words)?)?;
        is_telling(&words).then_some(Match {
            place,
            by: By::Name,
        })
    }

    /// The products that a text names. All distinctive words of a name must occur: those that few
    /// products share. If one name is part of another that occurs, too, only the longer counts.
    /// Products with the same name are not told apart, so neither counts.
    #[must_use]
    pub fn in_text(&self, text: &str) -> Vec<Match> {
        let said = words_of(text);
        let candidates: BTreeSet<usize> = said
            .iter()
            .filter_map(|word| self.of_word.get(word))
            .filter(|of_word| of_word.len() <= self.few())
            .flatten()
            .copied()
            .collect();
        let named: Vec<usize> = candidates
            .into_iter()
            .filter(|place| self.is_said(*place, &said))
            .collect();
        let is_part = |place: usize| {
            let own = &self.words[place];
            let others = named.iter().filter(|other| **other != place);
            let mut others = others.map(|other| &self.words[*other]);
            others.any(|other| own.is_subset(other))
        };
        let whole = named.iter().filter(|place| !is_part(**place));
        whole
            .map(|place| Match {
                place: *place,
                by: By::Name,
            })
            .collect()
    }

    fn is_said(&self, place: usize, said: &BTreeSet<String>) -> bool {
        let words = &self.words[place];
        let is_distinctive = |word: &&String| self.of_word[*word].len() <= self.few();
        let needed: BTreeSet<String> = words.iter().filter(is_distinctive).cloned().collect();
        // One word of many is not a name, unless it is rare and the rest is said as well.
        let needed = if needed.len() * 2 > words.len() {
            &needed
        } else {
            words
        };
        is_telling(needed) && needed.is_subset(said)
    }

    /// A word that more products share says little.
    fn few(&self) -> usize {
        (self.products.len() / 20).max(2)
    }
}

fn is_telling(words: &BTreeSet<String>) -> bool {
    words.iter().any(|word| {
        let letters = word.chars().filter(|it| it.is_alphabetic());
        letters.count() >= MIN_LETTERS
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn catalogue(names: &[&str]) -> Catalogue {
        let products = names.iter().map(|name| {
            let id = name.to_lowercase().replace(' ', "-");
            Known {
                sku: Some(format!("SKU-{id}")),
                name: (*name).to_owned(),
                category: None,
                path: Some(format!("/p/{id}")),
                id,
            }
        });
        Catalogue::new(products.collect())
    }

    fn ids<'a>(catalogue: &'a Catalogue, found: &[Match]) -> Vec<&'a str> {
        found
            .iter()
            .map(|it| catalogue.get(*it).id.as_str())
            .collect()
    }

    #[test]
    fn the_surest_way_wins() {
        let shop = catalogue(&["Brass Lamp", "Kettle"]);
        let found = |id, name| {
            shop.named(id, name)
                .map(|it| (shop.get(it).id.as_str(), it.by))
        };
        assert_eq!(found("KETTLE", "Brass lamp"), Some(("kettle", By::Id)));
        assert_eq!(found("sku-kettle", ""), Some(("kettle", By::Sku)));
        assert_eq!(found("", "The brass lamps"), Some(("brass-lamp", By::Name)));
        assert_eq!(found("other", "Brass lamp shade"), None);
        assert_eq!(found("", ""), None);
        let at = shop.at("/p/kettle").expect("it is known");
        assert_eq!((shop.get(at).id.as_str(), at.by), ("kettle", By::Path));
        assert_eq!(shop.at("/p"), None);
    }

    #[test]
    fn a_text_names_products_by_their_distinctive_words() {
        let shop = catalogue(&[
            "Brass Lamp",
            "Brass Lamp Deluxe",
            "Copper Kettle",
            "XL",
            "Lamp Oil",
        ]);
        let in_text = |text: &str| ids(&shop, &shop.in_text(text)).join(" ");
        assert_eq!(in_text("A person takes the copper kettle"), "copper-kettle");
        assert_eq!(
            in_text("compares a Brass Lamp with kettles of copper"),
            "brass-lamp copper-kettle"
        );
        assert_eq!(in_text("the deluxe brass lamp"), "brass-lamp-deluxe");
        assert_eq!(in_text("a kettle"), "");
        assert_eq!(in_text("size XL"), "");
        assert_eq!(in_text("somebody walks by"), "");
    }

    #[test]
    fn products_of_one_name_are_not_told_apart() {
        let same = |id: &str| Known {
            id: id.to_owned(),
            sku: None,
            name: "Wool hat".to_owned(),
            category: None,
            path: None,
        };
        let shop = Catalogue::new(vec![same("red"), same("blue")]);
        assert_eq!(shop.by_name("wool hat"), None);
        assert!(shop.in_text("a wool hat").is_empty());
        assert!(shop.named("blue", "").is_some());
    }
}
