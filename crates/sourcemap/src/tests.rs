//! `bundles/` is what real bundlers and browsers wrote: `tools/source-maps` makes it.

use std::collections::BTreeMap;
use std::path::Path;

use proptest::prelude::*;
use serde_json::{Value, json};

use super::*;

mod frameworks;
use crate::script::{Mapping, debug_id, is_debug_id, mapping, new_debug_id, with_debug_id};

fn bundle(bundler: &str, file: &str) -> String {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/tests/bundles");
    std::fs::read_to_string(folder.join(bundler).join(file)).unwrap()
}

/// The places in the script that a stack names, the innermost first.
fn places(stack: &str) -> Vec<(u32, u32)> {
    let place = |line: &str| {
        let (_, place) = line.rsplit_once("app.js")?;
        let mut numbers = place.trim_end_matches(')').split(':').skip(1);
        let mut next = || numbers.next()?.parse().ok();
        Some((next()?, next()?))
    };
    stack.lines().filter_map(place).collect()
}

#[test]
fn stacks_of_every_browser_lead_to_the_source_of_every_bundler() {
    type Told = BTreeMap<String, BTreeMap<String, Value>>;
    let told: Told = serde_json::from_str(&bundle("", "stacks.json")).unwrap();
    assert_eq!(told.len(), 4);
    for (bundler, browsers) in &told {
        assert_eq!(browsers.len(), 3);
        let map = SourceMap::read(bundle(bundler, "app.js.map").as_bytes()).unwrap();
        for (browser, error) in browsers {
            let stack = error["stack"].as_str().unwrap();
            let found: Vec<Original> = places(stack)
                .into_iter()
                .map(|(line, column)| original(&map, line, column).unwrap())
                .collect();
            let told: Vec<_> = found
                .iter()
                .map(|it| {
                    let file = it.source.rsplit('/').next().unwrap();
                    (file, it.line, it.function.as_str())
                })
                .collect();
            assert!(
                told.starts_with(&[("cart.js", 6, "priceOf"), ("cart.js", 20, "total")]),
                "{bundler} {browser}: {told:?}"
            );
            for expected in [("main.js", 5, "checkout"), ("main.js", 14, "onTimer")] {
                assert!(told.contains(&expected), "{bundler} {browser}: {told:?}");
            }
            let first = &found[0];
            assert!(first.source.ends_with("sample/cart.js") && !first.source.contains(".."));
            let numbers: Vec<u32> = first.context.iter().map(|line| line.number).collect();
            assert_eq!(numbers, (1..=11).collect::<Vec<_>>());
            assert_eq!(first.context[5].text, "  return price.amount;");
        }
    }
}

fn original(map: &SourceMap, line: u32, column: u32) -> Option<Original> {
    map.original(line, column, &mut Work::default())
}

fn with(mappings: &str) -> Value {
    json!({ "version": 3, "sources": ["a.js"], "names": ["n"], "mappings": mappings })
}

fn read(map: &Value) -> Result<SourceMap, Error> {
    SourceMap::read(map.to_string().as_bytes())
}

#[test]
fn a_place_is_the_last_one_at_or_before_it_in_its_line() {
    // 1:1 is a.js 1:1, 1:5 is nothing, 3:3 is a.js 2:2.
    let map = read(&with("AAAA,I;;EACC")).unwrap();
    let at = |line, column| {
        let found = original(&map, line, column);
        found.map(|it| (it.line, it.column))
    };
    assert_eq!(at(1, 1), Some((1, 1)));
    assert_eq!(at(1, 4), Some((1, 1)));
    assert_eq!(at(1, 5), None, "the code is from no source");
    assert_eq!(at(2, 1), None, "another line says nothing");
    assert_eq!(at(3, 2), None);
    assert_eq!(at(3, 900), Some((2, 2)));
    assert_eq!(
        (at(0, 1), at(1, 0), at(u32::MAX, u32::MAX)),
        (None, None, None)
    );
}

#[test]
fn a_map_with_sections_is_one_map() {
    let section = |line: u32, column: u32, name: &str| {
        json!({
            "offset": { "line": line, "column": column },
            "map": { "version": 3, "sources": [name], "mappings": "AAAA;AACA" },
        })
    };
    let sections = [section(0, 0, "one.js"), section(1, 10, "two.js")];
    let map = read(&json!({ "version": 3, "sections": sections })).unwrap();
    let at = |line, column| original(&map, line, column).unwrap();
    assert_eq!(at(1, 7).source, "one.js");
    assert_eq!(at(2, 10).source, "one.js");
    assert_eq!((at(2, 11).source.as_str(), at(2, 11).line), ("two.js", 1));
    assert_eq!((at(3, 1).source.as_str(), at(3, 1).line), ("two.js", 2));
}

