//! Which products a visit was about.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crow_product::catalogue::{Catalogue, Match};

use crate::address::Address;
use crate::clean::{MAX_NAME, clean};
use crate::event::Named;
use crate::matched;
use crate::slug::{name_of, slug_of};

mod judged;

/// Different pages and products of one visit that are kept apart.
const MAX_PAGES: usize = 500;
/// The longest id that is kept, in characters.
const MAX_ID: usize = 128;
const MAX_PRODUCTS: usize = 200;
/// Steps between products that are remembered, to find that a visitor went back and forth.
const MAX_STEPS: usize = 400;
/// Lines that one product names as evidence.
const MAX_EVIDENCE: usize = 10;
/// On a page that showed so many products, they are a list that the visitor scrolled through.
const LIST: usize = 3;
/// A click on "add to cart" and the event that reports it belong together, in milliseconds.
const ONE_ADD_MS: i64 = 5_000;

/// How a product was recognised.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum By {
    /// An event names its id or SKU.
    Id,
    /// The path of its page.
    Path,
    /// An event has only its name.
    Name,
}

/// A product of a visit.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Product {
    /// As the page sent it, or the last part of the path of its page. Cleaned, not to be trusted.
    pub id: String,
    /// Cleaned, not to be trusted.
    pub name: String,
    /// The path of its page, if it has one.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub path: String,
    /// Cleaned, not to be trusted; empty if unknown.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub category: String,
    /// How often it was looked at.
    pub views: u32,
    /// How long, in milliseconds, as far as known.
    pub viewed_ms: i64,
    /// It was put into the cart, and not all of it taken out.
    pub added: bool,
    /// An order names it.
    pub bought: bool,
    /// How it was recognised.
    pub by: By,
    /// 0 to 1, by how it was recognised.
    pub confidence: f64,
    /// Lines of the story.
    pub evidence: Vec<u32>,
    /// In the catalogue.
    #[serde(skip)]
    pub found: Option<Match>,
}

#[derive(Debug, Default)]
struct Seen {
    id: String,
    /// An event names the id. Otherwise it may come from the catalogue.
    is_named: bool,
    found: Option<Match>,
    name: String,
    category: String,
    slug: String,
    path: String,
    views: Vec<View>,
    added: u32,
    removed: u32,
    bought: bool,
    lines: Vec<u32>,
}

#[derive(Debug, Clone, Copy)]
struct View {
    page: Option<usize>,
    duration: i64,
    line: u32,
}

#[derive(Debug, Default)]
struct Page {
    path: String,
    found: Option<Match>,
    slug: Option<String>,
    title: String,
    opened: u32,
    duration: i64,
    lines: Vec<u32>,
}

/// A moment at which a product had the visitor's attention.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Step {
    Page(usize),
    /// Of a view of this product on a page.
    Product(usize, Option<usize>),
}

/// Collects products in bounded memory.
#[derive(Debug, Default)]
pub(crate) struct Tally {
    catalogue: Arc<Catalogue>,
    pages: Vec<Page>,
    page_keys: BTreeMap<String, usize>,
    seen: Vec<Seen>,
    keys: BTreeMap<String, usize>,
    steps: Vec<Step>,
    current: Option<(usize, i64)>,
    /// Clicks on "add to cart": page, time and line.
    clicked: Vec<(usize, i64, u32)>,
    added_at: Vec<i64>,
}

/// What is known at the end of a visit.
#[derive(Debug, Default)]
pub(crate) struct Products {
    pub(crate) catalogue: Arc<Catalogue>,
    pub(crate) list: Vec<Product>,
    /// Two products that the visitor went back and forth between.
    pub(crate) back_and_forth: Option<[usize; 2]>,
    /// Products of one category.
    pub(crate) of_category: Vec<usize>,
}

impl Tally {
    pub(crate) fn new(catalogue: Arc<Catalogue>) -> Self {
        Self {
            catalogue,
            ..Self::default()
        }
    }

    /// Whether it is the page of a product.
    pub(crate) fn is_product(&self, address: &Address) -> bool {
        address.product().is_some() || self.catalogue.at(&address.canonical).is_some()
    }

    pub(crate) fn open(&mut self, address: &Address, title: &str, at: i64, line: u32) {
        self.leave(at);
        let Some(page) = self.page(address) else {
            return;
        };
        self.current = Some((page, at));
        let found = &mut self.pages[page];
        found.opened += 1;
        push(&mut found.lines, line);
        if found.title.is_empty() {
            title.clone_into(&mut found.title);
        }
        if found.slug.is_some() {
            self.step(Step::Page(page));
        }
    }

    /// The visitor went on, or the visit is over.
    pub(crate) fn leave(&mut self, at: i64) {
        if let Some((page, since)) = self.current.take() {
            self.pages[page].duration += (at - since).max(0);
        }
    }

