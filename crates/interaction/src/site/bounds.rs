use std::time::Duration;

use crow_outbound::Limits;

/// How much an import may cost. What is beyond a bound is left out, and the import says so.
#[derive(Debug, Clone)]
pub(crate) struct Bounds {
    /// Of one page.
    pub(crate) page: Limits,
    /// Of one sitemap.
    pub(crate) sitemap: Limits,
    /// Pages.
    pub(crate) pages: usize,
    /// Sitemaps.
    pub(crate) sitemaps: usize,
    /// Products.
    pub(crate) products: usize,
    /// Bytes of the texts of all products.
    pub(crate) product_bytes: usize,
    /// Bytes that are received.
    pub(crate) bytes: usize,
    /// From the first page to the last.
    pub(crate) time: Duration,
    /// Pages that fail one after the other.
    pub(crate) failures: usize,
    /// Pages that are read at the same time.
    pub(crate) at_once: usize,
}

impl Default for Bounds {
    fn default() -> Self {
        Self {
            page: Limits {
                bytes: 4 << 20,
                inflated: 8 << 20,
                time: Duration::from_secs(15),
                redirects: 5,
            },
            sitemap: Limits {
                bytes: 10 << 20,
                inflated: 20 << 20,
                time: Duration::from_secs(60),
                redirects: 5,
            },
            pages: 10_000,
            sitemaps: 500,
            products: 20_000,
            product_bytes: 32 << 20,
            bytes: 2 << 30,
            time: Duration::from_secs(30 * 60),
            failures: 50,
            at_once: 4,
        }
    }
}
