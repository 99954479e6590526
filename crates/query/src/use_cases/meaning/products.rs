//! Products, by name and category. A catalogue is small enough to make its vectors for each question.

use crow_db::Db;
use crow_db::products::{self, ProductFilter, ProductKey, ProductRow};
use crow_embedding::embed;
use crow_types::OrganizationId;

use super::{Best, Ranked, Ranking};
use crate::ask::products::ListProducts;
use crate::ask::search::Searching;
use crate::ask::words::Search;
use crate::error::Result;
use crate::use_cases::{Page, UseCases};

/// Products that are compared before others get their turn: a few milliseconds.
const AT_ONCE: usize = 1_000;

impl UseCases {
    /// Products that pass a filter: by words in the order of their names, by meaning the most similar first.
    ///
    /// # Errors
    /// When the database fails, or nobody is free to answer.
    pub async fn search_products(
        &self,
        organization: &OrganizationId,
        asked: &Searching<ListProducts>,
    ) -> Result<Page<Ranked<ProductRow>, ProductKey>> {
        if asked.search == Search::Words {
            let page = self.products(organization, &asked.list).await?;
            return Ok(page.map(Ranked::from));
        }
        let (db, of) = (self.db.for_questions(), organization.clone());
        let filter = asked.list.filter.clone();
        let with_words = asked.search == Search::Both;
        let most = asked.list.page.limit.items();
        let answer = async move { answer(&db, &of, &filter, with_words, most).await };
        let items = self.scheduler.ask(organization, answer).await?;
        Ok(Page { items, next: None })
    }
}

async fn answer(
    db: &Db,
    of: &OrganizationId,
    filter: &ProductFilter,
    with_words: bool,
    most: usize,
) -> Result<Vec<Ranked<ProductRow>>> {
    let mut found = Vec::new();
    if with_words {
        found = products::list(db, of, filter, None, most as u64).await?;
    }
    let all = ProductFilter {
        words: Vec::new(),
        category: filter.category.clone(),
    };
    let all = products::list(db, of, &all, None, products::MOST).await?;
    let nearest = nearest(&all, &filter.words.join(" "), most).await;
    let ranking = Ranking::new(found, &nearest, most, |row| &row.id);
    Ok(ranking.complete(all))
}

/// The ids of the most similar first.
async fn nearest(all: &[ProductRow], question: &str, most: usize) -> Vec<(f32, String)> {
    let Some(wanted) = embed(question) else {
        return Vec::new();
    };
    let mut best = Best::of(most);
    for some in all.chunks(AT_ONCE) {
        for row in some {
            let similarity = embed(&text(row)).and_then(|it| wanted.similarity(&it.to_bytes()));
            if let Some(like) = similarity {
                best.offer(like, &row.id);
            }
        }
        tokio::task::yield_now().await;
    }
    best.sorted()
}

fn text(row: &ProductRow) -> String {
    match &row.category {
        Some(category) => format!("{}. {category}", row.name),
        None => row.name.clone(),
    }
}
