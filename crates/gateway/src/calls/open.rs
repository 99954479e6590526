//! Calls that are open. Streams last for hours, and the service takes only so many calls at a time, so
//! nobody may have all of them.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, PoisonError};

use crow_types::ErrorCode;
use crow_web::ApiError;
use crow_web::proxies::network;

use super::channels::CONNECTIONS;

/// Calls at the same time on one connection.
pub(super) const MAX_STREAMS: u32 = 256;
/// Open calls of one key, and of one address: an eighth of all.
const MOST: usize = CONNECTIONS * MAX_STREAMS as usize / 8;

/// Who has open calls.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
enum Holder {
    Key(String),
    Address(IpAddr),
}

/// The number of open calls. Cloning is cheap.
#[derive(Debug, Clone, Default)]
pub(crate) struct OpenCalls {
    counts: Arc<Mutex<HashMap<Holder, usize>>>,
}

/// An open call, counted until it is dropped.
#[derive(Debug)]
pub(crate) struct OpenCall {
    all: OpenCalls,
    holders: [Holder; 2],
}

impl OpenCalls {
    /// Counts a call for its key and its address.
    pub(crate) fn begin(&self, key: &str, address: IpAddr) -> Result<OpenCall, ApiError> {
        let holders = [
            Holder::Key(key.to_owned()),
            Holder::Address(network(address)),
        ];
        let mut counts = self.counts.lock().unwrap_or_else(PoisonError::into_inner);
        let is_full = |holder| counts.get(holder).is_some_and(|count| *count >= MOST);
        if holders.iter().any(is_full) {
            let text = format!("this key or address has {MOST} open calls; end some of them");
            return Err(ApiError::new(ErrorCode::RateLimited, text));
        }
        for holder in &holders {
            *counts.entry(holder.clone()).or_default() += 1;
        }
        drop(counts);
        Ok(OpenCall {
            all: self.clone(),
            holders,
        })
    }
}

impl Drop for OpenCall {
    fn drop(&mut self) {
        let counts = self.all.counts.lock();
        let mut counts = counts.unwrap_or_else(PoisonError::into_inner);
        for holder in &self.holders {
            let Some(count) = counts.get_mut(holder) else {
                continue;
            };
            *count -= 1;
            if *count == 0 {
                counts.remove(holder);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobody_has_more_than_an_eighth_and_ended_calls_do_not_count() {
        let open = OpenCalls::default();
        let here = IpAddr::from([192, 0, 2, 1]);
        let mut held: Vec<OpenCall> = (0..MOST)
            .map(|number| open.begin(&format!("key-{number}"), here).unwrap())
            .collect();
        let refused = open.begin("another", here).unwrap_err();
        assert_eq!(refused.code, ErrorCode::RateLimited);
        let elsewhere = IpAddr::from([192, 0, 2, 2]);
        assert!(open.begin("another", elsewhere).is_ok());
        held.pop();
        assert!(open.begin("another", here).is_ok());
        held.clear();
        assert!(open.counts.lock().unwrap().is_empty());
    }
}
