//! A recording without texts and pictures: nothing that a page or a visitor said is in the bytes.

use bytes::Bytes;
use proptest::prelude::*;
use serde_json::{Value, json};

use crate::Blanker;

const DEMO: &str = include_str!("../../../../tests/data/rrweb-demo-session.json");

fn blanked(event: &Value) -> Option<Value> {
    let json = Bytes::from(event.to_string());
    let blanked = Blanker::default().blank(&json)?;
    Some(serde_json::from_slice(&blanked).unwrap())
}

fn page_with(nodes: &Value) -> Value {
    json!({"type": 2, "timestamp": 1, "data": {"node": {"type": 0, "id": 1, "childNodes": nodes}}})
}

#[test]
fn a_snapshot_keeps_its_structure_and_loses_what_it_says() {
    let element = |tag: &str, attributes: Value, nodes: Value| json!({"type": 2, "id": 2, "tagName": tag, "attributes": attributes, "childNodes": nodes});
    let text = |text: &str| json!({"type": 3, "id": 3, "textContent": text});
    let before = page_with(&json!([
        element(
            "style",
            json!({"_cssText": ".a{color:red}"}),
            json!([text(".b{top:0}")])
        ),
        element(
            "p",
            json!({"class": "a ann@shop.example", "id": "x", "style": "top:0;background:URL( 'https://a.example/ann.png' );--n:\"Ann\""}),
            json!([text("Dear Ann Lee,\n\"5\" €")])
        ),
        element(
            "img",
            json!({"src": "https://a.example/ann.png", "srcset": "ann.png 2x", "alt": "Ann", "width": 5, "aria-hidden": "true"}),
            json!([])
        ),
        element("use", json!({"xlink:href": "#cart"}), json!([])),
        element(
            "a",
            json!({"href": "#ann", "data-user": "Ann", "title": "Ann"}),
            json!([{"type": 5, "id": 9, "textContent": "Ann"}])
        ),
        element(
            "input",
            json!({"value": "Ann", "placeholder": "Name", "type": "text", "checked": true}),
            json!([])
        ),
        element(
            "canvas",
            json!({"rr_dataURL": "data:image/png;base64,QW5u", "rr_width": "5px"}),
            json!([])
        ),
    ]));
    let picture = "data:image/gif;base64,R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7";
    let after = page_with(&json!([
        element(
            "style",
            json!({"_cssText": ".a{color:red}"}),
            json!([text(".b{top:0}")])
        ),
        element(
            "p",
            json!({"class": "a ****************", "id": "x", "style": "top:0;background:none;--n:"}),
            json!([text("**** *** ****\n*** *")])
        ),
        element(
            "img",
            json!({"src": picture, "srcset": "", "alt": "***", "width": 5, "aria-hidden": "true"}),
            json!([])
        ),
        element("use", json!({"xlink:href": "#cart"}), json!([])),
        element(
            "a",
            json!({"href": "****", "data-user": "***", "title": "***"}),
            json!([{"type": 5, "id": 9, "textContent": "***"}])
        ),
        element(
            "input",
            json!({"value": "***", "placeholder": "****", "type": "text", "checked": true}),
            json!([])
        ),
        element(
            "canvas",
            json!({"rr_dataURL": "", "rr_width": "5px"}),
            json!([])
        ),
    ]));
    assert_eq!(blanked(&before).unwrap(), after);
}

