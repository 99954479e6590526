//! What of a recording is shown to whoever has a public link.

use std::sync::Arc;

use bytes::Bytes;
use serde::Deserialize;

use crow_scrub::Blanker;
use crow_storage::pack::{Line, LineKind};
use crow_storage::rrweb::{self, FULL_SNAPSHOT, META};

use crate::error::{Error, Result};

/// rrweb's types of events that build a page.
const CHANGE: u8 = 3;
/// Of the recorder: among others, that the page has another address.
const CUSTOM: u8 = 5;

/// Lines of this many bytes are masked by a thread of their own: others would wait for it.
const LONG: usize = 256 << 10;

/// What of a recording is shown.
#[derive(Debug)]
pub enum Shown {
    /// Everything.
    All,
    /// The pages as they were recorded, without interactions, console and requests.
    Pages,
    /// The same without texts and pictures.
    Masked(Arc<Blanker>),
}

impl Shown {
    /// For a public link.
    #[must_use]
    pub fn for_public(is_masked: bool) -> Self {
        if is_masked {
            Self::Masked(Arc::default())
        } else {
            Self::Pages
        }
    }

    /// What is shown of a line; `None`: nothing.
    ///
    /// # Errors
    /// `Ended` when the task of a long line ended without a result.
    pub async fn line(&self, line: Line) -> Result<Option<Line>> {
        match self {
            Self::All => Ok(Some(line)),
            Self::Pages => Ok(is_of_page(&line).then_some(line)),
            Self::Masked(_) if line.kind != LineKind::Replay => Ok(None),
            Self::Masked(blanker) => {
                let data = blanked(blanker, &line.data).await?;
                Ok(data.map(|data| Line { data, ..line }))
            }
        }
    }
}

async fn blanked(blanker: &Arc<Blanker>, data: &Bytes) -> Result<Option<Bytes>> {
    if data.len() < LONG {
        return Ok(blanker.blank(data));
    }
    let (blanker, data) = (Arc::clone(blanker), data.clone());
    tokio::task::spawn_blocking(move || blanker.blank(&data))
        .await
        .map_err(Error::Ended)
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

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn long_and_short_lines_are_masked() {
        let shown = Shown::for_public(true);
        for length in [10, LONG] {
            let text = "x".repeat(length);
            let data = format!(
                r#"{{"type":3,"timestamp":1,"data":{{"source":5,"id":1,"text":"{text}"}}}}"#
            );
            let line = Line {
                window: "w".to_owned(),
                kind: LineKind::Replay,
                seq: None,
                index: 0,
                at: 1,
                data: data.into(),
            };
            let masked = shown.line(line).await.unwrap().unwrap();
            let expected = "*".repeat(length);
            let masked = std::str::from_utf8(&masked.data).unwrap();
            assert!(masked.contains(&expected) && !masked.contains("xx"));
        }
    }
}
