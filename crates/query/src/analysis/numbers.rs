//! Counted from groups of equal rows.

use std::collections::BTreeMap;

use serde::Serialize;
use utoipa::ToSchema;

use crow_db::interactions::products::ProductSum;
use crow_db::interactions::tallies::{BOT, DayTally, Tally};

/// In milliseconds.
pub(super) const DAY: i64 = 86_400_000;
/// The intents, the furthest first. Bots are counted apart.
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

/// Counted, never estimated.
#[derive(Debug, Clone, Default, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Numbers {
    /// Interactions without those of bots.
    pub total: i64,
    /// The same in the range before, which is as long.
    pub previous_total: i64,
    /// Interactions of bots, which are counted nowhere else.
    pub bots: i64,
    /// By the furthest step, the furthest first.
    pub intents: Vec<Counted>,
    /// By tag, most frequent first.
    pub tags: Vec<Counted>,
    /// By day, UTC, without days that have none.
    pub days: Vec<DayCount>,
    /// The products of most interactions, ten at most.
    pub products: Vec<ProductCount>,
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

impl From<&DayTally> for DayCount {
    fn from(tally: &DayTally) -> Self {
        Self {
            at: tally.day * DAY,
            count: tally.count,
        }
    }
}

/// What visitors did with a product, whatever else they did in the same visit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ProductCount {
    /// As pages gave it: not to be trusted.
    pub id: String,
    /// Interactions about it.
    pub count: i64,
    /// How often it was looked at.
    pub views: i64,
    /// Interactions that put it into the cart, and did not take all of it out.
    pub added: i64,
    /// Interactions with an order that names it.
    pub purchased: i64,
    /// Interactions that added it and did not purchase it.
    pub abandoned: i64,
}

impl From<&ProductSum> for ProductCount {
    fn from(sum: &ProductSum) -> Self {
        Self {
            id: sum.product_id.clone(),
            count: sum.interactions,
            views: sum.views,
            added: sum.added,
            purchased: sum.purchased,
            abandoned: sum.abandoned,
        }
    }
}

/// What was counted in a range and in the one before.
#[derive(Debug, Default)]
pub struct Groups {
    pub now: Vec<Tally>,
    pub before: Vec<Tally>,
    /// Of the range, in order of time.
    pub days: Vec<DayTally>,
    /// Of the range, the most frequent first.
    pub products: Vec<ProductSum>,
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
            days: groups.days.iter().map(DayCount::from).collect(),
            products: groups.products.iter().map(ProductCount::from).collect(),
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
