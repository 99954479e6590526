//! The fields of a product, and their bounds.

use url::Url;

use crate::path::path_of;
use crate::price;

/// Bounds in characters.
const MAX_ID: usize = 128;
const MAX_NAME: usize = 300;
const MAX_DESCRIPTION: usize = 500;
const MAX_CATEGORY: usize = 200;
const MAX_URL: usize = 2_000;
/// Ids that would name another route, or that a browser takes out of an address.
const RESERVED: [&str; 4] = ["activity", "import", ".", ".."];

/// What is wrong with a field.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{field}: {message}")]
pub struct FieldError {
    /// Its name.
    pub field: &'static str,
    /// What it must be.
    pub message: &'static str,
}

/// A product as somebody sent it. Empty fields count as absent.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Draft {
    /// What the shop calls it in events. Without one, its SKU.
    pub id: Option<String>,
    /// Stock keeping unit.
    pub sku: Option<String>,
    /// Its name.
    pub name: Option<String>,
    /// What the shop says about it.
    pub description: Option<String>,
    /// What kind of product it is.
    pub category: Option<String>,
    /// In minor units of `currency`.
    pub price_minor: Option<i64>,
    /// ISO 4217.
    pub currency: Option<String>,
    /// The canonical address of its page.
    pub url: Option<String>,
    /// The address of a picture.
    pub image_url: Option<String>,
}

/// A product whose fields are checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fields {
    /// What the shop calls it in events.
    pub id: String,
    /// Stock keeping unit.
    pub sku: Option<String>,
    /// Its name.
    pub name: String,
    /// What the shop says about it, in one line.
    pub description: Option<String>,
    /// What kind of product it is.
    pub category: Option<String>,
    /// In minor units of `currency`. Both are there, or none.
    pub price_minor: Option<i64>,
    /// ISO 4217.
    pub currency: Option<String>,
    /// The canonical address of its page.
    pub url: Option<String>,
    /// The path of `url`, see [`path_of`].
    pub path: Option<String>,
    /// The address of a picture.
    pub image_url: Option<String>,
}

impl Draft {
    /// Checks every field. `fallback` is the id when there is neither id nor SKU.
    ///
    /// # Errors
    /// The first field that is wrong.
    pub fn check(self, fallback: Option<String>) -> Result<Fields, FieldError> {
        let sku = text("sku", self.sku, MAX_ID)?;
        let id = text("id", self.id, MAX_ID)?;
        let id = id.or_else(|| sku.clone()).or(fallback);
        let id = id.ok_or_else(|| wrong("id", "must be given, or `sku`"))?;
        if RESERVED.contains(&id.as_str()) {
            return Err(wrong(
                "id",
                "must not be `activity`, `import`, `.` or `..`; give another one",
            ));
        }
        let currency = currency(self.currency)?;
        let url = address("url", self.url)?;
        Ok(Fields {
            id,
            sku,
            name: text("name", self.name, MAX_NAME)?
                .ok_or_else(|| wrong("name", "must be given"))?,
            description: description(self.description)?,
            category: text("category", self.category, MAX_CATEGORY)?,
            price_minor: price(self.price_minor, currency.as_deref())?,
            currency: currency.filter(|_| self.price_minor.is_some()),
            path: url.as_deref().and_then(path_of),
            url,
            image_url: address("imageUrl", self.image_url)?,
        })
    }
}

/// An error of a field.
#[must_use]
pub fn wrong(field: &'static str, message: &'static str) -> FieldError {
    FieldError { field, message }
}

fn text(
    field: &'static str,
    text: Option<String>,
    most: usize,
) -> Result<Option<String>, FieldError> {
    let Some(text) = text else { return Ok(None) };
    let trimmed = text.trim();
    if trimmed.chars().any(char::is_control) {
        return Err(wrong(field, "must not have control characters"));
    }
    // Bounds count what was sent, so that they are those of the OpenAPI document.
    if text.chars().count() > most {
        return Err(wrong(field, "is too long"));
    }
    Ok((!trimmed.is_empty()).then(|| trimmed.to_owned()))
}

fn description(text: Option<String>) -> Result<Option<String>, FieldError> {
    if text
        .as_ref()
        .is_some_and(|it| it.chars().count() > MAX_DESCRIPTION)
    {
        return Err(wrong("description", "is too long"));
    }
    let one_line = text.map(|text| one_line(&text));
    self::text("description", one_line, MAX_DESCRIPTION)
}

/// Line breaks and other white space become single spaces.
fn one_line(text: &str) -> String {
    let words: Vec<&str> = text.split_whitespace().collect();
    words.join(" ")
}

/// A description of a file or a page, in one line and as long as it may be. Shops have long ones.
pub(crate) fn shortened(description: &str) -> String {
    let one_line = one_line(description);
    let end = one_line.char_indices().nth(MAX_DESCRIPTION);
    let end = end.map_or(one_line.len(), |(at, _character)| at);
    one_line[..end].to_owned()
}

fn currency(code: Option<String>) -> Result<Option<String>, FieldError> {
    let Some(code) = text("currency", code, 3)? else {
        return Ok(None);
    };
    if code.len() == 3 && code.bytes().all(|byte| byte.is_ascii_alphabetic()) {
        return Ok(Some(code.to_ascii_uppercase()));
    }
    Err(wrong(
        "currency",
        "must be a code of three letters, such as EUR",
    ))
}

