//! The catalogues of organizations, in memory for a while.

use std::sync::Arc;
use std::time::Duration;

use moka::future::Cache;

use crow_product::catalogue::{Catalogue, Known};

use super::{ProductRow, all};
use crate::connection::Db;
use crate::error::Error;

/// How old a catalogue may be.
const AGE: Duration = Duration::from_secs(15);

/// Cloning is cheap.
#[derive(Debug, Clone)]
pub struct Catalogues {
    db: Db,
    known: Cache<String, Arc<Catalogue>>,
}

impl Catalogues {
    /// Keeps at most `most` products of all organizations. A larger catalogue is read each time.
    #[must_use]
    pub fn new(db: Db, most: u64) -> Self {
        let known = Cache::builder()
            .weigher(|_organization, catalogue: &Arc<Catalogue>| {
                u32::try_from(catalogue.len() + 1).unwrap_or(u32::MAX)
            })
            .max_capacity(most)
            .time_to_live(AGE)
            .build();
        Self { db, known }
    }

    /// The products of an organization. A change of them counts within 15 seconds.
    ///
    /// # Errors
    /// When the database fails. All who have waited for the same catalogue share the error.
    pub async fn of(&self, organization: &str) -> Result<Arc<Catalogue>, Arc<Error>> {
        let read = async {
            let rows = all(&self.db, organization).await?;
            let known = rows.into_iter().map(known).collect();
            Ok(Arc::new(Catalogue::new(known)))
        };
        self.known.try_get_with_by_ref(organization, read).await
    }
}

fn known(row: ProductRow) -> Known {
    Known {
        id: row.id,
        sku: row.sku,
        name: row.name,
        category: row.category,
        path: row.path,
    }
}
