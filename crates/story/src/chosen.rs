//! Which product a language model chooses for a report that names none and clearly means none: the last
//! step of recognising products.
//!
//! A model gets lines of the report and a closed list of products that are near in meaning. It answers
//! with a name of ours for one of them and with a line, or with none of them. So no text of a model is
//! ever shown, and it can invent neither a product nor a line. Whoever wrote the report can still
//! influence what it chooses.

use serde::Deserialize;
use serde_json::{Value, json};

use crow_product::catalogue::{By, Catalogue};

use crate::clean::{MAX_NAME, clean};
use crate::line::Line;
use crate::matched::{Matched, name_of};

#[cfg(test)]
mod tests;

/// Products that a model can choose from.
pub(crate) const MAX_CANDIDATES: usize = 20;
/// The answer that chooses no product.
const NONE: &str = "none";

/// What a model may choose from.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Choice {
    /// The nearest first.
    candidates: Vec<Candidate>,
    /// Those that are near to a candidate. At least one if there are candidates.
    lines: Vec<Line>,
}

#[derive(Debug, Clone, PartialEq)]
struct Candidate {
    /// The catalogue's id as it is.
    id: String,
    /// Cleaned.
    name: String,
    /// Cleaned. Empty: it has none.
    category: String,
}

/// What a model says, in the form of [`Choice::answer_schema`].
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SaidChoice {
    /// A name as [`Choice::product_lines`] gives it, or `none`.
    pub product: String,
    /// The number of the line that shows it; of `none`, any.
    pub line: u32,
}

/// What a model chose.
#[derive(Debug, Clone, PartialEq)]
pub enum Chosen {
    /// This product. [`Matched::model`] is not known here.
    Product(Matched),
    /// None of the products.
    Nothing,
}

impl Choice {
    /// Among products at these places, the nearest first.
    pub(crate) fn among(catalogue: &Catalogue, places: &[usize], lines: Vec<Line>) -> Self {
        let places = places.iter().take(MAX_CANDIDATES);
        let known = places.filter_map(|place| catalogue.products().get(*place));
        let candidates = known.map(|known| Candidate {
            id: known.id.clone(),
            name: name_of(known),
            category: clean(known.category.as_deref().unwrap_or_default(), MAX_NAME),
        });
        Self {
            candidates: candidates.collect(),
            lines,
        }
    }

    /// Whether there is something to choose.
    #[must_use]
    pub fn is_open(&self) -> bool {
        !self.candidates.is_empty() && !self.lines.is_empty()
    }

    /// The ids of the products, the nearest first.
    pub fn product_ids(&self) -> impl Iterator<Item = &str> {
        self.candidates.iter().map(|it| it.id.as_str())
    }

    /// The form of an answer. It has no text of a report or a catalogue in it.
    #[must_use]
    pub fn answer_schema(&self) -> Value {
        let handles = (0..self.candidates.len()).map(handle);
        let handles: Vec<String> = handles.chain([NONE.to_owned()]).collect();
        json!({
            "type": "object",
            "additionalProperties": false,
            "required": ["product", "line"],
            "properties": {
                "product": {"type": "string", "enum": handles},
                "line": {"type": "integer"},
            },
        })
    }

    /// The lines, for the inside of a fence.
    #[must_use]
    pub fn told_lines(&self) -> Vec<String> {
        self.lines.iter().map(Line::told).collect()
    }

    /// The products with names of ours, for the inside of a fence.
    #[must_use]
    pub fn product_lines(&self) -> Vec<String> {
        let line = |(at, product): (usize, &Candidate)| {
            let category = match product.category.as_str() {
                "" => String::new(),
                category => format!(" in \"{category}\""),
            };
            format!("{} \"{}\"{category}", handle(at), product.name)
        };
        self.candidates.iter().enumerate().map(line).collect()
    }

    /// What a model chose. `None`: there is no such product or line, so nothing of it may be used.
    #[must_use]
    pub fn chosen(&self, said: &SaidChoice) -> Option<Chosen> {
        if said.product == NONE {
            return Some(Chosen::Nothing);
        }
        let place = (0..self.candidates.len()).find(|at| handle(*at) == said.product)?;
        let candidate = &self.candidates[place];
        let line = self.lines.iter().find(|it| it.line == said.line)?;
        Some(Chosen::Product(Matched {
            product_id: candidate.id.clone(),
            name: candidate.name.clone(),
            confidence: By::Model.confidence(),
            by: By::Model,
            evidence: vec![line.line],
            quote: Some(line.text.clone()),
            model: None,
        }))
    }
}

/// A name that nobody outside chose.
fn handle(at: usize) -> String {
    format!("p{}", at + 1)
}
