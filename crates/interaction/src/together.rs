//! What several messages ask at the same time, asked once.

use std::sync::{Mutex, PoisonError};

use tokio::sync::oneshot;

/// Items that wait, each with who wants its outcome.
type Waiting<I, O> = Vec<(I, oneshot::Sender<O>)>;

/// Collects items while others are in work. Whoever comes first does the work for all that wait, so a single
/// item never waits for company.
#[derive(Debug)]
pub(crate) struct Together<I, O> {
    waiting: Mutex<Waiting<I, O>>,
    turn: tokio::sync::Mutex<()>,
    /// Items that are done at once.
    most: usize,
}

impl<I, O> Together<I, O> {
    pub(crate) fn new(most: usize) -> Self {
        Self {
            waiting: Mutex::default(),
            turn: tokio::sync::Mutex::default(),
            most,
        }
    }

    /// The outcome of an item. `work` gets some items and returns what comes of each, in their order.
    /// `None`: the work failed, or whoever did it has stopped; the item may or may not be done.
    pub(crate) async fn run<F>(&self, item: I, work: impl Fn(Vec<I>) -> F) -> Option<O>
    where
        F: Future<Output = Option<Vec<O>>>,
    {
        let (sender, mut outcome) = oneshot::channel();
        self.waiting().push((item, sender));
        // Others of this task may have items, too.
        tokio::task::yield_now().await;
        loop {
            let _turn = self.turn.lock().await;
            match outcome.try_recv() {
                Ok(outcome) => return Some(outcome),
                Err(oneshot::error::TryRecvError::Closed) => return None,
                Err(oneshot::error::TryRecvError::Empty) => {}
            }
            let (items, senders): (Vec<I>, Vec<_>) = self.next().into_iter().unzip();
            for (sender, outcome) in senders.into_iter().zip(work(items).await?) {
                // Who has stopped needs none.
                drop(sender.send(outcome));
            }
        }
    }

    /// Those that wait for longest, without those that nobody waits for any more.
    fn next(&self) -> Waiting<I, O> {
        let mut waiting = self.waiting();
        waiting.retain(|(_item, sender)| !sender.is_closed());
        let count = waiting.len().min(self.most);
        waiting.drain(..count).collect()
    }

    fn waiting(&self) -> std::sync::MutexGuard<'_, Waiting<I, O>> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use futures::future::join_all;
    use tokio::sync::Notify;

    use super::*;

    async fn twice(items: Vec<u32>) -> Option<Vec<u32>> {
        tokio::task::yield_now().await;
        Some(items.into_iter().map(|item| item * 2).collect())
    }

    #[tokio::test]
    async fn what_waits_is_done_at_once_and_each_gets_its_own() {
        let (together, calls) = (Together::new(4), AtomicUsize::new(0));
        let work = |items: Vec<u32>| {
            calls.fetch_add(1, Ordering::Relaxed);
            twice(items)
        };
        let all = (0..9).map(|item| together.run(item, work));
        let outcomes = join_all(all).await;
        let expected: Vec<Option<u32>> = (0..9).map(|item| Some(item * 2)).collect();
        assert_eq!(outcomes, expected);
        assert_eq!(calls.load(Ordering::Relaxed), 3);
    }

    #[tokio::test]
    async fn a_failure_is_that_of_all_that_were_done_at_once() {
        let together = Together::new(10);
        let fails = |_items: Vec<u32>| async {
            tokio::task::yield_now().await;
            None
        };
        let both = [together.run(1, fails), together.run(2, fails)];
        assert_eq!(join_all(both).await, [None, None]);
        assert_eq!(together.run(3, twice).await, Some(6));
    }

    #[tokio::test]
    async fn who_stops_holds_up_nobody() {
        let (together, never) = (Together::new(10), Notify::new());
        let stuck = |_items: Vec<u32>| async {
            never.notified().await;
            None
        };
        let mut first = Box::pin(together.run(1, stuck));
        assert!(futures::poll!(&mut first).is_pending());
        let mut second = Box::pin(together.run(2, twice));
        assert!(futures::poll!(&mut second).is_pending());
        drop(first);
        assert_eq!(second.await, Some(4));
        assert!(together.waiting().is_empty());
    }
}
