//! `frameworks/` is what pages with React, Vue and Angular wrote: `npm run frameworks` in
//! `tools/source-maps`.

use super::*;

type Told = BTreeMap<String, BTreeMap<String, BTreeMap<String, Value>>>;

/// The places in the own code, the innermost first: file, line and function. Angular is in the same
/// script.
fn own(folder: &Path, framework: &str, stack: &str) -> Vec<(String, u32, String)> {
    let map = std::fs::read(folder.join(framework).join("app.js.map")).unwrap();
    let map = SourceMap::read(&map).unwrap();
    let found = places(stack)
        .into_iter()
        .map(|(line, column)| original(&map, line, column).unwrap());
    let own = found.filter(|found| !found.source.contains("node_modules/"));
    own.map(|found| {
        let file = found.source.rsplit('/').next().unwrap_or_default();
        (file.to_owned(), found.line, found.function)
    })
    .collect()
}

#[test]
fn errors_in_components_lead_to_the_source_in_every_browser() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/tests/frameworks");
    let told = std::fs::read_to_string(folder.join("stacks.json")).unwrap();
    let told: Told = serde_json::from_str(&told).unwrap();
    let expected = |framework: &str, place: &str| match (framework, place) {
        ("react", "handler") => [("shop.jsx", 6), ("shop.jsx", 12)],
        ("react", "render") => [("shop.jsx", 6), ("shop.jsx", 22)],
        ("react", "effect") => [("shop.jsx", 6), ("shop.jsx", 28)],
        ("vue", "handler") => [("total.js", 4), ("Shop.vue", 10)],
        ("vue", "render") => [("total.js", 4), ("Total.vue", 8)],
        ("vue", "effect") => [("total.js", 4), ("Shop.vue", 14)],
        ("angular", "handler") => [("total.ts", 8), ("shop.ts", 36)],
        ("angular", "render") => [("total.ts", 8), ("shop.ts", 7)],
        ("angular", "effect") => [("total.ts", 8), ("shop.ts", 31)],
        other => panic!("{other:?}"),
    };
    for (framework, places) in &told {
        assert_eq!(places.len(), 3);
        for (place, browsers) in places {
            assert_eq!(browsers.len(), 3);
            for (browser, error) in browsers {
                let found = own(&folder, framework, error["stack"].as_str().unwrap());
                let lines = found.iter().map(|(file, line, _)| (file.as_str(), *line));
                let lines: Vec<_> = lines.take(2).collect();
                let what = format!("{framework} {place} {browser}: {found:?}");
                let known = match (framework.as_str(), place.as_str(), browser.as_str()) {
                    // In a field of a class, WebKit counts columns from the function that Angular
                    // puts around the class, so this frame leads into a library.
                    ("angular", "render", "webkit") => 1,
                    _other => 2,
                };
                assert_eq!(lines, expected(framework, place)[..known], "{what}");
                assert_eq!(found[0].2, "totalOf", "{what}");
            }
        }
    }
    assert_eq!(told.len(), 3);
}
