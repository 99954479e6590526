//! What of the words of a language model may be used.
//!
//! A model gets the numbered lines and gives back claims. Visitors wrote parts of the lines, so a claim
//! may be invented or dictated. It is kept only if lines that exist show it, if what it quotes is in
//! those lines, and if it has no address in it. Facts stay as they were counted: a model cannot add an
//! order or take one away.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::{Value, json};

use crate::claims::Claim;
use crate::clean::{MAX_NAME, clean, clean_sentence};
use crate::intent::Intent;
use crate::story::Story;

#[cfg(test)]
mod tests;

/// Claims that are used of one answer.
const MAX_CLAIMS: usize = 12;
/// The longest claim, in characters.
const MAX_CLAIM: usize = 300;
/// Lines that one claim names as evidence.
const MAX_EVIDENCE: usize = 10;
/// Products that a model can choose from.
const MAX_PRODUCTS: usize = 40;
/// A model may count this far by itself: three pages, two clicks.
const COUNTED: f64 = 20.0;
/// Lines that are worth a model.
const ENOUGH_LINES: usize = 3;
/// The reason of an intent that a model chose.
const REASON: &str = "model";
/// What a visit was for, if it did not reach a step that is a fact.
const JUDGED: [Intent; 5] = [
    Intent::Compare,
    Intent::Search,
    Intent::Browse,
    Intent::Bounce,
    Intent::Inconclusive,
];

/// What a model says about a visit, in the form of [`Story::answer_schema`].
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct Said {
    /// What happened.
    pub claims: Vec<SaidClaim>,
    /// What it was for.
    pub intent: String,
    /// Names of products as [`Story::product_lines`] gives them.
    #[serde(default)]
    pub products: Vec<String>,
    /// 0 to 1.
    pub confidence: f64,
}

/// A sentence of a model.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct SaidClaim {
    /// **Not to be trusted.**
    pub text: String,
    /// Numbers of lines.
    pub evidence: Vec<u32>,
}

/// Which numbers a sentence may have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Figures {
    /// Those of the lines that it names.
    Given,
    /// Small ones, too.
    GivenOrCounted,
}

impl Story {
    /// Whether a model could say more than the rules.
    #[must_use]
    pub fn is_worth_words(&self) -> bool {
        self.intent != Intent::Bot && self.lines.len() >= ENOUGH_LINES
    }

    /// The form of an answer. It has no text of a page or a visitor in it.
    #[must_use]
    pub fn answer_schema(&self) -> Value {
        let intents: Vec<&str> = self.open_intents().iter().map(|it| it.as_str()).collect();
        let claim = json!({
            "type": "object",
            "additionalProperties": false,
            "required": ["text", "evidence"],
            "properties": {
                "text": {"type": "string"},
                "evidence": {"type": "array", "items": {"type": "integer"}},
            },
        });
        let mut schema = json!({
            "type": "object",
            "additionalProperties": false,
            "required": ["claims", "intent", "confidence"],
            "properties": {
                "claims": {"type": "array", "items": claim},
                "intent": {"type": "string", "enum": intents},
                "confidence": {"type": "number"},
            },
        });
        let count = self.products.len().min(MAX_PRODUCTS);
        if count > 0 {
            let handles: Vec<String> = (0..count).map(handle).collect();
            schema["properties"]["products"] =
                json!({"type": "array", "items": {"type": "string", "enum": handles}});
            schema["required"] = json!(["claims", "intent", "confidence", "products"]);
        }
        schema
    }

    /// The products with names of ours that a model can choose, for the inside of a fence.
    #[must_use]
    pub fn product_lines(&self) -> Vec<String> {
        let products = self.products.iter().take(MAX_PRODUCTS).enumerate();
        let line = |(at, product): (usize, &crate::products::Product)| {
            format!("{} \"{}\"", handle(at), clean(&product.name, MAX_NAME))
        };
        products.map(line).collect()
    }

    /// What a visit may have been for, as far as the rules leave it open.
    fn open_intents(&self) -> &[Intent] {
        if JUDGED.contains(&self.intent) {
            &JUDGED
        } else {
            std::slice::from_ref(&self.intent)
        }
    }

    /// The story in the words of a model. `None`: too little of what it says can be shown.
    #[must_use]
    pub fn worded(&self, said: &Said, by: &str) -> Option<Self> {
        let lines: BTreeMap<u32, String> = self
            .lines
            .iter()
            .map(|line| (line.line, line.told()))
            .collect();
        let claims: Vec<Claim> = said
            .claims
            .iter()
            .take(MAX_CLAIMS)
            .filter_map(|claim| shown_by(claim, &lines, Figures::GivenOrCounted))
            .collect();
        let known = |name: &&String| {
            (0..self.products.len().min(MAX_PRODUCTS)).any(|at| handle(at) == **name)
        };
        let named = said.products.iter().filter(known).count();
        let total = said.claims.len() + said.products.len() - named;
        if claims.is_empty() || claims.len() * 2 < total {
            return None;
        }
        let confidence = if said.confidence.is_finite() {
            said.confidence.clamp(0.0, 1.0)
        } else {
            0.0
        };
        let confidence = confidence * share(claims.len(), total);
        let open = self.open_intents();
        let chosen = open.iter().find(|it| it.as_str() == said.intent).copied();
        let intent = chosen.unwrap_or(self.intent);
        let texts: Vec<&str> = claims.iter().map(|claim| claim.text.as_str()).collect();
        let mut story = Self {
            summary: texts.join(" "),
            source: by.to_owned(),
            intent,
            confidence: (confidence * 100.0).round() / 100.0,
            claims,
            ..self.clone()
        };
        if intent != self.intent {
            story.reason = REASON.to_owned();
        }
        story.keep_products(&said.products);
        Some(story)
    }

