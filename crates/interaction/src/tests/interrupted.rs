//! A process that dies at any step, and another one that goes on.
//!
//! A step ends where the future waits. Dropping it there leaves what a dead process leaves: an open
//! transaction is rolled back, and nothing after it happens.

use std::future::poll_fn;
use std::pin::pin;
use std::task::Poll;

use super::*;

/// More steps than a message has.
const MOST: usize = 5_000;

pub(super) async fn a_message_that_is_interrupted_at_each_step_becomes_one_interaction(
    world: World,
) {
    let session = world.plan.visit(1).session;
    let finished = bytes(&announced(&session, 0));
    let batch = serde_json::to_vec(&frames("rec-1")).unwrap();
    let mut interruptions = 0;
    for (queue, payload, rows) in [
        (WorkQueue::Interactions, finished, 1),
        (WorkQueue::Cctv, batch, 2),
    ] {
        let mut steps = 0;
        loop {
            steps += 1;
            assert!(steps < MOST, "it never ends");
            let outcome = within(steps, world.worker.process(queue, &payload)).await;
            let stored = world.all().await.len();
            match outcome {
                Some(outcome) => {
                    assert_eq!((outcome.unwrap(), stored), (Outcome::Stored, rows));
                    break;
                }
                None => assert!(stored <= rows, "{stored} rows after {steps} steps"),
            }
        }
        interruptions += steps - 1;
    }
    // Of both, because a busy machine may answer before anybody waits.
    println!("interrupted {interruptions} times");
    assert!(interruptions > 3, "they were hardly interrupted");
    // Once more, as after a crash between the commit and the acknowledgement.
    let payload = bytes(&announced(&session, 0));
    let again = world
        .worker
        .process(WorkQueue::Interactions, &payload)
        .await;
    assert_eq!(
        (again.unwrap(), world.all().await.len()),
        (Outcome::Stored, 2)
    );
}

/// Drops the future if it is not ready after so many steps.
async fn within<T>(steps: usize, future: impl Future<Output = T>) -> Option<T> {
    let mut future = pin!(future);
    let mut waited = 0;
    poll_fn(|context| match future.as_mut().poll(context) {
        Poll::Ready(outcome) => Poll::Ready(Some(outcome)),
        Poll::Pending => {
            waited += 1;
            if waited < steps {
                Poll::Pending
            } else {
                Poll::Ready(None)
            }
        }
    })
    .await
}
