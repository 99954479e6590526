//! What other services report: frames of a camera, and single interactions. Only what they say is
//! told, in quotation marks; nothing is concluded from it.

use crow_product::catalogue::{By, Catalogue, Match};

use crate::chosen::{Choice, MAX_CANDIDATES};
use crate::claims::{Claim, duration};
use crate::clean::{MAX_NAME, MAX_TEXT, clean};
use crate::line::{Draft, Kind, Line, Lines};
use crate::matched::Matched;
use crate::meaning::{Meaning, Near, clear, phrases};

#[cfg(test)]
mod tests;

/// Descriptions that the summary quotes.
const QUOTED: usize = 3;
/// Lines that one sentence names as evidence.
const MAX_EVIDENCE: usize = 10;
/// Products that one report names.
const MAX_PRODUCTS: usize = 50;
/// Products that one report says in other words.
const MAX_MEANT: usize = 3;
/// Different phrases of one report that are compared with a catalogue. It bounds the time: the largest
/// catalogue has 50,000 products.
const MAX_PHRASES: usize = 32;
/// The longest text that a service may have written as a summary, in characters.
const MAX_SUMMARY: usize = 1_000;
/// Fields of a report that hold its text. The first that is there counts.
const TEXTS: &[&str] = &[
    "text",
    "message",
    "content",
    "caption",
    "body",
    "description",
    "title",
];
/// Fields that hold the name of a network.
const NETWORKS: &[&str] = &["platform", "network", "channel"];

/// Who wrote a summary that came with a report.
pub const CALLER_SOURCE: &str = "caller";

/// A report in words.
#[derive(Debug, Clone, PartialEq)]
pub struct Told {
    /// The claims as one text.
    pub summary: String,
    /// [`crate::RULES_SOURCE`] or [`CALLER_SOURCE`].
    pub source: &'static str,
    /// `frames` or `report`.
    pub reason: &'static str,
    /// The sentences with their evidence.
    pub claims: Vec<Claim>,
    /// Products of the catalogue that it names or means.
    pub matched: Vec<Matched>,
    /// What a language model may choose from. Nothing if a product is matched.
    pub choice: Choice,
    /// Numbered. They hold what the service wrote.
    pub lines: Vec<Line>,
}

impl Told {
    /// The same with a product that a language model has chosen.
    #[must_use]
    pub fn with_chosen(mut self, chosen: Matched) -> Self {
        let claim = products_claim("A language model says it may be about", &[&chosen]);
        self.claims.extend(claim);
        self.matched.push(chosen);
        Self {
            summary: summary_of(&self.claims),
            choice: Choice::default(),
            ..self
        }
    }
}

/// Products that texts name, each with its lines. Of texts that name none, those that they mean.
struct Products<'a> {
    catalogue: &'a Catalogue,
    meaning: Option<&'a Meaning>,
    found: Vec<(Match, Vec<u32>)>,
    /// Phrases of texts that name no product, each with its lines.
    phrases: Vec<(String, Vec<u32>)>,
}

impl<'a> Products<'a> {
    fn of(catalogue: &'a Catalogue, meaning: Option<&'a Meaning>) -> Self {
        Self {
            catalogue,
            meaning,
            found: Vec::new(),
            phrases: Vec::new(),
        }
    }

    /// Reads a text. `shown` is what the line shows of it.
    fn read(&mut self, text: &str, shown: &str, line: u32) {
        let named = self.catalogue.in_text(text);
        if named.is_empty() && self.meaning.is_some() {
            self.keep_phrases(shown, line);
        }
        for named in named {
            let known = self.found.iter().position(|(known, _)| *known == named);
            match known {
                Some(place) => push(&mut self.found[place].1, line),
                None if self.found.len() < MAX_PRODUCTS => self.found.push((named, vec![line])),
                None => {}
            }
        }
    }

    fn keep_phrases(&mut self, shown: &str, line: u32) {
        for phrase in phrases(shown) {
            let known = self.phrases.iter().position(|(known, _)| known == phrase);
            match known {
                Some(place) => push(&mut self.phrases[place].1, line),
                None if self.phrases.len() < MAX_PHRASES => {
                    self.phrases.push((phrase.to_owned(), vec![line]));
                }
                None => {}
            }
        }
    }

    /// The products, and what a model may choose from if there are none. `lines` are those that are kept.
    fn finish(self, lines: &[Line]) -> (Vec<Matched>, Choice) {
        let has = |line: &u32| lines.binary_search_by_key(line, |it| it.line).is_ok();
        let mut near = Near::default();
        let named = self.found.iter();
        let named = named.map(|(named, lines)| Matched::new(self.catalogue, *named, lines.clone()));
        let mut matched: Vec<Matched> = named.chain(self.meant(&mut near, has)).collect();
        for product in &mut matched {
            product.evidence.retain(has);
        }
        // What a phrase means is only believed beside it.
        matched.retain(|it| it.by != By::Meaning || !it.evidence.is_empty());
        let choice = if matched.is_empty() {
            let shown = lines.iter().filter(|it| near.has(it.line));
            let places = near.places(MAX_CANDIDATES);
            Choice::among(self.catalogue, &places, shown.cloned().collect())
        } else {
            Choice::default()
        };
        (matched, choice)
    }

