use jiff::tz::TimeZone;

use crow_db::read::SessionFilter;

use super::plain;
use super::{DAY, DAYS, END, Seeded, asked};
use crate::analytics::buckets::Length;
use crate::analytics::events::EventChoice;
use crate::analytics::funnel::{FunnelBy, FunnelQuestion};
use crate::analytics::heatmap::{HeatmapKind, HeatmapQuestion, ViewportClass};
use crate::analytics::journeys::{Direction, JourneyQuestion};
use crate::analytics::overview::Totals;
use crate::analytics::retention::RetentionQuestion;
use crate::analytics::top::Dimension;
use crate::analytics::{Analytics, Asked};
use crate::ask::funnel::FunnelStep;

mod filters;

/// Sessions of `acme` on SQLite.
const SESSIONS: u64 = 12_000;
/// Sessions on Postgres. Fewer, to save time: this only checks that both databases agree.
const SESSIONS_ON_POSTGRES: u64 = 8_000;
/// Compared with the `WEEK` before.
const WEEK: i64 = 7;

#[tokio::test]
async fn answers_are_what_plain_sql_says_on_sqlite() {
    check(&Seeded::sqlite().await, SESSIONS).await;
}

#[tokio::test]
async fn answers_are_what_plain_sql_says_on_postgres() {
    check(&Seeded::postgres().await, SESSIONS_ON_POSTGRES).await;
}

async fn check(seeded: &Seeded, sessions: u64) {
    seeded.seed("acme", 1, sessions).await;
    // Another tenant. Its sessions must not count anywhere.
    seeded.seed("other", 2, 1_000).await;
    overview(seeded).await;
    top(seeded).await;
    events(seeded).await;
    funnel(seeded).await;
    super::persons::funnel_of_seeded(seeded).await;
    super::persons::cohort_of_seeded(seeded, sessions).await;
    journeys(seeded).await;
    heatmap(seeded).await;
    retention(seeded).await;
    vitals(seeded).await;
    filters::each_alone(seeded).await;
    if seeded.is_sqlite() {
        sample(seeded, sessions).await;
    }
}

fn all() -> Asked {
    asked(WEEK, SessionFilter::default())
}

fn flat(totals: &Totals) -> [i64; 8] {
    #[expect(clippy::cast_possible_truncation, reason = "small in tests")]
    #[expect(clippy::cast_precision_loss, reason = "small in tests")]
    let bounces = (totals.bounce_rate * totals.sessions as f64).round() as i64;
    let number = |count: u64| i64::try_from(count).unwrap();
    [
        number(totals.sessions),
        number(totals.visitors),
        number(totals.pageviews),
        number(totals.events),
        bounces,
        number(totals.avg_duration_ms),
        number(totals.errors),
        number(totals.rage_clicks),
    ]
}

async fn overview(seeded: &Seeded) {
    let answer = seeded
        .analytics
        .overview(&all(), Some(Length::Day), &TimeZone::UTC)
        .await
        .unwrap();
    assert!((answer.sample_rate - 1.0).abs() < f64::EPSILON);
    let from = END - WEEK * DAY;
    let ranges = [
        (from, END, &answer.body.totals),
        (from - WEEK * DAY, from, &answer.body.previous),
    ];
    for (from, to, totals) in ranges {
        let sql = format!(
            "select {} from sessions s where s.organization_id = 'acme' \
             and s.started_at >= {from} and s.started_at < {to}",
            plain::TOTALS
        );
        let mut expected: [i64; 8] = seeded.numbers(&sql).await;
        assert!(expected[0] > 2_000, "{expected:?}");
        expected[5] /= expected[0];
        assert_eq!(flat(totals), expected);
    }
    let sql = format!(
        "select s.started_at / {DAY} * {DAY}, count(*), \
         count(distinct coalesce(s.user_id, s.session_id)), cast(sum(pageview_count) as bigint) \
         from sessions s where {} group by 1 order by 1",
        plain::of_range(WEEK)
    );
    let expected = seeded.rows::<4>(0, &sql).await;
    let number = |count: u64| i64::try_from(count).unwrap();
    let series: Vec<_> = answer
        .body
        .series
        .iter()
        .map(|point| {
            [
                point.t,
                number(point.sessions),
                number(point.visitors),
                number(point.pageviews),
            ]
        })
        .collect();
    assert_eq!(
        series,
        expected.into_iter().map(|(_, row)| row).collect::<Vec<_>>()
    );
}