#[test]
fn changes_and_addresses_lose_what_they_say() {
    let change = |data: Value| json!({"type": 3, "timestamp": 1, "data": data});
    let (before, after) = (
        json!({"source": 0, "texts": [{"id": 1, "value": "Ann"}], "removes": [{"id": 1, "parentId": 2}],
            "attributes": [{"id": 1, "attributes": {"class": "open", "title": "Ann", "hidden": null, "style": {"color": "red", "top": ["0", "important"]}}}],
            "adds": [{"parentId": 1, "nextId": null, "node": {"type": 3, "id": 4, "textContent": "Ann"}}]}),
        json!({"source": 0, "texts": [{"id": 1, "value": "***"}], "removes": [{"id": 1, "parentId": 2}],
            "attributes": [{"id": 1, "attributes": {"class": "open", "title": "***", "hidden": null, "style": {"color": "red", "top": ["0", "important"]}}}],
            "adds": [{"parentId": 1, "nextId": null, "node": {"type": 3, "id": 4, "textContent": "***"}}]}),
    );
    assert_eq!(blanked(&change(before)).unwrap(), change(after));
    let typed = json!({"source": 5, "id": 1, "text": "Ann", "isChecked": true});
    assert_eq!(blanked(&change(typed)).unwrap()["data"]["text"], "***");
    let rule =
        change(json!({"source": 8, "styleId": 1, "adds": [{"rule": ".a{top:0}", "index": 0}]}));
    assert_eq!(blanked(&rule).unwrap(), rule);
    let moved =
        change(json!({"source": 1, "positions": [{"x": 1, "y": 2, "id": 3, "timeOffset": 0}]}));
    assert_eq!(blanked(&moved).unwrap(), moved);
    for (href, shown) in [
        (
            "https://ann:pw@shop.example/ann?x#y",
            "https://shop.example/",
        ),
        ("file:///home/ann", ""),
        ("ann", ""),
    ] {
        let page = |href: &str| json!({"type": 4, "timestamp": 1, "data": {"href": href, "width": 5, "height": 6}});
        assert_eq!(blanked(&page(href)).unwrap(), page(shown), "{href}");
    }
}

#[test]
fn an_answer_that_is_a_word_of_states_is_hidden() {
    let names = [
        "value",
        "title",
        "alt",
        "placeholder",
        "aria-label",
        "label",
    ];
    for word in ["yes", "no", "none", "true"] {
        let with = |said: &str| {
            let mut attributes = json!({"aria-expanded": word});
            for name in names {
                attributes[name] = json!(said);
            }
            attributes
        };
        let hidden = "*".repeat(word.len());
        let page = |said: &str| {
            page_with(
                &json!([{"type": 2, "id": 2, "tagName": "input", "attributes": with(said), "childNodes": []}]),
            )
        };
        assert_eq!(blanked(&page(word)).unwrap(), page(&hidden));
        let change = |said: &str| json!({"type": 3, "timestamp": 1, "data": {"source": 0, "attributes": [{"id": 2, "attributes": with(said)}]}});
        assert_eq!(blanked(&change(word)).unwrap(), change(&hidden));
    }
}

#[test]
fn styles_keep_no_address_and_no_text() {
    for (style, shown) in [
        (r"background:u\rl(https://x/ann.png)", ""),
        (r"background:url(a\)ann.png)", ""),
        (r"background:url('a\'ann.png')", ""),
        ("top:0/* Ann */", ""),
        ("top:0; --name: Ann Lee;left:0", "top:0; --name:;left:0"),
        ("--a:(x;Ann);--b:[x;Ann];top:0", "--a:;--b:;top:0"),
        ("--a:{x;Ann};top:0", ""),
        ("color:rgb((;--a:Ann", "color:rgb((;--a:"),
        ("--Ann;top:0", ";top:0"),
        (
            "width:calc(1px + var(--a));top:0;",
            "width:calc(1px + var(--a));top:0;",
        ),
    ] {
        let page = |style: &str| {
            page_with(
                &json!([{"type": 2, "id": 2, "tagName": "p", "attributes": {"style": style}, "childNodes": []}]),
            )
        };
        assert_eq!(blanked(&page(style)).unwrap(), page(shown), "{style}");
    }
    let change = |data: Value| json!({"type": 3, "timestamp": 1, "data": data});
    let styled = |style: Value| {
        change(json!({"source": 0, "attributes": [{"id": 1, "attributes": {"style": style}}]}))
    };
    let before = styled(json!({"top": "0", "--name": "Ann", "--other": ["Ann", ""]}));
    let after = styled(json!({"top": "0", "--name": "***", "--other": ["***", ""]}));
    assert_eq!(blanked(&before).unwrap(), after);
    for (property, value, shown) in [("--name", "Ann", "***"), ("top", "0", "0")] {
        let set = |value: &str| {
            change(json!({"source": 13, "id": 1, "set": {"value": value, "property": property}}))
        };
        assert_eq!(blanked(&set(value)).unwrap(), set(shown));
    }
}

