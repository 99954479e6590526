//! The summary: sentences in a fixed order, each with the lines that show it. The same visit always
//! gets the same text.

use serde::{Deserialize, Serialize};

use crate::facts::{Count, Facts};
use crate::intent::Intent;
use crate::products::Product;

/// Products and fields that one sentence names.
const NAMED: usize = 2;
/// Lines that one sentence names as evidence.
const MAX_EVIDENCE: usize = 10;

/// One sentence of the summary.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Claim {
    /// Text of the page or the visitor is in quotation marks. **It is not to be trusted.**
    pub text: String,
    /// Numbers of lines of the story.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub evidence: Vec<u32>,
    /// Fields of the session that show it, if no line does.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub fields: Vec<String>,
}

/// The sentences.
pub(crate) fn claims_of(facts: &Facts, intent: Intent) -> Vec<Claim> {
    let sentences = [
        pages(facts),
        products(facts),
        compared(facts),
        searched(facts),
        cart(facts),
        checkout(facts),
        purchase(facts),
        sign_up(facts),
        trouble(
            &facts.errors,
            "The page reported",
            "error",
            "errors",
            ", first",
        ),
        trouble(
            &facts.rage,
            "Clicked quickly and in vain",
            "time",
            "times",
            ", first on",
        ),
        trouble(
            &facts.dead,
            "The page did not react to",
            "click",
            "clicks",
            ", first on",
        ),
        refused(facts),
        origin(facts),
        nothing_bought(intent),
        gaps(facts),
    ];
    sentences.into_iter().flatten().collect()
}

fn claim(text: String, evidence: &[u32]) -> Option<Claim> {
    let mut evidence = evidence.to_vec();
    evidence.sort_unstable();
    evidence.dedup();
    evidence.truncate(MAX_EVIDENCE);
    Some(Claim {
        text,
        evidence,
        fields: Vec::new(),
    })
}

fn from_session(text: String, fields: &[&str]) -> Option<Claim> {
    Some(Claim {
        text,
        evidence: Vec::new(),
        fields: fields.iter().map(|field| (*field).to_owned()).collect(),
    })
}

/// The text of a page in quotation marks.
fn quoted(text: &str) -> String {
    format!("\"{text}\"")
}

fn pages(facts: &Facts) -> Option<Claim> {
    let pages = &facts.pages;
    let who = if facts.is_bot {
        "A robot opened"
    } else {
        "Opened"
    };
    let first = quoted(&pages.text);
    let took = if facts.duration_ms >= 1_000 {
        format!(" in {}", duration(facts.duration_ms))
    } else {
        String::new()
    };
    let (last_line, last) = &facts.last_page;
    let has_path = !pages.text.is_empty();
    let text = match pages.count {
        0 => return None,
        1 if has_path => format!("{who} one page, {first}."),
        1 => format!("{who} one page."),
        count if has_path && *last != pages.text => {
            format!(
                "{who} {count} pages{took}, from {first} to {}.",
                quoted(last)
            )
        }
        count if has_path => format!("{who} {count} pages{took}, first and last {first}."),
        count => format!("{who} {count} pages{took}."),
    };
    let mut evidence: Vec<u32> = pages.lines.iter().copied().take(1).collect();
    evidence.push(*last_line);
    claim(text, &evidence)
}

fn products(facts: &Facts) -> Option<Claim> {
    let mut viewed: Vec<&Product> = facts
        .products
        .list
        .iter()
        .filter(|it| it.views > 0)
        .collect();
    // The most looked at first; the order of the visit decides between equal ones.
    viewed.sort_by_key(|it| std::cmp::Reverse((it.views, it.viewed_ms / 1_000)));
    let named: Vec<String> = viewed.iter().take(NAMED).map(|it| with_views(it)).collect();
    let more = viewed.len().saturating_sub(NAMED);
    let list = match (named.as_slice(), more) {
        ([], _) => return None,
        ([only], _) => only.clone(),
        ([first, second], 0) => format!("{first} and {second}"),
        ([first, second, ..], 1) => format!("{first}, {second} and 1 other product"),
        ([first, second, ..], more) => format!("{first}, {second} and {more} other products"),
    };
    let evidence: Vec<u32> = viewed
        .iter()
        .take(NAMED)
        .flat_map(|it| it.evidence.clone())
        .collect();
    claim(format!("Viewed {list}."), &evidence)
}

fn with_views(product: &Product) -> String {
    let name = quoted(&product.name);
    let times = (product.views > 1).then(|| format!("{} times", product.views));
    let length = (product.viewed_ms >= 1_000).then(|| duration(product.viewed_ms));
    let details: Vec<String> = times.into_iter().chain(length).collect();
    if details.is_empty() {
        name
    } else {
        format!("{name} ({})", details.join(", "))
    }
}

