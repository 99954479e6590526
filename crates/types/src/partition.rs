use std::fmt;

use serde::{Deserialize, Serialize};

use crate::id::session_hash;
use crate::{OrganizationId, SessionId};

/// The number of partitions of an installation. It is fixed on creation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PartitionCount(u16);

impl PartitionCount {
    /// 1 to 1,024.
    #[must_use]
    pub fn new(count: u16) -> Option<Self> {
        (1..=1024).contains(&count).then_some(Self(count))
    }

    /// The number.
    #[must_use]
    pub fn get(self) -> u16 {
        self.0
    }

    /// All partitions, from 0.
    pub fn iter(self) -> impl Iterator<Item = Partition> {
        (0..self.0).map(Partition)
    }
}

/// The number of a partition, from 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Partition(pub u16);

impl Partition {
    /// The partition of a session: XXH3-64 of `organization NUL session`, modulo the count.
    ///
    /// The function is part of the storage contract: changing it would strand every
    /// open session.
    #[must_use]
    pub fn of(organization: &OrganizationId, session: &SessionId, count: PartitionCount) -> Self {
        let index = session_hash(organization, session) % u64::from(count.get());
        Self(u16::try_from(index).expect("the remainder of a division by a u16 fits one"))
    }
}

impl fmt::Display for Partition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// The fencing number of a partition: grows with each owner.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Epoch(pub i64);

/// A message's position in its partition's stream; the first is 1, 0 is before the first.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize,
)]
#[serde(transparent)]
pub struct Sequence(pub u64);

impl Sequence {
    /// The position after this one.
    #[must_use]
    pub fn next(self) -> Self {
        Self(self.0 + 1)
    }
}

impl fmt::Display for Sequence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}
