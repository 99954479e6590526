//! Interactions that are similar in meaning to a text.
//!
//! Every vector of the organization is compared: the answer is exact. They are read in pages, so memory
//! does not grow with their number.

use std::collections::BTreeMap;

#[cfg(test)]
mod tests;

use crow_db::Db;
use crow_db::embeddings::{self, Scan};
use crow_db::interactions::{self, Interaction, InteractionFilter, InteractionKey};
use crow_embedding::{DIMENSION, MODEL, embed};
use crow_types::OrganizationId;

use super::{Page, UseCases};
use crate::ask::interactions::SearchInteractions;
use crate::ask::words::Search;
use crate::error::Result;

/// Vectors of one page: about a megabyte.
const VECTORS: u64 = 8_192;
/// What is less similar is about something else.
const LEAST: f32 = 0.2;

/// An interaction that was found.
#[derive(Debug)]
pub struct Ranked {
    /// The row.
    pub interaction: Interaction,
    /// The cosine to the question; `None` when only its words were found.
    pub similarity: Option<f32>,
}

impl From<Interaction> for Ranked {
    fn from(interaction: Interaction) -> Self {
        Self {
            interaction,
            similarity: None,
        }
    }
}

/// A search that is not only for words.
struct Question {
    organization: OrganizationId,
    filter: InteractionFilter,
    with_words: bool,
    most: usize,
}

impl UseCases {
    /// Interactions that pass a filter: by words newest first, by meaning the most similar first.
    ///
    /// # Errors
    /// When the database fails, or nobody is free to answer.
    pub async fn search_interactions(
        &self,
        organization: &OrganizationId,
        asked: &SearchInteractions,
    ) -> Result<Page<Ranked, InteractionKey>> {
        if asked.search == Search::Words {
            let page = self.interactions(organization, &asked.list).await?;
            return Ok(Page {
                items: page.items.into_iter().map(Ranked::from).collect(),
                next: page.next,
            });
        }
        let db = self.db.for_questions();
        let question = Question {
            organization: organization.clone(),
            filter: asked.list.filter.clone(),
            with_words: asked.search == Search::Both,
            most: asked.list.page.limit.items(),
        };
        let answer = async move { question.answer(&db).await };
        let items = self.scheduler.ask(organization, answer).await?;
        Ok(Page { items, next: None })
    }
}

impl Question {
    async fn answer(self, db: &Db) -> Result<Vec<Ranked>> {
        let of = &self.organization;
        let mut found: Vec<Ranked> = Vec::new();
        if self.with_words {
            let most = self.most as u64;
            let rows = interactions::list(db, of, &self.filter, None, most).await?;
            found.extend(rows.into_iter().map(Ranked::from));
        }
        let mut nearest = self.nearest(db).await?;
        let similarity: BTreeMap<String, f32> = nearest
            .iter()
            .map(|(like, id)| (id.clone(), *like))
            .collect();
        for row in &mut found {
            row.similarity = similarity.get(&row.interaction.id).copied();
        }
        nearest.retain(|(_, id)| found.iter().all(|row| row.interaction.id != *id));
        nearest.truncate(self.most - found.len().min(self.most));
        let ids: Vec<&str> = nearest.iter().map(|(_, id)| id.as_str()).collect();
        let rows = interactions::by_ids(db, of, &ids).await?;
        let mut rows: BTreeMap<String, Interaction> =
            rows.into_iter().map(|row| (row.id.clone(), row)).collect();
        let more = nearest.iter().filter_map(|(like, id)| {
            Some(Ranked {
                interaction: rows.remove(id)?,
                similarity: Some(*like),
            })
        });
        found.extend(more);
        Ok(found)
    }

    /// The most similar first.
    async fn nearest(&self, db: &Db) -> Result<Vec<(f32, String)>> {
        let Some(wanted) = embed(&self.filter.words.join(" ")) else {
            return Ok(Vec::new());
        };
        let filter = InteractionFilter {
            words: Vec::new(),
            ..self.filter.clone()
        };
        let scan = Scan {
            organization: &self.organization,
            model: MODEL,
            dimension: DIMENSION,
            filter: &filter,
        };
        let (mut best, mut after) = (Best::of(self.most), None);
        loop {
            let page = embeddings::page(db, scan, after.as_ref(), VECTORS).await?;
            let similarities = wanted.similarities(&page.vectors);
            if similarities.iter().any(|like| *like >= best.least) {
                page.owners()
                    .zip(similarities)
                    .for_each(|(id, like)| best.offer(like, id));
            }
            after = page.next;
            if after.is_none() {
                return Ok(best.sorted());
            }
        }
    }
}

/// The best so far. It holds at most twice as many as are wanted.
struct Best {
    most: usize,
    least: f32,
    found: Vec<(f32, String)>,
}

impl Best {
    fn of(most: usize) -> Self {
        Self {
            most,
            least: LEAST,
            found: Vec::new(),
        }
    }

    fn offer(&mut self, like: f32, id: &str) {
        if like < self.least {
            return;
        }
        self.found.push((like, id.to_owned()));
        if self.found.len() >= self.most * 2 {
            self.cut();
            if let Some((worst, _id)) = self.found.last() {
                self.least = *worst;
            }
        }
    }

    /// Ids break ties, so that the same question has the same answer.
    fn cut(&mut self) {
        self.found
            .sort_by(|one, other| other.0.total_cmp(&one.0).then(other.1.cmp(&one.1)));
        self.found.truncate(self.most);
    }

    fn sorted(mut self) -> Vec<(f32, String)> {
        self.cut();
        self.found
    }
}
