//! Numbers in words. Each finding names what it rests on.

use std::collections::BTreeMap;

use serde::Serialize;
use utoipa::ToSchema;

use crow_story::clean::{MAX_NAME, clean};

use super::numbers::{Counted, DAY, DayCount, Numbers};

/// A count below this says nothing about a share.
const FEW: i64 = 10;
/// Standard deviations from which a difference is an anomaly. With some twenty comparisons an
/// answer, chance alone exceeds it in about one answer of a thousand.
const MANY_DEVIATIONS: f64 = 4.0;
/// Whole days that a comparison of days needs.
const MIN_DAYS: i64 = 7;
/// Whole days above which a median of all says little about any.
const MAX_DAYS: i64 = 400;
/// Days that are listed.
const MAX_ODD_DAYS: usize = 10;
/// A trouble is worth a recommendation from this share of the interactions.
const MUCH: f64 = 0.05;

/// A sentence and its number.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct Finding {
    /// What in quotation marks was written by pages: not to be trusted.
    pub text: String,
    /// The number that it is about: `total`, `intent:…`, `tag:…`, `product:…` or `day:…`.
    pub about: String,
    /// Its value.
    pub value: f64,
    /// What would have been usual; absent when nothing is compared.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expected: Option<f64>,
}

/// What to look at, and how to list it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Recommendation {
    /// What to do.
    pub text: String,
    /// The filter `tag` of the list that shows the interactions.
    pub tag: String,
    /// How many there are.
    pub count: i64,
}

/// Two or three sentences.
pub fn summary(numbers: &Numbers) -> String {
    if numbers.total == 0 {
        return match numbers.bots {
            0 => "There are no interactions in this range.".to_owned(),
            bots => format!("There are only {bots} interactions of bots in this range."),
        };
    }
    let mut text = format!(
        "{} in this range, {}.",
        counted(numbers.total, "interaction"),
        compared(numbers.total, numbers.previous_total)
    );
    let buying = numbers.intent("purchase");
    let leaving = numbers.intent("cart") + numbers.intent("checkout");
    text += &format!(
        " {} with a purchase ({}), {} left with a cart or in the checkout ({}).",
        buying,
        percent(buying, numbers.total),
        leaving,
        percent(leaving, numbers.total)
    );
    if numbers.bots > 0 {
        text += &format!(" Not counted: {} of bots.", numbers.bots);
    }
    text
}

/// What stands out in the numbers.
pub fn insights(numbers: &Numbers) -> Vec<Finding> {
    let mut found = Vec::new();
    let most = numbers.intents.iter().max_by_key(|intent| intent.count);
    if let Some(intent) = most.filter(|intent| intent.count > 0) {
        let share = percent(intent.count, numbers.total);
        found.push(Finding {
            text: format!(
                "The most frequent furthest step is {}: {} ({share}).",
                intent.name, intent.count
            ),
            about: format!("intent:{}", intent.name),
            value: as_f64(intent.count),
            expected: None,
        });
    }
    let buying = numbers.intent("purchase");
    let reached = buying + numbers.intent("checkout");
    if reached > 0 {
        found.push(Finding {
            text: format!(
                "{} of {reached} that reached the checkout ended with a purchase ({}).",
                buying,
                percent(buying, reached)
            ),
            about: "intent:purchase".to_owned(),
            value: as_f64(buying),
            expected: None,
        });
    }
    found.extend(numbers.products.iter().take(3).map(|product| {
        let id = clean(&product.id, MAX_NAME);
        Finding {
            text: format!(
                "\"{id}\" occurs in {} with {}: added to the cart in {}, purchased in {}, abandoned in {}.",
                counted(product.count, "interaction"),
                counted(product.views, "view"),
                product.added,
                product.purchased,
                product.abandoned
            ),
            about: format!("product:{id}"),
            value: as_f64(product.count),
            expected: None,
        }
    }));
    found
}

/// What differs by more than chance explains.
pub fn anomalies(numbers: &Numbers, from: i64, to: i64) -> Vec<Finding> {
    let mut found = Vec::new();
    let (now, before) = (numbers.total, numbers.previous_total);
    if before >= FEW && deviations_of_counts(now, before).abs() >= MANY_DEVIATIONS {
        found.push(Finding {
            text: format!(
                "{}, {}.",
                counted(now, "interaction"),
                compared(now, before)
            ),
            about: "total".to_owned(),
            value: as_f64(now),
            expected: Some(as_f64(before)),
        });
    }
    let intents = numbers.intents.iter().map(|it| ("intent", it));
    let tags = numbers.tags.iter().map(|it| ("tag", it));
    let changed = intents
        .chain(tags)
        .filter(|(_, counted)| share_changed(counted, now, before));
    found.extend(changed.map(|(kind, counted)| Finding {
        text: format!(
            "{} {}: {} of the interactions, {} in the range before.",
            kind,
            counted.name,
            percent(counted.count, now),
            percent(counted.previous, before)
        ),
        about: format!("{kind}:{}", counted.name),
        value: rate(counted.count, now),
        expected: Some(rate(counted.previous, before)),
    }));
    found.extend(odd_days(&numbers.days, from, to));
    found
}

