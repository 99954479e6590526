//! Analytics over gRPC returns the answers of the questions themselves, which other tests compare
//! with SQL.

use tonic::Code;

use crow_auth::Scope;
use crow_db::read::SessionFilter;
use crow_proto::api;
use crow_runtime::Shutdown;
use crow_seed::Plan;
use crow_types::OrganizationId;

use super::fixture::World;
use super::grpc::{connect_analytics, with_key};
use crate::analytics::Asked;
use crate::analytics::buckets::Length;
use crate::analytics::events::EventChoice;
use crate::analytics::funnel::{FunnelBy, FunnelQuestion};
use crate::analytics::heatmap::{HeatmapKind, HeatmapQuestion, ViewportClass};
use crate::analytics::journeys::{Direction, JourneyQuestion};
use crate::analytics::retention::RetentionQuestion;
use crate::analytics::top::Dimension;
use crate::ask::funnel::FunnelStep;
use crate::ask::words::Breakdown;

const END: i64 = 1_763_712_345_678;
const DAY: i64 = 86_400_000;

async fn seeded() -> World {
    let world = World::new().await;
    world.give_up_lease().await;
    let partitions = crow_db::installation::ensure(&world.db, None)
        .await
        .unwrap();
    let organization = OrganizationId::new("acme").unwrap();
    let plan = Plan::new(organization, 7, 400, 20, END, partitions);
    crow_seed::write(&world.db, &plan, None, |_written| {})
        .await
        .unwrap();
    world
}

fn query(organization: &str) -> Option<api::SessionQuery> {
    Some(api::SessionQuery {
        organization_id: organization.to_owned(),
        filter: Some(api::SessionFilter {
            from: Some(END - 10 * DAY),
            to: Some(END),
            ..api::SessionFilter::default()
        }),
        exact: true,
    })
}

fn asked() -> Asked {
    let filter = SessionFilter {
        from: Some(END - 10 * DAY),
        to: Some(END),
        ..SessionFilter::default()
    };
    Asked::new(OrganizationId::new("acme").unwrap(), filter, true).unwrap()
}

/// Compares everything except the duration.
macro_rules! assert_same {
    ($over_grpc:expr, $direct:expr, $kind:ty) => {{
        let mut over_grpc = $over_grpc.await.unwrap().into_inner();
        let mut direct = <$kind>::from($direct.await.unwrap());
        for quality in [&mut over_grpc.quality, &mut direct.quality] {
            quality.as_mut().unwrap().took_ms = 0;
        }
        assert_eq!(over_grpc, direct);
        over_grpc
    }};
}

#[tokio::test(flavor = "multi_thread")]
async fn numbers_over_grpc_are_those_of_the_questions() {
    let world = seeded().await;
    let key = world.key("acme", Scope::Read).await;
    let shutdown = Shutdown::new();
    let mut client = connect_analytics(&world, &shutdown).await;
    let (analytics, asked) = (&world.api.analytics, asked());
    let utc = jiff::tz::TimeZone::UTC;

    let request = api::GetOverviewRequest {
        query: query("acme"),
        bucket: api::Length::Day.into(),
        timezone: String::new(),
    };
    let overview = assert_same!(
        client.get_overview(with_key(&key, request)),
        analytics.overview(&asked, Some(Length::Day), &utc),
        api::Overview
    );
    let totals = overview.totals.unwrap();
    assert!(totals.sessions > 50 && totals.pageviews >= totals.sessions);
    assert_eq!(
        overview
            .series
            .iter()
            .map(|point| point.sessions)
            .sum::<u64>(),
        totals.sessions
    );

    let request = api::GetTopRequest {
        query: query("acme"),
        dimension: api::Dimension::EntryPage.into(),
        limit: 3,
    };
    let top = assert_same!(
        client.get_top(with_key(&key, request)),
        analytics.top(&asked, Dimension::EntryPage, 3),
        api::Top
    );
    assert_eq!(top.rows.len(), 3);

    let request = api::GetEventCountsRequest {
        query: query("acme"),
        r#type: Some("click".to_owned()),
        ..api::GetEventCountsRequest::default()
    };
    let choice = EventChoice {
        word: Some("click"),
        name: None,
    };
    assert_same!(
        client.get_event_counts(with_key(&key, request)),
        analytics.event_counts(&asked, choice, None, &utc),
        api::EventCounts
    );

    let request = api::GetRetentionRequest {
        query: query("acme"),
        cohorts: 2,
        ..api::GetRetentionRequest::default()
    };
    assert_same!(
        client.get_retention(with_key(&key, request)),
        analytics.retention(&asked, RetentionQuestion::new(Length::Week, 2, &utc)),
        api::Retention
    );

    let request = api::GetWebVitalsRequest {
        query: query("acme"),
        page: None,
    };
    assert_same!(
        client.get_web_vitals(with_key(&key, request)),
        analytics.vitals(&asked, None),
        api::WebVitals
    );

    let request = api::GetFacetsRequest {
        query: query("acme"),
    };
    let facets = client.get_facets(with_key(&key, request)).await.unwrap();
    let direct = analytics.facets(&asked).await.unwrap();
    assert_eq!(facets.into_inner(), direct.into());
}

