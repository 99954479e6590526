//! The vectors of products that a remote model made, in memory.
//!
//! The first search by meaning of an organization starts to make them, and each search makes those that
//! are missing. They go with the process.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use moka::policy::EvictionPolicy;
use moka::sync::Cache;
use tokio::sync::watch;
use tokio::time::timeout;

use crow_ai::{Embedder, NoVectors};
use crow_db::products::{MOST, ProductRow};
use crow_embedding::Vector;
use crow_types::OrganizationId;

/// Bytes of the vectors of all organizations. Those that nobody asked for go first.
const MOST_BYTES: u64 = 256 << 20;
const UNUSED: Duration = Duration::from_secs(24 * 3_600);

/// Texts of products and their vectors. `None`: the model refused the text.
pub(super) type Known = HashMap<Arc<str>, Option<Arc<[u8]>>>;

/// Texts of products that have no vectors yet.
#[derive(Debug)]
pub(super) struct Missing(Vec<Arc<str>>);

/// Vectors that a remote model makes.
#[derive(Debug)]
pub(super) struct Making {
    end: watch::Receiver<()>,
    patience: Duration,
}

impl Making {
    /// Until they are made, cannot be made now, or take too long. They are made further when nobody waits.
    pub(super) async fn wait(mut self) {
        let _made_or_late = timeout(self.patience, self.end.changed()).await;
    }
}

/// What a product is compared by.
pub(super) fn text(row: &ProductRow) -> String {
    let texts = [
        Some(&row.name),
        row.category.as_ref(),
        row.description.as_ref(),
    ];
    let texts: Vec<&str> = texts.into_iter().flatten().map(String::as_str).collect();
    texts.join(". ")
}

/// Cloning is cheap, and clones share what they know.
#[derive(Debug, Clone)]
pub(super) struct Catalogues {
    embedder: Embedder,
    known: Cache<OrganizationId, Arc<Known>>,
    /// Each ends when the missing vectors of the organization are made, or cannot be made now.
    making: Arc<Mutex<HashMap<OrganizationId, watch::Receiver<()>>>>,
}

impl Catalogues {
    pub(super) fn of(embedder: Embedder) -> Self {
        Self {
            embedder,
            known: Cache::builder()
                .max_capacity(MOST_BYTES)
                .weigher(|_organization, known: &Arc<Known>| weight(known))
                // What was made last is always kept: it was paid for.
                .eviction_policy(EvictionPolicy::lru())
                .time_to_idle(UNUSED)
                .build(),
            making: Arc::default(),
        }
    }

    /// The vectors of products, all of the model of questions.
    pub(super) fn of_rows(
        &self,
        organization: &OrganizationId,
        rows: &[ProductRow],
    ) -> Result<Arc<Known>, Missing> {
        let known = self.known(organization);
        let texts = rows.iter().map(text);
        let missing = texts.filter(|text| !known.contains_key(text.as_str()));
        let missing: Vec<Arc<str>> = missing.map(Arc::from).collect();
        if missing.is_empty() {
            Ok(known)
        } else {
            Err(Missing(missing))
        }
    }

    fn known(&self, organization: &OrganizationId) -> Arc<Known> {
        self.known.get(organization).unwrap_or_default()
    }

    /// Begins to make them, unless the model already makes some for the organization.
    pub(super) fn make(&self, organization: &OrganizationId, missing: Missing) -> Making {
        Making {
            end: self.end_of_making(organization, missing),
            patience: self.embedder.patience(),
        }
    }

    fn end_of_making(
        &self,
        organization: &OrganizationId,
        Missing(missing): Missing,
    ) -> watch::Receiver<()> {
        let mut making = self.making();
        making.retain(|_organization, made| made.has_changed().is_ok());
        if let Some(made) = making.get(organization) {
            return made.clone();
        }
        let (end, made) = watch::channel(());
        making.insert(organization.clone(), made.clone());
        let (all, of) = (self.clone(), organization.clone());
        tokio::spawn(async move {
            let made = all.ask(&of, missing).await;
            all.add(&of, made);
            drop(end);
        });
        made
    }

    fn making(&self) -> MutexGuard<'_, HashMap<OrganizationId, watch::Receiver<()>>> {
        self.making.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// As many as the model makes now.
    async fn ask(&self, organization: &OrganizationId, missing: Vec<Arc<str>>) -> Known {
        let of = organization.as_str();
        let mut made = Known::new();
        for some in missing.chunks(self.embedder.batch()) {
            let texts: Vec<&str> = some.iter().map(AsRef::as_ref).collect();
            let vectors = match self.embedder.embed(Some(of), &texts).await {
                Ok(vectors) => vectors,
                Err(NoVectors::Refused) => match self.ask_each(of, &texts).await {
                    Ok(vectors) => vectors,
                    Err(_logged) => break,
                },
                Err(_logged) => break,
            };
            let vectors = vectors.into_iter();
            let vectors = vectors.map(|vector| Some(Arc::<[u8]>::from(vector?.to_bytes())));
            made.extend(some.iter().cloned().zip(vectors));
        }
        made
    }

    /// One after the other, because the model refused them together.
    async fn ask_each(&self, of: &str, texts: &[&str]) -> Result<Vec<Option<Vector>>, NoVectors> {
        let mut vectors = Vec::with_capacity(texts.len());
        for text in texts {
            match self.embedder.embed(Some(of), &[*text]).await {
                Ok(vector) => vectors.push(vector.into_iter().next().flatten()),
                Err(NoVectors::Refused) => vectors.push(None),
                Err(failure) => return Err(failure),
            }
        }
        Ok(vectors)
    }

    fn add(&self, organization: &OrganizationId, made: Known) {
        let mut known = Known::clone(&self.known(organization));
        // Most are of products that have changed or gone.
        if (known.len() + made.len()) as u64 > MOST + MOST / 4 {
            known.clear();
        }
        known.extend(made);
        self.known.insert(organization.clone(), Arc::new(known));
    }
}

fn weight(known: &Known) -> u32 {
    let bytes = known.iter().map(|(text, vector)| {
        let vector = vector.as_ref().map_or(0, |vector| vector.len());
        text.len() + vector
    });
    u32::try_from(bytes.sum::<usize>()).unwrap_or(u32::MAX)
}