async fn top(seeded: &Seeded) {
    let pageview = "e.type = 'pageview'";
    let host = "case when s.referrer is null then '(none)' \
        when s.referrer like '%google%' then 'google.com' when s.referrer like '%duck%' then 'duckduckgo.com' \
        when s.referrer like '%bing%' then 'bing.com' when s.referrer like '%news%' then 'news.example' \
        when s.referrer like '%instagram%' then 'instagram.com' when s.referrer like '%t.co%' then 't.co' \
        else 'partner.example' end";
    let page_of = |column: &str| plain::page(column);
    let session = [
        (Dimension::EntryPage, page_of("s.initial_url")),
        (Dimension::ExitPage, page_of("s.exit_url")),
        (Dimension::Referrer, host.to_owned()),
        (Dimension::Country, "s.country".to_owned()),
        (Dimension::Device, "s.device_type".to_owned()),
        (Dimension::Browser, "s.browser".to_owned()),
        (Dimension::Os, "s.os".to_owned()),
    ];
    for (dimension, value) in session {
        let expected = plain::by_session(seeded, WEEK, &value).await;
        compare(seeded, dimension, expected).await;
    }
    let event = [
        (Dimension::Page, page_of("e.url"), pageview),
        (Dimension::EventType, "e.type".to_owned(), "1 = 1"),
        (
            Dimension::EventName,
            "e.name".to_owned(),
            "e.name is not null",
        ),
    ];
    for (dimension, value, also) in event {
        let expected = plain::by_event(seeded, WEEK, &value, also).await;
        compare(seeded, dimension, expected).await;
    }
}

async fn compare(seeded: &Seeded, dimension: Dimension, expected: Vec<(String, i64, i64)>) {
    let found = seeded
        .analytics
        .top(&all(), dimension, 1_000)
        .await
        .unwrap();
    let number = |count: u64| i64::try_from(count).unwrap();
    let found: Vec<_> = found
        .body
        .rows
        .into_iter()
        .map(|row| (row.value, number(row.sessions), number(row.count)))
        .collect();
    assert!(!expected.is_empty(), "{dimension:?}");
    assert_eq!(found, expected, "{dimension:?}");
}

