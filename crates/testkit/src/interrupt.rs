//! Futures that end early, as with a process that dies.

use std::future::poll_fn;
use std::pin::pin;
use std::task::Poll;

/// Drops the future if it is not ready after so many steps. A step ends where the future waits.
/// Dropping it there leaves what a dead process leaves: an open transaction is rolled back, and
/// nothing after it happens.
///
/// On a busy machine an answer may be there before anybody waits for it. So a test should not
/// expect a certain number of steps.
pub async fn within<T>(steps: usize, future: impl Future<Output = T>) -> Option<T> {
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
