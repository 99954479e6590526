use crow_db::interactions::{self, Interaction};
use crow_story::clean::{MAX_NAME, clean, clean_sentence};
use crow_story::line::{Kind, Line};
use crow_story::matched::Matched;
use crow_story::{Story, Teller};
use crow_types::{OrganizationId, SessionRecord};
use crow_web::ApiError;

use super::assistant::Assistant;
use super::fence::fenced;
use crate::ask::question::{Count, Given, Question, questions};
use crate::ask::sessions::{EventCount, ListEvents, OneSession};
use crate::ask::values::{Cursor, Name};
use crate::error::Result;
use crate::rest::interactions::is_untrusted;
use crate::use_cases::{Session, UseCases};

/// Events of a page, as many as REST allows.
const EVENTS: u64 = 1_000;
/// Events of one visit that are read.
const MAX_EVENTS: usize = 50_000;
/// Moments that get a link of their own.
const MAX_MOMENTS: usize = 10;
/// Characters of all lines and of a summary, and products. Together with the rest they are fewer than an
/// answer may have.
const MAX_LINES: usize = 18_000;
const MAX_SUMMARY: usize = 3_000;
const MAX_PRODUCTS: usize = 20;

questions! {
    /// Whose story.
    StoryOf {
        /// A session's id, or the link of the dashboard.
        session "session": Name,
        /// The first line. Default: 1.
        from "fromLine": Option<u64>,
        /// Lines.
        limit "limit": Count<120, 150>,
    }
}

pub(super) async fn tell(
    assistant: &Assistant,
    given: &Given,
) -> std::result::Result<String, ApiError> {
    let asked = StoryOf::read(given)?;
    let cases = assistant.api.use_cases.clone();
    let organization = assistant.organization.clone();
    let id = Name(id_of(&asked.session.0).to_owned());
    let session = cases
        .session(&organization, &OneSession { session: id })
        .await?;
    let record = session.row.clone();
    // A long visit takes a while, so it takes its turn.
    let reading = async move {
        let (story, is_whole) = story_of(&cases, &organization, &record).await?;
        let stored = interactions::of_session(&cases.db, &organization, &record.id).await?;
        Ok(Found {
            story,
            is_whole,
            stored,
        })
    };
    let scheduler = &assistant.api.use_cases.scheduler;
    let found = scheduler.ask(&assistant.organization, reading).await?;
    Ok(written(assistant, &session, &found, &asked))
}

/// What there is to tell.
struct Found {
    /// By the rules.
    story: Story,
    /// False: it ends early.
    is_whole: bool,
    /// What was stored when the session ended.
    stored: Option<Interaction>,
}

impl Found {
    /// The summary of a language model, if one has written it about the session as it is.
    fn of_model(&self, session: &SessionRecord) -> Option<(&str, &str)> {
        let stored = self.stored.as_ref()?;
        let source = stored.summary_source.as_deref()?;
        let is_of_model = is_untrusted(Some(source));
        let is_current = stored.revision == i64::from(session.revision);
        let summary = stored.summary.as_deref()?;
        (is_of_model && is_current).then_some((source, summary))
    }
}

/// The id in a link such as `https://crow.example/#/sessions/01ABC?t=5000`.
fn id_of(text: &str) -> &str {
    let id = text.rsplit_once("sessions/").map_or(text, |(_, id)| id);
    id.split(['?', '#', '/']).next().unwrap_or_default()
}

/// Told with the catalogue, as `crow-interaction` does. Also of an open session, up to now. False: there
/// are too many events, and the story ends early.
async fn story_of(
    cases: &UseCases,
    organization: &OrganizationId,
    session: &SessionRecord,
) -> Result<(Story, bool)> {
    let catalogue = cases.catalogues.of(organization.as_str()).await?;
    let mut teller = Teller::knowing(session, catalogue);
    let mut asked = ListEvents {
        session: Name(session.id.clone()),
        limit: EventCount::new("limit", EVENTS)?,
        after: None,
        event_type: None,
    };
    let mut heard = 0;
    while heard < MAX_EVENTS {
        let page = cases.events(organization, &asked).await?;
        page.items.iter().for_each(|event| teller.hear(event));
        heard += page.items.len();
        match page.next {
            Some(next) => asked.after = Some(Cursor(next)),
            None => return Ok((teller.tell(), true)),
        }
    }
    Ok((teller.tell(), false))
}

