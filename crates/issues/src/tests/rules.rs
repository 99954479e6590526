use crow_types::settings::IssueRule;

use crate::issue::Reported;
use crate::rules::matches;

fn chunk_failed(number: u32, build: &str) -> Reported {
    Reported {
        name: "ChunkLoadError".to_owned(),
        message: format!("Loading chunk {number} failed."),
        stack: format!(
            "ChunkLoadError: x\n    at load (https://shop.example/assets/main-{build}.js:1:2)\n"
        ),
        page: "https://shop.example/carts/17".to_owned(),
        release: "1.2.0".to_owned(),
        is_handled: false,
    }
}

fn rule(fingerprint: &str, change: impl FnOnce(&mut IssueRule)) -> IssueRule {
    let mut rule = IssueRule {
        fingerprint: fingerprint.to_owned(),
        ..IssueRule::default()
    };
    change(&mut rule);
    rule
}

fn some(text: &str) -> Option<String> {
    Some(text.to_owned())
}

#[test]
fn a_star_stands_for_any_text() {
    for (pattern, text, is_match) in [
        ("", "", true),
        ("abc", "abc", true),
        ("abc", "abcd", false),
        ("*", "", true),
        ("**", "any", true),
        ("a*", "abc", true),
        ("*c", "abc", true),
        ("a*c", "ac", true),
        ("a*a", "a", false),
        ("*b*", "abc", true),
        ("a*b*c", "a1b2c", true),
        ("a*b*c", "a1c2c", false),
        ("*ab*ab*", "abab", true),
        ("*ab*ab*", "aba", false),
        ("*ab*bc", "abc", false),
        ("ä*ß", "äöß", true),
        ("a.c", "abc", false),
        ("[a-z]+", "abc", false),
    ] {
        assert_eq!(matches(pattern, text), is_match, "{pattern} {text}");
    }
}

#[test]
fn the_first_rule_that_applies_decides() {
    let one = chunk_failed(7, "4f3a2b1c");
    let default = one.identify().fingerprint;
    let by = |rules: &[IssueRule], of: &Reported| of.identify_by(rules).fingerprint;
    let merged = rule("chunks", |it| it.message = some("Loading chunk * failed*"));
    let found = by(std::slice::from_ref(&merged), &one);
    assert!(found.starts_with("c2:") && found != default, "{found}");
    let mut other = chunk_failed(8, "11112222");
    other.name = "Error".to_owned();
    assert_ne!(other.identify().fingerprint, default);
    assert_eq!(by(std::slice::from_ref(&merged), &other), found);

    let no_kind = rule("default", |it| it.r#type = some("Chunk*"));
    let in_order = [no_kind, merged];
    assert_eq!(by(&in_order, &one), default);
    assert_eq!(by(&in_order, &other), found);

    let shown = one.identify_by(&in_order[1..]);
    assert_eq!(shown.message, "Loading chunk 7 failed.");
    assert_eq!(shown.culprit, "load in main-4f3a2b1c.js");
}

#[test]
fn each_condition_counts() {
    let error = chunk_failed(7, "4f3a2b1c");
    let default = error.identify().fingerprint;
    for (is_match, rule) in [
        (true, rule("x", |it| it.r#type = some("ChunkLoadError"))),
        (false, rule("x", |it| it.r#type = some("chunkloaderror"))),
        (true, rule("x", |it| it.file = some("/assets/main-*.js"))),
        (false, rule("x", |it| it.file = some("main-*.js"))),
        (true, rule("x", |it| it.function = some("load"))),
        (true, rule("x", |it| it.page = some("/carts/*"))),
        (true, rule("x", |it| it.release = some("1.*"))),
        (true, rule("x", |it| it.is_handled = Some(false))),
        (false, rule("x", |it| it.is_handled = Some(true))),
        (
            false,
            rule("x", |it| {
                it.r#type = some("*");
                it.release = some("2.*");
            }),
        ),
    ] {
        let found = error.identify_by(std::slice::from_ref(&rule)).fingerprint;
        assert_eq!(found != default, is_match, "{rule:?}");
    }
}

#[test]
fn a_fingerprint_is_filled_in() {
    let all = |text: &str| rule(text, |it| it.r#type = some("*"));
    let of = |text: &str, error: &Reported| error.identify_by(&[all(text)]).fingerprint;
    let (one, two) = (chunk_failed(7, "4f3a2b1c"), chunk_failed(8, "11112222"));
    // Neither numbers in messages nor hashes of files tell them apart.
    for text in [
        "{message}",
        "{file}",
        "{function} {page}",
        "{type}",
        "{default}",
    ] {
        assert_eq!(of(text, &one), of(text, &two), "{text}");
    }
    let mut elsewhere = chunk_failed(7, "4f3a2b1c");
    elsewhere.page = "https://shop.example/pay".to_owned();
    assert_ne!(of("{page}", &one), of("{page}", &elsewhere), "split");
    assert_eq!(of("{type}", &one), of("ChunkLoadError", &one));
    // It can be split further, and never be one with that of no rule.
    assert_ne!(of("{default}", &one), one.identify().fingerprint);
    assert_ne!(
        of("{default} {page}", &one),
        of("{default} {page}", &elsewhere)
    );
}

/// The worst rules that settings allow, on the worst error. A pattern that backtracks would not end.
#[test]
fn hostile_rules_and_errors_take_a_bounded_time() {
    let pattern = format!("*{}b", "a*".repeat(7));
    let worst = rule("{message}{message}{default}", |it| {
        it.message = Some(pattern);
        it.page = some("*");
    });
    let rules = vec![worst; 10_000];
    let error = Reported {
        message: "a".repeat(1 << 20),
        page: "/{type}/*".to_owned(),
        stack: "a@".repeat(1 << 16),
        ..Reported::default()
    };
    for _ in 0..20 {
        assert!(error.identify_by(&rules).fingerprint.starts_with("2:"));
    }
    // What a visitor writes is filled in once, and is no placeholder.
    let by_page = [rule("{page}", |it| it.page = some("*"))];
    let found = error.identify_by(&by_page).fingerprint;
    let literal = [rule("/{type}/*x", |it| it.page = some("*"))];
    assert_ne!(found, error.identify_by(&literal).fingerprint);
}
