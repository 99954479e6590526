//! A scrubbed recording is the same recording: as many events, the same nodes, the same styles.

use bytes::Bytes;
use proptest::prelude::*;
use serde_json::{Value, json};

use super::{recorded, scrubber};

const DEMO: &str = include_str!("../../../../tests/data/rrweb-demo-session.json");

/// Panics when anything but texts differs, or a text has another length.
fn same_shape(before: &Value, after: &Value) {
    match (before, after) {
        (Value::Object(before), Value::Object(after)) => {
            assert!(before.keys().eq(after.keys()));
            for (key, value) in before {
                same_shape(value, &after[key]);
            }
        }
        (Value::Array(before), Value::Array(after)) => {
            assert_eq!(before.len(), after.len());
            for (before, after) in before.iter().zip(after) {
                same_shape(before, after);
            }
        }
        (Value::String(before), Value::String(after)) => {
            assert_eq!(before.chars().count(), after.chars().count());
            let kept = before.chars().zip(after.chars());
            assert!(
                kept.into_iter()
                    .all(|(before, after)| before == after || after == '*')
            );
        }
        (before, after) => assert_eq!(before, after),
    }
}

#[test]
fn the_demo_recording_stays_a_recording() {
    let events: Vec<Value> = serde_json::from_str(DEMO).unwrap();
    assert_eq!(events.len(), 272);
    for event in &events {
        let mut json = Bytes::from(event.to_string());
        scrubber().recorded(&mut json);
        let after: Value = serde_json::from_slice(&json).unwrap();
        same_shape(event, &after);
    }
}

#[test]
fn personal_data_leaves_a_page_and_styles_stay() {
    let css = "a{background:url(x@b.example)} /* 4111 1111 1111 1111 */";
    let text = |content: &str| json!({"type": 3, "textContent": content, "id": 9});
    let style = json!({"type": 2, "tagName": "style", "id": 3,
        "attributes": {"_cssText": css}, "childNodes": [text(css)]});
    // The name of the element comes after its content.
    let late = serde_json::from_str::<Value>(&format!(
        r#"{{"childNodes":[{}],"attributes":{{}},"id":4,"tagName":"STYLE","type":2}}"#,
        text(css)
    ))
    .unwrap();
    let page = json!({"type": 2, "tagName": "p", "id": 5,
        "attributes": {"style": css, "id": "jo@b.example", "title": "t"},
        "childNodes": [text("jo@b.example"), text("nothing")]});
    let root = json!({"type": 0, "id": 1, "childNodes": [style, late, page]});
    let snapshot = recorded(&json!({"type": 2, "data": {"node": root}, "timestamp": 1}));
    let nodes = &snapshot["data"]["node"]["childNodes"];
    assert_eq!(nodes[0], style);
    assert_eq!(nodes[1], late);
    assert_eq!(nodes[2]["attributes"], page["attributes"]);
    assert_eq!(nodes[2]["childNodes"][0]["textContent"], "************");
    assert_eq!(nodes[2]["childNodes"][1], page["childNodes"][1]);

    let data = json!({"source": 0, "removes": [{"id": 1, "parentId": 2}],
    "texts": [{"id": 1, "value": css}, {"id": 2, "value": "jo@b.example"}],
    "attributes": [{"id": 1, "attributes": {"value": "jo@b.example", "style": {"x": css}, "class": "jo@b.example"}}],
    "adds": [
        {"parentId": 1, "nextId": null, "node": {"type": 3, "textContent": "a@b.example", "isStyle": true, "id": 7}},
        {"parentId": 1, "nextId": null, "node": {"type": 3, "textContent": css, "id": 8}},
        {"parentId": 1, "nextId": null, "node": page},
    ]});
    let after = recorded(&json!({"type": 3, "data": data, "timestamp": 1}));
    let after = &after["data"];
    assert_eq!(after["texts"][0], data["texts"][0]);
    assert_eq!(after["texts"][1]["value"], "************");
    let attributes = &after["attributes"][0]["attributes"];
    assert_eq!(attributes["value"], "************");
    assert_eq!(
        attributes["style"],
        data["attributes"][0]["attributes"]["style"]
    );
    assert_eq!(attributes["class"], "jo@b.example");
    assert_eq!(after["adds"][0], data["adds"][0]);
    assert_eq!(after["adds"][1], data["adds"][1]);
    assert_eq!(
        after["adds"][2]["node"]["childNodes"][0]["textContent"],
        "************"
    );
    assert_eq!(after["removes"], data["removes"]);
}