#[tokio::test(flavor = "multi_thread")]
async fn paths_over_grpc_are_those_of_the_questions() {
    let world = seeded().await;
    let key = world.key("acme", Scope::Read).await;
    let shutdown = Shutdown::new();
    let mut client = connect_analytics(&world, &shutdown).await;
    let (analytics, asked) = (&world.api.analytics, asked());

    let request = api::GetPagesRequest {
        query: query("acme"),
        limit: 5,
    };
    let pages = assert_same!(
        client.get_pages(with_key(&key, request)),
        analytics.pages(&asked, "", 5),
        api::Pages
    );
    let page = pages.rows[0].page.clone();

    let step = |kind: &str| FunnelStep {
        r#type: kind.to_owned(),
        ..FunnelStep::default()
    };
    let request = api::GetFunnelRequest {
        query: query("acme"),
        steps: ["pageview", "click"]
            .map(|kind| api::FunnelStep {
                r#type: kind.to_owned(),
                ..api::FunnelStep::default()
            })
            .to_vec(),
        window_ms: None,
        breakdown: api::Breakdown::Device.into(),
        by: api::FunnelBy::Unspecified.into(),
    };
    let question = FunnelQuestion {
        by: FunnelBy::Session,
        steps: vec![step("pageview"), step("click")],
        window_ms: None,
        breakdown: Some(Breakdown::Device),
    };
    let funnel = assert_same!(
        client.get_funnel(with_key(&key, request)),
        analytics.funnel(&asked, &question),
        api::Funnel
    );
    assert!(funnel.steps[0].sessions >= funnel.steps[1].sessions);

    let request = api::GetJourneysRequest {
        query: query("acme"),
        page: Some(page.clone()),
        direction: api::Direction::To.into(),
        depth: 0,
        limit: 4,
    };
    let question = JourneyQuestion {
        page: Some(&page),
        direction: Direction::To,
        depth: 3,
        limit: 4,
    };
    let mut journeys = [
        client
            .get_journeys(with_key(&key, request))
            .await
            .unwrap()
            .into_inner(),
        analytics.journeys(&asked, question).await.unwrap().into(),
    ];
    for api::Journeys { quality, links, .. } in &mut journeys {
        quality.as_mut().unwrap().took_ms = 0;
        // The sample sessions of a link may be any of its sessions.
        for link in links {
            assert!(!std::mem::take(&mut link.sample_sessions).is_empty());
        }
    }
    assert_eq!(journeys[0], journeys[1]);

    let request = api::GetHeatmapRequest {
        query: query("acme"),
        page: page.clone(),
        kind: api::HeatmapKind::Scroll.into(),
        viewport: api::ViewportClass::Unspecified.into(),
    };
    let question = HeatmapQuestion {
        page: &page,
        kind: HeatmapKind::Scroll,
        viewport: ViewportClass::Desktop,
    };
    assert_same!(
        client.get_heatmap(with_key(&key, request)),
        analytics.heatmap(&asked, question),
        api::Heatmap
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn wrong_questions_say_what_is_wrong() {
    let world = World::new().await;
    let key = world.key("acme", Scope::Read).await;
    let shutdown = Shutdown::new();
    let mut client = connect_analytics(&world, &shutdown).await;
    let top = |query, dimension: api::Dimension, limit| api::GetTopRequest {
        query,
        dimension: dimension.into(),
        limit,
    };
    let page = api::Dimension::Page;
    for (request, code, part) in [
        (top(None, page, 0), Code::InvalidArgument, "query"),
        (top(query("rival"), page, 0), Code::NotFound, ""),
        (
            top(query("acme"), api::Dimension::Unspecified, 0),
            Code::InvalidArgument,
            "dimension",
        ),
        (
            top(query("acme"), page, 1_001),
            Code::InvalidArgument,
            "limit: must be 1 to 1000",
        ),
    ] {
        let refused = client.get_top(with_key(&key, request)).await.unwrap_err();
        assert_eq!(refused.code(), code, "{refused:?}");
        assert!(refused.message().contains(part), "{refused:?}");
    }
    let request = api::GetRetentionRequest {
        query: query("acme"),
        timezone: "Mars/Base".to_owned(),
        ..api::GetRetentionRequest::default()
    };
    let refused = client.get_retention(with_key(&key, request)).await;
    assert_eq!(refused.unwrap_err().code(), Code::InvalidArgument);
    let keyless = client.get_pages(api::GetPagesRequest {
        query: query("acme"),
        limit: 0,
    });
    assert_eq!(keyless.await.unwrap_err().code(), Code::Unauthenticated);
}
