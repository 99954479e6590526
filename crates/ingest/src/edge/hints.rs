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
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Hints<'a> {
    /// Name of the browser, or empty.
    pub browser: &'a str,
    /// Name of the operating system, or empty.
    pub os: &'a str,
    /// Whether the browser prefers pages for phones.
    pub is_mobile: Option<bool>,
}

impl<'a> Hints<'a> {
    /// Hints that are absent, malformed or too long are treated as unknown.
    pub(crate) fn read(headers: &'a HeaderMap) -> Self {
        let text = |name: &str| {
            let value = headers.get(name)?.to_str().ok()?.trim();
            // Browsers do not escape characters in hints.
            (value.len() <= MAX_HEADER && !value.contains('\\')).then_some(value)
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
fn brand(list: &str) -> Option<&str> {
    let brands = list.split('"').skip(1).step_by(4);
    let is_browser = |brand: &&str| !ENGINES.contains(brand) && !is_grease(brand);
    let found = brands.filter(is_browser).last()?;
    let known = NAMES.iter().find(|(brand, _)| *brand == found);
    Some(known.map_or(found, |(_, name)| name))
}

/// Browsers add a made-up brand, so that sites do not rely on the list: `Not/A)Brand`.
fn is_grease(brand: &str) -> bool {
    let letters = brand.bytes().filter(u8::is_ascii_alphabetic);
    let letters = letters.map(|letter| letter.to_ascii_lowercase());
    letters.clone().eq(*b"notabrand") || letters.eq(*b"notbrand")
}

fn platform(quoted: &str) -> Option<&str> {
    let name = quoted.strip_prefix('"')?.strip_suffix('"')?;
    match name {
        "" | "Unknown" => None,
        "Chromium OS" => Some("Chrome OS"),
        other => Some(other),
    }
}
