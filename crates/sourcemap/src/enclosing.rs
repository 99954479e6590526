//! The function around a place of a source in JavaScript or TypeScript.
//!
//! A reader of brackets, strings, templates, comments and regular expressions, not a parser: what it
//! does not understand, such as an apostrophe in JSX, costs at most the name. It reads from the
//! beginning of the source, because a template or a comment may have begun anywhere before. What it
//! looks at more than once is counted: a source is as hostile as its uploader.

use crate::Work;

/// Bytes before a brace in which its function is looked for.
const MAX_HEAD: usize = 1_000;
/// Bytes of a regular expression, and those after a `/` that begins none.
const MAX_PATTERN: usize = 4_000;
/// Brackets that are open at the same time.
const MAX_DEPTH: usize = 10_000;
/// Words before a parenthesis that are no names of functions.
const KEYWORDS: [&str; 12] = [
    "if", "for", "while", "switch", "catch", "with", "return", "await", "function", "async",
    "typeof", "in",
];
/// Words after which a `/` begins a regular expression.
const BEFORE_EXPRESSION: [&str; 6] = ["return", "typeof", "case", "in", "of", "await"];

/// What is open.
enum Open<'a> {
    /// `{`, with the function that it begins.
    Brace(Function<'a>),
    /// `(` or `[`, with the beginning of the statement that goes on behind it.
    Inside(usize),
    /// `${` in a template.
    Template,
}

/// The function of a brace.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Function<'a> {
    /// A block, an object or a class.
    None,
    /// One without a name.
    Nameless,
    /// One with a name.
    Named(&'a str),
}

/// The name of the innermost named function around the byte at `at`. `None` also when there is too
/// little `work` left to find it.
pub(crate) fn function<'a>(source: &'a str, at: usize, work: &mut Work) -> Option<&'a str> {
    work.spend(at)?;
    let mut reader = Reader {
        source: source.as_bytes(),
        text: source,
        at: 0,
        // Where the statement at hand begins.
        head: 0,
        open: Vec::new(),
        work,
    };
    reader.read_until(at.min(source.len()))?;
    let head = reader.text.get(reader.head..at)?;
    if let Some(name) = around_expression(head) {
        return Some(name);
    }
    reader.open.iter().rev().find_map(|open| match open {
        Open::Brace(Function::Named(name)) => Some(*name),
        Open::Brace(_) | Open::Inside(_) | Open::Template => None,
    })
}

struct Reader<'a, 'w> {
    source: &'a [u8],
    text: &'a str,
    at: usize,
    head: usize,
    open: Vec<Open<'a>>,
    work: &'w mut Work,
}

