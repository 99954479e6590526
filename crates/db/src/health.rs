//! How the installation and an organization are doing, for the pages of its admins.

use sea_orm::{EntityTrait, QueryOrder};

use crow_types::Partition;

use crate::connection::Db;
use crate::entity::{keepers, partitions};
use crate::error::{Error, Result};

pub use crate::entity::keepers::Model as KeeperRow;
pub use crate::entity::partitions::Model as PartitionRow;

/// All partitions of the installation, by number.
pub async fn partitions(db: &Db) -> Result<Vec<PartitionRow>> {
    partitions::Entity::find()
        .order_by_asc(partitions::Column::Id)
        .all(&db.read)
        .await
        .map_err(Error::sql("listing partitions"))
}

/// The keepers that said that they live, also those that did not lately.
pub async fn keepers(db: &Db) -> Result<Vec<KeeperRow>> {
    keepers::Entity::find()
        .order_by_asc(keepers::Column::Id)
        .all(&db.read)
        .await
        .map_err(Error::sql("listing keepers"))
}

impl PartitionRow {
    /// Its number.
    #[must_use]
    pub fn partition(&self) -> Partition {
        Partition(u16::try_from(self.id).unwrap_or(u16::MAX))
    }
}