#[test]
fn what_may_draw_or_say_anything_is_left_out() {
    for event in [
        json!({"type": 5, "timestamp": 1, "data": {"tag": "url", "payload": {"href": "/ann"}}}),
        json!({"type": 6, "timestamp": 1, "data": {"plugin": "console", "payload": {"payload": ["Ann"]}}}),
        json!({"type": 3, "timestamp": 1, "data": {"source": 9, "commands": [{"property": "fillText", "args": ["Ann"]}]}}),
        json!({"type": 3, "timestamp": 1, "data": {"source": 11}}),
        json!({"type": 3, "timestamp": 1, "data": {}}),
        json!({"timestamp": 1, "data": {"source": 1}}),
        json!([{"type": 2}]),
        json!("Ann"),
    ] {
        assert_eq!(blanked(&event), None, "{event}");
    }
    for broken in ["{\"type\":2,\"data\":{\"node\":\"Ann", "{\"type\":2}x", ""] {
        let event = Bytes::from_static(broken.as_bytes());
        assert_eq!(Blanker::default().blank(&event), None, "{broken}");
    }
    // A string that cannot be read.
    let lone =
        Bytes::from_static(br#"{"type":2,"data":{"node":{"type":3,"textContent":"Ann\ud800"}}}"#);
    let blanked = Blanker::default().blank(&lone);
    assert!(blanked.is_none_or(|event| !event.windows(3).any(|part| part == b"Ann")));
}

/// All strings, each with the name of its member.
fn strings<'a>(name: &'a str, value: &'a Value, found: &mut Vec<(&'a str, &'a str)>) {
    match value {
        Value::Object(fields) => {
            for (name, field) in fields {
                strings(name, field, found);
            }
        }
        Value::Array(items) => items.iter().for_each(|item| strings(name, item, found)),
        Value::String(text) => found.push((name, text)),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

#[test]
fn the_demo_recording_says_nothing() {
    const SAYING: [&str; 8] = [
        "textContent",
        "value",
        "alt",
        "title",
        "placeholder",
        "href",
        "text",
        "content",
    ];
    let events: Vec<Value> = serde_json::from_str(DEMO).unwrap();
    let mut hidden = 0;
    for event in &events {
        let Some(after) = blanked(event) else {
            continue;
        };
        let (mut before, mut left) = (Vec::new(), Vec::new());
        strings("", event, &mut before);
        strings("", &after, &mut left);
        assert_eq!(before.len(), left.len());
        for ((name, before), (_name, left)) in before.into_iter().zip(left) {
            let is_css = before.contains('{') || left.ends_with("://") || left.ends_with('/');
            if SAYING.contains(&name) && !is_css && before != left {
                hidden += 1;
                assert!(
                    left.chars().all(|it| it == '*' || it.is_whitespace()),
                    "{left}"
                );
            }
        }
    }
    assert!(hidden > 20, "{hidden}");
}

proptest! {
    /// Wherever a word is, but in a style sheet or the names of members, it is not there afterwards.
    #[test]
    fn no_text_survives(word in "[a-z]{6,9}[0-9]{3}", key in "[a-z]{1,9}", depth in 0_usize..90) {
        let mut node = json!({"type": 3, "id": 5, "textContent": word.as_str(), key.as_str(): word.as_str()});
        for _ in 0..depth {
            node = json!({"type": 2, "id": 2, "tagName": "div", "attributes": {"title": word.as_str()}, "childNodes": [node]});
        }
        let is_kept = ["name", "publicid", "systemid"].contains(&key.as_str());
        let event = Bytes::from(page_with(&json!([node])).to_string());
        let after = Blanker::default().blank(&event).unwrap();
        let after = String::from_utf8(after.to_vec()).unwrap();
        prop_assert!(is_kept || !after.contains(&word), "{}", after);
    }
}