    fn meant(&self, near: &mut Near, has: impl Fn(&u32) -> bool) -> Vec<Matched> {
        let mut places: Vec<usize> = self.found.iter().map(|(named, _)| named.place).collect();
        let mut all = Vec::new();
        for (phrase, lines) in &self.phrases {
            let Some(similar) = self.meaning.and_then(|meaning| meaning.compare(phrase)) else {
                continue;
            };
            if let Some(line) = lines.iter().find(|line| has(line)) {
                near.add(&similar, *line);
            }
            let found = clear(&similar);
            let Some(meant) = found.filter(|meant| !places.contains(&meant.place)) else {
                continue;
            };
            places.push(meant.place);
            all.push(Matched {
                quote: Some(phrase.clone()),
                ..Matched::new(self.catalogue, meant, lines.clone())
            });
            if all.len() == MAX_MEANT {
                break;
            }
        }
        all
    }
}

/// Which products are named, and which may be meant. Other words of the text may say anything of them.
fn products_claims(matched: &[Matched]) -> [Option<Claim>; 2] {
    let (meant, named): (Vec<&Matched>, Vec<&Matched>) =
        matched.iter().partition(|it| it.by == By::Meaning);
    [
        products_claim("Names", &named),
        products_claim("May be about", &meant),
    ]
}

fn products_claim(what: &str, matched: &[&Matched]) -> Option<Claim> {
    let names: Vec<String> = matched
        .iter()
        .take(QUOTED)
        .map(|it| format!("\"{}\"", it.name))
        .collect();
    let more = match matched.len().saturating_sub(QUOTED) {
        0 => String::new(),
        1 => " and one other product".to_owned(),
        more => format!(" and {more} other products"),
    };
    let mut evidence: Vec<u32> = matched
        .iter()
        .take(QUOTED)
        .flat_map(|it| it.evidence.clone())
        .collect();
    evidence.sort_unstable();
    evidence.dedup();
    evidence.truncate(MAX_EVIDENCE);
    (!matched.is_empty()).then(|| Claim {
        text: format!("{what} {}{more}.", names.join(", ")),
        evidence,
        fields: Vec::new(),
    })
}

/// A frame, described by whoever looked at it.
#[derive(Debug, Clone, Copy)]
pub struct Frame<'a> {
    /// When it was taken, milliseconds since the epoch.
    pub at: i64,
    /// What it shows.
    pub description: &'a str,
}

