//! The furthest step that a visit reached, and how sure that is. The table is published in
//! `docs/interactions.md`.

use serde::{Deserialize, Serialize};

use crate::facts::Facts;
use crate::products::By;

/// What a visit was for, as far as its steps show.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Intent {
    /// An order was reported or confirmed.
    Purchase,
    /// The checkout was begun.
    Checkout,
    /// Something was put into the cart, or the cart was opened.
    Cart,
    /// Similar products were looked at, or two in turns.
    Compare,
    /// Something was searched for.
    Search,
    /// Several pages, or one with attention.
    Browse,
    /// One page and nothing else.
    Bounce,
    /// Too little is known.
    Inconclusive,
    /// The visitor is a robot.
    Bot,
}

impl Intent {
    /// All of them, the furthest first.
    pub const ALL: [Self; 9] = [
        Self::Purchase,
        Self::Checkout,
        Self::Cart,
        Self::Compare,
        Self::Search,
        Self::Browse,
        Self::Bounce,
        Self::Inconclusive,
        Self::Bot,
    ];

    /// The word in rows and responses.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Purchase => "purchase",
            Self::Checkout => "checkout",
            Self::Cart => "cart",
            Self::Compare => "compare",
            Self::Search => "search",
            Self::Browse => "browse",
            Self::Bounce => "bounce",
            Self::Inconclusive => "inconclusive",
            Self::Bot => "bot",
        }
    }
}

/// A row of the table: what was seen, what it means and how sure that is.
#[derive(Debug, Clone, Copy)]
pub struct Rule {
    /// The word in responses.
    pub reason: &'static str,
    /// What it means.
    pub intent: Intent,
    /// Before anything is taken off.
    pub confidence: f64,
    /// For people.
    pub seen: &'static str,
}

/// Taken off when batches of the session are missing.
pub const MINUS_GAPS: f64 = 0.2;
/// Taken off when the session has fewer than [`FEW`] events that tell something.
pub const MINUS_FEW: f64 = 0.2;
/// See [`MINUS_FEW`].
pub const FEW: u64 = 3;
/// A visit of one page is no bounce when it lasts so long, in milliseconds.
const ATTENTION_MS: i64 = 30_000;
/// Or when so much of the page was read, in percent.
const ATTENTION_DEPTH: u64 = 50;

macro_rules! rules {
    ($($name:ident: $reason:literal $intent:ident $confidence:literal $seen:literal;)*) => {
        $(const $name: Rule = Rule {
            reason: $reason,
            intent: Intent::$intent,
            confidence: $confidence,
            seen: $seen,
        };)*
        /// The whole table; the first row that applies counts.
        pub const RULES: &[Rule] = &[$($name),*];
    };
}

rules! {
    BOT: "bot" Bot 0.0 "the user agent is a known bot";
    ORDER: "order" Purchase 0.95 "a purchase event with an order id";
    PURCHASE: "purchase" Purchase 0.85 "a purchase event without an order id";
    CONFIRMATION: "confirmation" Purchase 0.8 "a confirmation page, or a page of thanks after a checkout";
    CHECKOUT: "checkout" Checkout 0.8 "a checkout event or page";
    CHECKOUT_CLICK: "checkout_click" Checkout 0.6 "only a click on a checkout button";
    ADDED: "added" Cart 0.75 "an event that adds to the cart";
    ADD_CLICK: "add_click" Cart 0.65 "only a click on an add-to-cart button";
    CART: "cart" Cart 0.6 "only a cart page or an event that the cart was opened";
    CATEGORY: "category" Compare 0.55 "two products of one category";
    BACK_AND_FORTH: "back_and_forth" Compare 0.55 "one product before and after another";
    COMPARISON: "comparison" Compare 0.55 "a comparison page or event";
    SEARCH: "search" Search 0.5 "a search event, page or field";
    NOTHING: "nothing" Inconclusive 0.1 "no page and no action, or fewer than three events with gaps";
    PAGES: "pages" Browse 0.4 "two pages or more";
    ATTENTION: "attention" Browse 0.4 "one page with a click, an input, a product, half of the page read, or 30 s";
    ONE_PAGE: "one_page" Bounce 0.4 "one page and none of that";
}

/// What was decided, and why.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Judgement {
    pub(crate) rule: Rule,
    pub(crate) confidence: f64,
}

/// How sure a product is, by how it was recognised.
pub(crate) fn confidence_of(by: By) -> f64 {
    match by {
        By::Id => 1.0,
        By::Name => 0.8,
        By::Path => 0.7,
    }
}

pub(crate) fn judge(facts: &Facts) -> Judgement {
    let rule = rule_of(facts);
    let mut confidence = rule.confidence;
    if facts.has_gaps {
        confidence -= MINUS_GAPS;
    }
    if facts.told < FEW {
        confidence -= MINUS_FEW;
    }
    Judgement {
        rule,
        confidence: (confidence.max(0.0) * 100.0).round() / 100.0,
    }
}

fn rule_of(facts: &Facts) -> Rule {
    let rungs = [
        (facts.is_bot, BOT),
        (!facts.orders.is_empty(), ORDER),
        (!facts.purchase.is_empty(), PURCHASE),
        (!facts.confirmation.is_empty(), CONFIRMATION),
        (!facts.checkout.is_empty(), CHECKOUT),
        (!facts.checkout_click.is_empty(), CHECKOUT_CLICK),
        (!facts.added.is_empty(), ADDED),
        (!facts.add_click.is_empty(), ADD_CLICK),
        (!facts.cart.is_empty(), CART),
        (!facts.products.of_category.is_empty(), CATEGORY),
        (facts.products.back_and_forth.is_some(), BACK_AND_FORTH),
        (!facts.comparison.is_empty(), COMPARISON),
        (!facts.search.is_empty(), SEARCH),
        (knows_nothing(facts), NOTHING),
        (facts.pages.count > 1, PAGES),
        (has_attention(facts), ATTENTION),
    ];
    let found = rungs.into_iter().find(|(applies, _)| *applies);
    found.map_or(ONE_PAGE, |(_, rule)| rule)
}

fn knows_nothing(facts: &Facts) -> bool {
    let has_acted = facts.pages.count > 0 || acts(facts) > 0 || !facts.products.list.is_empty();
    !has_acted || (facts.has_gaps && facts.told < FEW)
}

fn acts(facts: &Facts) -> u64 {
    facts.clicks.count + facts.inputs.count + facts.submits.count
}

fn has_attention(facts: &Facts) -> bool {
    acts(facts) > 0
        || !facts.products.list.is_empty()
        || facts.depth >= ATTENTION_DEPTH
        || facts.duration_ms >= ATTENTION_MS
}
