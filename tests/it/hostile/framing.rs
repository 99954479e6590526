//! Sizes, encodings, content types, and HTTP that is not quite HTTP.

use std::io::Write;

use flate2::Compression;
use flate2::write::{GzEncoder, ZlibEncoder};

use super::case::{Body, Case};

/// The largest body as it is sent, as the test configures it.
pub const MAX_BODY: usize = 1 << 20;
/// The largest body after decompression, as the test configures it.
pub const MAX_INFLATED: usize = 4 << 20;

const GOOD: &[u8] =
    br#"{"sessionId":"framing","events":[{"type":"click","timestamp":1763690000000}]}"#;

/// `Content-Encoding` values that are not supported.
const ENCODINGS: &[&str] = &[
    "compress",
    "gzip, gzip",
    "gzip, br",
    "br,identity",
    "*",
    "aes128gcm",
    "gzip;q=1",
    "\u{e9}",
];

/// `Content-Type` values that are not supported.
const TYPES: &[&str] = &[
    "",
    "application/x-www-form-urlencoded",
    "multipart/form-data; boundary=x",
    "text/html",
    "application/xml",
    "application/json; charset=utf-16",
    "text/plain; charset=\"iso-8859-1\"",
    "application/json, text/html",
    "\u{fc}/\u{fc}",
];

type Smuggled = (
    &'static str,
    &'static [(&'static str, &'static str)],
    &'static [u8],
);

/// Headers that frame a body in two ways or in none: name, header lines, body.
/// The HTTP parser refuses them, so that nobody on the way reads another request out of them.
const SMUGGLING: &[Smuggled] = &[
    (
        "length and chunks",
        &[("Content-Length", "5"), ("Transfer-Encoding", "chunked")],
        b"0\r\n\r\nGET /health/live HTTP/1.1\r\nHost: x\r\n\r\n",
    ),
    (
        "chunks and length",
        &[("Transfer-Encoding", "chunked"), ("Content-Length", "5")],
        b"0\r\n\r\nGET /health/live HTTP/1.1\r\nHost: x\r\n\r\n",
    ),
    (
        "two lengths",
        &[("Content-Length", "2"), ("Content-Length", "9")],
        b"{}GET / HT",
    ),
    ("a negative length", &[("Content-Length", "-2")], b"{}"),
    ("a signed length", &[("Content-Length", "+2")], b"{}"),
    ("a list of lengths", &[("Content-Length", "2, 2")], b"{}"),
    (
        "a length over 2^64",
        &[("Content-Length", "99999999999999999999999")],
        b"{}",
    ),
    (
        "chunks twice",
        &[("Transfer-Encoding", "chunked, chunked")],
        b"0\r\n\r\n",
    ),
    (
        "chunks in two headers",
        &[
            ("Transfer-Encoding", "chunked"),
            ("Transfer-Encoding", "chunked"),
        ],
        b"0\r\n\r\n",
    ),
    (
        "chunks and something",
        &[("Transfer-Encoding", "gzip, chunked")],
        b"0\r\n\r\n",
    ),
    (
        "almost chunks",
        &[("Transfer-Encoding", "xchunked")],
        b"0\r\n\r\n",
    ),
    (
        "a blank before the colon",
        &[("Content-Length ", "2")],
        b"{}",
    ),
    ("a folded header", &[("X-Fold", "a\r\n b")], b""),
    ("a NUL in a header", &[("X-Nul", "a\0b")], b""),
];

/// All of them; `key` is a good ingest key.
pub fn cases(key: &str) -> Vec<Case> {
    let mut cases = sizes(key);
    cases.extend(encodings(key));
    cases.extend(malformed_http(key));
    cases
}

fn post(name: &str, key: &str) -> Case {
    Case::ingest(name, "POST", "/batch").key(key)
}

fn sizes(key: &str) -> Vec<Case> {
    let over = vec![b' '; MAX_BODY + 1];
    let announced = |name, length: &str| {
        post(name, key)
            .header("Content-Length", length)
            .framed(Body::Raw(b"{".to_vec()))
    };
    vec![
        post("a body over the limit", key)
            .body(over.clone())
            .fails(413, "too_large"),
        post("chunks over the limit", key)
            .framed(Body::Chunk(over))
            .fails(413, "too_large"),
        announced("93 GiB announced", "99999999999").fails(413, "too_large"),
        announced("a body that does not come", "500").fails(408, "timeout"),
        post("chunks that do not come", key)
            .framed(Body::Chunk(b"{".to_vec()))
            .fails(408, "timeout"),
        // Nobody reads these bodies; the connection ends all the same.
        Case::ingest("404 and chunks that do not come", "POST", "/nowhere")
            .framed(Body::Chunk(b"{".to_vec()))
            .fails(404, "not_found"),
        Case::ingest("405 and chunks that do not come", "PUT", "/batch")
            .framed(Body::Chunk(b"{".to_vec()))
            .fails(405, "method_not_allowed"),
        Case::ingest("401 and chunks that do not come", "POST", "/batch")
            .header("X-API-Key", "nonsense")
            .framed(Body::Chunk(b"{".to_vec()))
            .fails(401, "unauthenticated"),
        Case::query("200 and chunks that do not come", "GET", "/openapi.json")
            .framed(Body::Chunk(b"{".to_vec()))
            .succeeds(200),
    ]
}

