//! Limits on recordings that are read with public links at one time. To read one costs memory, and to
//! mask it costs time.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crow_types::ErrorCode;
use crow_web::ApiError;

/// Recordings that are read with one link.
const MAX_PER_LINK: usize = 4;
/// Recordings that are read with all links of this process.
const MAX_ALL: usize = 16;
/// Seconds after which a caller may try again.
const RETRY_SECS: u32 = 2;

/// The number of recordings that are being read, by link. Cloning is cheap.
#[derive(Debug, Clone, Default)]
pub struct Streams {
    taken: Arc<Mutex<HashMap<String, usize>>>,
}

/// The right to read a recording. Dropping it gives the place back.
#[derive(Debug)]
pub struct Stream {
    streams: Streams,
    link: String,
}

impl Streams {
    /// # Errors
    /// `rate_limited` when too many recordings are being read.
    pub fn take(&self, link: &str) -> Result<Stream, ApiError> {
        let mut taken = self.lock();
        let of_link = taken.get(link).copied().unwrap_or(0);
        if of_link >= MAX_PER_LINK {
            return Err(full("too many people watch with this link"));
        }
        if taken.values().sum::<usize>() >= MAX_ALL {
            return Err(full("too many people watch with public links"));
        }
        taken.insert(link.to_owned(), of_link + 1);
        Ok(Stream {
            streams: self.clone(),
            link: link.to_owned(),
        })
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<String, usize>> {
        self.taken.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Stream {
    fn drop(&mut self) {
        let mut taken = self.streams.lock();
        if let Some(count) = taken.get_mut(&self.link) {
            *count -= 1;
        }
        taken.retain(|_link, count| *count > 0);
    }
}

fn full(what: &str) -> ApiError {
    let message = format!("{what}; try again in a moment");
    ApiError::new(ErrorCode::RateLimited, message).retry_after(RETRY_SECS)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_have_shares_and_give_them_back() {
        let streams = Streams::default();
        let mut held: Vec<Stream> = (0..MAX_PER_LINK)
            .map(|_| streams.take("a").unwrap())
            .collect();
        let refused = streams.take("a").unwrap_err();
        assert_eq!(refused.code, ErrorCode::RateLimited);
        held.pop();
        held.push(streams.take("a").unwrap());
        for link in ["b", "c", "d"] {
            held.extend((0..MAX_PER_LINK).map(|_| streams.take(link).unwrap()));
        }
        assert!(streams.take("e").is_err());
        drop(held);
        assert!(streams.take("e").is_ok());
        assert!(streams.lock().is_empty(), "no link is remembered");
    }
}
