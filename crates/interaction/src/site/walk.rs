//! Reads the pages of a site.

use std::collections::{HashSet, VecDeque};
use std::sync::atomic::{AtomicUsize, Ordering};

use futures::StreamExt;
use tokio::time::Instant;
use url::Url;

use crow_db::products::site_imports::Problem;
use crow_outbound::{Answer, Error, Limits, Outbound, Refusal};
use crow_product::robots::Robots;
use crow_product::site::{self, Content, Page};

use super::bounds::Bounds;
use super::found::{Product, Products};
use super::so_far::SoFar;

const ACCEPT: &str = "text/html,application/xhtml+xml,application/xml,*/*;q=0.5";
/// Our name in `robots.txt`.
const ROBOT: &str = "CROW";
/// After as many addresses, other tasks get a turn.
const TURN: usize = 256;

pub(super) struct Walk<'a> {
    outbound: &'a Outbound,
    bounds: &'a Bounds,
    so_far: &'a SoFar,
    received: AtomicUsize,
    deadline: Instant,
}

/// What of a site is read.
struct Site {
    host: String,
    robots: Robots,
}

impl Site {
    /// # Errors
    /// Why a page is not read.
    fn takes(&self, url: &Url) -> Result<(), &'static str> {
        if url.host_str() != Some(self.host.as_str()) {
            return Err("it is on another host");
        }
        let path = &url[url::Position::BeforePath..url::Position::AfterQuery];
        if !self.robots.allows(path) {
            return Err("robots.txt of the site excludes it");
        }
        Ok(())
    }
}

/// Addresses of pages, each once.
#[derive(Default)]
struct Pages {
    all: Vec<Url>,
    known: HashSet<Url>,
}

impl<'a> Walk<'a> {
    pub(super) fn new(outbound: &'a Outbound, bounds: &'a Bounds, so_far: &'a SoFar) -> Self {
        Self {
            outbound,
            bounds,
            so_far,
            received: AtomicUsize::new(0),
            deadline: Instant::now() + bounds.time,
        }
    }

    /// The products of a page, or of the pages of a sitemap.
    ///
    /// # Errors
    /// When nothing can be read; why, in words.
    pub(super) async fn read(&self, start: &Url) -> Result<Vec<Product>, String> {
        // Somebody named this very address, so it may lead to another host, such as one with `www`.
        let answer = self.get(start, &self.bounds.sitemap, |_next| true).await?;
        let from = answer.url.clone();
        let mut products = Products::default();
        match parse(answer).await? {
            Content::Page(page) => {
                self.so_far.change(|progress| {
                    (progress.pages_found, progress.pages_read) = (1, 1);
                });
                if page.items.is_empty() && page.unreadable == 0 {
                    return Err(
                        "the page has no product of schema.org in JSON-LD, and it is no sitemap"
                            .to_owned(),
                    );
                }
                if let Some(why) = self.take(&mut products, &from, page) {
                    self.so_far.note(from.as_str(), why);
                }
            }
            Content::Sitemap {
                is_index,
                addresses,
            } => {
                let site = self.site(&from).await?;
                let pages = self.pages(&site, from, is_index, addresses).await;
                self.read_pages(&site, pages, &mut products).await;
            }
        }
        Ok(products.into_all())
    }

    async fn site(&self, from: &Url) -> Result<Site, String> {
        let unreadable = |why: String| format!("robots.txt of the site cannot be read: {why}");
        let host = from.host_str().unwrap_or_default().to_owned();
        let url = from
            .join("/robots.txt")
            .map_err(|error| error.to_string())?;
        let is_same = |next: &Url| next.host_str() == Some(host.as_str());
        let asking = self.ask(&url, &self.bounds.page, is_same);
        let answer = asking.await.map_err(unreadable)?;
        let robots = match answer.status {
            200 => Robots::read(&answer.body, ROBOT),
            // RFC 9309: there is none, so everything may be read.
            400..=499 => Robots::default(),
            status => return Err(unreadable(answered(status))),
        };
        Ok(Site { host, robots })
    }

    /// The pages of a sitemap and of those that it lists.
    async fn pages(&self, site: &Site, from: Url, is_index: bool, addresses: Vec<Url>) -> Vec<Url> {
        let mut pages = Pages::default();
        let mut waiting = VecDeque::new();
        let mut known = HashSet::from([from]);
        let mut listed = (is_index, addresses);
        loop {
            let (is_index, addresses) = listed;
            if is_index {
                for (number, url) in addresses.into_iter().enumerate() {
                    if let Some(why) = self.turn(number).await {
                        self.so_far.note(url.as_str(), why);
                        return pages.all;
                    }
                    self.list_sitemap(site, url, &mut known, &mut waiting);
                }
            } else if !self.list_pages(site, addresses, &mut pages).await {
                return pages.all;
            }
            listed = loop {
                let Some(next) = waiting.pop_front() else {
                    return pages.all;
                };
                if let Some(why) = self.is_over() {
                    self.so_far.note(next.as_str(), why);
                    return pages.all;
                }
                match self.sitemap(site, &next).await {
                    Ok(listed) => break listed,
                    Err(why) => self.so_far.note(next.as_str(), &why),
                }
            };
        }
    }

