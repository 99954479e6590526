//! `frameworks/` is what pages with React, Vue and Angular wrote, built by several bundlers:
//! `npm run frameworks` in `tools/source-maps`. The maps keep only what they say of own sources.

use std::path::PathBuf;

use super::*;

type Browsers = BTreeMap<String, Value>;
/// By framework, build, and the place of the error.
type Told = BTreeMap<String, BTreeMap<String, BTreeMap<String, Browsers>>>;

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("src/tests/frameworks")
}

/// The places in the own code, the innermost first: file, line and function. The framework is in the
/// same script.
fn own(map: &SourceMap, stack: &str) -> Vec<(String, u32, String)> {
    let found = places(stack)
        .into_iter()
        .filter_map(|(line, column)| original(map, line, column));
    let own = found.filter(|found| !found.source.contains("node_modules/"));
    own.map(|found| {
        let file = found.source.rsplit('/').next().unwrap_or_default();
        (file.to_owned(), found.line, found.function)
    })
    .collect()
}

/// The innermost two places, or the innermost one of an error in the framework.
fn expected(framework: &str, place: &str) -> Vec<(&'static str, u32)> {
    match (framework, place) {
        ("react", "handler") => vec![("shop.jsx", 7), ("shop.jsx", 13)],
        ("react", "render") => vec![("shop.jsx", 7), ("shop.jsx", 23)],
        ("react", "effect") => vec![("shop.jsx", 7), ("shop.jsx", 29)],
        ("react", "library") => vec![("shop.jsx", 36)],
        ("react", "deep") => vec![("shop.jsx", 55)],
        ("vue", "handler") => vec![("total.js", 4), ("Shop.vue", 11)],
        ("vue", "render") => vec![("total.js", 4), ("Total.vue", 8)],
        ("vue", "effect") => vec![("total.js", 4), ("Shop.vue", 15)],
        ("vue", "library") => vec![("Details.vue", 6)],
        ("angular", "handler") => vec![("total.ts", 8), ("shop.ts", 37)],
        ("angular", "render") => vec![("total.ts", 8), ("shop.ts", 7)],
        ("angular", "effect") => vec![("total.ts", 8), ("shop.ts", 32)],
        ("angular", "library") => vec![("shop.ts", 42)],
        other => panic!("{other:?}"),
    }
}

fn check(framework: &str, build: &str, places: &BTreeMap<String, Browsers>) {
    let map = std::fs::read(folder().join(framework).join(format!("{build}.js.map"))).unwrap();
    let map = SourceMap::read(&map).unwrap();
    assert_eq!(places.len(), if framework == "react" { 5 } else { 4 });
    for (place, browsers) in places {
        assert_eq!(browsers.len(), 3);
        for (browser, error) in browsers {
            let found = own(&map, error["stack"].as_str().unwrap());
            let what = format!("{framework} {build} {place} {browser}: {found:?}");
            let expected = expected(framework, place);
            let known = match (build, place.as_str(), browser.as_str()) {
                // In a field of a class, WebKit counts columns from the function that `ng build`
                // puts around the class, so this frame leads into a library.
                ("cli", "render", "webkit") => 1,
                // Chromium ends before. WebKit leaves out what returns the result of a call.
                (_, "deep", "chromium" | "webkit") => 0,
                _other => expected.len(),
            };
            let lines = found.iter().map(|(file, line, _)| (file.as_str(), *line));
            let lines: Vec<_> = lines.take(known).collect();
            assert_eq!(lines, expected[..known], "{what}");
            if expected.len() > 1 {
                assert_eq!(found[0].2, "totalOf", "{what}");
            }
        }
    }
}

#[test]
fn errors_in_components_lead_to_the_source_of_every_build_in_every_browser() {
    let told = std::fs::read_to_string(folder().join("stacks.json")).unwrap();
    let told: Told = serde_json::from_str(&told).unwrap();
    let bundlers = ["esbuild", "rollup", "vite", "vite-vendor", "webpack"];
    for (framework, builds) in [
        ("react", &bundlers[..]),
        ("vue", &bundlers[..]),
        ("angular", &["cli", "webpack"][..]),
    ] {
        assert!(told[framework].keys().eq(builds), "{framework}");
        for (build, places) in &told[framework] {
            check(framework, build, places);
        }
    }
}