impl<'a> Reader<'a, '_> {
    /// `None`: more is open than any source has, or no work is left.
    fn read_until(&mut self, end: usize) -> Option<()> {
        while self.at < end {
            if self.open.len() > MAX_DEPTH {
                return None;
            }
            let byte = self.source[self.at];
            self.at += 1;
            match byte {
                b'"' | b'\'' => self.skip_string(byte),
                b'`' => self.skip_template(),
                b'/' => self.skip_slash()?,
                b'{' => {
                    let head = self.head_before(self.at - 1);
                    // The head of one brace may be a part of the next one's.
                    self.work.spend(head.len())?;
                    let function = function_of(head);
                    self.open.push(Open::Brace(function));
                    self.head = self.at;
                }
                b'(' | b'[' => self.open.push(Open::Inside(self.head)),
                b')' | b']' => {
                    if let Some(Open::Inside(head)) = self.open.last() {
                        self.head = *head;
                        self.open.pop();
                    }
                }
                b'}' => self.close_brace(),
                b';' => self.head = self.at,
                _other => {}
            }
        }
        Some(())
    }

    fn close_brace(&mut self) {
        match self.open.last() {
            Some(Open::Brace(_)) => {
                self.open.pop();
                self.head = self.at;
            }
            Some(Open::Template) => {
                self.open.pop();
                self.skip_template();
            }
            Some(Open::Inside(_)) | None => {}
        }
    }

    /// The text of the statement up to a brace.
    fn head_before(&self, brace: usize) -> &'a str {
        let least = brace.saturating_sub(MAX_HEAD);
        let from = self.text.ceil_char_boundary(self.head.max(least));
        self.text.get(from..brace).unwrap_or_default()
    }

    fn skip_string(&mut self, quote: u8) {
        while let Some(byte) = self.source.get(self.at) {
            match *byte {
                b'\\' => self.at += 2,
                // A string has one line: this was none.
                b'\n' => return,
                byte => {
                    self.at += 1;
                    if byte == quote {
                        return;
                    }
                }
            }
        }
    }

    fn skip_template(&mut self) {
        while let Some(byte) = self.source.get(self.at) {
            self.at += 1;
            match *byte {
                b'\\' => self.at += 1,
                b'`' => return,
                b'$' if self.source.get(self.at) == Some(&b'{') => {
                    self.at += 1;
                    self.open.push(Open::Template);
                    return;
                }
                _other => {}
            }
        }
    }

    fn skip_slash(&mut self) -> Option<()> {
        match self.source.get(self.at) {
            Some(b'/') => self.skip_past("\n"),
            Some(b'*') => {
                self.at += 1;
                self.skip_past("*/");
            }
            Some(_) if self.begins_expression() => return self.skip_pattern(),
            Some(_) | None => {}
        }
        Some(())
    }

    fn skip_past(&mut self, end: &str) {
        let rest = self.text.get(self.at..).unwrap_or_default();
        let found = rest.find(end).map(|found| found + end.len());
        self.at += found.unwrap_or(rest.len());
    }

    /// Whether a `/` here begins a regular expression, by what is before it.
    fn begins_expression(&self) -> bool {
        let before = self.text.get(..self.at - 1).unwrap_or_default();
        let before = before.trim_end_matches([' ', '\t']);
        match before.bytes().last() {
            None => true,
            Some(byte) if b"(,=:[!&|?{};+*%~^\n".contains(&byte) => true,
            Some(_) => BEFORE_EXPRESSION.contains(&last_word(before)),
        }
    }

    fn skip_pattern(&mut self) -> Option<()> {
        let rest = self.source[self.at..].iter().take(MAX_PATTERN);
        let line = rest.take_while(|b| **b != b'\n');
        let (mut is_escaped, mut is_in_class) = (false, false);
        let mut looked_at = 0;
        for (at, byte) in line.enumerate() {
            looked_at = at;
            match *byte {
                _ if is_escaped => is_escaped = false,
                b'\\' => is_escaped = true,
                b'[' => is_in_class = true,
                b']' => is_in_class = false,
                b'/' if !is_in_class => {
                    self.at += at + 1;
                    return Some(());
                }
                _other => {}
            }
        }
        // It was none: what follows is read again.
        self.work.spend(looked_at)
    }
}

/// What a brace after this text begins.
fn function_of(head: &str) -> Function<'_> {
    let head = head.trim_end();
    if let Some(head) = head.strip_suffix("=>") {
        return named(arrow_name(head));
    }
    let Some(before) = before_parameters(without_type(head)) else {
        return Function::None;
    };
    let before = without_generics(before);
    let word = last_word(before);
    let rest = before[..before.len() - word.len()].trim_end();
    let is_expression = word == "function" || (word.is_empty() && rest.ends_with("function*"));
    if is_expression {
        let rest = rest.strip_suffix("function*").unwrap_or(rest);
        return named(assigned_name(rest));
    }
    let is_class = rest.ends_with("extends") || rest.ends_with("new");
    if word.is_empty() || KEYWORDS.contains(&word) || is_class {
        return Function::None;
    }
    Function::Named(word)
}

fn named(name: Option<&str>) -> Function<'_> {
    name.map_or(Function::Nameless, Function::Named)
}

