//! What is counted in a visit, with the lines that show it.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use serde::Deserialize;

use crow_product::catalogue::Catalogue;
use crow_types::{EventRecord, SessionRecord};

use crate::address::{Address, host_of};
use crate::event::{Click, Event, Meaning, Named, Order};
use crate::line::{Draft, Kind, Lines};
use crate::products::{Products, Tally};

/// Lines that a fact names as evidence.
const MAX_LINES: usize = 10;
/// Different fields that were not accepted.
const MAX_FIELDS: usize = 20;
/// A story says so when nothing happened for so long, in milliseconds.
const PAUSE_MS: i64 = 300_000;

/// How often something happened, and the first lines that show it.
#[derive(Debug, Clone, Default)]
pub(crate) struct Count {
    pub(crate) count: u64,
    pub(crate) lines: Vec<u32>,
    /// The first text that was not empty, cleaned.
    pub(crate) text: String,
}

impl Count {
    pub(crate) fn is_empty(&self) -> bool {
        self.count == 0
    }

    fn add(&mut self, line: u32, text: &str) {
        self.count += 1;
        if self.lines.len() < MAX_LINES && self.lines.last() != Some(&line) {
            self.lines.push(line);
        }
        if self.text.is_empty() {
            text.clone_into(&mut self.text);
        }
    }
}

/// What is known of a visit when all of its events have been counted.
#[derive(Debug, Default)]
pub(crate) struct Facts {
    pub(crate) is_bot: bool,
    pub(crate) has_gaps: bool,
    pub(crate) duration_ms: i64,
    /// Host where the visitor came from, if it is another one.
    pub(crate) came_from: Option<String>,
    pub(crate) device: Option<String>,
    /// Events that tell something.
    pub(crate) told: u64,
    pub(crate) pages: Count,
    pub(crate) last_page: (u32, String),
    pub(crate) clicks: Count,
    pub(crate) rage: Count,
    pub(crate) dead: Count,
    pub(crate) inputs: Count,
    pub(crate) submits: Count,
    pub(crate) invalid: BTreeMap<String, Count>,
    pub(crate) errors: Count,
    pub(crate) search: Count,
    pub(crate) cart: Count,
    pub(crate) added: Count,
    pub(crate) add_click: Count,
    pub(crate) checkout: Count,
    pub(crate) checkout_click: Count,
    /// Purchase events; `text` is the total of the first.
    pub(crate) purchase: Count,
    /// Different order ids.
    pub(crate) orders: BTreeSet<String>,
    pub(crate) confirmation: Count,
    pub(crate) comparison: Count,
    pub(crate) sign_up: Count,
    /// Percent.
    pub(crate) depth: u64,
    pub(crate) products: Products,
}

/// Counts events as they come, in bounded memory.
#[derive(Debug)]
pub(crate) struct Counting {
    facts: Facts,
    lines: Lines,
    tally: Tally,
    last_at: i64,
    /// A page of thanks that follows is for an order.
    is_ordering: bool,
}

#[derive(Deserialize)]
struct Window {
    #[serde(default)]
    missing: Vec<serde::de::IgnoredAny>,
}

fn has_gaps(windows: &str) -> bool {
    let windows: BTreeMap<String, Window> = serde_json::from_str(windows).unwrap_or_default();
    windows.values().any(|window| !window.missing.is_empty())
}

impl Counting {
    pub(crate) fn new(session: &SessionRecord, catalogue: Arc<Catalogue>) -> Self {
        let own = session.initial_url.as_deref().and_then(host_of);
        let from = session.referrer.as_deref().and_then(host_of);
        let facts = Facts {
            is_bot: session.is_bot,
            has_gaps: has_gaps(&session.windows),
            duration_ms: session.duration_ms,
            came_from: from.filter(|host| own.as_ref() != Some(host)),
            device: session.device_type.clone(),
            ..Facts::default()
        };
        Self {
            facts,
            lines: Lines::new(session.started_at),
            tally: Tally::new(catalogue),
            last_at: session.started_at,
            is_ordering: false,
        }
    }

