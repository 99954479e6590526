//! Whoever erases may die after any statement.

use std::panic::{AssertUnwindSafe, resume_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use futures::FutureExt;

use super::*;

on_both!(an_erasure_that_dies_has_erased_all_or_nothing);

async fn an_erasure_that_dies_has_erased_all_or_nothing(database: Database) {
    let (database, _lease) = filled().await(database).await;
    let ada = Subject::User("ada".to_owned());
    let (until_death, counted) = (Arc::new(AtomicUsize::new(0)), Arc::default());
    let mortal = {
        let (until_death, counted) = (Arc::clone(&until_death), Arc::clone(&counted));
        let count = move || AtomicUsize::fetch_add(&counted, 1, Ordering::Relaxed) + 1;
        database.db.clone().observed(move || {
            if count() == until_death.load(Ordering::Relaxed) {
                resume_unwind(Box::new("death"));
            }
        })
    };
    for statement in 1.. {
        counted.store(0, Ordering::Relaxed);
        until_death.store(statement, Ordering::Relaxed);
        let is_alive = AssertUnwindSafe(run(&mortal, &ada))
            .catch_unwind()
            .await
            .is_ok();
        let counts: [i64; 3] = database
            .numbers(
                "select (select count(*) from session_keys), (select count(*) from sessions), \
                 (select count(*) from tombstones)",
            )
            .await;
        match counts {
            [3, 3, 0] => assert!(!is_alive, "nothing was erased"),
            [1, 1, 3] => {
                assert!(statement > 10, "only {statement} statements were tried");
                return;
            }
            partly => panic!("death after statement {statement} leaves {partly:?}"),
        }
    }
}
