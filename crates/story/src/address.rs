//! What an address of a page says: its path, search words and product.

use percent_encoding::percent_decode_str;
use url::Url;

use crate::clean::{MAX_NAME, clean};
use crate::words;

/// The longest path that is kept, in characters.
const MAX_PATH: usize = 80;

/// An address of a page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Address {
    /// The path, and the route in the fragment if it has one; decoded and cleaned.
    pub(crate) path: String,
    /// Host and whole path: names the page.
    pub(crate) page: String,
    /// As in the catalogue, see [`crow_product::path::path_of`]; empty: none.
    pub(crate) canonical: String,
    /// Lower case, decoded, without empty ones.
    segments: Vec<String>,
    /// The query names a search.
    is_search: bool,
}

impl Address {
    /// `None`: not an address.
    pub(crate) fn of(url: &str) -> Option<Self> {
        let canonical = crow_product::path::path_of(url).unwrap_or_default();
        let url = Url::parse(url).ok()?;
        // Some applications have their routes behind the number sign.
        let route = url.fragment().unwrap_or_default().trim_start_matches('!');
        let (route, route_query) = route.split_once('?').unwrap_or((route, ""));
        let route = if route.starts_with('/') { route } else { "" };
        let whole = format!("{}{route}", url.path().trim_end_matches('/'));
        let whole = if whole.is_empty() { "/" } else { &whole };
        let decoded = percent_decode_str(whole).decode_utf8_lossy();
        let segments = decoded
            .split('/')
            .filter(|segment| !segment.is_empty())
            .map(str::to_lowercase)
            .collect();
        let queries = [url.query().unwrap_or_default(), route_query];
        Some(Self {
            path: clean(&decoded, MAX_PATH),
            canonical,
            page: format!("{}{whole}", url.host_str().unwrap_or_default()),
            segments,
            is_search: queries.iter().any(|query| has_search(query)),
        })
    }

    fn has_segment(&self, set: &[&str]) -> bool {
        !self.is_article() && self.segments.iter().any(|it| set.contains(&it.as_str()))
    }

    /// An article may write about a checkout; it is none.
    fn is_article(&self) -> bool {
        self.segments
            .iter()
            .any(|it| words::ARTICLES.contains(&it.as_str()))
    }

    pub(crate) fn is_cart(&self) -> bool {
        self.has_segment(words::CART_PAGES)
    }

    pub(crate) fn is_checkout(&self) -> bool {
        self.has_segment(words::CHECKOUT_PAGES)
    }

    pub(crate) fn is_search(&self) -> bool {
        self.is_search || self.has_segment(words::SEARCH_PAGES)
    }

    pub(crate) fn is_comparison(&self) -> bool {
        self.has_segment(words::COMPARE_PAGES)
    }

    /// A page that shops show after an order.
    pub(crate) fn is_confirmation(&self) -> bool {
        let ends = |set: &[&str]| {
            let last = self.segments.last();
            !self.is_article() && last.is_some_and(|last| set.contains(&last.as_str()))
        };
        ends(words::CONFIRMATION_PAGES) || (ends(words::THANKS_PAGES) && self.is_checkout())
    }

    /// A page that thanks, for an order or for something else.
    pub(crate) fn is_thanks(&self) -> bool {
        let last = self.segments.last();
        last.is_some_and(|last| words::THANKS_PAGES.contains(&last.as_str()))
    }

    /// The last part of the path of a product's page.
    pub(crate) fn product(&self) -> Option<&str> {
        if self.is_article() {
            return None;
        }
        let place = self
            .segments
            .iter()
            .position(|it| words::PRODUCT_PAGES.contains(&it.as_str()))?;
        let rest = &self.segments[place + 1..];
        let slug = rest.last()?.as_str();
        let slug = slug.strip_suffix(".html").unwrap_or(slug);
        let is_list = rest
            .iter()
            .any(|it| words::LIST_PAGES.contains(&it.as_str()));
        (!is_list && rest.len() <= 2 && !slug.is_empty()).then_some(slug)
    }
}

fn has_search(query: &str) -> bool {
    url::form_urlencoded::parse(query.as_bytes())
        .any(|(name, value)| words::SEARCH_FIELDS.contains(&&*name) && !value.trim().is_empty())
}

/// The host of an address, without `www.`, cleaned. A visitor can invent one.
pub(crate) fn host_of(url: &str) -> Option<String> {
    let url = Url::parse(url).ok()?;
    let host = url.host_str()?;
    Some(clean(host.strip_prefix("www.").unwrap_or(host), MAX_NAME))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn address(path: &str) -> Address {
        Address::of(&format!("https://shop.example{path}")).expect("an address")
    }

    #[test]
    fn a_path_names_a_product_only_on_its_own_page() {
        let product = |path: &str| address(path).product().map(str::to_owned);
        assert_eq!(
            product("/products/Laptop-X1?a=b"),
            Some("laptop-x1".to_owned())
        );
        assert_eq!(
            product("/de/produkte/lampen/%C3%B6llampe.html"),
            Some("öllampe".to_owned())
        );
        assert_eq!(product("/dp/B00X"), Some("b00x".to_owned()));
        assert_eq!(product("/#/product/7"), Some("7".to_owned()));
        for other in [
            "/products",
            "/products/",
            "/products/category/lamps",
            "/blog/product/x",
            "/",
        ] {
            assert_eq!(product(other), None, "{other}");
        }
    }

    #[test]
    fn an_article_about_a_checkout_is_no_checkout() {
        assert!(address("/checkout/address").is_checkout());
        assert!(address("/kasse").is_checkout());
        assert!(!address("/blog/checkout").is_checkout());
        assert!(!address("/how-to-checkout").is_checkout());
        assert!(address("/checkout/thanks").is_confirmation());
        assert!(address("/bestellbestaetigung").is_confirmation());
        assert!(!address("/thanks").is_confirmation());
        assert!(address("/thanks").is_thanks());
    }

    #[test]
    fn a_search_has_words() {
        assert!(address("/?q=lamp").is_search());
        assert!(address("/#/find?q=lamp").is_search());
        assert!(address("/search").is_search());
        assert!(!address("/?q=").is_search());
    }

    #[test]
    fn a_hostile_path_stays_one_quotable_line() {
        let path = address("/a%22%0Ab%E2%80%AEc").path;
        assert_eq!(path, "/a' bc");
    }
}
