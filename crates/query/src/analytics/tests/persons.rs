//! Funnels and retention of people: counted by hand, and by a computation of its own.

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::tz::TimeZone;
use serde_json::json;

use crow_db::audit_log::Actor;
use crow_db::cohorts::{self, CohortRow};
use crow_db::read::SessionFilter;
use crow_types::{EventRecord, OrganizationId, SessionRecord};

use super::{DAY, END, Seeded};
use crate::analytics::Asked;
use crate::analytics::buckets::Length;
use crate::analytics::cohorts::{Needed, find};
use crate::analytics::events::EventChoice;
use crate::analytics::funnel::{Funnel, FunnelBy, FunnelQuestion};
use crate::analytics::retention::{Cohort, RetentionQuestion};
use crate::ask::conditions::Conditions;
use crate::ask::funnel::FunnelStep;
use crate::ask::values::Value as _;
use crate::ask::words::Breakdown;
use crate::tests::fixture::World;

/// A Monday, 00:00 UTC.
const START: i64 = 1_763_337_600_000;

/// A session in a country, of a user and a browser (empty: none), that sees a page after ten minutes.
type Visit = (
    &'static str,
    i64,
    &'static str,
    &'static str,
    &'static str,
    &'static str,
);

/// Days from the start, user, browser, country and page.
const VISITS: &[Visit] = &[
    ("a1", 0, "", "phone", "DE", "/"),
    ("a2", 1, "ada", "phone", "FR", "/cart"),
    ("a3", 2, "ada", "pc", "FR", "/pay"),
    // Two users of one browser: what names nobody is of the one who came last.
    ("s1", 0, "", "shared", "PL", "/"),
    ("s2", 1, "kim", "shared", "PL", "/"),
    ("s3", 2, "lee", "shared", "PL", "/cart"),
    ("s4", 3, "", "shared", "PL", "/pay"),
    // Comes back too late for a week.
    ("g1", 0, "", "guest", "DE", "/"),
    ("g2", 9, "", "guest", "DE", "/cart"),
    // The first attempt leads nowhere in a week, the second one does.
    ("h1", 0, "", "second", "DE", "/"),
    ("h2", 10, "", "second", "IT", "/"),
    ("h3", 12, "", "second", "DE", "/cart"),
    // Names nobody at all.
    ("n1", 0, "", "", "DE", "/"),
    ("n2", 1, "", "", "DE", "/cart"),
];

async fn world() -> World {
    let world = World::new().await;
    let some = |text: &str| (!text.is_empty()).then(|| text.to_owned());
    let mut sessions = Vec::new();
    let mut events = Vec::new();
    for (id, day, user, browser, country, page) in VISITS {
        let at = START + day * DAY;
        sessions.push(SessionRecord {
            user_id: some(user),
            visitor_id: some(browser),
            country: some(country),
            ..crate::tests::fixture::session("acme", id, at)
        });
        events.push(EventRecord {
            url: Some(format!("https://shop.example{page}")),
            ..crate::tests::fixture::event(id, &format!("e-{id}"), "pageview", at + 600_000)
        });
    }
    world.add(sessions, events, vec![]).await;
    world
}

fn asked() -> Asked {
    let filter = SessionFilter {
        from: Some(START),
        to: Some(START + 21 * DAY),
        ..SessionFilter::default()
    };
    Asked::new(OrganizationId::new("acme").unwrap(), filter, false).unwrap()
}

fn step(word: &str, name: Option<&str>, url: Option<&str>) -> FunnelStep {
    FunnelStep {
        r#type: word.to_owned(),
        name: name.map(str::to_owned),
        url: url.map(str::to_owned),
        ..FunnelStep::default()
    }
}

fn question(days: i64) -> FunnelQuestion {
    let page = |path: &str| step("pageview", None, Some(path));
    FunnelQuestion {
        steps: vec![page("/"), page("/cart"), page("/pay")],
        by: FunnelBy::Person,
        window_ms: Some(days * DAY),
        breakdown: Some(Breakdown::Country),
    }
}

fn counts(funnel: &Funnel) -> Vec<(u64, Option<u64>)> {
    let steps = funnel.steps.iter();
    steps
        .map(|step| {
            let days = step.median_ms_from_previous;
            (step.sessions, days.map(|ms| ms / DAY.unsigned_abs()))
        })
        .collect()
}