#[test]
fn addresses_and_payloads_of_events_are_scrubbed() {
    let meta = json!({"type": 4, "data": {"href": "https://a.example/?token=s3cret", "width": 1}, "timestamp": 1});
    assert_eq!(
        recorded(&meta)["data"]["href"],
        "https://a.example/?token=******"
    );
    for kind in [5, 6] {
        let event = json!({"type": kind, "data": {"tag": "jo@b.example", "plugin": "x@b.example",
            "payload": {"any": ["jo@b.example"]}}, "timestamp": 1});
        let after = recorded(&event);
        assert_eq!(after["data"]["payload"]["any"][0], "************");
        assert_eq!(after["data"]["tag"], "jo@b.example");
    }
    let styles = json!({"type": 3, "data": {"source": 8, "adds": [{"rule": "a{x:url(a@b.example)}"}]}, "timestamp": 1});
    assert_eq!(recorded(&styles), styles);
}

/// Texts with much that the rules look for.
fn any_text() -> impl Strategy<Value = String> {
    let part = prop_oneof![
        "\\PC{0,6}",
        "[0-9]{1,20}",
        "[@.+=&?#;()/ -]{1,4}",
        Just("jo@shop.example".to_owned()),
        Just("%40".to_owned()),
        Just("4111 1111 1111 1111".to_owned()),
        Just("DE89 3704 0044 0532 0130 00".to_owned()),
        Just("+49 30 1234567".to_owned()),
        Just("crow_a1B2c3D4e5F6g7H8i9J0".to_owned()),
        Just("-----BEGIN PRIVATE KEY-----".to_owned()),
        Just("?token=".to_owned()),
        Just("\u{a0}\"\\\n{a:b}".to_owned()),
    ];
    proptest::collection::vec(part, 0..8).prop_map(|parts| parts.concat())
}

fn any_node() -> impl Strategy<Value = Value> {
    let text = (any_text(), any::<bool>(), 0..9_u32).prop_map(|(text, is_style, id)| {
        json!({"type": 3, "textContent": text, "isStyle": is_style, "id": id})
    });
    text.prop_recursive(4, 24, 4, |inner| {
        let tags = prop_oneof![
            Just("p"),
            Just("style"),
            Just("input"),
            Just("textarea"),
            Just("a")
        ];
        let children = proptest::collection::vec(inner, 0..4);
        (tags, any_text(), children, 0..9_u32).prop_map(|(tag, text, children, id)| {
            json!({"type": 2, "tagName": tag, "childNodes": children, "id": id,
                "attributes": {"value": text, "href": text, "style": text, text: 1}})
        })
    })
}

proptest! {
    #[test]
    fn any_recording_keeps_its_shape(node in any_node(), text in any_text()) {
        let snapshot = json!({"type": 2, "data": {"node": node}, "timestamp": 1_763_690_002_000_u64});
        same_shape(&snapshot, &recorded(&snapshot));
        let change = json!({"type": 3, "data": {"source": 0, "adds": [{"parentId": 1, "node": node}],
            "texts": [{"id": 1, "value": text}]}, "timestamp": 1});
        same_shape(&change, &recorded(&change));
    }

    #[test]
    fn the_quick_pass_misses_nothing(given in any_text()) {
        let given = json!({"text": given});
        let mut json = Bytes::from(given.to_string());
        scrubber().data(&mut json);
        let quick: Value = serde_json::from_slice(&json).unwrap();
        prop_assert_eq!(quick["text"].as_str().unwrap(), super::text(given["text"].as_str().unwrap()));
    }

    #[test]
    fn anything_at_all_is_survived(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        let mut json = Bytes::from(bytes);
        scrubber().recorded(&mut json);
        crate::mask_recorded_inputs(&mut json);
    }
}
