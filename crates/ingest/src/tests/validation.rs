use bytes::Bytes;
use serde_json::{Value, json};

use crow_proto::events::{Batch, Client, Kind, Page};
use crow_types::{OrganizationId, SessionId, Timestamp};

use crate::config::IngestConfig;
use crate::decode::envelope::Envelope;
use crate::validate::head::{self, Origin};
use crate::validate::notes::Notes;
use crate::validate::{Checked, Read, Rules, read};

mod shown;

const NOW: i64 = 1_763_690_002_000;

fn envelope(body: &Value) -> Envelope {
    envelope_of(body.to_string())
}

fn envelope_of(body: String) -> Envelope {
    read_body(body).envelope
}

fn read_body(body: String) -> Read {
    read(Bytes::from(body), rules()).unwrap()
}

fn rules() -> Rules {
    Rules::new(&IngestConfig::default(), Timestamp(NOW))
}

fn check(body: &Value) -> Checked {
    read_body(body.to_string()).items.unwrap()
}

/// The reason for which a single event is rejected, or `accepted`.
fn verdict(event: &Value) -> &'static str {
    let checked = check(&json!({ "events": [event] }));
    checked
        .rejected
        .first()
        .map_or("accepted", |rejection| rejection.code.as_str())
}

fn nested(depth: usize) -> Value {
    (0..depth).fold(json!(1), |inner, _| json!([inner]))
}

