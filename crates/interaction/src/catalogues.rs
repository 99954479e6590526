//! The catalogues of organizations, in memory for a while.

use std::sync::Arc;
use std::time::Duration;

use moka::future::Cache;

use crow_db::{Db, products};
use crow_product::catalogue::{Catalogue, Known};

/// How old a catalogue may be.
const AGE: Duration = Duration::from_secs(15);
/// Products in memory, of all organizations.
const MOST: u64 = 500_000;

/// Cloning is cheap.
#[derive(Debug, Clone)]
pub(crate) struct Catalogues {
    db: Db,
    known: Cache<String, Arc<Catalogue>>,
}

impl Catalogues {
    pub(crate) fn new(db: Db) -> Self {
        let known = Cache::builder()
            .weigher(|_organization, catalogue: &Arc<Catalogue>| {
                u32::try_from(catalogue.len() + 1).unwrap_or(u32::MAX)
            })
            .max_capacity(MOST)
            .time_to_live(AGE)
            .build();
        Self { db, known }
    }

    /// The products of an organization. A change of them counts within 15 seconds.
    pub(crate) async fn of(
        &self,
        organization: &str,
    ) -> Result<Arc<Catalogue>, Arc<crow_db::Error>> {
        let read = async {
            let rows = products::all(&self.db, organization).await?;
            let known = rows.into_iter().map(|row| Known {
                id: row.id,
                sku: row.sku,
                name: row.name,
                category: row.category,
                path: row.path,
            });
            Ok(Arc::new(Catalogue::new(known.collect())))
        };
        self.known.try_get_with_by_ref(organization, read).await
    }
}
