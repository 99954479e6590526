use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;
use serde::Deserialize;

mod frameworks;
mod messages;
mod rules;

use crate::issue::{Issue, Reported};
use crate::occurrences::{Occurrence, Occurrences};
use crate::stack::{Kind, frames};

/// What three browsers said: `node scripts/record-stacks.mjs` in `sdk`.
const RECORDED: &str = include_str!("tests/stacks.json");

#[derive(Deserialize)]
struct Said {
    name: Option<String>,
    message: String,
    stack: Option<String>,
}

type Recorded = BTreeMap<String, BTreeMap<String, BTreeMap<String, Said>>>;

fn recorded() -> Recorded {
    serde_json::from_str(RECORDED).unwrap()
}

fn issue(said: &Said) -> Issue {
    let reported = Reported {
        name: said.name.clone().unwrap_or_default(),
        message: said.message.clone(),
        stack: said.stack.clone().unwrap_or_default(),
        page: "https://shop.example/carts/17?mail=ada".to_owned(),
        release: String::new(),
        is_handled: false,
    };
    reported.identify()
}

/// Firefox tells a page of the same host what the others hide. Of `const [a] = shop.cart`, WebKit says the same
/// as of a property `cart` of nothing. WebKit has no name for a function that was assigned to a property.
const DIFFERENT: [&str; 3] = ["foreign", "iteratedNothing", "assigned"];
/// Those that happen in one function with one message: `later` and others run `readCart`.
const SAME_AS_PROPERTY: [&str; 3] = ["later", "asynchronous", "click"];

#[test]
fn one_error_in_three_browsers_is_one_issue() {
    let recorded = recorded();
    assert_eq!(recorded.len(), 3);
    for build in ["plain", "minified"] {
        let mut of_case: BTreeMap<&str, BTreeSet<String>> = BTreeMap::new();
        for cases in recorded.values() {
            for (case, said) in &cases[build] {
                let found = issue(said).fingerprint;
                of_case.entry(case).or_default().insert(found);
            }
        }
        assert!(of_case.len() > 15);
        let one: BTreeMap<&str, String> = of_case
            .into_iter()
            .filter(|(case, _)| !DIFFERENT.contains(case))
            .map(|(case, mut found)| {
                assert_eq!(found.len(), 1, "{build} {case}");
                (case, found.pop_first().unwrap())
            })
            .collect();
        let mut different = BTreeSet::new();
        for (case, fingerprint) in &one {
            if SAME_AS_PROPERTY.contains(case) {
                assert_eq!(*fingerprint, one["property"], "{case}");
            } else {
                assert!(different.insert(fingerprint), "{build} {case} is another");
            }
        }
    }
}

#[test]
fn what_another_origin_hides_is_one_issue() {
    let recorded = recorded();
    let of = |browser: &str| issue(&recorded[browser]["plain"]["foreign"]);
    assert_eq!(of("chromium"), of("webkit"));
    assert_eq!(of("chromium").message, "Script error.");
    assert_eq!(of("chromium").culprit, "/carts/*");
}

fn thrown(name: &str, message: &str, stack: &str, page: &str) -> Issue {
    let reported = Reported {
        name: name.to_owned(),
        message: message.to_owned(),
        stack: stack.to_owned(),
        page: page.to_owned(),
        release: "1.2.0".to_owned(),
        is_handled: false,
    };
    reported.identify()
}

fn at(stack: &str) -> String {
    thrown("Error", "no", stack, "https://a.example/").fingerprint
}