fn price(minor: Option<i64>, currency: Option<&str>) -> Result<Option<i64>, FieldError> {
    match (minor, currency) {
        (None, _) => Ok(None),
        (Some(_), None) => Err(wrong("currency", "must be given with a price")),
        (Some(minor), _) if (0..=price::MAX).contains(&minor) => Ok(Some(minor)),
        (Some(_), _) => Err(wrong("priceMinor", "must be 0 or more, and not that high")),
    }
}

fn address(field: &'static str, address: Option<String>) -> Result<Option<String>, FieldError> {
    let Some(address) = text(field, address, MAX_URL)? else {
        return Ok(None);
    };
    let is_web = Url::parse(&address).is_ok_and(|url| {
        let has_no_user = url.username().is_empty() && url.password().is_none();
        matches!(url.scheme(), "http" | "https") && url.host_str().is_some() && has_no_user
    });
    if is_web {
        return Ok(Some(address));
    }
    Err(wrong(
        field,
        "must be an address that begins with http:// or https://",
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn draft() -> Draft {
        Draft {
            sku: Some(" S-1 ".to_owned()),
            name: Some("Brass lamp".to_owned()),
            ..Draft::default()
        }
    }

    fn text(text: &str) -> Option<String> {
        Some(text.to_owned())
    }

    #[test]
    fn a_product_needs_a_name_and_something_to_call_it_by() {
        let fields = draft().check(None).expect("it has both");
        assert_eq!(
            (fields.id.as_str(), fields.sku.as_deref()),
            ("S-1", Some("S-1"))
        );
        let nameless = Draft {
            name: text(" "),
            ..draft()
        };
        assert_eq!(nameless.check(None).map_err(|it| it.field), Err("name"));
        let without = || Draft {
            sku: None,
            ..draft()
        };
        assert_eq!(without().check(None).map_err(|it| it.field), Err("id"));
        let named = without().check(text("01J")).expect("the fallback names it");
        assert_eq!(named.id, "01J");
    }

    #[test]
    fn each_wrong_field_is_named() {
        for (wrong, field) in [
            (
                Draft {
                    id: text("a\u{7}b"),
                    ..draft()
                },
                "id",
            ),
            (
                Draft {
                    sku: Some("x".repeat(129)),
                    ..draft()
                },
                "sku",
            ),
            (
                Draft {
                    price_minor: Some(1),
                    ..draft()
                },
                "currency",
            ),
            (
                Draft {
                    price_minor: Some(-1),
                    currency: text("EUR"),
                    ..draft()
                },
                "priceMinor",
            ),
            (
                Draft {
                    currency: text("€"),
                    ..draft()
                },
                "currency",
            ),
            (
                Draft {
                    url: text("javascript:alert(1)"),
                    ..draft()
                },
                "url",
            ),
            (
                Draft {
                    url: text("/products/x"),
                    ..draft()
                },
                "url",
            ),
            (
                Draft {
                    description: Some("x".repeat(501)),
                    ..draft()
                },
                "description",
            ),
            (
                Draft {
                    description: text("a\u{7}b"),
                    ..draft()
                },
                "description",
            ),
            (
                Draft {
                    image_url: text("data:image/png;base64,AA"),
                    ..draft()
                },
                "imageUrl",
            ),
            (
                Draft {
                    url: text("https://a:b@shop.example/x"),
                    ..draft()
                },
                "url",
            ),
        ] {
            assert_eq!(wrong.check(None).map_err(|it| it.field), Err(field));
        }
    }

    #[test]
    fn a_description_is_one_line() {
        let described = Draft {
            description: text(" Warm\r\n\tand bright "),
            ..draft()
        };
        let fields = described.check(None).expect("all is right");
        assert_eq!(fields.description.as_deref(), Some("Warm and bright"));
        let long = "é ".repeat(600);
        let cut = Draft {
            description: Some(shortened(&long)),
            ..draft()
        };
        let kept = cut.check(None).expect("it is short enough").description;
        assert_eq!(
            kept.map(|it| it.chars().count()),
            Some(499),
            "without the last space"
        );
    }

    #[test]
    fn an_id_does_not_name_another_route() {
        for reserved in RESERVED {
            let by_id = Draft {
                id: text(reserved),
                ..draft()
            };
            let by_sku = Draft {
                sku: text(reserved),
                ..draft()
            };
            for draft in [by_id, by_sku] {
                assert_eq!(draft.check(None).map_err(|it| it.field), Err("id"));
            }
        }
    }

    #[test]
    fn the_path_comes_from_the_address() {
        let with_url = Draft {
            url: text("https://shop.example/Lamp/?a=b"),
            price_minor: Some(500),
            currency: text("eur"),
            ..draft()
        };
        let fields = with_url.check(None).expect("all is right");
        assert_eq!(fields.path.as_deref(), Some("/lamp"));
        assert_eq!(
            (fields.price_minor, fields.currency.as_deref()),
            (Some(500), Some("EUR"))
        );
    }
}