fn compared(facts: &Facts) -> Option<Claim> {
    let list = &facts.products.list;
    if let Some([first, second]) = facts.products.back_and_forth {
        let [first, second] = [&list[first], &list[second]];
        let text = format!(
            "Went back to {} after {}.",
            quoted(&first.name),
            quoted(&second.name)
        );
        let evidence: Vec<u32> = [first, second]
            .iter()
            .flat_map(|it| it.evidence.clone())
            .collect();
        return claim(text, &evidence);
    }
    if let Some(first) = facts.products.of_category.first() {
        let count = facts.products.of_category.len();
        let text = format!(
            "{count} of the products are in {}.",
            quoted(&list[*first].category)
        );
        let places = facts.products.of_category.iter();
        let evidence: Vec<u32> = places
            .flat_map(|it| list[*it].evidence.first().copied())
            .collect();
        return claim(text, &evidence);
    }
    let comparison = &facts.comparison;
    (!comparison.is_empty())
        .then(|| {
            claim(
                "Used a comparison of products.".to_owned(),
                &comparison.lines,
            )
        })
        .flatten()
}

fn searched(facts: &Facts) -> Option<Claim> {
    let search = &facts.search;
    let text = match (search.count, search.text.as_str()) {
        (0, _) => return None,
        (_, "") => "Used the search.".to_owned(),
        (_, query) => format!("Searched for {}.", quoted(query)),
    };
    claim(text, &search.lines)
}

fn cart(facts: &Facts) -> Option<Claim> {
    let added: Vec<&Product> = facts.products.list.iter().filter(|it| it.added).collect();
    let names: Vec<String> = added
        .iter()
        .take(NAMED)
        .map(|it| quoted(&it.name))
        .collect();
    let lines: Vec<u32> = [&facts.added.lines[..], &facts.add_click.lines].concat();
    let more = added.len().saturating_sub(NAMED);
    let text = match (
        names.as_slice(),
        facts.added.is_empty() && facts.add_click.is_empty(),
    ) {
        ([only], _) => format!("Added {only} to the cart."),
        ([first, second], _) if more == 0 => format!("Added {first} and {second} to the cart."),
        ([first, second, ..], _) => {
            let products = if more == 1 { "product" } else { "products" };
            format!("Added {first}, {second} and {more} other {products} to the cart.")
        }
        ([], false) if facts.added.is_empty() => "Clicked to add to the cart.".to_owned(),
        ([], false) => "Added to the cart.".to_owned(),
        ([], true) if facts.cart.is_empty() => return None,
        ([], true) => return claim("Opened the cart.".to_owned(), &facts.cart.lines),
    };
    claim(text, &lines)
}

fn checkout(facts: &Facts) -> Option<Claim> {
    if !facts.checkout.is_empty() {
        return claim("Opened the checkout.".to_owned(), &facts.checkout.lines);
    }
    let click = &facts.checkout_click;
    (!click.is_empty())
        .then(|| claim(format!("Clicked {}.", quoted(&click.text)), &click.lines))
        .flatten()
}

fn purchase(facts: &Facts) -> Option<Claim> {
    let orders = facts.orders.len();
    let total = match facts.purchase.text.as_str() {
        "" => String::new(),
        total if orders > 1 => format!(", the first of {total}"),
        total => format!(" of {total}"),
    };
    if orders > 1 {
        let text = format!("The page reported {orders} orders{total}.");
        return claim(text, &facts.purchase.lines);
    }
    if !facts.purchase.is_empty() {
        let text = format!("The page reported an order{total}.");
        return claim(text, &facts.purchase.lines);
    }
    let confirmation = &facts.confirmation;
    (!confirmation.is_empty())
        .then(|| {
            let text = format!(
                "Reached the confirmation page {}.",
                quoted(&confirmation.text)
            );
            claim(text, &confirmation.lines)
        })
        .flatten()
}

fn sign_up(facts: &Facts) -> Option<Claim> {
    let sign_up = &facts.sign_up;
    (!sign_up.is_empty())
        .then(|| claim("The page reported a sign-up.".to_owned(), &sign_up.lines))
        .flatten()
}

