//! What questions mean, as vectors.

use std::sync::Arc;
use std::time::Duration;

use moka::future::Cache;

use crow_ai::{Embedder, NoVectors};
use crow_db::products::ProductRow;
#[cfg(test)]
use crow_embedding::MODEL;
use crow_embedding::Vector;
use crow_types::OrganizationId;

use super::catalogues::{Catalogues, Known, Making, Missing};

/// Questions whose vectors are kept.
const QUESTIONS: u64 = 10_000;
const KEPT: Duration = Duration::from_secs(3_600);

/// What a question means.
#[derive(Debug, Clone)]
pub(super) struct Meant {
    /// Only vectors of this model can be compared with it.
    pub(super) model: String,
    pub(super) vector: Vector,
}

#[cfg(test)]
impl Meant {
    /// As the table understands it.
    pub(super) fn by_table(text: &str) -> Option<Self> {
        Some(Self {
            model: MODEL.to_owned(),
            vector: crow_embedding::embed(text)?,
        })
    }
}

/// Makes vectors of questions and products. Cloning is cheap; all clones share what they keep.
#[derive(Debug, Clone)]
pub(crate) struct Embeddings {
    pub(super) embedder: Embedder,
    /// Of a remote model, and of one organization each.
    questions: Cache<(OrganizationId, String), Option<Vector>>,
    catalogues: Catalogues,
}

impl Default for Embeddings {
    fn default() -> Self {
        Self::of(Embedder::default())
    }
}

impl Embeddings {
    pub(crate) fn of(embedder: Embedder) -> Self {
        Self {
            catalogues: Catalogues::of(embedder.clone()),
            questions: Cache::builder()
                .max_capacity(QUESTIONS)
                .time_to_live(KEPT)
                .build(),
            embedder,
        }
    }

    /// `None`: the words have nothing that can be compared.
    pub(super) async fn of_question(
        &self,
        organization: &OrganizationId,
        words: &str,
    ) -> Result<Option<Meant>, NoVectors> {
        let vector = if self.embedder.is_remote() {
            let key = (organization.clone(), words.to_owned());
            let asking = self.embedder.embed_question(organization.as_str(), words);
            let found = self.questions.try_get_with(key, asking).await;
            found.map_err(|failure| *failure)?
        } else {
            crow_embedding::embed(words)
        };
        Ok(vector.map(|vector| Meant {
            model: self.embedder.model().to_owned(),
            vector,
        }))
    }

    /// The vectors of products, all of the model of questions. `None`: the table makes them.
    pub(super) fn of_products(
        &self,
        organization: &OrganizationId,
        rows: &[ProductRow],
    ) -> Result<Option<Arc<Known>>, Missing> {
        if !self.embedder.is_remote() {
            return Ok(None);
        }
        self.catalogues.of_rows(organization, rows).map(Some)
    }

    /// Begins to make the vectors that are missing.
    pub(super) fn make_missing(&self, organization: &OrganizationId, missing: Missing) -> Making {
        self.catalogues.make(organization, missing)
    }
}