/// Troubles of many visitors, the most frequent first.
pub fn recommendations(numbers: &Numbers) -> Vec<Recommendation> {
    let advice = |tag: &str| match tag {
        "error" => Some("Look at the errors that pages report"),
        "form_trouble" => Some("Look at the fields that forms refuse"),
        "rage_click" => Some("Look at what people click quickly and in vain"),
        "dead_click" => Some("Look at what looks like a button and does nothing"),
        "abandoned_cart" => Some("Look at the last lines of visits that left a cart"),
        "gaps" => Some("Find out why batches do not arrive"),
        _ => None,
    };
    let many = numbers
        .tags
        .iter()
        .filter(|tag| tag.count >= FEW && rate(tag.count, numbers.total) >= MUCH);
    many.filter_map(|tag| {
        let what = advice(&tag.name)?;
        Some(Recommendation {
            text: format!(
                "{what}: {} ({}).",
                counted(tag.count, "interaction"),
                percent(tag.count, numbers.total)
            ),
            tag: tag.name.clone(),
            count: tag.count,
        })
    })
    .collect()
}

/// Whole days that are far from the median of the range, also those without interactions.
fn odd_days(days: &[DayCount], from: i64, to: i64) -> Vec<Finding> {
    let first = from.div_euclid(DAY) + i64::from(from.rem_euclid(DAY) > 0);
    let whole = first..to.div_euclid(DAY);
    let is_comparable = whole.end - whole.start >= MIN_DAYS && whole.end - whole.start <= MAX_DAYS;
    if !is_comparable {
        return Vec::new();
    }
    let by_day: BTreeMap<i64, i64> = days.iter().map(|day| (day.at / DAY, day.count)).collect();
    let count_on = |day: i64| by_day.get(&day).copied().unwrap_or(0);
    let usual = median(whole.clone().map(count_on).collect());
    let away = median(
        whole
            .clone()
            .map(|day| (count_on(day) - usual).abs())
            .collect(),
    );
    // At least what chance does to a count.
    let deviation = (1.48 * as_f64(away)).max(as_f64(usual.max(1)).sqrt());
    let is_odd = |day: &i64| {
        let count = count_on(*day);
        count.max(usual) >= FEW && as_f64(count - usual).abs() / deviation >= MANY_DEVIATIONS
    };
    let odd = whole.filter(is_odd).take(MAX_ODD_DAYS).map(|day| Finding {
        text: format!(
            "{} on {}, while a usual day has {usual}.",
            counted(count_on(day), "interaction"),
            date(day * DAY)
        ),
        about: format!("day:{}", date(day * DAY)),
        value: as_f64(count_on(day)),
        expected: Some(as_f64(usual)),
    });
    odd.collect()
}

fn median(mut counts: Vec<i64>) -> i64 {
    counts.sort_unstable();
    counts.get(counts.len() / 2).copied().unwrap_or(0)
}

/// Two proportions, pooled.
fn share_changed(counted: &Counted, now: i64, before: i64) -> bool {
    if now < FEW || before < FEW || counted.count + counted.previous < FEW {
        return false;
    }
    let pooled = rate(counted.count + counted.previous, now + before);
    let variance = pooled * (1.0 - pooled) * (1.0 / as_f64(now) + 1.0 / as_f64(before));
    let difference = rate(counted.count, now) - rate(counted.previous, before);
    variance > 0.0 && difference.abs() / variance.sqrt() >= MANY_DEVIATIONS
}

/// Of two counts of ranges that are as long, if both are random arrivals at one rate.
fn deviations_of_counts(now: i64, before: i64) -> f64 {
    as_f64(now - before) / as_f64((now + before).max(1)).sqrt()
}

fn compared(now: i64, before: i64) -> String {
    match (before, now - before) {
        (0, _) => "none in the range before".to_owned(),
        (_, 0) => "as many as in the range before".to_owned(),
        (_, more) if more > 0 => {
            format!("{} more than in the range before", percent(more, before))
        }
        (_, less) => format!("{} fewer than in the range before", percent(-less, before)),
    }
}

fn counted(count: i64, what: &str) -> String {
    match count {
        1 => format!("1 {what}"),
        _ => format!("{count} {what}s"),
    }
}

fn percent(part: i64, whole: i64) -> String {
    format!("{:.1} %", 100.0 * rate(part, whole))
}

fn rate(part: i64, whole: i64) -> f64 {
    if whole == 0 {
        return 0.0;
    }
    as_f64(part) / as_f64(whole)
}

#[expect(clippy::cast_precision_loss, reason = "counts are far below 2^53")]
fn as_f64(count: i64) -> f64 {
    count as f64
}

fn date(at: i64) -> String {
    let date = jiff::Timestamp::from_millisecond(at);
    date.map_or_else(
        |_error| at.to_string(),
        |at| at.strftime("%Y-%m-%d").to_string(),
    )
}
