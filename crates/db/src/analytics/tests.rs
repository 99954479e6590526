use crow_types::{EndReason, EventRecord, OrganizationId, Sequence, SessionRecord};
use proptest::prelude::*;
use sea_orm::TransactionTrait;

mod whole;

use super::*;
use crate::flush::{Flush, commit};
use crate::tests::{Database, event, on_both, session};

on_both!(
    the_same_flush_twice_leaves_the_facts_as_they_were,
    late_data_and_a_revision_are_added_to_what_is_there,
    a_visitor_who_becomes_a_user_moves_whole,
    samples_of_one_half_are_part_of_the_whole,
    only_sessions_with_a_late_event_are_read_when_asked,
    an_erased_session_takes_its_facts_along,
    what_is_no_utf8_survives_appending,
    properties_go_with_the_events_and_traits_with_the_person,
    properties_take_no_room_from_events,
    a_sample_of_people_has_all_sessions_of_each,
);

use whole::a_sample_of_people_has_all_sessions_of_each;

async fn write(
    database: &Database,
    id: &str,
    sessions: Vec<SessionRecord>,
    events: Vec<EventRecord>,
) {
    let lease = database.lease().await;
    let flush = Flush {
        id: id.to_owned(),
        partition: lease.partition,
        epoch: lease.epoch,
        checkpoint: Sequence(1),
        stream_created: 0,
        sessions,
        steps: NewSteps::of_records(&events),
        errors: Vec::new(),
        events,
        keys: Vec::new(),
        chunks: Vec::new(),
        outbox: Vec::new(),
    };
    commit(&database.db, &flush).await.unwrap();
    // The answer to the commit was lost: it is made once more.
    commit(&database.db, &flush).await.unwrap();
    crate::leases::release(&database.db, "keeper", &lease)
        .await
        .unwrap();
}

/// Sessions with their visitor's hash and the times of their events.
async fn read(
    database: &Database,
    budget: Option<u64>,
) -> (Vec<(String, u64, Vec<i64>)>, Sampling) {
    let question = Question {
        organization: &OrganizationId::new("acme").unwrap(),
        from: 0,
        to: 1_000_000,
        user_id: None,
        with_steps: true,
        active_since: None,
        budget,
        whole: None,
        least_halvings: 0,
    };
    let mut found = Vec::new();
    let sampling = scan(&database.db, &question, |session| {
        let times = session.steps.list().iter().map(|step| step.at).collect();
        found.push((session.id.to_owned(), session.facts.visitor, times));
    });
    let sampling = sampling.await.unwrap();
    found.sort();
    (found, sampling)
}

fn times(found: &[(String, u64, Vec<i64>)]) -> Vec<(&str, &[i64])> {
    found
        .iter()
        .map(|(id, _, times)| (id.as_str(), times.as_slice()))
        .collect()
}

async fn the_same_flush_twice_leaves_the_facts_as_they_were(database: Database) {
    let events = vec![
        event("a", "e1", 5),
        event("b", "e2", 6),
        event("a", "e3", 7),
    ];
    write(&database, "1", vec![session("a"), session("b")], events).await;
    let (found, sampling) = read(&database, None).await;
    assert_eq!(
        times(&found),
        [("a", [5, 7].as_slice()), ("b", [6].as_slice())]
    );
    assert_eq!(sampling.halvings, 0);
}

async fn late_data_and_a_revision_are_added_to_what_is_there(database: Database) {
    let mut record = session("a");
    write(
        &database,
        "1",
        vec![record.clone()],
        vec![event("a", "e1", 500)],
    )
    .await;
    record.revision = 1;
    record.end_reason = Some(EndReason::Idle);
    record.started_at = -20;
    record.event_count = 3;
    let late = vec![event("a", "e2", 900), event("a", "e3", 100)];
    write(&database, "2", vec![record.clone()], late).await;
    write(&database, "3", vec![record.clone()], Vec::new()).await;
    // It began before the range now.
    assert_eq!(times(&read(&database, None).await.0), []);
    record.started_at = 20;
    write(&database, "4", vec![record], Vec::new()).await;
    assert_eq!(
        times(&read(&database, None).await.0),
        [("a", [100, 500, 900].as_slice())]
    );
    let [rows] = database.numbers("select count(*) from session_facts").await;
    assert_eq!(rows, 1);
}

