//! A process that dies at any step, and another one that goes on.

use crow_testkit::interrupt::within;

use super::*;

/// More steps than a message has.
const MOST: usize = 5_000;
/// Interruptions that are enough.
const ENOUGH: usize = 4;

pub(super) async fn a_message_that_is_interrupted_at_each_step_becomes_one_interaction(
    world: World,
) {
    let (mut rows, mut interruptions) = (0, 0);
    for number in 1..SESSIONS {
        let finished = bytes(&announced(&world.plan.visit(number).session, 0));
        let batch = serde_json::to_vec(&frames(&format!("rec-{number}"))).unwrap();
        for (queue, payload) in [
            (WorkQueue::Interactions, finished),
            (WorkQueue::Cctv, batch),
        ] {
            rows += 1;
            interruptions += interrupt_at_each_step(&world, queue, &payload, rows).await;
        }
        if interruptions >= ENOUGH {
            break;
        }
    }
    assert!(interruptions >= ENOUGH, "interrupted {interruptions} times");
    // Once more, as after a crash between the commit and the acknowledgement.
    let payload = bytes(&announced(&world.plan.visit(1).session, 0));
    let again = world
        .worker
        .process(WorkQueue::Interactions, &payload)
        .await;
    assert_eq!(
        (again.unwrap(), world.all().await.len()),
        (Outcome::Stored, rows)
    );
}

/// Processes a message until nothing interrupts it; returns how often something did. Then there are
/// `rows` interactions.
async fn interrupt_at_each_step(
    world: &World,
    queue: WorkQueue,
    payload: &[u8],
    rows: usize,
) -> usize {
    for steps in 1..MOST {
        let outcome = within(steps, world.worker.process(queue, payload)).await;
        let stored = world.all().await.len();
        if let Some(outcome) = outcome {
            assert_eq!((outcome.unwrap(), stored), (Outcome::Stored, rows));
            return steps - 1;
        }
        assert!(stored <= rows, "{stored} rows after {steps} steps");
    }
    panic!("it never ends");
}