    pub(crate) fn count(&mut self, record: &EventRecord) {
        let event = Event::of(record);
        if event.means == Meaning::Silent {
            return;
        }
        self.facts.told += 1;
        let pause = event.at - self.last_at;
        if pause >= PAUSE_MS && self.facts.told > 1 {
            let what = format!("{} min without events", pause / 60_000);
            self.lines.add(
                Kind::Pause,
                self.last_at,
                Draft {
                    what,
                    ..Draft::default()
                },
            );
        }
        self.last_at = self.last_at.max(event.at);
        let place = event.address.as_ref();
        match event.means {
            Meaning::Page { title } => self.page(event.at, place, &title),
            Meaning::Click(click) => self.click(event.at, place, &click),
            Meaning::View(products) => self.view(event.at, place, &products),
            Meaning::Add(products) => self.add(event.at, place, &products),
            Meaning::Remove(products) => self.remove(event.at, place, &products),
            Meaning::Purchase(order) => self.purchase(event.at, place, &order),
            Meaning::Compare(products) => {
                let line = self.line(
                    Kind::Event,
                    event.at,
                    place,
                    "compared",
                    &names(&products),
                    true,
                );
                self.facts.comparison.add(line, "");
            }
            other => self.simple(event.at, place, other),
        }
    }

    fn line(
        &mut self,
        kind: Kind,
        at: i64,
        place: Option<&Address>,
        what: &str,
        text: &str,
        is_important: bool,
    ) -> u32 {
        let draft = Draft {
            what: what.to_owned(),
            text: text.to_owned(),
            path: place.map(|it| it.path.clone()).unwrap_or_default(),
            is_important,
        };
        self.lines.add(kind, at, draft)
    }

    fn page(&mut self, at: i64, place: Option<&Address>, title: &str) {
        let is = |what: fn(&Address) -> bool| place.is_some_and(what);
        let is_confirmation =
            is(Address::is_confirmation) || (self.is_ordering && is(Address::is_thanks));
        let is_checkout = is(Address::is_checkout) && !is_confirmation;
        let is_cart = is(Address::is_cart) && !is_checkout;
        let is_product = place.is_some_and(|it| self.tally.is_product(it));
        let is_search = is(Address::is_search);
        let matters = is_confirmation || is_checkout || is_cart || is_product || is_search;
        let is_important = matters || self.facts.pages.count == 0;
        let line = self.line(Kind::Page, at, place, "", title, is_important);
        let path = place.map(|it| it.path.clone()).unwrap_or_default();
        let facts = &mut self.facts;
        facts.pages.add(line, &path);
        facts.last_page = (line, path.clone());
        if is_confirmation {
            facts.confirmation.add(line, &path);
        } else if is_checkout {
            facts.checkout.add(line, &path);
        } else if is_cart {
            facts.cart.add(line, &path);
        }
        if is_search {
            facts.search.add(line, "");
        }
        if is(Address::is_comparison) {
            facts.comparison.add(line, &path);
        }
        self.is_ordering |= is_checkout;
        match place {
            Some(place) => self.tally.open(place, title, at, line),
            None => self.tally.leave(at),
        }
    }

    fn click(&mut self, at: i64, place: Option<&Address>, click: &Click) {
        let kind = match click {
            Click { is_rage: true, .. } => Kind::RageClick,
            Click {
                is_checkout: true, ..
            } => Kind::Checkout,
            Click { is_add: true, .. } => Kind::Cart,
            Click { .. } => Kind::Click,
        };
        let what = if matches!(kind, Kind::Cart | Kind::Checkout) {
            "clicked"
        } else {
            ""
        };
        let line = self.line(kind, at, place, what, &click.label, kind != Kind::Click);
        self.facts.clicks.add(line, "");
        if click.is_rage {
            self.facts.rage.add(line, &click.label);
        }
        if click.is_add && self.facts.add_click.count < 1_000 {
            self.facts.add_click.add(line, &click.label);
            self.tally.add_here(place, at, line);
        }
        if click.is_checkout {
            self.facts.checkout_click.add(line, &click.label);
            self.is_ordering = true;
        }
    }

    fn view(&mut self, at: i64, place: Option<&Address>, products: &[Named]) {
        for product in products {
            let line = self.line(Kind::Product, at, place, "viewed", label(product), true);
            self.tally.view(product, place, line);
        }
    }

