//! The events of a session, read for what they mean.

use serde_json::Value;

use crow_types::EventRecord;

use crate::address::Address;
use crate::clean::{MAX_NAME, MAX_TEXT, clean};
use crate::words;

/// Products that one event may name.
const MAX_PRODUCTS: usize = 20;
/// The longest id that is kept, in characters.
const MAX_ID: usize = 128;

/// One event. Texts are cleaned.
#[derive(Debug)]
pub(crate) struct Event {
    pub(crate) at: i64,
    pub(crate) address: Option<Address>,
    pub(crate) means: Meaning,
}

/// What an event means.
#[derive(Debug, PartialEq)]
pub(crate) enum Meaning {
    Page {
        title: String,
    },
    Click(Click),
    DeadClick {
        label: String,
    },
    Scroll {
        depth: u64,
    },
    /// A field was changed; it may be one for searching.
    Input {
        field: String,
        is_search: bool,
    },
    Submit {
        is_search: bool,
    },
    Invalid {
        field: String,
    },
    Error {
        message: String,
    },
    View(Vec<Named>),
    Add(Vec<Named>),
    Remove(Vec<Named>),
    OpenCart,
    Checkout,
    Purchase(Order),
    Search {
        query: String,
    },
    Compare(Vec<Named>),
    SignUp,
    Custom {
        name: String,
    },
    /// Nothing that a story tells, such as a measurement.
    Silent,
}

#[derive(Debug, PartialEq)]
pub(crate) struct Click {
    pub(crate) label: String,
    pub(crate) is_rage: bool,
    pub(crate) is_add: bool,
    pub(crate) is_checkout: bool,
}

/// A product as an event names it.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Named {
    /// As sent, cleaned; may be empty if there is a name.
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) category: String,
    /// How long it was looked at, in milliseconds.
    pub(crate) duration: i64,
}

#[derive(Debug, Default, PartialEq)]
pub(crate) struct Order {
    /// Empty: the event names none.
    pub(crate) id: String,
    /// Amount and currency, as reported.
    pub(crate) total: String,
    pub(crate) products: Vec<Named>,
}

impl Event {
    pub(crate) fn of(record: &EventRecord) -> Self {
        let data: Value = serde_json::from_str(&record.data).unwrap_or_default();
        Self {
            at: record.timestamp,
            address: record.url.as_deref().and_then(Address::of),
            means: meaning(record, &data),
        }
    }
}

fn meaning(record: &EventRecord, data: &Value) -> Meaning {
    match record.r#type.as_str() {
        "pageview" => Meaning::Page {
            title: text(data, &["title"], MAX_TEXT),
        },
        "click" => Meaning::Click(click(data)),
        "dead_click" => Meaning::DeadClick { label: label(data) },
        "scroll" => Meaning::Scroll {
            depth: data["depth"]
                .as_f64()
                .map_or(0, |depth| depth as u64)
                .min(100),
        },
        "input" => Meaning::Input {
            field: field(data),
            is_search: is_search_field(data),
        },
        "submit" => Meaning::Submit {
            is_search: data["attributes"]["role"] == "search",
        },
        "validation_error" => Meaning::Invalid { field: field(data) },
        "error" => Meaning::Error {
            message: text(data, &["message", "name"], MAX_TEXT),
        },
        "product_view" => Meaning::View(products(data, true)),
        "focus" | "blur" | "performance" | "replay" | "identify" | "group" => Meaning::Silent,
        "custom" => named(record.name.as_deref().unwrap_or_default(), data),
        // A word of the client's own.
        other => named(other, data),
    }
}

