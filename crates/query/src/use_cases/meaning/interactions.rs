//! Interactions. Each has a stored vector. They are read in pages, so memory does not grow with their
//! number.

use crow_db::Db;
use crow_db::embeddings::{self, Scan};
use crow_db::interactions::{self, Interaction, InteractionFilter, InteractionKey};
use crow_embedding::{DIMENSION, MODEL, embed};
use crow_types::OrganizationId;

use super::{Best, Ranked, Ranking};
use crate::ask::interactions::ListInteractions;
use crate::ask::search::Searching;
use crate::ask::words::Search;
use crate::error::Result;
use crate::use_cases::{Page, UseCases};

/// Vectors of one page: about a megabyte.
const VECTORS: u64 = 8_192;

/// A search that is not only for words.
pub(super) struct Question {
    pub(super) organization: OrganizationId,
    pub(super) filter: InteractionFilter,
    pub(super) with_words: bool,
    pub(super) most: usize,
}

impl UseCases {
    /// Interactions that pass a filter: by words newest first, by meaning the most similar first.
    ///
    /// # Errors
    /// When the database fails, or nobody is free to answer.
    pub async fn search_interactions(
        &self,
        organization: &OrganizationId,
        asked: &Searching<ListInteractions>,
    ) -> Result<Page<Ranked<Interaction>, InteractionKey>> {
        if asked.search == Search::Words {
            let page = self.interactions(organization, &asked.list).await?;
            return Ok(page.map(Ranked::from));
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
    async fn answer(self, db: &Db) -> Result<Vec<Ranked<Interaction>>> {
        let of = &self.organization;
        let mut with_words = Vec::new();
        if self.with_words {
            let most = self.most as u64;
            with_words = interactions::list(db, of, &self.filter, None, most).await?;
        }
        let nearest = self.nearest(db).await?;
        let ranking = Ranking::new(with_words, &nearest, self.most, |row| &row.id);
        let rows = interactions::by_ids(db, of, &ranking.missing()).await?;
        Ok(ranking.complete(rows))
    }

    /// The most similar first.
    pub(super) async fn nearest(&self, db: &Db) -> Result<Vec<(f32, String)>> {
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