    /// Leaves out products that were only seen in passing, unless the model names them.
    fn keep_products(&mut self, named: &[String]) {
        let mut matched = std::mem::take(&mut self.matched).into_iter();
        let products = std::mem::take(&mut self.products);
        for (at, product) in products.into_iter().enumerate() {
            // Each product of the catalogue has one, in the same order.
            let of_catalogue = product.found.and_then(|_found| matched.next());
            let is_fact = product.views > 0 || product.added || product.bought;
            let is_offered = at < MAX_PRODUCTS;
            if is_fact || !is_offered || named.contains(&handle(at)) {
                self.products.push(product);
                self.matched.extend(of_catalogue);
            }
        }
    }
}

/// A name that no visitor chose.
fn handle(at: usize) -> String {
    format!("p{}", at + 1)
}

#[expect(clippy::cast_precision_loss, reason = "there are some dozens")]
fn share(part: usize, whole: usize) -> f64 {
    part as f64 / whole.max(1) as f64
}

/// The claim as it may be shown, with the lines that exist; `None`: nothing shows it.
#[must_use]
pub fn shown_by(
    said: &SaidClaim,
    lines: &BTreeMap<u32, String>,
    figures: Figures,
) -> Option<Claim> {
    if said.text.chars().count() > MAX_CLAIM {
        return None;
    }
    let text = clean_sentence(&said.text, MAX_CLAIM);
    let mut evidence = said.evidence.clone();
    evidence.sort_unstable();
    evidence.dedup();
    evidence.retain(|line| lines.contains_key(line));
    evidence.truncate(MAX_EVIDENCE);
    let cited: Vec<&str> = evidence
        .iter()
        .filter_map(|line| lines.get(line).map(String::as_str))
        .collect();
    let is_shown = !text.is_empty() && !cited.is_empty() && is_founded(&text, &cited, figures);
    is_shown.then_some(Claim {
        text,
        evidence,
        fields: Vec::new(),
    })
}

/// Whether quotations and numbers of a sentence are in the lines, and its own words have no address.
fn is_founded(text: &str, cited: &[&str], figures: Figures) -> bool {
    let parts: Vec<&str> = text.split('"').collect();
    // A quotation that does not end.
    if parts.len().is_multiple_of(2) {
        return false;
    }
    let cited_lower: Vec<String> = cited.iter().map(|line| line.to_lowercase()).collect();
    let is_quoted = |quotation: &str| {
        let quotation = quotation.trim().trim_end_matches('…').to_lowercase();
        cited_lower.iter().any(|line| line.contains(&quotation))
    };
    let given: Vec<f64> = cited.iter().flat_map(|line| numbers(line)).collect();
    let may_have = |number: f64| {
        let is_given = given.iter().any(|it| (it - number).abs() < 1e-9);
        match figures {
            Figures::Given => is_given,
            Figures::GivenOrCounted => is_given || (number <= COUNTED && number.fract() == 0.0),
        }
    };
    let own = parts.iter().step_by(2);
    let mut quotations = parts.iter().skip(1).step_by(2);
    quotations.all(|part| is_quoted(part))
        && own.copied().all(|part| {
            !has_address(part)
                && !has_disguise(part)
                && !has_long_number(part, cited)
                && numbers(part).into_iter().all(&may_have)
        })
}

/// Digits that are not counted as numbers, or dots that browsers take for those of an address.
fn has_disguise(text: &str) -> bool {
    let is_digit = |c: char| c.is_numeric() && !c.is_ascii();
    text.contains(|c: char| is_digit(c) || matches!(c, '。' | '．' | '｡' | '․'))
}

/// Three or more numbers without a letter in between, such as of a telephone or a machine, that are in
/// no line.
fn has_long_number(text: &str, cited: &[&str]) -> bool {
    text.split(char::is_alphabetic).any(|row| {
        let row = row.trim_matches(|c: char| !c.is_ascii_digit());
        let words = row.split(|c: char| !is_part_of_number(c));
        let groups = words.map(|word| {
            let word = word.trim_matches(['.', ',']);
            match word.matches('.').count() {
                _ if word.is_empty() => 0,
                0 | 1 => 1,
                dots => dots + 1,
            }
        });
        groups.sum::<usize>() >= 3 && !cited.iter().any(|line| line.contains(row))
    })
}

/// Something to click on or to write to.
fn has_address(text: &str) -> bool {
    let characters: Vec<char> = text.chars().collect();
    let is_host = characters
        .windows(3)
        .any(|three| three[1] == '.' && three[0].is_alphanumeric() && three[2].is_alphabetic());
    is_host || text.contains("://") || text.contains('@')
}

/// The numbers of a text, digits with one decimal point.
fn numbers(text: &str) -> Vec<f64> {
    let words = text.split(|c: char| !is_part_of_number(c));
    let numbers = words.map(|word| word.trim_matches(['.', ',']).replace(',', ""));
    numbers.filter_map(|word| word.parse().ok()).collect()
}

fn is_part_of_number(character: char) -> bool {
    character.is_ascii_digit() || character == '.' || character == ','
}
