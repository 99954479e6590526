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
use crate::use_cases::{Session, UseCases};

/// Events of a page, as many as REST allows.
const EVENTS: u64 = 1_000;
/// Events of one visit that are read.
const MAX_EVENTS: usize = 50_000;
/// Moments that get a link of their own.
const MAX_MOMENTS: usize = 10;

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
    let reading = async move { story_of(&cases, &organization, &record).await };
    let scheduler = &assistant.api.use_cases.scheduler;
    let (story, is_whole) = scheduler.ask(&assistant.organization, reading).await?;
    Ok(written(assistant, &session, &story, is_whole, &asked))
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

fn written(
    assistant: &Assistant,
    session: &Session,
    story: &Story,
    is_whole: bool,
    asked: &StoryOf,
) -> String {
    let link = assistant.link(&session.row.id);
    let from = asked.from.unwrap_or(1);
    let rest = story
        .lines
        .iter()
        .filter(|line| u64::from(line.line) >= from);
    let lines: Vec<&Line> = rest.clone().take(asked.limit.items()).collect();
    let mut text = head(session, story, &link);
    if !is_whole {
        text += &format!("- only the first {MAX_EVENTS} events were read\n");
    }
    text += &moments(&lines, &link);
    text += &format!("\n{}\n\n", fenced(&told(story, &lines)));
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

/// What the server knows. Nothing here was written by a visitor.
fn head(session: &Session, story: &Story, link: &str) -> String {
    let row = &session.row;
    let mut text = format!(
        "# Visit {}\n- started {}, lasted {:.1} s, {}\n- intent {}, confidence {:.2} (reason {}), by {}\n",
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

fn told(story: &Story, lines: &[&Line]) -> String {
    let mut text = format!("Summary: {}\n", story.summary);
    text.extend(story.matched.iter().map(recognised));
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