/// The name of the innermost named arrow function whose body, an expression, ends with this text.
fn around_expression(head: &str) -> Option<&str> {
    let head = &head[head.ceil_char_boundary(head.len().saturating_sub(MAX_HEAD))..];
    let mut arrows = head.rmatch_indices("=>");
    arrows.find_map(|(at, arrow)| {
        let (before, body) = (&head[..at], &head[at + arrow.len()..]);
        goes_on(before, body).then(|| arrow_name(before)).flatten()
    })
}

/// Whether the text after an arrow is still its body. Without a semicolon only the indentation tells
/// that another statement has begun.
fn goes_on(before: &str, body: &str) -> bool {
    let indented = |line: &str| line.len() - line.trim_start().len();
    let own = before.rsplit('\n').next().map_or(0, indented);
    let mut lines = body.split('\n').skip(1).peekable();
    while let Some(line) = lines.next() {
        let is_last = lines.peek().is_none();
        let counts = is_last || !line.trim().is_empty();
        if counts && indented(line) <= own {
            return false;
        }
    }
    true
}

/// What an arrow function is assigned to, from the text before its arrow.
fn arrow_name(head: &str) -> Option<&str> {
    let head = head.trim_end();
    let before = match before_parameters(without_type(head)) {
        Some(before) => without_generics(before),
        // One parameter without parentheses.
        None => head[..head.len() - last_word(head).len()].trim_end(),
    };
    assigned_name(before)
}

/// What a value after this text is assigned to: `const name =`, `name: Type =` or `name:`.
fn assigned_name(before: &str) -> Option<&str> {
    let before = before.trim_end();
    let before = match last_word(before) {
        "async" => before[..before.len() - "async".len()].trim_end(),
        _other => before,
    };
    if let Some(target) = before.strip_suffix('=') {
        let is_comparison = target.ends_with(['=', '!', '<', '>', '+', '?', '|', '&']);
        if is_comparison {
            return None;
        }
        let line = target.rsplit('\n').next().unwrap_or(target);
        let declared = ["const ", "let ", "var "]
            .iter()
            .find_map(|word| line.rsplit_once(word).map(|(_, rest)| rest));
        let target = match declared {
            // A type may follow the name.
            Some(rest) => rest.split(':').next().unwrap_or(rest),
            None => target,
        };
        return word_of(last_word(target.trim_end()));
    }
    let target = before.strip_suffix(':')?;
    word_of(last_word(target.trim_end()))
}

fn word_of(word: &str) -> Option<&str> {
    (!word.is_empty() && !KEYWORDS.contains(&word)).then_some(word)
}

/// Without the type of the result: `(…): Promise<void>`.
fn without_type(head: &str) -> &str {
    let Some((before, kind)) = head.rsplit_once(')') else {
        return head;
    };
    let kind = kind.trim();
    let is_type = kind.is_empty() || kind.starts_with(':');
    if is_type {
        &head[..=before.len()]
    } else {
        head
    }
}

/// The text before the parameters at the end; `None`: there are none.
fn before_parameters(head: &str) -> Option<&str> {
    if !head.ends_with(')') {
        return None;
    }
    let mut depth = 0_usize;
    for (at, byte) in head.bytes().enumerate().rev() {
        match byte {
            b')' => depth += 1,
            b'(' => depth -= 1,
            _other => {}
        }
        if depth == 0 {
            return Some(head[..at].trim_end());
        }
    }
    None
}

/// Without `<T>` at the end.
fn without_generics(before: &str) -> &str {
    if !before.ends_with('>') || before.ends_with("=>") {
        return before;
    }
    before
        .rfind('<')
        .map_or(before, |at| before[..at].trim_end())
}

/// The name at the end of a text.
fn last_word(text: &str) -> &str {
    let is_part = |letter: char| letter.is_alphanumeric() || matches!(letter, '_' | '$' | '#');
    let start = text.rfind(|letter| !is_part(letter));
    let start = start.map_or(0, |at| {
        at + text[at..].chars().next().map_or(1, char::len_utf8)
    });
    &text[start..]
}