    fn list_sitemap(
        &self,
        site: &Site,
        url: Url,
        known: &mut HashSet<Url>,
        waiting: &mut VecDeque<Url>,
    ) {
        if known.contains(&url) {
            return;
        }
        let refused = match site.takes(&url) {
            Ok(()) if known.len() < self.bounds.sitemaps => {
                known.insert(url.clone());
                waiting.push_back(url);
                return;
            }
            Ok(()) => "there are too many sitemaps; it was not read",
            Err(why) => why,
        };
        self.so_far.note(url.as_str(), refused);
    }

    /// `false`: there are as many pages as are read, or the import is over.
    async fn list_pages(&self, site: &Site, addresses: Vec<Url>, pages: &mut Pages) -> bool {
        for (number, url) in addresses.into_iter().enumerate() {
            if let Some(why) = self.turn(number).await {
                self.so_far.note(url.as_str(), why);
                return false;
            }
            if pages.known.contains(&url) {
                continue;
            }
            if let Err(why) = site.takes(&url) {
                self.so_far.note(url.as_str(), why);
                continue;
            }
            if pages.all.len() >= self.bounds.pages {
                let most = self.bounds.pages;
                let text = format!(
                    "there are more than {most} pages; this one and the rest were not read"
                );
                self.so_far.note(url.as_str(), &text);
                return false;
            }
            pages.known.insert(url.clone());
            pages.all.push(url);
        }
        let found = i64::try_from(pages.all.len()).unwrap_or(i64::MAX);
        self.so_far.change(|progress| progress.pages_found = found);
        true
    }

    async fn sitemap(&self, site: &Site, url: &Url) -> Result<(bool, Vec<Url>), String> {
        let stays = |next: &Url| site.takes(next).is_ok();
        let answer = self.get(url, &self.bounds.sitemap, stays).await?;
        match parse(answer).await? {
            Content::Sitemap {
                is_index,
                addresses,
            } => Ok((is_index, addresses)),
            Content::Page(_) => Err("it is no sitemap".to_owned()),
        }
    }

    /// Pages are read at the same time and taken in their order, so that two imports of the same pages
    /// have the same products.
    async fn read_pages(&self, site: &Site, pages: Vec<Url>, products: &mut Products) {
        let found = i64::try_from(pages.len()).unwrap_or(i64::MAX);
        self.so_far.change(|progress| progress.pages_found = found);
        let reading = futures::stream::iter(pages).map(|url| async move {
            let page = self.page(site, &url).await;
            (url, page)
        });
        let mut read = std::pin::pin!(reading.buffered(self.bounds.at_once));
        let mut failures = 0;
        while let Some((url, outcome)) = read.next().await {
            self.so_far.change(|progress| progress.pages_read += 1);
            failures = match outcome {
                Ok((from, page)) => {
                    // When it is full, that is noted below.
                    let _full = self.take(products, &from, page);
                    0
                }
                Err(why) => {
                    self.so_far.note(url.as_str(), &why);
                    failures + 1
                }
            };
            let is_enough = if failures >= self.bounds.failures {
                Some("too many pages in a row cannot be read; the rest was not read")
            } else {
                self.is_over().or_else(|| self.is_full(products))
            };
            if let Some(why) = is_enough {
                self.so_far.note(url.as_str(), why);
                return;
            }
        }
    }

    async fn page(&self, site: &Site, url: &Url) -> Result<(Url, Page), String> {
        let stays = |next: &Url| site.takes(next).is_ok();
        let answer = self.get(url, &self.bounds.page, stays).await?;
        let from = answer.url.clone();
        match parse(answer).await? {
            Content::Page(page) => Ok((from, page)),
            Content::Sitemap { .. } => Err("it is a sitemap, and no page".to_owned()),
        }
    }

