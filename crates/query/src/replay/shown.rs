//! What of a recording is shown to whoever has a public link.

use serde::Deserialize;

use crow_scrub::Blanker;
use crow_storage::pack::{Line, LineKind};
use crow_storage::rrweb::{self, FULL_SNAPSHOT, META};

/// rrweb's types of events that build a page.
const CHANGE: u8 = 3;
/// Of the recorder: among others, that the page has another address.
const CUSTOM: u8 = 5;

/// What of a recording is shown.
#[derive(Debug)]
pub enum Shown {
    /// Everything.
    All,
    /// The pages as they were recorded, without interactions, console and requests.
    Pages,
    /// The same without texts and pictures.
    Masked(Box<Blanker>),
}

impl Shown {
    /// For a public link.
    #[must_use]
    pub fn for_public(is_masked: bool) -> Self {
        if is_masked {
            Self::Masked(Box::default())
        } else {
            Self::Pages
        }
    }

    /// What is shown of a line; `None`: nothing.
    #[must_use]
    pub fn line(&self, line: Line) -> Option<Line> {
        match self {
            Self::All => Some(line),
            Self::Pages => is_of_page(&line).then_some(line),
            Self::Masked(blanker) => {
                if line.kind != LineKind::Replay {
                    return None;
                }
                let data = blanker.blank(&line.data)?;
                Some(Line { data, ..line })
            }
        }
    }
}

fn is_of_page(line: &Line) -> bool {
    line.kind == LineKind::Replay
        && match rrweb::event_type(&line.data) {
            Some(0 | 1 | FULL_SNAPSHOT | CHANGE | META) => true,
            Some(CUSTOM) => is_address(&line.data),
            Some(_) | None => false,
        }
}

/// Whether the event says that the page has another address.
fn is_address(event: &[u8]) -> bool {
    #[derive(Deserialize)]
    struct Event<'a> {
        #[serde(borrow)]
        data: Data<'a>,
    }
    #[derive(Deserialize)]
    struct Data<'a> {
        #[serde(borrow)]
        tag: std::borrow::Cow<'a, str>,
    }
    serde_json::from_slice::<Event<'_>>(event).is_ok_and(|event| event.data.tag == "url")
}
