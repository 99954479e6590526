//! Products of the catalogue that something was about.

use serde::Serialize;

use crow_product::catalogue::{By, Catalogue, Known, Match};

use crate::clean::{MAX_NAME, clean};

/// A product of the catalogue, and what shows it.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Matched {
    /// Its id in the catalogue.
    pub product_id: String,
    /// Its name, cleaned.
    pub name: String,
    /// 0 to 1, by how it was recognised.
    pub confidence: f64,
    /// How it was recognised.
    pub by: By,
    /// Lines of the story.
    pub evidence: Vec<u32>,
    /// Words of the first of these lines that mean it, cleaned. Only [`By::Meaning`] and [`By::Model`] have
    /// some.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub quote: Option<String>,
    /// The name of the language model that chose it. Only [`By::Model`] has one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub model: Option<String>,
}

impl Matched {
    pub(crate) fn new(catalogue: &Catalogue, found: Match, evidence: Vec<u32>) -> Self {
        let known = catalogue.get(found);
        Self {
            product_id: known.id.clone(),
            name: name_of(known),
            confidence: found.by.confidence(),
            by: found.by,
            evidence,
            quote: None,
            model: None,
        }
    }
}

/// The name of a product, fit to be quoted.
pub(crate) fn name_of(known: &Known) -> String {
    clean(&known.name, MAX_NAME)
}
