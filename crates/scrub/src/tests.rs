mod blank;
mod recordings;
mod samples;

use bytes::Bytes;
use serde_json::{Value, json};

use crow_types::settings::ScrubbingSettings;

use crate::Scrubber;

/// Every rule.
fn all() -> ScrubbingSettings {
    ScrubbingSettings {
        email: true,
        card: true,
        iban: true,
        phone: true,
        secrets: true,
        query_parameters: vec!["token".to_owned(), "Voucher[]".to_owned()],
    }
}

fn scrubber() -> Scrubber {
    Scrubber::new(&all()).unwrap()
}

fn text(given: &str) -> String {
    let mut text = given.to_owned();
    scrubber().text(&mut text);
    text
}

/// An rrweb event after scrubbing.
fn recorded(event: &Value) -> Value {
    let mut json = Bytes::from(event.to_string());
    scrubber().recorded(&mut json);
    serde_json::from_slice(&json).unwrap()
}

#[test]
fn settings_that_scrub_nothing_need_no_scrubber() {
    assert!(Scrubber::new(&ScrubbingSettings::default()).is_none());
}

#[test]
fn custom_data_is_scrubbed_but_not_ids_and_structure() {
    let given = json!({
        "note": "ask jo@shop.example", "list": ["+49 30 1234567", 4111111111111111_u64, null],
        "id": "jo@shop.example", "userId": "jo@shop.example", "selector": "a[href='mailto:jo@shop.example']",
        "style": "url(a@b.example)", "deep": {"er": {"mail": "a@b.example"}},
    });
    let mut json = Bytes::from(given.to_string());
    scrubber().data(&mut json);
    let found: Value = serde_json::from_slice(&json).unwrap();
    let expected = json!({
        "note": "ask ***************", "list": ["**************", 4111111111111111_u64, null],
        "id": "jo@shop.example", "userId": "jo@shop.example", "selector": "a[href='mailto:jo@shop.example']",
        "style": "url(a@b.example)", "deep": {"er": {"mail": "***********"}},
    });
    assert_eq!(found, expected);
}

#[test]
fn a_clean_event_is_not_copied() {
    let json = Bytes::from_static(br#"{"type":3,"data":{"source":1,"positions":[{"x":1234567890123}]},"timestamp":1763690002000}"#);
    let mut after = json.clone();
    scrubber().recorded(&mut after);
    assert_eq!(after.as_ptr(), json.as_ptr());
}

#[test]
fn an_escaped_text_is_scrubbed_too() {
    let given = r#"{"a":"say \"hi\" to jo\u0040shop.example\n","b":"Gr\u00fc\u00dfe \/ 4111 1111 1111 1111"}"#;
    let mut json = Bytes::from_static(given.as_bytes());
    scrubber().data(&mut json);
    let found: Value = serde_json::from_slice(&json).unwrap();
    assert_eq!(found["a"], "say \"hi\" to ***************\n");
    assert_eq!(found["b"], "Grüße / *******************");
}

#[test]
fn what_was_typed_is_masked_as_a_whole() {
    let mut json = Bytes::from_static(
        br#"{"selector":"input","value":"a \"b\" \u00e4","text":"","id":"text"}"#,
    );
    crate::mask_inputs(&mut json);
    let found: Value = serde_json::from_slice(&json).unwrap();
    assert_eq!(
        found,
        json!({"selector": "input", "value": "*******", "text": "", "id": "text"})
    );
}

#[test]
fn recorded_inputs_are_masked_and_labels_stay() {
    let field = |tag: &str, kind: &str| json!({"type": 2, "tagName": tag, "attributes": {"type": kind, "value": "Jo"}, "childNodes": [], "id": 3});
    let area = json!({"type": 2, "tagName": "textarea", "id": 4, "attributes": {},
        "childNodes": [{"type": 3, "textContent": "Jo", "id": 5}]});
    let page = json!({"type": 2, "tagName": "p", "id": 6, "attributes": {},
        "childNodes": [{"type": 3, "textContent": "Jo", "id": 7}]});
    let nodes = [
        field("input", "text"),
        field("input", "submit"),
        field("option", ""),
        area,
        page,
    ];
    let root = json!({"type": 0, "childNodes": nodes, "id": 1});
    let mut json =
        Bytes::from(json!({"type": 2, "data": {"node": root}, "timestamp": 1}).to_string());
    crate::mask_recorded_inputs(&mut json);
    let found: Value = serde_json::from_slice(&json).unwrap();
    let nodes = &found["data"]["node"]["childNodes"];
    assert_eq!(nodes[0]["attributes"]["value"], "**");
    assert_eq!(nodes[1]["attributes"]["value"], "Jo");
    assert_eq!(nodes[2]["attributes"]["value"], "Jo");
    assert_eq!(nodes[3]["childNodes"][0]["textContent"], "**");
    assert_eq!(nodes[4]["childNodes"][0]["textContent"], "Jo");

    let typed = json!({"type": 3, "data": {"source": 5, "text": "secret", "isChecked": false, "id": 3}, "timestamp": 1});
    let mut json = Bytes::from(typed.to_string());
    crate::mask_recorded_inputs(&mut json);
    let found: Value = serde_json::from_slice(&json).unwrap();
    assert_eq!(found["data"]["text"], "******");
}

#[test]
fn events_that_only_move_something_are_not_read() {
    let moved = br#"{"type":3,"data":{"source":1,"note":"jo@shop.example"},"timestamp":1}"#;
    assert!(crate::suspicion::is_steady(moved));
    for other in [
        br#"{"type":3,"data":{"source":0,"texts":[]}}"#.as_slice(),
        br#"{"type":3,"data":{"source":5,"text":""}}"#.as_slice(),
        br#"{"type":3,"data":{"source":11,"payload":[]}}"#.as_slice(),
        br#"{"type":2,"data":{"source":1,"node":{}}}"#.as_slice(),
        b"{}".as_slice(),
    ] {
        assert!(!crate::suspicion::is_steady(other));
    }
}