/// 51 lists of 1,000. The last section is damaged: it is not reached.
fn many_sections(list: &str) -> String {
    let nulls = vec![Value::Null; 1_000];
    let mut map = json!({ "version": 3, "mappings": "" });
    map[list] = json!(nulls);
    let section = json!({ "offset": { "line": 0, "column": 0 }, "map": map });
    let mut sections = vec![section; 51];
    sections.push(json!("damaged"));
    json!({ "version": 3, "sections": sections }).to_string()
}

#[test]
fn a_hostile_map_is_refused_and_told_why() {
    let many = "A,".repeat(MAX_TOKENS + 1);
    let null = "null,".repeat(50_001);
    let deep = "[".repeat(100_000);
    let section = |rest: Value| {
        let mut section = json!({ "offset": { "line": 0, "column": 0 } });
        section
            .as_object_mut()
            .unwrap()
            .extend(rest.as_object().unwrap().clone());
        json!({ "version": 3, "sections": [section] }).to_string()
    };
    let cases: Vec<(String, &str)> = vec![
        ("".to_owned(), "cannot be read"),
        ("[]".to_owned(), "cannot be read"),
        ("{}".to_owned(), "version 0"),
        (r#"{"version":2,"mappings":""}"#.to_owned(), "version 2"),
        (r#"{"version":3}"#.to_owned(), "no `mappings`"),
        (r#"{"version":3,"mappings":7}"#.to_owned(), "cannot be read"),
        (with("DAAA").to_string(), "out of range"),
        (with("AADA").to_string(), "out of range"),
        (with("ACAA").to_string(), "source 1 of 1"),
        (with("AAAAC").to_string(), "name 1 of 1"),
        (with("AA").to_string(), "no place"),
        (with("AAAAAA").to_string(), "no place"),
        (with("A!AA").to_string(), "no place"),
        (with("g").to_string(), "no place"),
        (with("ggggggggggggggA").to_string(), "out of range"),
        (with(&many).to_string(), "more than 5000000 places"),
        (
            format!(r#"{{"version":3,"mappings":"","sources":[{null}null]}}"#),
            "more than 50000",
        ),
        (
            format!(r#"{{"version":3,"mappings":"","x":{deep}"#),
            "cannot be read",
        ),
        (
            json!({ "version": 3, "mappings": "", "sourceRoot": "x".repeat(1_025) }).to_string(),
            "`sourceRoot` of more than 1024",
        ),
        (section(json!({ "url": "http://10.0.0.1/" })), "an address"),
        (section(json!({})), "no map"),
        (
            section(json!({ "map": { "version": 3, "sections": [] } })),
            "sections",
        ),
        (
            // What sections of sections are is not read.
            section(json!({ "map": { "version": 3, "mappings": "", "sections": 7 } })),
            "a section of the map has sections",
        ),
        (many_sections("sources"), "more than 50000 sources"),
        (many_sections("sourcesContent"), "more than 50000 sources"),
        (
            section(json!({ "map": { "version": 3, "mappings": "AAAA" } })),
            "source 0 of 0",
        ),
        (
            json!({ "version": 3, "sections": [{
                "offset": { "line": u32::MAX, "column": 0 },
                "map": { "version": 3, "mappings": ";A" },
            }] })
            .to_string(),
            "out of range",
        ),
    ];
    for (map, expected) in cases {
        let told = SourceMap::read(map.as_bytes()).unwrap_err().to_string();
        let shown: String = map.chars().take(100).collect();
        assert!(told.contains(expected), "{told}: {shown}");
        assert!(told.len() < 200, "{told}");
    }
}

#[test]
fn what_a_map_says_is_only_text() {
    let name = |root: Value, name: &str| {
        let map =
            json!({ "version": 3, "sourceRoot": root, "sources": [name], "mappings": "AAAA" });
        original(&read(&map).unwrap(), 1, 1).unwrap().source
    };
    let none = Value::Null;
    assert_eq!(name(none.clone(), "../../src/./a.ts"), "src/a.ts");
    assert_eq!(name(json!("../../../../etc/"), "passwd"), "etc/passwd");
    assert_eq!(name(json!("/root"), "a\0b\u{1b}[31m.js"), "/root/ab[31m.js");
    assert_eq!(name(none.clone(), "webpack://shop/./src/a.js"), "src/a.js");
    assert_eq!(name(none.clone(), "webpack:///./src/a.js"), "src/a.js");
    assert_eq!(
        name(json!("x"), "https://a.b/c/../d.js"),
        "https://a.b/d.js"
    );
    assert_eq!(name(none.clone(), "C:\\shop\\a.js"), "C:/shop/a.js");
    assert_eq!(name(none, &"é".repeat(900)).len(), MAX_NAME);

    let content = format!("{}\u{0}\nlast", "x".repeat(1_000));
    let map = json!({
        "version": 3, "sources": ["a.js", null], "mappings": "AAAA,CAAK,CCAA",
        "sourcesContent": [content],
    });
    let map = read(&map).unwrap();
    let first = original(&map, 1, 1).unwrap();
    assert_eq!(first.context.len(), 2);
    assert_eq!(first.context[0].text.len(), MAX_LINE);
    let other = original(&map, 1, 3).unwrap();
    assert_eq!((other.source.as_str(), other.context.len()), ("", 0));
    // The place is beyond the source.
    let beyond = json!({
        "version": 3, "sources": ["a.js"], "mappings": "AAggBA", "sourcesContent": ["one\ntwo"],
    });
    let beyond = original(&read(&beyond).unwrap(), 1, 1).unwrap();
    assert_eq!((beyond.line, beyond.context.len()), (513, 0));
    assert_eq!(beyond.function, "");
}

#[test]
fn long_names_of_sources_take_little_memory() {
    let long = "x/".repeat(100_000);
    let map = json!({
        "version": 3, "sourceRoot": "r".repeat(1_024), "sources": vec![long; 20], "mappings": "",
    });
    let bytes = read(&map).unwrap().bytes();
    assert!(bytes <= 20 * (MAX_NAME + size_of::<Source>()), "{bytes}");
}

#[test]
fn what_a_source_makes_us_read_again_is_counted() {
    // Patterns without an end, and braces whose heads are parts of each other. Reading the source
    // costs its length; everything beyond that was read again.
    for (piece, again) in [(r"=/[\]", 4_000), ("({})", 1_000)] {
        let source = format!("x{}", piece.repeat(2_000));
        let mut work = Work::default();
        enclosing::function(&source, source.len(), &mut work);
        let spent = MAX_WORK - work.left;
        let most = source.len() + 2_000 * again;
        assert!(
            spent > 2 * source.len() && spent <= most,
            "{piece}: {spent}"
        );

        let mut little = Work {
            left: 2 * source.len(),
        };
        let named = format!("function a() {{ {source}");
        assert_eq!(enclosing::function(&named, named.len(), &mut little), None);
        assert_eq!(little.left, 0);
        // The places after it have no names either; what costs nothing is still told.
        let map = json!({
            "version": 3, "sources": ["a.js"], "mappings": "AAAc",
            "sourcesContent": ["function a() { x }"],
        });
        let map = read(&map).unwrap();
        let told = map.original(1, 1, &mut little).unwrap();
        assert_eq!((told.function.as_str(), told.context.len()), ("", 1));
        assert_eq!(original(&map, 1, 1).unwrap().function, "a");
    }
}

#[test]
fn the_guard_of_some_servers_is_skipped() {
    let guarded = format!(")]}}'\n{}", with("AAAA"));
    assert!(SourceMap::read(guarded.as_bytes()).is_ok());
    assert!(SourceMap::read(format!("\u{feff}{}", with("")).as_bytes()).is_ok());
}

/// The function around `HERE`.
fn around(source: &str) -> &str {
    let at = source.find("HERE").unwrap();
    enclosing::function(source, at, &mut Work::default()).unwrap_or_default()
}

#[test]
fn the_function_around_a_place_has_the_name_that_people_gave_it() {
    for (source, expected) in [
        ("HERE", ""),
        ("function a() { HERE }", "a"),
        ("function a() {}\nHERE", ""),
        ("function a() { if (x) { for (;;) { HERE } } }", "a"),
        ("function a() { class B { #c(d) { HERE } } }", "#c"),
        ("class A extends B(C) { get d() { HERE } }", "d"),
        ("class A extends B(C) { static { HERE } }", ""),
        ("const a = async (b, { c } = {}) => { HERE };", "a"),
        ("const a = (b) => b.c.map((d) => HERE);", "a"),
        ("const a = b => HERE", "a"),
        ("const a = (b) => b\nHERE", ""),
        ("const a = (b) =>\n  HERE", "a"),
        (
            "const a: Map<string, X> = (b: number): Promise<C> => { HERE }",
            "a",
        ),
        (
            "export function a<T extends B>(b: T): Promise<void> { HERE }",
            "a",
        ),
        ("export default function () { HERE }", ""),
        ("exports.a = function () { HERE }", "a"),
        ("const o = { a: function* () { HERE } }", "a"),
        ("const o = { a: 1, b: (c) => { HERE } }", "b"),
        ("const o = { async a(b) { HERE } }", "a"),
        ("function a() { b.forEach((c) => { HERE }) }", "a"),
        ("function a() { b.forEach(function c() { HERE }) }", "c"),
        ("function a() { return `{ ${b({ c: `}` })} ` + HERE }", "a"),
        (
            "function a() { return '{' + /[/{]+\\/{/.test(b) + HERE }",
            "a",
        ),
        ("function a() { /* } */ // }\n HERE }", "a"),
        (
            "function a() { return (\n <p>it isn't } here</p>\n ); } function b() { HERE }",
            "b",
        ),
        ("function a() { x = b / c; y = d / HERE }", "a"),
        ("function é() { HERE }", "é"),
    ] {
        assert_eq!(around(source), expected, "{source}");
    }
}

#[test]
fn a_script_says_where_its_map_is() {
    let url = |script| match mapping(script) {
        Mapping::Url(url) => url.to_owned(),
        other => format!("{other:?}"),
    };
    assert_eq!(url("a()\n//# sourceMappingURL=a.js.map\n"), "a.js.map");
    assert_eq!(url("a()\n//@ sourceMappingURL=a.js.map\r\n"), "a.js.map");
    assert_eq!(
        url("//# sourceMappingURL=1.map\n//# sourceMappingURL=2.map"),
        "2.map"
    );
    assert_eq!(url("s = '//# sourceMappingURL=' + x"), "None");
    assert_eq!(url("s = `\n//# sourceMappingURL=${x}\"`"), "None");
    assert_eq!(url("a()"), "None");
    let inline = "a()\n//# sourceMappingURL=data:application/json;charset=utf-8;base64,e30=";
    assert_eq!(mapping(inline), Mapping::Inline("e30="));
    let other = "//# sourceMappingURL=data:application/json,%7B%7D";
    assert_eq!(mapping(other), Mapping::Unreadable);
}

#[test]
fn a_debug_id_gets_into_a_script_once_and_moves_nothing() {
    for bundler in ["esbuild", "rollup", "vite", "webpack"] {
        let (script, map) = (bundle(bundler, "app.js"), bundle(bundler, "app.js.map"));
        let id = new_debug_id(script.as_bytes(), map.as_bytes());
        assert!(is_debug_id(&id), "{id}");
        assert_eq!(debug_id(&script), None);
        let once = with_debug_id(&script, &id);
        assert_eq!(debug_id(&once), Some(id.as_str()));
        assert_eq!(with_debug_id(&once, &id), once);
        assert_eq!(mapping(&once), mapping(&script));
        let code = script.split("//#").next().unwrap().trim_end();
        assert!(once.starts_with(code), "{once}");

        let named = script::map_with_debug_id(&map, &id).unwrap();
        assert_eq!(debug_id_of(named.as_bytes()).unwrap(), Some(id));
        assert_eq!(debug_id_of(map.as_bytes()).unwrap(), None);
        SourceMap::read(named.as_bytes()).unwrap();
    }
    assert_ne!(new_debug_id(b"a", b"b"), new_debug_id(b"a", b"c"));
    let bare = with_debug_id("a()", "x");
    assert!(bare.starts_with("a()\n;try{") && bare.ends_with("//# debugId=x\n"));
    let earlier = r#"{"debug_id":"x","version":3}"#;
    assert_eq!(debug_id_of(earlier.as_bytes()).unwrap().unwrap(), "x");
    assert_eq!(
        script::map_with_debug_id("{}", "x").unwrap(),
        r#"{"debugId":"x"}"#
    );
    assert_eq!(script::map_with_debug_id("[{}]", "x"), None);
}

proptest! {
    #[test]
    fn nothing_that_is_uploaded_panics(
        mappings in "[A-Za-z0-9+/,;!]{0,60}", source in "\\PC{0,200}", at in 0_u32..9,
        code in "[a-z(){}=>/'`$ \n*:;]{0,80}",
    ) {
        let map = json!({
            "version": 3, "sources": [&source, "b"], "names": ["n"], "mappings": mappings,
            "sourcesContent": [code, source],
        });
        if let Ok(map) = read(&map) {
            for line in 0..3 {
                let _ = original(&map, line, at);
            }
        }
        let _ = SourceMap::read(source.as_bytes());
        let at = source.floor_char_boundary(at as usize);
        enclosing::function(&source, at, &mut Work::default());
        enclosing::function(&code, code.len(), &mut Work::default());
        let _ = (mapping(&source), with_debug_id(&code, "x"));
    }
}