    fn add(&mut self, at: i64, place: Option<&Address>, products: &[Named]) {
        let line = self.line(Kind::Cart, at, place, "added", &names(products), true);
        self.facts.added.add(line, "");
        for product in products {
            self.tally.add(product, at, line);
        }
        if products.is_empty() {
            // What was added is what the page shows.
            self.tally.add_here(place, at, line);
        }
    }

    fn remove(&mut self, at: i64, place: Option<&Address>, products: &[Named]) {
        let line = self.line(Kind::Cart, at, place, "removed", &names(products), true);
        for product in products {
            self.tally.remove(product, line);
        }
    }

    fn purchase(&mut self, at: i64, place: Option<&Address>, order: &Order) {
        let line = self.line(
            Kind::Purchase,
            at,
            place,
            "reported",
            &names(&order.products),
            true,
        );
        self.facts.purchase.add(line, &order.total);
        if !order.id.is_empty() && self.facts.orders.len() < 100 {
            self.facts.orders.insert(order.id.clone());
        }
        for product in &order.products {
            self.tally.buy(product, line);
        }
    }

    fn simple(&mut self, at: i64, place: Option<&Address>, means: Meaning) {
        match means {
            Meaning::DeadClick { label } => {
                let line = self.line(Kind::DeadClick, at, place, "", &label, true);
                self.facts.dead.add(line, &label);
            }
            Meaning::Scroll { depth } => {
                self.facts.depth = self.facts.depth.max(depth);
                self.line(Kind::Scroll, at, place, &format!("to {depth} %"), "", false);
            }
            Meaning::Input { field, is_search } => {
                let kind = if is_search { Kind::Search } else { Kind::Input };
                let line = self.line(kind, at, place, "changed", &field, is_search);
                self.facts.inputs.add(line, "");
                if is_search {
                    self.facts.search.add(line, "");
                }
            }
            Meaning::Submit { is_search } => {
                let kind = if is_search {
                    Kind::Search
                } else {
                    Kind::Submit
                };
                let line = self.line(kind, at, place, "sent", "", true);
                self.facts.submits.add(line, "");
                if is_search {
                    self.facts.search.add(line, "");
                }
            }
            Meaning::Invalid { field } => {
                let line = self.line(Kind::Invalid, at, place, "refused", &field, true);
                let invalid = &mut self.facts.invalid;
                if invalid.len() < MAX_FIELDS || invalid.contains_key(&field) {
                    invalid.entry(field).or_default().add(line, "");
                }
            }
            Meaning::Error { message } => {
                let line = self.line(Kind::Error, at, place, "", &message, true);
                self.facts.errors.add(line, &message);
            }
            Meaning::OpenCart => {
                let line = self.line(Kind::Cart, at, place, "opened", "", true);
                self.facts.cart.add(line, "");
            }
            Meaning::Checkout => {
                let line = self.line(Kind::Checkout, at, place, "reported", "", true);
                self.facts.checkout.add(line, "");
                self.is_ordering = true;
            }
            Meaning::Search { query } => {
                let line = self.line(Kind::Search, at, place, "searched", &query, true);
                self.facts.search.add(line, &query);
            }
            Meaning::SignUp => {
                let line = self.line(Kind::Event, at, place, "signed up", "", true);
                self.facts.sign_up.add(line, "");
            }
            Meaning::Custom { name } => {
                self.line(Kind::Event, at, place, "", &name, false);
            }
            Meaning::Page { .. }
            | Meaning::Click(_)
            | Meaning::View(_)
            | Meaning::Add(_)
            | Meaning::Remove(_)
            | Meaning::Purchase(_)
            | Meaning::Compare(_)
            | Meaning::Silent => {}
        }
    }

    pub(crate) fn finish(self) -> (Facts, Lines) {
        let mut facts = self.facts;
        facts.products = self.tally.finish(self.last_at);
        (facts, self.lines)
    }
}

fn label(product: &Named) -> &str {
    if product.name.is_empty() {
        &product.id
    } else {
        &product.name
    }
}

fn names(products: &[Named]) -> String {
    let names: Vec<&str> = products.iter().map(label).take(3).collect();
    let more = products.len() - names.len();
    let names = names.join(", ");
    if more == 0 {
        names
    } else {
        format!("{names} and {more} more")
    }
}
