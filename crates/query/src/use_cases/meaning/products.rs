//! Products, by name, category and description. A catalogue is small enough for the table to make its vectors
//! for each question. Those of a remote model are kept in memory.

use std::sync::Arc;

use crow_db::Db;
use crow_db::products::{self, ProductFilter, ProductKey, ProductRow};
use crow_embedding::{Vector, embed};
use crow_types::OrganizationId;

use super::catalogues::{Known, Missing, text};
use super::embeddings::{Embeddings, Meant};
use super::{Answer, Best, Ranking};
use crate::ask::products::ListProducts;
use crate::ask::search::Searching;
use crate::ask::words::Search;
use crate::error::Result;
use crate::use_cases::UseCases;

/// Products that are compared before others get their turn: a few milliseconds.
const AT_ONCE: usize = 1_000;

impl UseCases {
    /// Products that pass a filter: by words in the order of their names, by meaning the most similar first.
    /// If a remote model fails, they are found by words, and the answer says so.
    ///
    /// # Errors
    /// When the database fails, or nobody is free to answer.
    pub async fn search_products(
        &self,
        organization: &OrganizationId,
        asked: &Searching<ListProducts>,
    ) -> Result<Answer<ProductRow, ProductKey>> {
        if asked.search == Search::Words {
            let page = self.products(organization, &asked.list).await?;
            return Ok(Answer::of_words(page));
        }
        let words = asked.list.filter.words.join(" ");
        let meant = self.embeddings.of_question(organization, &words).await;
        let Ok(meant) = meant else {
            let page = self.products(organization, &asked.list).await?;
            return Ok(Answer::of_words_instead(page.items));
        };
        let question = Arc::new(Question {
            organization: organization.clone(),
            filter: asked.list.filter.clone(),
            meant,
            with_words: asked.search == Search::Both,
            most: asked.list.page.limit.items(),
        });
        let (db, embeddings) = (self.db.for_questions(), self.embeddings.clone());
        let asked_first = Arc::clone(&question);
        let answer = async move {
            let answer = asked_first.answer(&db, &embeddings).await?;
            let of = &asked_first.organization;
            Ok(answer.map_err(|missing| embeddings.make_missing(of, missing)))
        };
        let making = match self.scheduler.ask(organization, answer).await? {
            Ok(answer) => return Ok(answer),
            Err(making) => making,
        };
        // Without a turn: the model may take long, and others can use it meanwhile.
        making.wait().await;
        let (db, embeddings) = (self.db.for_questions(), self.embeddings.clone());
        let answer = async move { question.answer(&db, &embeddings).await };
        if let Ok(answer) = self.scheduler.ask(organization, answer).await? {
            return Ok(answer);
        }
        let page = self.products(organization, &asked.list).await?;
        Ok(Answer::of_words_instead(page.items))
    }
}

/// A search that is not only for words.
struct Question {
    organization: OrganizationId,
    filter: ProductFilter,
    meant: Option<Meant>,
    with_words: bool,
    most: usize,
}

impl Question {
    /// Or the texts of products that a remote model has to make vectors of before.
    async fn answer(
        &self,
        db: &Db,
        embeddings: &Embeddings,
    ) -> Result<std::result::Result<Answer<ProductRow, ProductKey>, Missing>> {
        let (of, most) = (&self.organization, self.most);
        let all = ProductFilter {
            words: Vec::new(),
            category: self.filter.category.clone(),
        };
        let all = products::list(db, of, &all, None, products::MOST).await?;
        let known = match embeddings.of_products(of, &all) {
            Ok(known) => known,
            Err(missing) => return Ok(Err(missing)),
        };
        let mut found = Vec::new();
        if self.with_words {
            found = products::list(db, of, &self.filter, None, most as u64).await?;
        }
        let mut nearest = Vec::new();
        if let Some(meant) = &self.meant {
            nearest = nearest_of(&all, known.as_deref(), &meant.vector, most).await;
        }
        let ranking = Ranking::new(found, &nearest, most, |row| &row.id);
        Ok(Ok(Answer::of_meaning(ranking.complete(all))))
    }
}

/// The ids of the most similar first. Without known vectors, the table makes them.
async fn nearest_of(
    all: &[ProductRow],
    known: Option<&Known>,
    wanted: &Vector,
    most: usize,
) -> Vec<(f32, String)> {
    let mut best = Best::of(most);
    for some in all.chunks(AT_ONCE) {
        for row in some {
            let text = text(row);
            let similarity = match known {
                Some(known) => known
                    .get(text.as_str())
                    .and_then(|vector| wanted.similarity(vector.as_deref()?)),
                None => embed(&text).and_then(|it| wanted.similarity(&it.to_bytes())),
            };
            if let Some(like) = similarity {
                best.offer(like, &row.id);
            }
        }
        tokio::task::yield_now().await;
    }
    best.sorted()
}
