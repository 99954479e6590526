use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// How many watch right now, by key.
#[derive(Debug, Clone)]
pub struct Slots {
    taken: Arc<Mutex<HashMap<String, usize>>>,
    most_per_key: usize,
    most: usize,
}

/// The right to watch; given back when dropped.
#[derive(Debug)]
pub struct Slot {
    slots: Slots,
    key_id: String,
}

impl Slots {
    pub fn new(most_per_key: usize, most: usize) -> Self {
        Self {
            taken: Arc::default(),
            most_per_key,
            most,
        }
    }

    /// `None`: too many watch already.
    pub fn take(&self, key_id: &str) -> Option<Slot> {
        let mut taken = self.lock();
        let all: usize = taken.values().sum();
        let of_key = taken.get(key_id).copied().unwrap_or(0);
        if all >= self.most || of_key >= self.most_per_key {
            return None;
        }
        taken.insert(key_id.to_owned(), of_key + 1);
        metrics::gauge!("crow_query_watchers").set((all + 1) as f64);
        Some(Slot {
            slots: self.clone(),
            key_id: key_id.to_owned(),
        })
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<String, usize>> {
        self.taken.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Slot {
    fn drop(&mut self) {
        let mut taken = self.slots.lock();
        if let Some(count) = taken.get_mut(&self.key_id) {
            *count -= 1;
            if *count == 0 {
                taken.remove(&self.key_id);
            }
        }
        metrics::gauge!("crow_query_watchers").set(taken.values().sum::<usize>() as f64);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_has_its_share_and_gives_it_back() {
        let slots = Slots::new(2, 3);
        let first = slots.take("a").unwrap();
        let _second = slots.take("a").unwrap();
        assert!(slots.take("a").is_none());
        let _other = slots.take("b").unwrap();
        assert!(slots.take("c").is_none(), "all places are taken");
        drop(first);
        assert!(slots.take("a").is_some());
    }
}
