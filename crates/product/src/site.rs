//! Products of the pages of a site.

use url::Url;

use crate::csv::Item;
use crate::fields::{FieldError, wrong};
use crate::html;
use crate::json_ld;
use crate::path::path_of;
use crate::sitemap::{self, Damaged, Sitemap};

/// The longest address, in characters.
pub const MAX_ADDRESS: usize = 2_000;

/// What is at an address.
#[derive(Debug, PartialEq)]
pub enum Content {
    /// A page.
    Page(Page),
    /// A sitemap: the addresses in it, resolved; what is no web address is left out.
    Sitemap {
        /// Whether they are sitemaps. Otherwise they are pages.
        is_index: bool,
        /// In the order of the file.
        addresses: Vec<Url>,
    },
}

/// What a page says about products.
#[derive(Debug, PartialEq)]
pub struct Page {
    /// Its products, or what is wrong with them, numbered from 1.
    pub items: Vec<Item>,
    /// Scripts with data that are no JSON or too long.
    pub unreadable: usize,
}

/// The address that an import starts from.
///
/// # Errors
/// When it is not one of the web. Whether it is public is decided where it is asked.
pub fn address(text: &str) -> Result<Url, FieldError> {
    let text = text.trim();
    if text.chars().count() > MAX_ADDRESS {
        return Err(wrong("url", "is too long"));
    }
    let url = Url::parse(text).ok().filter(is_web);
    let mut url = url.ok_or_else(|| {
        wrong(
            "url",
            "must be an address that begins with http:// or https://",
        )
    })?;
    if !url.username().is_empty() || url.password().is_some() {
        return Err(wrong("url", "must not have a user name or a password"));
    }
    url.set_fragment(None);
    Ok(url)
}

fn is_web(url: &Url) -> bool {
    matches!(url.scheme(), "http" | "https") && url.has_host()
}

/// Reads what a site answered for an address.
///
/// # Errors
/// When it is a sitemap that is damaged.
pub fn read(body: &[u8], from: &Url) -> Result<Content, Damaged> {
    // Other encodings than UTF-8 lose some letters. JSON is UTF-8 or ASCII in nearly all shops.
    let text = String::from_utf8_lossy(body);
    let (is_index, addresses) = match sitemap::read(&text)? {
        Some(Sitemap::Pages(all)) => (false, all),
        Some(Sitemap::Sitemaps(all)) => (true, all),
        None => {
            let data = html::data(&text);
            return Ok(Content::Page(Page {
                items: json_ld::read_page(&data.documents, from),
                unreadable: data.unreadable,
            }));
        }
    };
    let resolved = addresses.iter().filter_map(|it| from.join(it).ok());
    let addresses = resolved.filter(is_web).map(|mut url| {
        url.set_fragment(None);
        url
    });
    Ok(Content::Sitemap {
        is_index,
        addresses: addresses.collect(),
    })
}

/// Whether a page is the product's own, and not one that also shows it.
#[must_use]
pub fn is_own(page: &Url, path: Option<&str>) -> bool {
    path.is_some() && path_of(page.as_str()).as_deref() == path
}

#[cfg(test)]
mod tests {
    use super::*;

    fn url(text: &str) -> Url {
        Url::parse(text).expect("it is one")
    }

    #[test]
    fn an_import_starts_at_an_address_of_the_web() {
        let start = address(" https://shop.example/sitemap.xml#top ").expect("it is one");
        assert_eq!(start.as_str(), "https://shop.example/sitemap.xml");
        let long = format!("https://shop.example/{}", "x".repeat(MAX_ADDRESS));
        for wrong in [
            "",
            "shop.example",
            "/sitemap.xml",
            "ftp://shop.example/",
            "file:///etc/passwd",
            "https://",
            "https://me:secret@shop.example/",
            &long,
        ] {
            assert_eq!(address(wrong).map_err(|it| it.field), Err("url"), "{wrong}");
        }
    }

    #[test]
    fn a_sitemap_and_a_page_are_told_apart() {
        let from = url("https://shop.example/map/sitemap.xml");
        let file = "<?xml version='1.0'?><urlset><url><loc>/a#x</loc></url><url><loc>mailto:a@b</loc></url></urlset>";
        let expected = Content::Sitemap {
            is_index: false,
            addresses: vec![url("https://shop.example/a")],
        };
        assert_eq!(read(file.as_bytes(), &from), Ok(expected));
        let page = "<html>\u{fffd}<script type=application/ld+json>\
            {\"@type\":\"Product\",\"sku\":\"a\",\"name\":\"A\"}</script><script type=application/ld+json>{</script>";
        let Ok(Content::Page(page)) = read(page.as_bytes(), &from) else {
            panic!("it is a page");
        };
        assert_eq!((page.items.len(), page.unreadable), (1, 1));
        assert_eq!(read(b"<urlset>", &from), Err(Damaged));
    }

    #[test]
    fn a_products_own_page_has_its_path() {
        let page = url("https://shop.example/Lamp/?a=b");
        assert!(is_own(&page, Some("/lamp")));
        assert!(!is_own(&page, Some("/lamps")) && !is_own(&url("https://shop.example/"), None));
    }
}