#[test]
fn builds_and_positions_make_no_difference() {
    let one = at("Error: no\n    at checkout (https://a.example/assets/main-4f3a2b1c.js:1:2345)");
    for stack in [
        "Error: no\n    at checkout (https://a.example/assets/main-99ffee11.js?v=2:7:1)",
        "checkout@https://cdn.example/x/main.4f3a2b1c.min.js:1:1",
        "checkout@https://cdn.example/x/main-Bx-_kQ2a.js:1:1\nmore@https://cdn.example/x/main.js:2:2",
        "    at Object.checkout [as buy] (webpack-internal:///./src/main.js:1:2)",
        "    at checkout (address at /app/main.js:1:2)\n    at async more (https://a.example/x.js:1:1)",
    ] {
        assert_eq!(at(stack), one, "{stack}");
    }
    assert_ne!(at("checkout@https://a.example/other.js:1:1"), one);
    assert_ne!(at("refund@https://a.example/main.js:1:1"), one);
    // Names of a minifier are others in the next build.
    let minified = at("aB@https://a.example/main.js:1:1");
    assert_eq!(minified, at("c@https://a.example/main.js:1:9"));
    assert_eq!(minified, at("q$t@https://a.example/main.js:1:9"));
    assert_ne!(minified, one);
}

#[test]
fn the_page_comes_before_libraries_extensions_and_the_sdk() {
    let stack = "Error: no
    at dispatch (https://a.example/node_modules/redux/index.js:1:1)
    at wrapped (https://a.example/sdk/crow-devtools.1a2b3c4d.js:1:1)
    at inject (chrome-extension://abcdef/content.js:1:1)
    at Array.map (<anonymous>)
    at https://a.example/vendors-1234abcd.js:1:1
    at pay (https://a.example/main.js:1:1)";
    let kinds: Vec<Kind> = frames(stack).iter().map(|frame| frame.kind).collect();
    assert_eq!(
        kinds,
        [
            Kind::Library,
            Kind::Sdk,
            Kind::Extension,
            Kind::Native,
            Kind::Library,
            Kind::App
        ]
    );
    assert_eq!(at(stack), at("pay@https://a.example/main.js:9:9"));
    let only = "inject@moz-extension://1-2/content.js:1:1";
    assert_ne!(at(only), at("pay@https://a.example/main.js:9:9"));
    for name in ["crowd.js", "crow-shop.js", "crowbar.min.js"] {
        let stack = format!("pay@https://a.example/{name}:1:1");
        assert_eq!(frames(&stack)[0].kind, Kind::App, "{name}");
    }
}

#[test]
fn chromium_ends_and_names_what_others_do_not() {
    let vendor = |letter: char| format!("{letter}@https://a.example/vendor.js:1:1\n");
    let ten: String = ('a'..='j').map(vendor).collect();
    let deep = at(&ten);
    let own = "onPay@https://a.example/main.js:1:1\n";
    assert_eq!(deep, at(&format!("{ten}{own}")));
    let nine = ten.split_once('\n').unwrap().1;
    assert_ne!(deep, at(&format!("{nine}{own}")));

    let nameless = at("@https://a.example/main.js:1:1");
    for stack in [
        "    at e.useState (https://a.example/main.js:1:1)",
        "r</e.useState@https://a.example/main.js:1:1",
        "    at Object.computation (https://a.example/main.js:1:1)",
    ] {
        assert_eq!(at(stack), nameless, "{stack}");
    }
}

#[test]
fn without_a_stack_type_and_message_decide() {
    let of = |message: &str, page: &str| thrown("", message, "", page).fingerprint;
    let one = of(
        "Order 4711 of 'ada' failed",
        "https://a.example/orders/4711?x=1#y",
    );
    for page in ["https://a.example/orders/12/", "https://a.example/cart", ""] {
        assert_eq!(one, of("Order 12 of 'bob' failed.", page), "{page}");
    }
    assert_ne!(
        one,
        of("Order 12 was refused", "https://a.example/orders/1")
    );
    let typed = thrown("", "PaymentError: no", "", "/a");
    assert_eq!(
        (typed.kind.as_str(), typed.message.as_str()),
        ("PaymentError", "no")
    );
    assert_eq!(
        typed.fingerprint,
        thrown("PaymentError", "no", "", "/a").fingerprint
    );
}

/// A gateway that is down, and a script in a template, fail on the page of each product.
#[test]
fn an_error_of_many_pages_is_one_issue() {
    let on = |name: &str, message: &str, stack: &str| {
        let of = |slug: &str| {
            let page = format!("https://a.example/products/{slug}");
            thrown(name, message, &stack.replace("$PAGE", &page), &page).fingerprint
        };
        assert_eq!(of("red-shoe"), of("blue-hat"), "{message}");
        of("red-shoe")
    };
    let fetched = on(
        "TypeError",
        "Failed to fetch",
        "load@https://a.example/a.js:1:1",
    );
    assert_eq!(fetched, on("TypeError", "Load failed", ""));
    let chunk = "Importing a module script failed.";
    assert_ne!(fetched, on("TypeError", chunk, ""));
    let inline = on("Error", "no", "showPrice@$PAGE:4:5");
    assert_ne!(inline, on("Error", "no", "showStock@$PAGE:9:5"));
    // A script of another host is a file, whatever its name is.
    let of_host = on("Error", "no", "showPrice@https://b.example/widget:4:5");
    assert_ne!(inline, of_host);
}

#[test]
fn values_in_messages_make_no_difference() {
    let of = |message: &str| thrown("Error", message, "", "/").fingerprint;
    for (one, other) in [
        ("id 7f3e-11 is gone", "id 9a2b-22 is gone"),
        ("no such file /a/b", "no such file /c"),
        (
            "mail to ada@example.org failed",
            "mail to bob@example.com failed",
        ),
        ("got \"x y\" and `z`", "got \"a\" and `b c`"),
        ("see https://a.example/x", "see https://b.example/y?z"),
        ("  a\n b ", "a b"),
    ] {
        assert_eq!(of(one), of(other), "{one}");
    }
    assert_ne!(of("can't pay, don't ask"), of("can't leave, don't ask"));
}

#[test]
fn an_occurrence_says_what_is_shown_of_it() {
    let stack = "TypeError: x\n    at Cart.total (https://a.example/js/cart-1a2b3c4d.js:4:5)";
    let issue = thrown(
        "TypeError",
        "x\u{0}y\nmore",
        stack,
        "https://a.example/carts/17?a",
    );
    assert_eq!(issue.culprit, "total in cart-1a2b3c4d.js");
    assert_eq!(issue.message, "xy");
    assert_eq!(issue.page, "/carts/*");
    assert_eq!(issue.release, "1.2.0");
    assert!(issue.fingerprint.starts_with("2:") && issue.fingerprint.len() == 34);
}

#[test]
fn a_script_in_a_page_does_not_show_what_names_its_visitor() {
    for (path, shown) in [
        (
            "/reset/eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiI0MiJ9.c2lnbmF0dXJl",
            "/reset/*",
        ),
        ("/invite/ann@x.com", "/invite/*"),
        ("/invite/ann%40x.com?a=b", "/invite/*"),
        ("/cart", "/cart"),
        ("/", "/"),
        ("/assets/main-4f3a2b1c.js", "main-4f3a2b1c.js"),
    ] {
        let page = format!("https://a.example{path}");
        let stack = format!("Error: no\n    at pay ({page}:4:5)");
        let culprit = thrown("Error", "no", &stack, &page).culprit;
        assert_eq!(culprit, format!("pay in {shown}"), "{path}");
        let stack = format!("Error: no\n    at {page}:4:5");
        assert_eq!(
            thrown("Error", "no", &stack, &page).culprit,
            shown,
            "{path}"
        );
    }
}

/// Decisions about issues are stored by fingerprint: whoever changes this needs another version.
#[test]
fn version_two_stays_as_it_is() {
    let issue = thrown(
        "TypeError",
        "Cannot read properties of undefined (reading 'items')",
        "    at readCart (https://a.example/app.js:9:71)",
        "https://a.example/",
    );
    assert_eq!(issue.fingerprint, "2:0605bfb5277c0d143757b31bbe426b78");
}

#[test]
fn a_message_that_looks_like_a_stack_is_none() {
    let message = "no\n    at evil (https://a.example/evil.js:1:1)";
    let stack = format!("Error: {message}\n    at pay (https://a.example/main.js:1:1)");
    let issue = thrown("Error", message, &stack, "/");
    assert_eq!(issue.culprit, "pay in main.js");
    assert!(frames("look at the end\nat the door").is_empty());
}

#[test]
fn payloads_of_any_kind_are_read() {
    for data in [
        "null",
        "[]",
        "{",
        "",
        r#"{"name":7,"message":{},"stack":[]}"#,
    ] {
        assert_eq!(Reported::of_event(data, "/").message, "", "{data}");
    }
    let data = r#"{"name":"E","message":"m","stack":"s","release":"2","line":1}"#;
    let reported = Reported::of_event(data, "/p");
    assert_eq!(
        (reported.name.as_str(), reported.release.as_str()),
        ("E", "2")
    );
}

#[test]
fn huge_input_is_cut() {
    let frame = "    at f (https://a.example/a.js:1:1)\n";
    let long = frame.repeat(200_000);
    assert_eq!(frames(&long).len(), 60);
    let one_line = format!("at {}", "(".repeat(5 << 20));
    assert!(frames(&one_line).is_empty());
    let issue = thrown(
        &"N".repeat(1 << 20),
        &"m\u{fc}".repeat(1 << 20),
        &long,
        &"p".repeat(1 << 20),
    );
    assert!(issue.kind.len() <= 64 && issue.message.len() <= 200 && issue.page.len() <= 256);
}

proptest! {
    #[test]
    fn nothing_makes_it_fail(
        name in ".{0,80}",
        message in r#"[ -~\n“”'"@*/<>()\[\]é]{0,300}"#,
        stack in r#"(( *at )?[a-zé<>*/.@ ()\[\]:0-9]{0,80}\n){0,8}"#,
        page in ".{0,80}",
    ) {
        let issue = thrown(&name, &message, &stack, &page);
        prop_assert_eq!(issue.fingerprint.len(), 34);
        prop_assert_eq!(&issue, &thrown(&name, &message, &stack, &page));
    }
}

fn occurrence<'a>(session: &'a str, event: &'a str, at: i64, data: &'a str) -> Occurrence<'a> {
    Occurrence {
        session,
        event,
        at,
        url: "https://a.example/cart",
        data,
        rules: &[],
    }
}

#[test]
fn occurrences_of_a_session_and_an_issue_are_one_row() {
    let mut all = Occurrences::default();
    let (one, other) = (
        r#"{"message":"no 1","release":"1"}"#,
        r#"{"message":"else"}"#,
    );
    let newest = r#"{"message":"no 2","release":"2"}"#;
    for (session, event, at, data) in [
        ("b", "e1", 5, one),
        ("a", "e2", 9, newest),
        ("a", "e3", 7, one),
        ("a", "e4", 8, other),
    ] {
        all.add(&occurrence(session, event, at, data));
    }
    let rows = all.into_records();
    let told: Vec<_> = rows
        .iter()
        .map(|row| {
            (
                row.session_id.as_str(),
                row.message.as_str(),
                row.occurrences,
            )
        })
        .collect();
    assert_eq!(rows.len(), 3);
    assert!(
        told.contains(&("a", "no 2", 2)) && told.contains(&("b", "no 1", 1)),
        "{told:?}"
    );
    let twice = rows.iter().find(|row| row.occurrences == 2).unwrap();
    assert_eq!((twice.first_at, twice.last_at), (7, 9));
    assert_eq!(
        (twice.event_id.as_str(), twice.app_release.as_str()),
        ("e2", "2")
    );
}

#[test]
fn a_session_adds_a_limited_number_of_issues() {
    let mut all = Occurrences::default();
    let messages: Vec<String> = ('a'..='z')
        .flat_map(|one| ('a'..='d').map(move |two| format!(r#"{{"message":"{one}{two}"}}"#)))
        .collect();
    for message in &messages {
        all.add(&occurrence("a", "e", 1, message));
    }
    all.add(&occurrence("b", "e", 1, &messages[0]));
    assert_eq!(all.left_out(), 104 - 64);
    assert_eq!(all.into_records().len(), 65);
}
