//! Small cases, counted by hand.

use crow_types::{EventRecord, SessionRecord};

use crate::analytics::buckets::Length;
use crate::analytics::funnel::{FunnelBy, FunnelQuestion};
use crate::analytics::heatmap::{HeatPoint, HeatmapKind, HeatmapQuestion, Snapshot, ViewportClass};
use crate::analytics::journeys::{Direction, JourneyQuestion, Journeys};
use crate::analytics::retention::RetentionQuestion;
use crate::analytics::{Analytics, Asked};
use crate::ask::funnel::FunnelStep;
use crate::ask::words::Breakdown;
use crate::tests::fixture::World;
use crow_db::read::SessionFilter;
use crow_types::OrganizationId;

const START: i64 = 1_000_000;

fn session(id: &str, country: &str) -> SessionRecord {
    SessionRecord {
        country: Some(country.to_owned()),
        viewport: Some("1000x700".to_owned()),
        has_replay: id == "b",
        ..crate::tests::fixture::session("acme", id, START)
    }
}

/// Parses `second type url data`, one event per line.
fn events(session: &str, script: &str) -> Vec<EventRecord> {
    let lines = script
        .lines()
        .map(str::trim)
        .filter(|line| !line.is_empty());
    lines
        .enumerate()
        .map(|(index, line)| {
            let mut words = line.splitn(4, ' ');
            let second: i64 = words.next().unwrap().parse().unwrap();
            EventRecord {
                id: format!("{session}-{index}"),
                session_id: session.to_owned(),
                r#type: words.next().unwrap().to_owned(),
                name: None,
                url: words
                    .next()
                    .map(|path| format!("https://shop.example{path}")),
                window_id: "w".to_owned(),
                timestamp: START + second * 1_000,
                place: 0,
                data: words.next().unwrap_or("null").to_owned(),
                created_at: 0,
            }
        })
        .collect()
}

fn asked() -> Asked {
    let filter = SessionFilter {
        from: Some(0),
        to: Some(START * 2),
        ..SessionFilter::default()
    };
    Asked::new(OrganizationId::new("acme").unwrap(), filter, false).unwrap()
}

async fn world(sessions: &[(&str, &str, &str)]) -> (World, Analytics) {
    let world = World::new().await;
    for (id, country, script) in sessions {
        world
            .add(vec![session(id, country)], events(id, script), Vec::new())
            .await;
    }
    let analytics = world.api.analytics.clone();
    (world, analytics)
}

const SHOPPERS: &[(&str, &str, &str)] = &[
    (
        "a",
        "DE",
        "0 pageview /\n 5 pageview /cart\n 6 pageview /cart?x\n 20 pageview /pay\n 25 submit /pay",
    ),
    ("b", "DE", "0 pageview /\n 9 pageview /cart\n 12 pageview /"),
    ("c", "FR", "0 pageview /cart\n 3 pageview /"),
    ("d", "FR", "0 pageview /help"),
];

fn step(word: &str, url: &str) -> FunnelStep {
    FunnelStep {
        r#type: word.to_owned(),
        url: Some(url.to_owned()),
        label: (url == "/").then(|| "Home".to_owned()),
        ..FunnelStep::default()
    }
}

#[tokio::test]
async fn a_funnel_says_who_came_how_far_and_when() {
    let (_world, analytics) = world(SHOPPERS).await;
    let question = FunnelQuestion {
        by: FunnelBy::Session,
        steps: vec![
            step("pageview", "/"),
            step("pageview", "/cart"),
            step("submit", "pay"),
        ],
        window_ms: None,
        breakdown: Some(Breakdown::Country),
    };
    let found = analytics.funnel(&asked(), &question).await.unwrap().body;
    let steps: Vec<_> = found
        .steps
        .iter()
        .map(|step| {
            (
                step.label.as_str(),
                step.sessions,
                step.median_ms_from_previous,
            )
        })
        .collect();
    assert_eq!(
        steps,
        [
            ("Home", 3, None),
            ("pageview /cart", 2, Some(5_000)),
            ("submit pay", 1, Some(20_000)),
        ]
    );
    assert!((found.steps[2].drop_off - 0.5).abs() < 1e-9);
    assert!((found.steps[2].conversion - 1.0 / 3.0).abs() < 1e-9);
    let by_country: Vec<_> = found
        .breakdown
        .iter()
        .map(|row| (row.value.as_str(), row.steps.as_slice()))
        .collect();
    assert_eq!(
        by_country,
        [("DE", [2, 2, 1].as_slice()), ("FR", [1, 0, 0].as_slice())]
    );
    assert_eq!(found.sample_sessions[1].dropped, ["c"]);
    assert_eq!(found.sample_sessions[2].reached, ["a"]);
    assert_eq!(found.sample_sessions[2].dropped, ["b"]);
}

