//! The vectors of catalogues, for reports that name no product. They are made once, and again when names or
//! categories change: a catalogue is read anew every few seconds.

use std::sync::{Arc, Mutex, PoisonError, Weak};

use crow_product::catalogue::Catalogue;
use crow_story::meaning::Meaning;

/// Products with vectors in memory, of all organizations: 128 bytes each. Those of the organization that
/// was first asked for go first.
const PRODUCTS: usize = 200_000;

/// Cloning is cheap, and clones share what they know.
#[derive(Debug, Clone, Default)]
pub(crate) struct Meanings(Arc<Mutex<Vec<Known>>>);

#[derive(Debug)]
struct Known {
    organization: String,
    /// The catalogue that it was compared with last.
    catalogue: Weak<Catalogue>,
    meaning: Arc<Meaning>,
}

impl Meanings {
    /// Those of a catalogue of an organization. It may take a second, and others wait meanwhile: call it
    /// where blocking is allowed.
    pub(crate) fn of(&self, organization: &str, catalogue: &Arc<Catalogue>) -> Arc<Meaning> {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let mut known = all.iter_mut();
        if let Some(known) = known.find(|it| it.organization == organization) {
            let same = Arc::downgrade(catalogue);
            if known.catalogue.ptr_eq(&same) || known.meaning.fits(catalogue) {
                known.catalogue = same;
                return Arc::clone(&known.meaning);
            }
        }
        let made = Arc::new(Meaning::of(catalogue));
        all.retain(|it| it.organization != organization);
        all.push(Known {
            organization: organization.to_owned(),
            catalogue: Arc::downgrade(catalogue),
            meaning: Arc::clone(&made),
        });
        let mut products: usize = all.iter().map(|it| it.meaning.len()).sum();
        while products > PRODUCTS && all.len() > 1 {
            products -= all.remove(0).meaning.len();
        }
        made
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn catalogue(count: usize, name: &str) -> Arc<Catalogue> {
        let product = |number: usize| crow_product::catalogue::Known {
            id: number.to_string(),
            sku: None,
            name: name.to_owned(),
            category: None,
            path: None,
        };
        Arc::new(Catalogue::new((0..count).map(product).collect()))
    }

    #[test]
    fn vectors_are_made_again_only_for_other_names() {
        let meanings = Meanings::default();
        let first = meanings.of("acme", &catalogue(2, "Lamp"));
        let again = meanings.of("acme", &catalogue(2, "Lamp"));
        assert!(Arc::ptr_eq(&first, &again));
        let other = meanings.of("rival", &catalogue(2, "Lamp"));
        assert!(!Arc::ptr_eq(&first, &other));
        let changed = meanings.of("acme", &catalogue(2, "Lamps"));
        assert!(!Arc::ptr_eq(&first, &changed));
        assert_eq!(meanings.0.lock().unwrap().len(), 2);
    }

    #[test]
    fn the_oldest_go_when_there_are_too_many() {
        let meanings = Meanings::default();
        for organization in ["a", "b", "c"] {
            // Without a known word, so the vectors cost no time.
            let _meaning = meanings.of(organization, &catalogue(PRODUCTS / 2, ""));
        }
        let all = meanings.0.lock().unwrap();
        let left: Vec<&str> = all.iter().map(|it| it.organization.as_str()).collect();
        assert_eq!(left, ["b", "c"]);
    }
}