async fn only_sessions_with_a_late_event_are_read_when_asked(database: Database) {
    let until = |id: &str, last_event_at: i64| SessionRecord {
        last_event_at,
        user_id: Some("ada".to_owned()),
        ..session(id)
    };
    let sessions = vec![until("short", 299), until("long", 300)];
    write(&database, "1", sessions, Vec::new()).await;
    let organization = OrganizationId::new("acme").unwrap();
    for (user_id, budget) in [(None, None), (None, Some(1_000)), (Some("ada"), None)] {
        let question = Question {
            organization: &organization,
            from: 0,
            to: 1_000_000,
            user_id,
            with_steps: true,
            active_since: Some(300),
            budget,
            whole: None,
            least_halvings: 0,
        };
        let mut found = Vec::new();
        scan(&database.db, &question, |it| found.push(it.id.to_owned()))
            .await
            .unwrap();
        assert_eq!(found, ["long"], "{user_id:?} {budget:?}");
    }
}

async fn a_visitor_who_becomes_a_user_moves_whole(database: Database) {
    let many = |user: Option<&str>| {
        let record = |number: i32| SessionRecord {
            user_id: user.map(str::to_owned),
            ..session(&format!("s{number:03}"))
        };
        (0..64).map(record).collect::<Vec<_>>()
    };
    write(&database, "1", many(None), Vec::new()).await;
    let visitors = |found: &[(String, u64, Vec<i64>)]| {
        found
            .iter()
            .map(|(_, visitor, _)| *visitor)
            .collect::<std::collections::BTreeSet<_>>()
            .len()
    };
    assert_eq!(visitors(&read(&database, None).await.0), 64);
    write(&database, "2", many(Some("ada")), Vec::new()).await;
    let (found, _) = read(&database, None).await;
    assert_eq!((found.len(), visitors(&found)), (64, 1));
    let [levels] = database
        .numbers("select count(distinct sample_level) from session_facts")
        .await;
    assert_eq!(levels, 1);
}

async fn samples_of_one_half_are_part_of_the_whole(database: Database) {
    let record = |number: i32| session(&format!("s{number:05}"));
    write(&database, "1", (0..6_000).map(record).collect(), Vec::new()).await;
    let (whole, all) = read(&database, Some(100_000)).await;
    assert_eq!((whole.len(), all.halvings), (6_000, 0));
    let (part, sampling) = read(&database, Some(1_000)).await;
    assert!((1..=5).contains(&sampling.halvings), "{sampling:?}");
    let estimate = sampling.scale(part.len() as u64);
    assert!((4_000..8_000).contains(&estimate), "{estimate}");
    assert!(
        part.iter()
            .all(|session| whole.binary_search(session).is_ok())
    );
}

async fn an_erased_session_takes_its_facts_along(database: Database) {
    write(&database, "1", vec![session("a"), session("b")], Vec::new()).await;
    database
        .execute("delete from sessions where id = 'a'")
        .await;
    assert_eq!(
        times(&read(&database, None).await.0),
        [("b", [].as_slice())]
    );
}

async fn what_is_no_utf8_survives_appending(database: Database) {
    // Times far apart make bytes above 0x7f and zeros.
    let far = [0, 1, 255, 256, 70_000, 999_999];
    for (number, at) in far.into_iter().enumerate() {
        let events = vec![event("a", &format!("e{number}"), at)];
        write(&database, &number.to_string(), vec![session("a")], events).await;
    }
    assert_eq!(
        times(&read(&database, None).await.0),
        [("a", far.as_slice())]
    );
}