fn links(found: &Journeys) -> Vec<String> {
    let link = |link: &crate::analytics::journeys::JourneyLink| {
        format!("{} {} {} {}", link.step, link.from, link.to, link.sessions)
    };
    found.links.iter().map(link).collect()
}

#[tokio::test]
async fn journeys_go_both_ways_and_end() {
    let (_world, analytics) = world(SHOPPERS).await;
    let mut question = JourneyQuestion {
        page: None,
        direction: Direction::From,
        depth: 2,
        limit: 8,
    };
    let found = analytics.journeys(&asked(), question).await.unwrap().body;
    assert_eq!(
        links(&found),
        [
            "0 / /cart 2",
            "0 /cart / 1",
            "0 /help (exit) 1",
            "1 / (exit) 1",
            "1 /cart / 1",
            "1 /cart /pay 1",
        ]
    );
    question.page = Some("/cart");
    question.direction = Direction::To;
    let found = analytics.journeys(&asked(), question).await.unwrap().body;
    assert_eq!(
        links(&found),
        ["0 /cart / 2", "0 /cart (entry) 1", "1 / (entry) 2"]
    );

    question.direction = Direction::From;
    question.limit = 1;
    question.depth = 1;
    let found = analytics.journeys(&asked(), question).await.unwrap().body;
    assert_eq!(links(&found), ["0 /cart / 2", "0 /cart (other) 1"]);
    let nodes: u64 = found
        .nodes
        .iter()
        .filter(|node| node.step == 1)
        .map(|node| node.sessions)
        .sum();
    assert_eq!(nodes, 3);
}

const CLICKERS: &[(&str, &str, &str)] = &[
    (
        "a",
        "DE",
        r#"0 pageview / {"viewport":[1000,700]}
           1 click / {"x":500,"y":44,"viewportX":500,"viewportY":44}
           2 click / {"x":503,"y":48,"viewportX":503,"viewportY":48,"rage":true}
           3 click / {"x":100,"y":900,"viewportX":100,"viewportY":300}
           4 dead_click / {"x":100,"y":900}
           5 scroll / {"depth":55}
           6 click /other {"x":1,"y":1}"#,
    ),
    (
        "b",
        "DE",
        r#"0 pageview / {"viewport":[1000,700]}
           1 click / "no place"
           2 pageview / {"viewport":[400,700]}
           3 click / {"x":200,"y":10}"#,
    ),
];

#[tokio::test]
async fn clicks_are_points_of_the_page_on_such_viewports() {
    // Desktop starts at 1,024 pixels, so 1,000 is a tablet.
    let (_world, analytics) = world(CLICKERS).await;
    let ask = async |kind, viewport| {
        let question = HeatmapQuestion {
            page: "/",
            kind,
            viewport,
        };
        analytics.heatmap(&asked(), question).await.unwrap().body
    };
    let found = ask(HeatmapKind::Click, ViewportClass::Tablet).await;
    assert_eq!((found.sessions, found.count, found.width), (2, 4, 1_000));
    assert_eq!(
        found.points,
        [
            HeatPoint {
                x: 502,
                y: 45,
                count: 2
            },
            HeatPoint {
                x: 102,
                y: 905,
                count: 1
            },
        ]
    );
    assert_eq!(found.height, 910);
    let newest = Snapshot {
        id: "b".to_owned(),
        at: START,
    };
    assert_eq!(found.snapshot_session, Some(newest));

    assert_eq!(ask(HeatmapKind::Rage, ViewportClass::Tablet).await.count, 1);
    assert_eq!(ask(HeatmapKind::Dead, ViewportClass::Tablet).await.count, 1);
    let mobile = ask(HeatmapKind::Click, ViewportClass::Mobile).await;
    assert_eq!(
        mobile.points,
        [HeatPoint {
            x: 502,
            y: 15,
            count: 1
        }]
    );
    assert_eq!(
        ask(HeatmapKind::Click, ViewportClass::Desktop)
            .await
            .sessions,
        0
    );
    let scroll = ask(HeatmapKind::Scroll, ViewportClass::Tablet).await.scroll;
    let sessions: Vec<u64> = scroll.iter().map(|depth| depth.sessions).collect();
    assert_eq!(sessions, [2, 1, 1, 1, 1, 1, 0, 0, 0, 0, 0]);
}

