use sea_orm::{ActiveModelTrait, IntoActiveModel};

use crow_types::{ChunkRecord, EventRecord, OrganizationId};

use super::{ChunkKey, ChunkRange, EventKey, SessionFilter, SessionKey};
use crate::entity::{events, replay_chunks, sessions};
use crate::{DatabaseConfig, Db};

struct Database {
    db: Db,
    /// Of SQLite; removed at the end.
    _folder: Option<tempfile::TempDir>,
}

async fn connect(url: String) -> Db {
    Db::connect(&DatabaseConfig {
        url: url.into(),
        ..DatabaseConfig::default()
    })
    .await
    .unwrap()
}

async fn sqlite() -> Database {
    let folder = tempfile::tempdir().unwrap();
    let url = format!("sqlite://{}/crow.db", folder.path().display());
    Database {
        db: connect(url).await,
        _folder: Some(folder),
    }
}

async fn postgres() -> Database {
    Database {
        db: connect(crow_testkit::postgres::database().await).await,
        _folder: None,
    }
}

/// Both databases have to give the same answers.
macro_rules! on_both {
    ($($name:ident),* $(,)?) => {
        mod on_sqlite {
            $(#[tokio::test] async fn $name() { super::$name(super::sqlite().await).await; })*
        }
        mod on_postgres {
            $(#[tokio::test] async fn $name() { super::$name(super::postgres().await).await; })*
        }
    };
}

on_both!(
    another_organization_sees_nothing,
    pages_are_newest_first_and_ties_neither_repeat_nor_vanish,
    filters_on_columns_of_the_session,
    filters_on_events_look_only_at_the_sessions_own,
    text_search_takes_wildcards_as_themselves,
    a_session_is_found_by_row_or_as_its_latest_generation,
    events_come_in_pages_by_time_and_by_type,
    events_of_a_millisecond_come_by_batch_and_place,
    chunks_come_by_time_within_a_range,
);

fn organization(name: &str) -> OrganizationId {
    OrganizationId::new(name).unwrap()
}

fn session(organization: &str, id: &str, started_at: i64) -> sessions::Model {
    sessions::Model {
        id: id.to_owned(),
        organization_id: organization.to_owned(),
        session_id: format!("sdk-{id}"),
        generation: 0,
        revision: 0,
        status: "closed".to_owned(),
        end_reason: Some("idle".to_owned()),
        partition: 0,
        due_at: None,
        started_at,
        last_activity_at: started_at,
        last_event_at: started_at,
        ended_at: Some(started_at),
        duration_ms: 0,
        referrer: None,
        initial_url: None,
        exit_url: None,
        user_id: None,
        traits: None,
        user_agent: None,
        ip_address: None,
        country: None,
        device_type: None,
        browser: None,
        os: None,
        is_bot: false,
        visitor_id: None,
        live_until: None,
        locale: None,
        timezone: None,
        viewport: None,
        screen: None,
        sdk_name: None,
        sdk_version: None,
        platform: None,
        has_replay: false,
        exit_context: None,
        event_count: 0,
        pageview_count: 0,
        click_count: 0,
        input_count: 0,
        error_count: 0,
        rage_click_count: 0,
        replay_event_count: 0,
        chunk_count: 0,
        max_scroll_depth: 0,
        windows: "{}".to_owned(),
        archived_at: None,
        created_at: started_at,
        updated_at: started_at,
    }
}

fn event(session: &str, id: &str, r#type: &str, timestamp: i64) -> events::Model {
    events::Model {
        id: id.to_owned(),
        session_id: session.to_owned(),
        r#type: r#type.to_owned(),
        name: None,
        url: None,
        window_id: "w".to_owned(),
        timestamp,
        place: 0,
        data: "null".to_owned(),
        created_at: 0,
    }
}

fn chunk(
    session: &str,
    index: i64,
    window: &str,
    first_at: i64,
    last_at: i64,
) -> replay_chunks::Model {
    replay_chunks::Model {
        id: format!("{session}-{index}"),
        session_id: session.to_owned(),
        chunk_index: index,
        r2_key: "packs/0/a".to_owned(),
        byte_offset: 0,
        byte_length: 1,
        window_id: window.to_owned(),
        event_count: 1,
        replay_event_count: 1,
        size_bytes: 1,
        first_at,
        last_at,
        has_full_snapshot: index == 0,
        created_at: 0,
    }
}

impl Database {
    async fn add(&self, row: sessions::Model) {
        row.into_active_model()
            .insert(&self.db.write)
            .await
            .unwrap();
    }

    async fn add_event(&self, row: events::Model) {
        row.into_active_model()
            .insert(&self.db.write)
            .await
            .unwrap();
    }

    async fn add_chunk(&self, row: replay_chunks::Model) {
        row.into_active_model()
            .insert(&self.db.write)
            .await
            .unwrap();
    }

    async fn ids(&self, filter: SessionFilter) -> Vec<String> {
        let rows = super::sessions(&self.db, &organization("acme"), &filter, None, 100)
            .await
            .unwrap();
        rows.into_iter().map(|row| row.record.id).collect()
    }
}

async fn another_organization_sees_nothing(database: Database) {
    database.add(session("acme", "a", 1)).await;
    database.add(session("rival", "b", 2)).await;
    database.add_event(event("a", "e", "click", 1)).await;
    database.add_chunk(chunk("a", 0, "w", 1, 2)).await;
    let (db, rival) = (&database.db, organization("rival"));

    let listed = super::sessions(db, &rival, &SessionFilter::default(), None, 10)
        .await
        .unwrap();
    assert_eq!(
        listed
            .iter()
            .map(|row| row.record.id.as_str())
            .collect::<Vec<_>>(),
        ["b"]
    );
    assert!(super::session(db, &rival, "a").await.unwrap().is_none());
    assert!(super::session(db, &rival, "sdk-a").await.unwrap().is_none());
    assert!(
        super::generations(db, &rival, "sdk-a", 10)
            .await
            .unwrap()
            .is_empty()
    );
    assert!(
        super::events(db, &rival, "a", None, None, 10)
            .await
            .unwrap()
            .is_empty()
    );
    assert!(
        super::chunks(db, &rival, "a", ChunkRange::default(), 10)
            .await
            .unwrap()
            .is_empty()
    );
    let key = ChunkKey {
        first_at: 0,
        chunk_index: 0,
    };
    assert!(
        super::chunks_from(db, &rival, "a", ChunkRange::default(), key, 10)
            .await
            .unwrap()
            .is_empty()
    );
    assert!(
        super::snapshot_windows(db, &rival, "a", 9, 10)
            .await
            .unwrap()
            .is_empty()
    );
    assert!(
        super::snapshot_chunks(db, &rival, "a", "w", 9, 10)
            .await
            .unwrap()
            .is_empty()
    );
    assert!(
        super::last_chunks(db, &rival, "a", "w", 9, 10)
            .await
            .unwrap()
            .is_empty()
    );
}

async fn pages_are_newest_first_and_ties_neither_repeat_nor_vanish(database: Database) {
    for (id, started_at) in [("a", 5), ("b", 7), ("c", 7), ("d", 7), ("e", 9)] {
        database.add(session("acme", id, started_at)).await;
    }
    let mut seen = Vec::new();
    let mut after: Option<SessionKey> = None;
    loop {
        let page = super::sessions(
            &database.db,
            &organization("acme"),
            &SessionFilter::default(),
            after.as_ref(),
            2,
        )
        .await
        .unwrap();
        let Some(last) = page.last() else { break };
        after = Some(SessionKey {
            started_at: last.record.started_at,
            id: last.record.id.clone(),
        });
        seen.extend(page.into_iter().map(|row| row.record.id));
    }
    assert_eq!(seen, ["e", "d", "c", "b", "a"]);
}

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

async fn a_session_is_found_by_row_or_as_its_latest_generation(database: Database) {
    for (id, generation) in [("r0", 0), ("r2", 2), ("r1", 1)] {
        let row = sessions::Model {
            generation,
            session_id: "visit".to_owned(),
            ..session("acme", id, 1)
        };
        database.add(row).await;
    }
    let acme = organization("acme");
    let by_sdk = super::session(&database.db, &acme, "visit")
        .await
        .unwrap()
        .unwrap();
    assert_eq!(by_sdk.record.id, "r2");
    let by_row = super::session(&database.db, &acme, "r1")
        .await
        .unwrap()
        .unwrap();
    assert_eq!(by_row.record.generation, 1);
    let links = super::generations(&database.db, &acme, "visit", 10)
        .await
        .unwrap();
    assert_eq!(
        links.iter().map(|link| link.generation).collect::<Vec<_>>(),
        [2, 1, 0]
    );
}

async fn events_come_in_pages_by_time_and_by_type(database: Database) {
    database.add(session("acme", "a", 1)).await;
    for (id, kind, at) in [
        ("e3", "click", 2),
        ("e1", "click", 2),
        ("e2", "scroll", 2),
        ("e0", "click", 9),
    ] {
        database.add_event(event("a", id, kind, at)).await;
    }
    let acme = organization("acme");
    let ids = |rows: Vec<EventRecord>| rows.into_iter().map(|row| row.id).collect::<Vec<_>>();
    let first = super::events(&database.db, &acme, "a", None, None, 2)
        .await
        .unwrap();
    assert_eq!(ids(first), ["e1", "e2"]);
    let after = EventKey {
        timestamp: 2,
        place: 0,
        id: "e2".to_owned(),
    };
    let second = super::events(&database.db, &acme, "a", None, Some(&after), 9)
        .await
        .unwrap();
    assert_eq!(ids(second), ["e3", "e0"]);
    let clicks = super::events(&database.db, &acme, "a", Some("click"), None, 9)
        .await
        .unwrap();
    assert_eq!(ids(clicks), ["e1", "e3", "e0"]);
}

async fn events_of_a_millisecond_come_by_batch_and_place(database: Database) {
    database.add(session("acme", "a", 1)).await;
    let places = [
        ("c", 7, 9),
        ("z", 7, 1),
        ("m", 7, 2),
        ("b", 7, 9),
        ("a", 8, 0),
    ];
    for (id, at, place) in places {
        let row = events::Model {
            place,
            ..event("a", id, "click", at)
        };
        database.add_event(row).await;
    }
    let acme = organization("acme");
    let (mut seen, mut after) = (Vec::new(), None);
    loop {
        let page = super::events(&database.db, &acme, "a", None, after.as_ref(), 1);
        let Some(row) = page.await.unwrap().pop() else {
            break;
        };
        after = Some(EventKey {
            timestamp: row.timestamp,
            place: row.place,
            id: row.id.clone(),
        });
        seen.push(row.id);
    }
    assert_eq!(seen, ["z", "m", "b", "c", "a"]);
}

async fn chunks_come_by_time_within_a_range(database: Database) {
    database.add(session("acme", "a", 1)).await;
    for (index, window, first_at, last_at) in [
        (0, "w", 0, 10),
        (1, "w", 11, 20),
        (2, "v", 5, 30),
        (3, "w", 5, 6),
    ] {
        database
            .add_chunk(chunk("a", index, window, first_at, last_at))
            .await;
    }
    let (db, acme) = (&database.db, organization("acme"));
    let indexes = |rows: Vec<ChunkRecord>| {
        rows.into_iter()
            .map(|row| row.chunk_index)
            .collect::<Vec<_>>()
    };
    let all = super::chunks(db, &acme, "a", ChunkRange::default(), 9)
        .await
        .unwrap();
    assert_eq!(indexes(all), [0, 2, 3, 1]);
    let range = ChunkRange {
        from: Some(11),
        to: Some(10),
        ..ChunkRange::default()
    };
    assert_eq!(
        indexes(super::chunks(db, &acme, "a", range, 9).await.unwrap()),
        [2]
    );
    let key = ChunkKey {
        first_at: 5,
        chunk_index: 2,
    };
    let rest = super::chunks_from(db, &acme, "a", ChunkRange::default(), key, 2)
        .await
        .unwrap();
    assert_eq!(indexes(rest), [2, 3]);
    assert_eq!(
        super::snapshot_windows(db, &acme, "a", 30, 9)
            .await
            .unwrap(),
        ["w"]
    );
    assert_eq!(
        indexes(
            super::snapshot_chunks(db, &acme, "a", "w", 30, 9)
                .await
                .unwrap()
        ),
        [0]
    );
    assert_eq!(
        indexes(
            super::last_chunks(db, &acme, "a", "w", 10, 9)
                .await
                .unwrap()
        ),
        [0, 3]
    );
}
