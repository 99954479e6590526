//! Which sessions a filter finds.

use super::*;

on_both!(
    filters_on_columns_of_the_session,
    filters_on_events_look_only_at_the_sessions_own,
    text_search_takes_wildcards_as_themselves,
    only_the_case_of_ascii_letters_is_ignored,
);

#[expect(clippy::too_many_lines, reason = "one table")]
async fn filters_on_columns_of_the_session(database: Database) {
    let plain = session("acme", "plain", 100);
    let rich = sessions::Model {
        status: "open".to_owned(),
        live_until: Some(i64::MAX),
        visitor_id: Some("v-1".to_owned()),
        user_id: Some("ann".to_owned()),
        country: Some("DE".to_owned()),
        device_type: Some("mobile".to_owned()),
        browser: Some("Firefox".to_owned()),
        os: Some("Linux".to_owned()),
        duration_ms: 5_000,
        has_replay: true,
        error_count: 2,
        rage_click_count: 1,
        ..session("acme", "rich", 200)
    };
    database.add(plain).await;
    database.add(rich).await;
    let none = SessionFilter::default;
    let only_rich = [
        SessionFilter {
            from: Some(200),
            ..none()
        },
        SessionFilter {
            user_id: Some("ann".to_owned()),
            ..none()
        },
        SessionFilter {
            country: Some("DE".to_owned()),
            ..none()
        },
        SessionFilter {
            device_type: Some("mobile".to_owned()),
            ..none()
        },
        SessionFilter {
            browser: Some("Firefox".to_owned()),
            ..none()
        },
        SessionFilter {
            os: Some("Linux".to_owned()),
            ..none()
        },
        SessionFilter {
            min_duration_ms: Some(5_000),
            ..none()
        },
        SessionFilter {
            has_errors: Some(true),
            ..none()
        },
        SessionFilter {
            has_rage_clicks: Some(true),
            ..none()
        },
        SessionFilter {
            has_replay: Some(true),
            ..none()
        },
        SessionFilter {
            live: Some(true),
            ..none()
        },
        SessionFilter {
            is_open: Some(true),
            ..none()
        },
        SessionFilter {
            visitor_id: Some("v-1".to_owned()),
            ..none()
        },
    ];
    for filter in only_rich {
        assert_eq!(database.ids(filter.clone()).await, ["rich"], "{filter:?}");
    }
    let only_plain = [
        SessionFilter {
            to: Some(200),
            ..none()
        },
        SessionFilter {
            max_duration_ms: Some(4_999),
            ..none()
        },
        SessionFilter {
            has_errors: Some(false),
            ..none()
        },
        SessionFilter {
            has_rage_clicks: Some(false),
            ..none()
        },
        SessionFilter {
            has_replay: Some(false),
            ..none()
        },
        SessionFilter {
            live: Some(false),
            ..none()
        },
    ];
    for filter in only_plain {
        assert_eq!(database.ids(filter.clone()).await, ["plain"], "{filter:?}");
    }
    let both = SessionFilter {
        has_errors: Some(true),
        live: Some(false),
        ..none()
    };
    assert!(database.ids(both).await.is_empty());
}

async fn filters_on_events_look_only_at_the_sessions_own(database: Database) {
    database.add(session("acme", "a", 1)).await;
    database.add(session("acme", "b", 2)).await;
    let named = events::Model {
        name: Some("paid".to_owned()),
        ..event("a", "e1", "custom", 1)
    };
    let visit = events::Model {
        url: Some("https://shop.test/Cart?x=1".to_owned()),
        ..event("b", "e2", "pageview", 1)
    };
    database.add_event(named).await;
    database.add_event(visit).await;
    let none = SessionFilter::default;
    assert_eq!(
        database
            .ids(SessionFilter {
                event_type: Some("custom".to_owned()),
                ..none()
            })
            .await,
        ["a"]
    );
    assert_eq!(
        database
            .ids(SessionFilter {
                event_name: Some("paid".to_owned()),
                ..none()
            })
            .await,
        ["a"]
    );
    assert_eq!(
        database
            .ids(SessionFilter {
                url: Some("shop.test/cart".to_owned()),
                ..none()
            })
            .await,
        ["b"]
    );
    assert!(
        database
            .ids(SessionFilter {
                event_type: Some("click".to_owned()),
                ..none()
            })
            .await
            .is_empty()
    );
}

async fn text_search_takes_wildcards_as_themselves(database: Database) {
    let percent = sessions::Model {
        user_id: Some("100%_sure!\\".to_owned()),
        ..session("acme", "a", 2)
    };
    let page = sessions::Model {
        exit_url: Some("https://x.test/1000".to_owned()),
        ..session("acme", "b", 1)
    };
    database.add(percent).await;
    database.add(page).await;
    let text = |text: &str| SessionFilter {
        text: Some(text.to_owned()),
        ..SessionFilter::default()
    };
    assert_eq!(database.ids(text("100%")).await, ["a"]);
    assert_eq!(database.ids(text("%_SURE!")).await, ["a"]);
    assert_eq!(database.ids(text("!\\")).await, ["a"]);
    assert_eq!(database.ids(text("100")).await, ["a", "b"]);
    assert_eq!(database.ids(text("sdk-b")).await, ["b"]);
    assert!(database.ids(text("1_0%")).await.is_empty());
    assert!(database.ids(text("' or 1=1 --")).await.is_empty());
}

/// As in the analytics, whatever the locale of the database.
async fn only_the_case_of_ascii_letters_is_ignored(database: Database) {
    let told = |text: &str| Some(text.to_owned());
    let abroad = sessions::Model {
        user_id: told("Über"),
        referrer: told("https://münchen.example/Shop"),
        initial_url: told("https://shop.test/Café"),
        ..session("acme", "a", 1)
    };
    database.add(abroad).await;
    let filters = |text: &str, referrer: &str, url: &str| {
        let none = SessionFilter::default;
        [
            SessionFilter {
                text: told(text),
                ..none()
            },
            SessionFilter {
                referrer: told(referrer),
                ..none()
            },
            SessionFilter {
                url: told(url),
                ..none()
            },
        ]
    };
    for filter in filters("ÜBER", "MüNCHEN.EXAMPLE/shop", "/CAFé") {
        assert_eq!(database.ids(filter.clone()).await, ["a"], "{filter:?}");
    }
    for filter in filters("über", "mÜnchen", "/cafÉ") {
        assert!(database.ids(filter.clone()).await.is_empty(), "{filter:?}");
    }
}
