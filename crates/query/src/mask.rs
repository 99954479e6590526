//! What callers see who may not see personal data: those with the scope `analytics` and not `read`.
//! All JSON answers pass here. Answers that are not JSON need the scope `read`.

use std::sync::LazyLock;

use actix_web::{HttpMessage, HttpRequest};
use serde_json::Value;

use crow_scrub::Scrubber;
use crow_types::settings::ScrubbingSettings;

use crate::ask::conditions::Conditions;
use crate::ask::values::Value as _;

/// Marks a request whose answer is masked.
#[derive(Debug, Clone, Copy)]
struct Masked;

/// Fields that name a person or hold whatever the site or the visitor wrote. They are null.
const HIDDEN: [&str; 6] = [
    "userId",
    "visitorId",
    "ipAddress",
    "traits",
    "exitContext",
    "userAgent",
];
/// Filters that match a part of a text, a person, or what people wrote. By asking again and again, they find out what
/// is masked.
const TELLING_FILTERS: [&str; 7] = [
    "userId",
    "visitorId",
    "text",
    "url",
    "referrer",
    "tag",
    "collection",
];
/// Parameters that are compared as a whole. They tell something if their value is masked in answers.
const COMPARED: [&str; 13] = [
    "country",
    "device",
    "browser",
    "os",
    "eventType",
    "eventName",
    "page",
    "type",
    "name",
    "startType",
    "startName",
    "returnType",
    "returnName",
];

/// The same rules as in the gateway, all of them.
static SCRUBBER: LazyLock<Scrubber> = LazyLock::new(|| {
    let all = ScrubbingSettings {
        email: true,
        card: true,
        iban: true,
        phone: true,
        secrets: true,
        query_parameters: Vec::new(),
    };
    Scrubber::new(&all).expect("the rules are on")
});

/// Masks the answer of this request.
pub fn mask_answer(request: &HttpRequest) {
    request.extensions_mut().insert(Masked);
}

/// Whether the answer of this request is masked.
pub fn is_masked(request: &HttpRequest) -> bool {
    request.extensions().get::<Masked>().is_some()
}

/// The filter among these parameters that must not be used when answers are masked. Of conditions it
/// is their field; conditions that cannot be read may be anything.
pub fn telling<'a>(mut given: impl Iterator<Item = (&'a str, &'a str)>) -> Option<&'a str> {
    given.find_map(|(name, value)| match name {
        "where" => match Conditions::named(name, value) {
            Ok(conditions) => conditions.telling(hides),
            Err(_unreadable) => Some(name),
        },
        _ => {
            let is_hidden = COMPARED.contains(&name) && hides(value);
            (is_hidden || TELLING_FILTERS.contains(&name)).then_some(name)
        }
    })
}

/// Whether a masked answer does not show this text as it is. Then a comparison with it would.
pub fn hides(text: &str) -> bool {
    let mut masked = text.to_owned();
    mask_text(&mut masked);
    masked != text
}

/// An answer without personal data.
pub fn mask(value: &mut Value) {
    match value {
        Value::Object(fields) => {
            for (name, field) in fields {
                if HIDDEN.contains(&name.as_str()) {
                    *field = Value::Null;
                } else {
                    mask(field);
                }
            }
        }
        Value::Array(items) => items.iter_mut().for_each(mask),
        Value::String(text) => mask_text(text),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

/// Of addresses, what follows `?` and `#` goes as a whole: it holds what visitors typed. Each part
/// of a path is a text of its own.
fn mask_text(text: &mut String) {
    let is_address = text.starts_with('/') || text.contains("://");
    if !is_address {
        return mask_part(text);
    }
    let path = text.split(['?', '#']).next().unwrap_or_default();
    let parts = path.split('/').map(|part| {
        let mut part = part.to_owned();
        mask_part(&mut part);
        part
    });
    *text = parts.collect::<Vec<_>>().join("/");
}

fn mask_part(text: &mut String) {
    let decoded = decoded(text);
    if decoded != *text {
        // What is escaped reads as personal data, too.
        let mut clear = decoded.clone();
        SCRUBBER.text(&mut clear);
        if clear != decoded {
            *text = clear;
        }
    }
    SCRUBBER.text(text);
}

/// The text with `%40` and the like replaced by what they stand for.
pub fn decoded(text: &str) -> String {
    let bytes = text.as_bytes();
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        let escaped = (bytes[at] == b'%')
            .then(|| text.get(at + 1..at + 3))
            .flatten()
            .and_then(|digits| u8::from_str_radix(digits, 16).ok());
        match escaped {
            Some(byte) => {
                out.push(byte);
                at += 3;
            }
            None => {
                out.push(bytes[at]);
                at += 1;
            }
        }
    }
    String::from_utf8(out).unwrap_or_else(|_no_text| text.to_owned())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_value_that_answers_hide_is_not_compared() {
        let is = |field: &str, value: &str| {
            let conditions = json!([[{"field": field, "operator": "is", "values": [value]}]]);
            conditions.to_string()
        };
        let refused = |name: &str, value: &str| telling([(name, value)].into_iter()).is_some();
        for field in ["page", "entryPage", "exitPage"] {
            assert!(refused("where", &is(field, "/account/ada@shop.example")));
            assert!(refused("where", &is(field, "/account/ada%40shop.example")));
            assert!(!refused("where", &is(field, "/account/orders")));
        }
        for field in ["utmSource", "utmMedium", "utmCampaign", "eventName", "os"] {
            assert!(refused("where", &is(field, "ada@shop.example")));
            assert!(!refused("where", &is(field, "newsletter")));
        }
        assert!(refused("page", "/account/ada@shop.example") && !refused("page", "/account"));
        assert!(refused("eventName", "ada@shop.example") && !refused("eventName", "signup"));
        // Numbers and moments are no texts.
        let long = r#"[[{"field":"duration","operator":"greater","values":["1764000000000"]}]]"#;
        assert!(!refused("where", long) && !refused("from", "2026-11-30T09:00:00Z"));
    }

    #[test]
    fn personal_data_goes_and_the_rest_stays() {
        let mut answer = json!({
            "id": "01JABCDEF", "userId": "ann@shop.example", "traits": {"plan": "pro"},
            "initialUrl": "https://shop.example/u/ann%40shop.example/a?mail=x#y",
            "rows": [{"value": "/reset/ann@shop.example", "sessions": 3}, {"value": "Firefox"}],
            "note": "call +49 30 901820",
            "startedAt": 1_764_000_000_000_i64,
        });
        mask(&mut answer);
        let text = answer.to_string();
        for hidden in ["ann", "shop.example/a?", "mail", "901820", "pro"] {
            assert!(!text.contains(hidden), "{hidden}: {text}");
        }
        assert_eq!(answer["id"], "01JABCDEF");
        assert_eq!(answer["rows"][1]["value"], "Firefox");
        assert_eq!(answer["startedAt"], 1_764_000_000_000_i64);
        assert!(text.contains("https://shop.example/u/"), "{text}");
    }
}
