use std::collections::BTreeSet;

use crow_types::{
    EndReason, EventRecord, OrganizationId, Partition, PartitionCount, SessionId, SessionRecord,
    SessionRowId, terms,
};

use crate::calendar::Calendar;
use crate::dice::Dice;
use crate::shop::{self, Page};

/// The maximum number of pages in a session.
const MAX_PAGES: usize = 25;
const WINDOW: &str = "w1";

/// What to generate.
#[derive(Debug, Clone)]
pub struct Plan {
    organization: OrganizationId,
    seed: u64,
    sessions: u64,
    partitions: PartitionCount,
    calendar: Calendar,
}

/// One session with its events in time order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Visit {
    /// Its row.
    pub session: SessionRecord,
    /// Its events' rows.
    pub events: Vec<EventRecord>,
}

impl Plan {
    /// Plans `count` sessions of an organization that start in the `days` before `end`
    /// (milliseconds since the epoch).
    #[must_use]
    pub fn new(
        organization: OrganizationId,
        seed: u64,
        sessions: u64,
        days: u32,
        end: i64,
        partitions: PartitionCount,
    ) -> Self {
        Self {
            organization,
            seed,
            sessions,
            partitions,
            calendar: Calendar::new(end, days.max(1)),
        }
    }

    /// The number of sessions.
    #[must_use]
    pub fn sessions(&self) -> u64 {
        self.sessions
    }

    /// The organization.
    #[must_use]
    pub fn organization(&self) -> &OrganizationId {
        &self.organization
    }

    /// The session with this number, from 0. A larger number starts later.
    #[must_use]
    pub fn visit(&self, number: u64) -> Visit {
        let mut dice = Dice::new(self.seed, number);
        let mut draft = Draft::begin(self, number, &mut dice);
        draft.walk(&mut dice);
        draft.finish()
    }

    /// The SDK's id of the session with this number.
    pub(crate) fn session_id(&self, number: u64) -> SessionId {
        SessionId::new(format!("seed-{:x}-{number:08x}", self.seed))
            .expect("hexadecimal digits make an id")
    }

    /// The row id of the session with this number.
    pub(crate) fn row_id(&self, number: u64) -> SessionRowId {
        SessionRowId::derive(&self.organization, &self.session_id(number), 0)
    }

    /// About every third session belongs to a user with an account.
    fn user(&self, dice: &mut Dice) -> Option<String> {
        let users = (self.sessions / 8).max(1);
        dice.chance(350)
            .then(|| format!("user-{}", dice.skewed(users)))
    }
}

