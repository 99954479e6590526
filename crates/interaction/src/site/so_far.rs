use std::sync::{Mutex, PoisonError};

use crow_db::products::site_imports::{Problem, Progress};

/// How far an import is, for those who renew its claim.
#[derive(Debug, Default)]
pub(super) struct SoFar(Mutex<Progress>);

impl SoFar {
    pub(super) fn progress(&self) -> Progress {
        self.change(|progress| progress.clone())
    }

    pub(super) fn change<T>(&self, change: impl FnOnce(&mut Progress) -> T) -> T {
        // A panic between two fields leaves nothing worse than a wrong number.
        let mut progress = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        change(&mut progress)
    }

    /// Notes that something of a page was left out.
    pub(super) fn note(&self, url: &str, message: &str) {
        let problem = Problem {
            url: url.to_owned(),
            product: None,
            field: None,
            message: message.to_owned(),
        };
        self.change(|progress| progress.note(problem));
    }
}
