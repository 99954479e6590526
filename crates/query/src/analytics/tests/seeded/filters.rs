//! What a filter admits.

use crow_db::read::SessionFilter;

use super::WEEK;
use crate::analytics::Analytics;
use crate::analytics::facets::FacetList;
use crate::analytics::tests::{Seeded, asked, plain};

pub(super) async fn facets_of(analytics: &Analytics, filter: SessionFilter) -> FacetList {
    analytics.facets(&asked(WEEK, filter)).await.unwrap()
}

/// Each filter alone counts the sessions that it admits.
#[expect(clippy::too_many_lines, reason = "a table")]
pub(super) async fn each_alone(seeded: &Seeded) {
    let text = |text: &str| Some(text.to_owned());
    let none = SessionFilter::default;
    let has = |condition: &str| {
        format!("exists (select 1 from events e where e.session_id = s.id and {condition})")
    };
    let cases = [
        (
            SessionFilter {
                country: text("DE"),
                ..none()
            },
            "s.country = 'DE'".to_owned(),
        ),
        (
            SessionFilter {
                device_type: text("mobile"),
                os: text("iOS"),
                ..none()
            },
            "s.device_type = 'mobile' and s.os = 'iOS'".to_owned(),
        ),
        (
            SessionFilter {
                browser: text("Firefox"),
                ..none()
            },
            "s.browser = 'Firefox'".to_owned(),
        ),
        (
            SessionFilter {
                user_id: text("user-3"),
                ..none()
            },
            "s.user_id = 'user-3'".to_owned(),
        ),
        (
            SessionFilter {
                url: text("/CHECKOUT"),
                ..none()
            },
            has("e.url like '%/checkout%'"),
        ),
        (
            SessionFilter {
                event_type: text("submit"),
                ..none()
            },
            has("e.type = 'submit'"),
        ),
        (
            SessionFilter {
                event_name: text("purchase"),
                ..none()
            },
            has("e.name = 'purchase'"),
        ),
        (
            SessionFilter {
                min_duration_ms: Some(60_000),
                max_duration_ms: Some(90_000),
                ..none()
            },
            "s.duration_ms between 60000 and 90000".to_owned(),
        ),
        (
            SessionFilter {
                has_errors: Some(true),
                ..none()
            },
            "s.error_count > 0".to_owned(),
        ),
        (
            SessionFilter {
                has_rage_clicks: Some(false),
                ..none()
            },
            "s.rage_click_count = 0".to_owned(),
        ),
        (
            SessionFilter {
                has_dead_clicks: Some(true),
                ..none()
            },
            has("e.type = 'dead_click'"),
        ),
        (
            SessionFilter {
                referrer: text("GOOGLE"),
                ..none()
            },
            "s.referrer like '%google%'".to_owned(),
        ),
        (
            SessionFilter {
                is_bot: Some(true),
                ..none()
            },
            "s.is_bot = true".to_owned(),
        ),
        (
            SessionFilter {
                live: Some(true),
                ..none()
            },
            "s.status = 'open'".to_owned(),
        ),
        (
            SessionFilter {
                has_replay: Some(false),
                ..none()
            },
            "s.has_replay = false".to_owned(),
        ),
        (
            SessionFilter {
                text: text("ser-4"),
                ..none()
            },
            "(s.user_id like '%ser-4%' or s.session_id like '%ser-4%')".to_owned(),
        ),
    ];
    for (filter, condition) in cases {
        let found = facets_of(&seeded.analytics, filter.clone()).await;
        let sql = format!(
            "select count(*) from sessions s where {} and {condition}",
            plain::of_range(WEEK)
        );
        let [expected]: [i64; 1] = seeded.numbers(&sql).await;
        assert!(found.is_exact);
        assert_eq!(found.total, expected.unsigned_abs(), "{filter:?}");
    }
}