fn trouble(count: &Count, what: &str, one: &str, many: &str, first: &str) -> Option<Claim> {
    let number = count.count;
    let noun = if number == 1 { one } else { many };
    let first = first.trim_start_matches(if number == 1 { ", first" } else { "" });
    let joint = if number == 1 && !first.starts_with(' ') {
        " "
    } else {
        ""
    };
    let which = match count.text.as_str() {
        "" => String::new(),
        text if number == 1 && first.is_empty() => format!(", {}", quoted(text)),
        text => format!("{joint}{first} {}", quoted(text)),
    };
    (number > 0)
        .then(|| claim(format!("{what} {number} {noun}{which}."), &count.lines))
        .flatten()
}

fn refused(facts: &Facts) -> Option<Claim> {
    let mut fields: Vec<(&String, &Count)> = facts.invalid.iter().collect();
    fields.sort_by_key(|(name, count)| (std::cmp::Reverse(count.count), *name));
    let named: Vec<String> = fields
        .iter()
        .take(NAMED)
        .map(|(name, count)| match (name.as_str(), count.count) {
            ("", 1) => "a field".to_owned(),
            ("", times) => format!("a field ({times} times)"),
            (name, 1) => quoted(name),
            (name, times) => format!("{} ({times} times)", quoted(name)),
        })
        .collect();
    if named.is_empty() {
        return None;
    }
    let more = match fields.len() - named.len() {
        0 => String::new(),
        1 => " and 1 other field".to_owned(),
        more => format!(" and {more} other fields"),
    };
    let joint = if more.is_empty() { " and " } else { ", " };
    let evidence: Vec<u32> = fields
        .iter()
        .flat_map(|(_, count)| count.lines.clone())
        .collect();
    claim(
        format!("A form refused {}{more}.", named.join(joint)),
        &evidence,
    )
}

fn origin(facts: &Facts) -> Option<Claim> {
    let device = match facts.device.as_deref() {
        Some("mobile") => "on a phone",
        Some("tablet") => "on a tablet",
        Some("desktop") => "on a computer",
        Some(_) | None => "",
    };
    match (&facts.came_from, device) {
        (None, "") => None,
        (None, device) => from_session(format!("Visited {device}."), &["deviceType"]),
        (Some(host), "") => from_session(format!("Came from {}.", quoted(host)), &["referrer"]),
        (Some(host), device) => from_session(
            format!("Came from {} {device}.", quoted(host)),
            &["referrer", "deviceType"],
        ),
    }
}

fn nothing_bought(intent: Intent) -> Option<Claim> {
    match intent {
        // No moment shows that something did not happen; all events together do.
        Intent::Cart | Intent::Checkout => {
            from_session("No purchase was seen.".to_owned(), &["events"])
        }
        Intent::Purchase
        | Intent::Compare
        | Intent::Search
        | Intent::Browse
        | Intent::Bounce
        | Intent::Inconclusive
        | Intent::Bot => None,
    }
}

fn gaps(facts: &Facts) -> Option<Claim> {
    facts
        .has_gaps
        .then(|| from_session("Parts of the session are missing.".to_owned(), &["gaps"]))
        .flatten()
}

/// `1 min 40 s`.
pub(crate) fn duration(ms: i64) -> String {
    let seconds = (ms + 500) / 1_000;
    let (hours, minutes, seconds) = (seconds / 3_600, seconds / 60 % 60, seconds % 60);
    let parts = [(hours, "h"), (minutes, "min"), (seconds, "s")];
    let shown: Vec<String> = parts
        .iter()
        .filter(|(number, _)| *number > 0)
        .take(2)
        .map(|(number, unit)| format!("{number} {unit}"))
        .collect();
    shown.join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_have_two_units() {
        assert_eq!(duration(100_000), "1 min 40 s");
        assert_eq!(duration(3_600_000), "1 h");
        assert_eq!(duration(7_384_000), "2 h 3 min");
        assert_eq!(duration(1_400), "1 s");
    }

    #[test]
    fn trouble_reads_well_for_one_and_for_many() {
        let of = |count, text: &str| Count {
            count,
            lines: vec![3],
            text: text.to_owned(),
        };
        let text = |count: &Count| {
            let errors = trouble(count, "The page reported", "error", "errors", ", first");
            let rage = trouble(
                count,
                "Clicked quickly and in vain",
                "time",
                "times",
                ", first on",
            );
            [errors, rage].map(|claim| claim.map_or_else(String::new, |it| it.text))
        };
        assert_eq!(
            text(&of(1, "x")),
            [
                "The page reported 1 error, \"x\".",
                "Clicked quickly and in vain 1 time on \"x\"."
            ]
        );
        assert_eq!(
            text(&of(2, "x")),
            [
                "The page reported 2 errors, first \"x\".",
                "Clicked quickly and in vain 2 times, first on \"x\"."
            ]
        );
        assert_eq!(text(&of(0, "")), ["", ""]);
    }
}
