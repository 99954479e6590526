use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crow_types::OrganizationId;

use crate::error::Full;

/// Limits on concurrent watchers.
#[derive(Debug, Clone, Copy)]
pub struct Most {
    /// With one key.
    pub per_key: usize,
    /// With all keys of an organization.
    pub per_organization: usize,
    /// Of this process.
    pub all: usize,
}

/// The current number of watchers, by organization and key.
#[derive(Debug, Clone)]
pub struct Slots {
    taken: Arc<Mutex<HashMap<OrganizationId, HashMap<String, usize>>>>,
    most: Most,
}

/// The right to watch. Dropping it gives the slot back.
#[derive(Debug)]
pub struct Slot {
    slots: Slots,
    organization: OrganizationId,
    key_id: String,
}

impl Slots {
    pub fn new(most: Most) -> Self {
        Self {
            taken: Arc::default(),
            most,
        }
    }

    /// # Errors
    /// The limit that is reached.
    pub fn take(&self, organization: &OrganizationId, key_id: &str) -> Result<Slot, Full> {
        let mut taken = self.lock();
        let all: usize = taken.values().flat_map(HashMap::values).sum();
        let of_keys = taken.get(organization);
        let of_organization: usize = of_keys.map_or(0, |keys| keys.values().sum());
        let of_key = of_keys.and_then(|keys| keys.get(key_id)).copied();
        if of_key.unwrap_or(0) >= self.most.per_key {
            return Err(Full::Key);
        }
        if of_organization >= self.most.per_organization {
            return Err(Full::Organization);
        }
        if all >= self.most.all {
            return Err(Full::All);
        }
        let keys = taken.entry(organization.clone()).or_default();
        *keys.entry(key_id.to_owned()).or_default() += 1;
        metrics::gauge!("crow_query_watchers").set((all + 1) as f64);
        Ok(Slot {
            slots: self.clone(),
            organization: organization.clone(),
            key_id: key_id.to_owned(),
        })
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<OrganizationId, HashMap<String, usize>>> {
        self.taken.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Slot {
    fn drop(&mut self) {
        let mut taken = self.slots.lock();
        if let Some(keys) = taken.get_mut(&self.organization) {
            if let Some(count) = keys.get_mut(&self.key_id) {
                *count -= 1;
            }
            keys.retain(|_key, count| *count > 0);
            if keys.is_empty() {
                taken.remove(&self.organization);
            }
        }
        let all: usize = taken.values().flat_map(HashMap::values).sum();
        metrics::gauge!("crow_query_watchers").set(all as f64);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_and_organizations_have_shares_and_give_them_back() {
        let slots = Slots::new(Most {
            per_key: 2,
            per_organization: 3,
            all: 5,
        });
        let (evil, acme) = ("evil", "acme");
        let take = |organization: &str, key: &str| {
            slots.take(&OrganizationId::new(organization).unwrap(), key)
        };
        let first = take(evil, "a").unwrap();
        let _second = take(evil, "a").unwrap();
        assert_eq!(take(evil, "a").unwrap_err(), Full::Key);
        let _third = take(evil, "b").unwrap();
        // However many keys the organization creates.
        assert_eq!(take(evil, "c").unwrap_err(), Full::Organization);
        let _other = take(acme, "d").unwrap();
        let _another = take(acme, "e").unwrap();
        assert_eq!(take(acme, "f").unwrap_err(), Full::All);
        drop(first);
        assert!(take(evil, "a").is_ok());
    }
}