#[tokio::test]
async fn people_take_steps_on_different_days_in_different_sessions() {
    let world = world().await;
    let analytics = &world.api.analytics;
    let found = analytics.funnel(&asked(), &question(7)).await.unwrap().body;
    assert_eq!(found.by, FunnelBy::Person);
    // Ada, Lee, Kim, the guest, the second and whoever names nobody; of these Ada, Lee and the second.
    assert_eq!(counts(&found), [(6, None), (3, Some(2)), (2, Some(1))]);
    let by_country: Vec<_> = found
        .breakdown
        .iter()
        .map(|row| (row.value.as_str(), row.steps.as_slice()))
        .collect();
    // At the first step: Ada's was in DE, and the one that counts of the second in IT.
    assert_eq!(
        by_country,
        [
            ("DE", [3, 1, 1].as_slice()),
            ("PL", [2, 1, 1].as_slice()),
            ("IT", [1, 1, 0].as_slice()),
        ]
    );
    assert_eq!(found.sample_sessions[1].reached, ["h3", "s3", "a2"]);
    assert_eq!(found.sample_sessions[2].reached, ["s4", "a3"]);
    assert_eq!(found.sample_sessions[2].dropped, ["h3"]);

    let found = analytics
        .funnel(&asked(), &question(10))
        .await
        .unwrap()
        .body;
    assert_eq!(counts(&found), [(6, None), (4, Some(2)), (2, Some(1))]);
    // A filter leaves out sessions, and not who is who.
    let in_france = SessionFilter {
        country: Some("FR".to_owned()),
        ..asked().filter
    };
    let france = Asked::new(OrganizationId::new("acme").unwrap(), in_france, false).unwrap();
    let found = analytics.funnel(&france, &question(7)).await.unwrap().body;
    assert_eq!(found.steps[0].sessions, 0);

    // Who is erased takes no steps, and the browser of two belongs to the other one.
    for id in ["a1", "a2", "a3", "s3"] {
        world.remove(id).await;
    }
    let found = analytics.funnel(&asked(), &question(7)).await.unwrap().body;
    assert_eq!(counts(&found), [(4, None), (1, Some(2)), (0, None)]);

    for window in [59_999, 90 * DAY + 1] {
        let wrong = FunnelQuestion {
            window_ms: Some(window),
            ..question(1)
        };
        let refused = analytics.funnel(&asked(), &wrong).await.unwrap_err();
        assert!(refused.to_string().starts_with("windowMs:"), "{refused}");
    }
}

fn rows(cohorts: &[Cohort]) -> Vec<(u64, &[u64])> {
    let rows = cohorts.iter();
    rows.map(|cohort| (cohort.size, cohort.returned.as_slice()))
        .collect()
}

#[tokio::test]
async fn people_return_with_sessions_or_events_by_where_they_began() {
    let world = world().await;
    let (analytics, zone) = (&world.api.analytics, TimeZone::UTC);
    let of_sessions = RetentionQuestion {
        breakdown: Some(Breakdown::Country),
        ..RetentionQuestion::new(Length::Week, 3, &zone)
    };
    let found = analytics.retention(&asked(), of_sessions).await;
    let found = found.unwrap().body;
    // Ada, Kim, Lee, the guest and the second; the last two in the second week again.
    let weeks = [
        (5, [5, 2, 0].as_slice()),
        (0, [0, 0].as_slice()),
        (0, [0].as_slice()),
    ];
    assert_eq!(rows(&found.cohorts), weeks);
    let by_country: Vec<_> = found
        .breakdown
        .iter()
        .map(|row| (row.value.as_str(), rows(&row.cohorts)[0]))
        .collect();
    assert_eq!(
        by_country,
        [
            ("DE", (3, [3, 2, 0].as_slice())),
            ("PL", (2, [2, 0, 0].as_slice())),
        ]
    );

    // Every person begins with a page view. None of another name returns.
    let event = |name: Option<&'static str>| EventChoice {
        word: Some("pageview"),
        name,
    };
    let by_event = RetentionQuestion {
        start: event(None),
        back: event(Some("none")),
        ..RetentionQuestion::new(Length::Day, 21, &zone)
    };
    let found = analytics.retention(&asked(), by_event).await.unwrap().body;
    let sizes: Vec<u64> = found.cohorts.iter().map(|cohort| cohort.size).collect();
    assert_eq!(sizes[..3], [4, 1, 0]);
    assert!(found.breakdown.is_empty());
    let returned = found.cohorts.iter().flat_map(|cohort| &cohort.returned);
    assert_eq!(returned.sum::<u64>(), 0);
    let by_event = RetentionQuestion {
        back: event(None),
        ..by_event
    };
    let found = analytics.retention(&asked(), by_event).await.unwrap().body;
    // Ada on the next two days, Lee two days later, the guest after 9, the second after 10 and 12.
    let expected = [4, 1, 2, 1, 0, 0, 0, 0, 0, 1, 1, 0, 1];
    assert_eq!(found.cohorts[0].returned[..13], expected);
}