    fn page(&mut self, address: &Address) -> Option<usize> {
        if let Some(page) = self.page_keys.get(&address.page) {
            return Some(*page);
        }
        if self.pages.len() == MAX_PAGES {
            return None;
        }
        let found = self.catalogue.at(&address.canonical);
        let slug = match found {
            Some(found) => Some(clean(&self.catalogue.get(found).id, MAX_ID)),
            None => address.product().map(|slug| clean(slug, MAX_NAME)),
        };
        self.pages.push(Page {
            path: address.path.clone(),
            slug,
            found,
            ..Page::default()
        });
        let page = self.pages.len() - 1;
        self.page_keys.insert(address.page.clone(), page);
        Some(page)
    }

    fn step(&mut self, step: Step) {
        if self.steps.len() < MAX_STEPS && self.steps.last() != Some(&step) {
            self.steps.push(step);
        }
    }

    pub(crate) fn view(&mut self, named: &Named, address: Option<&Address>, line: u32) {
        let Some(product) = self.product(named) else {
            return;
        };
        let page = address.and_then(|address| self.page(address));
        let duration = named.duration;
        let view = View {
            page,
            duration,
            line,
        };
        if self.seen[product].views.len() < MAX_PAGES {
            self.seen[product].views.push(view);
        }
        self.step(Step::Product(product, page));
    }

    pub(crate) fn add(&mut self, named: &Named, at: i64, line: u32) {
        if let Some(product) = self.product(named) {
            self.seen[product].added += 1;
            push(&mut self.seen[product].lines, line);
        }
        self.note_add(at);
    }

    /// An event says that something was added.
    pub(crate) fn note_add(&mut self, at: i64) {
        if self.added_at.len() < MAX_PRODUCTS {
            self.added_at.push(at);
        }
    }

    /// "Add to cart" was clicked, or added without saying what.
    pub(crate) fn add_here(&mut self, address: Option<&Address>, at: i64, line: u32) {
        let page = address.and_then(|address| self.page(address));
        if let Some(page) = page.filter(|_| self.clicked.len() < MAX_PRODUCTS) {
            self.clicked.push((page, at, line));
        }
    }

    pub(crate) fn remove(&mut self, named: &Named, line: u32) {
        if let Some(product) = self.product(named) {
            self.seen[product].removed += 1;
            push(&mut self.seen[product].lines, line);
        }
    }

    pub(crate) fn buy(&mut self, named: &Named, line: u32) {
        if let Some(product) = self.product(named) {
            self.seen[product].bought = true;
            push(&mut self.seen[product].lines, line);
        }
    }

    /// What the catalogue calls it.
    fn known(&self, named: &Named, found: Match) -> Named {
        let known = self.catalogue.get(found);
        let category = known.category.as_deref().unwrap_or_default();
        Named {
            id: clean(&known.id, MAX_ID),
            name: matched::name_of(known),
            category: if category.is_empty() {
                named.category.clone()
            } else {
                clean(category, MAX_NAME)
            },
            duration: named.duration,
        }
    }

    fn product(&mut self, sent: &Named) -> Option<usize> {
        let found = self.catalogue.named(&sent.id, &sent.name);
        let known = found.map(|found| self.known(sent, found));
        let product = self.same(known.as_ref().unwrap_or(sent))?;
        let seen = &mut self.seen[product];
        seen.is_named |= !sent.id.is_empty();
        seen.found = surer(seen.found, found);
        Some(product)
    }

    fn same(&mut self, named: &Named) -> Option<usize> {
        let by_name = slug_of(&named.name);
        let keys = [
            format!("i{}", named.id.to_lowercase()),
            format!("n{by_name}"),
        ];
        let [id, name] = keys
            .each_ref()
            .map(|key| self.keys.get(key.as_str()).copied());
        let id = id.filter(|_| !named.id.is_empty());
        // Two products may have one name.
        let name = name.filter(|it| named.id.is_empty() || self.seen[*it].id.is_empty());
        let product = match id.or(name.filter(|_| !by_name.is_empty())) {
            Some(product) => product,
            None if self.seen.len() == MAX_PRODUCTS => return None,
            None => {
                self.seen.push(Seen::default());
                self.seen.len() - 1
            }
        };
        let seen = &mut self.seen[product];
        for (field, value) in [
            (&mut seen.id, &named.id),
            (&mut seen.name, &named.name),
            (&mut seen.category, &named.category),
        ] {
            if field.is_empty() {
                value.clone_into(field);
            }
        }
        for (key, is_given) in keys
            .into_iter()
            .zip([!named.id.is_empty(), !by_name.is_empty()])
        {
            if is_given {
                self.keys.entry(key).or_insert(product);
            }
        }
        Some(product)
    }

    pub(crate) fn finish(mut self, ended_at: i64) -> Products {
        self.leave(ended_at);
        self.drop_lists();
        let of_page = self.products_of_pages();
        for (page, at, line) in std::mem::take(&mut self.clicked) {
            let is_reported = self.added_at.iter().any(|it| (it - at).abs() <= ONE_ADD_MS);
            if let Some(product) = of_page[page].filter(|_| !is_reported) {
                self.seen[product].added += 1;
                push(&mut self.seen[product].lines, line);
            }
        }
        self.judge(&of_page)
    }

