//! `robots.txt`: which pages a site does not want to be read by programs. RFC 9309.

/// Rules that are read.
const MOST: usize = 1_000;
/// Bytes of the file that are read; RFC 9309 asks for at least 500 KiB.
const MOST_BYTES: usize = 512 << 10;
/// Bytes of one rule. Longer ones are ignored.
const MOST_OF_RULE: usize = 2 << 10;

/// The rules of a site for one program.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Robots {
    rules: Vec<Rule>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Rule {
    pattern: String,
    allows: bool,
}

impl Robots {
    /// Reads a file. The groups that name `agent` count, otherwise those for all programs.
    #[must_use]
    pub fn read(file: &[u8], agent: &str) -> Self {
        let text = String::from_utf8_lossy(&file[..file.len().min(MOST_BYTES)]);
        let (mut ours, mut general) = (Vec::new(), Vec::new());
        let mut is_named = false;
        let (mut to_ours, mut to_general, mut is_head) = (false, false, false);
        for line in text.lines() {
            let line = line.split('#').next().unwrap_or_default();
            let Some((name, value)) = line.split_once(':') else {
                continue;
            };
            let value = value.trim();
            match name
                .trim()
                .trim_start_matches('\u{feff}')
                .to_ascii_lowercase()
                .as_str()
            {
                "user-agent" => {
                    if !is_head {
                        (to_ours, to_general, is_head) = (false, false, true);
                    }
                    let is_ours = value.eq_ignore_ascii_case(agent);
                    (to_ours, is_named) = (to_ours || is_ours, is_named || is_ours);
                    to_general |= value == "*";
                }
                kind @ ("allow" | "disallow") => {
                    is_head = false;
                    // An empty rule says nothing.
                    if value.is_empty() || value.len() > MOST_OF_RULE {
                        continue;
                    }
                    let rule = Rule {
                        pattern: collapsed(value),
                        allows: kind == "allow",
                    };
                    for (takes, rules) in [(to_ours, &mut ours), (to_general, &mut general)] {
                        if takes && rules.len() < MOST {
                            rules.push(rule.clone());
                        }
                    }
                }
                _ => {}
            }
        }
        Self {
            rules: if is_named { ours } else { general },
        }
    }

    /// Whether a page may be read, by its path with the query. The longest rule counts, and of two that
    /// are as long the one that allows.
    #[must_use]
    pub fn allows(&self, path: &str) -> bool {
        let fitting = self.rules.iter().filter(|rule| fits(&rule.pattern, path));
        let decisive = fitting.max_by_key(|rule| (rule.pattern.len(), rule.allows));
        decisive.is_none_or(|rule| rule.allows)
    }
}

/// Several `*` in a row mean the same as one.
fn collapsed(pattern: &str) -> String {
    let mut kept = String::new();
    for next in pattern.chars() {
        if next != '*' || !kept.ends_with('*') {
            kept.push(next);
        }
    }
    kept
}

/// `*` stands for anything, and `$` at the end for the end of the path.
fn fits(pattern: &str, path: &str) -> bool {
    let (pattern, is_whole) = match pattern.strip_suffix('$') {
        Some(pattern) => (pattern, true),
        None => (pattern, false),
    };
    let mut parts = pattern.split('*');
    let first = parts.next().unwrap_or_default();
    let Some(mut rest) = path.strip_prefix(first) else {
        return false;
    };
    let mut last = None;
    for part in parts {
        let Some(at) = rest.find(part) else {
            return false;
        };
        rest = &rest[at + part.len()..];
        last = Some(part);
    }
    match last {
        _ if !is_whole => true,
        None => rest.is_empty(),
        // The last part may be there again, at the end.
        Some(last) => rest.is_empty() || rest.ends_with(last),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_longest_rule_of_our_group_counts() {
        let file = b"\xef\xbb\xbfUser-agent: other\nDisallow: /\n\n\
            # for all\nUser-Agent: *\nDisallow: /cart # private\nAllow: /cart/help\nDisallow: /*?sort=\n\
            Disallow: /*.pdf$\nDisallow:\nSitemap: https://shop.example/sitemap.xml\n";
        let robots = Robots::read(file, "CROW");
        for (path, allows) in [
            ("/", true),
            ("/products/lamp", true),
            ("/cart", false),
            ("/cart/items", false),
            ("/cart/help/1", true),
            ("/list?sort=price", false),
            ("/a.pdf", false),
            ("/a.pdf.pdf", false),
            ("/a.pdf?x", true),
        ] {
            assert_eq!(robots.allows(path), allows, "{path}");
        }
    }

    #[test]
    fn a_group_with_our_name_replaces_the_general_one() {
        let file = b"User-agent: *\nDisallow: /\n\nUser-agent: a\nUser-agent: crow\nDisallow: /x\nAllow: /x\n";
        let robots = Robots::read(file, "CROW");
        assert!(robots.allows("/") && robots.allows("/x"));
        assert!(!Robots::read(b"User-agent: crow\nDisallow: /", "CROW").allows("/a"));
        // Named without rules: everything is allowed.
        let named = Robots::read(
            b"User-agent: *\nDisallow: /\nUser-agent: crow\nDisallow:",
            "CROW",
        );
        assert!(named.allows("/a"));
        assert!(Robots::read(b"", "CROW").allows("/a"));
        assert!(Robots::read(b"<html>\xff", "CROW").allows("/a"));
    }

    #[test]
    fn rules_are_bounded() {
        let long = format!("/{}", "a".repeat(MOST_OF_RULE));
        let file = format!("User-agent: *\nDisallow: {long}\nDisallow: /x***y**$\n");
        let robots = Robots::read(file.as_bytes(), "CROW");
        assert_eq!(robots.rules.len(), 1);
        assert_eq!(robots.rules[0].pattern, "/x*y*$");
        assert!(robots.allows(&long) && robots.allows("/x"));
        assert!(!robots.allows("/x/y/z"));
        let many = format!("User-agent: *\n{}", "Disallow: /a\n".repeat(MOST + 1));
        assert_eq!(Robots::read(many.as_bytes(), "CROW").rules.len(), MOST);
    }
}