fn encodings(key: &str) -> Vec<Case> {
    let bomb = vec![b' '; 2 * MAX_INFLATED];
    let encoded = |name: &str, encoding: &str, body: Vec<u8>| {
        post(name, key)
            .header("Content-Encoding", encoding)
            .body(body)
    };
    let cut = |mut body: Vec<u8>| {
        body.truncate(body.len() - 9);
        body
    };
    let garbage = || b"payload-marker-7391 \x00\x01\x02\x03".repeat(9);
    let wrong_sum = {
        let mut body = gzip(GOOD);
        let sum = body.len() - 8;
        body[sum] ^= 0xff;
        body
    };
    let mut cases = Vec::new();
    type Encode = fn(&[u8]) -> Vec<u8>;
    let all: [(&str, Encode); 4] = [
        ("gzip", gzip),
        ("deflate", zlib),
        ("br", brotli),
        ("zstd", zstd),
    ];
    for (name, encode) in all {
        let case = |what: &str, body| encoded(&format!("{name}: {what}"), name, body);
        let small_bomb = encode(&bomb);
        assert!(
            small_bomb.len() < MAX_BODY / 8,
            "{name} does not make it small"
        );
        cases.extend([
            case("a bomb", small_bomb).fails(413, "too_large"),
            case("cut off", cut(encode(GOOD))).fails(400, "malformed"),
            case("garbage", garbage()).fails(400, "malformed"),
            case("plain text", GOOD.to_vec()).fails(400, "malformed"),
            case("nothing", Vec::new()).fails(400, "malformed"),
            case("inside itself", encode(&encode(GOOD))).fails(400, "malformed"),
            case("fine", encode(GOOD)).succeeds(202),
        ]);
    }
    let members = [gzip(&bomb[..MAX_INFLATED]), gzip(GOOD)].concat();
    cases.extend([
        encoded("gzip: two members over the limit", "gzip", members).fails(413, "too_large"),
        encoded("gzip: a wrong checksum", "gzip", wrong_sum).fails(400, "malformed"),
        encoded("zstd: a window of 128 MiB", "zstd", wide_zstd()).fails(400, "malformed"),
        post("compressed, and it does not say so", key)
            .body(gzip(GOOD))
            .fails(400, "malformed"),
    ]);
    for value in ENCODINGS {
        cases.push(
            encoded(&format!("encoding {value}"), value, gzip(GOOD))
                .fails(415, "unsupported_media"),
        );
    }
    let twice = encoded("two encodings", "gzip", gzip(GOOD)).header("Content-Encoding", "br");
    cases.push(twice.fails(415, "unsupported_media"));
    for value in TYPES {
        let case = post(&format!("type {value:?}"), key).header("Content-Type", *value);
        cases.push(case.body(GOOD).fails(415, "unsupported_media"));
    }
    cases
}

fn malformed_http(key: &str) -> Vec<Case> {
    let mut cases = Vec::new();
    for (name, headers, body) in SMUGGLING {
        let mut case = post(name, key);
        for (header, value) in *headers {
            case = case.header(header, *value);
        }
        cases.push(case.framed(Body::Raw(body.to_vec())).fails_unparsed(400));
    }
    for (name, chunk) in [
        ("no size", "zz"),
        ("a negative size", "-1"),
        ("a huge size", "FFFFFFFFFFFFFFFFFF"),
    ] {
        let body = format!("{chunk}\r\n{{}}\r\n0\r\n\r\n").into_bytes();
        let case =
            post(&format!("a chunk with {name}"), key).header("Transfer-Encoding", "chunked");
        cases.push(case.framed(Body::Raw(body)).fails(400, "malformed"));
    }
    let many = (0..200).fold(post("200 headers", key), |case, number| {
        case.header(&format!("X-Many-{number}"), "a")
    });
    let long_path = |bytes| Case::ingest("a long path", "GET", &format!("/{}", "a".repeat(bytes)));
    cases.extend([
        many.fails_unparsed(431),
        post("a header of 200 kB", key)
            .header("X-Big", "a".repeat(200_000))
            .fails_unparsed(431),
        long_path(20_000).fails(404, "not_found"),
        long_path(70_000).fails_unparsed(400),
        Case::ingest("a path with a blank", "GET", "/a b").fails_unparsed(400),
        Case::ingest("a path in UTF-8", "GET", "/\u{e9}").fails_unparsed(400),
        Case::ingest("no path", "GET", "batch").fails(404, "not_found"),
        Case::ingest("a method with a colon", "PO:ST", "/batch").fails_unparsed(400),
        Case::ingest("markup as request id", "GET", "/nowhere")
            .header("X-Request-Id", "<script>")
            .fails(404, "not_found"),
        Case::ingest("a long request id", "GET", "/nowhere")
            .header("X-Request-Id", "a".repeat(65))
            .fails(404, "not_found"),
    ]);
    cases
}

fn gzip(plain: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(plain).unwrap();
    encoder.finish().unwrap()
}

fn zlib(plain: &[u8]) -> Vec<u8> {
    let mut encoder = ZlibEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(plain).unwrap();
    encoder.finish().unwrap()
}

fn brotli(plain: &[u8]) -> Vec<u8> {
    let mut encoder = brotli::CompressorWriter::new(Vec::new(), 4096, 5, 22);
    encoder.write_all(plain).unwrap();
    encoder.into_inner()
}

fn zstd(plain: &[u8]) -> Vec<u8> {
    zstd::bulk::compress(plain, 1).unwrap()
}

/// A frame that makes its reader keep 128 MiB.
fn wide_zstd() -> Vec<u8> {
    let mut encoder = zstd::Encoder::new(Vec::new(), 1).unwrap();
    encoder.window_log(27).unwrap();
    encoder.write_all(GOOD).unwrap();
    encoder.finish().unwrap()
}
