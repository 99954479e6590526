//! Counted from groups of equal rows.

use std::collections::BTreeMap;

use serde::Serialize;
use utoipa::ToSchema;

use crow_db::interactions::tallies::{ProductTally, Tally};

/// In milliseconds.
pub(super) const DAY: i64 = 86_400_000;
/// Products that are listed.
const MAX_PRODUCTS: usize = 10;
/// The intents, the furthest first. Robots are counted apart.
const INTENTS: [&str; 8] = [
    "purchase",
    "checkout",
    "cart",
    "compare",
    "search",
    "browse",
    "bounce",
    "inconclusive",
];
const BOT: &str = "bot";

/// Counted, never estimated.
#[derive(Debug, Clone, Default, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Numbers {
    /// Interactions without robots.
    pub total: i64,
    /// The same in the range before, which is as long.
    pub previous_total: i64,
    /// Robots; they count nowhere else.
    pub bots: i64,
    /// By the furthest step, the furthest first.
    pub intents: Vec<Counted>,
    /// By tag, most frequent first.
    pub tags: Vec<Counted>,
    /// By day, UTC, without days that have none.
    pub days: Vec<DayCount>,
    /// The products of most interactions; null when there are too many to count.
    pub products: Option<Vec<ProductCount>>,
}

/// How many interactions have something.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Counted {
    /// What.
    pub name: String,
    /// In the range.
    pub count: i64,
    /// In the range before.
    pub previous: i64,
}

/// Interactions of a day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct DayCount {
    /// When the day begins, milliseconds since the epoch.
    pub at: i64,
    /// How many.
    pub count: i64,
}

/// Interactions about a product.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ProductCount {
    /// As pages gave it: not to be trusted.
    pub id: String,
    /// Interactions about it.
    pub count: i64,
    /// Those that ended in the cart or in the checkout.
    pub abandoned: i64,
    /// Those with a purchase.
    pub purchased: i64,
}

/// Groups of a range and of the one before.
#[derive(Debug, Default)]
pub struct Groups {
    pub now: Vec<Tally>,
    pub before: Vec<Tally>,
    pub products: Option<Vec<ProductTally>>,
}

impl Numbers {
    pub(super) fn of(groups: &Groups) -> Self {
        let (now, before) = (people(&groups.now), people(&groups.before));
        let sum = |tallies: &[&Tally]| tallies.iter().map(|tally| tally.count).sum();
        let all: i64 = groups.now.iter().map(|tally| tally.count).sum();
        let total = sum(&now);
        Self {
            total,
            previous_total: sum(&before),
            bots: all - total,
            intents: intents(&now, &before),
            tags: tags(&now, &before),
            days: days(&now),
            products: groups
                .products
                .as_deref()
                .map(|tallies| count_products(tallies, MAX_PRODUCTS)),
        }
    }

    pub(super) fn intent(&self, name: &str) -> i64 {
        count_of(&self.intents, name)
    }
}

fn count_of(list: &[Counted], name: &str) -> i64 {
    let found = list.iter().find(|counted| counted.name == name);
    found.map_or(0, |counted| counted.count)
}

/// Without robots.
fn people(tallies: &[Tally]) -> Vec<&Tally> {
    let people = tallies
        .iter()
        .filter(|tally| tally.intent.as_deref() != Some(BOT));
    people.collect()
}

fn intents(now: &[&Tally], before: &[&Tally]) -> Vec<Counted> {
    let of = |tallies: &[&Tally], name: &str| {
        let alike = tallies
            .iter()
            .filter(|tally| tally.intent.as_deref() == Some(name));
        alike.map(|tally| tally.count).sum()
    };
    let all = INTENTS.iter().map(|name| Counted {
        name: (*name).to_owned(),
        count: of(now, name),
        previous: of(before, name),
    });
    all.filter(|counted| counted.count + counted.previous > 0)
        .collect()
}

fn tags(now: &[&Tally], before: &[&Tally]) -> Vec<Counted> {
    let mut counts: BTreeMap<String, (i64, i64)> = BTreeMap::new();
    for (tallies, is_now) in [(now, true), (before, false)] {
        for tally in tallies {
            for tag in listed(tally.tags.as_deref()) {
                let count = counts.entry(tag).or_default();
                let place = if is_now { &mut count.0 } else { &mut count.1 };
                *place += tally.count;
            }
        }
    }
    let mut tags: Vec<Counted> = counts
        .into_iter()
        .map(|(name, (count, previous))| Counted {
            name,
            count,
            previous,
        })
        .collect();
    tags.sort_by_key(|tag| -tag.count);
    tags
}

fn listed(json: Option<&str>) -> Vec<String> {
    json.and_then(|json| serde_json::from_str(json).ok())
        .unwrap_or_default()
}

fn days(now: &[&Tally]) -> Vec<DayCount> {
    let mut days: BTreeMap<i64, i64> = BTreeMap::new();
    for tally in now {
        *days.entry(tally.day).or_default() += tally.count;
    }
    let days = days.into_iter().map(|(day, count)| DayCount {
        at: day * DAY,
        count,
    });
    days.collect()
}

/// The products of most interactions, at most `most`.
pub fn count_products(tallies: &[ProductTally], most: usize) -> Vec<ProductCount> {
    let mut counts: BTreeMap<String, ProductCount> = BTreeMap::new();
    for tally in tallies {
        let intent = tally.intent.as_deref().unwrap_or_default();
        if intent == BOT {
            continue;
        }
        for id in listed(Some(&tally.product_ids)) {
            let product = counts.entry(id.clone()).or_insert(ProductCount {
                id,
                count: 0,
                abandoned: 0,
                purchased: 0,
            });
            product.count += tally.count;
            match intent {
                "cart" | "checkout" => product.abandoned += tally.count,
                "purchase" => product.purchased += tally.count,
                _ => {}
            }
        }
    }
    let mut products: Vec<ProductCount> = counts.into_values().collect();
    products.sort_by_key(|product| -product.count);
    products.truncate(most);
    products
}
