//! The known pages, for pickers.

use std::time::Instant;

use serde::Serialize;
use utoipa::ToSchema;

use crow_db::analytics::StepKind;

use super::matcher::contains;
use super::tally::Tally;
use super::{Analytics, Answer, Asked, answer};
use crate::error::Result;
use crate::place::page_of;

/// Pages.
#[derive(Debug, Serialize, ToSchema)]
pub struct Pages {
    /// Most sessions first.
    pub rows: Vec<PageRow>,
}

/// A page.
#[derive(Debug, Serialize, ToSchema)]
pub struct PageRow {
    /// Path of its URL.
    pub page: String,
    /// Page views.
    pub pageviews: u64,
}

impl Analytics {
    /// The `limit` most frequent pages whose path contains `text`.
    pub async fn pages(&self, asked: &Asked, text: &str, limit: usize) -> Result<Answer<Pages>> {
        let started = Instant::now();
        let text = text.to_ascii_lowercase();
        let mut tally = Tally::default();
        let sampling = self
            .read(asked, true, |session| {
                tally.next_session();
                let steps = session.steps;
                let seen = steps
                    .list()
                    .iter()
                    .filter(|step| step.kind == StepKind::Pageview);
                let pages = seen.map(|step| page_of(steps.url(step)));
                pages
                    .filter(|page| !page.is_empty() && contains(page, &text))
                    .for_each(|page| tally.add(&page));
            })
            .await?;
        let rows = tally.top(limit, sampling).into_iter();
        let rows = rows
            .map(|(page, count)| PageRow {
                page,
                pageviews: count.count,
            })
            .collect();
        Ok(answer(started, sampling, Pages { rows }))
    }
}
