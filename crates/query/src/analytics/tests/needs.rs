//! A list that passes over sessions by their rows finds what the conditions alone find: random
//! conditions over sessions whose texts, terms and traits are hard cases.

use std::collections::BTreeSet;

use serde_json::json;

use crow_db::analytics::{NewSteps, SampledSession};
use crow_db::flush::{self, Flush};
use crow_db::read::{self, KeptFilter, Need, SessionFilter, SessionKey, Walk};
use crow_db::{installation, leases};
use crow_types::{EventRecord, OrganizationId, Sequence, SessionRecord, terms};

use super::{END, Seeded};
use crate::analytics::conditions::Wanted;
use crate::analytics::members::Members;
use crate::analytics::needs;
use crate::ask::conditions::Conditions;
use crate::ask::values::Value;

const SESSIONS: u64 = 200;
const CONDITIONS: usize = 150;

/// Both are stored in the same way: without the last two letters, since the first of these begins in the
/// 200th byte.
const LONG: [&str; 2] = [
    concat!(
        "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
        "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
        "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
        "äA",
    ),
    concat!(
        "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
        "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
        "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
        "äB",
    ),
];
/// Empty: absent.
const WORDS: &[&str] = &["", "DE", "de", "Über", "über", "a%b_c!\\", LONG[0], LONG[1]];
const REFERRERS: &[&str] = &[
    "",
    "https://www.Google.de/search?q=x",
    "https://shop.example/x",
    "https://Blog.Example.:8080/",
    "android-app://com.example",
    LONG[0],
];
const PAGES: &[&str] = &[
    "",
    "https://shop.example",
    "https://shop.example/",
    "https://shop.example/caf%C3%A9?utm_source=Flyer",
    "https://shop.example/Cart?UTM_Source=a%20b#x",
    "https://shop.example/a b?gclid=1",
    "https://shop.example/app#/users/1",
    "/only/path",
];
const TRAITS: &[&str] = &[
    "",
    r#"{"plan":"pro","seats":5}"#,
    r#"{"pl\u0061n":"pr\u006f"}"#,
    r#"{"plan":1e2,"seats":"Über"}"#,
    r#"{"plan":"über","seats":true}"#,
    r#"{"plan":"a\"b"}"#,
    r#"{"other":"plan"}"#,
    "no JSON",
];
const TYPES: &[&str] = &["pageview", "click", "custom", "error", "weird", LONG[0]];
const NAMES: &[&str] = &["buy", "BUY", "über", LONG[0]];

const FIELDS: &[&str] = &[
    "country",
    "browser",
    "os",
    "device",
    "referrer",
    "referrerDomain",
    "referrerGroup",
    "channel",
    "utmSource",
    "utmMedium",
    "page",
    "entryPage",
    "exitPage",
    "userId",
    "visitorId",
    "trait",
    "trait",
    "eventType",
    "eventName",
    "eventProperty",
    "duration",
    "events",
    "pageviews",
    "errors",
    "rageClicks",
    "bot",
    "replay",
];
const OPERATORS: &[&str] = &[
    "is", "is", "isNot", "contains", "greater", "less", "isSet", "isNotSet",
];
const NUMBERS: &[&str] = &["0", "1", "1.5", "2.0", "100"];
const FLAGS: &[&str] = &["true", "false"];
const VALUES: &[&str] = &[
    "DE",
    "d",
    "über",
    "Ü",
    "%",
    "\\",
    "pro",
    "PR",
    "100.0",
    "0",
    "5",
    "true",
    "a\"b",
    "plan",
    "google",
    "google.de",
    "OGLE",
    "blog.example:8080",
    "blog.example",
    ":80",
    "com.example",
    "direct",
    "search",
    "referral",
    "paid",
    "Flyer",
    "flyer",
    "a b",
    "/",
    "/café",
    "/Cart",
    "/cart",
    "/a%20b",
    "/only",
    "/app#/users/1",
    "pc",
    "buy",
    "BUY",
    "click",
    "custom",
    "weird",
    LONG[0],
    LONG[1],
];

/// Always the same numbers.
struct Dice(u64);