/// Frames of a camera, in order of time. `meaning` is that of the catalogue; without it, only names count.
#[must_use]
pub fn tell_frames(
    camera: &str,
    [started_at, ended_at]: [i64; 2],
    frames: &[Frame<'_>],
    catalogue: &Catalogue,
    meaning: Option<&Meaning>,
) -> Told {
    let mut lines = Lines::new(started_at);
    let mut seen: Vec<Described> = Vec::new();
    let mut products = Products::of(catalogue, meaning);
    for frame in frames {
        let text = clean(frame.description, MAX_TEXT);
        let draft = Draft {
            text: text.clone(),
            is_important: true,
            ..Draft::default()
        };
        let line = lines.add(Kind::Frame, frame.at, draft);
        if text.is_empty() {
            continue;
        }
        products.read(frame.description, &text, line);
        match seen.iter_mut().find(|it| it.text == text) {
            Some(known) => known.add(line),
            None => seen.push(Described::new(text, line)),
        }
    }
    let (lines, _left_out) = lines.finish();
    let has = |line: &u32| lines.binary_search_by_key(line, |it| it.line).is_ok();
    let ends: Vec<u32> = [lines.first(), lines.last()]
        .into_iter()
        .flatten()
        .map(|line| line.line)
        .collect();
    let (matched, choice) = products.finish(&lines);
    let [named, meant] = products_claims(&matched);
    let claims = [
        Some(frames_claim(
            camera,
            ended_at - started_at,
            frames.len(),
            ends,
        )),
        descriptions_claim(seen),
        named,
        meant,
    ];
    let claims = claims.into_iter().flatten().map(|mut claim| {
        claim.evidence.retain(has);
        claim.evidence.dedup();
        claim
    });
    let claims: Vec<Claim> = claims.collect();
    Told {
        summary: summary_of(&claims),
        source: crate::RULES_SOURCE,
        reason: "frames",
        claims,
        matched,
        choice,
        lines,
    }
}

/// Equal descriptions.
struct Described {
    text: String,
    times: usize,
    lines: Vec<u32>,
}

impl Described {
    fn new(text: String, line: u32) -> Self {
        Self {
            text,
            times: 1,
            lines: vec![line],
        }
    }

    fn add(&mut self, line: u32) {
        self.times += 1;
        push(&mut self.lines, line);
    }
}

fn push(lines: &mut Vec<u32>, line: u32) {
    if lines.last() != Some(&line) && lines.len() < MAX_EVIDENCE {
        lines.push(line);
    }
}

fn frames_claim(camera: &str, length: i64, count: usize, evidence: Vec<u32>) -> Claim {
    let camera = clean(camera, MAX_NAME);
    let frames = if count == 1 { "frame" } else { "frames" };
    let took = match length {
        ..1_000 => String::new(),
        length => format!(" in {}", duration(length)),
    };
    Claim {
        text: format!("The camera \"{camera}\" took {count} {frames}{took}."),
        evidence,
        fields: Vec::new(),
    }
}

/// The most frequent first; the order of time decides between equal ones.
fn descriptions_claim(mut seen: Vec<Described>) -> Option<Claim> {
    seen.sort_by_key(|it| std::cmp::Reverse(it.times));
    let others = seen.len().saturating_sub(QUOTED);
    seen.truncate(QUOTED);
    let quoted: Vec<String> = seen
        .iter()
        .map(|it| match it.times {
            1 => format!("\"{}\"", it.text),
            times => format!("\"{}\" ({times} times)", it.text),
        })
        .collect();
    let list = quoted.join(", ");
    let more = match others {
        0 => String::new(),
        1 => ", and one other description".to_owned(),
        others => format!(", and {others} other descriptions"),
    };
    let mut evidence: Vec<u32> = seen.iter().flat_map(|it| it.lines.clone()).collect();
    evidence.sort_unstable();
    evidence.truncate(MAX_EVIDENCE);
    (!seen.is_empty()).then(|| Claim {
        text: format!("They were described as {list}{more}."),
        evidence,
        fields: Vec::new(),
    })
}

/// A single interaction. `data` is JSON or plain text; `summary` is what the service wrote. `meaning` is that
/// of the catalogue; without it, only names count.
#[must_use]
pub fn tell_report(
    source_type: &str,
    data: &str,
    summary: Option<&str>,
    catalogue: &Catalogue,
    meaning: Option<&Meaning>,
) -> Told {
    let data = serde_json::from_str(data).unwrap_or_else(|_text| data.into());
    let whole = text_of(&data);
    let text = clean(whole, MAX_TEXT);
    let network = match field(&data, NETWORKS).map(|it| clean(it, MAX_NAME)) {
        Some(name) if !name.is_empty() => format!(" on \"{name}\""),
        _ => String::new(),
    };
    let mut lines = Lines::new(0);
    let line = lines.add(
        Kind::Report,
        0,
        Draft {
            text: text.clone(),
            is_important: true,
            ..Draft::default()
        },
    );
    let (lines, _left_out) = lines.finish();
    let what = match source_type {
        "social" => "A post",
        "cctv" => "What a camera saw",
        _web => "An interaction",
    };
    let written = clean(summary.unwrap_or_default(), MAX_SUMMARY);
    let (source, sentence) = match (written.as_str(), text.as_str()) {
        ("", "") => (
            crate::RULES_SOURCE,
            format!("{what} was reported{network}."),
        ),
        ("", text) => (
            crate::RULES_SOURCE,
            format!("{what} was reported{network}: \"{text}\"."),
        ),
        (written, _) => (CALLER_SOURCE, format!("\"{written}\"")),
    };
    let is_shown = !text.is_empty() && written.is_empty();
    let claim = Claim {
        text: sentence,
        evidence: if is_shown { vec![line] } else { Vec::new() },
        fields: match (is_shown, written.is_empty()) {
            (true, _) => Vec::new(),
            (false, true) => vec!["data".to_owned()],
            (false, false) => vec!["summary".to_owned()],
        },
    };
    let mut products = Products::of(catalogue, meaning);
    products.read(whole, &text, line);
    let (matched, choice) = products.finish(&lines);
    let [named, meant] = products_claims(&matched);
    let claims = [Some(claim), named, meant];
    let claims: Vec<Claim> = claims.into_iter().flatten().collect();
    Told {
        summary: summary_of(&claims),
        source,
        reason: "report",
        claims,
        matched,
        choice,
        lines,
    }
}

fn text_of(data: &serde_json::Value) -> &str {
    match data {
        serde_json::Value::String(text) => text,
        _other => field(data, TEXTS).unwrap_or_default(),
    }
}

fn field<'a>(data: &'a serde_json::Value, names: &[&str]) -> Option<&'a str> {
    names.iter().find_map(|name| data.get(name)?.as_str())
}

fn summary_of(claims: &[Claim]) -> String {
    let texts: Vec<&str> = claims.iter().map(|claim| claim.text.as_str()).collect();
    texts.join(" ")
}