#[tokio::test]
async fn a_user_who_is_known_late_is_one_visitor() {
    let world = World::new().await;
    let mut record = session("a", "DE");
    world
        .add(vec![record.clone()], Vec::new(), Vec::new())
        .await;
    record.user_id = Some("ada".to_owned());
    record.started_at -= 10;
    let other = SessionRecord {
        user_id: Some("ada".to_owned()),
        ..session("b", "DE")
    };
    world.add(vec![record, other], Vec::new(), Vec::new()).await;
    let zone = jiff::tz::TimeZone::UTC;
    let found = world
        .api
        .analytics
        .overview(&asked(), None, &zone)
        .await
        .unwrap()
        .body;
    assert_eq!((found.totals.sessions, found.totals.visitors), (2, 1));
}

#[tokio::test]
async fn a_browser_counts_for_its_user() {
    let world = World::new().await;
    let visit = |id: &str, browser: Option<&str>, user: Option<&str>| SessionRecord {
        visitor_id: browser.map(str::to_owned),
        user_id: user.map(str::to_owned),
        ..session(id, "DE")
    };
    let records = vec![
        // Before and after she signs in, and from her phone.
        visit("a", Some("v-1"), None),
        visit("b", Some("v-1"), Some("ada")),
        visit("c", Some("v-2"), Some("ada")),
        // A visitor who returns and never signs in.
        visit("d", Some("v-3"), None),
        visit("e", Some("v-3"), None),
        // Without a visitor id.
        visit("f", None, None),
    ];
    world.add(records, Vec::new(), Vec::new()).await;
    let (analytics, zone) = (&world.api.analytics, jiff::tz::TimeZone::UTC);
    let found = analytics
        .overview(&asked(), None, &zone)
        .await
        .unwrap()
        .body;
    assert_eq!((found.totals.sessions, found.totals.visitors), (6, 3));
    let cohorts = analytics
        .retention(&asked(), RetentionQuestion::new(Length::Week, 1, &zone))
        .await
        .unwrap()
        .body
        .cohorts;
    assert_eq!(cohorts.iter().map(|cohort| cohort.size).sum::<u64>(), 2);
}

const PASSERS_BY: &[(&str, &str, &str)] = &[
    // Recorded, with a stay that is long enough.
    (
        "b",
        "DE",
        r#"0 pageview / {"viewport":[1280,700]}
           9 pageview /cart {"viewport":[1280,700]}"#,
    ),
];

#[tokio::test]
async fn a_heatmap_offers_the_sessions_that_stayed_on_the_page_first() {
    let (world, analytics) = world(PASSERS_BY).await;
    // Newer, but left before the recording began.
    let left = SessionRecord {
        has_replay: true,
        viewport: Some("1280x700".to_owned()),
        ..crate::tests::fixture::session("acme", "left", START + 60_000)
    };
    let script = r#"60 pageview / {"viewport":[1280,700]}
                    61 pageview /checkout {"viewport":[1280,700]}"#;
    world
        .add(vec![left], events("left", script), Vec::new())
        .await;
    let question = HeatmapQuestion {
        page: "/",
        kind: HeatmapKind::Click,
        viewport: ViewportClass::Desktop,
    };
    let found = analytics.heatmap(&asked(), question).await.unwrap().body;
    let ids: Vec<&str> = found.snapshots.iter().map(|one| one.id.as_str()).collect();
    assert_eq!(ids, ["b", "left"]);
    assert_eq!(found.snapshot_session.as_ref(), found.snapshots.first());
}

#[tokio::test]
async fn retention_has_no_cohort_outside_of_the_range() {
    let world = World::new().await;
    let week = 7 * 86_400_000;
    for (id, started_at) in [("early", week), ("late", 10 * week)] {
        let record = SessionRecord {
            user_id: Some(id.to_owned()),
            ..crate::tests::fixture::session("acme", id, started_at)
        };
        world.add(vec![record], Vec::new(), Vec::new()).await;
    }
    let from = 9 * week + 1;
    let filter = SessionFilter {
        from: Some(from),
        to: Some(10 * week + 2),
        ..SessionFilter::default()
    };
    let asked = Asked::new(OrganizationId::new("acme").unwrap(), filter, false).unwrap();
    let zone = jiff::tz::TimeZone::UTC;
    let answer = world
        .api
        .analytics
        .retention(&asked, RetentionQuestion::new(Length::Week, 8, &zone));
    let cohorts = answer.await.unwrap().body.cohorts;
    assert_eq!(cohorts.first().map(|cohort| cohort.start), Some(from));
    assert!(cohorts.len() <= 2, "{cohorts:?}");
    assert_eq!(cohorts.iter().map(|cohort| cohort.size).sum::<u64>(), 1);
}
