//! Words of visitors in messages. They must not look like words of CROW, name people, or be links.

/// Characters that are shown of one text.
const MOST: usize = 200;
/// It has no width. Between the parts of an address or a mention, programs see neither.
const BREAK: char = '\u{200b}';

/// One line without control characters and without those that change the direction of what follows.
#[must_use]
pub fn line(text: &str) -> String {
    let mut line = String::new();
    let mut is_space = true;
    let mut count = 0;
    for one in text.chars() {
        let is_break = one.is_whitespace() || one.is_control();
        if is_invisible(one) || (is_break && is_space) {
            continue;
        }
        if count == MOST {
            line.push('…');
            break;
        }
        line.push(if is_break { ' ' } else { one });
        is_space = is_break;
        count += 1;
    }
    line.trim_end().to_owned()
}

/// Marks of direction, and characters that show nothing. Programs read what the latter hide, also language
/// models.
fn is_invisible(one: char) -> bool {
    matches!(one,
        '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}'
        | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}' | '\u{2800}' | '\u{3164}' | '\u{e000}'..='\u{f8ff}'
        | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{ffa0}' | '\u{fff0}'..='\u{fffb}'
        | '\u{e0000}'..='\u{10ffff}')
}

/// The same for plain text: no program makes a link or a mention of it.
#[must_use]
pub fn plain(text: &str) -> String {
    let line = line(text);
    let mut broken = String::with_capacity(line.len());
    for one in line.chars() {
        broken.push(one);
        // Browsers take the wide ones for those of an address.
        if matches!(
            one,
            '.' | '@' | ':' | '#' | '。' | '．' | '｡' | '․' | '＠' | '：' | '＃'
        ) {
            broken.push(BREAK);
        }
    }
    broken
}

/// The same in quotation marks, for a sentence of CROW.
#[must_use]
pub fn quoted(text: &str) -> String {
    format!("\"{}\"", plain(text).replace('"', "'"))
}

/// The same for Slack's markup: as code, in which nothing has a meaning.
#[must_use]
pub fn slack(text: &str) -> String {
    format!("`{}`", slack_words(&plain(text).replace('`', "'")))
}

/// Words of CROW or of the organization in Slack's markup.
#[must_use]
pub fn slack_words(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_visitor_wrote_is_one_line_without_links_and_mentions() {
        for (text, expected) in [
            ("a\n\nb\t c\r\n", "a b c"),
            ("\u{202e}evil\u{2066}\u{0}x", "evil x"),
            ("h\u{fe01}i\u{e0149}d\u{2800}d\u{e0041}e\u{34f}n", "hidden"),
            ("", ""),
        ] {
            assert_eq!(line(text), expected, "{text:?}");
        }
        let long = line(&"ä".repeat(500));
        assert_eq!((long.chars().count(), long.ends_with('…')), (201, true));
        assert_eq!(quoted("say \"x\"\n"), "\"say 'x'\"");
        let link = plain("see https://evil.example/x or www.evil.example, me@evil.example");
        for part in ["://", "www.evil", "evil.example", "me@evil"] {
            assert!(!link.contains(part), "{part} in {link}");
        }
    }

    #[test]
    fn slack_takes_nothing_of_it_for_markup() {
        let hostile = "<!channel> <@U123> <https://evil.example|click> `x` & *b* @here";
        let shown = slack(hostile);
        assert!(!shown.contains(['<', '>']), "{shown}");
        assert_eq!(shown.matches('`').count(), 2, "{shown}");
        assert!(shown.starts_with("`&lt;!channel&gt;"), "{shown}");
        assert!(
            !shown.contains("@here") && !shown.contains("://"),
            "{shown}"
        );
        assert!(shown.contains("&amp; *b*"), "{shown}");
    }
}