async fn properties_go_with_the_events_and_traits_with_the_person(database: Database) {
    let bought = EventRecord {
        r#type: "custom".to_owned(),
        name: Some("bought".to_owned()),
        data: r#"{"total":9}"#.to_owned(),
        ..event("a", "e1", 5)
    };
    let ann = SessionRecord {
        traits: Some(r#"{"plan":"pro"}"#.to_owned()),
        ..session("a")
    };
    write(&database, "1", vec![ann], vec![bought, event("a", "e2", 7)]).await;
    let said = async || {
        let organization = OrganizationId::new("acme").unwrap();
        let question = Question {
            organization: &organization,
            from: 0,
            to: 1_000_000,
            active_since: None,
            user_id: None,
            with_steps: true,
            budget: None,
            whole: None,
            least_halvings: 0,
        };
        let mut said = Vec::new();
        let looked = scan(&database.db, &question, |session| {
            let steps = session.steps;
            said.push(session.facts.traits.to_owned());
            let properties = steps.list().iter().map(|step| steps.properties(step));
            said.extend(properties.map(str::to_owned));
        });
        looked.await.unwrap();
        said
    };
    assert_eq!(said().await, ["plan\0pro\0", "total\x009\0", ""]);
    let rows = ["a".to_owned()];
    let transaction = database.db.write.begin().await.unwrap();
    rewrite::without_events(&transaction, &rows).await.unwrap();
    transaction.commit().await.unwrap();
    assert_eq!(said().await, ["plan\0pro\0", "", ""]);
    let transaction = database.db.write.begin().await.unwrap();
    rewrite::anonymous(&transaction, &rows).await.unwrap();
    transaction.commit().await.unwrap();
    assert_eq!(said().await, ["", "", ""]);
}

/// A custom event with so many bytes of properties.
fn bought(id: &str, at: i64, bytes: usize) -> EventRecord {
    let values: Vec<String> = (0..bytes.div_ceil(200))
        .map(|number| format!(r#""{number:02}":"{}""#, "x".repeat(196.min(bytes - 4))))
        .collect();
    EventRecord {
        r#type: "custom".to_owned(),
        name: Some("bought".to_owned()),
        data: format!("{{{}}}", values.join(",")),
        ..event("a", id, at)
    }
}

async fn properties_take_no_room_from_events(database: Database) {
    // More than 64 KiB, if all properties were stored.
    for flush in 0..15_i64 {
        let events = (0..40).map(|number| {
            let at = flush * 40 + number;
            bought(&format!("e{at}"), at, 200)
        });
        write(
            &database,
            &flush.to_string(),
            vec![session("a")],
            events.collect(),
        )
        .await;
    }
    let expected: Vec<i64> = (0..600).collect();
    assert_eq!(
        times(&read(&database, None).await.0),
        [("a", expected.as_slice())]
    );
    let [bytes] = database
        .numbers("select cast(length(steps) as bigint) from session_facts")
        .await;
    // Properties are stored until 32 KiB, and not more of them than there is room for.
    assert!((32 << 10..56 << 10).contains(&bytes), "{bytes}");
}

#[test]
fn a_segment_is_bounded_and_loses_properties_first() {
    let rich: Vec<EventRecord> = (0..100).map(|at| bought("e", at, 4_000)).collect();
    let new = NewSteps::of_records(&rich);
    let (lean, whole) = (new.of("a"), new.with_properties("a").unwrap());
    assert!(whole.len() <= lean.len() + (8 << 10));
    let mut steps = Steps::default();
    steps.decode(whole).unwrap();
    let has = |step: &Step| !steps.properties(step).is_empty();
    assert_eq!(steps.list().len(), 100);
    assert!(has(&steps.list()[0]) && !has(&steps.list()[99]));
    steps.decode(lean).unwrap();
    assert_eq!(steps.list().len(), 100);

    let many: Vec<EventRecord> = (0..40_000).map(|at| event("a", "e", at * 1_000)).collect();
    let new = NewSteps::of_records(&many);
    assert!((64 << 10..66 << 10).contains(&new.of("a").len()));
    assert!(new.with_properties("a").is_none());
}

fn any_event() -> impl Strategy<Value = EventRecord> {
    let word = prop_oneof![
        Just("pageview".to_owned()),
        Just("click".to_owned()),
        Just("scroll".to_owned()),
        Just("performance".to_owned()),
        Just("custom".to_owned()),
        "[a-z_]{1,12}",
    ];
    let url = prop_oneof![
        Just(None),
        Just(Some(String::new())),
        "https://a.example/(ä|ö|x|y){0,4}".prop_map(Some),
        ".{0,20}".prop_map(Some),
    ];
    let data = prop_oneof![
        Just("null".to_owned()),
        Just("[1]".to_owned()),
        Just(r#"{"total":9,"plan":"pro","list":[1]}"#.to_owned()),
        Just(r#"{"x":7.6,"y":-3,"viewportX":"a","rage":true}"#.to_owned()),
        Just(r#"{"viewport":[1280,720],"depth":1e300}"#.to_owned()),
        Just(r#"{"lcp":1200.4,"cls":0.0312,"inp":null,"ttfb":0}"#.to_owned()),
    ];
    (
        word,
        proptest::option::of(".{0,9}"),
        url,
        any::<i64>(),
        data,
    )
        .prop_map(|(word, name, url, timestamp, data)| EventRecord {
            id: String::new(),
            session_id: String::new(),
            r#type: word,
            name,
            url,
            window_id: String::new(),
            timestamp: timestamp >> 8,
            place: 0,
            data,
            created_at: 0,
        })
}

proptest! {
    #[test]
    fn steps_come_back_as_they_were(segments in prop::collection::vec(prop::collection::vec(any_event(), 0..6), 0..4)) {
        let mut bytes = Vec::new();
        for events in &segments {
            let new = NewSteps::of_records(events);
            bytes.extend_from_slice(new.with_properties("").unwrap_or(new.of("")));
        }
        let mut steps = Steps::default();
        steps.decode(&bytes).unwrap();
        let mut events: Vec<&EventRecord> = segments.iter().flatten().collect();
        events.sort_by_key(|event| event.timestamp);
        prop_assert_eq!(steps.list().len(), events.len());
        for (step, event) in steps.list().iter().zip(events) {
            prop_assert_eq!(step.at, event.timestamp);
            prop_assert_eq!(steps.word(step), &event.r#type);
            prop_assert_eq!(steps.name(step), event.name.as_deref().unwrap_or_default());
            prop_assert_eq!(steps.url(step), event.url.as_deref().unwrap_or_default());
            let properties = match step.kind {
                StepKind::Custom => properties::pairs_of(&event.data),
                _ => String::new(),
            };
            prop_assert_eq!(steps.properties(step), properties);
        }
    }

    #[test]
    fn bytes_that_are_not_ours_do_no_harm(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        let _unreadable = Steps::default().decode(&bytes);
        let _unreadable = Facts::decode(&bytes);
    }

    #[test]
    fn facts_come_back_as_they_were(user in ".{0,9}", page in ".{0,30}", count in 0..i64::MAX, traits in ".{0,30}") {
        let record = SessionRecord {
            user_id: Some(user),
            exit_url: Some(page),
            viewport: Some("1280x720".to_owned()),
            duration_ms: count,
            is_bot: true,
            ..session("a")
        };
        let facts = Facts { traits: &traits, ..Facts::of(&record) };
        let bytes = facts.encode();
        prop_assert_eq!(Facts::decode(&bytes), Some(facts));
        prop_assert_eq!(facts.viewport_width, 1_280);
    }
}

#[test]
fn payloads_say_where_and_how_far() {
    let detail = |word: &str, data: &str| {
        let record = EventRecord {
            r#type: word.to_owned(),
            data: data.to_owned(),
            ..event("a", "e", 1)
        };
        let mut steps = Steps::default();
        let new = NewSteps::of_records([&record]);
        steps.decode(new.of("a")).unwrap();
        steps.list()[0].detail
    };
    let place = |x, y, is_rage| StepDetail::Place { x, y, is_rage };
    let both = r#"{"x":900,"y":7.6,"viewportX":12,"rage":true}"#;
    assert_eq!(detail("click", both), place(Some(12), Some(8), true));
    assert_eq!(
        detail("dead_click", r#"{"x":900,"y":-1}"#),
        place(Some(900), None, false)
    );
    assert_eq!(detail("rage_click", "null"), place(None, None, true));
    assert_eq!(
        detail("pageview", r#"{"viewport":[1280,720]}"#),
        StepDetail::Viewport(Some(1_280))
    );
    assert_eq!(
        detail("pageview", r#"{"viewport":"wide"}"#),
        StepDetail::Viewport(None)
    );
    assert_eq!(detail("scroll", r#"{"depth":120}"#), StepDetail::Depth(100));
    let vitals = Vitals {
        lcp: Some(1_200),
        cls: Some(312),
        ttfb: Some(0),
        ..Vitals::default()
    };
    let data = r#"{"lcp":1200.4,"cls":0.0312,"inp":null,"ttfb":0}"#;
    assert_eq!(detail("performance", data), StepDetail::Vitals(vitals));
}
