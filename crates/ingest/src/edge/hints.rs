//! Client Hints that browsers send without being asked: `Sec-CH-UA`, `Sec-CH-UA-Mobile` and
//! `Sec-CH-UA-Platform` (<https://wicg.github.io/ua-client-hints/>). They are exact where the user
//! agent is reduced.

use actix_web::http::header::HeaderMap;

/// Longer headers are ignored.
const MAX_HEADER: usize = 512;

/// Brands that are engines and not browsers.
const ENGINES: [&str; 2] = ["Chromium", "Android WebView"];

/// Brands whose browsers have another name in the user agent.
const NAMES: [(&str, &str); 5] = [
    ("Google Chrome", "Chrome"),
    ("Microsoft Edge", "Edge"),
    ("HeadlessChrome", "Chrome"),
    ("YaBrowser", "Yandex Browser"),
    ("Yandex", "Yandex Browser"),
];

/// The Client Hints of a request.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Hints {
    /// Name of the browser, or empty.
    pub browser: String,
    /// Name of the operating system, or empty.
    pub os: String,
    /// Whether the browser prefers pages for phones.
    pub is_mobile: Option<bool>,
}

impl Hints {
    /// Hints that are absent, malformed or too long are treated as unknown.
    pub(crate) fn read(headers: &HeaderMap) -> Self {
        let text = |name: &str| {
            let value = headers.get(name)?.to_str().ok()?.trim();
            (value.len() <= MAX_HEADER).then_some(value)
        };
        Self {
            browser: text("sec-ch-ua").and_then(brand).unwrap_or_default(),
            os: text("sec-ch-ua-platform")
                .and_then(platform)
                .unwrap_or_default(),
            is_mobile: match text("sec-ch-ua-mobile") {
                Some("?1") => Some(true),
                Some("?0") => Some(false),
                _ => None,
            },
        }
    }
}

/// The browser's brand in a list such as `"Chromium";v="126", "Not/A)Brand";v="8", "Microsoft
/// Edge";v="126"`.
fn brand(list: &str) -> Option<String> {
    let brands = list.split('"').skip(1).step_by(4);
    let is_browser = |brand: &&str| !ENGINES.contains(brand) && !is_grease(brand);
    let found = brands.filter(is_browser).last()?;
    let known = NAMES.iter().find(|(brand, _)| *brand == found);
    Some(known.map_or(found, |(_, name)| name).to_owned())
}

/// Browsers add a made-up brand, so that sites do not rely on the list: `Not/A)Brand`.
fn is_grease(brand: &str) -> bool {
    let letters: String = brand.chars().filter(char::is_ascii_alphabetic).collect();
    letters.eq_ignore_ascii_case("NotABrand") || letters.eq_ignore_ascii_case("NotBrand")
}

fn platform(quoted: &str) -> Option<String> {
    let name = quoted.strip_prefix('"')?.strip_suffix('"')?;
    match name {
        "" | "Unknown" => None,
        "Chromium OS" => Some("Chrome OS".to_owned()),
        other => Some(other.to_owned()),
    }
}