fn written(assistant: &Assistant, session: &Session, found: &Found, asked: &StoryOf) -> String {
    let story = &found.story;
    let link = assistant.link(&session.row.id);
    let from = asked.from.unwrap_or(1);
    let rest = story
        .lines
        .iter()
        .filter(|line| u64::from(line.line) >= from);
    let lines = page_of(rest.clone().take(asked.limit.items()));
    let mut text = head(session, story, &link);
    if !found.is_whole {
        text += &format!("- only the first {MAX_EVENTS} events were read\n");
    }
    text += &moments(&lines, &link);
    let of_model = found.of_model(&session.row);
    text += &format!("\n{}\n\n", fenced(&told(story, of_model, &lines)));
    let last = lines.last().map_or(0, |line| line.line);
    text += &match rest.clone().find(|line| line.line > last) {
        Some(next) if !lines.is_empty() => {
            format!(
                "There are more lines: call again with fromLine={}",
                next.line
            )
        }
        _ => "These are all lines.".to_owned(),
    };
    text
}

/// As many lines as an answer has room for.
fn page_of<'a>(lines: impl Iterator<Item = &'a Line>) -> Vec<&'a Line> {
    let mut length = 0;
    let fitting = lines.take_while(|line| {
        length += line.told().chars().count() + 1;
        length <= MAX_LINES
    });
    fitting.collect()
}

/// What the server knows. Nothing here was written by a visitor.
fn head(session: &Session, story: &Story, link: &str) -> String {
    let row = &session.row;
    let mut text = format!(
        "# Session {}\n- started {}, lasted {:.1} s, {}\n- intent {}, confidence {:.2} (reason {}), by {}\n",
        row.id,
        time(row.started_at),
        seconds(row.duration_ms),
        session.status(),
        story.intent.as_str(),
        story.confidence,
        story.reason,
        story.source,
    );
    if !story.tags.is_empty() {
        text += &format!("- tags {}\n", story.tags.join(", "));
    }
    if !session.gaps.is_empty() {
        text += "- parts of it never arrived\n";
    }
    text + &format!("- recording {link} ; at a moment: {link}?t=MILLISECONDS\n")
}

/// Links to the lines that somebody looks for.
fn moments(lines: &[&Line], link: &str) -> String {
    let is_moment = |line: &&&Line| {
        matches!(
            line.kind,
            Kind::Error
                | Kind::RageClick
                | Kind::DeadClick
                | Kind::Invalid
                | Kind::Checkout
                | Kind::Purchase
        )
    };
    let links = lines
        .iter()
        .filter(is_moment)
        .take(MAX_MOMENTS)
        .map(|line| {
            let kind = line.kind.as_str();
            format!("- line {} {kind}: {link}?t={}\n", line.line, line.at_ms)
        });
    links.collect()
}

fn told(story: &Story, of_model: Option<(&str, &str)>, lines: &[&Line]) -> String {
    let summary: String = story.summary.chars().take(MAX_SUMMARY).collect();
    let mut text = format!("Summary: {summary}\n");
    if let Some((source, summary)) = of_model {
        let source = clean(source, MAX_NAME);
        let summary = clean_sentence(summary, MAX_SUMMARY);
        text += &format!("In the words of the model {source}, unverified: {summary}\n");
    }
    text.extend(story.matched.iter().take(MAX_PRODUCTS).map(recognised));
    let mut last = lines.first().map_or(0, |line| line.line.saturating_sub(1));
    for line in lines {
        if line.line > last + 1 {
            text += &format!("… {} lines left out\n", line.line - last - 1);
        }
        last = line.line;
        text += &line.told();
        text.push('\n');
    }
    text
}

/// A product of the catalogue, such as `product "Brass lamp" (id lamp), recognised by path, lines 1, 4`.
fn recognised(product: &Matched) -> String {
    let lines: Vec<String> = product.evidence.iter().map(u32::to_string).collect();
    format!(
        "product \"{}\" (id {}), recognised by {}, lines {}\n",
        product.name,
        product.product_id,
        product.by.as_str(),
        lines.join(", ")
    )
}

fn time(at: i64) -> String {
    let time = jiff::Timestamp::from_millisecond(at);
    time.map_or_else(|_error| at.to_string(), |time| time.to_string())
}

#[expect(clippy::cast_precision_loss, reason = "durations are far below 2^53")]
fn seconds(ms: i64) -> f64 {
    ms as f64 / 1_000.0
}