/// What a site would say about its user. It follows from the number in the user's id.
fn traits_of(user: &str) -> String {
    let digits = user.rsplit('-').next().unwrap_or_default();
    let number: u64 = digits.parse().unwrap_or(0);
    let plan = if number.is_multiple_of(3) {
        "pro"
    } else {
        "free"
    };
    format!(r#"{{"plan":"{plan}","seats":{}}}"#, number % 20 + 1)
}

struct Draft {
    session: SessionRecord,
    events: Vec<EventRecord>,
    /// Prefix of event ids. It puts them in time order, which suits the database's indexes.
    prefix: String,
    url: String,
    viewport: (i64, i64),
    at: i64,
}

impl Draft {
    fn begin(plan: &Plan, number: u64, dice: &mut Dice) -> Self {
        let session_id = plan.session_id(number);
        let at = plan.calendar.time_of(number, plan.sessions);
        let device = *dice.pick(shop::DEVICES);
        let (browser, os) = shop::client(device, dice);
        let viewport = shop::viewport(device, dice);
        let referrer = *dice.pick(shop::REFERRERS);
        let country = *dice.pick(shop::COUNTRIES);
        let text = |text: &str| (!text.is_empty()).then(|| text.to_owned());
        let user = plan.user(dice);
        let row = plan.row_id(number).0;
        let tenant = &SessionRowId::derive(&plan.organization, &plan.session_id(0), 0).0[..14];
        let session = SessionRecord {
            partition: i64::from(Partition::of(&plan.organization, &session_id, plan.partitions).0),
            id: row,
            organization_id: plan.organization.as_str().to_owned(),
            session_id: session_id.as_str().to_owned(),
            started_at: at,
            referrer: text(referrer),
            traits: user.as_deref().map(traits_of),
            user_id: user,
            country: text(country),
            device_type: text(device),
            browser: text(browser),
            os: text(os),
            is_bot: device == "bot",
            locale: text("en"),
            timezone: text("Europe/Berlin"),
            viewport: Some(format!("{}x{}", viewport.0, viewport.1)),
            sdk_name: text("crow-js"),
            sdk_version: text("1.0.0"),
            platform: text("web"),
            windows: "{}".to_owned(),
            ..SessionRecord::default()
        };
        Self {
            session,
            events: Vec::with_capacity(16),
            prefix: format!("{tenant}{number:012x}"),
            url: String::new(),
            viewport,
            at,
        }
    }

    fn walk(&mut self, dice: &mut Dice) {
        let mut page = Some(Page::entry(dice));
        for _page in 0..MAX_PAGES {
            let Some(current) = page else { break };
            self.look_at(current, dice);
            page = current.next(dice);
        }
    }

    fn look_at(&mut self, page: Page, dice: &mut Dice) {
        self.url = page.url(dice);
        let (width, height) = self.viewport;
        self.add(
            "pageview",
            None,
            &format!(r#"{{"title":"Shop","viewport":[{width},{height}],"navigation":"load"}}"#),
        );
        self.session.pageview_count += 1;
        if self.session.pageview_count == 1 {
            self.session.initial_url = Some(self.url.clone());
            self.perform(dice);
        }
        self.session.exit_url = Some(self.url.clone());
        self.scroll(page, dice);
        for _click in 0..dice.below(4) {
            self.click(page, dice);
        }
        self.act(page, dice);
        if dice.chance(15) {
            self.wait(dice, 2_000);
            self.add(
                "error",
                None,
                r#"{"message":"price is undefined","name":"TypeError"}"#,
            );
            self.session.error_count += 1;
        }
        self.wait(dice, 20_000);
    }

    fn perform(&mut self, dice: &mut Dice) {
        self.wait(dice, 3_000);
        let ttfb = 40 + dice.skewed(1_200);
        let fcp = ttfb + 150 + dice.skewed(1_800);
        let lcp = fcp + dice.skewed(3_000);
        let cls = dice.skewed(400);
        let inp = 16 + 8 * dice.skewed(60);
        let load = lcp + dice.below(900);
        self.add(
            "performance",
            None,
            &format!(
                r#"{{"ttfb":{ttfb},"fcp":{fcp},"lcp":{lcp},"cls":0.{cls:04},"inp":{inp},"load":{load}}}"#
            ),
        );
    }

    fn scroll(&mut self, page: Page, dice: &mut Dice) {
        let seen = (self.viewport.1 * 100 / page.height()).clamp(10, 100);
        let depth = dice.between(seen, 101).min(100);
        if depth > seen {
            self.wait(dice, 6_000);
            self.add("scroll", None, &format!(r#"{{"depth":{depth}}}"#));
            self.session.max_scroll_depth = self.session.max_scroll_depth.max(depth);
        }
    }

    fn click(&mut self, page: Page, dice: &mut Dice) {
        self.wait(dice, 8_000);
        let (width, height) = self.viewport;
        let is_main = dice.chance(600);
        let x = if is_main {
            width / 2 + dice.between(-60, 60)
        } else {
            dice.between(0, width)
        };
        let y = if is_main {
            420 + dice.between(-18, 18)
        } else {
            dice.between(0, page.height())
        };
        let top = dice.between(0, height);
        let target = page.target();
        let place = format!(r#"{{{target},"x":{x},"y":{y},"viewportX":{x},"viewportY":{top}"#);
        self.add("click", None, &format!("{place}}}"));
        self.session.click_count += 1;
        if dice.chance(8) {
            self.at += 300;
            self.add("click", None, &format!(r#"{place},"rage":true}}"#));
            self.session.click_count += 1;
            self.session.rage_click_count += 1;
        }
        if dice.chance(12) {
            self.add("dead_click", None, &format!("{place}}}"));
        }
    }

    /// The visitor's actions on this page, besides viewing it.
    fn act(&mut self, page: Page, dice: &mut Dice) {
        match page {
            Page::Product(number) if dice.chance(450) => {
                self.wait(dice, 4_000);
                self.add(
                    "custom",
                    Some("add_to_cart"),
                    &format!(r#"{{"product":{number}}}"#),
                );
            }
            Page::Checkout => {
                for field in ["email", "street"] {
                    self.wait(dice, 9_000);
                    self.add("input", None, &format!(r#"{{"name":"{field}"}}"#));
                    self.session.input_count += 1;
                }
            }
            Page::Thanks => {
                let value = dice.between(900, 25_000);
                self.add(
                    "custom",
                    Some("purchase"),
                    &format!(r#"{{"cents":{value}}}"#),
                );
            }
            _ => {}
        }
    }

    fn wait(&mut self, dice: &mut Dice, longest: i64) {
        self.at += dice.between(200, longest);
    }

    fn add(&mut self, word: &str, name: Option<&str>, data: &str) {
        self.session.event_count += 1;
        self.events.push(EventRecord {
            id: format!("{}{:06x}", self.prefix, self.events.len()),
            session_id: self.session.id.clone(),
            r#type: word.to_owned(),
            name: name.map(str::to_owned),
            url: Some(self.url.clone()),
            window_id: WINDOW.to_owned(),
            timestamp: self.at,
            place: i64::try_from(self.events.len()).unwrap_or(i64::MAX),
            data: data.to_owned(),
            created_at: self.at,
        });
    }

    fn finish(self) -> Visit {
        let mut session = self.session;
        let mut pages = BTreeSet::new();
        for event in &self.events {
            terms::add(&mut session.terms, terms::of_type(&event.r#type));
            if let Some(name) = &event.name {
                terms::add(&mut session.terms, terms::of_name(name));
            }
            pages.extend(event.url.as_deref());
        }
        session.urls = pages.iter().map(|page| format!("{page}\n")).collect();
        let last = self.events.last().map_or(self.at, |event| event.timestamp);
        session.last_activity_at = last;
        session.last_event_at = last;
        session.ended_at = Some(last);
        session.end_reason = Some(EndReason::Idle);
        session.duration_ms = last - session.started_at;
        session.created_at = session.started_at;
        session.updated_at = last;
        Visit {
            session,
            events: self.events,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plan(seed: u64) -> Plan {
        let partitions = PartitionCount::new(8).unwrap();
        let organization = OrganizationId::new("acme").unwrap();
        Plan::new(organization, seed, 2_000, 7, 1_763_700_000_000, partitions)
    }

    #[test]
    fn the_same_plan_makes_the_same_visits_and_another_seed_others() {
        assert_eq!(plan(1).visit(77), plan(1).visit(77));
        assert_ne!(plan(1).visit(77).events, plan(2).visit(77).events);
    }

    #[test]
    fn a_session_counts_its_events() {
        let mut events = 0;
        for number in 0..2_000 {
            let Visit {
                session,
                events: own,
            } = plan(1).visit(number);
            let count = |word: &str| own.iter().filter(|event| event.r#type == word).count() as i64;
            assert_eq!(session.event_count, own.len() as i64);
            assert_eq!(session.pageview_count, count("pageview"));
            assert_eq!(session.click_count, count("click"));
            assert_eq!(session.error_count, count("error"));
            assert!(own.is_sorted_by_key(|event| event.timestamp));
            events += own.len();
        }
        assert!((8..=12).contains(&(events / 2_000)), "{events}");
    }
}
