//! The data of a page: its scripts of the type `application/ld+json`.
//!
//! Only as much of HTML as this needs: tags with their attributes, comments, and elements whose content is
//! text. Each byte is looked at a constant number of times.

use serde_json::Value;

const LD: &str = "application/ld+json";
/// Scripts of one page.
const MOST: usize = 200;
/// Bytes of one script. Parsed, it may take a hundred times as much memory.
const MOST_OF_SCRIPT: usize = 512 << 10;
/// Bytes of the scripts of one page.
const MOST_OF_PAGE: usize = 1 << 20;
/// Elements whose content is text.
const TEXTS: [&str; 8] = [
    "script", "style", "title", "textarea", "xmp", "iframe", "noembed", "noframes",
];

/// What a page says as data.
#[derive(Debug, Default, PartialEq)]
pub struct Data {
    /// In the order of the page.
    pub documents: Vec<Value>,
    /// Scripts that are no JSON or too long. Those after the last one that is taken count as one.
    pub unreadable: usize,
}

/// The data of a page.
#[must_use]
pub fn data(page: &str) -> Data {
    let mut data = Data::default();
    let mut taken = 0;
    for script in scripts(page) {
        if script.len() > MOST_OF_SCRIPT {
            data.unreadable += 1;
            continue;
        }
        taken += script.len();
        if taken > MOST_OF_PAGE {
            data.unreadable += 1;
            break;
        }
        match parse(script) {
            Some(document) => data.documents.push(document),
            None => data.unreadable += 1,
        }
    }
    data
}

fn scripts(page: &str) -> Vec<&str> {
    let mut found = Vec::new();
    let mut rest = page;
    while let Some(at) = rest.find('<') {
        rest = &rest[at + 1..];
        if let Some(comment) = rest.strip_prefix("!--") {
            let Some(end) = comment.find("-->") else {
                break;
            };
            rest = &comment[end + 3..];
            continue;
        }
        if !rest.starts_with(|first: char| first.is_ascii_alphabetic()) {
            continue;
        }
        let Some(tag) = Tag::read(rest) else { break };
        rest = tag.rest;
        let is_text = |name: &&&str| name.eq_ignore_ascii_case(tag.name);
        if let Some(name) = TEXTS.iter().find(is_text) {
            let Some(end) = end_of(rest, name) else { break };
            if tag.is_data() && found.len() < MOST {
                found.push(&rest[..end]);
            }
            rest = &rest[end..];
        }
    }
    found
}

/// Where the end tag of an element begins.
fn end_of(text: &str, name: &str) -> Option<usize> {
    let mut from = 0;
    while let Some(at) = text[from..].find("</") {
        let start = from + at;
        let after = &text.as_bytes()[start + 2..];
        let is_it = after
            .get(..name.len())
            .is_some_and(|it| it.eq_ignore_ascii_case(name.as_bytes()));
        if is_it {
            return Some(start);
        }
        from = start + 2;
    }
    None
}

struct Tag<'a> {
    name: &'a str,
    /// The value of the first attribute `type`.
    kind: Option<&'a str>,
    /// What follows the tag.
    rest: &'a str,
}

impl<'a> Tag<'a> {
    /// `None`: it does not end.
    fn read(text: &'a str) -> Option<Self> {
        let end = text.find(|it: char| it.is_ascii_whitespace() || it == '>' || it == '/')?;
        let (name, mut rest) = text.split_at(end);
        let mut kind = None;
        loop {
            rest = rest.trim_start_matches(|it: char| it.is_ascii_whitespace() || it == '/');
            if let Some(rest) = rest.strip_prefix('>') {
                return Some(Self { name, kind, rest });
            }
            let (attribute, value, after) = attribute(rest)?;
            if attribute.eq_ignore_ascii_case("type") && kind.is_none() {
                kind = value;
            }
            rest = after;
        }
    }

    fn is_data(&self) -> bool {
        let kind = self.kind.unwrap_or_default();
        let kind = kind.split(';').next().unwrap_or_default();
        self.name.eq_ignore_ascii_case("script") && kind.trim().eq_ignore_ascii_case(LD)
    }
}