#[test]
fn one_bad_event_never_costs_the_good_ones() {
    let good = json!({"id": "e1", "type": "click", "timestamp": NOW, "url": "https://a.example/", "data": {"x": 1}});
    let checked = check(
        &json!({ "events": [good, 5, {"type": "click"}], "replay": [[], {"type": 4, "timestamp": NOW}] }),
    );
    assert_eq!((checked.events.len(), checked.replay.len()), (1, 1));
    assert_eq!(checked.events[0].data, r#"{"x":1}"#);
    let places: Vec<_> = checked
        .rejected
        .iter()
        .map(|one| (one.lane.as_str(), one.index, one.code.as_str()))
        .collect();
    assert_eq!(
        places,
        [
            ("events", 1, "malformed"),
            ("events", 2, "invalid_timestamp"),
            ("replay", 0, "malformed")
        ]
    );
}

#[test]
fn items_are_objects_whatever_is_beside_them() {
    let good = format!(r#"{{"type":"click","timestamp":{NOW}}}"#);
    let items = [
        // The fields' values as a list.
        format!(r#"["id", "click", null, {NOW}, null, null]"#),
        // A repeated field.
        format!(r#"{{"type":"click","type":"click","timestamp":{NOW}}}"#),
        // A number that parses only as raw text.
        "1e999".to_owned(),
        "null".to_owned(),
    ];
    for item in items {
        for body in [
            format!(r#"{{"events":[{good},{item},{good}]}}"#),
            format!(r#"{{"events":[{item},{good},{good}]}}"#),
        ] {
            let checked = read_body(body).items.unwrap();
            assert_eq!(checked.events.len(), 2, "{item}");
            assert_eq!(checked.rejected.len(), 1, "{item}");
            assert_eq!(checked.rejected[0].code.as_str(), "malformed", "{item}");
        }
    }
}

#[test]
fn what_cannot_be_read_says_why() {
    let unreadable = format!(
        r#"{{"events":[{{"type":"click","timestamp":1e999}},{{"type":"click","timestamp":{NOW}}}]}}"#
    );
    let checked = read_body(unreadable).items.unwrap();
    assert_eq!(checked.events.len(), 1);
    let message = &checked.rejected[0].message;
    assert!(
        message.starts_with("cannot be read: number out of range"),
        "{message}"
    );
}

#[test]
fn a_text_that_was_cut_inside_of_an_emoji_costs_nothing() {
    let body = format!(
        r#"{{"context":{{"title":"Chat \ud83d"}},"events":[{{"type":"custom","name":"\ude00!","timestamp":{NOW}}}]}}"#
    );
    let Read { envelope, items } = read_body(body);
    let context = head_of_envelope(&envelope).unwrap().0.context.unwrap();
    assert_eq!(context.title, "Chat \u{fffd}");
    let checked = items.unwrap();
    assert_eq!(checked.rejected, []);
    assert_eq!(checked.events[0].name, "\u{fffd}!");
}

#[test]
fn each_field_of_an_event_is_checked() {
    let with = |field: &str, value: Value| {
        let mut event = json!({"type": "click", "timestamp": NOW});
        event[field] = value;
        verdict(&event)
    };
    assert_eq!(with("data", Value::Null), "accepted");
    for bad in [
        json!("Click"),
        json!(""),
        json!("9a"),
        json!("a-b"),
        json!("a".repeat(65)),
        json!(1),
        Value::Null,
    ] {
        assert_eq!(with("type", bad.clone()), "invalid_type", "{bad}");
    }
    assert_eq!(with("type", json!("custom")), "invalid_name");
    assert_eq!(with("name", json!("n".repeat(201))), "accepted");
    for bad in [
        json!("a\0b"),
        json!(""),
        json!("a b"),
        json!("x".repeat(129)),
        json!(7),
    ] {
        assert_eq!(with("id", bad.clone()), "invalid_id", "{bad}");
    }
    for bad in [
        json!(0),
        json!(4_102_444_800_000i64),
        json!("now"),
        json!(946_684_799_999_i64),
        json!(-1),
    ] {
        assert_eq!(with("timestamp", bad.clone()), "invalid_timestamp", "{bad}");
    }
    assert_eq!(with("timestamp", json!(NOW as f64 + 0.25)), "accepted");
    assert_eq!(with("url", json!("u".repeat(8_193))), "accepted");
    assert_eq!(with("data", json!("d".repeat(256 << 10))), "too_large");
    assert_eq!(with("data", nested(64)), "accepted");
    assert_eq!(with("data", nested(65)), "too_deep");
}

#[test]
fn the_source_of_a_replay_event_may_be_anything() {
    for source in ["1e999", r#""3""#, "true", "null", "[[2]]"] {
        let item = format!(r#"{{"type":3,"timestamp":{NOW},"data":{{"source":{source}}}}}"#);
        let checked = read_body(format!(r#"{{"replay":[{item}]}}"#))
            .items
            .unwrap();
        assert_eq!(checked.rejected, [], "{item}");
        assert_eq!(checked.replay[0].data, item);
        assert!(!checked.replay[0].activity, "{item}");
    }
}

#[test]
fn replay_events_are_kept_whole_and_marked() {
    let snapshot = json!({"type": 2, "timestamp": NOW, "data": {"node": nested(100)}});
    let by = |source: i64| json!({"type": 3, "timestamp": NOW, "data": {"source": source}});
    let checked = check(
        &json!({ "replay": [snapshot, by(0), by(1), by(3), by(7), by(14), {"type": 4, "timestamp": NOW}] }),
    );
    assert_eq!(checked.rejected, []);
    assert_eq!(checked.replay[0].data, snapshot.to_string());
    let full: Vec<bool> = checked
        .replay
        .iter()
        .map(|event| event.full_snapshot)
        .collect();
    assert_eq!(full, [true, false, false, false, false, false, false]);
    let activity: Vec<bool> = checked.replay.iter().map(|event| event.activity).collect();
    assert_eq!(activity, [false, false, true, true, false, true, false]);
    for bad in [
        json!({"type": 10, "timestamp": NOW}),
        json!({"type": "3", "timestamp": NOW}),
        json!({"timestamp": NOW}),
    ] {
        assert_eq!(
            check(&json!({ "replay": [bad] })).rejected[0].code.as_str(),
            "invalid_type",
            "{bad}"
        );
    }
}

#[test]
fn too_many_items_are_too_large_and_other_shapes_malformed() {
    let refusal = |body: &Value| read_body(body.to_string()).items.unwrap_err().to_string();
    let many = json!({ "events": vec![0; 1_001] });
    assert_eq!(
        refusal(&many),
        "too_large: events has more than 1000 items; split the batch"
    );
    assert_eq!(
        refusal(&json!({ "replay": {} })),
        "malformed: replay must be an array"
    );
}

fn head_of(body: &Value) -> Result<Batch, String> {
    head_of_envelope(&envelope(body)).map(|(batch, _notes)| batch)
}

/// Field and code.
type Code = (String, &'static str);

/// The batch without items, and the ignored fields.
fn head_of_envelope(envelope: &Envelope) -> Result<(Batch, Vec<Code>), String> {
    let (organization, session) = (
        OrganizationId::new("acme").unwrap(),
        SessionId::new("s1").unwrap(),
    );
    let origin = Origin {
        organization: &organization,
        session: &session,
        kind: Kind::Events,
        received_at: Timestamp(NOW),
        client: Client::default(),
        max_depth: 64,
    };
    let mut notes = Notes::default();
    let batch = head::batch(envelope, origin, &mut notes).map_err(|error| error.to_string())?;
    Ok((batch, codes(notes)))
}

/// Field and code of each note.
fn codes(notes: Notes) -> Vec<Code> {
    let notes = notes.0.into_iter();
    notes.map(|note| (note.field, note.code.as_str())).collect()
}

#[test]
fn the_head_carries_what_the_client_says_about_itself() {
    let batch = head_of(&json!({
        "batchId": "b1", "windowId": "w1", "seq": 3, "sentAt": NOW - 5,
        "sdk": {"name": "crow-js", "version": "1.0.0", "platform": "react-native"},
        "context": {"url": "https://a.example/", "title": "a\u{0}b", "viewport": [1280, 720], "userId": "u1", "traits": {"plan": "x"}},
        "exitContext": {"why": "tab closed"}
    }))
    .unwrap();
    assert_eq!(
        (batch.batch_id.as_str(), batch.window_id.as_str(), batch.seq),
        ("b1", "w1", Some(3))
    );
    assert_eq!((batch.received_at, batch.sent_at), (NOW, Some(NOW - 5)));
    let (context, client) = (batch.context.unwrap(), batch.client.unwrap());
    assert_eq!(
        (
            context.title.as_str(),
            context.viewport_width,
            context.viewport_height
        ),
        ("ab", 1280, 720)
    );
    assert_eq!(
        (context.user_id.as_str(), &context.traits[..]),
        ("u1", br#"{"plan":"x"}"#.as_slice())
    );
    assert_eq!(
        (client.sdk_name.as_str(), client.device_type.as_str()),
        ("crow-js", "mobile")
    );
    assert_eq!(batch.exit_context, r#"{"why":"tab closed"}"#);
}

#[test]
fn the_same_bytes_without_a_batch_id_are_the_same_batch() {
    let id = |body: &Value| head_of(body).unwrap().batch_id;
    assert_eq!(id(&json!({ "events": [1] })), id(&json!({ "events": [1] })));
    assert_ne!(id(&json!({ "events": [1] })), id(&json!({ "events": [2] })));
    assert_eq!(id(&json!({})).len(), 32);
}

#[test]
fn an_error_in_the_head_names_the_field() {
    let cases = [
        (json!({"windowId": 5}), "windowId must be a string"),
        (
            json!({"windowId": "a\0"}),
            "windowId may contain only letters, digits, '-', '_', '.', ':' and '~'",
        ),
        (json!({"batchId": ""}), "batchId must not be empty"),
        (
            json!({"seq": 1}),
            "seq needs a windowId: batches are numbered within a window",
        ),
        (
            json!({"windowId": "w", "seq": -1}),
            "seq must be a whole number from 0 to 2^53 - 1",
        ),
    ];
    for (body, message) in cases {
        assert_eq!(head_of(&body).unwrap_err(), format!("malformed: {message}"));
    }
}

#[test]
fn what_no_parser_takes_as_a_whole_is_read_member_by_member() {
    let body = r#"{"context":{"title":1e999,"url":"a","url":"b","locale":"de"}}"#;
    let (batch, notes) = head_of_envelope(&envelope_of(body.to_owned())).unwrap();
    let context = batch.context.unwrap();
    assert_eq!((context.url.as_str(), context.locale.as_str()), ("b", "de"));
    assert_eq!(notes, [("context.title".to_owned(), "invalid_type")]);
}

#[test]
fn long_ids_stay_different_and_the_same_one_stays_the_same() {
    let id = |end: &str| {
        let body = json!({"context": {"userId": format!("{}{end}", "x".repeat(300))}});
        let (batch, notes) = head_of_envelope(&envelope(&body)).unwrap();
        assert_eq!(notes, [("context.userId".to_owned(), "too_long")]);
        batch.context.unwrap().user_id
    };
    assert_eq!(id("a"), id("a"));
    assert_ne!(id("a"), id("b"));
    assert_eq!(id("a").len(), 256);
}

#[test]
fn name_and_url_of_an_event_are_cut_and_the_receipt_says_which() {
    let checked = check(&json!({ "events": [
        {"type": "click", "timestamp": NOW},
        {"type": "click", "timestamp": NOW, "url": "u".repeat(9_000), "name": {}},
        {"type": "custom", "timestamp": NOW, "name": "n".repeat(250)},
        {"type": "custom", "timestamp": NOW, "name": 7},
        {"type": "custom", "timestamp": NOW, "name": []},
    ]}));
    let names: Vec<usize> = checked
        .events
        .iter()
        .map(|event| event.name.len())
        .collect();
    assert_eq!(names, [0, 0, 200, 1]);
    assert_eq!(checked.events[1].url.len(), 8_192);
    assert_eq!(checked.rejected[0].index, 4);
    let notes = codes(checked.notes);
    let notes: Vec<_> = notes
        .iter()
        .map(|(field, code)| (field.as_str(), *code))
        .collect();
    assert_eq!(
        notes,
        [
            ("events[1].name", "invalid_type"),
            ("events[1].url", "too_long"),
            ("events[2].name", "too_long"),
            ("events[3].name", "invalid_type"),
            ("events[4].name", "invalid_type"),
        ]
    );
}

#[test]
fn a_byte_order_mark_is_no_part_of_the_body() {
    let body = format!("\u{feff}{{\"events\":[{{\"type\":\"click\",\"timestamp\":{NOW}}}]}}");
    assert_eq!(read_body(body).items.unwrap().events.len(), 1);
}

#[test]
fn a_clock_that_is_off_is_corrected_before_its_times_are_judged() {
    for clock in [-5_000, 60_000, 915_148_800_000, 4_133_980_800_000_i64] {
        let event = json!({"type": "click", "timestamp": clock - 1_000});
        let replay = json!({"type": 4, "timestamp": clock - 900});
        for body in [
            format!(r#"{{"sentAt":{clock},"events":[{event}],"replay":[{replay}]}}"#),
            format!(r#"{{"events":[{event}],"replay":[{replay}],"sentAt":{clock}}}"#),
        ] {
            let checked = read_body(body.clone()).items.unwrap();
            assert_eq!(checked.rejected, [], "{body}");
            assert_eq!(checked.events[0].timestamp, clock - 1_000);
        }
        let checked = read_body(format!(r#"{{"events":[{event}]}}"#))
            .items
            .unwrap();
        assert_eq!(checked.rejected[0].code.as_str(), "invalid_timestamp");
    }
}

#[test]
fn nesting_costs_only_what_is_nested() {
    let deep = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
    let body = format!(
        r#"{{"later":{deep},"context":{{"title":{deep},"traits":{{"a":{deep}}},"url":"https://a.example/"}},
        "events":[{{"type":"click","timestamp":{NOW},"later":{deep}}},{{"type":"click","timestamp":{NOW},"data":{deep}}}],
        "replay":[{{"type":2,"timestamp":{NOW},"data":{deep}}},{{"type":2,"timestamp":{NOW}}}]}}"#
    );
    let Read { envelope, items } = read_body(body);
    let checked = items.unwrap();
    assert_eq!((checked.events.len(), checked.replay.len()), (1, 1));
    let codes: Vec<_> = checked
        .rejected
        .iter()
        .map(|one| one.code.as_str())
        .collect();
    assert_eq!(codes, ["too_deep", "too_deep"]);
    let context = head_of_envelope(&envelope).unwrap().0.context.unwrap();
    assert_eq!(context.url, "https://a.example/");
}

#[test]
fn a_page_is_open_or_closed() {
    let page = |page: &str| head_of(&json!({ "page": page })).unwrap().page();
    assert_eq!(page("open"), Page::Open);
    assert_eq!(page("closed"), Page::Closed);
}