    /// Leaves out the views of products that were only part of a list.
    fn drop_lists(&mut self) {
        let mut shown: BTreeMap<usize, BTreeSet<usize>> = BTreeMap::new();
        for (product, seen) in self.seen.iter().enumerate() {
            for page in seen.views.iter().filter_map(|view| view.page) {
                shown.entry(page).or_default().insert(product);
            }
        }
        let is_list = |page: Option<usize>, seen: &Seen| {
            page.is_some_and(|page| {
                let own = self.pages[page].slug.as_deref();
                shown.get(&page).is_some_and(|it| it.len() >= LIST)
                    && !own.is_some_and(|slug| is_of(seen, slug))
            })
        };
        let lists: Vec<Vec<bool>> = self
            .seen
            .iter()
            .map(|seen| {
                seen.views
                    .iter()
                    .map(|view| is_list(view.page, seen))
                    .collect()
            })
            .collect();
        let is_dropped = |product: usize, page: Option<usize>| is_list(page, &self.seen[product]);
        let steps = self
            .steps
            .iter()
            .filter(
                |step| !matches!(**step, Step::Product(product, page) if is_dropped(product, page)),
            )
            .copied()
            .collect();
        self.steps = steps;
        for (seen, lists) in self.seen.iter_mut().zip(lists) {
            let mut lists = lists.into_iter();
            seen.views.retain(|_| !lists.next().unwrap_or_default());
        }
    }

    /// The product of each page of a product; adds those that no event names.
    fn products_of_pages(&mut self) -> Vec<Option<usize>> {
        let mut of_page = Vec::with_capacity(self.pages.len());
        for page in 0..self.pages.len() {
            let viewed: Vec<usize> = (0..self.seen.len())
                .filter(|it| {
                    self.seen[*it]
                        .views
                        .iter()
                        .any(|view| view.page == Some(page))
                })
                .collect();
            let Some(slug) = self.pages[page].slug.clone() else {
                of_page.push(match viewed[..] {
                    [only] => Some(only),
                    _ => None,
                });
                continue;
            };
            let named = (0..self.seen.len()).find(|it| is_of(&self.seen[*it], &slug));
            let product = match (named, &viewed[..]) {
                (Some(named), _) => named,
                (None, [only]) if self.seen[*only].slug.is_empty() => *only,
                (None, _) => self.of_page_only(page, &slug),
            };
            if let Some(found) = self.pages[page].found {
                self.recognise(product, found);
            }
            let (seen, page) = (&mut self.seen[product], &self.pages[page]);
            if seen.slug.is_empty() {
                seen.slug = slug;
                seen.path.clone_from(&page.path);
            }
            of_page.push(Some(product));
        }
        of_page
    }

    /// A product that only its page shows.
    fn of_page_only(&mut self, page: usize, slug: &str) -> usize {
        let name = name_of(&self.pages[page].title, slug);
        let is_known = self.pages[page].found.is_none() && self.catalogue.by_name(&name).is_some();
        let titled = Named {
            name: name.clone(),
            ..Named::default()
        };
        // Titles of unknown products may be those of the shop, so they name nothing.
        let same = if is_known {
            self.product(&titled)
        } else {
            None
        };
        same.unwrap_or_else(|| {
            self.seen.push(Seen {
                name,
                ..Seen::default()
            });
            self.seen.len() - 1
        })
    }

    /// Its page is that of a product of the catalogue. What an event names is surer.
    fn recognise(&mut self, product: usize, found: Match) {
        let before = self.seen[product].found;
        if before.is_some_and(|before| before.place != found.place) {
            return;
        }
        let known = self.known(&Named::default(), found);
        let seen = &mut self.seen[product];
        seen.found = surer(before, Some(found));
        (seen.id, seen.name) = (known.id, known.name);
        if !known.category.is_empty() {
            seen.category = known.category;
        }
    }
}

fn surer(one: Option<Match>, other: Option<Match>) -> Option<Match> {
    let sure = |found: &Match| found.by.confidence();
    match (one, other) {
        (Some(one), Some(other)) if sure(&other) > sure(&one) => Some(other),
        (one, other) => one.or(other),
    }
}

fn push(lines: &mut Vec<u32>, line: u32) {
    if lines.len() < MAX_EVIDENCE && lines.last() != Some(&line) {
        lines.push(line);
    }
}

/// Whether the last part of a path names the product.
fn is_of(seen: &Seen, slug: &str) -> bool {
    let slug = slug_of(slug);
    let id = slug_of(&seen.id);
    let ends_with_id = || {
        let parts = slug.split('-');
        id.len() >= 3 && parts.clone().next_back() == Some(&id) || parts.clone().next() == Some(&id)
    };
    slug == slug_of(&seen.slug) && !slug.is_empty()
        || !id.is_empty() && (slug == id || ends_with_id())
        || !seen.name.is_empty() && slug == slug_of(&seen.name)
}