/// The name of an attribute, its value and what follows. `None`: it does not end.
fn attribute(text: &str) -> Option<(&str, Option<&str>, &str)> {
    // A name may begin with an equals sign.
    let first = text.chars().next()?.len_utf8();
    let is_end = |it: char| it.is_ascii_whitespace() || matches!(it, '=' | '>' | '/');
    let end = first + text[first..].find(is_end)?;
    let (name, rest) = text.split_at(end);
    let Some(value) = rest.trim_ascii_start().strip_prefix('=') else {
        return Some((name, None, rest));
    };
    let value = value.trim_ascii_start();
    let quote = value.chars().next().filter(|it| matches!(it, '"' | '\''));
    if let Some(quote) = quote {
        let inside = &value[1..];
        let end = inside.find(quote)?;
        return Some((name, Some(&inside[..end]), &inside[end + 1..]));
    }
    let end = value.find(|it: char| it.is_ascii_whitespace() || it == '>')?;
    Some((name, Some(&value[..end]), &value[end..]))
}

/// Shops put comments around their JSON, and line breaks into its texts.
fn parse(script: &str) -> Option<Value> {
    let mut text = script.trim();
    for start in ["//", "/*", "<!--", "<![CDATA[", "*/"] {
        text = text.strip_prefix(start).unwrap_or(text).trim_start();
    }
    for end in ["*/", "-->", "]]>", "/*", "//", ";"] {
        text = text.strip_suffix(end).unwrap_or(text).trim_end();
    }
    let strict = serde_json::from_str(text).ok();
    strict.or_else(|| {
        let is_broken = text.chars().any(char::is_control);
        let mended = || text.replace(char::is_control, " ");
        is_broken
            .then(mended)
            .and_then(|text| serde_json::from_str(&text).ok())
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    fn documents(page: &str) -> Vec<Value> {
        data(page).documents
    }

    #[test]
    fn scripts_with_data_are_found() {
        let page = r#"<!doctype html><html><head>
            <script type="application/ld+json">{"a": 1}</script>
            <SCRIPT async data-x='>' TYPE = application/ld+json; charset=utf-8 >{"b": "</p>"}</Script >
            <script type='application/ld+json'>//<![CDATA[
              {"c": "two
lines"};
            //]]></script>
            <script type="application/ld+json"><!-- {"d": 1} --></script>
            <script type="application/ld+json">{"broken": </script>
            <script>{"no": 1}</script><script type="text/javascript">"<script type='application/ld+json'>{}"</script>
            <!-- <script type="application/ld+json">{"no": 1}</script> -->
            <title><script type="application/ld+json">{"no": 1}</script></title>
            <p title='<script type="application/ld+json">{"no": 1}</script>'>x</p>
            <script type="application/ld+json">{"e": 1}</script>"#;
        let found = data(page);
        assert_eq!(
            found.documents,
            [
                json!({"a": 1}),
                json!({"b": "</p>"}),
                json!({"c": "two lines"}),
                json!({"d": 1}),
                json!({"e": 1}),
            ]
        );
        assert_eq!(found.unreadable, 1);
    }

    #[test]
    fn what_does_not_end_has_nothing() {
        for page in [
            "",
            "<",
            "<script",
            "<script type=\"application/ld+json",
            "<script type=application/ld+json>{}",
            "<!-- <script type=application/ld+json>{}</script>",
            "<a b='<script type=application/ld+json>{}</script>",
        ] {
            assert!(documents(page).is_empty(), "{page}");
        }
        let deep = "[".repeat(100_000);
        let page = format!("<script type=application/ld+json>{deep}</script>");
        assert_eq!(data(&page).unreadable, 1);
        let many = "<script type=application/ld+json>1</script>".repeat(MOST + 1);
        assert_eq!(documents(&many).len(), MOST);
    }

    #[test]
    fn scripts_that_are_too_long_are_not_taken() {
        let script = |bytes: usize| {
            let text = "x".repeat(bytes - 2);
            format!("<script type=application/ld+json>\"{text}\"</script>")
        };
        let longest = script(MOST_OF_SCRIPT);
        let found = data(&format!("{}{longest}", script(MOST_OF_SCRIPT + 1)));
        assert_eq!((found.documents.len(), found.unreadable), (1, 1));
        let found = data(&longest.repeat(2));
        assert_eq!((found.documents.len(), found.unreadable), (2, 0));
        let found = data(&format!("{}{}", longest.repeat(2), script(2).repeat(5)));
        assert_eq!((found.documents.len(), found.unreadable), (2, 1));
    }

    proptest! {
        #[test]
        fn nothing_stops_it(parts in proptest::collection::vec(prop_oneof![
            Just("<script type=application/ld+json>"), Just("</script>"), Just("<!--"), Just("-->"), Just("{}"),
            Just("'"), Just("\""), Just("="), Just("<é "), Just("<a é=é"), Just("/"), Just(">"), Just("é"), Just("</"),
        ], 0..30)) {
            prop_assert!(data(&parts.concat()).documents.len() <= MOST);
        }
    }
}
