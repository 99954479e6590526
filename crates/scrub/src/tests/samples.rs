//! Positive and negative samples of every rule.

use crow_types::settings::ScrubbingSettings;

use super::text;
use crate::Scrubber;

/// Checks that exactly the part in angle brackets is replaced.
fn check(sample: &str) {
    let given = sample.replace(['⟨', '⟩'], "");
    let mut expected = String::new();
    let mut is_hidden = false;
    for one in sample.chars() {
        match one {
            '⟨' => is_hidden = true,
            '⟩' => is_hidden = false,
            _ if is_hidden => expected.push('*'),
            other => expected.push(other),
        }
    }
    assert_eq!(text(&given), expected, "{given}");
}

#[test]
fn email_addresses() {
    for sample in [
        "⟨jo@shop.example⟩",
        "Write to ⟨jo.o'neil+news@mail.shop.co.uk⟩, please.",
        "mailto:⟨jo@shop.example⟩?subject=Hi",
        "⟨müller@bücher.example⟩",
        "<⟨jo@shop.example⟩>;⟨a_b%c@x-y.org⟩.",
        "联系，⟨jo@shop.example⟩，谢谢",
        "https://shop.example/?mail=⟨jo%40shop.example⟩&x=1",
        "@jo and #shop",
        "logo@2x.png and logo@2x.SVG",
        "https://cdn.example/npm/vue@3.2.1/dist/vue.min.js",
        "https://unpkg.example/react@latest/x",
        "jo@localhost",
        "@media screen",
        "jo @ shop.example",
        "a@.example",
        "@@@@",
    ] {
        check(sample);
    }
}

#[test]
fn an_address_that_is_being_typed_is_one() {
    let scrubber = Scrubber::new(&ScrubbingSettings {
        email: true,
        ..ScrubbingSettings::default()
    });
    let scrubber = scrubber.unwrap();
    for (typed, expected) in [("jo@sho", "******"), ("jo@", "***"), ("jo", "jo")] {
        let event = format!(r#"{{"type":3,"data":{{"source":5,"text":"{typed}"}}}}"#);
        let mut json = bytes::Bytes::from(event);
        scrubber.recorded(&mut json);
        let found: serde_json::Value = serde_json::from_slice(&json).unwrap();
        assert_eq!(found["data"]["text"], expected);
    }
}

#[test]
fn cards() {
    for sample in [
        "⟨4111111111111111⟩",
        "Card ⟨4111 1111 1111 1111⟩ 12/29",
        "⟨5500-0000-0000-0004⟩.",
        "⟨2223000048400011⟩ ⟨378282246310005⟩ ⟨6011111111111117⟩",
        "⟨3782 822463 10005⟩",
        "⟨4111\u{a0}1111\u{a0}1111\u{a0}1111⟩",
        "2 ⟨4111111111111111⟩ 3x",
        "x ⟨4111 1111 1111 1111⟩ 2x",
        "4111111111111112",
        "1763690002000",
        "0.4111111111111111",
        "a4111111111111111",
        "4111111111111111a",
        "9111111111111111 1234567890123456",
        "41111111111111111111111111",
        "4111",
        "",
    ] {
        check(sample);
    }
}

#[test]
fn accounts() {
    for sample in [
        "⟨DE89370400440532013000⟩",
        "IBAN: ⟨DE89 3704 0044 0532 0130 00⟩ bitte",
        "⟨gb82 west 1234 5698 7654 32⟩",
        "⟨NO93-8601-1117-947⟩",
        "⟨MT84MALT011000012345MTLCAST001S⟩",
        "⟨KW81CBKU0000000000001234560101⟩, thanks",
        "DE88370400440532013000",
        "XDE89370400440532013000",
        "DE89370400440532013000X",
        "AB12 is a short code",
        "sha1: da39a3ee5e6b4b0d3255bfef95601890afd80709",
    ] {
        check(sample);
    }
}

#[test]
fn telephone_numbers() {
    for sample in [
        "Tel. ⟨+49 30 1234567⟩",
        "⟨+4915112345678⟩",
        "⟨030 / 1234567⟩ or ⟨0171-1234567⟩",
        "⟨030 1234567⟩ ⟨0301 234568⟩",
        "⟨(030) 1234567⟩",
        "⟨(555) 123-4567⟩, ⟨555-123-4567⟩, ⟨1-800-555-1234⟩",
        "⟨01 23 45 67 89⟩",
        "⟨020 7946 0958⟩",
        "⟨0049 30 123456⟩",
        "2024-11-28 12:30",
        "01.02.2024 13:45",
        "192.168.100.200",
        "1763690002000",
        "order 12345678901",
        "1,234,567.89 and 12 345 678",
        "v1.2.3-2024.11",
        "978-3-16-148410-0",
        "+5 and +123",
        "https://shop.example/030-1234567",
        "0123456789",
    ] {
        check(sample);
    }
}

#[test]
fn secrets() {
    let key = |prefix: &str| format!("{prefix}a1B2c3D4e5F6g7H8i9J0");
    for prefix in [
        "crow_", "sk_live_", "ghp_", "glpat-", "xoxb-", "AKIA", "sk-", "npm_",
    ] {
        check(&format!("key=⟨{}⟩ end", key(prefix)));
        check(&format!("x{} end", key(prefix)));
    }
    for sample in [
        "Bearer ⟨eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.dozjgNryP4J3jVmNHl0w5N⟩.",
        "⟨-----BEGIN RSA PRIVATE KEY-----\nMIIE\n-----END RSA PRIVATE KEY-----⟩ x",
        "⟨-----BEGIN PRIVATE KEY-----\nMIIE⟩",
        "-----BEGIN CERTIFICATE-----\nMIIE\n-----END CERTIFICATE-----",
        "crow_tracking_sdk_for_everyone",
        "sk-folding-cube",
        "eyJhbGci.x",
        "crow_1",
    ] {
        check(sample);
    }
}

#[test]
fn query_parameters() {
    for sample in [
        "https://shop.example/?a=1&token=⟨abc⟩&b=2",
        "/reset?TOKEN=⟨x.y-z⟩#end",
        "/#/reset?token=⟨1⟩ and /x?voucher[]=⟨1⟩",
        "a&amp;token=⟨1⟩&amp;b",
        "?token=&token=⟨2⟩",
        "token=1",
        "/?mytoken=1&tokens=2",
        "=====",
    ] {
        check(sample);
    }
}

#[test]
fn addresses_of_pictures_keep_their_digits() {
    let scrubber = super::scrubber();
    let mut url = "https://shop.example/p/030-1234567?card=4111111111111111".to_owned();
    scrubber.url(&mut url);
    assert_eq!(
        url,
        "https://shop.example/p/030-1234567?card=****************"
    );
    let source = "https://cdn.example/4111111111111111.png?token=abc";
    let node = serde_json::json!({"type": 2, "tagName": "img", "id": 2, "childNodes": [],
        "attributes": {"src": source, "href": source, "alt": "a@b.example"}});
    let event = serde_json::json!({"type": 2, "data": {"node": node}, "timestamp": 1});
    let found = super::recorded(&event);
    let attributes = &found["data"]["node"]["attributes"];
    assert_eq!(
        attributes["src"],
        "https://cdn.example/4111111111111111.png?token=***"
    );
    assert_eq!(
        attributes["href"],
        "https://cdn.example/****************.png?token=***"
    );
    assert_eq!(attributes["alt"], "a@b.example");
}