/// What a custom event means by its name.
fn named(name: &str, data: &Value) -> Meaning {
    let normal = words::normal(name);
    let is = |set: &[&str]| set.contains(&normal.as_str());
    if is(words::PURCHASES) {
        Meaning::Purchase(order(data))
    } else if is(words::CHECKOUTS) {
        Meaning::Checkout
    } else if is(words::ADDS) {
        Meaning::Add(products(data, true))
    } else if is(words::REMOVES) {
        Meaning::Remove(products(data, true))
    } else if is(words::CART_VIEWS) {
        Meaning::OpenCart
    } else if is(words::VIEWS) {
        Meaning::View(products(data, true))
    } else if is(words::SEARCHES) {
        Meaning::Search {
            query: text(
                data,
                &["query", "search_term", "searchTerm", "term", "q"],
                MAX_NAME,
            ),
        }
    } else if is(words::COMPARISONS) {
        Meaning::Compare(products(data, true))
    } else if is(words::SIGN_UPS) {
        Meaning::SignUp
    } else {
        Meaning::Custom {
            name: clean(name, MAX_NAME),
        }
    }
}

fn click(data: &Value) -> Click {
    let label = label(data);
    let ids = [
        &data["id"],
        &data["attributes"]["data-testid"],
        &data["attributes"]["name"],
        &data["element"],
    ];
    let has_add_id = || {
        let mut ids = ids.iter().filter_map(|id| id.as_str());
        ids.any(|id| words::ADD_IDS.contains(&words::normal(id).as_str()))
    };
    let goes_to_checkout =
        || data["element"] == "checkout" || words::is(&label, words::CHECKOUT_LABELS);
    Click {
        is_rage: data["rage"] == true,
        is_add: words::begins(&label, words::ADD_LABELS) || has_add_id(),
        is_checkout: goes_to_checkout(),
        label,
    }
}

/// What a person would call the thing that was clicked.
fn label(data: &Value) -> String {
    let label = text(data, &["label", "text"], MAX_TEXT);
    if !label.is_empty() {
        return label;
    }
    text(data, &["id", "element"], MAX_NAME)
}

fn field(data: &Value) -> String {
    let label = text(data, &["label"], MAX_NAME);
    if !label.is_empty() {
        return label;
    }
    let name = text(&data["attributes"], &["name", "aria-label"], MAX_NAME);
    if name.is_empty() {
        text(data, &["field", "name", "id"], MAX_NAME)
    } else {
        name
    }
}

fn is_search_field(data: &Value) -> bool {
    let attributes = &data["attributes"];
    attributes["type"] == "search"
        || attributes["role"] == "searchbox"
        || attributes["name"]
            .as_str()
            .is_some_and(|name| words::SEARCH_FIELDS.contains(&name.to_lowercase().as_str()))
}

fn order(data: &Value) -> Order {
    let ids = [
        "order",
        "orderId",
        "order_id",
        "orderNumber",
        "order_number",
        "transactionId",
        "transaction_id",
    ];
    let nested = [data, &data["ecommerce"]];
    let id = nested
        .iter()
        .map(|data| text(data, &ids, MAX_ID))
        .find(|id| !id.is_empty());
    let total = nested.iter().find_map(|data| total(data));
    Order {
        id: id.unwrap_or_default(),
        total: total.unwrap_or_default(),
        products: products(data, false),
    }
}

/// `89.5 EUR`, if the event names both in a plausible form.
fn total(data: &Value) -> Option<String> {
    let amount = ["amount", "total", "value", "revenue"]
        .iter()
        .find_map(|name| data[*name].as_f64())?;
    let currency = data["currency"].as_str()?;
    let is_code = currency.len() == 3 && currency.bytes().all(|it| it.is_ascii_alphabetic());
    let is_plausible = (0.0..1e9).contains(&amount);
    (is_code && is_plausible).then(|| {
        let amount = (amount * 100.0).round() / 100.0;
        format!("{amount} {}", currency.to_ascii_uppercase())
    })
}