/// How far people come, by trying every first step of each.
fn reached(events: &[(i64, usize)], steps: usize, window: i64) -> usize {
    let mut furthest = 0;
    for (first, (begin, step)) in events.iter().enumerate() {
        if *step != 0 {
            continue;
        }
        let mut next = 1;
        for (at, step) in &events[first + 1..] {
            if next < steps && *step == next && at - begin <= window {
                next += 1;
            }
        }
        furthest = furthest.max(next);
    }
    furthest
}

pub async fn funnel_of_seeded(seeded: &Seeded) {
    const DAYS: i64 = 7;
    let page = super::plain::page("e.url");
    let sql = format!(
        "select coalesce(s.user_id, s.session_id), e.timestamp, \
         cast(case when e.name = 'add_to_cart' then 1 when e.name = 'purchase' then 2 else 0 end \
         as bigint) \
         from events e join sessions s on s.id = e.session_id where {} \
         and (e.name in ('add_to_cart', 'purchase') or (e.type = 'pageview' and {page} like '/products/%')) \
         order by e.timestamp, e.session_id, e.id",
        super::plain::of_range(DAYS)
    );
    let mut people: BTreeMap<String, Vec<(i64, usize)>> = BTreeMap::new();
    for (mut names, [at, step]) in seeded.rows::<2>(1, &sql).await {
        let person = people.entry(names.remove(0)).or_default();
        person.push((at, usize::try_from(step).unwrap()));
    }
    for window in [300_000, 2 * DAY] {
        let mut expected = [0_u64; 3];
        for events in people.values() {
            let furthest = reached(events, 3, window);
            expected[..furthest]
                .iter_mut()
                .for_each(|count| *count += 1);
        }
        let question = FunnelQuestion {
            steps: vec![
                step("pageview", None, Some("/products/*")),
                step("custom", Some("add_to_cart"), None),
                step("custom", Some("purchase"), None),
            ],
            by: FunnelBy::Person,
            window_ms: Some(window),
            breakdown: None,
        };
        let about = super::asked(DAYS, SessionFilter::default());
        let found = seeded.analytics.funnel(&about, &question).await;
        let found: Vec<u64> = found
            .unwrap()
            .body
            .steps
            .iter()
            .map(|it| it.sessions)
            .collect();
        assert!(
            expected[2] > 10 && expected[2] < expected[1],
            "{expected:?}"
        );
        assert_eq!(found, expected, "{window} before {END}");
    }
}

/// The sessions of people who bought something, all and by a sample of people.
pub async fn cohort_of_seeded(seeded: &Seeded, sessions: u64) {
    const DAYS: i64 = 7;
    let definition = json!({ "days": 20, "groups": [[{ "of": "events", "name": "purchase" }]] });
    let row = CohortRow {
        id: "coh_buyers".to_owned(),
        organization_id: "acme".to_owned(),
        owner_id: "ann".to_owned(),
        name: "buyers".to_owned(),
        definition: definition.to_string(),
        is_shared: false,
        created_at: 0,
        updated_at: 0,
    };
    let saved = cohorts::insert(&seeded.db, &Actor::system(), row, 10).await;
    assert_eq!(saved.unwrap(), cohorts::Saved::Done);
    let sql = format!(
        "select count(*) from sessions s where {} and s.user_id in (select x.user_id from sessions x \
         join events e on e.session_id = x.id where x.organization_id = 'acme' and e.name = 'purchase')",
        super::plain::of_range(DAYS)
    );
    let [expected] = seeded.numbers::<1>(&sql).await;
    assert!(expected > 200, "{expected}");
    let json = r#"[[{"field":"cohort","operator":"is","values":["coh_buyers"]}]]"#;
    let conditions = Conditions::named("where", json).unwrap();
    for budget in [None, Some(sessions / 2)] {
        let about = super::asked(DAYS, SessionFilter::default()).with(conditions.clone());
        let needed = Needed {
            organization: &about.organization,
            conditions: &conditions,
            range: (about.from, about.to),
            budget,
        };
        let refused = find(&seeded.db, needed, Some(10), END).await.unwrap_err();
        assert!(refused.to_string().contains("all members"), "{refused}");
        let members = find(&seeded.db, needed, None, END).await.unwrap();
        let about = Asked {
            members: Some(Arc::new(members)),
            ..about
        };
        let found = seeded
            .analytics
            .overview(&about, None, &TimeZone::UTC)
            .await;
        let found = found.unwrap();
        let count = i64::try_from(found.body.totals.sessions).unwrap();
        if budget.is_none() {
            assert_eq!(count, expected);
        } else {
            assert!(found.sample_rate < 1.0, "{}", found.sample_rate);
            // About a hundred people are in the sample, so the standard error is near 15 %.
            let difference = (count - expected).abs() * 100 / expected;
            assert!(difference <= 40, "{count} for {expected}");
        }
    }
}
