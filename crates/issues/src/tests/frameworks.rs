use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::issue::Reported;
use crate::stack::{Kind, frames};

/// What pages with React, Vue and Angular wrote in three browsers. React and Vue are in `vendor.js`,
/// Angular is in the script of the page.
const TOLD: &str = include_str!("../../../sourcemap/src/tests/frameworks/stacks.json");

#[test]
fn an_error_in_a_component_is_one_issue_in_every_browser() {
    type Told = BTreeMap<String, BTreeMap<String, BTreeMap<String, Value>>>;
    let told: Told = serde_json::from_str(TOLD).unwrap();
    for (framework, places) in told {
        for (place, browsers) in places {
            let text = |error: &Value, name: &str| error[name].as_str().unwrap().to_owned();
            let mut issues = BTreeSet::new();
            for (browser, error) in &browsers {
                let stack = text(error, "stack");
                let all = frames(&stack);
                let kinds: Vec<Kind> = all.iter().map(|frame| frame.kind).take(3).collect();
                let of_framework = match framework.as_str() {
                    "angular" => Kind::App,
                    _other => Kind::Library,
                };
                let expected = [Kind::App, Kind::App, of_framework];
                assert_eq!(kinds, expected, "{framework} {place} {browser}");
                let reported = Reported {
                    name: text(error, "name"),
                    message: text(error, "message"),
                    stack,
                    page: format!("https://shop.example/{framework}"),
                    ..Reported::default()
                };
                issues.insert(reported.identify().fingerprint);
            }
            assert_eq!(
                (browsers.len(), issues.len()),
                (3, 1),
                "{framework} {place}"
            );
        }
    }
}
