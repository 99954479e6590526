//! Bodies that are not what the gateway takes.

use super::case::{Case, MARKER};

/// Whole bodies of `POST /batch`: name, body, status, code.
#[rustfmt::skip] // A row is a line.
const WHOLE: &[(&str, &[u8], u16, &str)] = &[
    ("an empty body", b"", 400, "malformed"),
    ("only blanks", b" \r\n\t ", 400, "malformed"),
    ("an empty object", b"{}", 400, "malformed"),
    ("an array", b"[]", 400, "malformed"),
    ("an array of batches", br#"[{"sessionId":"s"}]"#, 400, "malformed"),
    ("null", b"null", 400, "malformed"),
    ("a number", b"1", 400, "malformed"),
    ("a string", br#""payload-marker-7391""#, 400, "malformed"),
    ("no JSON", b"payload-marker-7391", 400, "malformed"),
    ("half an object", br#"{"sessionId":"payload-marker-7391"#, 400, "malformed"),
    ("single quotes", b"{'sessionId':'s'}", 400, "malformed"),
    ("a trailing comma", br#"{"sessionId":"s",}"#, 400, "malformed"),
    ("something after the object", br#"{"sessionId":"s"}payload-marker-7391"#, 400, "malformed"),
    ("two objects", br#"{"sessionId":"s"}{"sessionId":"s"}"#, 400, "malformed"),
    ("a comment", br#"{"sessionId":"s"/*payload-marker-7391*/}"#, 400, "malformed"),
    ("a byte order mark in the middle", b"{\xef\xbb\xbf\"sessionId\":\"s\"}", 400, "malformed"),
    ("UTF-16", b"\xff\xfe{\0}\0", 400, "malformed"),
    ("invalid UTF-8", b"{\"sessionId\":\"\xff\xfe\"}", 400, "malformed"),
    ("overlong UTF-8", b"{\"sessionId\":\"\xc0\xaf\"}", 400, "malformed"),
    ("a surrogate in UTF-8", b"{\"sessionId\":\"\xed\xa0\x80\"}", 400, "malformed"),
    ("UTF-8 that is cut off", b"{\"sessionId\":\"s\",\"x\":\"\xe2\x82", 400, "malformed"),
    ("a NUL between tokens", b"{\0\"sessionId\":\"s\"}", 400, "malformed"),
    ("a NUL in a string", b"{\"sessionId\":\"a\0b\"}", 400, "malformed"),
    ("a line break in a string", b"{\"sessionId\":\"a\nb\"}", 400, "malformed"),
    ("an unknown escape", br#"{"sessionId":"\x41"}"#, 400, "malformed"),
    ("half an escape", br#"{"sessionId":"\u00"}"#, 400, "malformed"),
    ("a field twice", br#"{"sessionId":"a","sessionId":"b","events":[]}"#, 400, "malformed"),
    ("no events at all", br#"{"sessionId":"s"}"#, 422, "unprocessable"),
    ("empty lists", br#"{"sessionId":"s","events":[],"replay":[]}"#, 422, "unprocessable"),
];

/// Fields of `POST /batch` beside a good event: name, field, status, code.
#[rustfmt::skip] // A row is a line.
const FIELDS: &[(&str, &str, u16, &str)] = &[
    ("sessionId: null", r#""sessionId":null"#, 400, "malformed"),
    ("sessionId: a number", r#""sessionId":1"#, 400, "malformed"),
    ("sessionId: an object", r#""sessionId":{"$ne":""}"#, 400, "malformed"),
    ("sessionId: an array", r#""sessionId":["s"]"#, 400, "malformed"),
    ("sessionId: empty", r#""sessionId":"""#, 400, "malformed"),
    ("sessionId: a NUL", r#""sessionId":"a\u0000b""#, 400, "malformed"),
    ("sessionId: half a surrogate", r#""sessionId":"\ud800""#, 400, "malformed"),
    ("sessionId: a path", r#""sessionId":"../../etc/passwd""#, 400, "malformed"),
    ("sessionId: a subject", r#""sessionId":"a.*.>""#, 400, "malformed"),
    ("sessionId: an emoji", r#""sessionId":"😀""#, 400, "malformed"),
    ("sessionId: a right-to-left mark", r#""sessionId":"a\u202eb""#, 400, "malformed"),
    ("sessionId: SQL", r#""sessionId":"'; drop table sessions;--""#, 400, "malformed"),
    ("windowId: a number", r#""sessionId":"s","windowId":7"#, 400, "malformed"),
    ("windowId: empty", r#""sessionId":"s","windowId":"""#, 400, "malformed"),
    ("batchId: an object", r#""sessionId":"s","batchId":{}"#, 400, "malformed"),
    ("batchId: a blank", r#""sessionId":"s","batchId":"a b""#, 400, "malformed"),
    ("seq: without a window", r#""sessionId":"s","seq":1"#, 400, "malformed"),
    ("seq: negative", r#""sessionId":"s","windowId":"w","seq":-1"#, 400, "malformed"),
    ("seq: a fraction", r#""sessionId":"s","windowId":"w","seq":1.5"#, 400, "malformed"),
    ("seq: a string", r#""sessionId":"s","windowId":"w","seq":"1""#, 400, "malformed"),
    ("seq: true", r#""sessionId":"s","windowId":"w","seq":true"#, 400, "malformed"),
    ("seq: over 2^53", r#""sessionId":"s","windowId":"w","seq":9007199254740992"#, 400, "malformed"),
    ("seq: over 2^64", r#""sessionId":"s","windowId":"w","seq":18446744073709551616"#, 400, "malformed"),
    ("seq: over the largest float", r#""sessionId":"s","windowId":"w","seq":1e999"#, 400, "malformed"),
    ("seq: NaN", r#""sessionId":"s","windowId":"w","seq":NaN"#, 400, "malformed"),
    ("seq: Infinity", r#""sessionId":"s","windowId":"w","seq":-Infinity"#, 400, "malformed"),
    ("seq: hexadecimal", r#""sessionId":"s","windowId":"w","seq":0x10"#, 400, "malformed"),
    ("seq: a leading zero", r#""sessionId":"s","windowId":"w","seq":01"#, 400, "malformed"),
    ("replay: an object", r#""sessionId":"s","replay":{}"#, 400, "malformed"),
    ("replay: a string", r#""sessionId":"s","replay":"payload-marker-7391""#, 400, "malformed"),
];

/// The only event of a batch, in which nothing can be accepted then: name and event.
#[rustfmt::skip] // A row is a line.
const EVENTS: &[(&str, &str)] = &[
    ("event: a number", "1"),
    ("event: null", "null"),
    ("event: an array", "[]"),
    ("event: a string", r#""payload-marker-7391""#),
    ("event: a field twice", r#"{"type":"click","type":"click","timestamp":1763690000000}"#),
    ("event.type: missing", r#"{"timestamp":1763690000000}"#),
    ("event.type: a number", r#"{"type":2,"timestamp":1763690000000}"#),
    ("event.type: upper case", r#"{"type":"Click","timestamp":1763690000000}"#),
    ("event.type: markup", r#"{"type":"<script>","timestamp":1763690000000}"#),
    ("event.timestamp: missing", r#"{"type":"click"}"#),
    ("event.timestamp: a string", r#"{"type":"click","timestamp":"2025-01-01"}"#),
    ("event.timestamp: negative", r#"{"type":"click","timestamp":-1}"#),
    ("event.timestamp: 1970", r#"{"type":"click","timestamp":0}"#),
    ("event.timestamp: 2100", r#"{"type":"click","timestamp":4102444800000}"#),
    ("event.timestamp: huge", r#"{"type":"click","timestamp":1e300}"#),
    ("event.timestamp: over the largest float", r#"{"type":"click","timestamp":1e999}"#),
    ("event.id: a path", r#"{"id":"../x","type":"click","timestamp":1763690000000}"#),
    ("event.id: a NUL", r#"{"id":"\u0000","type":"click","timestamp":1763690000000}"#),
    ("event.name: only a NUL", r#"{"name":"\u0000","type":"custom","timestamp":1763690000000}"#),
];

/// The only rrweb event of a batch, as [`EVENTS`].
#[rustfmt::skip] // A row is a line.
const REPLAY: &[(&str, &str)] = &[
    ("replay event: a number", "3"),
    ("replay event.type: 10", r#"{"type":10,"timestamp":1763690000000,"data":{}}"#),
    ("replay event.type: negative", r#"{"type":-1,"timestamp":1763690000000,"data":{}}"#),
    ("replay event.type: a string", r#"{"type":"2","timestamp":1763690000000,"data":{}}"#),
    ("replay event.timestamp: missing", r#"{"type":2,"data":{}}"#),
];

/// Bodies of the other routes: name, path, body, status, code.
#[rustfmt::skip] // A row is a line.
const ROUTES: &[(&str, &str, &str, u16, &str)] = &[
    ("track: no session", "/track", r#"{"event":{"type":"click"}}"#, 400, "malformed"),
    ("track: no event", "/track", r#"{"sessionId":"s"}"#, 422, "unprocessable"),
    ("track: an array of events", "/track", r#"{"sessionId":"s","event":[]}"#, 422, "unprocessable"),
    ("start: not an object", "/session/start", "[]", 400, "malformed"),
    ("start: a bad session", "/session/start", r#"{"sessionId":"a/b"}"#, 400, "malformed"),
    ("end: no session", "/session/end", "{}", 400, "malformed"),
];

/// All of them; `key` is a good ingest key.
pub fn cases(key: &str) -> Vec<Case> {
    let post = |name: &str, path: &str, body: &[u8]| {
        Case::ingest(name, "POST", path)
            .key(key)
            .header("Content-Type", "application/json")
            .body(body)
    };
    let batch = |name: &str, body: &str| post(name, "/batch", body.as_bytes());
    let mut cases = Vec::new();
    for (name, body, status, code) in WHOLE {
        cases.push(post(name, "/batch", body).fails(*status, code));
    }
    for (name, field, status, code) in FIELDS {
        let event = format!(r#"{{"type":"click","timestamp":1763690000000,"data":"{MARKER}"}}"#);
        let body = format!(r#"{{{field},"events":[{event}]}}"#);
        cases.push(batch(name, &body).fails(*status, code));
    }
    for (list, items) in [("events", EVENTS), ("replay", REPLAY)] {
        for (name, item) in items {
            let body = format!(r#"{{"sessionId":"s","{list}":[{item}]}}"#);
            cases.push(batch(name, &body).fails(422, "unprocessable"));
        }
    }
    for (name, path, body, status, code) in ROUTES {
        cases.push(post(name, path, body.as_bytes()).fails(*status, code));
    }
    for (name, body, status, code) in large() {
        cases.push(batch(name, &body).fails(status, code));
    }
    cases
}

/// Bodies of `POST /batch` that are too long to write down.
#[rustfmt::skip] // A row is a line.
fn large() -> Vec<(&'static str, String, u16, &'static str)> {
    let with = |field: &str| format!(r#"{{"sessionId":"s",{field}}}"#);
    let event = |field: &str| {
        with(&format!(
            r#""events":[{{"type":"click","timestamp":1763690000000,{field}}}]"#
        ))
    };
    let many = |item: &str, count: usize| vec![item; count].join(",");
    let x = |count: usize| "x".repeat(count);
    let nested = |depth: usize| format!("{}{}", "[".repeat(depth), "]".repeat(depth));
    vec![
        ("sessionId: 129 characters", format!(r#"{{"sessionId":"{}"}}"#, x(129)), 400, "malformed"),
        ("sessionId: 500 kB", format!(r#"{{"sessionId":"{}"}}"#, x(500_000)), 400, "malformed"),
        ("a number of 100,000 digits", with(&format!(r#""windowId":"w","seq":{}"#, "9".repeat(100_000))), 400, "malformed"),
        ("1,001 events", with(&format!(r#""events":[{}]"#, many("0", 1_001))), 413, "too_large"),
        ("10,001 replay events", with(&format!(r#""replay":[{}]"#, many("0", 10_001))), 413, "too_large"),
        ("1,000 bad events", with(&format!(r#""events":[{}]"#, many("0", 1_000))), 422, "unprocessable"),
        ("event.type: 65 characters", event(&format!(r#""id":"a","type":"{}""#, x(65))), 422, "unprocessable"),
        ("event.data: over 256 KiB", event(&format!(r#""data":"{}""#, x(262_144))), 422, "unprocessable"),
        ("event.data: 65 deep", event(&format!(r#""data":{}"#, nested(65))), 422, "unprocessable"),
        ("the body: 100,000 arrays deep", nested(100_000), 400, "malformed"),
        ("the body: 100,000 arrays that never end", "[".repeat(100_000), 400, "malformed"),
        ("the body: 100,000 objects that never end", r#"{"a":"#.repeat(100_000), 400, "malformed"),
        ("replay event: 1,025 deep", with(&format!(r#""replay":[{{"type":2,"timestamp":1763690000000,"data":{}}}]"#, nested(1_024))), 422, "unprocessable"),
    ]
}