impl Dice {
    fn below(&mut self, most: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 >> 33).unwrap() % most
    }

    fn pick<'a>(&mut self, list: &[&'a str]) -> &'a str {
        list[self.below(list.len())]
    }

    fn text(&mut self, list: &[&str]) -> Option<String> {
        let text = self.pick(list);
        (!text.is_empty()).then(|| text.to_owned())
    }

    fn count(&mut self) -> i64 {
        self.below(3).try_into().unwrap()
    }

    fn session(&mut self, number: u64) -> SessionRecord {
        let id = format!("s{number:04}");
        SessionRecord {
            session_id: id.clone(),
            id,
            organization_id: "acme".to_owned(),
            // Some begin in the same millisecond.
            started_at: END - i64::try_from(number / 3).unwrap() * 1_000,
            country: self.text(WORDS),
            browser: self.text(WORDS),
            os: self.text(WORDS),
            device_type: self.text(WORDS),
            user_id: self.text(WORDS),
            visitor_id: self.text(&["", "pc", "mac"]),
            referrer: self.text(REFERRERS),
            initial_url: self.text(PAGES),
            exit_url: self.text(PAGES),
            traits: self.text(TRAITS),
            is_bot: self.below(2) == 0,
            has_replay: self.below(2) == 0,
            duration_ms: self.count(),
            event_count: self.count(),
            pageview_count: self.count(),
            error_count: self.count(),
            rage_click_count: self.count(),
            windows: "{}".to_owned(),
            ..SessionRecord::default()
        }
    }

    fn event(&mut self, session: &str, place: usize) -> EventRecord {
        let kind = self.pick(TYPES);
        let is_custom = kind == "custom";
        EventRecord {
            id: format!("{session}-{place}"),
            session_id: session.to_owned(),
            r#type: kind.to_owned(),
            name: is_custom.then(|| self.pick(NAMES).to_owned()),
            url: self.text(PAGES),
            window_id: "w1".to_owned(),
            timestamp: END,
            place: place.try_into().unwrap(),
            data: match self.text(TRAITS) {
                Some(json) if is_custom => json,
                _ => "null".to_owned(),
            },
            created_at: END,
        }
    }

    fn condition(&mut self) -> serde_json::Value {
        let (field, operator) = (self.pick(FIELDS), self.pick(OPERATORS));
        let list = match field {
            "duration" | "events" | "pageviews" | "errors" | "rageClicks" => NUMBERS,
            "bot" | "replay" => FLAGS,
            _ => VALUES,
        };
        let values: Vec<&str> = match operator {
            "isSet" | "isNotSet" => Vec::new(),
            "greater" | "less" => vec![self.pick(NUMBERS)],
            _ => (0..=self.below(2)).map(|_| self.pick(list)).collect(),
        };
        let mut condition = json!({
            "field": field, "operator": operator, "values": values, "not": self.below(3) == 0,
        });
        if matches!(field, "trait" | "eventProperty") {
            condition["property"] = self.pick(&["plan", "seats", "a\"b"]).into();
        }
        if field == "eventProperty" && self.below(2) == 0 {
            condition["event"] = self.pick(NAMES).into();
        }
        condition
    }

    /// `None`: they make no sense.
    fn conditions(&mut self) -> Option<Conditions> {
        let mut groups = Vec::new();
        for _group in 0..=self.below(2) {
            let group = (0..=self.below(2)).map(|_| self.condition());
            groups.push(group.collect::<Vec<_>>());
        }
        Conditions::named("where", &json!(groups).to_string()).ok()
    }
}

/// Without rows, of a partition that this process owns.
pub(super) async fn empty_flush(seeded: &Seeded) -> Flush {
    let count = usize::from(installation::ensure(&seeded.db, None).await.unwrap().get());
    let leases = leases::acquire(&seeded.db, "test", 60_000, count, &BTreeSet::new()).await;
    let lease = leases.unwrap().remove(0);
    Flush {
        id: "odd".to_owned(),
        partition: lease.partition,
        epoch: lease.epoch,
        checkpoint: Sequence(0),
        stream_created: 0,
        sessions: Vec::new(),
        events: Vec::new(),
        steps: NewSteps::default(),
        errors: Vec::new(),
        keys: Vec::new(),
        chunks: Vec::new(),
        outbox: Vec::new(),
    }
}