    /// Why the rest of the page was left out.
    fn take(&self, products: &mut Products, page: &Url, content: Page) -> Option<&'static str> {
        if content.unreadable > 0 {
            let text = "it has JSON-LD that cannot be read";
            self.so_far.note(page.as_str(), text);
        }
        for (number, item) in content.items {
            let full = self.is_full(products);
            if full.is_some() {
                return full;
            }
            match item {
                Ok(fields) => products.add(Product::new(fields, page, number)),
                Err(error) => {
                    let problem = Problem {
                        url: page.to_string(),
                        product: Some(number),
                        field: Some(error.field.to_owned()),
                        message: error.message.to_owned(),
                    };
                    self.so_far.change(|progress| progress.note(problem));
                }
            }
        }
        None
    }

    /// A page that is there.
    async fn get(
        &self,
        url: &Url,
        limits: &Limits,
        stays: impl Fn(&Url) -> bool,
    ) -> Result<Answer, String> {
        let answer = self.ask(url, limits, stays).await?;
        if answer.status == 200 {
            return Ok(answer);
        }
        Err(answered(answer.status))
    }

    async fn ask(
        &self,
        url: &Url,
        limits: &Limits,
        stays: impl Fn(&Url) -> bool,
    ) -> Result<Answer, String> {
        let rest = self.deadline.saturating_duration_since(Instant::now());
        let limits = Limits {
            time: limits.time.min(rest),
            ..*limits
        };
        let answer = self.outbound.get(url, ACCEPT, &limits, stays).await;
        let answer = answer.map_err(|error| in_words(&error))?;
        self.received.fetch_add(answer.received, Ordering::Relaxed);
        Ok(answer)
    }

    /// Robots rules make an address expensive: now and then, lets others work. Why no more is read.
    async fn turn(&self, number: usize) -> Option<&'static str> {
        if number % TURN != TURN - 1 {
            return None;
        }
        tokio::task::yield_now().await;
        self.is_over()
    }

    fn is_over(&self) -> Option<&'static str> {
        if Instant::now() >= self.deadline {
            return Some("the import took too long; the rest was not read");
        }
        let is_much = self.received.load(Ordering::Relaxed) >= self.bounds.bytes;
        is_much.then_some("the site is too large; the rest was not read")
    }

    fn is_full(&self, products: &Products) -> Option<&'static str> {
        let is_full =
            products.len() >= self.bounds.products || products.bytes() >= self.bounds.product_bytes;
        is_full.then_some("there are too many products; the rest was not read")
    }
}

/// Large pages take a while.
async fn parse(answer: Answer) -> Result<Content, String> {
    let work = tokio::task::spawn_blocking(move || site::read(&answer.body, &answer.url));
    let content = work
        .await
        .map_err(|_ended| "it cannot be read".to_owned())?;
    content.map_err(|error| error.to_string())
}

fn answered(status: u16) -> String {
    format!("the site answered {status}")
}

/// Names that have only private addresses are not told from those that nobody has: that would show the
/// names of the installation's own network.
fn in_words(error: &Error) -> String {
    match error {
        Error::Refused(Refusal::Address) | Error::Http(_) => {
            "it cannot be reached, or has no public address".to_owned()
        }
        Error::Refused(refusal) => refusal.to_string(),
        Error::Elsewhere => {
            "it redirects to another host, or to what robots.txt excludes".to_owned()
        }
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use crow_outbound::OutboundConfig;

    use super::*;

    #[tokio::test]
    async fn addresses_are_listed_until_the_import_is_over() {
        drop(crow_testkit::http::client());
        let outbound = Outbound::new(&OutboundConfig::default()).unwrap();
        let bounds = Bounds {
            bytes: 0,
            ..Bounds::default()
        };
        let so_far = SoFar::default();
        let walk = Walk::new(&outbound, &bounds, &so_far);
        let site = Site {
            host: "shop.example".to_owned(),
            robots: Robots::default(),
        };
        let of = |number: usize| Url::parse(&format!("https://shop.example/{number}")).unwrap();
        let addresses: Vec<Url> = (0..TURN + 10).map(of).collect();
        let mut pages = Pages::default();
        assert!(!walk.list_pages(&site, addresses, &mut pages).await);
        assert_eq!(pages.all.len(), TURN - 1);
    }

    #[tokio::test]
    async fn a_page_with_too_many_products_is_not_taken_to_its_end() {
        drop(crow_testkit::http::client());
        let outbound = Outbound::new(&OutboundConfig::default()).unwrap();
        let bounds = Bounds {
            products: 2,
            ..Bounds::default()
        };
        let so_far = SoFar::default();
        let walk = Walk::new(&outbound, &bounds, &so_far);
        let from = Url::parse("https://shop.example/list").unwrap();
        let read = |ids: &[&str]| {
            let all = ids.iter().map(|id| {
                format!("<script type=application/ld+json>{{\"@type\":\"Product\",\"sku\":\"{id}\",\"name\":\"A\"}}</script>")
            });
            let body = all.collect::<String>();
            let Ok(Content::Page(page)) = site::read(body.as_bytes(), &from) else {
                panic!("it is a page");
            };
            page
        };
        let mut products = Products::default();
        assert_eq!(walk.take(&mut products, &from, read(&["a", "b"])), None);
        let full = "there are too many products; the rest was not read";
        let mut products = Products::default();
        let rest = walk.take(&mut products, &from, read(&["a", "b", "c"]));
        assert_eq!((rest, products.len()), (Some(full), 2));
    }
}