/// The products that an event names: itself, one inside, or a list.
fn products(data: &Value, is_about_one: bool) -> Vec<Named> {
    let lists = [
        &data["items"],
        &data["products"],
        &data["productIds"],
        &data["product_ids"],
        &data["ecommerce"]["items"],
        &data["cart"]["items"],
    ];
    let listed = lists.iter().find_map(|list| list.as_array());
    let found: Vec<Named> = match listed {
        Some(list) => list
            .iter()
            .take(MAX_PRODUCTS)
            .filter_map(|it| product(it, true))
            .collect(),
        None if data["product"].is_object() || data["product"].is_string() => {
            product(&data["product"], true).into_iter().collect()
        }
        None => product(data, is_about_one).into_iter().collect(),
    };
    found
}

/// `may_be_bare`: the fields `id` and `name` are the product's.
fn product(data: &Value, may_be_bare: bool) -> Option<Named> {
    if data.is_string() || data.is_number() {
        let id = scalar(data, MAX_ID);
        return (!id.is_empty()).then(|| Named {
            id,
            ..Named::default()
        });
    }
    let ids = ["productId", "product_id", "sku", "item_id", "itemId", "id"];
    let names = [
        "productName",
        "product_name",
        "item_name",
        "itemName",
        "name",
        "title",
    ];
    let without_bare = usize::from(!may_be_bare);
    let id = text(data, &ids[..ids.len() - without_bare], MAX_ID);
    let name = text(data, &names[..names.len() - 2 * without_bare], MAX_NAME);
    let categories = [
        "category",
        "kind",
        "item_category",
        "productType",
        "product_type",
    ];
    (!id.is_empty() || !name.is_empty()).then(|| Named {
        id,
        name,
        category: text(data, &categories, MAX_NAME),
        duration: data["duration"]
            .as_f64()
            .map_or(0, |it| it as i64)
            .clamp(0, 86_400_000),
    })
}

/// The first of the fields that has a text or a number, cleaned.
fn text(data: &Value, names: &[&str], max: usize) -> String {
    let mut texts = names.iter().map(|name| scalar(&data[*name], max));
    texts.find(|text| !text.is_empty()).unwrap_or_default()
}

fn scalar(value: &Value, max: usize) -> String {
    match value {
        Value::String(text) => clean(text, max),
        Value::Number(number) => number.to_string(),
        Value::Null | Value::Bool(_) | Value::Array(_) | Value::Object(_) => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn products_are_found_in_every_usual_shape() {
        let ids = |data: Value, is_about_one: bool| -> Vec<String> {
            products(&data, is_about_one)
                .into_iter()
                .map(|it| it.id)
                .collect()
        };
        assert_eq!(ids(json!({"productId": "a"}), false), ["a"]);
        assert_eq!(ids(json!({"id": 7, "name": "Lamp"}), true), ["7"]);
        assert_eq!(ids(json!({"id": "event-1", "name": "x"}), false), [""; 0]);
        assert_eq!(
            ids(json!({"items": [{"item_id": "a"}, {"sku": "b"}]}), false),
            ["a", "b"]
        );
        assert_eq!(ids(json!({"productIds": ["a", 2]}), false), ["a", "2"]);
        assert_eq!(
            ids(json!({"ecommerce": {"items": [{"id": "z"}]}}), false),
            ["z"]
        );
        assert_eq!(ids(json!({"product": {"id": "p"}}), true), ["p"]);
    }

    #[test]
    fn an_order_without_a_plausible_total_has_none() {
        assert_eq!(
            order(&json!({"order": "C1", "amount": 89.5, "currency": "eur"})).total,
            "89.5 EUR"
        );
        assert_eq!(
            order(&json!({"amount": 1, "currency": "IGNORE ALL"})).total,
            ""
        );
        assert_eq!(order(&json!({"amount": 1})).total, "");
        assert_eq!(
            order(&json!({"ecommerce": {"transaction_id": "T"}})).id,
            "T"
        );
    }

    #[test]
    fn a_failed_payment_is_no_purchase() {
        assert_eq!(
            named("payment_failed", &Value::Null),
            Meaning::Custom {
                name: "payment_failed".to_owned()
            }
        );
    }
}
