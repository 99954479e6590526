//! Reads the field `assets` of a batch. Bad entries are dropped and never cost an event.

use std::collections::HashMap;
use std::fmt;

use serde::de::{IgnoredAny, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer};
use serde_json::value::RawValue;

use crow_db::assets::report::{Origin, Shown};
use crow_types::{AssetUrl, OrganizationId};

use crate::decode::fields::Scalar;
use crate::decode::list::Object;

/// The maximum number of entries per batch.
const MAX_REPORTED: usize = 200;

/// An address that a window has shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Reported {
    /// The address as the client wrote it. The client knows it by this form.
    pub given: String,
    pub shown: Shown,
}

#[derive(Deserialize)]
struct Entry<'a> {
    #[serde(borrow, default)]
    url: Scalar<'a>,
    #[serde(borrow, default)]
    from: Scalar<'a>,
}

/// The valid entries, each address once.
pub(super) fn read(assets: &[u8], organization: &OrganizationId) -> Vec<Reported> {
    let Ok(entries) = serde_json::from_slice::<First<'_>>(assets) else {
        return Vec::new();
    };
    let mut reported: Vec<Reported> = Vec::new();
    let mut places = HashMap::new();
    for one in entries.0.iter().filter_map(|raw| entry(raw, organization)) {
        let place = *places.entry(one.shown.hash).or_insert(reported.len());
        if let Some(known) = reported.get_mut(place) {
            if one.shown.origin == Origin::Style {
                known.shown.origin = Origin::Style;
            }
        } else {
            reported.push(one);
        }
    }
    reported
}

fn entry(raw: &RawValue, organization: &OrganizationId) -> Option<Reported> {
    let Object(entry): Object<Entry<'_>> = serde_json::from_str(raw.get()).ok()?;
    let Scalar::Text(given) = entry.url else {
        return None;
    };
    let url = AssetUrl::parse(&given).ok()?;
    let is_style = matches!(entry.from, Scalar::Text(text) if text == "style");
    Some(Reported {
        shown: Shown {
            hash: url.hash_in(organization),
            url,
            origin: if is_style {
                Origin::Style
            } else {
                Origin::Page
            },
        },
        given: given.into_owned(),
    })
}

/// The first items of an array; the rest are discarded.
struct First<'a>(Vec<&'a RawValue>);

impl<'de: 'a, 'a> Deserialize<'de> for First<'a> {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        from.deserialize_seq(FirstVisitor).map(First)
    }
}

struct FirstVisitor;

impl<'de> Visitor<'de> for FirstVisitor {
    type Value = Vec<&'de RawValue>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an array")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Self::Value, A::Error> {
        let mut first = Vec::new();
        while first.len() < MAX_REPORTED {
            let Some(item) = items.next_element()? else {
                return Ok(first);
            };
            first.push(item);
        }
        while items.next_element::<IgnoredAny>()?.is_some() {}
        Ok(first)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn read_json(assets: &Value) -> Vec<(String, Origin)> {
        let organization = OrganizationId::new("acme").unwrap();
        let reported = read(assets.to_string().as_bytes(), &organization);
        reported
            .into_iter()
            .map(|one| (one.given, one.shown.origin))
            .collect()
    }

    #[test]
    fn a_bad_entry_costs_only_itself() {
        let good = json!({"url": "https://a.example/a.png", "from": "page"});
        let mut entries = vec![
            json!(null),
            json!(7),
            json!("https://a.example/b.png"),
            json!([]),
            json!({}),
            json!({"url": null}),
            json!({"url": 7}),
            json!({"url": "/b.png"}),
            json!({"url": "https://u:p@a.example/"}),
            json!({"url": "https://a.example/?token=*"}),
            json!({"url": ["https://a.example/b.png"]}),
        ];
        entries.push(good);
        let expected = vec![("https://a.example/a.png".to_owned(), Origin::Page)];
        assert_eq!(read_json(&json!(entries)), expected);
        for nothing in [
            json!(null),
            json!(7),
            json!("x"),
            json!({"url": "https://a.example/"}),
        ] {
            assert_eq!(read_json(&nothing), []);
        }
    }

    #[test]
    fn each_address_counts_once_and_a_style_sheet_wins() {
        let entries = json!([
            {"url": "https://a.example/a.png"}, {"url": "https://A.example/a.png#x", "from": "style"},
            {"url": "https://a.example/b.png", "from": 7},
        ]);
        let expected = vec![
            ("https://a.example/a.png".to_owned(), Origin::Style),
            ("https://a.example/b.png".to_owned(), Origin::Page),
        ];
        assert_eq!(read_json(&entries), expected);
    }

    #[test]
    fn what_is_too_much_is_left_out() {
        let url = |number: usize| json!({"url": format!("https://a.example/{number}")});
        let entries: Vec<Value> = (0..500).map(url).collect();
        assert_eq!(read_json(&json!(entries)).len(), MAX_REPORTED);
    }
}