/// Writes sessions whose terms are whole, full, missing, or those of their last events only: then the
/// events are rows, as a release before terms wrote them.
async fn write(seeded: &Seeded, dice: &mut Dice) {
    let mut flush = empty_flush(seeded).await;
    let mut all = Vec::new();
    for number in 0..SESSIONS {
        let mut session = dice.session(number);
        let places = 0..dice.below(4);
        let events: Vec<EventRecord> = places.map(|at| dice.event(&session.id, at)).collect();
        let kind = dice.below(5);
        let known = match kind {
            0 => &events[..0],
            1 => &events[events.len().min(1)..],
            _ => &events[..],
        };
        if kind == 1 {
            flush.events.extend(events.iter().cloned());
        }
        if kind == 2 {
            for filler in 0..1_000 {
                terms::add(&mut session.terms, terms::of_type(&filler.to_string()));
            }
        }
        for event in known {
            terms::add(&mut session.terms, terms::of_type(&event.r#type));
            if let Some(name) = &event.name {
                terms::add(&mut session.terms, terms::of_name(name));
            }
        }
        all.extend(events);
        flush.sessions.push(session);
    }
    flush.steps = NewSteps::of_records(&all);
    flush::commit(&seeded.db, &flush).await.unwrap();
}

/// The sessions that a list finds, page by page, and how many of them it looked at.
async fn found(
    seeded: &Seeded,
    needs: &[Vec<Need>],
    wanted: &Wanted<'_>,
) -> (BTreeSet<String>, usize) {
    let organization = OrganizationId::new("acme").unwrap();
    let (mut found, mut looked, mut after) = (BTreeSet::new(), 0, None::<SessionKey>);
    loop {
        let walk = Walk {
            organization: &organization,
            filter: &SessionFilter::default(),
            kept: &KeptFilter::default(),
            needs,
            after: after.as_ref(),
            with_steps: wanted.needs_steps(),
            limit: 45,
            most: 2_000,
        };
        let may_fit = |session: &SampledSession<'_>| {
            looked += 1;
            wanted.may_match(session)
        };
        let page = read::walk(&seeded.db, walk, may_fit, |session| wanted.matches(session));
        let page = page.await.unwrap();
        found.extend(page.found.into_iter().map(|key| key.id));
        after = page.stopped_at;
        if after.is_none() {
            return (found, looked);
        }
    }
}

async fn check(seeded: &Seeded) {
    let mut dice = Dice(0x5eed_5eed_5eed);
    write(seeded, &mut dice).await;
    let nobody = Members::default();
    let all = Conditions::default();
    let mut conditions = Vec::new();
    while conditions.len() < CONDITIONS {
        conditions.extend(dice.conditions());
    }
    let wanted: Vec<Wanted<'_>> = conditions
        .iter()
        .map(|conditions| Wanted::new(conditions, &nobody))
        .collect();
    let mut expected = vec![BTreeSet::new(); wanted.len()];
    let organization = OrganizationId::new("acme").unwrap();
    let walk = Walk {
        organization: &organization,
        filter: &SessionFilter::default(),
        kept: &KeptFilter::default(),
        needs: &[],
        after: None,
        with_steps: true,
        limit: usize::MAX,
        most: u64::MAX,
    };
    let everything = Wanted::new(&all, &nobody);
    let look = |session: &SampledSession<'_>| {
        for (wanted, expected) in wanted.iter().zip(&mut expected) {
            if wanted.matches(session) {
                expected.insert(session.id.to_owned());
            }
        }
        true
    };
    let walked = read::walk(&seeded.db, walk, |_: &SampledSession<'_>| true, look);
    assert_eq!(walked.await.unwrap().found.len() as u64, SESSIONS);
    let whole = found(seeded, &[], &everything).await;
    assert_eq!(whole.1 as u64, SESSIONS);

    let mut all_looked = 0;
    for ((conditions, wanted), expected) in conditions.iter().zip(&wanted).zip(&expected) {
        let needs = needs::of(conditions);
        let (found, looked) = found(seeded, &needs, wanted).await;
        let json = serde_json::to_string(conditions).unwrap();
        assert_eq!(&found, expected, "{json}\n{needs:?}");
        all_looked += looked;
    }
    // Otherwise nothing is gained.
    let most = CONDITIONS * usize::try_from(SESSIONS).unwrap();
    assert!(all_looked < most * 4 / 5, "{all_looked} of {most}");
}

#[tokio::test]
async fn what_rows_tell_leaves_out_no_session_that_fits_on_sqlite() {
    check(&Seeded::sqlite().await).await;
}

#[tokio::test]
async fn what_rows_tell_leaves_out_no_session_that_fits_on_postgres() {
    check(&Seeded::postgres().await).await;
}
