//! What real pages wrote in three browsers: `npm run make` and `npm run frameworks` in
//! `tools/source-maps`.

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;

use super::Said;
use crate::issue::Reported;
use crate::stack::{Kind, frames};

/// By framework, build, and the place of the error. React and Vue of `vite-vendor` are in
/// `vendor.js`; otherwise, the framework is in the script of the page.
const OF_FRAMEWORKS: &str = include_str!("../../../sourcemap/src/tests/frameworks/stacks.json");
/// By bundler.
const WITHOUT: &str = include_str!("../../../sourcemap/src/tests/bundles/stacks.json");

/// What the browsers said of one error.
#[derive(Deserialize)]
#[serde(transparent)]
struct Browsers(BTreeMap<String, Said>);

impl Browsers {
    /// Fails unless three browsers are here and give one issue.
    fn check(&self, what: &str) {
        let issues: BTreeSet<String> = self.0.values().map(|said| issue_of(said, what)).collect();
        assert_eq!((self.0.len(), issues.len()), (3, 1), "{what}");
    }
}

fn issue_of(said: &Said, page: &str) -> String {
    let reported = Reported {
        name: said.name.clone().unwrap(),
        message: said.message.clone(),
        stack: said.stack.clone().unwrap(),
        page: format!("https://shop.example/{page}"),
        ..Reported::default()
    };
    reported.identify().fingerprint
}

#[test]
fn an_error_in_a_component_is_one_issue_in_every_browser() {
    type Builds = BTreeMap<String, BTreeMap<String, Browsers>>;
    let told: BTreeMap<String, Builds> = serde_json::from_str(OF_FRAMEWORKS).unwrap();
    let mut checked = 0;
    for (framework, builds) in &told {
        for (build, places) in builds {
            for (place, browsers) in places {
                browsers.check(&format!("{framework}/{build}/{place}"));
                checked += 1;
            }
        }
    }
    // Five places in five builds of React, four in five of Vue and in two of Angular.
    assert_eq!(checked, 5 * 5 + 4 * (5 + 2));

    for framework in ["react", "vue"] {
        for (place, browsers) in &told[framework]["vite-vendor"] {
            let expected = match (framework, place.as_str()) {
                // WebKit leaves out the function of Vue, which returns the result of a call.
                ("vue", "library") => continue,
                (_, "library") => [Kind::Library, Kind::App],
                (_, "deep") => [Kind::Library, Kind::Library],
                _other => [Kind::App, Kind::App],
            };
            for (browser, said) in &browsers.0 {
                let all = frames(said.stack.as_deref().unwrap());
                let kinds = all.iter().map(|frame| frame.kind);
                let kinds: Vec<Kind> = kinds.filter(|kind| *kind != Kind::Native).collect();
                assert_eq!(kinds[..2], expected, "{framework} {place} {browser}");
                assert!(kinds.contains(&Kind::Library), "{framework} {browser}");
            }
        }
    }
}

#[test]
fn an_error_without_a_framework_is_one_issue_in_every_browser() {
    let told: BTreeMap<String, Browsers> = serde_json::from_str(WITHOUT).unwrap();
    let bundlers = ["esbuild", "rollup", "vite", "webpack"];
    assert!(told.keys().eq(&bundlers));
    for (bundler, browsers) in &told {
        browsers.check(bundler);
    }
}
