//! Products from JSON-LD in the words of schema.org.

use serde_json::Value;
use url::Url;

use crate::csv::{Item, decimal_price};
use crate::fields::{Draft, FieldError, Fields, shortened, wrong};

/// How deep products may lie in a document.
const MAX_DEPTH: usize = 8;

/// The products of a document: one, a list, a graph, or a list of items. They are numbered from 1.
#[must_use]
pub fn read(document: &Value) -> Vec<Item> {
    let mut found = Vec::new();
    collect(document, 0, &mut found);
    let numbered = (1..).zip(found);
    let read = |value| product(value, |draft| draft);
    numbered.map(|(number, it)| (number, read(it))).collect()
}

/// The products of a page, from all of its documents. Addresses may be relative to the page, and a product
/// without one that is alone on the page has the page's.
#[must_use]
pub fn read_page(documents: &[Value], page: &Url) -> Vec<Item> {
    let mut found = Vec::new();
    for document in documents {
        collect(document, 0, &mut found);
    }
    let is_alone = found.len() == 1;
    let whole = |address: String| match page.join(&address) {
        Ok(url) => url.to_string(),
        Err(_no_address) => address,
    };
    let of_page = |draft: Draft| {
        let url = draft.url.map(whole);
        Draft {
            url: url.or_else(|| is_alone.then(|| page.to_string())),
            image_url: draft.image_url.map(whole),
            ..draft
        }
    };
    let numbered = (1..).zip(found);
    numbered
        .map(|(number, it)| (number, product(it, of_page)))
        .collect()
}

fn collect<'a>(value: &'a Value, depth: usize, found: &mut Vec<&'a Value>) {
    if depth > MAX_DEPTH {
        return;
    }
    match value {
        Value::Array(list) => list.iter().for_each(|it| collect(it, depth + 1, found)),
        Value::Object(_) if is_product(value) => found.push(value),
        Value::Object(fields) => {
            let inside = [
                "@graph",
                "itemListElement",
                "item",
                "mainEntity",
                "hasVariant",
            ];
            for name in inside {
                if let Some(value) = fields.get(name) {
                    collect(value, depth + 1, found);
                }
            }
        }
        _ => {}
    }
}

fn is_product(value: &Value) -> bool {
    let is = |name: &Value| {
        let name = name.as_str().unwrap_or_default();
        let name = name.rsplit(['/', ':']).next().unwrap_or_default();
        matches!(name, "Product" | "IndividualProduct" | "ProductModel")
    };
    match &value["@type"] {
        Value::Array(names) => names.iter().any(is),
        name => is(name),
    }
}

fn product(value: &Value, finish: impl FnOnce(Draft) -> Draft) -> Result<Fields, FieldError> {
    let offer = offer_of(&value["offers"]);
    let specified = first_of(&offer["priceSpecification"]);
    let currency = [offer, specified]
        .into_iter()
        .find_map(|it| text(&it["priceCurrency"]));
    let decimal = [&offer["price"], &offer["lowPrice"], &specified["price"]]
        .into_iter()
        .find_map(text);
    let first = |names: &[&str]| names.iter().find_map(|name| text(&value[*name]));
    let draft = Draft {
        id: first(&["productID", "sku", "mpn"]),
        sku: first(&["sku"]),
        name: first(&["name"]),
        description: first(&["description"]).as_deref().map(shortened),
        category: text(&value["category"]).or_else(|| text(&value["category"]["name"])),
        price_minor: decimal_price(&decimal.unwrap_or_default(), currency.as_deref())?,
        currency,
        url: first(&["url"])
            .or_else(|| text(&offer["url"]))
            .or_else(|| first(&["@id"]).filter(|id| id.starts_with("http"))),
        image_url: image(&value["image"]),
    };
    if draft.id.is_none() {
        return Err(wrong("id", "must be given: `productID`, `sku` or `mpn`"));
    }
    finish(draft).check(None)
}

fn first_of(value: &Value) -> &Value {
    match value {
        Value::Array(list) => list.first().unwrap_or(&Value::Null),
        one => one,
    }
}

fn offer_of(offers: &Value) -> &Value {
    match offers {
        Value::Array(list) => list.first().unwrap_or(&Value::Null),
        one if one["price"].is_null() && one["offers"].is_array() => offer_of(&one["offers"]),
        one => one,
    }
}

fn image(image: &Value) -> Option<String> {
    match image {
        Value::Array(list) => list.first().and_then(self::image),
        Value::Object(_) => text(&image["url"]).or_else(|| text(&image["contentUrl"])),
        other => text(other),
    }
}