async fn events(seeded: &Seeded) {
    let choice = EventChoice {
        word: Some("custom"),
        name: Some("purchase"),
    };
    let answer = seeded
        .analytics
        .event_counts(&all(), choice, Some(Length::Day), &TimeZone::UTC)
        .await
        .unwrap()
        .body;
    let sql = format!(
        "select count(*), count(distinct s.id) from events e join sessions s on s.id = e.session_id \
         where {} and e.name = 'purchase'",
        plain::of_range(WEEK)
    );
    let [count, sessions]: [i64; 2] = seeded.numbers(&sql).await;
    assert!(count > 50);
    let [row] = answer.rows.as_slice() else {
        panic!("{:?}", answer.rows)
    };
    assert_eq!(
        (row.r#type.as_str(), row.name.as_deref()),
        ("custom", Some("purchase"))
    );
    assert_eq!(
        (row.count, row.sessions),
        (count.unsigned_abs(), sessions.unsigned_abs())
    );
    let in_series: u64 = answer.series.iter().map(|point| point.count).sum();
    assert_eq!(in_series, row.count);
}

fn step(word: &str, name: Option<&str>, url: Option<&str>) -> FunnelStep {
    FunnelStep {
        r#type: word.to_owned(),
        name: name.map(str::to_owned),
        url: url.map(str::to_owned),
        ..FunnelStep::default()
    }
}

async fn funnel(seeded: &Seeded) {
    for window_ms in [None, Some(120_000)] {
        let question = FunnelQuestion {
            by: FunnelBy::Session,
            steps: vec![
                step("pageview", None, Some("/products/*")),
                step("custom", Some("add_to_cart"), None),
                step("custom", Some("purchase"), None),
            ],
            window_ms,
            breakdown: None,
        };
        let found = seeded
            .analytics
            .funnel(&all(), &question)
            .await
            .unwrap()
            .body;
        let counts: Vec<i64> = found
            .steps
            .iter()
            .map(|step| i64::try_from(step.sessions).unwrap())
            .collect();
        let expected = plain::funnel(seeded, WEEK, window_ms.unwrap_or(10 * DAY)).await;
        assert!(expected[2] > 10, "{expected:?}");
        assert_eq!(counts, expected, "{window_ms:?}");
        assert_eq!(found.sample_sessions[1].reached.len(), 10);
    }
}

async fn journeys(seeded: &Seeded) {
    let question = JourneyQuestion {
        page: None,
        direction: Direction::From,
        depth: 1,
        limit: 1_000,
    };
    let found = seeded
        .analytics
        .journeys(&all(), question)
        .await
        .unwrap()
        .body;
    let links: Vec<_> = found
        .links
        .into_iter()
        .map(|link| {
            (
                vec![link.from, link.to],
                [i64::try_from(link.sessions).unwrap()],
            )
        })
        .collect();
    let mut expected = plain::first_links(seeded, WEEK).await;
    expected.sort_by(|one, other| other.1.cmp(&one.1).then(one.0.cmp(&other.0)));
    assert!(expected.len() > 50);
    assert_eq!(links, expected);
}

async fn heatmap(seeded: &Seeded) {
    let viewport = ViewportClass::Mobile;
    let on_mobile = "s.device_type = 'mobile'";
    let page = "/products";
    let here = format!("{} = '{page}'", plain::page("e.url"));
    for (kind, is_it) in [
        (HeatmapKind::Click, "e.type = 'click'"),
        (
            HeatmapKind::Rage,
            "e.type = 'click' and e.data like '%\"rage\":true%'",
        ),
        (HeatmapKind::Dead, "e.type = 'dead_click'"),
    ] {
        let question = HeatmapQuestion {
            page,
            kind,
            viewport,
        };
        let found = seeded
            .analytics
            .heatmap(&all(), question)
            .await
            .unwrap()
            .body;
        let sql = format!(
            "select count(*) from events e join sessions s on s.id = e.session_id \
             where {} and {on_mobile} and {here} and {is_it}",
            plain::of_range(WEEK)
        );
        let [count]: [i64; 1] = seeded.numbers(&sql).await;
        assert!(count > 0, "{kind:?}");
        assert_eq!(found.count, count.unsigned_abs(), "{kind:?}");
        let at_points: u64 = found.points.iter().map(|point| point.count).sum();
        assert!(
            at_points <= found.count && at_points * 10 > found.count * 9,
            "{kind:?}"
        );
    }
    let kind = HeatmapKind::Scroll;
    let question = HeatmapQuestion {
        page,
        kind,
        viewport,
    };
    let found = seeded
        .analytics
        .heatmap(&all(), question)
        .await
        .unwrap()
        .body;
    let depth = "cast(replace(replace(e.data, '{\"depth\":', ''), '}', '') as bigint)";
    let deep = |least: i64| {
        format!(
            "(select count(distinct e.session_id) from events e join sessions s on s.id = e.session_id \
             where {} and {on_mobile} and {here} and e.type = 'scroll' and {depth} >= {least})",
            plain::of_range(WEEK)
        )
    };
    let sql = format!("select {}, {}, {}", deep(30), deep(70), deep(100));
    let expected: [i64; 3] = seeded.numbers(&sql).await;
    let at = |tenth: usize| i64::try_from(found.scroll[tenth].sessions).unwrap();
    assert_eq!([at(3), at(7), at(10)], expected);
    assert_eq!(found.scroll[0].sessions, found.sessions);
}

async fn retention(seeded: &Seeded) {
    // Longer than the three weeks of the query.
    let weeks = asked(4 * WEEK, SessionFilter::default());
    let answer = seeded
        .analytics
        .retention(
            &weeks,
            RetentionQuestion::new(Length::Week, 3, &TimeZone::UTC),
        )
        .await;
    let cohorts = answer.unwrap().body.cohorts;
    let first_monday = cohorts[0].start;
    let mut found = Vec::new();
    for (week, cohort) in cohorts.iter().enumerate() {
        assert_eq!(cohort.size, cohort.returned[0]);
        for (later, users) in cohort.returned.iter().enumerate() {
            found.push((week, later, *users));
        }
    }
    let number = |number: i64| usize::try_from(number).unwrap();
    let expected = plain::weeks(seeded, first_monday).await.into_iter();
    let expected: Vec<_> = expected
        .map(|(week, later, users)| (number(week), number(later), users.unsigned_abs()))
        .collect();
    assert_eq!(expected.len(), 6);
    assert_eq!(found, expected);
}

async fn vitals(seeded: &Seeded) {
    let found = seeded
        .analytics
        .vitals(&all(), Some("/products"))
        .await
        .unwrap()
        .body;
    let value = |name: &str| {
        if seeded.is_sqlite() {
            format!("cast(round(json_extract(e.data, '$.{name}') * 10000) as bigint)")
        } else {
            format!("cast(round((e.data::json->>'{name}')::numeric * 10000) as bigint)")
        }
    };
    for (metric, name) in [
        (0, "lcp"),
        (1, "cls"),
        (2, "inp"),
        (3, "ttfb"),
        (4, "fcp"),
        (5, "load"),
    ] {
        let sql = format!(
            "select {} from events e join sessions s on s.id = e.session_id where {} \
             and e.type = 'performance' and {} = '/products' order by 1",
            value(name),
            plain::of_range(WEEK),
            plain::page("e.url")
        );
        let values = seeded.rows::<1>(0, &sql).await;
        let metric = &found.metrics[metric];
        assert_eq!(metric.count, values.len() as u64, "{name}");
        for (percent, found) in [(50, metric.p50), (75, metric.p75), (95, metric.p95)] {
            let place = (values.len() * percent).div_ceil(100) - 1;
            #[expect(clippy::cast_possible_truncation, reason = "small in tests")]
            let found = (found.unwrap() * 10_000.0).round() as i64;
            assert_eq!(found, values[place].1[0], "{name} {percent}");
        }
    }
}

/// A sample reports its rate and is close to the exact numbers.
async fn sample(seeded: &Seeded, sessions: u64) {
    let sampled = Analytics::new(
        &seeded.db,
        sessions / 12,
        seeded.analytics.scheduler.clone(),
    );
    let whole = asked(DAYS, SessionFilter::default());
    let estimate = sampled
        .overview(&all(), None, &TimeZone::UTC)
        .await
        .unwrap();
    let truth = seeded
        .analytics
        .overview(&all(), None, &TimeZone::UTC)
        .await
        .unwrap();
    assert!(estimate.sample_rate <= 0.25, "{}", estimate.sample_rate);
    let pairs = flat(&estimate.body.totals)
        .into_iter()
        .zip(flat(&truth.body.totals));
    for (number, (estimate, truth)) in pairs.enumerate().filter(|(_, (_, truth))| *truth > 4_000) {
        let difference = (estimate - truth).abs() * 100 / truth;
        assert!(difference <= 15, "number {number}: {estimate} for {truth}");
    }
    let exact = Asked {
        is_exact: true,
        ..whole
    };
    let exact = sampled.facets(&exact).await.unwrap();
    assert_eq!((exact.total, exact.is_exact), (sessions, true));
    let user = SessionFilter {
        user_id: Some("user-1".to_owned()),
        ..SessionFilter::default()
    };
    assert!(
        filters::facets_of(&sampled, user).await.is_exact,
        "the sessions of one user are few"
    );
}
