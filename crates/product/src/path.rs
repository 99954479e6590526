//! The path that names a product's page.

use percent_encoding::percent_decode_str;
use url::Url;

/// The longest path, in characters.
const MAX: usize = 500;

/// The path of an address, decoded and in lower case, without its last slash. Host and query do not
/// count, but a route behind the number sign does. `None`: not an address, or its path is `/`.
#[must_use]
pub fn path_of(address: &str) -> Option<String> {
    let base = Url::parse("https://shop.invalid").ok()?;
    let url = Url::options().base_url(Some(&base)).parse(address).ok()?;
    let route = url.fragment().unwrap_or_default().trim_start_matches('!');
    let route = route.split('?').next().unwrap_or_default();
    let route = if route.starts_with('/') { route } else { "" };
    let whole = format!("{}{route}", url.path().trim_end_matches('/'));
    let path = percent_decode_str(whole.trim_end_matches('/')).decode_utf8_lossy();
    let path = path.to_lowercase();
    let is_short = path.chars().count() <= MAX;
    (!path.is_empty() && is_short).then_some(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_page_has_one_path() {
        for address in [
            "https://shop.example/Products/%C3%96llampe/",
            "https://www.shop.example/products/öllampe?color=red#reviews",
            "/products/öllampe",
        ] {
            assert_eq!(
                path_of(address).as_deref(),
                Some("/products/öllampe"),
                "{address}"
            );
        }
        assert_eq!(
            path_of("https://a.example/#/p/7?x").as_deref(),
            Some("/p/7")
        );
        for none in ["https://a.example/", "/", "", "https://"] {
            assert_eq!(path_of(none), None, "{none}");
        }
    }
}