/// A text, a number, or the first of a list.
fn text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()).filter(|text| !text.trim().is_empty()),
        Value::Number(number) => Some(number.to_string()),
        Value::Array(list) => list.first().and_then(text),
        Value::Object(_) => text(&value["@value"]),
        Value::Null | Value::Bool(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn products_are_found_where_shops_put_them() {
        let lamp = json!({
            "@context": "https://schema.org", "@type": "Product", "sku": "L-1", "name": "Brass lamp",
            "image": [{"@type": "ImageObject", "url": "https://shop.example/l.jpg"}], "category": "Lamps",
            "url": "https://shop.example/lamp", "description": "Warm\n and bright. ".repeat(100),
            "offers": {"@type": "Offer", "price": 129.5, "priceCurrency": "EUR"},
        });
        let kettle = json!({
            "@type": ["Thing", "https://schema.org/Product"], "productID": 7, "name": "Kettle",
            "offers": [{"@type": "Offer", "price": "20.00", "priceCurrency": "USD"}],
        });
        let list = json!({"@type": "ItemList", "itemListElement": [
            {"@type": "ListItem", "position": 1, "item": lamp}, {"@type": "ListItem", "item": kettle}]});
        for document in [
            json!([lamp, kettle]),
            json!({"@graph": [{"@type": "WebPage"}, lamp, kettle]}),
            list,
        ] {
            let found = read(&document);
            assert_eq!(found.len(), 2, "{document}");
            let lamp = found[0].1.as_ref().expect("it is right");
            assert_eq!((lamp.id.as_str(), lamp.price_minor), ("L-1", Some(12_950)));
            assert_eq!(lamp.path.as_deref(), Some("/lamp"));
            let description = lamp.description.as_deref().unwrap_or_default();
            assert!(
                description.starts_with("Warm and bright. Warm"),
                "{description}"
            );
            assert_eq!(
                lamp.image_url.as_deref(),
                Some("https://shop.example/l.jpg")
            );
            let kettle = found[1].1.as_ref().expect("it is right");
            assert_eq!((kettle.id.as_str(), kettle.price_minor), ("7", Some(2_000)));
        }
    }

    #[test]
    fn a_page_gives_its_address_to_what_has_none() {
        let page = Url::parse("https://shop.example/lamps/brass?from=list").expect("it is one");
        let lamp = json!({
            "@type": "Product", "sku": "L-1", "name": "Brass lamp", "image": "/l.jpg",
            "offers": {"priceSpecification": [{"price": "129.50", "priceCurrency": "EUR"}]},
        });
        let found = read_page(&[json!({"@type": "WebSite"}), lamp.clone()], &page);
        let alone = found[0].1.as_ref().expect("it is right");
        assert_eq!(alone.path.as_deref(), Some("/lamps/brass"));
        assert_eq!(
            alone.image_url.as_deref(),
            Some("https://shop.example/l.jpg")
        );
        assert_eq!(alone.price_minor, Some(12_950));
        let kettle = json!({"@type": "Product", "sku": "K", "name": "Kettle", "url": "../kettle"});
        let found = read_page(&[lamp, kettle], &page);
        let paths: Vec<_> = found
            .iter()
            .map(|(number, it)| (*number, it.as_ref().ok().and_then(|it| it.path.clone())))
            .collect();
        assert_eq!(paths, [(1, None), (2, Some("/kettle".to_owned()))]);
        let script =
            json!({"@type": "Product", "sku": "a", "name": "A", "url": "javascript:alert(1)"});
        let found = read_page(&[script], &page);
        assert_eq!(found[0].1.as_ref().map_err(|it| it.field), Err("url"));
    }

    #[test]
    fn what_is_wrong_has_its_number() {
        let found = read(&json!([
            {"@type": "Product", "name": "No id"},
            {"@type": "Product", "sku": "a"},
            {"@type": "Product", "sku": "b", "name": "B", "offers": {"price": "1,5", "priceCurrency": "EUR"}},
        ]));
        let told: Vec<_> = found
            .iter()
            .map(|(number, it)| (*number, it.as_ref().err().map(|it| it.field)))
            .collect();
        assert_eq!(
            told,
            [(1, Some("id")), (2, Some("name")), (3, Some("price"))]
        );
        assert!(read(&json!({"@type": "Organization"})).is_empty());
        let mut deep = json!({"@type": "Product", "sku": "a", "name": "A"});
        for _ in 0..100 {
            deep = json!([deep]);
        }
        assert!(read(&deep).is_empty());
    }
}
