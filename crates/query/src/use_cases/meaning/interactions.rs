//! Interactions. Each has a stored vector. They are read in pages, so memory does not grow with their
//! number, or by an index if the organization has one.

use crow_db::Db;
use crow_db::embeddings::{self, Between, End, Scan, Vectors};
use crow_db::interactions::{self, Interaction, InteractionFilter, InteractionKey};
use crow_embedding::Vector;
use crow_types::OrganizationId;

use super::embeddings::Meant;
use super::{Answer, Best, LEAST, Ranked, Ranking};
use crate::ask::interactions::ListInteractions;
use crate::ask::search::Searching;
use crate::ask::words::Search;
use crate::error::Result;
use crate::use_cases::UseCases;

/// Bytes of the vectors of one page.
const PAGE: u64 = 1 << 20;
/// Vectors that are compared before the database gets its turn.
const AT_ONCE: usize = 1_000;

/// A search that is not only for words.
pub(super) struct Question {
    pub(super) organization: OrganizationId,
    pub(super) filter: InteractionFilter,
    /// What its words mean. `None`: nothing that can be compared.
    pub(super) meant: Option<Meant>,
    pub(super) with_words: bool,
    pub(super) most: usize,
}

impl UseCases {
    /// Interactions that pass a filter: by words newest first, by meaning the most similar first. If a remote
    /// model fails, they are found by words, and the answer says so.
    ///
    /// # Errors
    /// When the database fails, or nobody is free to answer.
    pub async fn search_interactions(
        &self,
        organization: &OrganizationId,
        asked: &Searching<ListInteractions>,
    ) -> Result<Answer<Interaction, InteractionKey>> {
        if asked.search == Search::Words {
            let page = self.interactions(organization, &asked.list).await?;
            return Ok(Answer::of_words(page));
        }
        let words = asked.list.filter.words.join(" ");
        let meant = self.embeddings.of_question(organization, &words).await;
        let Ok(meant) = meant else {
            let page = self.interactions(organization, &asked.list).await?;
            return Ok(Answer::of_words_instead(page.items));
        };
        let db = self.db.for_questions();
        let question = Question {
            organization: organization.clone(),
            filter: asked.list.filter.clone(),
            meant,
            with_words: asked.search == Search::Both,
            most: asked.list.page.limit.items(),
        };
        let answer = async move { question.answer(&db).await };
        let items = self.scheduler.ask(organization, answer).await?;
        Ok(Answer::of_meaning(items))
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
        let Some(Meant { model, vector }) = &self.meant else {
            return Ok(Vec::new());
        };
        let dimension = vector.dimension();
        let filter = InteractionFilter {
            words: Vec::new(),
            ..self.filter.clone()
        };
        let scan = Scan {
            organization: &self.organization,
            model,
            dimension,
            filter: &filter,
        };
        if let Some(found) = by_index(db, scan, vector, self.most).await? {
            return Ok(found);
        }
        let count = (PAGE / dimension as u64).max(1);
        let best = Best::of(self.most);
        by_comparing(db, scan, vector, best, count).await
    }
}

/// The most similar of all. Pages of `count` vectors are read from both ends at the same time, by two threads or
/// processes of the database, while those before are compared. Where the ends meet, a vector may be compared
/// twice.
pub(super) async fn by_comparing(
    db: &Db,
    scan: Scan<'_>,
    wanted: &Vector,
    mut best: Best,
    count: u64,
) -> Result<Vec<(f32, String)>> {
    let mut rest = Between::default();
    // Few fit into one page.
    let mut page = embeddings::page(db, scan, &rest, End::First, count).await?;
    rest.after = page.next.take();
    let mut is_read = rest.after.is_none();
    let mut pages = vec![page];
    while !is_read {
        let (first, last, ()) = tokio::join!(
            embeddings::page(db, scan, &rest, End::First, count),
            embeddings::page(db, scan, &rest, End::Last, count),
            offer(&mut best, wanted, &pages),
        );
        let (mut first, mut last) = (first?, last?);
        (rest.after, rest.before) = (first.next.take(), last.next.take());
        is_read = rest.after.is_none() || rest.before.is_none();
        pages = match (&rest.after, &rest.before) {
            // It has what the other has.
            (None, _) => vec![first],
            (_, None) => vec![last],
            (Some(_), Some(_)) => vec![first, last],
        };
    }
    offer(&mut best, wanted, &pages).await;
    Ok(best.sorted())
}

/// Lets the database go on in between.
async fn offer(best: &mut Best, wanted: &Vector, pages: &[Vectors]) {
    for page in pages {
        let mut similarities = Vec::new();
        for some in page.vectors.chunks(AT_ONCE * wanted.dimension()) {
            similarities.extend(wanted.similarities(some));
            tokio::task::yield_now().await;
        }
        if similarities.iter().any(|like| *like >= best.least) {
            page.owners()
                .zip(similarities)
                .for_each(|(id, like)| best.offer(like, id));
        }
    }
}

/// The most similar by the index. `None`: there is none, or what it found may not be all.
async fn by_index(
    db: &Db,
    scan: Scan<'_>,
    wanted: &Vector,
    most: usize,
) -> Result<Option<Vec<(f32, String)>>> {
    let near = match embeddings::near(db, scan, &wanted.to_bytes(), most).await {
        Ok(Some(near)) => near,
        Ok(None) => return Ok(None),
        Err(error) if error.is_over_limit() => return Err(error.into()),
        // The extension may have gone from the server.
        Err(error) => {
            tracing::warn!(
                error = crow_types::log_chain(&error),
                "an index for searches cannot be read, so everything is compared"
            );
            return Ok(None);
        }
    };
    let mut best = Best::of(most);
    let mut is_complete = near.len() >= most;
    for one in &near {
        let like = wanted.similarity(&one.vector).unwrap_or_default();
        best.offer(like, &one.owner_id);
        // The index goes from near to far: what it has not reached is less similar still.
        is_complete |= like < LEAST;
    }
    Ok(is_complete.then(|| best.sorted()))
}
